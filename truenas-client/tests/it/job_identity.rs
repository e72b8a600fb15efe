//! A job stays the job that it was: after a restart the appliance counts anew, and another job has its number.

use std::time::{Duration, UNIX_EPOCH};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use truenas_client::filesystem::Permissions;
use truenas_client::{
    Client, CloudSyncId, DatasetId, Error, ErrorKind, Job, JobId, JobStatus, Method, ReplicationId, Switch,
};

use crate::jobs::entry;
use crate::nas::{Nas, SCALE_24_10, Say, job_event};

const LIMIT: Duration = Duration::from_mins(1);
const NUMBER: JobId = JobId::new(4);

/// The job of a method with this first argument.
fn of(method: &str, argument: &Value, state: &str, started: u64) -> Say {
    let more = json!({"method": method, "arguments": [argument, {}], "time_started": {"$date": started}});
    Say::Result(entry(state, 50, &more))
}

/// What has the number after a restart: a job of the boot, another run of the same task, a run of another one that began in the same
/// millisecond, and nothing.
fn strangers(method: &str, argument: &Value, started: u64) -> [Say; 4] {
    [
        of("boot.thing", &json!(9), "SUCCESS", started + 9_999),
        of(method, argument, "SUCCESS", started + 1),
        of(method, &json!(77), "SUCCESS", started),
        Say::Result(json!([])),
    ]
}

type Start = fn(&Client) -> BoxFuture<'_, Result<Job<Value>, Error>>;

/// A job of any result, by the number and identity of another.
async fn untyped<T>(client: &Client, job: Result<Job<T>, Error>) -> Result<Job<Value>, Error> {
    Ok(client.jobs().attach_stored(&job?.store().await?))
}

const BEGUN: u64 = 1_700_000_000_000;

/// Everything that begins with the number of a job or ends with one.
fn starts() -> Vec<(&'static str, Value, Start)> {
    vec![
        ("cloudsync.sync", json!(1), |nas| {
            Box::pin(async move { untyped(nas, nas.cloud_syncs().run(CloudSyncId::new(1)).await).await })
        }),
        ("replication.run", json!(1), |nas| {
            Box::pin(async move { untyped(nas, nas.replications().run(ReplicationId::new(1)).await).await })
        }),
        ("pool.dataset.lock", json!("tank/a"), |nas| {
            Box::pin(async move {
                untyped(nas, nas.datasets().lock(&DatasetId::new("tank/a"), Switch::Off).await).await
            })
        }),
        ("filesystem.setperm", json!({"path": "/mnt/tank/a"}), |nas| {
            Box::pin(async move {
                let permissions = Permissions::new().mode(0o755);
                untyped(nas, nas.filesystem().set_permissions("/mnt/tank/a", &permissions).await).await
            })
        }),
        ("cloudsync.sync", json!(1), |nas| {
            Box::pin(async move {
                let job = nas.jobs().attach::<Value>(NUMBER);
                job.status().await.map(|_| job)
            })
        }),
    ]
}

/// Whatever is asked of a job whose number is another's.
async fn asked_of(job: &Job<Value>) -> Vec<(&'static str, Result<(), Error>)> {
    let ended: Vec<Result<JobStatus, Error>> = job.progress().collect().await;
    vec![
        ("wait", job.wait(LIMIT).await.map(drop)),
        ("status", job.status().await.map(drop)),
        ("store", job.store().await.map(drop)),
        ("log", job.log().await.map(drop)),
        ("abort", job.abort().await),
        ("progress", ended.into_iter().collect::<Result<Vec<_>, _>>().map(drop)),
    ]
}

#[tokio::test]
async fn another_job_of_the_number_is_never_taken_for_the_one_that_was_started() {
    for (method, argument, start) in starts() {
        for (nth, stranger) in strangers(method, &argument, BEGUN).into_iter().enumerate() {
            // An object is compared by nothing but the method and the moment.
            if nth == 2 && argument.is_object() {
                continue;
            }
            let nas = Nas::start().await;
            nas.answers(method, json!(4)).answers("core.job_abort", Value::Null);
            nas.on("core.get_jobs", [of(method, &argument, "RUNNING", BEGUN)]);
            let client = nas.client().await;
            let job = start(&client).await.unwrap();
            nas.on("core.get_jobs", [stranger]);
            for (what, outcome) in asked_of(&job).await {
                let error = outcome.expect_err(what);
                assert_eq!(*error.kind(), ErrorKind::JobVanished { job: NUMBER }, "{method} {nth} {what}");
            }
            assert!(nas.asked("core.job_abort").is_empty(), "{method} {nth}: nobody's job is aborted");
            assert!(nas.asked("core.job_download_logs").is_empty(), "{method} {nth}: nobody's log is read");
        }
    }
}

/// The socket is lost with the restart, and the next one shows another run of the same task that has ended well.
#[tokio::test]
async fn a_job_that_died_with_a_restart_is_no_success() {
    for release in [None, Some(SCALE_24_10)] {
        for stranger in strangers("cloudsync.sync", &json!(1), BEGUN) {
            let nas = match release {
                Some(release) => Nas::older(release).await,
                None => Nas::start().await,
            };
            nas.answers("cloudsync.sync", json!(4));
            let running = of("cloudsync.sync", &json!(1), "RUNNING", BEGUN);
            nas.on("core.get_jobs", [running.clone(), running, Say::HangUp, stranger]);
            let job = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap();
            let error = job.wait(LIMIT).await.unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::JobVanished { job: NUMBER });
        }
    }
}

