//! Restoring into a folder: what is said meanwhile, and what comes of it.

use std::sync::{Arc, Mutex};

use dtc_provision::Outcome;
use dtc_provision::restore::{self, Failure as Why, GetOptions};
use pyo3::prelude::*;
use tokio::sync::Notify;

use crate::errors;
use crate::listener::Listener;
use crate::provision::failure::Failure;
use crate::rt::locked;
use crate::values::{Time, value_class};

/// After so many bytes a file that is still coming is reported again.
const STEP: u64 = 1 << 20;

value_class! {
    in "dtc.restore";
    /// How far a restore is.
    Progress {
        /// Files that are done, in one way or another.
        files: u64,
        /// Files of the tree.
        files_total: u64,
        /// Plain bytes that have arrived; what is fetched again counts again.
        bytes: u64,
        /// Plain bytes to be fetched, by what is in the target at the start.
        bytes_total: u64,
        /// The file that is done just now, as ``POOL:PATH``; ``None`` in the middle of one.
        done: Option<String> = None,
    }
}

value_class! {
    in "dtc.restore";
    /// What a restore would do.
    Foreseen {
        /// Files that would be written.
        files: u64,
        /// What is missing of them, in bytes.
        bytes: u64,
        /// What would be fetched for that, in bytes.
        stored_bytes: u64,
        /// What an earlier run has written of the large ones among them, in bytes.
        begun: u64,
        /// Files that are there already, by length and time.
        there: u64,
        /// Files of the right length and another time, which would be compared.
        compared: u64,
        /// Files under whose path something else is: they would not be restored.
        occupied: u64,
    }
}

impl From<restore::Foreseen> for Foreseen {
    fn from(foreseen: restore::Foreseen) -> Self {
        Self {
            files: foreseen.files,
            bytes: foreseen.bytes,
            stored_bytes: foreseen.stored_bytes,
            begun: foreseen.begun,
            there: foreseen.there,
            compared: foreseen.compared,
            occupied: foreseen.occupied,
        }
    }
}

value_class! {
    in "dtc.restore";
    /// A version that opens.
    OlderVersion {
        /// Its id.
        version: String,
        /// When it was uploaded: restoring as of then brings it back.
        uploaded: Time,
    }
}

value_class! {
    in "dtc.restore";
    /// A file that could not be restored.
    FailedFile {
        /// The pool.
        pool: String,
        /// The path in the pool; what is not UTF-8 is replaced.
        path: String,
        /// The object's name.
        object: String,
        /// The id of the version that was to be restored.
        version: String,
        /// What kind of failure it is: ``"data_at_risk"``, ``"damaged"``, ``"not_fetched"``, ``"occupied"``, ``"not_written"``,
        /// ``"not_begun"``.
        failure: String,
        /// Why.
        reason: String,
        /// The newest older version that opens, of an object that does not come out.
        older: Option<OlderVersion> = None,
    }
}

impl From<restore::FailedFile> for FailedFile {
    fn from(failed: restore::FailedFile) -> Self {
        let older = failed.older.map(|older| OlderVersion {
            version: older.version.as_str().to_owned(),
            uploaded: older.uploaded.into(),
        });
        Self {
            pool: failed.pool,
            path: failed.path,
            object: failed.object,
            version: failed.version.as_str().to_owned(),
            failure: name_of(failed.failure).to_owned(),
            reason: failed.reason,
            older,
        }
    }
}

fn name_of(failure: Why) -> &'static str {
    match failure {
        Why::DataAtRisk => "data_at_risk",
        Why::Damaged => "damaged",
        Why::NotFetched => "not_fetched",
        Why::Occupied => "occupied",
        Why::NotBegun => "not_begun",
        Why::NotWritten => "not_written",
        _ => "not_known",
    }
}

value_class! {
    in "dtc.restore";
    /// A file that was restored under another path than its own.
    RenamedFile {
        /// The path in the pool.
        path: String,
        /// The path below the target.
        written: String,
    }
}

value_class! {
    in "dtc.restore";
    /// What a restore did. Each file of the tree is written, was there already, or failed.
    GetReport {
        /// Files that were written.
        written: u64,
        /// Files that were there already, complete and equal.
        unchanged: u64,
        /// The size of the written files in bytes.
        bytes: u64,
        /// Files that could not be restored, in the order of the tree.
        failed: Vec<FailedFile>,
        /// Files whose paths this system cannot hold, and where they are instead.
        renamed: Vec<RenamedFile>,
        /// Objects that are none of the backup's, by their names.
        foreign: Vec<String>,
        /// Rows of the listing that were not understood.
        not_understood: Vec<String>,
        /// Of what was wanted, that under which nothing stood.
        absent: Vec<String>,
        /// Where files may be missing that the bucket's lifecycle has removed: from when on all are there.
        complete_since: Option<Time> = None,
        /// The SHA-256 of the list of restored files: of each, in the tree's order, a line of its length, its version's id and its path.
        list_sha256: String,
        /// Whether every file is there.
        is_complete: bool,
    }
}

