//! What was not looked at, or not sent, is never called proven.

use dtc_provision::Outcome;
use dtc_provision::ports::memory::{DatasetState, Side};
use dtc_provision::ports::{Way, memory::EndState};
use dtc_provision::replication::{self, ReplicationItemId as Id};
use dtc_provision::verify::Verdict;

use super::scene::{Pair, item};
use crate::scene::block_on;

/// A raw replication of a dataset and one below it, open on both sides.
fn open() -> Pair {
    let pair = Pair::raw();
    pair.run().unwrap();
    pair.unlock();
    assert_eq!(item(&pair.verify(), Id::Files).0, Verdict::Pass);
    pair
}

/// One dataset of several that cannot be read leaves the files unproven, whatever the others show.
#[test]
fn r6_files_of_a_dataset_that_cannot_be_read_are_not_checkable() {
    let unmount =
        |name: &'static str| move |end: &mut EndState| end.dataset_mut(name).unwrap().mounted = false;
    let pair = open();
    pair.change(Side::Receiving, unmount("backup/site/data/offices"));
    let report = pair.verify();
    let (verdict, why) = item(&report, Id::Files);
    assert_eq!(verdict, Verdict::NotCheckable);
    assert!(why.contains("backup/site/data/offices is not mounted"), "{why}");
    let pair = open();
    pair.change(Side::Sending, unmount("tank/data/offices"));
    let report = pair.verify();
    let (verdict, why) = item(&report, Id::Files);
    assert_eq!(
        (verdict, why.contains("tank/data/offices is not mounted")),
        (Verdict::NotCheckable, true),
        "{why}"
    );
}

#[test]
fn r6_a_dataset_without_a_snapshot_is_not_called_arrived() {
    let pair = open();
    pair.change(Side::Sending, |end| {
        end.add_dataset(DatasetState::new("tank/data/new".parse().unwrap()));
    });
    let report = pair.verify();
    let (verdict, why) = item(&report, Id::Arrived);
    assert_eq!(verdict, Verdict::NotCheckable, "{why}");
    assert!(why.contains("tank/data/new has no snapshot"), "{why}");
}

/// A source that is added later is sent, although the first one has arrived long ago.
#[test]
fn r3_a_source_that_is_added_later_is_sent() {
    let mut pair = Pair::new(Way::Push, "tank/plain", "backup/site");
    pair.wanted.sources.push("tank/data".parse().unwrap());
    pair.run().unwrap();
    pair.change(Side::Receiving, |end| end.datasets.retain(|held| held.name.as_str() != "backup/site/data"));
    pair.change(Side::Receiving, |end| {
        end.datasets.retain(|held| !held.name.as_str().starts_with("backup/site/data/"));
    });
    let report = pair.run().unwrap();
    assert_eq!(item(&report, Id::Arrived).0, Verdict::Pass, "{report:?}");
}

#[test]
fn r5_a_destination_that_is_not_there_is_no_unlocked_one() {
    let pair = Pair::raw();
    let (ports, ends) = (pair.world.ports(), pair.ends());
    let views = ports.views();
    let unlocked = replication::unlock(&pair.site, &pair.wanted, &views, ends.to.as_ref());
    let error = block_on(unlocked).unwrap_err();
    assert!(error.to_string().contains("there is nothing to unlock"), "{error}");
    assert_eq!(error.outcome(), Outcome::Precondition);
}

/// Such a run would send the destination along with the source, or compare the source with itself.
#[test]
fn r1_a_local_destination_is_not_the_source_nor_within_it() {
    for destination in ["tank/plain", "tank/plain/copy"] {
        let mut pair = Pair::new(Way::Local, "tank/plain", destination);
        pair.wanted.recursive = true;
        pair.refused(&["R1", destination, "target_dataset"]);
    }
}
