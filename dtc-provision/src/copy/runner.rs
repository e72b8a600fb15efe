//! What a copy needs of programs and disks, as a port; and what each step did.

use std::path::Path;

use async_trait::async_trait;
use serde::Serialize;

use super::kept::Kept;
use crate::outcome::Outcome;
use crate::secret::EncryptionSecrets;

/// Whether a step writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    /// It only says what it would do.
    Dry,
    /// It does it.
    Real,
}

/// Carries the steps out.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Says what the first step would do. Writes nothing.
    async fn foresee(&self, secrets: &EncryptionSecrets) -> Encryption;
    /// The first step: encrypts what is new or has changed in the source into the catalogue.
    async fn encrypt(&self, kept: &Kept) -> Encryption;
    /// The second step: carries the catalogue to its destination.
    async fn transfer(&self, encrypted: &Encrypted, mode: RunMode) -> Transfer;
    /// What the destination lacks, or has otherwise, of the catalogue. Writes nothing.
    async fn compare(&self) -> Transfer;
    /// The way back: fetches the catalogue from its destination into this folder.
    async fn fetch(&self, into: &Path, mode: RunMode) -> Transfer;
}

/// What the first step did. After a dry run, what it would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Encryption {
    /// Files that were encrypted.
    pub written: u64,
    /// Their plain length in bytes.
    pub bytes: u64,
    /// Files of the catalogue that were deleted, since their source is gone.
    pub removed: u64,
    /// Files that could not be encrypted, and why.
    pub failed: Vec<FailedPath>,
    /// Links, pipes, sockets and devices, which no copy has.
    pub skipped: Vec<String>,
    /// Why the step did not end as it should; null where it did.
    pub failure: Option<StepFailure>,
}

/// What the second step did, or the way back. After a dry run, what it would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Transfer {
    /// Files that were carried.
    pub files: u64,
    /// Their length in bytes.
    pub bytes: u64,
    /// Files that were deleted at the destination, since the catalogue no longer has them.
    pub removed: u64,
    /// The first of the files that are not there after a failure, by their stored paths; of a dry run, those that would be carried.
    pub missing: Vec<String>,
    /// Why the step did not end as it should; null where it did.
    pub failure: Option<StepFailure>,
}

/// A file or folder that a step could not process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FailedPath {
    /// Its plain path.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// Why a step did not end as it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepFailure {
    /// What kind of failure it is.
    pub kind: StepFailureKind,
    /// What was attempted, and what came back.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

/// Kinds of failures of a step, by what is done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepFailureKind {
    /// The program could not be started.
    NotStarted,
    /// The server was not reached, or did not let us in.
    Unreachable,
    /// The server shows another host key than the one that is expected. Nothing was sent.
    WrongHost,
    /// Part of it was done. What was written is valid.
    Partial,
    /// The program was killed, or lost. What was written is valid.
    Killed,
}

impl StepFailureKind {
    /// How a run with it ends.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::NotStarted | Self::Unreachable => Outcome::Precondition,
            Self::WrongHost => Outcome::Blocked,
            Self::Partial | Self::Killed => Outcome::Incomplete,
        }
    }
}

impl StepFailure {
    /// A failure of this kind.
    pub fn new(kind: StepFailureKind, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { kind, reason: safe_text::safe(&reason.into()).into_owned(), remedy: remedy.into() }
    }
}

impl FailedPath {
    /// A path that failed.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

impl Encryption {
    /// A step that ended like this before it did anything.
    pub fn failed(failure: StepFailure) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }
}

impl Transfer {
    /// A step that ended like this before it did anything.
    pub fn failed(failure: StepFailure) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }
}

/// The proof that a first step ended and left nothing out. Without it no second step begins (Y2).
///
/// ```compile_fail,E0423
/// use dtc_provision::copy::Encrypted;
///
/// let forged: Encrypted = Encrypted(());
/// ```
///
/// ```
/// use dtc_provision::copy::{Encrypted, Encryption};
///
/// let shown: Option<Encrypted> = Encrypted::by(&Encryption::default());
/// ```
#[derive(Debug)]
pub struct Encrypted(());

impl Encrypted {
    /// The proof, of a step that gives it.
    pub fn by(step: &Encryption) -> Option<Self> {
        (step.failure.is_none() && step.failed.is_empty()).then_some(Self(()))
    }
}
