//! A fact: read, or unread and why.

use std::fmt;

use serde::Serialize;

use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow;
use crate::port_error::PortError;

/// Something that is so, or the reason why it could not be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact<T> {
    /// It was read.
    Read(T),
    /// It could not be read.
    Unread(Unread),
}

/// Why a fact could not be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unread {
    /// What was found breaks a rule of the standard.
    Refused(Refusal),
    /// A service did not answer as it should.
    Port(PortError),
    /// Another fact is needed first and could not be read.
    Needs {
        /// Which.
        fact: &'static str,
    },
}

impl<T> Fact<T> {
    /// The fact, if it was read.
    pub fn ok(&self) -> Option<&T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Unread(_) => None,
        }
    }

    /// Why it could not be read.
    pub fn unread(&self) -> Option<&Unread> {
        match self {
            Self::Read(_) => None,
            Self::Unread(why) => Some(why),
        }
    }

    /// The fact, or why it is missing.
    ///
    /// # Errors
    /// It is unread.
    pub fn read(&self) -> Result<&T, &Unread> {
        match self {
            Self::Read(value) => Ok(value),
            Self::Unread(why) => Err(why),
        }
    }

    /// The fact, for reading another one that needs it; `fact` is what it is called.
    pub(crate) fn needed(&self, fact: &'static str) -> Result<&T, Unread> {
        self.ok().ok_or(Unread::Needs { fact })
    }
}

impl<T, E: Into<Unread>> From<Result<T, E>> for Fact<T> {
    fn from(read: Result<T, E>) -> Self {
        match read {
            Ok(value) => Self::Read(value),
            Err(why) => Self::Unread(why.into()),
        }
    }
}

impl From<Refusal> for Unread {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<PortError> for Unread {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl Unread {
    /// The error that it is to somebody who needs the fact.
    pub(crate) fn error(&self) -> ErrorKind {
        match self {
            Self::Refused(refusal) => refusal.clone().into(),
            Self::Port(error) => error.clone().into(),
            Self::Needs { fact } => ErrorKind::Stale { changed: format!("{fact} could not be read") },
        }
    }

    /// Whether it is a secret that the vault holds and that is not fit for use (E3a).
    pub(crate) fn is_unfit(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.rule == escrow::RULE)
    }

    /// From an error of reading.
    pub(crate) fn from_error(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Refused(refusal) => Self::Refused(refusal.clone()),
            ErrorKind::Port(error) => Self::Port(error.clone()),
            other => Self::Refused(Refusal::precondition("X1", other.to_string(), "Run again")),
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Port(error) => error.fmt(f),
            Self::Needs { fact } => write!(f, "{fact} could not be read"),
        }
    }
}
