//! One run of a replication: what is sent, what speaks against it, and what is there afterwards. As the simulated appliance has it, and with
//! its words, so that both are told the same.

use dtc_naming::DatasetName;
use jiff::SignedDuration;
use jiff::fmt::strtime::BrokenDownTime;

use super::{DatasetState, EndState, ReplicationState, RootKey, Side, SnapshotState, State};
use crate::ports::{Kept, Layer, ReplicationSettings, SentSnapshots, Way};
use crate::secret::DatasetKeyFormat;

/// A dataset that is sent, with what it becomes.
struct Part {
    target: DatasetName,
    dataset: DatasetState,
    /// The key of its encryption root.
    key: Option<RootKey>,
    snapshots: Vec<SnapshotState>,
}

impl State {
    /// Runs a task of one of the appliances to its end; the snapshot that was sent last.
    pub(super) fn replicate(
        &mut self,
        runner: Side,
        task: &ReplicationState,
    ) -> Result<Option<String>, String> {
        let settings = task.settings.clone()?;
        if let Some(why) = self.end(runner).runs_fail.clone() {
            return Err(why);
        }
        let may_mount = self.may_run_zfs(runner, &settings)?;
        let (from, to) = match settings.way {
            Way::Local => (runner, runner),
            Way::Push => (runner, runner.other()),
            Way::Pull => (runner.other(), runner),
        };
        if !may_mount && settings.way == Way::Push {
            return Err("the remote user does not have permission to mount file systems".to_owned());
        }
        let mut last = None;
        let mut left = self.end_mut(runner).run_breaks.take();
        for part in parts(self.end(from), &settings)? {
            may_be_sent(self.end(to), task, &settings, &part)?;
            let sent = part.snapshots.len();
            if let Some((count, why)) = left.as_mut() {
                let part = Part { snapshots: part.snapshots[..sent.min(*count)].to_vec(), ..part };
                if part.snapshots.len() < sent {
                    let why = why.clone();
                    if !part.snapshots.is_empty() {
                        self.receive(to, task, &settings, &part)?;
                    }
                    return Err(why);
                }
                *count -= sent;
                last = self.receive(to, task, &settings, &part)?;
            } else {
                last = self.receive(to, task, &settings, &part)?;
            }
        }
        self.keep_key(runner, to, &settings)?;
        Ok(last)
    }

    /// Makes the target like the source: files, snapshots, and properties where they are taken along.
    fn receive(
        &mut self,
        to: Side,
        task: &ReplicationState,
        settings: &ReplicationSettings,
        part: &Part,
    ) -> Result<Option<String>, String> {
        let now = self.now;
        let schemas = self.sent_schemas(to, settings);
        let end = self.end_mut(to);
        if end.dataset(part.target.as_str()).is_none() {
            make(end, task, settings, part)?;
        }
        let failed = || format!("cannot receive '{}'", part.target);
        let target = end.dataset_mut(part.target.as_str()).ok_or_else(failed)?;
        if settings.properties
            && !settings.excluded_properties.iter().any(|name| name.contains("device-guid"))
        {
            target.device_guid.clone_from(&part.dataset.device_guid);
        }
        let newest = part.snapshots.last();
        if let Some(newest) = newest {
            target.files.clone_from(&newest.files);
        }
        let is_sent = |name: &str| part.snapshots.iter().any(|sent| sent.name == name);
        if settings.kept == Kept::LikeSource {
            let is_kept = |held: &SnapshotState| !is_of(&schemas, &held.name) || is_sent(&held.name);
            target.snapshots.retain(is_kept);
        }
        for sent in &part.snapshots {
            if !target.snapshots.iter().any(|held| held.guid == sent.guid) {
                target.snapshots.push(sent.clone());
            }
        }
        if let Kept::Days(days) = settings.kept {
            let oldest = now - SignedDuration::from_hours(24 * i64::from(days));
            target.snapshots.retain(|held| !is_sent(&held.name) || held.created >= oldest);
        }
        Ok(newest.map(|newest| format!("{}@{}", part.dataset.name, newest.name)))
    }

