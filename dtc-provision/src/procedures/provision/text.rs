//! A plan as plain text, line by line, and the lines in which two plans differ.

use std::fmt;

use super::plan::Plan;
use crate::phases::{Step, StepKind};

/// The mark of a step, where no terminal shows colours and symbols.
fn mark(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Keep => "=",
        StepKind::Create => "+",
        StepKind::Change => "~",
        StepKind::Irreversible => "!",
        StepKind::Secret => "*",
        StepKind::Run => ">",
    }
}

/// The same words and marks as the command line has for it, in lines that are not wrapped.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scope = &self.scope;
        let place = format!("{} / {}", scope.organization.name, scope.location.name);
        writeln!(f, "Plan for {} ({}) at {place}", scope.host_name, scope.management_address)?;
        let steps = self.steps();
        let (kept, doing): (Vec<&Step>, Vec<&Step>) =
            steps.iter().partition(|step| step.kind == StepKind::Keep);
        for line in doing.iter().flat_map(|step| lines(step)) {
            writeln!(f, "{line}")?;
        }
        for finding in &self.findings {
            writeln!(f, "  ?  {:<4} {}", finding.rule, finding.what)?;
        }
        let kept = match kept.len() {
            0 => String::new(),
            1 => " 1 part is as the standard wants it.".to_owned(),
            kept => format!(" {kept} parts are as the standard wants them."),
        };
        match doing.len() {
            0 => write!(f, "Nothing to do:{kept}"),
            1 => write!(f, "1 step to do.{kept}"),
            doing => write!(f, "{doing} steps to do.{kept}"),
        }
    }
}

fn lines(step: &Step) -> Vec<String> {
    let head = format!("  {}  {:<4} {}", mark(step.kind), step.rule, step.subject);
    let details = step.details.iter().map(|detail| format!("         {detail}"));
    std::iter::once(head).chain(details).collect()
}

impl Plan {
    /// The lines of the steps in which another plan differs from this one: those that only this one has after `- `, those that
    /// only the other has after `+ `. What is kept has lines too, so that a step that is no longer needed shows.
    pub fn diff(&self, other: &Self) -> Vec<String> {
        let all =
            |plan: &Self| -> Vec<String> { plan.steps().iter().map(|step| lines(step).join("\n")).collect() };
        let (before, after) = (all(self), all(other));
        let gone = before.iter().filter(|step| !after.contains(step)).map(|step| format!("- {step}"));
        let come = after.iter().filter(|step| !before.contains(step)).map(|step| format!("+ {step}"));
        gone.chain(come).collect()
    }
}
