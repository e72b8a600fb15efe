//! Workloads: the first part of bucket names.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::text_form::text_form;

/// The kind of system whose backups a bucket holds (N1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Workload {
    /// TrueNAS appliances: `truenas`.
    TrueNas,
}

impl Workload {
    /// All workloads.
    pub const ALL: &'static [Self] = &[Self::TrueNas];

    /// Returns the workload's part of bucket names.
    pub const fn token(self) -> &'static str {
        match self {
            Self::TrueNas => "truenas",
        }
    }

    pub(crate) fn from_token(token: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|workload| workload.token() == token)
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.token())
    }
}

impl FromStr for Workload {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::from_token(text).ok_or_else(|| unknown(text).of("workload", text))
    }
}

/// The breach of a text that is not the name of a workload.
pub(crate) fn unknown(text: &str) -> Breach {
    let known: Vec<&str> = Workload::ALL.iter().map(|workload| workload.token()).collect();
    Breach {
        rule: RuleId::N1,
        kind: ErrorKind::Shape,
        span: 0..text.len(),
        problem: format!("it is not the name of a known workload (known: {})", known.join(", ")),
        remedy: "use a known workload, lower case",
    }
}

text_form!(Workload);
