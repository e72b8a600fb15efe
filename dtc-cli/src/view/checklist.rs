//! The checklist, with its evidence.

use std::path::Path;

use anstyle::Style;
use dtc_provision::verify::{Item, ItemId, PoolProof, Proof, Sample, Verdict};
use dtc_provision::{Outcome, Report};

use super::{bytes, count};
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
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
    let (style, word) = match report.outcome() {
        Outcome::AsItShouldBe => (GOOD, "Verified: "),
        Outcome::Incomplete | Outcome::Precondition => (CHANGED, "Not all of it could be checked: "),
        _ => (BAD, "Not as it should be: "),
    };
    screen.say(Line::new().styled(style, word).plain(format!("{}.", report.summary())));
    if report.data_at_risk() {
        let what = "objects arrive whole and do not open, or are not what they must be.";
        screen.say(Line::new().styled(BAD, "Data is at risk: ").plain(what));
    }
}

/// Why a verification does not end with 0.
pub(crate) fn failure(report: &Report) -> Option<Failure> {
    let (exit, all) = (Exit::from(report), report.items.len());
    let open = report.count(Verdict::NotCheckable);
    let (code, sentence) = match exit {
        Exit::Done => return None,
        Exit::DataAtRisk => {
            ("DTC-VERIFY-DATA-AT-RISK", "objects arrive whole and are not what they must be".to_owned())
        }
        Exit::Differs => {
            let failed = report.count(Verdict::Fail);
            ("DTC-VERIFY-FAILED", format!("of {all} items {failed} are not as they should be"))
        }
        Exit::Incomplete if report.unproven().is_some() => (
            "DTC-VERIFY-UNPROVEN",
            "nothing failed, and it is not proven that the backup can be recovered".to_owned(),
        ),
        Exit::Incomplete => (
            "DTC-VERIFY-INCOMPLETE",
            format!("nothing failed, and of {all} items {open} could not be checked"),
        ),
        other => (other.error_code(), "no item could be checked".to_owned()),
    };
    Some(Failure::new(exit, sentence).code(code))
}

/// Says what to do next, for this site file.
pub(crate) fn show_next(screen: &Screen, report: &Report, site: &Path) {
    screen.say("");
    screen.paragraph(Line::new().styled(STRONG, "Next: "), 6, Style::new(), &next(report, site));
}

/// What to do next.
fn next(report: &Report, site: &Path) -> String {
    let site = site.display();
    match report.outcome() {
        Outcome::AsItShouldBe => {
            format!("nothing to do; run dtc verify --site {site} again from time to time, to keep proving it")
        }
        Outcome::DataAtRisk => {
            "keep the sources and the bucket as they are, find out what wrote the objects that are named, and have them \
             uploaded again under new versions; see DTC-VERIFY-DATA-AT-RISK in docs/errors.md"
                .to_owned()
        }
        Outcome::Differs if only_the_way_fails(report) => format!("{ON_THE_WAY}, then run dtc verify --site {site} again"),
        Outcome::Differs => {
            format!("dtc plan --site {site} shows what would put right what differs; it writes nothing")
        }
        _ => format!(
            "put right what stands beside the items that are not checkable, then run dtc verify --site {site} again"
        ),
    }
}

/// What to do where objects do not arrive as they are listed.
const ON_THE_WAY: &str = "look for what changes or cuts data between B2 and this machine, such as a proxy or a firewall that inspects it";

/// Whether nothing fails but that objects do not arrive whole: no plan puts that right.
fn only_the_way_fails(report: &Report) -> bool {
    let mut failed = report.items.iter().filter(|item| item.verdict == Verdict::Fail);
    !report.data_at_risk() && failed.all(|item| item.id == ItemId::Recoverable)
}

fn show_item(screen: &Screen, item: &Item) {
    let (style, mark) = verdict(screen, item.verdict);
    let start = Line::from("  ").styled(style, mark).plain(format!(" {:>2} ", item.number));
    let start = start.styled(QUIET, format!("{:<3} ", item.rule));
    let indent = start.width();
    screen.beside(start.plain(item.title), EVIDENCE, indent, &item.evidence);
}

/// A mark: a glyph on a terminal, else a word that can be searched for.
pub(crate) fn verdict(screen: &Screen, verdict: Verdict) -> (Style, &'static str) {
    match (verdict, screen.on_terminal()) {
        (Verdict::Pass, true) => (GOOD, "✓"),
        (Verdict::Pass, false) => (GOOD, "ok  "),
        (Verdict::Fail, true) => (BAD, "✗"),
        (Verdict::Fail, false) => (BAD, "FAIL"),
        (Verdict::NotCheckable, true) => (CHANGED, "?"),
        (Verdict::NotCheckable, false) => (CHANGED, "????"),
        (Verdict::NotApplicable, true) => (QUIET, "–"),
        (Verdict::NotApplicable, false) => (QUIET, "n/a "),
    }
}

