//! What a periodic snapshot task is doing.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// What a task is doing, or how it ended the last time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TaskState {
    /// Waiting, running or ended.
    pub state: TaskPhase,
    /// Since when.
    #[serde(default, rename = "datetime", deserialize_with = "crate::ejson::moment")]
    pub since: Option<SystemTime>,
    /// Why it failed, in the appliance's words.
    #[serde(default)]
    pub error: Option<String>,
    /// Why it is held, in the appliance's words.
    #[serde(default)]
    pub reason: Option<String>,
    /// The last snapshot that it took.
    #[serde(default)]
    pub last_snapshot: Option<String>,
}

/// Where a task is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum TaskPhase {
    /// It has not run since the appliance started.
    Pending,
    /// It waits for another.
    Waiting,
    /// It is under way.
    Running,
    /// It ended well.
    Finished,
    /// It failed.
    Error,
    /// It cannot run: its pool is not there.
    Hold,
    /// A phase of a newer release.
    #[serde(untagged)]
    Unknown(String),
}
