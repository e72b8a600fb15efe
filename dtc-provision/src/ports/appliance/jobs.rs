//! Jobs on the appliance (V1).

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::JobId;
use crate::port_error::PortError;

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its turn.
    Waiting,
    /// It is running.
    Running,
    /// It ended well.
    Succeeded,
    /// It failed, with the appliance's words.
    Failed(String),
    /// Somebody aborted it.
    Aborted,
}

impl JobState {
    /// What an aborted run is. The appliance gives the job up at once, and does not wait for what the job has started.
    pub(crate) const ABORTED: &str = "aborted on the appliance, where its rclone may still run for a while";
}

impl fmt::Display for JobState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("waiting"),
            Self::Running => f.write_str("running"),
            Self::Succeeded => f.write_str("succeeded"),
            Self::Failed(reason) => write!(f, "failed: {reason}"),
            Self::Aborted => f.write_str("aborted"),
        }
    }
}

/// A job's state and progress.
#[derive(Clone, Debug, PartialEq)]
pub struct JobProgress {
    /// Its state.
    pub state: JobState,
    /// 0 to 100; may go backwards.
    pub percent: f64,
    /// The appliance's words.
    pub description: String,
    /// When it started.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// Reads jobs.
#[async_trait]
pub trait JobsView: Send + Sync {
    /// A job's progress; `None` when the appliance no longer knows the job.
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError>;
}
