//! The keys of encrypted datasets: locking, unlocking, changing and exporting them
//! (TrueNAS middleware 25.10, `plugins/pool_/dataset_encryption_*.py`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::call::{Call, Method};
use super::dataset_shapes::{CHANGE_KEY, SUMMARY, UNLOCK};
use super::datasets::missing;
use super::jobs::{Abort, Jobs};
use super::nas::Nas;
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};
use super::state::{Key, KeyFormat, MountState, Row, State, is_at_or_below, upwards};
use super::{dataset_export, dataset_summary};

const ID: Field = Field::required("id", Kind::Text);
const LOCKING: Kind = Kind::Object(&[Field::or("force_umount", Kind::Bool, "false")]);

pub(super) const METHODS: &[Method] = &[
    Method::write(
        "pool.dataset.lock",
        &[ID, Field::or("options", LOCKING, "{}").formerly("lock_options")],
        |call| by_job(call, |call, _| lock(&call.nas, call.text(0))),
    )
    .job(),
    Method::write(
        "pool.dataset.unlock",
        &[ID, Field::or("options", UNLOCK, "{}").formerly("unlock_options")],
        |call| by_job(call, |call, options| unlock(&call.nas, call.text(0), options)),
    )
    .job(),
    Method::write(
        "pool.dataset.change_key",
        &[ID, Field::or("options", CHANGE_KEY, "{}").formerly("change_key_options")],
        |call| by_job(call, |call, options| change_key(&call.nas, call.text(0), options)),
    )
    .job(),
    Method::write("pool.dataset.inherit_parent_encryption_properties", &[ID], inherit),
    Method::write(
        "pool.dataset.encryption_summary",
        &[ID, Field::or("options", SUMMARY, "{}").formerly("encryption_root_summary_options")],
        |call| by_job(call, |call, options| dataset_summary::summary(&call.nas, call.text(0), options)),
    )
    .harmless()
    .job(),
    Method::write("pool.dataset.export_key", &[ID, Field::or("download", Kind::Bool, "false")], |call| {
        by_job(call, |call, _| dataset_export::key(&call.nas, call.text(0), call.params[1] == true))
    })
    .harmless()
    .job(),
    Method::write("pool.dataset.export_keys", &[ID], dataset_export::without_download).harmless().job(),
    Method::write(
        "pool.dataset.export_keys_for_replication",
        &[Field::required("id", super::shape::INT)],
        dataset_export::without_download,
    )
    .harmless()
    .job()
    .since(Release::Scale24_10),
];

/// Does all of a method's work in a job: what it refuses, the job fails with.
fn by_job(call: &Call, work: fn(&Call, &Row) -> Outcome) -> Outcome {
    let job = call.enter_job("", Abort::Refused, None);
    job.run();
    let options = call.params.get(1).and_then(Value::as_object).cloned().unwrap_or_default();
    let outcome = work(call, &options);
    Jobs::start(&call.nas.core, &job, async move { Ok(outcome?) });
    Ok(job.id.into())
}

fn fault(text: impl Into<String>) -> Refusal {
    Refusal::failed(Errno::FAULT, text)
}

/// Makes the key that encryption options ask for.
pub(super) fn new_key(options: &Row, nas: &Nas, param: &str) -> Result<Key, Refusal> {
    let text = |name: &str| options.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let is_given = |name: &str| options.get(name).is_some_and(|it| *it == true || it.is_string());
    let given: Vec<&str> =
        ["key", "key_file", "generate_key"].into_iter().filter(|name| is_given(name)).collect();
    let blame = |name: &str, text: &str| Complaint::new(format!("{param}.{name}"), text);
    if let Some(passphrase) = text("passphrase") {
        let text = "Must be disabled when dataset is to be encrypted with passphrase.";
        let complaints: Vec<Complaint> = given.iter().map(|name| blame(name, text)).collect();
        if !complaints.is_empty() {
            return Err(Refusal::Invalid(complaints));
        }
        return Ok(Key { format: KeyFormat::Passphrase, text: passphrase.to_owned(), is_stored: false });
    }
    match given.as_slice() {
        [] => {
            let text = "Please provide a key or select generate_key to automatically generate a key when passphrase is not provided.";
            Err(Refusal::Invalid(vec![blame("key", text)]))
        }
        ["key"] => {
            let key = text("key").unwrap_or_default().to_lowercase();
            Ok(Key { format: KeyFormat::Hex, text: key, is_stored: true })
        }
        ["generate_key"] => Ok(Key { format: KeyFormat::Hex, text: nas.random.hex(64), is_stored: true }),
        ["key_file"] => Err(Refusal::invalid(format!("{param}.key_file"), "Please specify a valid key")),
        several => {
            let text = format!("Only one of {} must be provided.", several.join(", "));
            Err(Refusal::Invalid(several.iter().map(|name| blame(name, &text)).collect()))
        }
    }
}

