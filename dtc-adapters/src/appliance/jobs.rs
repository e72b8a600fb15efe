//! Jobs on the appliance (V1).

use std::time::SystemTime;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ids::JobId;
use dtc_provision::ports::{JobProgress, JobState, JobsView};
use jiff::Timestamp;
use truenas_client::jobs::JobState as Found;
use truenas_client::{Client, ErrorKind, JobStatus};

use super::TrueNas;
use crate::error::{Attempt as _, not_understood, parsed};

/// The method that a Cloud Sync task's run is a job of.
const RUN: &str = "cloudsync.sync";

#[async_trait]
impl JobsView for TrueNas {
    /// Numbers begin anew when the appliance restarts: a job of another kind is not the one that was meant.
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        job_of(self.client().await?, job, RUN).await
    }
}

/// A job of this method; `None` for one of another, and for one that the appliance no longer knows.
pub(crate) async fn job_of(
    client: &Client,
    job: &JobId,
    method: &str,
) -> Result<Option<JobProgress>, PortError> {
    let id = parsed(job.as_str(), "a job").map(truenas_client::JobId::new)?;
    match client.jobs().attach::<()>(id).status().await {
        Ok(status) if status.method == method => progress(&status).map(Some),
        Ok(_) => Ok(None),
        Err(error) if matches!(error.kind(), ErrorKind::JobVanished { .. }) => Ok(None),
        Err(error) => Err(error).attempting(format_args!("ask for the state of job {job}")),
    }
}

fn progress(status: &JobStatus) -> Result<JobProgress, PortError> {
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
            let answer = format!("its state is {other:?}, which is not known here");
            return Err(not_understood(format_args!("read job {}", job.id), answer));
        }
    })
}

pub(super) fn moment(at: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(at).ok()
}