impl From<restore::GetReport> for GetReport {
    fn from(report: restore::GetReport) -> Self {
        let is_complete = report.is_complete();
        let renamed =
            |renamed: restore::RenamedFile| RenamedFile { path: renamed.path, written: renamed.written };
        Self {
            written: report.written,
            unchanged: report.unchanged,
            bytes: report.bytes,
            failed: report.failed.into_iter().map(FailedFile::from).collect(),
            renamed: report.renamed.into_iter().map(renamed).collect(),
            foreign: report.foreign,
            not_understood: report.not_understood,
            absent: report.absent,
            complete_since: report.complete_since.map(Time::from),
            list_sha256: report.list_sha256,
            is_complete,
        }
    }
}

impl GetReport {
    /// The report, or the exception that carries it where not all is as it should be.
    fn of(report: restore::GetReport) -> Result<Self, Failure> {
        let outcome = report.outcome();
        let report = Self::from(report);
        let (made, code) = match outcome {
            Outcome::AsItShouldBe => return Ok(report),
            Outcome::DataAtRisk => {
                (errors::data_at_risk(&report.problem(), "not_restored"), "DTC-RESTORE-DATA-AT-RISK")
            }
            _ => (errors::incomplete(&report.problem(), "not_restored"), "DTC-RESTORE-INCOMPLETE"),
        };
        let made = errors::explained(made, code, None);
        let set = Python::attach(|py| made.value(py).setattr("report", report));
        Err(Failure::Python(set.map_or_else(|failed| failed, |()| made)))
    }

    /// What is not as it should be, in a sentence.
    fn problem(&self) -> String {
        let of_first = |what: &str, first: &str| {
            errors::shown(&format!("{what}; the first: {first}; report has all of them"))
        };
        if let Some(first) = self.failed.first() {
            let what = format!("{} files could not be restored", self.failed.len());
            return of_first(&what, &format!("{}:{}: {}", first.pool, first.path, first.reason));
        }
        if let Some(first) = self.not_understood.first() {
            return of_first("the bucket's listing was not understood as a whole", first);
        }
        if let Some(first) = self.foreign.first() {
            return of_first("objects were found that are none of the backup's", first);
        }
        if let Some(first) = self.absent.first().filter(|_| self.written + self.unchanged > 0) {
            return of_first("part of what was wanted is not there at that moment", first);
        }
        match self.complete_since {
            Some(_) => "files may be missing that the bucket has deleted since; report.complete_since is the earliest moment of which \
                        everything is there"
                .to_owned(),
            None => "there is no such file at that moment".to_owned(),
        }
    }
}

/// Restores a tree; what the listener raises ends it.
pub(super) async fn got(
    source: &restore::RestoreSource,
    tree: &restore::Tree,
    options: &GetOptions,
    listener: Option<Listener<Progress>>,
) -> Result<GetReport, Failure> {
    let listening = Listening::new(listener, tree, options)?;
    let listen = |progress: restore::Progress<'_>| listening.take(progress);
    let report = tokio::select! {
        biased;
        raised = listening.raised() => return Err(raised.into()),
        report = restore::get(source, tree, options, &listen) => report,
    };
    match locked(&listening.state).raised.take() {
        Some(raised) => Err(raised.into()),
        None => GetReport::of(report?),
    }
}

/// Whoever is to know how far it is.
struct Listening {
    listener: Option<Arc<Listener<Progress>>>,
    state: Mutex<State>,
    stop: Notify,
}

struct State {
    progress: Progress,
    /// The bytes that were reported last.
    said: u64,
    raised: Option<PyErr>,
}

impl Listening {
    fn new(
        listener: Option<Listener<Progress>>,
        tree: &restore::Tree,
        options: &GetOptions,
    ) -> Result<Self, Failure> {
        // Without a listener, nothing is looked at for it.
        let bytes_total = match listener {
            Some(_) => {
                let foreseen = restore::foresee(tree, options)?;
                foreseen.bytes.saturating_add(foreseen.begun)
            }
            None => 0,
        };
        let files_total = tree.files.len() as u64;
        let progress = Progress { files: 0, files_total, bytes: 0, bytes_total, done: None };
        let state = Mutex::new(State { progress, said: 0, raised: None });
        Ok(Self { listener: listener.map(Arc::new), state, stop: Notify::new() })
    }

    fn take(&self, progress: restore::Progress<'_>) {
        let Some(listener) = &self.listener else { return };
        let Some(now) = locked(&self.state).after(&progress) else { return };
        // Not under the lock: the listener may take its time, and this is called for other files meanwhile.
        if let Err(raised) = listener.call(now) {
            locked(&self.state).raised.get_or_insert(raised);
            self.stop.notify_one();
        }
    }

    async fn raised(&self) -> PyErr {
        loop {
            self.stop.notified().await;
            if let Some(raised) = locked(&self.state).raised.take() {
                return raised;
            }
        }
    }
}

impl State {
    /// How far it is after this, where that is to be reported.
    fn after(&mut self, progress: &restore::Progress<'_>) -> Option<Progress> {
        if self.raised.is_some() {
            return None;
        }
        let done = match progress {
            restore::Progress::Received(bytes) => {
                self.progress.bytes += bytes;
                if self.progress.bytes - self.said < STEP {
                    return None;
                }
                None
            }
            restore::Progress::File(file) => {
                self.progress.files += 1;
                Some(format!("{}:{}", file.pool, file.shown()))
            }
            _ => return None,
        };
        self.said = self.progress.bytes;
        Some(Progress { done, ..self.progress.clone() })
    }
}
