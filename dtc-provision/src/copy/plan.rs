//! What a run would do, told from names, lengths and times; and whether it may.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rclone_crypt::{KeyTrial, Keys, Update, local_name};

use super::job::{CopyJob, Destination, Engine};
use super::long_names::is_too_long_for_rclone;
use crate::error::{Error, Refusal};
use crate::secret::EncryptionSecrets;

/// What a run would do. Nothing was written, and no program started.
#[derive(Debug)]
#[non_exhaustive]
pub struct CopyPlan {
    /// What the first step would do.
    pub update: Update,
    /// Changed files that our own engine encrypts although the job takes rclone: their names are too long for that.
    pub taken_over: Vec<PathBuf>,
    /// Whether the catalogue is there already.
    pub catalogue_exists: bool,
    /// How many files of the catalogue the pair was tried on; it opens one of them. None where there is nothing to try.
    pub tried: usize,
}

/// Looks at the folders and the pair, and says what a run would do.
///
/// # Errors
/// A folder that is not there, folders within each other, a pair that opens nothing of the catalogue, and a source without a file for a
/// catalogue that has some.
pub fn plan(job: &CopyJob, secrets: &EncryptionSecrets) -> Result<CopyPlan, Error> {
    folders(job)?;
    let keys = keys(secrets)?;
    let catalogue_exists = job.catalogue.is_dir();
    let tried = if catalogue_exists { opened(&job.catalogue, secrets, &keys)? } else { 0 };
    let names = job.names_under(&keys);
    let update = job.catalogue_under(&keys, &names).update_of(&job.source);
    let update = update.map_err(|error| {
        let what = match std::error::Error::source(&error) {
            Some(beneath) => format!("{error}: {beneath}"),
            None => error.to_string(),
        };
        precondition(what, "Put that right, then plan again")
    })?;
    if update.changed.is_empty() && update.unchanged == 0 && !update.stale.is_empty() {
        let what = format!(
            "the source {} holds no file, and the catalogue holds {}: a disk that is not mounted looks like that",
            job.source.display(),
            update.stale.len()
        );
        let remedy = "Mount the source; if it is empty on purpose, move the catalogue away";
        return Err(Refusal::data_at_risk("Y2", what, remedy).into());
    }
    let taken_over = match job.engine {
        Engine::Rclone => update.changed.iter().filter(|path| is_too_long(path)).cloned().collect(),
        Engine::Own => Vec::new(),
    };
    Ok(CopyPlan { update, taken_over, catalogue_exists, tried })
}

fn is_too_long(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    is_too_long_for_rclone(&local_name::encode(name.as_encoded_bytes()))
}

/// The keys of a pair.
///
/// # Errors
/// An empty password.
pub fn keys(secrets: &EncryptionSecrets) -> Result<Arc<Keys>, Error> {
    Ok(secrets.keys()?)
}

/// How many files of the catalogue the pair was tried on. It must open one of them, if there is any.
fn opened(catalogue: &Path, secrets: &EncryptionSecrets, keys: &Keys) -> Result<usize, Error> {
    let trial = KeyTrial::of(catalogue).map_err(|error| {
        precondition(format!("the catalogue cannot be read: {error}"), "Put that right, then run again")
    })?;
    if trial.is_empty() || trial.opens_with(keys) {
        return Ok(trial.tried());
    }
    let first = trial.first().map(|path| path.display().to_string()).unwrap_or_default();
    let nothing = format!(
        "nothing opens with this pair: it was tried on {} files of {}, the first of them {first}",
        trial.tried(),
        catalogue.display()
    );
    let mistake = secrets.mistakes().into_iter().find(|(_, keys)| trial.opens_with(keys));
    if let Some((mistake, _)) = mistake {
        let what = format!("{nothing}; it does once that is put right: {mistake}");
        let remedy = "Correct the password and the salt. Nothing was written";
        return Err(Refusal::data_at_risk("Y2", what, remedy).into());
    }
    let remedy =
        "Give the pair that the vault, or the operator, keeps for this catalogue. Nothing was written";
    Err(Refusal::data_at_risk("Y2", nothing, remedy).into())
}

/// The folders are there, and none of them is in another.
fn folders(job: &CopyJob) -> Result<(), Error> {
    if !job.source.is_dir() {
        let what = format!("the source {} is no folder that is there", job.source.display());
        return Err(precondition(what, "Correct `source`, or mount its disk"));
    }
    let above = job.catalogue.parent().filter(|above| !above.as_os_str().is_empty());
    if above.is_some_and(|above| !above.is_dir()) || (job.catalogue.exists() && !job.catalogue.is_dir()) {
        let what =
            format!("the catalogue {} is no folder, and none can be made there", job.catalogue.display());
        return Err(precondition(what, "Correct `catalogue`, mount its disk, or make the folder above it"));
    }
    let mut all = vec![("source", real(&job.source)), ("catalogue", real(&job.catalogue))];
    if let Some(Destination::Folder(folder)) = &job.to {
        if !folder.is_dir() {
            let what = format!("the destination {} is no folder that is there", folder.display());
            return Err(precondition(what, "Mount its disk; or make the folder, if it is there and new"));
        }
        all.push(("to", real(folder)));
    }
    for (at, (name, folder)) in all.iter().enumerate() {
        for (other_name, other) in &all[at + 1..] {
            if folder.starts_with(other) || other.starts_with(folder) {
                let what = format!(
                    "`{name}` and `{other_name}` are within each other: {} and {}",
                    folder.display(),
                    other.display()
                );
                return Err(Refusal::blocked("Y2", what, "Give each a folder of its own").into());
            }
        }
    }
    Ok(())
}

/// A path without links; of what is not there yet, as far as it is.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(above), Some(name)) => real(above).join(name),
        _ => path.to_owned(),
    }
}

fn precondition(what: impl Into<String>, remedy: &str) -> Error {
    Refusal::precondition("Y2", what, remedy).into()
}
