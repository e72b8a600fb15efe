//! The settings of a replication task, to and from the appliance's form.

use std::collections::BTreeSet;

use dtc_provision::PortError;
use dtc_provision::ids::{SnapshotTaskId, SshConnectionId};
use dtc_provision::ports::{Kept, Layer, ReplicationSettings, SentSnapshots, Way};
use dtc_provision::schedule::Schedule;
use dtc_provision::secret::DatasetKeyFormat;
use truenas_client::replications::{
    CreateReplication, Direction, KeyFormat, ReadOnly, Replication, Retention, RetentionPolicy, Transport,
    TransportKind,
};
use truenas_client::snapshot_tasks::{Lifetime, LifetimeUnit, SnapshotSchedule};
use truenas_client::{Error, Switch, TimeOfDay};

use super::{id, keychain};
use crate::error::{Attempt as _, parsed, refused};

/// Where TrueNAS keeps a key itself.
pub(super) const IN_DATABASE: &str = "$TrueNAS";

pub(super) fn without_connection(settings: &ReplicationSettings) -> PortError {
    let attempted = format!("save the replication task {:?}", settings.name);
    refused(attempted, "it leads to another appliance, and has no SSH connection")
}

/// The task, disabled.
pub(super) fn request(settings: &ReplicationSettings) -> Result<CreateReplication, PortError> {
    let attempted = format!("save the replication task {:?}", settings.name);
    let direction = if settings.way == Way::Pull { Direction::Pull } else { Direction::Push };
    let transport = match (settings.way, &settings.connection) {
        (Way::Local, _) => Transport::Local,
        (_, Some(connection)) => Transport::Ssh(keychain::id(connection)?),
        (_, None) => return Err(without_connection(settings)),
    };
    let retention = match settings.kept {
        Kept::LikeSource => Retention::LikeSource,
        Kept::Days(days) => Retention::For(Lifetime::new(days, LifetimeUnit::Day)),
        Kept::Forever => Retention::Forever,
    };
    let sources: Vec<_> = settings.sources.iter().map(id).collect();
    let target = id(&settings.destination);
    let task = CreateReplication::new(&settings.name, direction, transport, sources, target, retention)
        .recursive(settings.recursive.into())
        .properties(settings.properties.into())
        .properties_exclude(&settings.excluded_properties)
        .sudo(settings.sudo.into())
        .inherits_encryption((settings.layer == Layer::Inherit).into())
        .enabled(Switch::Off);
    let task = match (&settings.snapshots, settings.way) {
        (SentSnapshots::Named(schema), Way::Pull) => task.naming_schema([schema]),
        (SentSnapshots::Named(schema), Way::Push | Way::Local) => task.also_include([schema]),
        // It runs after each of them, unless it has a schedule.
        (SentSnapshots::OfTasks(ids), _) => task.snapshot_tasks(snapshot_tasks(ids)?).auto(Switch::On),
    };
    match &settings.schedule {
        Some(wanted) => Ok(task.auto(Switch::On).schedule(schedule(wanted).attempting(attempted)?)),
        None => Ok(task),
    }
}

fn snapshot_tasks(ids: &BTreeSet<SnapshotTaskId>) -> Result<Vec<truenas_client::SnapshotTaskId>, PortError> {
    let id =
        |id: &SnapshotTaskId| parsed(id.as_str(), "a snapshot task").map(truenas_client::SnapshotTaskId::new);
    ids.iter().map(id).collect()
}

fn schedule(wanted: &Schedule) -> Result<SnapshotSchedule, Error> {
    Ok(SnapshotSchedule::new(wanted.as_str().parse()?))
}

/// The settings, or what of them has no place in ours.
pub(super) fn seen(found: &Replication) -> Result<ReplicationSettings, String> {
    let (way, connection) = way(found)?;
    not_ours(found)?;
    Ok(ReplicationSettings {
        name: found.name.clone(),
        way,
        connection,
        sudo: found.sudo,
        sources: found.source_datasets.iter().map(dataset).collect::<Result<_, _>>()?,
        destination: dataset(&found.target_dataset)?,
        recursive: found.recursive,
        properties: found.properties,
        excluded_properties: found.properties_exclude.clone(),
        layer: layer(found)?,
        snapshots: snapshots(found)?,
        schedule: found.schedule.as_ref().filter(|_| found.auto).map(runs).transpose()?,
        kept: kept(found)?,
    })
}

fn dataset(found: &truenas_client::DatasetId) -> Result<dtc_naming::DatasetName, String> {
    found.as_str().parse().map_err(|error: dtc_naming::Error| error.to_string())
}

