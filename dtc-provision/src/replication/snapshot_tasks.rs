//! The periodic snapshot tasks that a replication is bound to (R3).

use dtc_naming::DatasetName;

use super::facts::{Observed, sent};
use super::wanted::Replication;
use crate::error::Refusal;
use crate::ids::SnapshotTaskId;
use crate::ports::{SentSnapshots, SnapshotTask, Way};

/// Everything that speaks against being bound to them. TrueNAS refuses some of it, and saves what would leave snapshots behind.
pub(super) fn check(wanted: &Replication, seen: &Observed) -> Vec<Refusal> {
    let SentSnapshots::OfTasks(ids) = &wanted.snapshots else { return Vec::new() };
    if wanted.way == Way::Pull {
        return vec![Refusal::precondition(
            "R3",
            format!(
                "a task of {} that fetches is bound to no snapshot task (periodic_snapshot_tasks): they are the sending appliance's",
                wanted.to
            ),
            "Name the snapshots by a schema, or let the sending appliance push",
        )];
    }
    let bound: Vec<&SnapshotTask> = seen.bound_tasks(wanted).collect();
    let mut missing = Vec::new();
    for id in ids.iter().filter(|id| !bound.iter().any(|task| task.id == **id)) {
        missing.push(not_there(wanted, seen, id));
    }
    let sent: Vec<DatasetName> = sent(wanted, &seen.from).into_iter().map(|(name, _)| name).collect();
    for task in &bound {
        missing.extend(one(wanted, task, &sent));
    }
    if missing.is_empty() {
        missing.extend(uncovered(wanted, &bound, &sent));
    }
    missing
}

fn not_there(wanted: &Replication, seen: &Observed, id: &SnapshotTaskId) -> Refusal {
    let there: Vec<String> = seen.snapshot_tasks.iter().map(shown).collect();
    let there =
        if there.is_empty() { "it has none".to_owned() } else { format!("it has {}", there.join("; ")) };
    Refusal::precondition(
        "R3",
        format!("{} has no snapshot task {id} (periodic_snapshot_tasks); {there}", wanted.from),
        "Correct snapshot_tasks, or make the task (Data Protection, Periodic Snapshot Tasks)",
    )
}

/// A snapshot task with its number, as people know it.
pub(super) fn shown(task: &SnapshotTask) -> String {
    let settings = &task.settings;
    format!("{} (of {}, {}, at {})", task.id, settings.dataset, settings.schema, settings.schedule)
}

fn one(wanted: &Replication, task: &SnapshotTask, sent: &[DatasetName]) -> Option<Refusal> {
    let from = &wanted.from;
    if !task.enabled {
        return Some(Refusal::precondition(
            "R3",
            format!("the snapshot task {} on {from} is disabled (periodic_snapshot_tasks)", shown(task)),
            "Enable it (Data Protection, Periodic Snapshot Tasks), or bind another one",
        ));
    }
    if let Some(left_out) = sent.iter().find(|name| is_left_out(task, name)) {
        return Some(Refusal::precondition(
            "R3",
            format!(
                "{left_out} is sent, and the snapshot task {} on {from} leaves it out (exclude)",
                shown(task)
            ),
            "Have the snapshot task take it too, or name the sources one by one with recursive = false",
        ));
    }
    if !sent.iter().any(|name| takes(task, name)) {
        return Some(Refusal::precondition(
            "R3",
            format!(
                "the snapshot task {} on {from} is of no dataset that is sent (periodic_snapshot_tasks)",
                shown(task)
            ),
            "Bind a task of the sources, or of a dataset above them with its children",
        ));
    }
    None
}

/// A dataset that is sent and of which no task takes snapshots would stay behind, and the run would say nothing of it.
fn uncovered(wanted: &Replication, bound: &[&SnapshotTask], sent: &[DatasetName]) -> Option<Refusal> {
    let name = sent.iter().find(|name| !bound.iter().any(|task| takes(task, name)))?;
    let bound: Vec<String> = bound.iter().map(|task| shown(task)).collect();
    Some(Refusal::precondition(
        "R3",
        format!(
            "{name} on {} is sent, and none of its snapshot tasks takes snapshots of it (recursive): {}",
            wanted.from,
            bound.join("; ")
        ),
        "Let a snapshot task include the datasets below, bind one of it too, or set recursive = false",
    ))
}

/// Whether a task takes snapshots of a dataset.
fn takes(task: &SnapshotTask, name: &DatasetName) -> bool {
    covers(task, name) && !is_left_out(task, name)
}

fn covers(task: &SnapshotTask, name: &DatasetName) -> bool {
    let of: Option<DatasetName> = task.settings.dataset.parse().ok();
    of.is_some_and(|of| of == *name || (task.settings.recursive && name.is_below(&of)))
}

fn is_left_out(task: &SnapshotTask, name: &DatasetName) -> bool {
    let left_out = task.settings.exclude.iter().filter_map(|text| text.parse::<DatasetName>().ok());
    covers(task, name) && left_out.into_iter().any(|left_out| left_out == *name || name.is_below(&left_out))
}
