//! A plan, as a person reads it before anything is done.

use anstyle::Style;
use dtc_provision::Plan;
use dtc_provision::consent::Act;
use dtc_provision::jiff::Timestamp;
use dtc_provision::plan::{Answer, Mark, Step};
use serde_json::{Value, json};

use super::count;
use crate::screen::{BAD, CHANGED, GOOD, Line, NEW, QUIET, STRONG, Screen};

/// Where the details of a step begin.
const INDENT: usize = 9;

/// Shows a plan: what it does, what it finds and leaves alone.
pub(crate) fn show(screen: &Screen, plan: &Plan) {
    let place = format!("{} / {}", plan.organization.name, plan.location.name);
    screen.say(
        Line::new()
            .styled(STRONG, format!("Plan for {} ({})", plan.host_name, plan.management_address))
            .plain(format!(" at {place}")),
    );
    let steps = plan.steps();
    let (kept, doing): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| step.mark == Mark::Keep);
    if !doing.is_empty() {
        screen.say("");
        for step in &doing {
            show_step(screen, step);
        }
        screen.say("");
        screen.say(Line::new().styled(QUIET, legend(screen, &doing)));
    }
    show_findings(screen, plan);
    let kept = match kept.len() {
        0 => String::new(),
        1 => " 1 part is as the standard wants it.".to_owned(),
        kept => format!(" {kept} parts are as the standard wants them."),
    };
    match doing.len() {
        0 => screen.say(Line::new().styled(GOOD, "Nothing to do:").plain(kept)),
        doing => screen.say(format!("{} to do.{kept}", count(doing, "step", "steps"))),
    }
}

fn show_step(screen: &Screen, step: &Step) {
    let (style, mark) = mark(screen, step.mark);
    let head = Line::from("  ").styled(style, mark).styled(QUIET, format!(" {:<4} ", step.rule));
    screen.say(head.plain(&step.subject));
    for detail in &step.details {
        screen.paragraph(Line::from(" ".repeat(INDENT)), INDENT, QUIET, detail);
    }
}

/// A mark two columns wide.
fn mark(screen: &Screen, mark: Mark) -> (Style, &'static str) {
    let on_terminal = screen.on_terminal();
    match mark {
        Mark::Keep => (QUIET, "= "),
        Mark::Create => (NEW, "+ "),
        Mark::Change => (CHANGED, "~ "),
        Mark::Irreversible => (BAD, if on_terminal { "‼ " } else { "! " }),
        Mark::Secret => (CHANGED, if on_terminal { "🔑" } else { "* " }),
        Mark::Run => (STRONG, if on_terminal { "▸ " } else { "> " }),
    }
}

/// What the marks in use mean.
fn legend(screen: &Screen, steps: &[&Step]) -> String {
    let meanings = [
        (Mark::Create, "new"),
        (Mark::Change, "changed"),
        (Mark::Secret, "a secret, escrowed before use"),
        (Mark::Run, "runs"),
        (Mark::Irreversible, "cannot be undone"),
    ];
    let used = meanings.into_iter().filter(|(used, _)| steps.iter().any(|step| step.mark == *used));
    let told: Vec<String> =
        used.map(|(used, meaning)| format!("{} {meaning}", mark(screen, used).1.trim_end())).collect();
    format!("  {}", told.join("   "))
}

fn show_findings(screen: &Screen, plan: &Plan) {
    if !plan.findings.is_empty() {
        screen.heading("Found, and left alone");
        for finding in &plan.findings {
            let head = Line::from("  ").styled(CHANGED, "? ").styled(QUIET, format!(" {:<4} ", finding.rule));
            screen.paragraph(head, INDENT, Style::new(), &finding.what);
        }
    }
    screen.say("");
}

/// Every act that the plan asks consent for, with its consequence.
pub(crate) fn acts(plan: &Plan) -> Vec<(Act, String)> {
    let mut acts = Vec::new();
    // Whoever withholds consents to nothing, so this makes no consent.
    let withheld = plan.questions().ask(Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH, |act, consequence| {
        acts.push((act.clone(), consequence.to_owned()));
        Answer::Withheld
    });
    drop(withheld);
    acts
}

/// Shows what the plan will ask before it is applied.
pub(crate) fn show_acts(screen: &Screen, plan: &Plan) {
    let acts = acts(plan);
    if acts.is_empty() {
        return;
    }
    screen.heading("Before it is applied, consent is asked for");
    for (act, consequence) in acts {
        let (style, mark) = mark(screen, Mark::Irreversible);
        screen.paragraph(Line::from("  ").styled(style, mark), 4, Style::new(), &consequence);
        screen.say(Line::from("    ").styled(QUIET, "by typing ").plain(act.subject));
    }
}

/// The plan for scripts: the whole of it, and what follows from it.
pub(crate) fn json(plan: &Plan) -> Value {
    let acts: Vec<Value> = acts(plan)
        .into_iter()
        .map(|(act, consequence)| json!({ "act": act, "consequence": consequence }))
        .collect();
    json!({
        "empty": plan.is_empty(),
        "steps": plan.steps(),
        "consents": acts,
        "findings": plan.findings,
        "plan": plan,
    })
}
