//! What was done, when, in order: an account for people. Nothing depends on it.

use jiff::Timestamp;
use serde::Serialize;

/// One thing that happened. Holds no secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Entry {
    /// A step begins.
    Started {
        /// The step.
        step: String,
    },
    /// A step changed something.
    Done {
        /// The step.
        step: String,
        /// What is so now.
        result: String,
    },
    /// A step had nothing to do.
    Unchanged {
        /// The step.
        step: String,
    },
    /// A step failed, and the run ends.
    Failed {
        /// The step.
        step: String,
        /// Why, and what to do.
        reason: String,
    },
    /// Something takes its time.
    Waiting {
        /// For what.
        on: String,
    },
    /// A first run proceeds.
    Progress {
        /// The pool.
        pool: String,
        /// 0 to 100; may go backwards.
        percent: f64,
        /// The appliance's words.
        description: String,
    },
}

/// Takes entries as they happen.
pub trait Journal: Send {
    /// Takes one.
    fn record(&mut self, at: Timestamp, entry: &Entry);
}

/// Keeps entries in memory.
impl Journal for Vec<(Timestamp, Entry)> {
    fn record(&mut self, at: Timestamp, entry: &Entry) {
        self.push((at, entry.clone()));
    }
}
