//! Downloads that were prepared and wait to be fetched.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::call::Call;
use super::jobs::{Abort, Failure, Job, Jobs};
use super::refusal::Refusal;

/// Lets a file be fetched once, as `filesystem.get` of `path`: its job lasts until it has been. Returns the job's number
/// and the address.
pub(super) fn prepare(call: &Call, path: &str, file: PathBuf, name: &str) -> Result<(i64, String), Refusal> {
    let job = call.enter_job("", Abort::Refused, None);
    describe(&job, path);
    job.run();
    let (fetched, is_fetched) = oneshot::channel();
    let token = call.nas.random.alphanumeric(64);
    let url = format!("/_download/{}?auth_token={token}", job.id);
    call.nas.downloads.add(job.id, Download { token, file, name: name.to_owned(), fetched });
    Jobs::start(&call.nas.core, &job, async move {
        let gone = |_| Failure::from("The download was broken off".to_owned());
        is_fetched.await.map(|()| Value::Null).map_err(gone)
    });
    Ok((job.id, url))
}

/// The job is the downloaded method's, not the downloader's.
fn describe(job: &Job, path: &str) {
    let mut entry = job.entry();
    entry["method"] = "filesystem.get".into();
    entry["arguments"] = json!([path]);
}

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