/// Locks a passphrase's dataset, with every encryption root below it.
pub(super) fn lock(nas: &Nas, id: &str) -> Outcome {
    let mut state = nas.state();
    if !state.datasets.contains_key(id) {
        return Err(missing(id));
    }
    let (root, format) = match state.encryption_root(id) {
        None => return Err(fault(format!("{id} is not encrypted"))),
        Some((root, key)) => (root.to_owned(), key.format),
    };
    if state.is_locked(id) {
        return Err(fault(format!("Dataset {id} is already locked")));
    }
    if format != KeyFormat::Passphrase {
        return Err(fault("Only datasets which are encrypted with passphrase can be locked"));
    }
    if root != id {
        return Err(fault(format!("Please lock {root}. Only encryption roots can be locked.")));
    }
    put_away(nas, &mut state, id).map_err(|e| fault(e.to_string()))?;
    Ok(true.into())
}

/// Takes the files of every encryption root at and below a dataset out of sight, the deepest first.
pub(super) fn put_away(nas: &Nas, state: &mut State, id: &str) -> std::io::Result<()> {
    let has_key = |name: &&str| state.datasets[*name].key.is_some();
    let mut roots: Vec<String> = state.tree(id).filter(has_key).map(str::to_owned).collect();
    roots.sort_by_key(|name| std::cmp::Reverse(name.matches('/').count()));
    for root in roots {
        let Some(dataset) = state.datasets.get_mut(&root) else { continue };
        if dataset.mount_state == MountState::Mounted && !dataset.is_volume {
            nas.disk.hide(&root)?;
        }
        dataset.mount_state = MountState::Locked;
    }
    Ok(())
}

/// Why a dataset could not be mounted at its place, if something is in the way there.
pub(super) fn in_the_way(nas: &Nas, name: &str) -> Option<String> {
    let real = nas.disk.mounts().join(name);
    let path = format!("/mnt/{name}");
    let more = "(please provide \"force\" flag to override this error and file/directory will be renamed once the dataset is unlocked)";
    if real.is_file() {
        return Some(format!("A file exists at '{path}' and {name} cannot be mounted {more}"));
    }
    let is_filled = fs::read_dir(&real).is_ok_and(|mut entries| entries.next().is_some());
    is_filled.then(|| format!("'{path}' directory is not empty {more}"))
}

/// The keys that a request brings, by dataset; `recursive` ones serve the roots below as well.
pub(super) fn supplied(options: &Row, roots: &[String]) -> BTreeMap<String, String> {
    let text = |row: &Value, name: &str| row[name].as_str().map(str::to_owned);
    let mut keys = BTreeMap::new();
    let rows = options.get("datasets").and_then(Value::as_array).into_iter().flatten();
    let rows: Vec<&Value> = rows.collect();
    for row in &rows {
        if let Some((name, key)) = text(row, "name").zip(text(row, "key").or_else(|| text(row, "passphrase")))
        {
            keys.insert(name, key);
        }
    }
    for root in roots.iter().filter(|root| !keys.contains_key(*root)).cloned().collect::<Vec<_>>() {
        let is_wide = |name: &str| rows.iter().any(|row| row["name"] == name && row["recursive"] == true);
        let from = upwards(&root)
            .skip(1)
            .find(|parent| is_wide(parent))
            .and_then(|parent| keys.get(parent).cloned());
        if let Some(key) = from {
            keys.insert(root, key);
        }
    }
    keys
}

/// Names of the encryption roots at and below a dataset, parents first.
pub(super) fn roots(state: &State, id: &str) -> Vec<String> {
    let mut all: Vec<String> =
        state.tree(id).filter(|name| state.datasets[*name].key.is_some()).map(str::to_owned).collect();
    all.sort_by_key(|name| name.matches('/').count());
    all
}

