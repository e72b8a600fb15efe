//! Both steps, one after the other.

use serde::Serialize;

use super::job::CopyJob;
use super::kept::Kept;
use super::plan::CopyPlan;
use super::runner::{Encrypted, Encryption, RunMode, Runner, Transfer};
use crate::outcome::Outcome;
use crate::secret::EncryptionSecrets;

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RunReport {
    /// The first step.
    pub encryption: Encryption,
    /// The second step; null where the job has none, and where it did not begin, since the first one did not end as it should.
    pub transfer: Option<Transfer>,
    /// Whether the second step did not begin, although the job has one.
    pub transfer_withheld: bool,
}

impl RunReport {
    /// How the run ends: as its worst step.
    pub fn outcome(&self) -> Outcome {
        let first = self.encryption.failure.as_ref();
        let second = self.transfer.as_ref().and_then(|transfer| transfer.failure.as_ref());
        match first.or(second) {
            Some(failure) => failure.kind.outcome(),
            None if self.encryption.failed.is_empty() => Outcome::AsItShouldBe,
            None => Outcome::Incomplete,
        }
    }
}

/// Encrypts, then carries. The second step begins only if the first one ended and left nothing out (Y2).
pub async fn run(job: &CopyJob, kept: &Kept, runner: &dyn Runner) -> RunReport {
    let encryption = runner.encrypt(kept).await;
    second(job, encryption, runner, RunMode::Real, job.to.is_some()).await
}

/// Says what both steps would do, and writes nothing. The second knows the catalogue as it is now; of one that is not there it says nothing.
pub async fn dry_run(
    job: &CopyJob,
    plan: &CopyPlan,
    secrets: &EncryptionSecrets,
    runner: &dyn Runner,
) -> RunReport {
    let encryption = runner.foresee(secrets).await;
    second(job, encryption, runner, RunMode::Dry, job.to.is_some() && plan.catalogue_exists).await
}

async fn second(
    job: &CopyJob,
    encryption: Encryption,
    runner: &dyn Runner,
    mode: RunMode,
    begins: bool,
) -> RunReport {
    let transfer = match Encrypted::by(&encryption) {
        Some(encrypted) if begins => Some(runner.transfer(&encrypted, mode).await),
        _ => None,
    };
    let transfer_withheld = job.to.is_some() && transfer.is_none();
    RunReport { encryption, transfer, transfer_withheld }
}
