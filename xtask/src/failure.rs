//! What went wrong, and what mends it, in one line.

use std::fmt;

/// A step that did not pass.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    mend: String,
}

impl Failure {
    /// Says what failed, and what a person does about it.
    pub(crate) fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { what: what.into(), mend: mend.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.what, self.mend)
    }
}