fn show_proof(screen: &Screen, proof: &PoolProof) {
    let objects = usize::try_from(proof.objects).unwrap_or(usize::MAX);
    let held = format!(": {} in the bucket, {}", count(objects, "object", "objects"), bytes(proof.bytes));
    screen.say(Line::from("  ").styled(STRONG, &proof.pool).plain(held));
    for sample in &proof.samples {
        show_sample(screen, sample);
    }
    if let Some(why) = &proof.unlisted {
        let (style, mark) = verdict(screen, Verdict::NotCheckable);
        let start = Line::from("  ").styled(style, mark).plain(" ");
        let indent = start.width();
        screen.paragraph(start, indent, Style::new(), &format!("the listing is not whole: {why}"));
    }
}

fn show_sample(screen: &Screen, sample: &Sample) {
    let (judged, evidence) = match &sample.proof {
        Proof::Content => (Verdict::Pass, format!("{}, equal to the byte", bytes(sample.size))),
        Proof::Hash => (Verdict::Pass, format!("{}, B2's hash is its source's", bytes(sample.size))),
        Proof::Keys { authenticated, but } => {
            (Verdict::Pass, format!("{} of {} open; {but}", bytes(*authenticated), bytes(sample.size)))
        }
        Proof::Failed { reason } | Proof::Damaged { reason } => (Verdict::Fail, reason.clone()),
        Proof::NotCheckable { reason, .. } => (Verdict::NotCheckable, reason.clone()),
    };
    let (style, mark) = verdict(screen, judged);
    let start = Line::from("  ").styled(style, mark).plain(" ");
    let indent = start.width();
    let what = if sample.source.is_empty() { &sample.object } else { &sample.source };
    screen.beside(start.plain(what), EVIDENCE, indent, &evidence);
}

document! {
    /// A verification: the checklist, and the proof of recoverability beneath it.
    pub(crate) struct ReportDocument<'a> {
        /// The report.
        #[serde(flatten)]
        report: &'a Report,
        /// Whether every item that applies was looked at and is as it should be.
        passed: bool,
        /// Whether objects arrive whole and are not what they must be.
        data_at_risk: bool,
        /// How many items were found to be what.
        counts: ItemCounts,
        /// The items that failed or could not be checked, each with what to do.
        failures: Vec<OpenItem<'a>>,
        /// What to do next.
        to_do: String,
    }
}

document! {
    /// How many items were found to be what.
    pub(crate) struct ItemCounts {
        /// As they should be.
        passed: usize,
        /// Not as they should be.
        failed: usize,
        /// Not looked at, though they should be.
        not_checkable: usize,
        /// With nothing to look at.
        not_applicable: usize,
    }
}

document! {
    /// An item that failed or could not be checked, with what to do.
    pub(crate) struct OpenItem<'a> {
        /// The rule's code.
        code: String,
        /// Which item.
        item: ItemId,
        /// Its number in the procedure's checklist.
        number: u8,
        /// What was found.
        verdict: Verdict,
        /// Where and how.
        evidence: &'a str,
        /// What to do.
        remedy: &'static str,
    }
}

/// The report for scripts.
pub(crate) fn document<'a>(report: &'a Report, site: &Path) -> ReportDocument<'a> {
    let unsettled =
        report.items.iter().filter(|item| matches!(item.verdict, Verdict::Fail | Verdict::NotCheckable));
    ReportDocument {
        report,
        passed: report.passed(),
        data_at_risk: report.data_at_risk(),
        counts: ItemCounts {
            passed: report.count(Verdict::Pass),
            failed: report.count(Verdict::Fail),
            not_checkable: report.count(Verdict::NotCheckable),
            not_applicable: report.count(Verdict::NotApplicable),
        },
        failures: unsettled.map(|item| open(item, report)).collect(),
        to_do: next(report, site),
    }
}

/// An item that failed or could not be checked, with what to do.
fn open<'a>(item: &'a Item, report: &Report) -> OpenItem<'a> {
    let remedy = match item.verdict {
        Verdict::Fail if item.id == ItemId::Recoverable && !report.data_at_risk() => ON_THE_WAY,
        Verdict::Fail if item.id == ItemId::Recoverable => {
            "find out what wrote the objects that are named, and have them uploaded again"
        }
        Verdict::Fail => "dtc plan shows what would put it right",
        _ => "put right what the evidence says, then verify again",
    };
    OpenItem {
        code: format!("DTC-RULE-{}", item.rule.to_uppercase()),
        item: item.id,
        number: item.number,
        verdict: item.verdict,
        evidence: &item.evidence,
        remedy,
    }
}
