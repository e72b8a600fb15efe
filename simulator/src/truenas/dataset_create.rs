//! Making and removing datasets
//! (TrueNAS middleware 25.10, `plugins/pool_/dataset.py`).

use std::fs;

use serde_json::Value;

use super::call::Call;
use super::dataset_keys::new_key;
use super::datasets::{EVENTS, entry, missing};
use super::events::{Event, What};
use super::pools;
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::state::{Dataset, KeyFormat, Row, State, is_at_or_below, upwards};

const PARAM: &str = "pool_dataset_create";
/// What only a volume takes, and what only a file system takes.
const OF_VOLUMES: [&str; 4] = ["volsize", "volblocksize", "sparse", "force_size"];
const OF_FILE_SYSTEMS: [&str; 7] =
    ["aclmode", "acltype", "atime", "casesensitivity", "quota", "refquota", "recordsize"];

/// What a request holds besides settings.
const NO_SETTINGS: [&str; 12] = [
    "name",
    "type",
    "encryption",
    "encryption_options",
    "inherit_encryption",
    "create_ancestors",
    "share_type",
    "force_size",
    "sparse",
    "user_properties",
    "user_properties_update",
    "id",
];

fn blame(field: &str, text: impl Into<String>) -> Complaint {
    Complaint::new(format!("{PARAM}.{field}"), text)
}

/// Settings that a dataset of this kind does not have.
pub(super) fn misplaced(data: &Row, is_volume: bool, param: &str) -> Vec<Complaint> {
    let (others, kind): (&[&str], _) =
        if is_volume { (&OF_FILE_SYSTEMS, "VOLUME") } else { (&OF_VOLUMES, "FILESYSTEM") };
    let given = others.iter().filter(|name| data.contains_key(**name));
    given
        .map(|name| Complaint::new(format!("{param}.{name}"), format!("This field is not valid for {kind}")))
        .collect()
}

/// Takes settings over; INHERIT takes one back.
pub(super) fn set(settings: &mut Row, data: &Row) {
    for (name, value) in data.iter().filter(|(name, _)| !NO_SETTINGS.contains(&name.as_str())) {
        if value == "INHERIT" {
            settings.remove(name);
        } else {
            settings.insert(name.clone(), value.clone());
        }
    }
}

pub(super) fn create(call: &Call) -> Outcome {
    let data = call.object(0);
    let name = data.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let nas = &call.nas;
    let mut state = nas.state();
    let is_volume = data.get("type").is_some_and(|kind| kind == "VOLUME");
    first_look(&state, &name, &data, is_volume)?;
    second_look(&state, call, &name, &data)?;
    let key = match data.get("encryption") {
        Some(Value::Bool(true)) => {
            let options = data.get("encryption_options").and_then(Value::as_object).cloned();
            Some(new_key(&options.unwrap_or_default(), nas, &format!("{PARAM}.encryption_options"))?)
        }
        _ => None,
    };
    let failed =
        |e: std::io::Error| Refusal::failed(Errno::FAULT, format!("Failed to create dataset {name}: {e}"));
    let ancestors: Vec<String> = upwards(&name)
        .skip(1)
        .filter(|parent| !state.datasets.contains_key(*parent))
        .map(str::to_owned)
        .collect();
    for ancestor in ancestors {
        fs::create_dir_all(nas.disk.place(&ancestor)).map_err(failed)?;
        state.datasets.insert(ancestor, Dataset { is_written: true, ..Dataset::default() });
    }
    if !is_volume {
        fs::create_dir_all(nas.disk.place(&name)).map_err(failed)?;
    }
    let mut made = Dataset { is_volume, key, is_written: true, ..Dataset::default() };
    set(&mut made.settings, &data);
    let properties = data.get("user_properties").and_then(Value::as_array).into_iter().flatten();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
    made.user_properties = properties.map(|item| (text(item, "key"), text(item, "value"))).collect();
    state.datasets.insert(name.clone(), made);
    drop(state);
    let shown = |models| entry(&call.nas.state(), &name, true, models);
    nas.announce(What::Added, EVENTS, name.clone(), |view| Some(shown(view.models)));
    Ok(shown(call.rules.models))
}

