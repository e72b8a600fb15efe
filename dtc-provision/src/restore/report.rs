//! What a restore did, and what it could not do.

use jiff::Timestamp;
use serde::Serialize;

use super::tree::Moment;
use crate::ids::ObjectId;
use crate::outcome::Outcome;

/// What a restore did. Each file of the tree is written, was there already, or failed (X8).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GetReport {
    /// Files that were written.
    pub written: u64,
    /// Files that were there already, complete and equal.
    pub unchanged: u64,
    /// The length of the written files, in bytes.
    pub bytes: u64,
    /// Files that could not be restored, in the order of the tree.
    pub failed: Vec<FailedFile>,
    /// Files whose paths this system cannot hold, and where they are instead.
    pub renamed: Vec<RenamedFile>,
    /// Objects that are none of the backup's, by their names.
    pub foreign: Vec<String>,
    /// Rows of the listing that were not understood.
    pub not_understood: Vec<String>,
    /// Of what was wanted, that under which nothing stood.
    pub absent: Vec<String>,
    /// Whether files may be missing that the bucket's lifecycle has removed, and from when on all are there.
    pub complete_since: Option<Timestamp>,
    /// The SHA-256 of the list of restored files: of each, in the tree's order, a line of its length, its version's id and its path.
    pub list_sha256: String,
}

/// A file that could not be restored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FailedFile {
    /// The pool.
    pub pool: String,
    /// The path in the pool; what is not UTF-8 is replaced.
    pub path: String,
    /// The object's name.
    pub object: String,
    /// The version that was to be restored.
    pub version: ObjectId,
    /// What kind of failure it is.
    pub failure: Failure,
    /// Why.
    pub reason: String,
    /// The newest older version that opens, of an object that does not come out.
    pub older: Option<OlderVersion>,
}

/// A version that opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OlderVersion {
    /// Its id.
    pub version: ObjectId,
    /// When it was uploaded: restoring as of then brings it back.
    pub uploaded: Timestamp,
}

/// A file that was restored under another path than its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RenamedFile {
    /// The path in the pool.
    pub path: String,
    /// The path below the target.
    pub written: String,
}

/// Why a file could not be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Failure {
    /// It arrived whole and does not open: data is at risk.
    DataAtRisk,
    /// It does not arrive whole.
    Damaged,
    /// It could not be fetched.
    NotFetched,
    /// Something is there under its path, and nothing is replaced.
    Occupied,
    /// It could not be written.
    NotWritten,
    /// It was not begun, since what ended the work before it would have ended it too.
    NotBegun,
}

impl GetReport {
    /// Whether every file is there.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
            && self.foreign.is_empty()
            && self.not_understood.is_empty()
            && self.absent.is_empty()
            && self.complete_since.is_none()
    }

    /// What the restore comes to (X6).
    pub fn outcome(&self) -> Outcome {
        if self.failed.iter().any(|failed| failed.failure == Failure::DataAtRisk) {
            Outcome::DataAtRisk
        } else if self.is_complete() && self.written + self.unchanged > 0 {
            Outcome::AsItShouldBe
        } else {
            // A tree without a file gives nothing back.
            Outcome::Incomplete
        }
    }

    pub(super) fn since(moment: Moment) -> Option<Timestamp> {
        match moment {
            Moment::Complete => None,
            Moment::BeforeFirst { first } => Some(first),
            Moment::MayLack { complete_since } => Some(complete_since),
        }
    }
}
