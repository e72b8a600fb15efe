//! Why a call of a port failed.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Why a port's call failed, by what the caller does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PortErrorKind {
    /// The service cannot be reached, or gives no usable answer. Try again later.
    Unreachable,
    /// The service refuses the credentials, or what they may do is not enough. Correct the credentials.
    Unauthorized,
    /// What was asked for does not exist.
    NotFound,
    /// Somebody else owns it, or changed it since it was read. Read it again.
    Conflict,
    /// The service refuses the request, and says why.
    Refused,
    /// The request was sent and no answer came: whether it took effect is unknown. Look before anything else.
    OutcomeUnknown,
    /// The machine at the address is not the one expected; nothing was sent to it.
    WrongMachine,
    /// The answer does not have the promised form. A defect, here or there.
    NotUnderstood,
}

/// A failed call of a port: what was attempted, on what, and what came back.
#[derive(Clone, Debug)]
pub struct PortError {
    kind: PortErrorKind,
    attempted: String,
    answer: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl PortError {
    /// An error of this kind: what was attempted and what came back, neither holding a secret.
    pub fn new(kind: PortErrorKind, attempted: impl Into<String>, answer: impl Into<String>) -> Self {
        Self { kind, attempted: attempted.into(), answer: answer.into(), source: None }
    }

    /// The same error with the one beneath it.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Why it failed.
    pub fn kind(&self) -> PortErrorKind {
        self.kind
    }

    /// What was attempted.
    pub fn attempted(&self) -> &str {
        &self.attempted
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.attempted, self.answer)
    }
}

impl std::error::Error for PortError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Errors are equal when they say the same; what lies beneath is for logs.
impl PartialEq for PortError {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.attempted, &self.answer) == (other.kind, &other.attempted, &other.answer)
    }
}

impl Serialize for PortError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            kind: PortErrorKind,
            attempted: &'a str,
            answer: &'a str,
        }
        Shown { kind: self.kind, attempted: &self.attempted, answer: &self.answer }.serialize(serializer)
    }
}
