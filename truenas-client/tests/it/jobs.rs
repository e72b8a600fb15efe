use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use truenas_client::jobs::JobState;
use truenas_client::{CloudSyncId, ErrorKind, Job, JobId};

use crate::nas::{Nas, Say, job_event};

const LIMIT: Duration = Duration::from_mins(1);

fn job(state: &str, percent: u32, more: &Value) -> Value {
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
    Say::Result(job("RUNNING", percent, &json!({})))
}

fn done() -> Say {
    Say::Result(job("SUCCESS", 100, &json!({"time_finished": {"$date": 1_700_000_060_000_u64}})))
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let nas = Nas::start().await;
    nas.answers("cloudsync.sync", json!(4));
    let again = Say::Events(vec![job_event(9), job_event(4)], job("RUNNING", 10, &json!({})));
    nas.on("core.get_jobs", [again, running(40), running(40), done()]);
    let job = nas.client().await.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap();
    let seen: Vec<_> = job.progress().map(Result::unwrap).collect().await;
    let steps: Vec<_> = seen.iter().map(|s| (s.state.clone(), s.percent.unwrap())).collect();
    assert_eq!(steps, [(JobState::Running, 10.0), (JobState::Running, 40.0), (JobState::Success, 100.0)]);
    assert_eq!(
        seen[2].finished.unwrap().duration_since(seen[2].started.unwrap()).unwrap(),
        Duration::from_mins(1)
    );
    assert_eq!(nas.asked_once("core.subscribe"), json!(["core.get_jobs"]));
    assert_eq!(nas.asked("core.get_jobs")[0], json!([[["id", "=", 4]], {}]));
}

#[tokio::test]
async fn a_job_is_taken_up_again_by_its_number_and_its_result_is_typed() {
    let nas = Nas::start().await;
    nas.on("core.get_jobs", [Say::Result(job("SUCCESS", 100, &json!({"result": true})))]);
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

#[tokio::test]
async fn a_failed_job_says_why() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    let job_4: Job<()> = client.jobs().attach(JobId::new(4));
    let why = json!({"error": "Dataset is locked", "exception": "TRACE"});
    nas.on("core.get_jobs", [Say::Result(job("FAILED", 5, &why))]);
    let error = job_4.wait(LIMIT).await.unwrap_err();
    let reason = "Dataset is locked".to_owned();
    assert_eq!(*error.kind(), ErrorKind::JobFailed { job: JobId::new(4), reason, fields: vec![] });
    assert!(!format!("{error:?}").contains("TRACE"));

    let refused =
        json!({"type": "VALIDATION", "repr": "TRACE", "errno": 22, "extra": [["options.path", "no", 22]]});
    nas.on(
        "core.get_jobs",
        [Say::Result(job("FAILED", 5, &json!({"error": "[EINVAL]", "exc_info": refused})))],
    );
    let error = job_4.wait(LIMIT).await.unwrap_err();
    let ErrorKind::JobFailed { fields, .. } = error.kind() else { unreachable!("{error}") };
    assert_eq!(fields[0].attribute, "options.path");

    nas.on("core.get_jobs", [Say::Result(job("ABORTED", 5, &json!({})))]);
    assert_eq!(*job_4.wait(LIMIT).await.unwrap_err().kind(), ErrorKind::JobAborted { job: JobId::new(4) });
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
async fn a_job_that_the_appliance_forgot_is_not_found() {
    let nas = Nas::start().await;
    nas.answers("core.get_jobs", json!([])).answers("core.job_abort", Value::Null);
    let job: Job<()> = nas.client().await.jobs().attach(JobId::new(4));
    assert!(job.status().await.unwrap_err().is_not_found());
    assert!(job.wait(LIMIT).await.unwrap_err().is_not_found());
    let ended: Vec<_> = job.progress().collect().await;
    assert!(matches!(&ended[..], [Err(error)] if error.is_not_found()));
    job.abort().await.unwrap();
    assert_eq!(nas.asked_once("core.job_abort"), json!([4]));
}
