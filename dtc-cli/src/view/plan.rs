//! A plan, as a person reads it before anything is done.

use anstyle::Style;
use dtc_adapters::SystemClock;
use dtc_provision::Plan;
use dtc_provision::phases::{Finding, Step, StepKind};
use dtc_provision::ports::Clock as _;
use dtc_provision::proofs::consent::{Act, Question};

use super::count;
use crate::consents;
use crate::document::document;
use crate::exit::Exit;
use crate::failure::{Failure, RequiredConsent};
use crate::screen::{BAD, CHANGED, GOOD, Line, NEW, QUIET, STRONG, Screen};

/// The code of a plan with something to do.
pub(crate) const PENDING: &str = "DTC-PLAN-PENDING";

/// The code of a plan that has found what somebody must decide.
const DECISION: &str = "DTC-PLAN-DECISION";

/// Why a plan is not as it should be whatever it has to do: somebody must decide about something that it has found.
pub(crate) fn undecided(plan: &Plan) -> Option<Failure> {
    let mut findings = plan.undecided().map(|finding| format!("{}: {}", finding.rule, finding.what));
    let sentence = format!("somebody must decide: {}", findings.next()?);
    let failure = Failure::new(Exit::Blocked, sentence).code(DECISION);
    Some(Failure {
        also: findings.collect(),
        ..failure.remedy("decide, put it right on the appliance, and plan again")
    })
}

/// Where the details of a step begin.
const INDENT: usize = 9;

/// Whether a Device GUID that the plan has drawn is the one that will be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewGuid {
    /// It is: the plan is kept, or applied as it is.
    Decided,
    /// Another one will be drawn when it is planned again; it is shown as *new*.
    Undecided,
}

/// What stands for a Device GUID that is not decided yet.
const NEW_GUID: &str = "*new*";

/// Shows a plan: what it does, what it finds and leaves alone.
pub(crate) fn show(screen: &Screen, plan: &Plan, new: NewGuid) {
    let place = format!("{} / {}", plan.scope.organization.name, plan.scope.location.name);
    screen.say(
        Line::new()
            .styled(STRONG, format!("Plan for {} ({})", plan.scope.host_name, plan.scope.management_address))
            .plain(format!(" at {place}")),
    );
    let mut steps = plan.steps();
    let undecided = new == NewGuid::Undecided && hide_guid(&mut steps, &plan.fresh.device_guid.to_string());
    let doing = show_steps(screen, &steps);
    if doing > 0 && undecided {
        let meaning = format!("  {NEW_GUID} a Device GUID that is drawn when the plan is saved or applied");
        screen.say(Line::new().styled(QUIET, meaning));
    }
    show_findings(screen, &plan.findings);
    let kept = match steps.len() - doing {
        0 => String::new(),
        1 => " 1 part is as the standard wants it.".to_owned(),
        kept => format!(" {kept} parts are as the standard wants them."),
    };
    match doing {
        0 => screen.say(Line::new().styled(GOOD, "Nothing to do:").plain(kept)),
        doing => screen.say(format!("{} to do.{kept}", count(doing, "step", "steps"))),
    }
}

/// Shows what is done, and what the marks mean; how many steps that is.
pub(crate) fn show_steps(screen: &Screen, steps: &[Step]) -> usize {
    let doing: Vec<&Step> = steps.iter().filter(|step| step.kind != StepKind::Keep).collect();
    if !doing.is_empty() {
        screen.say("");
        for step in &doing {
            show_step(screen, step);
        }
        screen.say("");
        screen.say(Line::new().styled(QUIET, legend(screen, &doing)));
    }
    doing.len()
}

/// Puts [`NEW_GUID`] in the place of this GUID. Whether it stood anywhere.
fn hide_guid(steps: &mut [Step], guid: &str) -> bool {
    let texts = steps.iter_mut().flat_map(|step| step.details.iter_mut().chain([&mut step.subject]));
    texts.fold(false, |hidden, text| {
        let stands = text.contains(guid);
        if stands {
            *text = text.replace(guid, NEW_GUID);
        }
        hidden || stands
    })
}

fn show_step(screen: &Screen, step: &Step) {
    let (style, mark) = mark(screen, step.kind);
    let head = Line::from("  ").styled(style, mark).styled(QUIET, format!(" {:<4} ", step.rule));
    screen.say(head.plain(&step.subject));
    for detail in &step.details {
        screen.paragraph(Line::from(" ".repeat(INDENT)), INDENT, QUIET, detail);
    }
}