fn way(found: &Replication) -> Result<(Way, Option<SshConnectionId>), String> {
    let connection = found.ssh_credentials.as_ref();
    let connection = connection.map(|connection| SshConnectionId::new(connection.id.to_string()));
    match (&found.transport, &found.direction) {
        (TransportKind::Local, Direction::Push) => Ok((Way::Local, None)),
        (TransportKind::Ssh, Direction::Push) => Ok((Way::Push, connection)),
        (TransportKind::Ssh, Direction::Pull) => Ok((Way::Pull, connection)),
        (transport, direction) => {
            Err(format!("its transport is {transport:?}, and its direction {direction:?}"))
        }
    }
}

/// Settings that change what arrives or stays, and that are never set here.
fn not_ours(found: &Replication) -> Result<(), String> {
    let is_bound = !found.periodic_snapshot_tasks.is_empty();
    let odd = [
        (found.replicate, "it makes the destination equal, and so deletes there"),
        (!found.exclude.is_empty(), "it leaves datasets out"),
        (!found.properties_override.is_empty(), "it gives the destination properties of its own"),
        (found.name_regex.is_some(), "it chooses snapshots by a regular expression"),
        (
            found.restrict_schedule.is_some() || found.only_matching_schedule,
            "it sends snapshots of certain times only",
        ),
        (!found.lifetimes.is_empty(), "it keeps snapshots of certain times for another while"),
        (found.hold_pending_snapshots, "it holds snapshots at the source"),
        (found.readonly != ReadOnly::Set, "it does not make the destination read-only"),
        (found.auto && found.schedule.is_none() && !is_bound, "it runs by itself without a schedule"),
        (!found.auto && is_bound, "it is bound to snapshot tasks, and does not run after them"),
    ];
    odd.iter().find(|(is_so, _)| *is_so).map_or(Ok(()), |(_, what)| Err((*what).to_owned()))
}

fn layer(found: &Replication) -> Result<Layer, String> {
    if !found.encryption {
        return Ok(Layer::None);
    }
    if found.encryption_inherit == Some(true) {
        return Ok(Layer::Inherit);
    }
    let format = match &found.encryption_key_format {
        Some(KeyFormat::Hex) => DatasetKeyFormat::Hex,
        Some(KeyFormat::Passphrase) => DatasetKeyFormat::Passphrase,
        other => return Err(format!("its key is of the kind {other:?}")),
    };
    let location = found.encryption_key_location.clone();
    Ok(Layer::Own { format, location: location.ok_or("it does not say where its key is kept")? })
}

fn snapshots(found: &Replication) -> Result<SentSnapshots, String> {
    let schemas = match found.direction {
        Direction::Pull => &found.naming_schema,
        _ => &found.also_include_naming_schema,
    };
    let tasks = found.periodic_snapshot_tasks.iter().map(|id| SnapshotTaskId::new(id.to_string()));
    let tasks: BTreeSet<SnapshotTaskId> = tasks.collect();
    match (schemas.as_slice(), tasks.is_empty()) {
        ([one], true) => Ok(SentSnapshots::Named(one.clone())),
        ([], false) => Ok(SentSnapshots::OfTasks(tasks)),
        (_, false) => Err("it sends snapshots of other names besides those of its snapshot tasks".to_owned()),
        (several, true) => Err(format!("it has {} naming schemas", several.len())),
    }
}

fn runs(found: &SnapshotSchedule) -> Result<Schedule, String> {
    if (found.begin(), found.end()) != (TimeOfDay::MIDNIGHT, TimeOfDay::LAST_MINUTE) {
        return Err(format!("it runs between {} and {} only", found.begin(), found.end()));
    }
    found.schedule().to_string().parse().map_err(|_| "its schedule is not understood".to_owned())
}

fn kept(found: &Replication) -> Result<Kept, String> {
    let days = match (&found.lifetime_unit, found.lifetime_value.and_then(|value| u32::try_from(value).ok()))
    {
        (Some(LifetimeUnit::Day), days) => days,
        (Some(LifetimeUnit::Week), Some(weeks)) => weeks.checked_mul(7),
        _ => None,
    };
    match (&found.retention_policy, days) {
        (RetentionPolicy::Source, _) => Ok(Kept::LikeSource),
        (RetentionPolicy::None, _) => Ok(Kept::Forever),
        (RetentionPolicy::Custom, Some(days)) => Ok(Kept::Days(days)),
        (policy, _) => Err(format!(
            "it keeps snapshots by {policy:?}, for {:?} {:?}",
            found.lifetime_value, found.lifetime_unit
        )),
    }
}
