//! `dtc replication verify`.

use clap::Args;
use dtc_adapters::SystemClock;
use dtc_provision::jiff::Timestamp;
use dtc_provision::ports::Clock as _;
use dtc_provision::replication::{self, ReplicationItem, ReplicationItemId, ReplicationReport};
use dtc_provision::verify::Verdict;

use super::chosen::Chosen;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{CHANGED, GOOD, Line, STRONG, Screen};
use crate::view;

/// Where evidence begins beside an item.
const EVIDENCE: usize = 50;

/// Check both ends: snapshots, their age, the vault's keys, sampled files. Writes nothing, and unlocks nothing.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
}

document! {
    /// What a verification of a replication has found.
    pub(crate) struct ReplicationVerified<'a> {
        /// The replication's name.
        name: &'a str,
        /// When it was looked.
        looked: Timestamp,
        /// Item by item.
        items: &'a [ReplicationItem],
        /// Encryption roots of sources whose passphrase nobody has given.
        unknown_keys: &'a [String],
    }
}

/// Verifies, and shows what was found.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let read = arguments.chosen.read(screen)?;
    screen.begins(Phase::Connecting);
    let (views, ends) = read.views().await?;
    screen.begins(Phase::Verifying);
    let wanted = &read.replication.wanted;
    let report = replication::verify(&read.site, wanted, &views, &ends, SystemClock.now()).await;
    let report = report.map_err(|error| read.failed(error))?;
    Ok(shown(screen, &report))
}

/// Shows a report.
pub(crate) fn show(screen: &Screen, report: &ReplicationReport) {
    screen.say("");
    screen.say(Line::new().styled(STRONG, format!("Verification of the replication {:?}", report.name)));
    for item in &report.items {
        let (style, mark) = view::checklist::verdict(screen, item.verdict);
        let start = Line::from("  ").styled(style, mark).plain(" ").plain(title(item.id));
        screen.beside(start, EVIDENCE, 4, &item.evidence);
    }
    for root in &report.unknown_keys {
        let text =
            format!("{root} opens with a passphrase that nobody has given: its proof is not checkable");
        screen.say(Line::from("  ").styled(CHANGED, text));
    }
}

/// Shows a report, and ends with what it proves.
pub(super) fn shown(screen: &Screen, report: &ReplicationReport) -> Exit {
    show(screen, report);
    let document = ReplicationVerified {
        name: &report.name,
        looked: report.at,
        items: &report.items,
        unknown_keys: &report.unknown_keys,
    };
    match failure(report) {
        None => {
            screen.say(Line::new().styled(GOOD, "The snapshots are there, and the vault's keys open them."));
            screen.done(&document)
        }
        Some(failure) => screen.ended(&failure, &document),
    }
}

fn title(id: ReplicationItemId) -> &'static str {
    match id {
        ReplicationItemId::Task => "the task is as it should be",
        ReplicationItemId::LastRun => "its last run ended well",
        ReplicationItemId::Arrived => "the newest snapshot has arrived",
        ReplicationItemId::Age => "it is not too old",
        ReplicationItemId::Retention => "snapshots are kept as long as wanted",
        ReplicationItemId::Opens => "the vault's keys open it",
        ReplicationItemId::SourceKeys => "the vault's keys open the source",
        ReplicationItemId::Files => "sampled files are equal",
        ReplicationItemId::DeviceGuid => "the Device GUID stayed behind",
        ReplicationItemId::LeftOpen => "no proof has left it open",
        _ => title_of_another(),
    }
}

/// Of an item added later.
fn title_of_another() -> &'static str {
    "another item"
}

/// Why a verification does not end with 0.
pub(crate) fn failure(report: &ReplicationReport) -> Option<Failure> {
    let exit = Exit::from(report.outcome());
    let all = report.items.len();
    let (code, sentence, remedy) = match exit {
        Exit::Done => return None,
        Exit::DataAtRisk => (
            "DTC-REPLICATION-DATA-AT-RISK",
            "the destination does not open with the vault's key, or holds other files".to_owned(),
            "keep both ends as they are; find out whether the source was given another key",
        ),
        Exit::Differs => (
            "DTC-REPLICATION-DIFFERS",
            format!("of {all} items {} are not as they should be", report.with(Verdict::Fail).count()),
            "dtc replication plan shows what would put right what it can",
        ),
        _ => (
            "DTC-REPLICATION-INCOMPLETE",
            format!(
                "nothing failed, and {} items could not be checked",
                report.with(Verdict::NotCheckable).count()
            ),
            "do as stands beside them, then verify again",
        ),
    };
    Some(Failure::new(exit, sentence).code(code).remedy(remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its list in the schemas is written by hand.
    #[test]
    fn every_item_has_a_title_and_is_in_the_schema() {
        let schema = include_str!("../../../../docs/schema/replication-verify.json");
        for id in ReplicationItemId::ALL {
            assert_ne!(title(id), title_of_another(), "{id:?}");
            let word = serde_json::to_string(&id).unwrap();
            assert!(schema.contains(&word), "{word} is not in the schema");
        }
    }
}
