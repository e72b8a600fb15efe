//! What is found later: drift, lost keys, files that differ; and opening the destination with the vault alone.

use dtc_provision::Outcome;
use dtc_provision::jiff::SignedDuration;
use dtc_provision::ports::memory::{EndState, Moment, Side, State};
use dtc_provision::ports::{Kept, Way};
use dtc_provision::replication::{Encryption, ReplicationItemId as Id, ReplicationReport};
use dtc_provision::verify::Verdict;

use super::scene::{PASSPHRASE, Pair, item};

/// Something done to an end.
type Change = fn(&mut EndState);

fn is(report: &ReplicationReport, id: Id, verdict: Verdict, outcome: Outcome) {
    let found = item(report, id);
    assert_eq!((found.0, report.outcome()), (verdict, outcome), "{id:?}: {}", found.1);
}

#[test]
fn r6_the_destination_is_unlocked_with_the_vault_alone() {
    let pair = Pair::raw();
    pair.run().unwrap();
    // The sender is gone: nothing of it is asked.
    let good = pair.world.look(State::clone);
    pair.change(Side::Sending, |end| end.datasets.clear());
    let report = pair.unlock();
    assert_eq!(report.unlocked, ["backup/site/data", "backup/site/data/offices"]);
    assert_eq!(report.outcome(), Outcome::AsItShouldBe);
    let sender = good.end(Side::Sending).clone();
    pair.change(Side::Sending, |end| *end = sender);
    is(&pair.verify(), Id::Files, Verdict::Pass, Outcome::AsItShouldBe);
    let report = pair.unlock();
    assert!(report.unlocked.is_empty() && report.open_before.len() == 2, "{report:?}");
}

/// With a file that was downloaded from the box, by the names of either side; the vault is not asked.
#[test]
fn r6_the_destination_is_unlocked_with_a_downloaded_key_file() {
    for name in ["backup/site/data", "tank/data"] {
        let pair = Pair::raw();
        pair.run().unwrap();
        pair.world.change(|state| state.vault.records.clear());
        let wrong = format!("{{\"{name}\": \"{}\"}}", "9".repeat(64));
        let report = pair.unlock_by(&wrong);
        assert_eq!((report.failed.len(), report.outcome()), (2, Outcome::Incomplete), "{report:?}");
        assert!(report.failed["backup/site/data"].contains("no key of the file"), "{report:?}");
        let report = pair.unlock_by(&format!("{{\"{name}\": \"{}\"}}", "a".repeat(64)));
        assert_eq!(report.unlocked, ["backup/site/data", "backup/site/data/offices"], "{name}");
        assert_eq!(report.outcome(), Outcome::AsItShouldBe);
    }
    let pair = Pair::raw();
    pair.run().unwrap();
    let report = pair.unlock_by(&format!("{{\"other/data\": \"{}\"}}", "a".repeat(64)));
    assert!(report.failed["backup/site/data"].contains("names neither"), "{report:?}");
}

/// A source with a passphrase whose destination a proof has opened and, being killed, has not locked again.
fn cut_off() -> Pair {
    let scene = || {
        let mut pair = Pair::new(Way::Push, "tank/phrase", "backup/site/phrase");
        pair.of_sources = vec![("tank/phrase", PASSPHRASE)];
        pair
    };
    let whole = scene();
    whole.run().unwrap();
    let at = whole.world.log().iter().position(|call| call.name == "end.unlock").unwrap();
    let pair = scene();
    pair.world.kill_at(at, Moment::AfterEffect);
    pair.run().unwrap_err();
    pair.world.revive();
    assert!(is_open(&pair));
    pair
}

fn is_open(pair: &Pair) -> bool {
    pair.world.look(|state| {
        let found = state.end(Side::Receiving).dataset("backup/site/phrase").unwrap();
        found.key.as_ref().unwrap().is_loaded
    })
}

#[test]
fn r6_what_a_proof_that_was_cut_off_left_open_is_said_and_locked_again() {
    let pair = cut_off();
    let report = pair.verify();
    is(&report, Id::LeftOpen, Verdict::Fail, Outcome::Differs);
    assert!(item(&report, Id::LeftOpen).1.contains("backup/site/phrase"), "{report:?}");
    let plan = pair.plan().unwrap();
    assert!(!plan.is_empty() && format!("{:?}", plan.steps).contains("has left it open"), "{:?}", plan.steps);
    let report = pair.run().unwrap();
    is(&report, Id::LeftOpen, Verdict::Pass, Outcome::AsItShouldBe);
    assert!(!is_open(&pair) && pair.plan().unwrap().is_empty());
}

