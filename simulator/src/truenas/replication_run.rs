//! One run of a replication: what is sent, what speaks against it, and what is on the other side afterwards.
//!
//! From zettarepl, `replication/run.py` and `replication/encryption.py`. Of several snapshots of a dataset the target's files become those of
//! the newest.

use std::fs;
use std::io;
use std::sync::Arc;

use serde_json::Value;

use super::jobs::{Failure, Job};
use super::nas::Nas;
use super::neighbours::{self, Shell};
use super::replication_rules::{is_at, targets, texts};
use super::replication_views::{Matcher, make_dataset};
use super::retention;
use super::snapshot_contents;
use super::state::{Dataset, Key, KeyFormat, MountState, Row, Snapshot, State};

/// A dataset that is sent, with what it becomes.
struct Part {
    source: String,
    target: String,
    dataset: Dataset,
    is_encrypted: bool,
    is_locked: bool,
    /// What is to be on the other side, the oldest first.
    snapshots: Vec<Snapshot>,
}

/// The two appliances of a run, which may be one.
struct Sides {
    source: Arc<Nas>,
    target: Arc<Nas>,
    /// Who logs in to the other one.
    login: Option<Login>,
}

/// Who logs in to the other appliance.
struct Login {
    user: String,
    /// Whether `zfs` is root's there.
    is_root_for_zfs: bool,
    /// Whether the other appliance is the target.
    is_at_target: bool,
}

/// Runs a task to its end; the answer is the last snapshot that was sent.
pub(super) async fn run(nas: &Arc<Nas>, job: &Arc<Job>, task: &Row) -> Result<Option<String>, Failure> {
    let delay = nas.state().run_delay;
    nas.core.clock.sleep(delay).await;
    if let Some(answer) = nas.state().run_answer.clone() {
        return Err(answer.into());
    }
    let sides = sides(nas, task)?;
    let parts = parts(&sides, task)?;
    let total: usize = parts.iter().map(|part| part.snapshots.len()).sum();
    let mut number = 0;
    let mut last = None;
    for part in &parts {
        may_be_sent(&sides, task, part)?;
        for snapshot in &part.snapshots {
            number += 1;
            let percent = u64::try_from((number - 1) * 100 / total).unwrap_or_default();
            let id = snapshot.id();
            job.progress(percent, &format!("Sending {number} of {total}: {id} (1 KiB / 1 KiB)"));
            last = Some(id);
        }
        receive(&sides, task, part)?;
    }
    keep_keys(&sides, task, &parts)?;
    job.log(&format!("[{}] [INFO] replication finished: {number} snapshots sent\n", nas.now()));
    Ok(last)
}

fn sides(nas: &Arc<Nas>, task: &Row) -> Result<Sides, Failure> {
    if task["transport"] == "LOCAL" {
        return Ok(Sides { source: Arc::clone(nas), target: Arc::clone(nas), login: None });
    }
    let id = task["ssh_credentials"].as_i64().unwrap_or_default();
    let shell = neighbours::open_shell(nas, id).map_err(|why| Failure::from(why.text().to_owned()))?;
    let may_all = shell.user == "root";
    let wants_sudo = task.get("sudo") == Some(&Value::Bool(true));
    let has_sudo = shell.nas.state().logins.get(&shell.user).is_some_and(|login| login.has_sudo);
    if wants_sudo && !may_all && !has_sudo {
        let text = format!("Please configure passwordless sudo for user {} on the remote system", shell.user);
        return Err(text.into());
    }
    let Shell { nas: peer, user } = shell;
    let is_push = task["direction"] == "PUSH";
    let login = Login { user, is_root_for_zfs: may_all || wants_sudo, is_at_target: is_push };
    let login = Some(login);
    Ok(if is_push {
        Sides { source: Arc::clone(nas), target: peer, login }
    } else {
        Sides { source: peer, target: Arc::clone(nas), login }
    })
}

