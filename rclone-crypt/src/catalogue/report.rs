//! What work on a catalogue did, and what it could not do.

use std::path::PathBuf;

use crate::error::Error;

/// The result of [`Catalogue::update_from`](super::Catalogue::update_from) and
/// [`Catalogue::restore_to`](super::Catalogue::restore_to). Each file of the source is in exactly one of `written`, `unchanged`, `failed`
/// and `foreign` (rule X8).
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct WriteReport {
    /// Files written.
    pub written: usize,
    /// Files that were there already and were not written.
    pub unchanged: usize,
    /// The plain length of the written files, in bytes.
    pub bytes: u64,
    /// Files and folders that could not be processed, and why.
    pub failed: Vec<Failed>,
    /// Links, pipes, sockets and devices, which are not processed.
    pub skipped: Vec<Skipped>,
    /// Restored files whose plain paths this system cannot hold, and the paths that were used instead.
    pub renamed: Vec<Renamed>,
    /// Files in the catalogue whose names cannot be decoded. They are not changed.
    pub foreign: Vec<PathBuf>,
    /// Files in the catalogue whose source no longer exists. They are not deleted.
    pub stale: Vec<PathBuf>,
}

impl WriteReport {
    /// Whether everything was processed: nothing failed, and nothing was left out.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.foreign.is_empty() && self.skipped.is_empty()
    }

    /// Whether a file is damaged or does not open ([`Error::is_content_error`]).
    pub fn data_at_risk(&self) -> bool {
        self.failed.iter().any(|failed| failed.error.is_content_error())
    }
}

/// A file or folder that could not be processed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed {
    /// The path in the catalogue.
    pub stored: PathBuf,
    /// The plain path.
    pub plain: PathBuf,
    /// Why.
    pub error: Error,
}

/// A link, pipe, socket or device.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The path relative to the folder.
    pub path: PathBuf,
    /// What it is, such as `a symbolic link`.
    pub what: &'static str,
}

/// A file that was restored under another path than its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// The plain path, as on the appliance.
    pub plain: PathBuf,
    /// The path relative to the target.
    pub written: PathBuf,
}