/// Whoever unlocks it wants it open: no later run locks it.
#[test]
fn r6_what_a_person_unlocks_stays_open() {
    let pair = cut_off();
    assert_eq!(pair.unlock().open_before, ["backup/site/phrase"]);
    is(&pair.verify(), Id::LeftOpen, Verdict::Pass, Outcome::AsItShouldBe);
    pair.run().unwrap();
    assert!(is_open(&pair) && pair.plan().unwrap().is_empty());
}

#[test]
fn r6_of_several_keys_in_the_vault_the_one_that_opens_is_used() {
    let pair = Pair::raw();
    pair.run().unwrap();
    // Another appliance had a dataset of the same name, whose key is in the vault, too.
    pair.world.change(|state| {
        let mut other = state.vault.records.last().unwrap().clone();
        other.record.device = Some("7c9e6679-7425-40de-944b-e07fc1f90ae7".parse().unwrap());
        other.record.reference.id = dtc_provision::ids::RecordId::new("9999");
        other.record.check = None;
        other.versions[0].value = "e".repeat(64);
        state.vault.records.insert(0, other);
    });
    let report = pair.unlock();
    assert_eq!((report.unlocked.len(), report.outcome()), (2, Outcome::AsItShouldBe), "{report:?}");
}

#[test]
fn r6_a_job_that_succeeds_with_failures_inside_is_a_failure() {
    let pair = Pair::raw();
    pair.run().unwrap();
    pair.change(Side::Receiving, |end| {
        end.dataset_mut("backup/site/data/offices").unwrap().key.as_mut().unwrap().text = "c".repeat(64);
    });
    let report = pair.unlock();
    assert_eq!(report.unlocked, ["backup/site/data"]);
    assert!(report.failed["backup/site/data/offices"].contains("Invalid Key"), "{report:?}");
    assert_eq!(report.outcome(), Outcome::Incomplete);
}

#[test]
fn r6_a_key_that_no_longer_opens_is_data_at_risk() {
    let pair = Pair::raw();
    pair.run().unwrap();
    pair.change(Side::Receiving, |end| {
        end.dataset_mut("backup/site/data").unwrap().key.as_mut().unwrap().text = "c".repeat(64);
    });
    is(&pair.verify(), Id::Opens, Verdict::Fail, Outcome::DataAtRisk);
}

#[test]
fn r6_a_vault_without_the_key_proves_nothing() {
    let pair = Pair::raw();
    pair.run().unwrap();
    pair.world.change(|state| state.vault.records.clear());
    is(&pair.verify(), Id::Opens, Verdict::NotCheckable, Outcome::Incomplete);
    let report = pair.unlock();
    assert_eq!((report.failed.len(), report.outcome()), (2, Outcome::Incomplete), "{report:?}");
}

#[test]
fn r6_files_that_differ_are_data_at_risk_and_files_changed_since_are_not() {
    let pair = Pair::layered(Way::Push, Encryption::AsSource);
    pair.run().unwrap();
    let now = pair.world.look(|state| state.now);
    pair.change(Side::Sending, |end| {
        let letter = end.dataset_mut("tank/plain").unwrap().files.get_mut("letter.txt").unwrap();
        letter.content = b"changed since".to_vec();
        letter.modified = now;
    });
    is(&pair.verify(), Id::Files, Verdict::Pass, Outcome::AsItShouldBe);
    pair.change(Side::Receiving, |end| {
        let files = &mut end.dataset_mut("backup/site/plain").unwrap().files;
        files.get_mut("sub/report.txt").unwrap().content[0] ^= 1;
    });
    is(&pair.verify(), Id::Files, Verdict::Fail, Outcome::DataAtRisk);
}

#[test]
fn r6_a_snapshot_that_did_not_arrive_or_is_another_one_is_found() {
    let pair = Pair::layered(Way::Push, Encryption::AsSource);
    pair.run().unwrap();
    let target = |end: &mut EndState, change: fn(&mut Vec<dtc_provision::ports::memory::SnapshotState>)| {
        change(&mut end.dataset_mut("backup/site/plain").unwrap().snapshots);
    };
    let good = pair.world.look(State::clone);
    pair.change(Side::Receiving, |end| target(end, |held| drop(held.pop())));
    is(&pair.verify(), Id::Arrived, Verdict::Fail, Outcome::Differs);
    pair.world.change(|state| *state = good);
    pair.change(Side::Receiving, |end| {
        target(end, |held| held[1].created += SignedDuration::from_secs(1));
    });
    is(&pair.verify(), Id::Arrived, Verdict::Fail, Outcome::Differs);
}

