//! What can go wrong, told by who must act.

use std::fmt;

use serde::Serialize;

use crate::ports::RecordRef;

/// Why a port's call failed, by what the caller does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum PortErrorKind {
    /// The service is not reachable, or answers nothing usable. Try again later.
    Unreachable,
    /// The service refused who we are. Mend the credentials.
    Unauthorized,
    /// What was asked for is not there.
    NotFound,
    /// Somebody else has it, or changed it since it was seen. Look again.
    Conflict,
    /// The service refused what was asked, and says why.
    Refused,
    /// Sent, and no answer: it happened or it did not. Look before anything else.
    OutcomeUnknown,
    /// The machine at the address is not the one expected; nothing was sent to it.
    WrongMachine,
    /// The answer does not mean what it should. A bug, here or there.
    NotUnderstood,
}

/// A failed call of a port: what was attempted, on what, and what came back.
#[derive(Debug, thiserror::Error)]
#[error("{attempted}: {answer}")]
pub struct PortError {
    kind: PortErrorKind,
    attempted: String,
    answer: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl PortError {
    /// An error of this kind: what was attempted and what came back, neither holding a secret.
    pub fn new(kind: PortErrorKind, attempted: impl Into<String>, answer: impl Into<String>) -> Self {
        Self { kind, attempted: attempted.into(), answer: answer.into(), source: None }
    }

    /// The same error with the one beneath it.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// Why it failed.
    pub fn kind(&self) -> PortErrorKind {
        self.kind
    }
}

/// A rule of the standard that stops the work before anything is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{rule}: {what}. {mend}")]
pub struct Refusal {
    /// The rule's id in `docs/standard.md`.
    pub rule: &'static str,
    /// What is wrong, naming the entity, the field and the value.
    pub what: String,
    /// What to do.
    pub mend: String,
    /// What kind of stop this is.
    pub stop: Stop,
}

/// What kind of stop a refusal is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Something outside must be put right first (exit 4).
    Precondition,
    /// Somebody must decide or give way first (exit 5).
    Blocked,
    /// Data would be, or is, at risk (exit 6).
    DataAtRisk,
}

impl Refusal {
    /// A precondition that is missing.
    pub fn precondition(rule: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { rule, what: what.into(), mend: mend.into(), stop: Stop::Precondition }
    }

    /// A decision that is missing.
    pub fn blocked(rule: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { rule, what: what.into(), mend: mend.into(), stop: Stop::Blocked }
    }

    /// Data at risk.
    pub fn data_at_risk(rule: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { rule, what: what.into(), mend: mend.into(), stop: Stop::DataAtRisk }
    }
}

/// Why observing, applying or verifying ended early.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<ErrorKind>);

/// The reasons, by what the caller does about them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A rule of the standard stops the work.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A service did not do as asked.
    #[error(transparent)]
    Port(#[from] PortError),
    /// What was observed before no longer holds (X1).
    #[error("the plan is stale: {changed}; plan again")]
    Stale {
        /// What differs.
        changed: String,
    },
    /// A consent that the plan asks for was not given (X1b).
    #[error("{subject}: consent is missing; {consequence}")]
    ConsentMissing {
        /// What must be typed.
        subject: String,
        /// What it would do.
        consequence: String,
    },
    /// The vault did not give back what it was given: nothing is used that it does not hold (E2).
    #[error(
        "{label} is not escrowed: {reason}. The secret was not used. Look at the record, put the vault right, run again"
    )]
    NotEscrowed {
        /// The record's label.
        label: String,
        /// What the vault did instead.
        reason: String,
        /// The record, if there is one.
        record: Option<RecordRef>,
    },
    /// A write reads back as something else.
    #[error("{what} was saved and reads back differently: {difference}. Nothing was enabled")]
    ReadBack {
        /// What was saved.
        what: String,
        /// Field by field.
        difference: String,
    },
    /// The first run failed on the box.
    #[error("the first run of {pool} ended badly: {reason}. Read the task's log on the box, then run again")]
    FirstRunFailed {
        /// The pool.
        pool: String,
        /// The box's words.
        reason: String,
    },
    /// The device has not been added to the inventory yet (S3).
    #[error("the inventory has no device for this box yet. {mend}")]
    DeviceAwaited {
        /// What a person has to enter, and where.
        mend: String,
    },
    /// The verification found failures, so nothing is called operational.
    #[error("verification failed: {}", failed.join("; "))]
    VerificationFailed {
        /// The failed items.
        failed: Vec<String>,
        /// Whether what failed is the proof of recoverability.
        data_at_risk: bool,
    },
}

impl Error {
    /// Why.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Whether nobody knows if the last call had its effect; the next run finds out.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(&*self.0, ErrorKind::Port(error) if error.kind() == PortErrorKind::OutcomeUnknown)
    }

    /// The exit code that says what to do: 1 error, 2 changes pending, 4 precondition, 5 blocked, 6 data at risk.
    pub fn exit_code(&self) -> u8 {
        match &*self.0 {
            ErrorKind::Refused(refusal) => match refusal.stop {
                Stop::Precondition => 4,
                Stop::Blocked => 5,
                Stop::DataAtRisk => 6,
            },
            ErrorKind::DeviceAwaited { .. } => 4,
            ErrorKind::ConsentMissing { .. } | ErrorKind::Stale { .. } => 5,
            ErrorKind::Port(error) if error.kind() == PortErrorKind::WrongMachine => 5,
            ErrorKind::VerificationFailed { data_at_risk: true, .. } => 6,
            _ => 1,
        }
    }
}

impl<E: Into<ErrorKind>> From<E> for Error {
    fn from(kind: E) -> Self {
        Self(Box::new(kind.into()))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Precondition => "a precondition is missing",
            Self::Blocked => "a decision is missing",
            Self::DataAtRisk => "data is at risk",
        })
    }
}
