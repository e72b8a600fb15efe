//! Jobs on the box (V1).

use std::time::SystemTime;

use dtc_provision::PortError;
use dtc_provision::ports::{JobId, JobProgress, JobState};
use jiff::Timestamp;
use truenas_client::jobs::JobState as Found;
use truenas_client::{Client, JobStatus};

use crate::error::{Attempt as _, not_understood, parsed};

/// The method that a Cloud Sync task's run is a job of.
const RUN: &str = "cloudsync.sync";

/// How a run stands. Numbers begin anew when the box restarts: a job of another kind is not the one that was meant.
pub(super) async fn progress(nas: &Client, job: &JobId) -> Result<Option<JobProgress>, PortError> {
    let id = parsed(job.as_str(), "a job").map(truenas_client::JobId::new)?;
    match nas.jobs().attach::<()>(id).status().await {
        Ok(status) if status.method == RUN => told(&status).map(Some),
        Ok(_) => Ok(None),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error).attempting(format_args!("ask how job {job} stands")),
    }
}

fn told(status: &JobStatus) -> Result<JobProgress, PortError> {
    Ok(JobProgress {
        state: state(status)?,
        percent: status.percent.unwrap_or_default(),
        description: status.description.clone().unwrap_or_default(),
        started: status.started.and_then(moment),
        finished: status.finished.and_then(moment),
    })
}

pub(super) fn state(job: &JobStatus) -> Result<JobState, PortError> {
    Ok(match &job.state {
        Found::Waiting => JobState::Waiting,
        Found::Running => JobState::Running,
        Found::Success => JobState::Succeeded,
        Found::Failed => JobState::Failed(job.error.clone().unwrap_or_default()),
        Found::Aborted => JobState::Aborted,
        other => {
            let answer = format!("it stands at {other:?}, which is no state that is known here");
            return Err(not_understood(format_args!("read job {}", job.id), answer));
        }
    })
}

pub(super) fn moment(at: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(at).ok()
}
