//! Taking periodic snapshots and letting them expire: by their names, whoever took them (zettarepl, `retention/`).

use std::collections::BTreeMap;

use jiff::fmt::strtime::BrokenDownTime;
use jiff::{Span, Timestamp, Zoned};
use serde_json::{Value, json};

use super::events::{Event, What};
use super::nas::Nas;
use super::snapshot_contents as contents;
use super::state::{Row, Snapshot, State, date};

/// Until when a snapshot is kept: by the task that keeps it longest, or by the moment that was fixed.
pub(super) fn retention(state: &State, snapshot: &Snapshot) -> Value {
    let longest =
        keepers(state, snapshot).filter_map(|(id, task)| Some((expiry(task, snapshot.taken)?, id))).max();
    match (longest, snapshot.fixed_removal) {
        (Some((until, _)), Some(fixed)) if fixed > until => fixed_at(fixed),
        (None, Some(fixed)) => fixed_at(fixed),
        (Some((until, id)), _) => {
            json!({"datetime": date(until), "source": "periodic_snapshot_task", "periodic_snapshot_task_id": id})
        }
        (None, None) => Value::Null,
    }
}

fn fixed_at(moment: Timestamp) -> Value {
    json!({"datetime": date(moment), "source": "property"})
}

/// The enabled tasks to which a snapshot belongs: by its dataset and by its name, whoever took it. One that belongs to none is kept for
/// good.
fn keepers<'a>(state: &'a State, snapshot: &'a Snapshot) -> impl Iterator<Item = (i64, &'a Row)> {
    let tasks = state.snapshot_tasks.rows().filter(|(_, task)| task["enabled"] == true);
    tasks.filter(|(_, task)| owns(task, snapshot))
}

/// Returns whether a snapshot is one of a task's, by dataset and name.
fn owns(task: &Row, snapshot: &Snapshot) -> bool {
    let schema = task["naming_schema"].as_str().unwrap_or_default();
    is_named_by(schema, &snapshot.name) && covers(task, &snapshot.dataset)
}

/// Whether a name is one that a naming schema gives.
pub(super) fn is_named_by(schema: &str, name: &str) -> bool {
    BrokenDownTime::parse(schema, name).is_ok()
}

/// The snapshots of a task that would no longer be its own, by dataset; whether it is enabled does not count
/// (TrueNAS middleware 24.10, `plugins/snapshot_/task_will_change_retention_for.py`).
pub(super) fn orphaned(state: &State, before: &Row, after: Option<&Row>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let lost =
        |snapshot: &&Snapshot| owns(before, snapshot) && after.is_none_or(|after| !owns(after, snapshot));
    for snapshot in state.snapshots.iter().filter(lost) {
        all.entry(snapshot.dataset.clone()).or_default().push(snapshot.name.clone());
    }
    for names in all.values_mut() {
        names.sort();
    }
    all
}

/// Lets snapshots that lose their task be removed when that task would have removed them.
pub(super) fn fix_removal(state: &mut State, before: &Row, lost: &BTreeMap<String, Vec<String>>) {
    for snapshot in &mut state.snapshots {
        if lost.get(&snapshot.dataset).is_some_and(|names| names.contains(&snapshot.name)) {
            snapshot.fixed_removal = expiry(before, snapshot.taken);
        }
    }
}

/// When a snapshot taken for a task is no longer wanted.
pub(super) fn expiry(task: &Row, taken: Timestamp) -> Option<Timestamp> {
    let count = task["lifetime_value"].as_i64()?;
    let hours = match task["lifetime_unit"].as_str()? {
        "HOUR" => 1,
        "DAY" => 24,
        "WEEK" => 7 * 24,
        "MONTH" => 30 * 24,
        _ => 365 * 24,
    };
    let span = Span::new().try_hours(count.checked_mul(hours)?).ok()?;
    taken.checked_add(span).ok()
}

/// Runs an enabled task at this moment: a snapshot of its dataset and, if it is recursive, of each one below.
pub(super) fn take(nas: &Nas, task: i64, local: &Zoned) {
    let mut state = nas.state();
    let Some(row) = state.snapshot_tasks.get(task).filter(|row| row["enabled"] == true).cloned() else {
        return;
    };
    let schema = row["naming_schema"].as_str().unwrap_or_default();
    let name = local.strftime(schema).to_string();
    let datasets: Vec<String> = state.datasets.keys().filter(|name| covers(&row, name)).cloned().collect();
    let is_written = datasets.iter().any(|dataset| state.datasets[dataset].is_written);
    let transaction = state.next_transaction();
    let fresh = |state: &State, dataset: &str| {
        !state.snapshots.iter().any(|s| s.dataset == dataset && s.name == name)
    };
    let taken = local.timestamp();
    let mut outcome = Ok(());
    if is_written || row["allow_empty"] == true {
        for dataset in datasets.into_iter().filter(|dataset| fresh(&state, dataset)).collect::<Vec<_>>() {
            match contents::keep(nas, &state, &dataset) {
                Ok(contents) => {
                    let snapshot = Snapshot::new(&nas.id, dataset.clone(), name.clone(), taken, transaction);
                    state.snapshots.push(Snapshot { contents, ..snapshot });
                }
                Err(why) => outcome = Err(why),
            }
            if let Some(written) = state.datasets.get_mut(&dataset) {
                written.is_written = false;
            }
        }
    }
    let last = format!("{}@{name}", row["dataset"].as_str().unwrap_or_default());
    let ended = match outcome {
        Ok(()) => json!({"state": "FINISHED", "datetime": date(taken), "last_snapshot": last}),
        Err(why) => json!({"state": "ERROR", "datetime": date(taken), "error": format!("{last}: {why}")}),
    };
    if let Some(row) = state.snapshot_tasks.get_mut(task) {
        row.insert("state".to_owned(), ended.clone());
    }
    drop(state);
    // What reports the state knows nothing else of the task.
    let event = Event::new(What::Changed, "pool.snapshottask.query", task, json!({"state": ended}));
    nas.events.publish(&event);
}

/// Returns whether a task takes snapshots of a dataset.
fn covers(task: &Row, dataset: &str) -> bool {
    let root = task["dataset"].as_str().unwrap_or_default();
    let below = |parent: &str| dataset.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'));
    let mut excluded = task["exclude"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_excluded = excluded.any(|item| dataset == item || below(item));
    dataset == root || (task["recursive"] == true && below(root) && !is_excluded)
}

/// Removes what has outlived its task's lifetime; what is held stays.
pub(super) fn expire(nas: &Nas) {
    let now = nas.now();
    let mut state = nas.state();
    let mut kept = std::mem::take(&mut state.snapshots);
    kept.retain(|snapshot| {
        let ends = keepers(&state, snapshot).map(|(_, task)| expiry(task, snapshot.taken));
        // It goes when each task that it belongs to has let it go, and the moment that was fixed is over.
        let ends: Vec<Option<Timestamp>> = ends.chain(snapshot.fixed_removal.map(Some)).collect();
        let is_over = |until: &Option<Timestamp>| until.is_some_and(|until| until <= now);
        ends.is_empty() || !ends.iter().all(is_over) || !snapshot.holds.is_empty()
    });
    state.snapshots = kept;
}
