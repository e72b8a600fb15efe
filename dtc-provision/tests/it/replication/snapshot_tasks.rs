//! A replication that is bound to periodic snapshot tasks (R3).

use dtc_provision::Outcome;
use dtc_provision::ids::SnapshotTaskId;
use dtc_provision::jiff::SignedDuration;
use dtc_provision::ports::memory::Side;
use dtc_provision::ports::{SentSnapshots, SnapshotTask, Way};
use dtc_provision::replication::{Encryption, ReplicationItemId as Id};
use dtc_provision::verify::Verdict;

use super::scene::{Pair, item, snapshot_task};

/// Something wrong with a snapshot task.
type Change = fn(&mut SnapshotTask);

fn bound() -> Pair {
    Pair::layered(Way::Push, Encryption::AsSource).by_task(true)
}

#[test]
fn r3_a_push_is_bound_to_the_snapshot_tasks_of_its_sources() {
    let pair = bound();
    let plan = pair.plan().unwrap();
    let shown = format!("{:?}", plan.steps);
    assert!(plan.snapshots.eligible == 2 && shown.contains("3 (of tank/plain, auto-"), "{shown}");
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
    pair.world.look(|state| {
        let settings = state.end(Side::Sending).tasks[0].settings.clone().unwrap();
        assert_eq!(settings.snapshots, SentSnapshots::OfTasks([SnapshotTaskId::new("3")].into()));
        assert_eq!(state.end(Side::Receiving).dataset("backup/site/plain").unwrap().snapshots.len(), 2);
    });
    assert!(pair.plan().unwrap().is_empty());
    // Within one appliance, too.
    let pair = Pair::new(Way::Local, "tank/plain", "tank/copies/plain").by_task(false);
    assert_eq!(pair.run().unwrap().outcome(), Outcome::AsItShouldBe);
}

/// Names of another schema are not its own: they are neither counted nor sent.
#[test]
fn r3_what_the_snapshot_tasks_name_is_what_is_sent() {
    let pair = bound();
    pair.change(Side::Sending, |end| end.snapshot_tasks[0].settings.schema = "hourly-%Y%m%d%H%M".to_owned());
    pair.refused(&["R3", "hourly-%Y%m%d%H%M"]);
    pair.change(Side::Sending, |end| {
        let held = &mut end.dataset_mut("tank/plain").unwrap().snapshots;
        held[1].name = "hourly-202609010000".to_owned();
    });
    assert_eq!(pair.plan().unwrap().snapshots.eligible, 1);
    pair.run().unwrap();
    pair.world.look(|state| {
        let there = state.end(Side::Receiving).dataset("backup/site/plain").unwrap();
        let names: Vec<&str> = there.snapshots.iter().map(|held| held.name.as_str()).collect();
        assert_eq!(names, ["hourly-202609010000"]);
    });
}

#[test]
fn r3_snapshot_tasks_that_do_not_suit_are_refused_with_the_field() {
    let pull = Pair::layered(Way::Pull, Encryption::AsSource).by_task(true);
    pull.refused(&["R3", "periodic_snapshot_tasks", "fetches"]);
    let mut gone = bound();
    gone.wanted.snapshots = SentSnapshots::OfTasks([SnapshotTaskId::new("7")].into());
    gone.refused(&["R3", "no snapshot task 7", "periodic_snapshot_tasks", "3 (of tank/plain"]);
    let changes: [(&[&str], Change); 4] = [
        (&["disabled", "periodic_snapshot_tasks"], |task| task.enabled = false),
        (&["leaves it out", "exclude"], |task| task.settings.exclude = vec!["tank/plain".to_owned()]),
        (&["of no dataset that is sent"], |task| task.settings.dataset = "tank/data".to_owned()),
        (&["of no dataset that is sent"], |task| {
            task.settings.dataset = "tank".to_owned();
            task.settings.recursive = false;
        }),
    ];
    for (says, change) in changes {
        let pair = bound();
        pair.change(Side::Sending, |end| change(&mut end.snapshot_tasks[0]));
        pair.refused(says);
    }
    // What is below is sent, and nobody takes snapshots of it.
    let mut children = Pair::raw().by_task(false);
    children.refused(&["R3", "tank/data/offices", "recursive"]);
    children.change(Side::Sending, |end| {
        end.snapshot_tasks.push(snapshot_task("4", "tank/data/offices", false));
    });
    let both = ["3", "4"].map(SnapshotTaskId::new);
    children.wanted.snapshots = SentSnapshots::OfTasks(both.into());
    children.run().unwrap();
    let mut alone = Pair::raw().by_task(false);
    alone.wanted.recursive = false;
    alone.run().unwrap();
    // One of a dataset above, with what is below it, does.
    let pair = bound();
    pair.change(Side::Sending, |end| end.snapshot_tasks[0].settings.dataset = "tank".to_owned());
    pair.run().unwrap();
}

#[test]
fn x4_snapshot_tasks_that_were_changed_later_are_found() {
    let pair = bound();
    pair.run().unwrap();
    pair.change(Side::Sending, |end| end.snapshot_tasks[0].enabled = false);
    let report = pair.verify();
    assert_eq!(
        (item(&report, Id::Task).0, report.outcome()),
        (Verdict::Fail, Outcome::Differs),
        "{report:?}"
    );
    assert!(item(&report, Id::Task).1.contains("disabled"), "{report:?}");
    let pair = bound();
    pair.run().unwrap();
    pair.change(Side::Sending, |end| {
        end.tasks[0].settings.as_mut().unwrap().snapshots = SentSnapshots::Named("auto-%Y".to_owned());
    });
    let report = pair.verify();
    assert!(item(&report, Id::Task).1.contains("of_tasks"), "{report:?}");
    pair.run().unwrap();
    assert_eq!(pair.verify().outcome(), Outcome::AsItShouldBe);
}

/// It has no schedule of its own, and runs after each of them: so often something is to arrive.
#[test]
fn x4_the_snapshot_tasks_say_how_old_the_destination_may_be() {
    let late = |hours: i64, change: Change| {
        let pair = bound();
        pair.run().unwrap();
        pair.change(Side::Sending, |end| change(&mut end.snapshot_tasks[0]));
        pair.world.change(|state| state.now += SignedDuration::from_hours(hours));
        let report = pair.verify();
        let (verdict, evidence) = item(&report, Id::Age);
        (verdict, evidence.to_owned())
    };
    assert_eq!(late(48, |_| {}).0, Verdict::Fail);
    // By day only, a night goes by.
    let (verdict, evidence) = late(12, |task| task.settings.begin = "08:00".parse().unwrap());
    assert_eq!(verdict, Verdict::Pass, "{evidence}");
    // Where nothing is taken while nothing changes, the destination is held against the source.
    let (verdict, evidence) = late(480, |task| task.settings.allow_empty = false);
    assert!(verdict == Verdict::Pass && evidence.contains("behind the source"), "{evidence}");
}
