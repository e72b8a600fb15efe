use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use truenas_client::jobs::JobState;
use truenas_client::{CloudSyncId, ErrorKind, Job, JobId};

use crate::nas::{Nas, Say, job_event};

const LIMIT: Duration = Duration::from_mins(1);

pub(crate) fn entry(state: &str, percent: u32, more: &Value) -> Value {
    let progress = json!({"percent": percent, "description": format!("{percent}%"), "extra": null});
    let mut entry = json!({"id": 4, "method": "cloudsync.sync", "arguments": [1], "description": null, "abortable": true,
        "transient": false, "logs_path": null, "logs_excerpt": null, "progress": progress, "result": null,
        "result_encoding_error": null, "error": null, "exception": null, "exc_info": null, "state": state,
        "time_started": {"$date": 1_700_000_000_000_u64}, "time_finished": null, "credentials": null, "message_ids": []});
    for (field, value) in more.as_object().unwrap() {
        entry[field] = value.clone();
    }
    json!([entry])
}

fn running(percent: u32) -> Say {
    Say::Result(entry("RUNNING", percent, &json!({})))
}

fn done() -> Say {
    Say::Result(entry("SUCCESS", 100, &json!({"time_finished": {"$date": 1_700_000_060_000_u64}})))
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.sync", json!(4));
    let again = Say::Events(vec![job_event(9), job_event(4)], entry("RUNNING", 10, &json!({})));
    // The first look is at whose job it is.
    nas.on("core.get_jobs", [running(0), again, running(40), running(40), done()]);
    let job = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap();
    let seen: Vec<_> = job.progress().map(Result::unwrap).collect().await;
    let steps: Vec<_> = seen.iter().map(|s| (s.state.clone(), s.percent.unwrap())).collect();
    assert_eq!(steps, [(JobState::Running, 10.0), (JobState::Running, 40.0), (JobState::Success, 100.0)]);
    assert_eq!(
        seen[2].finished.unwrap().duration_since(seen[2].started.unwrap()).unwrap(),
        Duration::from_mins(1)
    );
    assert_eq!(nas.asked_once("core.subscribe"), json!(["core.get_jobs"]));
    assert_eq!(nas.asked("core.get_jobs")[1], json!([[["id", "=", 4]], {}]));
    let methods = nas.methods();
    let place = |method: &str| methods.iter().position(|m| m == method).unwrap();
    assert!(
        place("core.subscribe") < place("cloudsync.sync"),
        "no event of the job may be missed: {methods:?}"
    );
}

#[tokio::test]
async fn a_job_is_taken_up_again_by_its_number_and_its_result_is_typed() {
    let nas = Nas::start().await;
    nas.on("core.get_jobs", [Say::Result(entry("SUCCESS", 100, &json!({"result": true})))]);
    let job: Job<bool> = nas.client().await.jobs().attach(JobId::new(4));
    assert!(job.wait(LIMIT).await.unwrap());
}

#[tokio::test]
async fn a_lost_connection_does_not_end_the_following() {
    let nas = Nas::start().await;
    nas.on("core.get_jobs", [running(10), Say::HangUp, running(20), Say::HangUp, done()]);
    let job: Job<()> = nas.client().await.jobs().attach(JobId::new(4));
    job.wait(LIMIT).await.unwrap();
    assert!(nas.asked("core.subscribe").len() > 1, "a new connection needs a subscription of its own");
}

#[tokio::test]
async fn without_the_right_to_events_the_job_is_polled() {
    let nas = Nas::start().await;
    nas.on("core.subscribe", [crate::nas::refusal(13, "EACCES", "Not authorized")]);
    nas.on("core.get_jobs", [running(10), done()]);
    let job: Job<()> = nas.client().await.jobs().attach(JobId::new(4));
    job.wait(LIMIT).await.unwrap();
}

/// Some releases announced no transient jobs, and their own clients waited for ever (NAS-123255).
#[tokio::test]
async fn a_transient_job_without_events_is_followed_all_the_same() {
    let nas = Nas::start().await;
    let transient = |state: &str| Say::Result(entry(state, 50, &json!({"transient": true})));
    nas.on("core.get_jobs", [transient("RUNNING"), transient("RUNNING"), transient("SUCCESS")]);
    let job: Job<()> = nas.client().await.jobs().attach(JobId::new(4));
    assert!(job.status().await.unwrap().is_transient);
    job.wait(LIMIT).await.unwrap();
    assert_eq!(nas.asked("core.subscribe").len(), 1, "events are asked for, and not relied upon");
}

