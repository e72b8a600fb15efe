//! The catalogue for a restore: the one that is here, or else the one on the server.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::job::CopyJob;
use super::runner::{RunMode, Runner, Transfer};
use crate::error::{Error, Refusal};

/// Where a restore finds its catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Catalogue {
    /// The folder. After a dry run, or a failed one, of a catalogue that must be fetched first it is not there.
    pub folder: PathBuf,
    /// How it was fetched; `None` where it was here.
    pub fetched: Option<Transfer>,
}

impl CopyJob {
    /// Looks whether the catalogue is here.
    ///
    /// # Errors
    /// It is not.
    pub fn has_catalogue(&self) -> Result<(), Error> {
        if self.catalogue.is_dir() {
            return Ok(());
        }
        let what = format!("the catalogue {} is not there", self.catalogue.display());
        let remedy = "Mount its disk; a run makes it, and a restore fetches it from the destination";
        Err(Refusal::precondition("Y2", what, remedy).into())
    }
}

/// Finds the catalogue, and fetches it from the job's destination where it is gone. It is fetched beside its place and moved there when it is
/// whole, so that half of one is never taken for a catalogue; a fetch that was interrupted goes on.
///
/// # Errors
/// A catalogue that is gone and that the job carries nowhere, a destination that holds no file, and a catalogue that cannot be moved to its place.
pub async fn catalogue_of(job: &CopyJob, runner: &dyn Runner, mode: RunMode) -> Result<Catalogue, Error> {
    let folder = job.catalogue.clone();
    if folder.is_dir() {
        return Ok(Catalogue { folder, fetched: None });
    }
    let Some(to) = &job.to else {
        let what = format!("the catalogue {} is not there, and the job carries it nowhere", folder.display());
        return Err(Refusal::precondition(
            "Y2",
            what,
            "Mount its disk, or name another copy of it as `catalogue`",
        )
        .into());
    };
    let mut beside = OsString::from(folder.as_os_str());
    beside.push(".fetching");
    let beside = PathBuf::from(beside);
    let fetched = runner.fetch(&beside, mode).await;
    if fetched.failure.is_none() && fetched.files == 0 && !holds_a_file(&beside) {
        let what = format!("the destination {to} holds no file: a disk that is not mounted looks like that");
        return Err(Refusal::precondition("Y2", what, "Mount its disk there, then restore again").into());
    }
    if mode == RunMode::Real && fetched.failure.is_none() {
        fs::rename(&beside, &folder).map_err(|error| {
            let what = format!(
                "the catalogue was fetched to {}, and cannot be moved to {}: {error}",
                beside.display(),
                folder.display()
            );
            Refusal::precondition("Y2", what, "Move it there, then restore again")
        })?;
    }
    Ok(Catalogue { folder, fetched: Some(fetched) })
}

/// Whether there is a file below a folder, which need not be there.
fn holds_a_file(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(found) if found.is_dir() => holds_a_file(&entry.path()),
        _ => true,
    })
}