/// Every dataset that is sent. One that has no snapshot to be sent ends the run.
fn parts(sides: &Sides, task: &Row) -> Result<Vec<Part>, Failure> {
    let state = sides.source.state();
    let (sources, excluded) = (texts(task, "source_datasets"), texts(task, "exclude"));
    let target = task["target_dataset"].as_str().unwrap_or_default();
    let matcher = matcher(&state, task);
    let mut parts = Vec::new();
    for (source, target) in sources.iter().zip(targets(task, target)) {
        if !state.datasets.contains_key(source) {
            return Err(format!("Dataset '{source}' does not exist").into());
        }
        let is_wanted = |name: &&String| {
            let is_below = is_at(name, source) && (task["recursive"] == true || *name == source);
            is_below && !excluded.iter().any(|left_out| is_at(name, left_out))
        };
        for name in state.datasets.keys().filter(is_wanted) {
            let of = state.snapshots.iter().filter(|snapshot| snapshot.dataset == *name);
            let snapshots: Vec<Snapshot> =
                of.filter(|snapshot| matcher.takes(&snapshot.name)).cloned().collect();
            if snapshots.is_empty() {
                if name == source {
                    let text = format!("Dataset '{name}' does not have any matching snapshots to replicate");
                    return Err(text.into());
                }
                continue;
            }
            let target = format!("{target}{}", &name[source.len()..]);
            let dataset = state.datasets[name].clone();
            let (is_encrypted, is_locked) = (state.is_encrypted(name), state.is_locked(name));
            parts.push(Part { source: name.clone(), target, dataset, is_encrypted, is_locked, snapshots });
        }
    }
    Ok(parts)
}

fn matcher(state: &State, task: &Row) -> Matcher {
    let bound = task["periodic_snapshot_tasks"].as_array().into_iter().flatten();
    let bound = bound.filter_map(|id| state.snapshot_tasks.get(id.as_i64()?));
    let schemas: Vec<String> =
        bound.filter_map(|task| task["naming_schema"].as_str().map(str::to_owned)).collect();
    Matcher::of(task, &["naming_schema", "also_include_naming_schema"]).or(schemas)
}

/// Refuses what the service that replicates refuses once it sees both sides.
fn may_be_sent(sides: &Sides, task: &Row, part: &Part) -> Result<(), Failure> {
    let on = |field: &str| task.get(field) == Some(&Value::Bool(true));
    let (source, target) = (&part.source, &part.target);
    let fails = |text: String| Err(Failure::from(text));
    if part.is_encrypted && on("properties") && on("encryption") {
        return fails(format!(
            "Re-encrypting already encrypted source dataset '{source}' while preserving its properties is not supported"
        ));
    }
    if part.is_locked && !on("properties") {
        return fails(format!("cannot open '{source}': dataset key must be loaded"));
    }
    if let Some(login) = sides.login.as_ref().filter(|login| !login.is_root_for_zfs) {
        return fails(if login.is_at_target {
            format!(
                "cannot receive '{target}': the remote user does not have permission to mount file systems"
            )
        } else {
            format!("cannot send '{source}': permission denied")
        });
    }
    let state = sides.target.state();
    let Some(held) = state.datasets.get(target) else {
        let inherits = on("encryption") && on("encryption_inherit");
        let is_below_encrypted = nearest(&state, target).is_some_and(|parent| state.is_encrypted(&parent));
        if is_below_encrypted && !part.is_encrypted && !on("encryption") {
            return fails(format!(
                "Destination dataset '{target}' has to be encrypted, since a dataset above it is. The unencrypted source dataset '{source}' is not sent. Set up encryption in the replication task."
            ));
        }
        if inherits && !is_below_encrypted {
            return fails(format!(
                "Encryption inheritance requested for destination dataset '{target}', but its existing parent is not encrypted"
            ));
        }
        return Ok(());
    };
    if held.is_volume != part.dataset.is_volume {
        let kind = |is_volume: bool| if is_volume { "volume" } else { "filesystem" };
        let (from, to) = (kind(part.dataset.is_volume), kind(held.is_volume));
        return fails(format!("Source '{source}' is a {from}, but target '{target}' is a {to}"));
    }
    if task["readonly"] == "REQUIRE" && !state.read_only.contains(target) {
        return fails(format!(
            "Target dataset '{target}' exists and does not have readonly=on property, but replication task is set up to require this property. Refusing to replicate."
        ));
    }
    if on("encryption") && !state.is_encrypted(target) {
        return fails(format!(
            "Encryption requested for destination dataset '{target}', but it already exists and is not encrypted."
        ));
    }
    has_base(sides, &state, task, part)
}