/// What is looked into first: name, parent, and the size of a volume.
fn first_look(state: &State, name: &str, data: &Row, is_volume: bool) -> Result<(), Refusal> {
    let legal = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.: ".contains(c))
    };
    let refuse = |complaint| Err(Refusal::Invalid(vec![complaint]));
    if !name.contains('/') {
        return refuse(blame("name", "You need a full name, e.g. pool/newdataset"));
    }
    if !name.split('/').all(legal) {
        return refuse(blame("name", "Invalid dataset name"));
    }
    if name.ends_with(' ') {
        return refuse(blame("name", "Trailing spaces are not permitted in dataset names"));
    }
    let with_ancestors = data.get("create_ancestors").is_some_and(|it| it == true);
    let parent = upwards(name).skip(1).find(|parent| !with_ancestors || state.datasets.contains_key(*parent));
    let found = parent.and_then(|parent| state.datasets.get(parent));
    let (Some(parent), Some(found)) = (parent, found) else {
        let parent = parent.unwrap_or_default();
        let text = match (with_ancestors, parent.contains('/')) {
            (true, _) => "Please specify a pool which exists for the dataset/volume to be created".to_owned(),
            (false, true) => format!("Parent dataset ({parent}) does not exist."),
            (false, false) => format!("zpool ({parent}) does not exist."),
        };
        return refuse(blame("name", text));
    };
    if found.settings.get("readonly").is_some_and(|it| it == "ON") {
        let text = format!(
            "Turn off readonly mode on {parent} to create {}",
            name.split('/').next().unwrap_or_default()
        );
        return refuse(blame("readonly", text));
    }
    let mut complaints = misplaced(data, is_volume, PARAM);
    if is_volume {
        complaints.extend(wrong_size(data));
    }
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}

/// What is wrong with a volume's size.
fn wrong_size(data: &Row) -> Option<Complaint> {
    let Some(size) = data.get("volsize").and_then(Value::as_u64) else {
        return Some(blame("volsize", "This field is required for VOLUME"));
    };
    let block = data.get("volblocksize").and_then(Value::as_str).unwrap_or("16K");
    let block = match block.strip_suffix('K').and_then(|number| number.parse::<u64>().ok()) {
        Some(kibibytes) => kibibytes << 10,
        None => 512,
    };
    let is_forced = data.get("force_size").is_some_and(|it| it == true);
    let text = if size > pools::SIZE / 10 * 8 && !is_forced {
        "It is not recommended to use more than 80% of your available space for VOLUME"
    } else if !size.is_multiple_of(block) {
        "Volume size should be a multiple of volume block size"
    } else {
        return None;
    };
    Some(blame("volsize", text))
}

/// What is looked into next: whether there is something already, and encryption.
fn second_look(state: &State, call: &Call, name: &str, data: &Row) -> Result<(), Refusal> {
    let mut complaints = Vec::new();
    let parent =
        upwards(name).skip(1).find(|parent| state.datasets.contains_key(*parent)).unwrap_or_default();
    if state.datasets.get(parent).is_some_and(|parent| parent.is_volume) {
        complaints.push(blame("name", format!("{parent}: parent may not be a ZFS volume")));
    }
    let path = format!("/mnt/{name}");
    let is_there = call.nas.disk.real(&path).is_some_and(|real| real.exists());
    if is_there || state.datasets.contains_key(name) {
        complaints.push(blame("name", format!("Path {path} already exists")));
    }
    if state.is_locked(parent) {
        complaints.push(blame("name", format!("{parent} must be unlocked to create {name}.")));
    }
    let is = |field: &str| data.get(field).is_some_and(|it| it == true);
    let root = state.encryption_root(parent);
    let (is_encrypted, inherits) = (is("encryption"), is("inherit_encryption"));
    if root.is_some() && !is_encrypted && !inherits {
        let text = format!("Cannot create an unencrypted dataset within an encrypted dataset ({parent}).");
        complaints.push(blame("encryption", text));
    }
    if is_encrypted && inherits {
        complaints.push(blame("inherit_encryption", "Must be disabled when encryption is enabled."));
    }
    let has_passphrase = data.get("encryption_options").is_some_and(|it| it["passphrase"].is_string());
    if is_encrypted && !has_passphrase && root.is_some_and(|(_, key)| key.format == KeyFormat::Passphrase) {
        let text = "Passphrase encrypted datasets cannot have children encrypted with a key.";
        complaints.push(blame("encryption", text));
    }
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}

