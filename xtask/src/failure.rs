//! What went wrong, and what a person does about it, in one line.

use std::fmt;

/// A step that did not pass.
#[derive(Debug)]
pub(crate) struct Failure {
    step: Option<&'static str>,
    what: String,
    remedy: String,
}

impl Failure {
    /// Says what failed, and what a person does about it.
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { step: None, what: what.into(), remedy: remedy.into() }
    }

    /// Says which step of a chore failed.
    pub(crate) fn in_step(self, name: &'static str) -> Self {
        Self { step: Some(name), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(step) = self.step {
            write!(f, "{step}: ")?;
        }
        write!(f, "{}; {}", self.what, self.remedy)
    }
}
