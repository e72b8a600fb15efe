//! The restore test (Y3), and whether the destination holds what the catalogue holds.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rclone_crypt::{Keys, Names, Progress, RestoreTestReport};

use super::job::CopyJob;
use super::runner::Transfer;
use crate::error::{Error, Refusal};
use crate::outcome::Outcome;

/// A folder for the plain files of a restore test. It is removed, with what is in it, when this is dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Where one stands unless it is said otherwise: beside the catalogue.
    pub fn beside(catalogue: &Path) -> PathBuf {
        let mut beside = catalogue.as_os_str().to_owned();
        beside.push(".scratch");
        beside.into()
    }

    /// A folder that is not there yet; the test makes it.
    ///
    /// # Errors
    /// Something is there already.
    pub fn new(path: PathBuf) -> Result<Self, Error> {
        if std::fs::symlink_metadata(&path).is_err() {
            return Ok(Self(path));
        }
        let what = format!("the scratch folder {} is there already", path.display());
        let remedy = "Remove it if an earlier check left it behind, or name another";
        Err(Refusal::precondition("Y3", what, remedy).into())
    }

    /// Decrypts the job's catalogue into it, and compares every byte with the source.
    ///
    /// # Errors
    /// As [`restore_test`](rclone_crypt::Catalogue::restore_test).
    pub fn test(
        &self,
        job: &CopyJob,
        (keys, names): (&Keys, &Names),
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<RestoreTestReport, rclone_crypt::Error> {
        job.catalogue_under(keys, names).restore_test(&job.source, &self.0, progress)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// What came back of the catalogue.
    pub test: RestoreTestReport,
    /// What the destination lacks, or has otherwise; `None` where it was not looked at.
    pub destination: Option<Transfer>,
}

impl Checked {
    /// What it comes to: the worst of both. What could not be looked at is not proven.
    pub fn outcome(&self) -> Outcome {
        let restored = &self.test.restored;
        let test = if restored.data_at_risk() {
            Outcome::DataAtRisk
        } else if !(self.test.different.is_empty()
            && self.test.missing.is_empty()
            && self.test.extra.is_empty())
        {
            Outcome::Differs
        } else if self.test.passed() && self.test.same > 0 {
            Outcome::AsItShouldBe
        } else {
            Outcome::Incomplete
        };
        let destination = self.destination.as_ref().map_or(Outcome::AsItShouldBe, |destination| {
            match destination.failure.as_ref().map(|failure| failure.kind.outcome()) {
                Some(Outcome::Blocked) => Outcome::Blocked,
                Some(_) => Outcome::Incomplete,
                None if destination.files + destination.removed > 0 => Outcome::Differs,
                None => Outcome::AsItShouldBe,
            }
        });
        let order = [Outcome::DataAtRisk, Outcome::Blocked, Outcome::Differs, Outcome::Incomplete];
        let worst = order.into_iter().find(|outcome| [test, destination].contains(outcome));
        worst.unwrap_or(Outcome::AsItShouldBe)
    }
}