/// Removes a dataset, and the tasks that are about it.
pub(super) fn delete(call: &Call) -> Outcome {
    let (id, nas) = (call.text(0).to_owned(), &call.nas);
    let mut state = nas.state();
    if !state.datasets.contains_key(&id) {
        return Err(missing(&id));
    }
    let failed = |errno, text: &str| {
        Err(Refusal::failed(errno, format!("Failed to delete dataset: cannot destroy '{id}': {text}")))
    };
    let tree: Vec<String> = state.tree(&id).map(str::to_owned).collect();
    let has_snapshots = state.snapshots.iter().any(|snapshot| is_at_or_below(&snapshot.dataset, &id));
    if !id.contains('/') {
        return failed(Errno::FAULT, "operation does not apply to pools");
    }
    if call.params[1]["recursive"] != true && (tree.len() > 1 || has_snapshots) {
        return failed(Errno::NOT_EMPTY, "filesystem has children");
    }
    let inside = |name: &str| is_at_or_below(name, &id);
    if state.snapshots.iter().any(|snapshot| inside(&snapshot.dataset) && !snapshot.holds.is_empty()) {
        return failed(Errno::FAULT, "dataset is busy");
    }
    let is_clone_of_it = |(name, dataset): (&String, &Dataset)| {
        let origin = dataset.origin.as_deref().and_then(|origin| origin.split('@').next());
        !inside(name) && origin.is_some_and(inside)
    };
    if state.datasets.iter().any(is_clone_of_it) {
        return failed(Errno::FAULT, "filesystem has dependent clones");
    }
    remove_tasks(&mut state, &id);
    state.snapshots.retain(|snapshot| !is_at_or_below(&snapshot.dataset, &id));
    let broken = |e: std::io::Error| Refusal::failed(Errno::FAULT, format!("Failed to delete dataset: {e}"));
    for name in tree.iter().rev() {
        let is_volume = state.datasets.remove(name).is_some_and(|dataset| dataset.is_volume);
        let sight = nas.disk.mounts().join(name);
        if !is_volume && sight.exists() {
            fs::remove_dir_all(sight).map_err(broken)?;
        }
        nas.disk.forget(name).map_err(broken)?;
    }
    drop(state);
    for name in tree {
        nas.events.publish(&Event::new(What::Removed, EVENTS, name, Value::Null));
    }
    Ok(true.into())
}

/// The snapshot tasks and cloud syncs of a dataset go with it.
fn remove_tasks(state: &mut State, id: &str) {
    let path = format!("/mnt/{id}");
    let text = |row: &Row, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let snapshots: Vec<i64> = state
        .snapshot_tasks
        .rows()
        .filter(|(_, row)| is_at_or_below(&text(row, "dataset"), id))
        .map(|(task, _)| task)
        .collect();
    let syncs: Vec<i64> = state
        .tasks
        .rows()
        .filter(|(_, row)| is_at_or_below(&text(row, "path"), &path))
        .map(|(task, _)| task)
        .collect();
    for task in snapshots {
        state.snapshot_tasks.remove(task);
    }
    for task in syncs {
        state.tasks.remove(task);
    }
}