#[test]
fn x4_a_source_that_was_renamed_or_has_another_key_is_found() {
    let pair = Pair::raw();
    pair.run().unwrap();
    let good = pair.world.look(State::clone);
    pair.change(Side::Sending, |end| {
        end.dataset_mut("tank/data").unwrap().key.as_mut().unwrap().text = "d".repeat(64);
    });
    is(&pair.verify(), Id::SourceKeys, Verdict::Fail, Outcome::Differs);
    pair.world.change(|state| *state = good);
    pair.change(Side::Sending, |end| {
        end.datasets.retain(|found| !found.name.as_str().starts_with("tank/data"));
    });
    let report = pair.verify();
    is(&report, Id::Arrived, Verdict::Fail, Outcome::Differs);
    assert!(item(&report, Id::Arrived).1.contains("tank/data"));
}

#[test]
fn x4_a_task_that_was_changed_is_found_and_put_right() {
    let changes: [(&str, Change); 4] = [
        ("destroy", |end| end.tasks[0].allows_from_scratch = true),
        ("disabled", |end| end.tasks[0].enabled = false),
        ("recursive", |end| end.tasks[0].settings.as_mut().unwrap().recursive = false),
        ("excluded_properties", |end| end.tasks[0].settings.as_mut().unwrap().excluded_properties.clear()),
    ];
    for (words, change) in changes {
        let pair = Pair::layered(Way::Push, Pair::key());
        pair.run().unwrap();
        pair.change(Side::Sending, change);
        let report = pair.verify();
        is(&report, Id::Task, Verdict::Fail, Outcome::Differs);
        assert!(item(&report, Id::Task).1.contains(words), "{words}: {}", item(&report, Id::Task).1);
        assert!(!pair.plan().unwrap().is_empty(), "{words}");
        assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe, "{words}");
        assert!(pair.plan().unwrap().is_empty(), "{words}");
    }
}

#[test]
fn x4_snapshots_that_are_late_or_kept_too_long_are_found() {
    let mut pair = Pair::layered(Way::Push, Encryption::AsSource);
    pair.wanted.schedule = Some("0 0 * * *".parse().unwrap());
    pair.wanted.kept = Kept::Days(90);
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    let good = pair.world.look(State::clone);
    pair.world.change(|state| state.now += SignedDuration::from_hours(72));
    is(&pair.verify(), Id::Age, Verdict::Fail, Outcome::Differs);
    pair.world.change(|state| *state = good);
    pair.change(Side::Receiving, |end| {
        let held = &mut end.dataset_mut("backup/site/plain").unwrap().snapshots;
        let mut old = held[0].clone();
        (old.name, old.guid) = ("auto-2026-07-01_00-00".to_owned(), 99);
        old.created -= SignedDuration::from_hours(24 * 120);
        held.insert(0, old);
    });
    is(&pair.verify(), Id::Retention, Verdict::Fail, Outcome::Differs);
}

#[test]
fn r6_a_wrong_passphrase_of_a_source_is_refused_before_the_vault_has_it() {
    let mut pair = Pair::new(Way::Push, "tank/phrase", "backup/site/phrase");
    pair.of_sources = vec![("tank/phrase", "not that passphrase")];
    let error = pair.run().unwrap_err().to_string();
    assert!(error.contains("tank/phrase") && error.contains("does not open"), "{error}");
    assert!(pair.world.look(|state| state.vault.records.is_empty()));
    pair.of_sources = vec![("tank/phrase", PASSPHRASE)];
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
}

#[test]
fn r5_a_destination_whose_key_only_its_appliance_knows_is_escrowed_from_there() {
    let pair = Pair::layered(Way::Push, Pair::key());
    pair.run().unwrap();
    pair.world.change(|state| state.vault.records.clear());
    pair.change(Side::Sending, |end| end.tasks[0].enabled = false);
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    // Of a passphrase it knows nothing, and no other one is made up for it.
    let pair = Pair::layered(Way::Push, Pair::phrase());
    pair.run().unwrap();
    pair.world.change(|state| state.vault.records.clear());
    pair.change(Side::Sending, |end| end.tasks[0].enabled = false);
    let error = pair.run().unwrap_err().to_string();
    assert!(error.contains("R5") || error.contains("holds no key"), "{error}");
    assert!(pair.world.look(|state| state.vault.records.is_empty()));
}
