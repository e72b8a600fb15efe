//! What can go wrong, by who must act.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::RecordRef;
use crate::outcome::Outcome;
use crate::port_error::{PortError, PortErrorKind};
use crate::proofs::{Slot, WrongUse};

/// A rule of the standard that stops the work before anything is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{rule}: {what}. {remedy}")]
pub struct Refusal {
    /// The rule's id in `docs/standard.md`.
    pub rule: String,
    /// What is wrong, naming the entity, the field and the value.
    pub what: String,
    /// What to do.
    pub remedy: String,
    /// Who must act.
    pub stop: Stop,
}

/// Who must act before the work can go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// Something outside must be put right first.
    Precondition,
    /// Somebody must decide first.
    Blocked,
    /// Data would be, or is, at risk.
    DataAtRisk,
}

impl From<Stop> for Outcome {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Precondition => Self::Precondition,
            Stop::Blocked => Self::Blocked,
            Stop::DataAtRisk => Self::DataAtRisk,
        }
    }
}

impl Refusal {
    /// A precondition that is missing.
    pub fn precondition(rule: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Stop::Precondition, rule, what, remedy)
    }

    /// A decision that is missing.
    pub fn blocked(rule: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Stop::Blocked, rule, what, remedy)
    }

    /// Data at risk.
    pub fn data_at_risk(rule: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Stop::DataAtRisk, rule, what, remedy)
    }

    fn new(stop: Stop, rule: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { rule: rule.to_owned(), what: what.into(), remedy: remedy.into(), stop }
    }
}

/// Why planning, applying or verifying ended early.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    also: Vec<String>,
}

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
    /// A secret was about to be used for another appliance or bucket than its own (E2).
    #[error(transparent)]
    WrongUse(#[from] WrongUse),
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
        /// What will be so afterwards.
        consequence: String,
    },
    /// The vault did not give back what it was given: nothing is used that it does not hold (E2).
    #[error(
        "the {slot} is not escrowed: {reason}. The secret was not used. Look at the record, put the vault right, run again"
    )]
    NotEscrowed {
        /// Which part of which secret.
        slot: Slot,
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
        /// Setting by setting.
        difference: String,
    },
    /// The first run failed on the appliance.
    #[error(
        "the first run of {pool} did not succeed: {reason}. Read the task's log on the appliance, then run again"
    )]
    FirstRunFailed {
        /// The pool.
        pool: String,
        /// The appliance's words.
        reason: String,
    },
    /// A run of a replication failed on the appliance.
    #[error(
        "the run of the replication {name:?} failed: {reason}. Put that right, then run again: it goes on"
    )]
    ReplicationFailed {
        /// The replication.
        name: String,
        /// The appliance's words, and what they mean.
        reason: String,
    },
    /// The device has not been added to the inventory yet (S3).
    #[error("the inventory has no device for this appliance yet. {remedy}")]
    DeviceAwaited {
        /// What a person has to enter, and where.
        remedy: String,
    },
    /// The verification found failures, so nothing is called operational.
    #[error("verification failed: {}", failed.join("; "))]
    VerificationFailed {
        /// The failed items.
        failed: Vec<String>,
        /// Whether what was backed up does not open, or is not what it must be.
        data_at_risk: bool,
    },
    /// The verification found no failure and no proof of recoverability either, so nothing is called operational.
    #[error("nothing is called operational unproven: {why}. Put that right, then run again")]
    Unproven {
        /// Why it could not be proven.
        why: String,
    },
}

impl Error {
    /// Why.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// What else stops the work and was found in the same look, a sentence each.
    pub fn also(&self) -> &[String] {
        &self.0.also
    }

    pub(crate) fn with_also(mut self, also: Vec<String>) -> Self {
        self.0.also = also;
        self
    }

    /// Whether it is unknown if the last call took effect; the next run finds out.
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self.kind(), ErrorKind::Port(error) if error.kind() == PortErrorKind::OutcomeUnknown)
    }

    /// What the run comes to that it ended (X6).
    pub fn outcome(&self) -> Outcome {
        match self.kind() {
            ErrorKind::Refused(refusal) => refusal.stop.into(),
            ErrorKind::DeviceAwaited { .. } => Outcome::Precondition,
            ErrorKind::ConsentMissing { .. } | ErrorKind::Stale { .. } => Outcome::Blocked,
            ErrorKind::Port(error) => error.kind().outcome(),
            ErrorKind::VerificationFailed { data_at_risk: true, .. } => Outcome::DataAtRisk,
            ErrorKind::VerificationFailed { data_at_risk: false, .. } => Outcome::Differs,
            ErrorKind::Unproven { .. } => Outcome::Incomplete,
            ErrorKind::WrongUse(_)
            | ErrorKind::NotEscrowed { .. }
            | ErrorKind::ReadBack { .. }
            | ErrorKind::FirstRunFailed { .. }
            | ErrorKind::ReplicationFailed { .. } => Outcome::Error,
        }
    }

    /// Who must act before the work can go on; `None` for a failure that says nothing about that.
    pub fn stop(&self) -> Option<Stop> {
        match self.outcome() {
            Outcome::Precondition => Some(Stop::Precondition),
            Outcome::Blocked => Some(Stop::Blocked),
            Outcome::DataAtRisk => Some(Stop::DataAtRisk),
            Outcome::AsItShouldBe | Outcome::Error | Outcome::Differs | Outcome::Incomplete => None,
        }
    }

    /// The code by which scripts and support know it: of a refusal, its rule's.
    pub fn code(&self) -> String {
        match self.kind() {
            ErrorKind::Refused(refusal) => return format!("DTC-RULE-{}", refusal.rule.to_uppercase()),
            ErrorKind::Port(error) => error.kind().code(),
            ErrorKind::WrongUse(_) => "DTC-RULE-E2",
            ErrorKind::Stale { .. } => "DTC-PLAN-STALE",
            ErrorKind::ConsentMissing { .. } => "DTC-CONSENT-MISSING",
            ErrorKind::NotEscrowed { .. } => "DTC-VAULT-NOT-ESCROWED",
            ErrorKind::ReadBack { .. } => "DTC-APPLY-READ-BACK",
            ErrorKind::FirstRunFailed { .. } => "DTC-APPLY-FIRST-RUN",
            ErrorKind::ReplicationFailed { .. } => "DTC-REPLICATION-RUN",
            ErrorKind::DeviceAwaited { .. } => "DTC-APPLY-DEVICE-AWAITED",
            ErrorKind::VerificationFailed { data_at_risk: true, .. } => "DTC-VERIFY-DATA-AT-RISK",
            ErrorKind::VerificationFailed { data_at_risk: false, .. } => "DTC-VERIFY-FAILED",
            ErrorKind::Unproven { .. } => "DTC-VERIFY-UNPROVEN",
        }
        .to_owned()
    }
}

impl<E: Into<ErrorKind>> From<E> for Error {
    fn from(kind: E) -> Self {
        Self(Box::new(Inner { kind: kind.into(), also: Vec::new() }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0.kind)
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