#[tokio::test]
async fn a_failed_job_says_why() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    let job: Job<()> = client.jobs().attach(JobId::new(4));
    let why = json!({"error": "Dataset is locked", "exception": "TRACE"});
    nas.on("core.get_jobs", [Say::Result(entry("FAILED", 5, &why))]);
    let error = job.wait(LIMIT).await.unwrap_err();
    let reason = "Dataset is locked".to_owned();
    assert_eq!(*error.kind(), ErrorKind::JobFailed { job: JobId::new(4), reason, fields: vec![] });
    assert!(!format!("{error:?}").contains("TRACE"));

    let refused =
        json!({"type": "VALIDATION", "repr": "TRACE", "errno": 22, "extra": [["options.path", "no", 22]]});
    nas.on(
        "core.get_jobs",
        [Say::Result(entry("FAILED", 5, &json!({"error": "[EINVAL]", "exc_info": refused})))],
    );
    let error = job.wait(LIMIT).await.unwrap_err();
    let ErrorKind::JobFailed { fields, .. } = error.kind() else { unreachable!("{error}") };
    assert_eq!(fields[0].attribute, "options.path");

    nas.on("core.get_jobs", [Say::Result(entry("ABORTED", 5, &json!({})))]);
    assert_eq!(*job.wait(LIMIT).await.unwrap_err().kind(), ErrorKind::JobAborted { job: JobId::new(4) });
}

#[tokio::test]
async fn a_job_that_outlasts_the_waiting_goes_on() {
    let nas = Nas::start().await;
    nas.on("core.get_jobs", [running(1)]);
    let job: Job<()> = nas.client().await.jobs().attach(JobId::new(4));
    let error = job.wait(Duration::from_millis(5)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::JobUnfinished { job: JobId::new(4) });
}

#[tokio::test]
async fn a_job_that_the_appliance_forgot_has_an_outcome_of_its_own() {
    let nas = Nas::start().await;
    nas.answers("core.get_jobs", json!([])).answers("core.job_abort", Value::Null);
    let job: Job<()> = nas.client().await.jobs().attach(JobId::new(4));
    let vanished = ErrorKind::JobVanished { job: JobId::new(4) };
    assert_eq!(*job.status().await.unwrap_err().kind(), vanished);
    assert_eq!(*job.wait(LIMIT).await.unwrap_err().kind(), vanished);
    let ended: Vec<_> = job.progress().collect().await;
    assert!(matches!(&ended[..], [Err(error)] if *error.kind() == vanished));
    assert_eq!(*job.abort().await.unwrap_err().kind(), vanished);
    assert!(nas.asked("core.job_abort").is_empty());
    nas.on("core.get_jobs", [running(10)]);
    job.abort().await.unwrap();
    assert_eq!(nas.asked_once("core.job_abort"), json!([4]));
}

#[tokio::test]
async fn a_stored_job_is_found_again_and_never_taken_for_another_of_its_number() {
    let nas = Nas::start().await;
    nas.on("core.get_jobs", [running(10)]);
    let client = nas.client().await;
    let stored = client.jobs().attach::<()>(JobId::new(4)).store().await.unwrap();
    let stored = serde_json::from_str(&serde_json::to_string(&stored).unwrap()).unwrap();
    let job: Job<()> = client.jobs().attach_stored(&stored);
    assert_eq!(job.status().await.unwrap().state, JobState::Running);
    // After a restart the appliance counts anew.
    for other in [json!({"method": "pool.scrub"}), json!({"time_started": {"$date": 1_700_000_000_001_u64}})]
    {
        nas.on("core.get_jobs", [Say::Result(entry("RUNNING", 1, &other))]);
        let error = job.status().await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::JobVanished { job: JobId::new(4) }, "{other}");
        assert_eq!(*job.log().await.unwrap_err().kind(), ErrorKind::JobVanished { job: JobId::new(4) });
    }
    assert!(nas.asked("core.job_download_logs").is_empty(), "nobody reads another job's log");
}

