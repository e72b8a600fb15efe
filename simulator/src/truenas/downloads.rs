//! Downloads that were prepared and wait to be fetched.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// Downloads that wait to be fetched, by the number of their job.
#[derive(Debug, Default)]
pub(super) struct Downloads {
    waiting: Mutex<HashMap<i64, Download>>,
}

/// A file that may be fetched once.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) token: String,
    pub(super) file: PathBuf,
    /// The name under which it is sent.
    pub(super) name: String,
    /// Ends the job once the file is out.
    pub(super) fetched: oneshot::Sender<()>,
}

/// Why a download is not handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoDownload {
    WrongToken,
    Gone,
}

impl Downloads {
    pub(super) fn add(&self, job: i64, download: Download) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(job, download);
    }

    /// Gives every download up.
    pub(super) fn forget(&self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(super) fn take(&self, job: i64, token: &str) -> Result<Download, NoDownload> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_right = waiting.get(&job).ok_or(NoDownload::Gone)?.token == token;
        let found = if is_right { waiting.remove(&job) } else { None };
        found.ok_or(NoDownload::WrongToken)
    }
}
