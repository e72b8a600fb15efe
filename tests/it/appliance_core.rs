//! Jobs, bulk calls and waiting on the appliance, against a simulated appliance of every release.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use simulator::Simulator;
use simulator::truenas::Release;
use truenas_client::jobs::JobState;
use truenas_client::users::{CreateUser, UserPassword};
use truenas_client::{Client, ErrorKind, Filter, Method, Query};

use crate::appliance_accounts::{assert_unsupported, connected, simulated};

/// Starts a cloud sync of a folder.
async fn runs(nas: &Client, sim: &Simulator) -> truenas_client::JobId {
    let bucket = json!({"bucketName": "backup-bucket", "bucketType": "allPrivate"});
    sim.b2().call("b2_create_bucket", bucket).unwrap();
    let at = &sim.addresses().b2;
    let credential = sim.truenas().add_credential("bucket", &at.key_id, &at.application_key);
    let task = sim.truenas().add_cloud_sync(&json!({
        "path": "/mnt/pool0/docs", "credentials": credential, "attributes": {"bucket": "backup-bucket", "folder": "x"},
    }));
    let job = nas.cloud_syncs().run(truenas_client::CloudSyncId::new(task)).await.unwrap();
    job.id()
}

#[tokio::test]
async fn jobs_are_listed_watched_and_their_logs_fetched_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let watcher = connected(&sim).await;
        let mut changes = Box::pin(watcher.jobs().changes());
        // It subscribes when it is first asked; another's job is seen from then on.
        let (first, id) = tokio::join!(changes.next(), async {
            while sim.transcript().lines().iter().filter(|line| line.operation == "core.subscribe").count()
                == 0
                && release >= Release::Scale25_04
            {
                tokio::task::yield_now().await;
            }
            runs(&nas, &sim).await
        });
        let mut seen = first.unwrap().unwrap();
        while !(seen.id == id && seen.state.is_final()) {
            seen = changes.next().await.unwrap().unwrap();
        }
        assert_eq!((seen.state, seen.method.as_str()), (JobState::Success, "cloudsync.sync"), "{release}");
        let listed = nas.jobs().list(&Query::new().filter(Filter::equals("state", "SUCCESS"))).await.unwrap();
        assert_eq!(listed.len(), 1, "{release}");
        assert_eq!(listed[0].is_abortable, Some(true), "{release}");
        let user = (release > Release::Core13_3).then_some("truenas_admin");
        assert_eq!(listed[0].started_by.as_deref(), user, "{release}");
        let log = nas.jobs().attach::<()>(id).log().await;
        if release == Release::Core13_3 {
            assert_unsupported(log, release);
        } else {
            let text: Vec<_> = log.unwrap().try_collect::<Vec<_>>().await.unwrap();
            assert!(!text.concat().is_empty() && listed[0].has_log, "{release}");
        }
        sim.stop().await;
    }
}

/// Each member is judged by itself, in the words of the release; an aborted job is no success.
#[tokio::test]
async fn one_call_makes_many_and_each_is_judged_by_itself_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let limit = Duration::from_mins(1);
        let user = nas.users().create(&CreateUser::new("ann", "Ann"), &UserPassword::None).await.unwrap();
        let root = nas.users().named("root").await.unwrap();
        let lists: Vec<Vec<Value>> = [user.id, root.id, user.id]
            .iter()
            .map(|id| vec![id.get().into(), json!({"delete_group": true})])
            .collect();
        let members = nas.bulk::<Value>(Method::changes("user.delete"), &lists, limit).await.unwrap();
        let [gone, refused, missing] = &members[..] else { panic!("{release}: {members:?}") };
        assert_eq!(gone.outcome.as_ref().unwrap(), &json!(user.id.get()), "{release}");
        let error = refused.outcome.as_ref().unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Rejected { errname, .. } if errname == "EINVAL"),
            "{error:?}"
        );
        assert_eq!(*missing.outcome.as_ref().unwrap_err().kind(), ErrorKind::NotFound, "{release}");
        // A method that is a job, aborted by somebody else.
        sim.truenas().delay_runs(Duration::from_hours(1));
        let other = connected(&sim).await;
        let aborts = async {
            runs_aborted(&other).await;
        };
        prepare_task(&sim);
        let first = [vec![1.into()]];
        let (members, ()) =
            tokio::join!(nas.bulk::<Value>(Method::changes("cloudsync.sync"), &first, limit), aborts);
        let member = members.unwrap().remove(0);
        let (job, error) = (member.job.unwrap(), member.outcome.unwrap_err());
        assert_eq!(*error.kind(), ErrorKind::JobAborted { job }, "{release}");
        let unauthorised = nas.bulk::<Value>(Method::changes("no.such"), &[vec![]], limit).await.unwrap_err();
        assert!(
            matches!(unauthorised.kind(), ErrorKind::Unsupported { .. } | ErrorKind::Rejected { .. }),
            "{unauthorised:?}"
        );
        sim.stop().await;
    }
}

fn prepare_task(sim: &Simulator) {
    let at = &sim.addresses().b2;
    let credential = sim.truenas().add_credential("bucket", &at.key_id, &at.application_key);
    sim.truenas().add_cloud_sync(&json!({
        "path": "/mnt/pool0/docs", "credentials": credential, "attributes": {"bucket": "none", "folder": "x"},
    }));
}

/// Aborts the first run of a cloud sync that is under way.
async fn runs_aborted(nas: &Client) {
    loop {
        let query = Query::new().filter(Filter::equals("method", "cloudsync.sync"));
        let jobs = nas.jobs().list(&query.filter(Filter::equals("state", "RUNNING"))).await.unwrap();
        if let Some(job) = jobs.first() {
            return nas.jobs().attach::<()>(job.id).abort().await.unwrap();
        }
        tokio::task::yield_now().await;
    }
}

/// Waiting on the appliance makes an aborted job look like a success, which is why the client follows jobs itself.
#[tokio::test]
async fn a_job_that_waits_for_an_aborted_one_succeeds_with_null() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        sim.truenas().delay_runs(Duration::from_hours(1));
        let id = runs(&nas, &sim).await;
        let waiting: truenas_client::JobId =
            nas.call(Method::changes("core.job_wait"), &[id.get()]).await.unwrap();
        let job = nas.jobs().attach::<Value>(id);
        job.abort().await.unwrap();
        let limit = Duration::from_mins(1);
        assert_eq!(*job.wait(limit).await.unwrap_err().kind(), ErrorKind::JobAborted { job: id });
        assert_eq!(nas.jobs().attach::<Value>(waiting).wait(limit).await.unwrap(), Value::Null, "{release}");
        sim.stop().await;
    }
}