/// A mark two columns wide.
fn mark(screen: &Screen, kind: StepKind) -> (Style, &'static str) {
    let on_terminal = screen.on_terminal();
    match kind {
        StepKind::Keep => (QUIET, "= "),
        StepKind::Create => (NEW, "+ "),
        StepKind::Change => (CHANGED, "~ "),
        StepKind::Irreversible => (BAD, if on_terminal { "‼ " } else { "! " }),
        StepKind::Secret => (CHANGED, if on_terminal { "🔑" } else { "* " }),
        StepKind::Run => (STRONG, if on_terminal { "▸ " } else { "> " }),
        _ => (STRONG, "- "),
    }
}

/// What the marks in use mean.
fn legend(screen: &Screen, steps: &[&Step]) -> String {
    let meanings = [
        (StepKind::Create, "new"),
        (StepKind::Change, "changed"),
        (StepKind::Secret, "a secret, escrowed before use"),
        (StepKind::Run, "runs"),
        (StepKind::Irreversible, "cannot be undone"),
    ];
    let used = meanings.into_iter().filter(|(used, _)| steps.iter().any(|step| step.kind == *used));
    let used: Vec<String> =
        used.map(|(used, meaning)| format!("{} {meaning}", mark(screen, used).1.trim_end())).collect();
    format!("  {}", used.join("   "))
}

/// Shows what is not as it should be and is left alone.
pub(crate) fn show_findings(screen: &Screen, findings: &[Finding]) {
    if !findings.is_empty() {
        screen.heading("Found, and left alone");
        for finding in findings {
            let head = Line::from("  ").styled(CHANGED, "? ").styled(QUIET, format!(" {:<4} ", finding.rule));
            screen.paragraph(head, INDENT, Style::new(), &finding.what);
        }
    }
    screen.say("");
}

/// Shows what the plan will ask before it is applied.
pub(crate) fn show_questions(screen: &Screen, plan: &Plan) {
    show_asked(screen, &plan.questions());
}

/// Shows what will be asked.
pub(crate) fn show_asked(screen: &Screen, questions: &[Question]) {
    if questions.is_empty() {
        return;
    }
    screen.heading("Before it is applied, consent is asked for");
    for question in questions {
        // What can be changed back is not called irreversible.
        let kind = if question.is_irreversible() { StepKind::Irreversible } else { StepKind::Change };
        let (style, mark) = mark(screen, kind);
        screen.paragraph(Line::from("  ").styled(style, mark), 4, Style::new(), question.consequence());
        screen.say(Line::from("    ").styled(QUIET, "by typing ").plain(&question.act().subject));
    }
}

document! {
    /// A plan: what would be done, and what it asks for.
    pub(crate) struct PlanDocument<'a> {
        /// The organisation's name.
        organization: &'a str,
        /// The location's name.
        location: &'a str,
        /// The appliance's host name.
        host_name: &'a str,
        /// The appliance's management address.
        management_address: &'a str,
        /// Whether there is nothing to do.
        empty: bool,
        /// How much there is of what.
        counts: PlanCounts,
        /// The consents that it asks for, as a file for `--consent` holds them, valid for a day.
        required_consents: Vec<RequiredConsent>,
        /// What it does, in order, and what it keeps.
        steps: Vec<Step>,
        /// What it asks before an act.
        consents: Vec<Asked>,
        /// What is not as it should be and is left alone.
        findings: &'a [Finding],
        /// The plan as it is saved.
        plan: &'a Plan,
    }
}

document! {
    /// How many parts a plan has.
    pub(crate) struct PlanCounts {
        /// Steps to do.
        to_do: usize,
        /// Parts that are as the standard wants them.
        kept: usize,
        /// Findings.
        findings: usize,
    }
}

document! {
    /// What a plan asks before an act.
    pub(crate) struct Asked {
        /// The act.
        act: Act,
        /// What will be so afterwards.
        consequence: String,
        /// Whether nothing brings back what was before.
        irreversible: bool,
        /// Whether the rest of the plan can be applied without this consent.
        may_be_withheld: bool,
    }
}

impl Asked {
    /// What a question asks.
    pub(crate) fn of(question: &Question) -> Self {
        Self {
            act: question.act().clone(),
            consequence: question.consequence().to_owned(),
            irreversible: question.is_irreversible(),
            may_be_withheld: question.may_be_withheld(),
        }
    }
}

/// The plan for scripts: the whole of it, and what follows from it.
pub(crate) fn document(plan: &Plan) -> PlanDocument<'_> {
    let steps = plan.steps();
    let kept = steps.iter().filter(|step| step.kind == StepKind::Keep).count();
    PlanDocument {
        organization: &plan.scope.organization.name,
        location: &plan.scope.location.name,
        host_name: &plan.scope.host_name,
        management_address: &plan.scope.management_address,
        empty: plan.is_empty(),
        counts: PlanCounts { to_do: steps.len() - kept, kept, findings: plan.findings.len() },
        required_consents: consents::required(&plan.questions(), SystemClock.now()),
        steps,
        consents: plan.questions().iter().map(Asked::of).collect(),
        findings: &plan.findings,
        plan,
    }
}
