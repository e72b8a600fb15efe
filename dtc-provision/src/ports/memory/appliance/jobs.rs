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
    pub(in crate::ports::memory) fn state(&self) -> JobState {
        if self.looks_left > 0 { JobState::Running } else { self.end.clone() }
    }

    /// One more look at it, and what that shows.
    pub(in crate::ports::memory) fn looked_at(&mut self, now: Timestamp) -> JobProgress {
        self.looks_left = self.looks_left.saturating_sub(1);
        if self.looks_left == 0 {
            self.finished.get_or_insert(now);
        }
        JobProgress {
            state: self.state(),
            percent: if self.looks_left == 0 { 100.0 } else { 50.0 },
            description: self.description.clone(),
            started: Some(self.started),
            finished: self.finished,
        }
    }
}

#[async_trait]
impl JobsView for World {
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        self.read("appliance.job", |state| {
            let now = state.now;
            let jobs = &mut state.appliance.jobs;
            Ok(jobs.iter_mut().find(|found| found.id == *job).map(|found| found.looked_at(now)))
        })
        .await
    }
}
