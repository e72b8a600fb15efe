//! What hangs on a dataset: tasks, snapshots, and the overview of the web interface.

use serde_json::{Value, json};

use super::call::Call;
use super::datasets::{entry, missing};
use super::refusal::Outcome;
use super::release::Release;
use super::state::{State, is_at_or_below};

/// How many snapshots of its own a dataset has.
pub(super) fn count(state: &State, id: &str) -> usize {
    state.snapshots.iter().filter(|snapshot| snapshot.dataset == id).count()
}

pub(super) fn snapshot_count(call: &Call) -> Outcome {
    let state = call.nas.state();
    let id = call.text(0);
    if state.datasets.contains_key(id) { Ok(count(&state, id).into()) } else { Err(missing(id)) }
}

/// The enabled tasks that need a dataset or one below it
/// (TrueNAS middleware 25.10, `plugins/pool_/dataset_attachments.py`).
pub(super) fn attachments(call: &Call) -> Outcome {
    let state = call.nas.state();
    let id = call.text(0);
    if !state.datasets.contains_key(id) {
        return Err(missing(id));
    }
    let path = format!("/mnt/{id}");
    let snapshots = enabled(state.snapshot_tasks.rows(), "dataset", id);
    let syncs = enabled(state.tasks.rows(), "path", &path);
    let kinds = [("CloudSync Task", syncs), ("Snapshot Task", snapshots)];
    let found = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    Ok(found.map(|(kind, names)| json!({"type": kind, "service": null, "attachments": names})).collect())
}

fn enabled<'a>(
    rows: impl Iterator<Item = (i64, &'a super::state::Row)>,
    field: &str,
    root: &str,
) -> Vec<String> {
    let name = |row: &super::state::Row| Some(row.get(field)?.as_str()?.to_owned());
    let wanted = rows.filter(|(_, row)| row.get("enabled").is_none_or(|it| it == true));
    wanted.filter_map(|(_, row)| name(row)).filter(|name| is_at_or_below(name, root)).collect()
}

/// Every pool's datasets as trees, each with what hangs on it
/// (TrueNAS middleware 24.10, `plugins/pool_/dataset_details.py`).
pub(super) fn details(call: &Call) -> Outcome {
    let state = call.nas.state();
    let roots = state.datasets.keys().filter(|name| !name.contains('/'));
    let models = call.rules.models;
    let tree = |name: &String| {
        let mut tree = entry(&state, name, true, models);
        detail(&state, &mut tree, models);
        tree
    };
    Ok(roots.map(tree).collect())
}

fn detail(state: &State, dataset: &mut Value, models: Release) {
    let id = dataset["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/mnt/{id}");
    let of = |row: &super::state::Row, field: &str, value: &str| row.get(field).is_some_and(|it| it == value);
    let snapshots = state.snapshot_tasks.rows().filter(|(_, row)| of(row, "dataset", &id)).count();
    let syncs = state.tasks.rows().filter(|(_, row)| of(row, "path", &path) && of(row, "direction", "PUSH"));
    dataset["snapshot_count"] = count(state, &id).into();
    dataset["snapshot_tasks_count"] = snapshots.into();
    dataset["cloudsync_tasks_count"] = syncs.count().into();
    for none in ["replication_tasks_count", "rsync_tasks_count"] {
        dataset[none] = 0.into();
    }
    for none in ["nfs_shares", "smb_shares", "iscsi_shares", "vms", "apps"] {
        dataset[none] = json!([]);
    }
    if models >= Release::Scale25_04 {
        dataset["virt_instances"] = json!([]);
    }
    dataset["thick_provisioned"] = (dataset["type"] == "VOLUME").into();
    for child in dataset["children"].as_array_mut().into_iter().flatten() {
        detail(state, child, models);
    }
}
