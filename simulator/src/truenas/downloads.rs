//! Downloads that were prepared and wait to be fetched.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::call::Call;
use super::jobs::{Abort, Failure, Job, Jobs};
use super::refusal::Refusal;

const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(5);
const UNBUFFERED_WAIT: SignedDuration = SignedDuration::from_mins(1);
const BUFFERED_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// Lets a file be fetched once, as `filesystem.get` of `path`: its job lasts until it has been. Returns the job's number
/// and the address.
pub(super) fn prepare(
    call: &Call,
    path: &str,
    file: PathBuf,
    name: &str,
    is_buffered: bool,
) -> Result<(i64, String), Refusal> {
    let job = call.enter_job("", Abort::Refused, None);
    describe(&job, path);
    job.run();
    let (fetched, is_fetched) = oneshot::channel();
    let token = call.nas.random.alphanumeric(64);
    let url = format!("/_download/{}?auth_token={token}", job.id);
    let offered = call.nas.now();
    let download = Download { token, file, name: name.to_owned(), offered, is_buffered, fetched };
    call.nas.downloads.add(job.id, download);
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
    /// When it was prepared.
    pub(super) offered: Timestamp,
    /// The appliance holds the whole content already.
    pub(super) is_buffered: bool,
    /// The name under which it is sent.
    pub(super) name: String,
    /// Ends the job once the file is out.
    pub(super) fetched: oneshot::Sender<()>,
}

/// Why a download is not handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoDownload {
    /// There is none, it is another one's, or it has expired.
    WrongToken,
    /// There is no such job.
    Unknown,
    /// Nobody came for it in time.
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

    /// Takes a download that waits. Its token holds for five minutes; what is not buffered waits for one, what is for an hour
    /// (TrueNAS middleware 13.3 to 26, `apps/file_app.py`).
    pub(super) fn take(&self, job: i64, token: &str, now: Timestamp) -> Result<Download, NoDownload> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let found = waiting.get(&job).ok_or(NoDownload::Unknown)?;
        let age = now.duration_since(found.offered);
        if found.token != token || age > TOKEN_LIFETIME {
            return Err(NoDownload::WrongToken);
        }
        let found = waiting.remove(&job).ok_or(NoDownload::Unknown)?;
        let wait = if found.is_buffered { BUFFERED_WAIT } else { UNBUFFERED_WAIT };
        if age > wait { Err(NoDownload::Gone) } else { Ok(found) }
    }
}