/// An existing target needs a snapshot that both sides have; else it may only be made anew where that is allowed.
fn has_base(sides: &Sides, state: &State, task: &Row, part: &Part) -> Result<(), Failure> {
    let target = &part.target;
    let held: Vec<&Snapshot> = state.snapshots.iter().filter(|held| held.dataset == *target).collect();
    // A base is chosen by its name; that it is another snapshot only ZFS finds out.
    let same_name = |sent: &&Snapshot| held.iter().find(|held| held.name == sent.name).copied();
    if let Some((sent, held)) = part.snapshots.iter().rev().find_map(|sent| Some((sent, same_name(&sent)?))) {
        if sent.guid == held.guid {
            return Ok(());
        }
        return Err(format!(
            "cannot receive incremental stream: most recent snapshot of {target} does not match incremental source"
        )
        .into());
    }
    if state.datasets[target].key.is_some() {
        return Err(format!(
            "Destination dataset '{target}' already exists and is its own encryption root. This configuration is not supported yet. If you want to replicate into an encrypted dataset, please, encrypt its parent dataset."
        )
        .into());
    }
    let is_empty = fs::read_dir(sides.target.disk.mounts().join(target))
        .map_or(true, |mut entries| entries.next().is_none());
    let is_raw = part.is_encrypted && task["properties"] == true;
    if is_raw && held.is_empty() && is_empty {
        // An encrypted stream takes the place of no dataset that is there.
        return Err(format!(
            "Encrypted dataset '{}' cannot be sent to the existing dataset '{target}', which is unencrypted or another one",
            part.source
        )
        .into());
    }
    if task["allow_from_scratch"] == true || (held.is_empty() && is_empty) {
        return Ok(());
    }
    Err(if held.is_empty() {
        format!(
            "Target dataset '{target}' does not have snapshots but has data and replication from scratch is not allowed. Refusing to overwrite existing data."
        )
    } else {
        format!("No incremental base on dataset '{target}' and replication from scratch is not allowed")
    }
    .into())
}

fn nearest(state: &State, name: &str) -> Option<String> {
    let mut parent = name.rsplit_once('/').map(|(parent, _)| parent);
    while let Some(name) = parent {
        if state.datasets.contains_key(name) {
            return Some(name.to_owned());
        }
        parent = name.rsplit_once('/').map(|(parent, _)| parent);
    }
    None
}

/// The key of a new target: a raw stream keeps the source's, which stays there; otherwise it is the task's own, or that of the
/// target's parent.
fn received_key(sides: &Sides, task: &Row, part: &Part, is_raw: bool) -> Option<Key> {
    if is_raw {
        let source = sides.source.state();
        let (_, key) = source.encryption_root(&part.source)?;
        return Some(Key { is_stored: false, ..key.clone() });
    }
    let text = task["encryption_key"].as_str().filter(|_| task["encryption"] == true)?;
    let is_hex = task["encryption_key_format"] == "HEX";
    let format = if is_hex { KeyFormat::Hex } else { KeyFormat::Passphrase };
    Some(Key { format, text: text.to_owned(), is_stored: false })
}

/// Has the target keep the key that it was encrypted with, once everything has arrived: by `midclt`, as the user that logs in and without sudo.
fn keep_keys(sides: &Sides, task: &Row, parts: &[Part]) -> Result<(), Failure> {
    let is_kept = task["encryption"] == true
        && task["encryption_key_format"] == "HEX"
        && task["encryption_key_location"] == "$TrueNAS";
    if !is_kept {
        return Ok(());
    }
    if let Some(login) = sides.login.as_ref().filter(|login| login.is_at_target && login.user != "root") {
        let text =
            format!("The target's key was not stored: midclt of user {} is not authenticated", login.user);
        return Err(text.into());
    }
    let mut state = sides.target.state();
    for part in parts {
        if let Some(key) = state.datasets.get_mut(&part.target).and_then(|dataset| dataset.key.as_mut()) {
            key.is_stored |= Some(key.text.as_str()) == task["encryption_key"].as_str();
        }
    }
    Ok(())
}