    /// A key that the appliance is to keep itself gets there last, and only by root.
    fn keep_key(&mut self, runner: Side, to: Side, settings: &ReplicationSettings) -> Result<(), String> {
        let Layer::Own { format: DatasetKeyFormat::Hex, location } = &settings.layer else { return Ok(()) };
        if location != "$TrueNAS" {
            return Ok(());
        }
        if settings.way == Way::Push {
            let connection = settings.connection.as_ref().ok_or("no connection")?;
            let user = self.log_in(runner, connection)?;
            if !user.is_root {
                return Err(format!("{} may not put the key into the database", user.name));
            }
        }
        let targets: Vec<DatasetName> =
            settings.sources.iter().map(|source| target_of(settings, source)).collect();
        for target in targets {
            let key = self.end_mut(to).dataset_mut(target.as_str()).and_then(|found| found.key.as_mut());
            if let Some(key) = key {
                key.is_stored = true;
            }
        }
        Ok(())
    }
}

/// Every dataset that is sent. One that has no snapshot to be sent ends the run.
fn parts(from: &EndState, settings: &ReplicationSettings) -> Result<Vec<Part>, String> {
    let schemas = from.schemas(settings);
    let mut parts = Vec::new();
    for source in &settings.sources {
        if from.dataset(source.as_str()).is_none() {
            return Err(format!("Dataset '{source}' does not exist"));
        }
        let target = target_of(settings, source);
        for dataset in from.at_and_below(source).filter(|found| settings.recursive || found.name == *source) {
            let matching = dataset.snapshots.iter().filter(|held| is_of(&schemas, &held.name));
            let snapshots: Vec<SnapshotState> = matching.cloned().collect();
            if snapshots.is_empty() && dataset.name == *source {
                return Err(format!("Dataset '{source}' does not have any matching snapshots to replicate"));
            }
            let Some(target) = dataset.name.moved(source, &target).filter(|_| !snapshots.is_empty()) else {
                continue;
            };
            let key = from.key_of(&dataset.name).cloned();
            parts.push(Part { target, dataset: dataset.clone(), key, snapshots });
        }
    }
    Ok(parts)
}

/// Refuses what the appliance refuses once it sees both sides.
fn may_be_sent(
    to: &EndState,
    task: &ReplicationState,
    settings: &ReplicationSettings,
    part: &Part,
) -> Result<(), String> {
    let (source, target) = (&part.dataset.name, &part.target);
    let is_encrypted = part.key.is_some();
    let layered = settings.layer != Layer::None;
    if is_encrypted && settings.properties && layered {
        return Err(format!(
            "Re-encrypting already encrypted source dataset '{source}' while preserving its properties is not supported"
        ));
    }
    if part.key.as_ref().is_some_and(|key| !key.is_loaded) && !settings.properties {
        return Err(format!("cannot open '{source}': dataset key must be loaded"));
    }
    let Some(held) = to.dataset(target.as_str()) else {
        let above = to.above(target).ok_or_else(|| format!("cannot receive '{target}': no such pool"))?;
        return may_be_made(settings, target, above, is_encrypted && settings.properties);
    };
    if held.kind != part.dataset.kind {
        return Err(format!("Source '{source}' and target '{target}' are not of one type"));
    }
    if layered && held.encryption_root.is_none() {
        return Err(format!(
            "Encryption requested for destination dataset '{target}', but it already exists and is not encrypted."
        ));
    }
    has_base(held, task, part, is_encrypted && settings.properties)
}

fn may_be_made(
    settings: &ReplicationSettings,
    target: &DatasetName,
    above: &DatasetState,
    is_raw: bool,
) -> Result<(), String> {
    let is_below_encrypted = above.encryption_root.is_some();
    if settings.layer == Layer::Inherit && !is_below_encrypted {
        return Err(format!(
            "Encryption inheritance requested for destination dataset '{target}', but its existing parent is not encrypted"
        ));
    }
    if settings.layer == Layer::None && !is_raw && is_below_encrypted {
        return Err(format!("Destination dataset '{target}' must be encrypted"));
    }
    Ok(())
}

