//! Snapshots: taking them, listing them, letting them expire.

use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::call::{Call, Method};
use super::nas::Nas;
use super::query::QUERY;
use super::refusal::{Errno, Refusal};
use super::state::{Row, Snapshot, State, date};

pub(super) const METHODS: &[Method] =
    &[Method::read("pool.snapshot.query", QUERY, |call| call.query(entries(call)?))];

fn entries(call: &Call) -> Result<Vec<Value>, Refusal> {
    let (filters, options) = (&call.params[0], &call.params[1]);
    let extra = &options["extra"];
    let (wants_retention, wants_holds) = (extra["retention"] == true, extra["holds"] == true);
    let is_by_id = filters.as_array().into_iter().flatten().any(|filter| filter[0] == "id");
    let is_limited = options["limit"].as_i64().is_some_and(|limit| limit > 0);
    if wants_retention && !is_by_id && !is_limited {
        // TrueNAS middleware 25.10 refuses to compute the retention of every snapshot.
        return Err(Refusal::failed(
            Errno::INVALID,
            "`id` or `limit` is required if `retention` is requested",
        ));
    }
    let state = call.nas.state();
    let entry = |snapshot: &Snapshot| {
        let mut entry = entry(snapshot);
        if wants_retention {
            entry["retention"] = retention(&state, snapshot);
        }
        if wants_holds {
            entry["holds"] = json!({});
        }
        entry
    };
    Ok(state.snapshots.iter().map(entry).collect())
}

fn entry(snapshot: &Snapshot) -> Value {
    let Snapshot { dataset, name, taken, transaction, .. } = snapshot;
    let seconds = taken.as_second().to_string();
    let created = json!({
        "value": taken.to_string(), "rawvalue": seconds, "source": "NONE", "parsed": date(*taken),
    });
    json!({
        "id": format!("{dataset}@{name}"), "name": format!("{dataset}@{name}"), "dataset": dataset,
        "snapshot_name": name, "pool": dataset.split('/').next(), "type": "SNAPSHOT",
        "createtxg": transaction.to_string(), "properties": {"creation": created},
    })
}

fn retention(state: &State, snapshot: &Snapshot) -> Value {
    let kept = snapshot.task.and_then(|id| Some((id, state.snapshot_tasks.get(id)?)));
    kept.and_then(|(id, task)| {
        let until = expiry(task, snapshot.taken)?;
        Some(json!({
            "datetime": date(until), "source": "periodic_snapshot_task", "periodic_snapshot_task_id": id,
        }))
    })
    .unwrap_or_default()
}

/// When a snapshot taken for a task is no longer wanted.
fn expiry(task: &Row, taken: Timestamp) -> Option<Timestamp> {
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

/// Runs an enabled task now: a snapshot of its dataset and, if it is recursive, of each one below.
pub(super) fn take(nas: &Nas, task: i64) {
    let local = nas.local_time();
    let mut state = nas.state();
    let Some(row) = state.snapshot_tasks.get(task).filter(|row| row["enabled"] == true).cloned() else {
        return;
    };
    let schema = row["naming_schema"].as_str().unwrap_or_default();
    let name = local.strftime(schema).to_string();
    let datasets = covered(&state, &row);
    let is_written = datasets.iter().any(|dataset| state.datasets[dataset].is_written);
    let transaction = state.snapshots.last().map_or(1_000, |last| last.transaction + 1);
    let fresh = |state: &State, dataset: &str| {
        !state.snapshots.iter().any(|s| s.dataset == dataset && s.name == name)
    };
    if is_written || row["allow_empty"] == true {
        for dataset in datasets.into_iter().filter(|dataset| fresh(&state, dataset)).collect::<Vec<_>>() {
            if let Some(written) = state.datasets.get_mut(&dataset) {
                written.is_written = false;
            }
            let taken = local.timestamp();
            let snapshot = Snapshot { dataset, name: name.clone(), taken, transaction, task: Some(task) };
            state.snapshots.push(snapshot);
        }
    }
    let last = format!("{}@{name}", row["dataset"].as_str().unwrap_or_default());
    if let Some(row) = state.snapshot_tasks.get_mut(task) {
        let finished =
            json!({"state": "FINISHED", "datetime": date(local.timestamp()), "last_snapshot": last});
        row.insert("state".to_owned(), finished);
    }
}

fn covered(state: &State, task: &Row) -> Vec<String> {
    let root = task["dataset"].as_str().unwrap_or_default();
    let below =
        |name: &str, parent: &str| name.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'));
    let is_excluded = |name: &str| {
        let mut excluded = task["exclude"].as_array().into_iter().flatten().filter_map(Value::as_str);
        excluded.any(|item| name == item || below(name, item))
    };
    let is_covered = |name: &&String| {
        *name == root || (task["recursive"] == true && below(name, root) && !is_excluded(name))
    };
    state.datasets.keys().filter(is_covered).cloned().collect()
}

/// Runs every enabled task and removes what has outlived its task's lifetime.
pub(super) fn hour_passes(nas: &Nas) {
    let tasks: Vec<i64> = nas.state().snapshot_tasks.rows().map(|(id, _)| id).collect();
    for task in tasks {
        take(nas, task);
    }
    let now = nas.now();
    let mut state = nas.state();
    let mut kept = std::mem::take(&mut state.snapshots);
    kept.retain(|snapshot| {
        let task = snapshot.task.and_then(|id| state.snapshot_tasks.get(id));
        task.and_then(|task| expiry(task, snapshot.taken)).is_none_or(|until| now < until)
    });
    state.snapshots = kept;
}
