//! The first step by our own engine.

use std::error::Error as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dtc_provision::copy::{self, CopyJob, Encryption, FailedPath, RunMode, StepFailure, StepFailureKind};
use dtc_provision::secret::EncryptionSecrets;
use rclone_crypt::{Catalogue, Failed, Keys, Skipped, WriteReport};

use super::unfinished::cleared;

/// Tells the work on its thread to stop when the step is dropped.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Encrypts what is new or has changed.
pub(super) async fn encrypt(job: &CopyJob, secrets: &EncryptionSecrets, mode: RunMode) -> Encryption {
    let keys = match copy::keys(secrets) {
        Ok(keys) => keys,
        Err(error) => return not_started(error.to_string()),
    };
    let job = job.clone();
    on_a_thread(move |stopped| match mode {
        RunMode::Dry => foreseen(&job, &keys),
        RunMode::Real => encrypted(&job, &keys, stopped),
    })
    .await
}

/// Does the work on a thread of its own. The work is to look whether it is to stop.
pub(super) async fn on_a_thread(work: impl FnOnce(&AtomicBool) -> Encryption + Send + 'static) -> Encryption {
    let stop = Stop(Arc::default());
    let stopped = Arc::clone(&stop.0);
    let ended = tokio::task::spawn_blocking(move || work(&stopped)).await;
    drop(stop);
    ended.unwrap_or_else(|error| not_started(error.to_string()))
}

pub(super) fn not_started(reason: String) -> Encryption {
    Encryption::failed(StepFailure::new(
        StepFailureKind::NotStarted,
        reason,
        "put right what is named, then run again",
    ))
}

fn foreseen(job: &CopyJob, keys: &Keys) -> Encryption {
    let names = job.names_under(keys);
    let update = match job.catalogue_under(keys, &names).update_of(&job.source) {
        Ok(update) => update,
        Err(error) => return not_started(reason(&error)),
    };
    let mut encryption = Encryption::default();
    encryption.written = update.changed.len() as u64;
    encryption.bytes = update.bytes;
    encryption.removed = if job.delete { update.stale.len() as u64 } else { 0 };
    encryption.failed = update.failed.iter().map(failed).collect();
    encryption.skipped = update.skipped.iter().map(skipped).collect();
    encryption
}

fn encrypted(job: &CopyJob, keys: &Keys, stopped: &AtomicBool) -> Encryption {
    let names = job.names_under(keys);
    let catalogue = Catalogue::new(keys, &names, &job.catalogue);
    let report = match catalogue.update_from(&job.source, &mut |_| until(stopped)) {
        Ok(report) => report,
        Err(error) => return interrupted(&error),
    };
    let mut encryption = done(&report);
    // An rclone may have been killed before.
    let stale = cleared(job, &names, report.stale, &mut encryption);
    if !encryption.failed.is_empty() {
        let reason = format!("{} of the source's files could not be encrypted", encryption.failed.len());
        let remedy =
            "put right what is named, such as a full disk or a name that is too long, then run again";
        encryption.failure = Some(StepFailure::new(StepFailureKind::Partial, reason, remedy));
    } else if job.delete {
        removed(&job.catalogue, &stale, &mut encryption);
    }
    encryption
}

/// Goes on until it is stopped.
pub(super) fn until(stopped: &AtomicBool) -> ControlFlow<()> {
    if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// A step that ended before its end.
pub(super) fn interrupted(error: &rclone_crypt::Error) -> Encryption {
    let remedy = "put right what is named, then run again: it goes on where it stopped";
    Encryption::failed(StepFailure::new(StepFailureKind::Partial, reason(error), remedy))
}

/// What the engine did.
pub(super) fn done(report: &WriteReport) -> Encryption {
    let mut encryption = Encryption::default();
    encryption.written = report.written as u64;
    encryption.bytes = report.bytes;
    encryption.failed = report.failed.iter().map(failed).collect();
    encryption.skipped = report.skipped.iter().map(skipped).collect();
    encryption
}

/// Deletes what no longer has a source.
fn removed(catalogue: &Path, stale: &[PathBuf], encryption: &mut Encryption) {
    for path in stale {
        match fs::remove_file(catalogue.join(path)) {
            Ok(()) => encryption.removed += 1,
            Err(error) => {
                let why = format!("could not delete it from the catalogue: {error}");
                encryption.failed.push(FailedPath::new(path.to_string_lossy(), why));
            }
        }
    }
}

fn failed(failed: &Failed) -> FailedPath {
    FailedPath::new(failed.plain.to_string_lossy(), reason(&failed.error))
}

fn skipped(skipped: &Skipped) -> String {
    skipped.path.to_string_lossy().into_owned()
}

fn reason(error: &rclone_crypt::Error) -> String {
    match error.source() {
        Some(beneath) => format!("{error}: {beneath}"),
        None => error.to_string(),
    }
}
