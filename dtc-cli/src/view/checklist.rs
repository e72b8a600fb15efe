//! The checklist, with its evidence.

use anstyle::Style;
use dtc_provision::Report;
use dtc_provision::verify::{Item, PoolProof, Proof, Sample, Verdict};
use serde_json::{Value, json};

use super::{bytes, count};
use crate::screen::{BAD, CHANGED, GOOD, Line, QUIET, STRONG, Screen};

/// Where evidence begins beside an item.
const EVIDENCE: usize = 60;

/// Shows every item, what was opened, and what cannot be in the backup.
pub(crate) fn show(screen: &Screen, report: &Report) {
    for item in &report.items {
        show_item(screen, item);
    }
    if !report.proofs.is_empty() {
        screen.heading("Fetched with what the vault gives back, opened, and compared with the source");
        for proof in &report.proofs {
            show_proof(screen, proof);
        }
    }
    if !report.coverage.is_empty() {
        screen.heading("On the appliance, and not in the backup");
        for line in &report.coverage {
            screen.paragraph(Line::from("  ").styled(CHANGED, "? "), 4, Style::new(), line);
        }
    }
    screen.say("");
    let (style, word) = if report.passed() { (GOOD, "Verified: ") } else { (BAD, "Not as it should be: ") };
    screen.say(Line::new().styled(style, word).plain(format!("{}.", report.summary())));
    if report.data_at_risk() {
        screen.say(Line::new().styled(BAD, "Data is at risk: ").plain("what was backed up does not open."));
    }
}

fn show_item(screen: &Screen, item: &Item) {
    let (style, mark) = verdict(screen, item.verdict);
    let start = Line::from("  ").styled(style, mark).plain(format!(" {:>2} ", item.number));
    let start = start.styled(QUIET, format!("{:<3} ", item.rule));
    let indent = start.width();
    screen.beside(start.plain(item.title), EVIDENCE, indent, &item.evidence);
}

/// A mark: a glyph on a terminal, else a word that can be searched for.
fn verdict(screen: &Screen, verdict: Verdict) -> (Style, &'static str) {
    match (verdict, screen.on_terminal()) {
        (Verdict::Pass, true) => (GOOD, "✓"),
        (Verdict::Pass, false) => (GOOD, "ok  "),
        (Verdict::Fail, true) => (BAD, "✗"),
        (Verdict::Fail, false) => (BAD, "FAIL"),
        (Verdict::NotCheckable, true) => (CHANGED, "–"),
        (Verdict::NotCheckable, false) => (CHANGED, "n/a "),
    }
}

fn show_proof(screen: &Screen, proof: &PoolProof) {
    let objects = usize::try_from(proof.objects).unwrap_or(usize::MAX);
    let held = format!(": {} in the bucket, {}", count(objects, "object", "objects"), bytes(proof.bytes));
    screen.say(Line::from("  ").styled(STRONG, &proof.pool).plain(held));
    for sample in &proof.samples {
        show_sample(screen, sample);
    }
}

fn show_sample(screen: &Screen, sample: &Sample) {
    let (judged, evidence) = match &sample.proof {
        Proof::Content => (Verdict::Pass, format!("{}, equal to the byte", bytes(sample.size))),
        Proof::Hash => (Verdict::Pass, format!("{}, B2's hash is its source's", bytes(sample.size))),
        Proof::Keys { authenticated, but } => {
            (Verdict::Pass, format!("{} of {} open; {but}", bytes(*authenticated), bytes(sample.size)))
        }
        Proof::Failed { reason } => (Verdict::Fail, reason.clone()),
    };
    let (style, mark) = verdict(screen, judged);
    let start = Line::from("  ").styled(style, mark).plain(" ");
    let indent = start.width();
    screen.beside(start.plain(&sample.source), EVIDENCE, indent, &evidence);
}

/// The report for scripts.
pub(crate) fn json(report: &Report) -> Value {
    let mut value = json!(report);
    value["passed"] = json!(report.passed());
    value["data_at_risk"] = json!(report.data_at_risk());
    value["summary"] = json!(report.summary());
    value
}
