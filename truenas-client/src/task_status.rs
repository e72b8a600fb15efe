//! How a snapshot task or a replication stands: the appliance runs both by one program, in the same words (zettarepl, `observer.py`).

use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize};

/// How a snapshot task or a replication stands, or how it ended the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct TaskStatus {
    /// In one word.
    pub state: TaskState,
    /// Since when.
    #[serde(rename = "datetime", deserialize_with = "crate::ejson::moment")]
    pub since: Option<SystemTime>,
    /// Why it failed, in the appliance's words.
    #[serde(deserialize_with = "said")]
    pub error: Option<String>,
    /// Why it is on hold, in the appliance's words.
    #[serde(deserialize_with = "said")]
    pub reason: Option<String>,
    /// What was odd about a replication, in the appliance's words.
    #[serde(deserialize_with = "all_said")]
    pub warnings: Vec<String>,
    /// The last snapshot that was taken, or that arrived.
    pub last_snapshot: Option<String>,
}

/// The appliance's words, less the secrets in them.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(|words| safe_text::lines(&words).into_owned()))
}

fn all_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let all = Vec::<String>::deserialize(deserializer)?;
    Ok(all.iter().map(|words| safe_text::lines(words).into_owned()).collect())
}

/// How a snapshot task or a replication stands, in one word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum TaskState {
    /// It has not run since the appliance started.
    #[default]
    Pending,
    /// It waits for another.
    Waiting,
    /// It is under way.
    Running,
    /// Its last run ended well.
    Finished,
    /// Its last run failed.
    Error,
    /// It cannot run: its pool is absent or offline, or the network is off.
    Hold,
    /// A word of a newer release.
    #[serde(untagged)]
    Unknown(String),
}
