//! Carries a copy's steps out with programs, or with our own engine.

use std::path::Path;

use async_trait::async_trait;
use dtc_provision::copy::{
    self, CopyJob, Destination, Encrypted, Encryption, Engine, Kept, RunMode, Runner, StepFailure,
    StepFailureKind, Transfer,
};
use dtc_provision::secret::EncryptionSecrets;

use super::log::RunLog;
use super::programs::Programs;
use super::rsync::{Rsync, Way};
use super::{beside_rclone, own, rclone};
use crate::files;

/// A step of a copy begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// The first: encryption.
    Encrypting,
    /// The second: rsync to the destination.
    Transferring,
    /// The way back: rsync from the destination.
    Fetching,
}

/// Carries a copy's steps out. Programs get no secret in their arguments; rclone gets the pair in its environment, which nobody but its owner
/// and root can read.
pub struct CopyRunner<'a> {
    job: &'a CopyJob,
    programs: &'a Programs,
    log: Option<&'a RunLog>,
    on_step: Box<dyn Fn(Step) + Send + Sync + 'a>,
}

impl<'a> CopyRunner<'a> {
    /// A runner for a job. What the programs of a real run say goes to the log.
    pub fn new(
        job: &'a CopyJob,
        programs: &'a Programs,
        log: Option<&'a RunLog>,
        on_step: impl Fn(Step) + Send + Sync + 'a,
    ) -> Self {
        Self { job, programs, log, on_step: Box::new(on_step) }
    }

    /// Looks whether the programs that the job takes are there and new enough, before anything is done.
    ///
    /// # Errors
    /// The first that is not, with what to install.
    pub async fn check_programs(&self, encrypts: bool) -> Result<(), StepFailure> {
        if encrypts && self.job.engine == Engine::Rclone {
            self.programs.rclone().await?;
        }
        if self.job.to.is_some() {
            self.programs.rsync().await?;
        }
        if matches!(self.job.to, Some(Destination::Ssh(_))) {
            self.programs.ssh()?;
        }
        Ok(())
    }

    fn rsync<'b>(&'b self, destination: &'b Destination) -> Rsync<'b> {
        Rsync {
            programs: self.programs,
            destination,
            delete: self.job.delete,
            limit: self.job.limit(),
            log: self.log,
        }
    }

    async fn carried(&self, way: Way<'_>, mode: RunMode) -> Transfer {
        let Some(destination) = &self.job.to else {
            let reason = "the job names no destination";
            return Transfer::failed(StepFailure::new(
                StepFailureKind::NotStarted,
                reason,
                "name one as `to`",
            ));
        };
        self.rsync(destination).run(way, mode).await
    }

    async fn encrypted(&self, secrets: &EncryptionSecrets, mode: RunMode) -> Encryption {
        if self.job.engine == Engine::Own {
            return own::encrypt(self.job, secrets, mode).await;
        }
        let program = match self.programs.rclone().await {
            Ok(program) => program,
            Err(failure) => return Encryption::failed(failure),
        };
        if mode == RunMode::Dry {
            return rclone::encrypt(self.job, &program, secrets, mode, self.log).await;
        }
        let keys = match copy::keys(secrets) {
            Ok(keys) => keys,
            Err(error) => return own::not_started(error.to_string()),
        };
        let own = beside_rclone::prepare(self.job, keys).await;
        if own.written > 0 {
            let text = format!("encrypted {} files itself, whose names are too long for rclone", own.written);
            self.note(mode, "dtc", &text);
        }
        if own.failure.is_some() {
            return own;
        }
        both(own, rclone::encrypt(self.job, &program, secrets, mode, self.log).await)
    }

    fn note(&self, mode: RunMode, from: &str, text: &str) {
        if let (Some(log), RunMode::Real) = (self.log, mode) {
            log.line(from, text);
        }
    }
}

#[async_trait]
impl Runner for CopyRunner<'_> {
    async fn foresee(&self, secrets: &EncryptionSecrets) -> Encryption {
        (self.on_step)(Step::Encrypting);
        self.encrypted(secrets, RunMode::Dry).await
    }

    async fn encrypt(&self, kept: &Kept) -> Encryption {
        (self.on_step)(Step::Encrypting);
        let (mode, name) = (RunMode::Real, self.job.name.as_str());
        self.note(mode, "dtc", &format!("{name:?}: encryption by {} begins", self.job.engine));
        let encryption = self.encrypted(kept.secrets(), mode).await;
        self.note(mode, "dtc", &ended("encryption", encryption.failure.as_ref(), encryption.written));
        encryption
    }

    async fn transfer(&self, _: &Encrypted, mode: RunMode) -> Transfer {
        (self.on_step)(Step::Transferring);
        self.note(mode, "dtc", "rsync begins");
        let transfer = self.carried(Way::There { catalogue: &self.job.catalogue }, mode).await;
        self.note(mode, "dtc", &ended("rsync", transfer.failure.as_ref(), transfer.files));
        transfer
    }

    async fn compare(&self) -> Transfer {
        self.carried(Way::There { catalogue: &self.job.catalogue }, RunMode::Dry).await
    }

    async fn fetch(&self, into: &Path, mode: RunMode) -> Transfer {
        (self.on_step)(Step::Fetching);
        if mode == RunMode::Real
            && let Err(error) = files::create_folder(into)
        {
            let remedy = "put right what is named, then restore again";
            return Transfer::failed(StepFailure::new(
                StepFailureKind::NotStarted,
                error.to_string(),
                remedy,
            ));
        }
        self.carried(Way::Back { into }, mode).await
    }
}

/// What was done for rclone and what it did, as one step. What both could not do is named once.
fn both(own: Encryption, mut rclone: Encryption) -> Encryption {
    rclone.written += own.written;
    rclone.bytes += own.bytes;
    rclone.failed.retain(|failed| own.failed.iter().all(|other| other.path != failed.path));
    rclone.failed.extend(own.failed);
    rclone
}

fn ended(step: &str, failure: Option<&StepFailure>, files: u64) -> String {
    match failure {
        None => format!("{step} ended: {files} files"),
        Some(failure) => format!("{step} failed: {}", failure.reason),
    }
}

impl std::fmt::Debug for CopyRunner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CopyRunner").field("job", &self.job.name).finish_non_exhaustive()
    }
}