#[tokio::test]
async fn a_jobs_log_is_fetched_whole() {
    let nas = Nas::start().await;
    nas.on("core.get_jobs", [running(10)]);
    nas.answers("core.job_download_logs", json!("/_download/4?auth_token=t0ken"));
    nas.script.page("/_download/4?auth_token=t0ken", "line 1\nline 2\n");
    let client = nas.client().await;
    let job: Job<()> = client.jobs().attach(JobId::new(4));
    let pieces: Vec<_> = job.log().await.unwrap().map(Result::unwrap).collect().await;
    assert_eq!(pieces.concat(), b"line 1\nline 2\n");
    assert_eq!(nas.asked_once("core.job_download_logs"), json!([4, "job-4.log", false]));
    for elsewhere in ["https://evil.example/x", "/etc/passwd", ""] {
        nas.answers("core.job_download_logs", json!(elsewhere));
        assert!(
            matches!(job.log().await.unwrap_err().kind(), ErrorKind::NotUnderstood { .. }),
            "{elsewhere}"
        );
    }
    nas.answers("core.job_download_logs", json!("/_download/gone?auth_token=t0ken"));
    assert!(!format!("{:?}", job.log().await.unwrap_err()).contains("t0ken"));
}

/// The worst that a client could do: believe that a task runs when another one does.
#[tokio::test]
async fn another_tasks_job_is_not_taken_for_a_start() {
    for (arguments, job_of_task) in [
        (json!([1]), true),
        (json!([2]), false),
        (json!([]), false),
        (Value::Null, false),
        (json!(["1"]), false),
    ] {
        let nas = Nas::start().await;
        nas.answers("cloudsync.sync", json!(4));
        nas.answers("core.get_jobs", entry("WAITING", 0, &json!({"arguments": arguments})));
        let started = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await;
        assert_eq!(
            nas.asked_once("cloudsync.sync"),
            json!([1]),
            "options would make all starts share a lock"
        );
        match started {
            Ok(job) => assert!(job_of_task && job.id() == JobId::new(4)),
            Err(error) => {
                assert!(!job_of_task);
                assert_eq!(*error.kind(), ErrorKind::NotStarted { job: JobId::new(4) });
                assert!(error.to_string().contains("not started") && !error.is_retryable(), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_start_that_cannot_be_looked_at_is_of_unknown_outcome() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.sync", json!(4)).answers("core.get_jobs", json!([]));
    let error = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
    nas.on("core.get_jobs", [Say::HangUp]);
    let error = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
}

/// In a version that is not the appliance's newest, all starts share a lock: one is in hand at a time.
#[tokio::test]
async fn starts_go_out_one_at_a_time_where_they_share_a_lock() {
    for (versions, at_once) in [(&["v25.10.5", "v26.0.0"][..], 3), (&["v25.10.5", "v26.0.0", "v27.0.0"], 1)] {
        let nas = Nas::with_versions(versions).await;
        nas.answers("cloudsync.sync", json!(4));
        // No look at whose job it is ends, so that the first start stays in hand.
        nas.on("core.get_jobs", [Say::Nothing]);
        let client = nas.client().await;
        let starts: Vec<_> = (0..3)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.cloud_syncs().run(CloudSyncId::new(1)).await.map(drop) })
            })
            .collect();
        while nas.asked("core.get_jobs").len() < at_once {
            tokio::task::yield_now().await;
        }
        for _ in 0..2000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(nas.asked("cloudsync.sync").len(), at_once, "{versions:?}");
        starts.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// The event of a job may come before or after the answer to what started it, and other people's jobs are none of ours.
#[tokio::test]
async fn events_before_and_after_the_answer_come_to_the_same() {
    for release in [None, Some(crate::nas::SCALE_24_10)] {
        for events in [vec![], vec![job_event(4)], vec![job_event(4), job_event(4)], vec![job_event(77); 500]]
        {
            let nas = match release {
                Some(release) => Nas::older(release).await,
                None => Nas::start().await,
            };
            nas.on("cloudsync.sync", [Say::Events(events, json!(4))]);
            nas.on("core.get_jobs", [running(0), running(10), done()]);
            let job = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap();
            job.wait(LIMIT).await.unwrap();
        }
    }
}
