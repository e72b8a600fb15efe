//! A plan as a person reads it: one step a line.

use serde::{Deserialize, Serialize};

use crate::standard::Difference;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepKind {
    /// Nothing.
    Keep,
    /// It makes something new.
    Create,
    /// It changes something.
    Change,
    /// It cannot be undone.
    Irreversible,
    /// It makes a secret and escrows it.
    Secret,
    /// It runs something.
    Run,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// The rules it follows.
    pub rule: &'static str,
    /// What it does.
    pub kind: StepKind,
    /// To what.
    pub subject: String,
    /// How, a line each.
    pub details: Vec<String>,
}

impl Step {
    pub(crate) fn new(rule: &'static str, kind: StepKind, subject: impl Into<String>) -> Self {
        Self { rule, kind, subject: subject.into(), details: Vec::new() }
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    pub(crate) fn differences(self, differences: &[Difference]) -> Self {
        differences.iter().fold(self, |step, difference| step.detail(difference.to_string()))
    }
}

/// Something that is not as it should be, and that nothing is done about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule it is about.
    pub rule: String,
    /// What is so.
    pub what: String,
    /// Whether somebody must decide about it: as long as it stands, a verification fails, and no plan puts it right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_decide: bool,
}

impl Finding {
    pub(crate) fn new(rule: &str, what: impl Into<String>) -> Self {
        Self { rule: rule.to_owned(), what: what.into(), to_decide: false }
    }

    /// A finding that somebody must decide about.
    pub(crate) fn to_decide(rule: &str, what: impl Into<String>) -> Self {
        Self { to_decide: true, ..Self::new(rule, what) }
    }
}