/// An existing target needs a snapshot that both sides have.
fn has_base(held: &DatasetState, task: &ReplicationState, part: &Part, is_raw: bool) -> Result<(), String> {
    let target = &part.target;
    let is_common = |sent: &SnapshotState| held.snapshots.iter().any(|held| held.guid == sent.guid);
    if part.snapshots.iter().any(is_common) {
        return Ok(());
    }
    if held.key.is_some() {
        return Err(format!("Destination dataset '{target}' already exists and is its own encryption root."));
    }
    let is_empty = held.files.is_empty() && held.snapshots.is_empty();
    if is_raw && is_empty {
        let source = &part.dataset.name;
        return Err(format!(
            "Encrypted dataset '{source}' cannot be sent to the existing dataset '{target}', which is unencrypted or another one"
        ));
    }
    if task.allows_from_scratch || is_empty {
        return Ok(());
    }
    Err(if held.snapshots.is_empty() {
        format!(
            "Target dataset '{target}' does not have snapshots but has data and replication from scratch is not allowed. Refusing to overwrite existing data."
        )
    } else {
        format!("No incremental base on dataset '{target}' and replication from scratch is not allowed")
    })
}

/// Makes a new target: a raw stream keeps the source's key, which stays there; otherwise it gets the task's own, or that of its parent.
fn make(
    end: &mut EndState,
    task: &ReplicationState,
    settings: &ReplicationSettings,
    part: &Part,
) -> Result<(), String> {
    let parent = part.target.parent();
    if let Some(parent) = parent.filter(|parent| end.dataset(parent.as_str()).is_none()) {
        let above = end.above(&parent).map(|above| (above.name.clone(), above.encryption_root.clone()));
        let Some((_, root)) = above.filter(|(name, _)| Some(name) == parent.parent().as_ref()) else {
            return Err(format!("cannot create '{parent}': parent does not exist"));
        };
        end.add_dataset(DatasetState { encryption_root: root, ..DatasetState::new(parent) });
    }
    let mut made = DatasetState { kind: part.dataset.kind, ..DatasetState::new(part.target.clone()) };
    let inherited = end.above(&part.target).and_then(|above| above.encryption_root.clone());
    let is_top = settings.sources.iter().any(|source| target_of(settings, source) == part.target);
    match (&settings.layer, &part.key) {
        (Layer::None, Some(key)) if settings.properties => {
            made = made.encrypted_by(RootKey { is_loaded: false, is_stored: false, ..key.clone() });
        }
        (Layer::Own { format, .. }, _) if is_top => {
            let text = task.key.clone().unwrap_or_default();
            if let Some(problem) = format.problem(&text) {
                return Err(format!("cannot create '{}': {problem}", part.target));
            }
            made = made.encrypted_by(RootKey { format: *format, text, is_loaded: true, is_stored: false });
        }
        (Layer::Own { .. } | Layer::Inherit, _) => made.encryption_root = inherited,
        (Layer::None, _) => {}
    }
    end.add_dataset(made);
    Ok(())
}

impl EndState {
    /// The naming schemas of what a task of these settings sends from here.
    fn schemas(&self, settings: &ReplicationSettings) -> Vec<String> {
        match &settings.snapshots {
            SentSnapshots::Named(schema) => vec![schema.clone()],
            SentSnapshots::OfTasks(ids) => {
                let bound = self.snapshot_tasks.iter().filter(|task| ids.contains(&task.id));
                bound.map(|task| task.settings.schema.clone()).collect()
            }
        }
    }
}

impl State {
    /// The same, seen from the appliance that is sent to.
    fn sent_schemas(&self, to: Side, settings: &ReplicationSettings) -> Vec<String> {
        let from = if settings.way == Way::Local { to } else { to.other() };
        self.end(from).schemas(settings)
    }
}

/// Whether a snapshot's name is one that any of the schemas makes.
pub(super) fn is_of(schemas: &[String], name: &str) -> bool {
    schemas.iter().any(|schema| BrokenDownTime::parse(schema, name).is_ok())
}

/// What a source becomes: the target itself for one, else one below it for each.
pub(super) fn target_of(settings: &ReplicationSettings, source: &DatasetName) -> DatasetName {
    let [first, others @ ..] = settings.sources.as_slice() else { return settings.destination.clone() };
    if others.is_empty() {
        return settings.destination.clone();
    }
    let is_common = |above: &DatasetName| others.iter().all(|other| other.is_below(above));
    let common = std::iter::successors(first.parent(), DatasetName::parent).find(is_common);
    let cut = common.map_or(0, |common| common.as_str().len() + 1);
    let text = format!("{}/{}", settings.destination, &source.as_str()[cut..]);
    text.parse().unwrap_or_else(|_| unreachable!("{text} is a dataset's name"))
}
