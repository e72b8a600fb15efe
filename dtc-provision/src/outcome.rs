//! What a run comes to (X6).

use serde::Serialize;

/// What a run comes to, by what it proves (X6): the command line gives each an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    AsItShouldBe,
    /// Something went wrong.
    Error,
    /// Something differs from the standard.
    Differs,
    /// Something outside must be put right first.
    Precondition,
    /// Somebody must decide first.
    Blocked,
    /// Data would be, or is, at risk.
    DataAtRisk,
    /// A part of it could not be done or checked.
    Incomplete,
}