/// An event says that a job of the number changed, and not which.
#[tokio::test]
async fn an_event_of_another_job_of_the_number_ends_the_following() {
    let nas = Nas::start().await;
    let other = of("boot.thing", &json!(9), "RUNNING", BEGUN + 1);
    let Say::Result(running) = of("cloudsync.sync", &json!(1), "RUNNING", BEGUN) else { unreachable!() };
    nas.on("core.get_jobs", [Say::Events(vec![job_event(4)], running), other]);
    let job: Job<()> = nas.client().await.jobs().attach(NUMBER);
    let seen: Vec<_> = job.progress().collect().await;
    assert!(seen[0].as_ref().is_ok_and(|status| status.method == "cloudsync.sync"));
    assert_eq!(*seen[1].as_ref().unwrap_err().kind(), ErrorKind::JobVanished { job: NUMBER });
    assert_eq!(seen.len(), 2);
}

/// What follows a job and the job itself share what was seen first.
#[tokio::test]
async fn a_job_that_is_attached_to_by_its_number_is_the_one_that_was_seen_first() {
    let nas = Nas::start().await;
    nas.answers("core.job_abort", Value::Null);
    let (first, other) = (of("a.b", &json!(1), "SUCCESS", BEGUN), of("a.b", &json!(1), "RUNNING", BEGUN + 1));
    nas.on("core.get_jobs", [first, other]);
    let job: Job<Value> = nas.client().await.jobs().attach(NUMBER);
    assert_eq!(job.progress().count().await, 1);
    assert_eq!(*job.abort().await.unwrap_err().kind(), ErrorKind::JobVanished { job: NUMBER });
    assert!(nas.asked("core.job_abort").is_empty());
}

#[tokio::test]
async fn what_is_stored_is_what_was_seen() {
    let nas = Nas::start().await;
    nas.answers("pool.dataset.lock", json!(4));
    nas.on("core.get_jobs", [of("pool.dataset.lock", &json!("tank/a"), "RUNNING", BEGUN)]);
    let client = nas.client().await;
    let job = client.datasets().lock(&DatasetId::new("tank/a"), Switch::Off).await.unwrap();
    let stored = job.store().await.unwrap();
    let text = json!({"id": 4, "method": "pool.dataset.lock", "started": BEGUN, "task": "tank/a"});
    assert_eq!(serde_json::to_value(&stored).unwrap(), text);
    // Of a job that somebody else started, a text is not kept: it may be a secret.
    let by_number = client.jobs().attach::<Value>(NUMBER).store().await.unwrap();
    assert_eq!((by_number.task, by_number.method.as_str()), (None, "pool.dataset.lock"));
    assert_eq!(by_number.started, Some(UNIX_EPOCH + Duration::from_millis(BEGUN)));
    // After a restart nothing else is stored in its place.
    nas.on("core.get_jobs", [of("boot.thing", &json!(9), "RUNNING", BEGUN + 1)]);
    assert_eq!(*job.store().await.unwrap_err().kind(), ErrorKind::JobVanished { job: NUMBER });
}

/// Between a start and the first look the appliance may restart, too.
#[tokio::test]
async fn a_job_of_another_method_is_not_taken_for_a_start() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.sync", json!(4)).answers("filesystem.setperm", json!(4));
    nas.on("core.get_jobs", [of("replication.run", &json!(1), "SUCCESS", BEGUN)]);
    let client = nas.client().await;
    let error = client.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotStarted { job: NUMBER });
    let permissions = Permissions::new().mode(0o755);
    let error = client.filesystem().set_permissions("/mnt/tank/a", &permissions).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
}

/// The members of a bulk call are looked up by their numbers afterwards.
#[tokio::test]
async fn members_of_a_bulk_call_are_not_judged_by_jobs_of_another_boot() {
    let nas = Nas::start().await;
    nas.answers("core.bulk", json!(4));
    let members =
        json!([{"job_id": 5, "error": null, "result": 1}, {"job_id": 6, "error": null, "result": 2}]);
    let bulk = || {
        let more = json!({"method": "core.bulk", "result": members});
        Say::Result(entry("SUCCESS", 100, &more))
    };
    let aborted = json!([
        {"id": 5, "method": "pool.scrub.run", "state": "ABORTED"}, {"id": 6, "method": "a.stranger", "state": "ABORTED"}]);
    nas.on("core.get_jobs", [bulk(), Say::Result(aborted.clone()), bulk()]);
    let client = nas.client().await;
    let lists = [vec![json!("a")], vec![json!("b")]];
    let scrub = Method::changes("pool.scrub.run");
    let outcome = client.bulk::<Value>(scrub, &lists, LIMIT).await.unwrap();
    assert_eq!(
        *outcome[0].outcome.as_ref().unwrap_err().kind(),
        ErrorKind::JobAborted { job: JobId::new(5) }
    );
    assert_eq!(outcome[1].outcome.as_ref().unwrap(), &json!(2));
    // The call's own job is gone after the members were looked up.
    nas.on("core.get_jobs", [bulk(), Say::Result(aborted), Say::Result(json!([]))]);
    let error = client.bulk::<Value>(scrub, &lists, LIMIT).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::JobVanished { job: NUMBER });
}