/// Makes the target like the source: files, snapshots, and properties where they are taken along.
fn receive(sides: &Sides, task: &Row, part: &Part) -> Result<(), Failure> {
    let on = |field: &str| task.get(field) == Some(&Value::Bool(true));
    let target = &part.target;
    let failed = |why: &io::Error| Failure::from(format!("cannot receive '{target}': {why}"));
    // A guard in the condition would be held while the parent is made.
    let missing = missing_parent(&sides.target.state(), target);
    if let Some(parent) = missing {
        make_dataset(&sides.target, &parent, Dataset::default()).map_err(|why| failed(&why))?;
    }
    let is_raw = part.is_encrypted && on("properties");
    let existing = sides.target.state().datasets.get(target).cloned();
    let is_new = existing.is_none();
    let mut dataset = existing.unwrap_or_else(|| Dataset {
        is_volume: part.dataset.is_volume,
        key: received_key(sides, task, part, is_raw),
        ..Dataset::default()
    });
    if on("properties") {
        let excluded = texts(task, "properties_exclude");
        let sent = part.dataset.user_properties.iter().filter(|(name, _)| !excluded.contains(name));
        dataset.user_properties.extend(sent.map(|(name, value)| (name.clone(), value.clone())));
    }
    if !dataset.is_volume {
        make_dataset(&sides.target, target, dataset.clone()).map_err(|why| failed(&why))?;
        copy_files(sides, part).map_err(|why| failed(&why))?;
        // Its key stays with the source, and each dataset of a raw stream is an encryption root of its own.
        if is_raw && is_new {
            sides.target.disk.hide(target).map_err(|why| failed(&why))?;
            dataset.mount_state = MountState::Locked;
        }
    }
    let mut state = sides.target.state();
    state.datasets.insert(target.clone(), dataset);
    if task["readonly"] == "SET" {
        state.read_only.insert(target.clone());
    }
    receive_snapshots(&mut state, task, part);
    if task["retention_policy"] == "CUSTOM" {
        let now = sides.target.now();
        let matcher = |snapshot: &Snapshot| part.snapshots.iter().any(|sent| sent.name == snapshot.name);
        state.snapshots.retain(|snapshot| {
            let is_over = || retention::expiry(task, snapshot.taken).is_some_and(|until| until <= now);
            snapshot.dataset != *target || !matcher(snapshot) || !is_over()
        });
    }
    Ok(())
}

/// The nearest parent that has to be made before the target.
fn missing_parent(state: &State, target: &str) -> Option<String> {
    let (parent, _) = target.rsplit_once('/')?;
    (!state.datasets.contains_key(parent)).then(|| parent.to_owned())
}

fn receive_snapshots(state: &mut State, task: &Row, part: &Part) {
    let target = &part.target;
    if task["retention_policy"] == "SOURCE" {
        // What the source no longer has goes from the target, too.
        let matcher = matcher(state, task);
        let is_sent = |name: &str| part.snapshots.iter().any(|sent| sent.name == name);
        state
            .snapshots
            .retain(|held| held.dataset != *target || !matcher.takes(&held.name) || is_sent(&held.name));
    }
    for sent in &part.snapshots {
        if !state.snapshots.iter().any(|held| held.dataset == *target && held.name == sent.name) {
            state.snapshots.push(Snapshot { dataset: target.clone(), ..sent.clone() });
        }
    }
}

/// Makes the target's files those of the newest snapshot that was sent.
fn copy_files(sides: &Sides, part: &Part) -> io::Result<()> {
    let Some(newest) = part.snapshots.last() else { return Ok(()) };
    let arrived = Snapshot { dataset: part.target.clone(), ..newest.clone() };
    snapshot_contents::bring_back(&sides.target, &sides.target.state(), &arrived)
}
