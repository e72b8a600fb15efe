//! Jobs.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::ids::JobId;
use crate::port_error::PortError;
use crate::ports::memory::World;
use crate::ports::{JobProgress, JobState, JobsView};

/// A job.
#[derive(Clone, Debug)]
pub struct JobRecord {
    /// Its id.
    pub id: JobId,
    /// How often it is looked at before it has ended.
    pub looks_left: u32,
    /// How it ends.
    pub end: JobState,
    /// When it started.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// The appliance's words.
    pub description: String,
}

impl JobRecord {
    pub(super) fn state(&self) -> JobState {
        if self.looks_left > 0 { JobState::Running } else { self.end.clone() }
    }
}

#[async_trait]
impl JobsView for World {
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        self.read("appliance.job", |state| {
            let now = state.now;
            let Some(found) = state.appliance.jobs.iter_mut().find(|found| found.id == *job) else {
                return Ok(None);
            };
            found.looks_left = found.looks_left.saturating_sub(1);
            if found.looks_left == 0 {
                found.finished.get_or_insert(now);
            }
            Ok(Some(JobProgress {
                state: found.state(),
                percent: if found.looks_left == 0 { 100.0 } else { 50.0 },
                description: found.description.clone(),
                started: Some(found.started),
                finished: found.finished,
            }))
        })
        .await
    }
}