/// Unlocks a dataset, or every one below it too; a job that succeeds may hold failures.
fn unlock(nas: &Nas, id: &str, options: &Row) -> Outcome {
    let mut state = nas.state();
    if !state.datasets.contains_key(id) {
        return Err(missing(id));
    }
    let pool = id.split('/').next().unwrap_or_default();
    let locked = |state: &State, name: &str| state.datasets[name].mount_state == MountState::Locked;
    let mut all = roots(&state, pool);
    all.retain(|name| locked(&state, name));
    let keys = supplied(options, &all);
    refuse_unlocking(nas, &state, id, options, &keys)?;
    let parents: Vec<&str> =
        all.iter().map(String::as_str).filter(|name| id.starts_with(&format!("{name}/"))).collect();
    if !parents.is_empty() {
        let text = format!("{id} has locked parents {} which must be unlocked first", parents.join(","));
        return Err(fault(text));
    }
    let is_recursive = options.get("recursive").is_some_and(|it| it == true);
    all.retain(|name| if is_recursive { is_at_or_below(name, id) } else { name == id });
    let (mut unlocked, mut failed): (Vec<String>, BTreeMap<String, Value>) = Default::default();
    for name in all {
        let failed_parent = upwards(&name).find(|parent| failed.contains_key(*parent)).map(str::to_owned);
        if let Some(parent) = failed_parent {
            if let Some(skipped) = failed.get_mut(&parent).and_then(|it| it["skipped"].as_array_mut()) {
                skipped.push(name.into());
            }
            continue;
        }
        match open(nas, &mut state, &name, keys.get(&name)) {
            Ok(()) => unlocked.extend(mounted_with(&state, &name)),
            Err(why) => drop(failed.insert(name, json!({"error": why, "skipped": []}))),
        }
    }
    Ok(json!({"unlocked": unlocked, "failed": failed}))
}

/// The file systems that a root's key opens.
fn mounted_with(state: &State, root: &str) -> Vec<String> {
    let is_of_it = |name: &&str| state.encryption_root(name).is_some_and(|(of, _)| of == root);
    let is_shown = |name: &&str| *name == root || !state.datasets[*name].is_volume;
    state.tree(root).filter(is_of_it).filter(is_shown).map(str::to_owned).collect()
}

