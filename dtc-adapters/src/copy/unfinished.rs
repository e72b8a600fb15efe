//! Files that an rclone which was killed has left unfinished.

use std::fs;
use std::path::{Path, PathBuf};

use dtc_provision::copy::{self, CopyJob, Encryption, FailedPath};
use rclone_crypt::Names;

/// Deletes the unfinished files among these of the catalogue, by their stored paths, and returns the others. A failure is part of the step.
pub(super) fn cleared(
    job: &CopyJob,
    names: &Names,
    stale: Vec<PathBuf>,
    encryption: &mut Encryption,
) -> Vec<PathBuf> {
    let is_rclones = |stored: &Path| {
        let plain = stored.to_str().and_then(|stored| names.decode(stored).ok());
        plain.is_some_and(|plain| copy::is_unfinished(b"", Some(plain.as_bytes())))
    };
    let (unfinished, others): (Vec<_>, Vec<_>) = stale.into_iter().partition(|stored| is_rclones(stored));
    for stored in unfinished {
        if let Err(error) = fs::remove_file(job.catalogue.join(&stored)) {
            let why = format!("rclone left it unfinished, and it cannot be deleted: {error}");
            encryption.failed.push(FailedPath::new(stored.to_string_lossy(), why));
        }
    }
    others
}