fn refuse_unlocking(
    nas: &Nas,
    state: &State,
    id: &str,
    options: &Row,
    keys: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let is = |name: &str| options.get(name).is_some_and(|it| it == true);
    let mut complaints = Vec::new();
    let rows = options.get("datasets").and_then(Value::as_array).into_iter().flatten();
    for (index, row) in rows.enumerate() {
        let name = row["name"].as_str().unwrap_or_default();
        let at = format!("unlock_options.datasets.{index}");
        match (row["key"].is_string(), row["passphrase"].is_string()) {
            (true, true) => {
                let text = format!("Must not be specified when passphrase for {name} is supplied");
                complaints.push(Complaint::new(format!("{at}.dataset.key"), text));
            }
            (false, false) => {
                let text = format!("Passphrase or key must be specified for {name}");
                complaints.push(Complaint::new(format!("{at}.dataset"), text));
            }
            _ => {}
        }
        if !state.datasets.contains_key(name) {
            return Err(missing(name));
        }
        let is_forced = is("force") || row["force"] == true;
        if let Some(why) = in_the_way(nas, name).filter(|_| !is_forced && state.is_locked(name)) {
            complaints.push(Complaint::new(format!("{at}.force"), why));
        }
    }
    if id.contains('/') || !is("recursive") {
        let root = state.encryption_root(id);
        let is_stored = root.is_some_and(|(_, key)| key.is_stored);
        if root.is_none() || !state.is_locked(id) {
            complaints.push(Complaint::new("id", format!("{id} dataset is not locked")));
        } else if root.is_none_or(|(root, _)| root != id) {
            complaints.push(Complaint::new("id", "Only encryption roots can be unlocked"));
        } else if !is_stored && !keys.contains_key(id) {
            complaints
                .push(Complaint::new("unlock_options.datasets", format!("Please specify key for {id}")));
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}

/// Loads a root's key and mounts it; what is in the way is renamed.
fn open(nas: &Nas, state: &mut State, name: &str, given: Option<&String>) -> Result<(), String> {
    let dataset = state.datasets.get_mut(name).ok_or("No such dataset")?;
    let (is_volume, key) = (dataset.is_volume, dataset.key.as_mut().ok_or("Missing key")?);
    let stored = key.is_stored.then(|| key.text.clone());
    let offered = given.cloned().or(stored).ok_or("Missing key")?;
    if !is_right(key, &offered) {
        return Err("Invalid Key".to_owned());
    }
    // What was given is kept: keys only, passphrases never.
    key.is_stored |= given.is_some() && key.format == KeyFormat::Hex;
    if !is_volume {
        let moment = nas.now();
        step_aside(&nas.disk.mounts().join(name), &format!("{}-{moment}", nas.random.hex(4)))
            .and_then(|()| nas.disk.show(name))
            .map_err(|e| format!("Failed to mount dataset: {e}"))?;
    }
    dataset.mount_state = MountState::Mounted;
    Ok(())
}

fn step_aside(place: &Path, suffix: &str) -> std::io::Result<()> {
    if place.is_dir() && fs::read_dir(place)?.next().is_none() {
        return Ok(());
    }
    let mut aside = place.as_os_str().to_owned();
    aside.push(format!("-{suffix}"));
    fs::rename(place, aside)?;
    fs::create_dir(place)
}

/// Whether what is offered is the key; hexadecimal digits count whatever their case.
pub(super) fn is_right(key: &Key, offered: &str) -> bool {
    match key.format {
        KeyFormat::Hex => key.text.eq_ignore_ascii_case(offered),
        KeyFormat::Passphrase => key.text == offered,
    }
}

fn change_key(nas: &Nas, id: &str, options: &Row) -> Outcome {
    let mut state = nas.state();
    if !state.datasets.contains_key(id) {
        return Err(missing(id));
    }
    if state.encryption_root(id).is_none() {
        return Err(Refusal::invalid("id", "Dataset is not encrypted"));
    }
    if state.is_locked(id) {
        return Err(Refusal::invalid("id", "Dataset must be unlocked before key can be changed"));
    }
    let is_given = |name: &str| {
        options.get(name).is_some_and(|it| *it == true || it.as_str().is_some_and(|t| !t.is_empty()))
    };
    let format_of = |name: &str| state.datasets[name].key.as_ref().map(|key| key.format);
    let complaint = if is_given("passphrase") {
        let has_key_below = state.tree(id).any(|name| name != id && format_of(name) == Some(KeyFormat::Hex));
        if is_given("generate_key") || is_given("key") {
            Some(("key", format!("Must not be specified when passphrase for {id} is supplied.")))
        } else if has_key_below {
            Some((
                "passphrase",
                format!(
                    "{id} has children which are encrypted with a key. It is not allowed to have encrypted roots which are encrypted with a key as children for passphrase encrypted datasets."
                ),
            ))
        } else {
            None
        }
    } else if !is_given("generate_key") && !is_given("key") {
        let text = "Either Key or passphrase must be provided.";
        let all = ["key", "passphrase", "generate_key"];
        let complaints = all.map(|name| Complaint::new(format!("change_key_options.{name}"), text));
        return Err(Refusal::Invalid(complaints.to_vec()));
    } else {
        let is_phrase = |name: &&str| {
            state.datasets.contains_key(*name) && format_of(name) == Some(KeyFormat::Passphrase)
        };
        let above = upwards(id).skip(1).find(is_phrase);
        above.map(|_| ("key", format!("{id} has parent(s) which are encrypted with a passphrase. It is not allowed to have encrypted roots which are encrypted with a key as children for passphrase encrypted datasets.")))
    };
    if let Some((name, text)) = complaint {
        return Err(Refusal::invalid(format!("change_key_options.{name}"), text));
    }
    let key = new_key(options, nas, "change_key_options")?;
    if let Some(dataset) = state.datasets.get_mut(id) {
        dataset.key = Some(key);
    }
    Ok(Value::Null)
}

fn inherit(call: &Call) -> Outcome {
    let id = call.text(0);
    let mut state = call.nas.state();
    if !state.datasets.contains_key(id) {
        return Err(missing(id));
    }
    let root = state.encryption_root(id).map(|(root, _)| root);
    let refuse = |text: String| Err(fault(text));
    if root.is_none() {
        return refuse(format!("Dataset {id} is not encrypted"));
    }
    if root != Some(id) {
        return refuse(format!("Dataset {id} is not an encryption root"));
    }
    if state.is_locked(id) {
        return refuse("Dataset must be unlocked to perform this operation".to_owned());
    }
    let Some((parent, _)) = id.rsplit_once('/') else {
        return refuse(
            "Root datasets do not have a parent and cannot inherit encryption settings".to_owned(),
        );
    };
    let Some((_, above)) = state.encryption_root(parent) else {
        return refuse("This operation requires the parent dataset to be encrypted".to_owned());
    };
    let is_hex =
        |name: &str| state.datasets[name].key.as_ref().is_some_and(|key| key.format == KeyFormat::Hex);
    if above.format == KeyFormat::Passphrase && state.tree(id).any(|name| name != id && is_hex(name)) {
        return refuse(format!(
            "{id} has children which are encrypted with a key. It is not allowed to have encrypted roots which are encrypted with a key as children for passphrase encrypted datasets."
        ));
    }
    if let Some(dataset) = state.datasets.get_mut(id) {
        dataset.key = None;
    }
    Ok(Value::Null)
}

/// The keys that the appliance keeps of the roots at and below a dataset.
pub(super) fn stored(state: &State, id: &str) -> Map<String, Value> {
    let names: BTreeSet<&str> = state.tree(id).collect();
    let key = |name: &&str| state.datasets[*name].key.as_ref().filter(|key| key.is_stored);
    names.into_iter().filter_map(|name| Some((name.to_owned(), key(&name)?.text.clone().into()))).collect()
}
