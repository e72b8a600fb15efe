//! Replication tasks (R3).

use std::collections::BTreeMap;

use dtc_provision::ids::{JobId, ReplicationId};
use dtc_provision::ports::{
    DestinationKey, Eligible, LastReplication, Layer, ReplicationSettings, ReplicationTask, Way,
};
use dtc_provision::proofs::Bound;
use dtc_provision::secret::DatasetKeyFormat;
use dtc_provision::{PortError, PortErrorKind, Service};
use truenas_client::replications::{
    self as wire, CountSnapshots, Direction, EncryptionKey, KeyLocation, Replication, Side, UpdateReplication,
};
use truenas_client::{Client, Feature, Support, Switch, TaskState};

use super::{id, keychain, settings};
use crate::error::{Attempt as _, parsed, refused};

fn task_id(task: &ReplicationId) -> Result<truenas_client::ReplicationId, PortError> {
    parsed(task.as_str(), "a replication task").map(truenas_client::ReplicationId::new)
}

pub(super) async fn named(client: &Client, name: &str) -> Result<Option<ReplicationTask>, PortError> {
    let found = client.replications().list().await.attempting("list the appliance's replication tasks")?;
    Ok(found.iter().find(|task| task.name == name).map(seen))
}

fn seen(found: &Replication) -> ReplicationTask {
    ReplicationTask {
        id: ReplicationId::new(found.id.to_string()),
        enabled: found.enabled,
        settings: settings::seen(found),
        allows_from_scratch: found.allow_from_scratch,
        last: last(found),
    }
}

fn last(found: &Replication) -> LastReplication {
    let said =
        |words: &Option<String>| words.clone().unwrap_or_else(|| "the appliance does not say why".to_owned());
    match &found.state.state {
        TaskState::Pending => LastReplication::Never,
        TaskState::Waiting | TaskState::Running => {
            LastReplication::Running(found.job.as_ref().map(|job| JobId::new(job.id.to_string())))
        }
        TaskState::Finished => LastReplication::Succeeded(found.state.last_snapshot.clone()),
        TaskState::Error => LastReplication::Failed(said(&found.state.error)),
        TaskState::Hold => LastReplication::OnHold(said(&found.state.reason)),
        other => LastReplication::Failed(format!("its state is {other:?}, which is not known here")),
    }
}

/// CORE takes neither sudo nor an encryption that is inherited.
pub(super) fn offers(client: &Client, settings: &ReplicationSettings) -> Result<(), PortError> {
    let asked = [
        (settings.sudo, "run zfs by sudo on the other appliance", "log in there as root"),
        (
            settings.layer == Layer::Inherit,
            "have the destination inherit its parent's encryption",
            "give the destination a key of its own, or let the other appliance have the task if its release is a later one",
        ),
    ];
    if client.supports(Feature::ReplicationOptions) == Support::Yes {
        return Ok(());
    }
    let lacking = asked.into_iter().find(|(is_asked, ..)| *is_asked);
    lacking.map_or(Ok(()), |(_, what, instead)| {
        let attempted = format!("have the replication {:?} {what}", settings.name);
        let answer = format!("{} does not offer it; {instead}", client.release());
        let error = PortError::new(PortErrorKind::Unsupported, attempted, answer);
        Err(error.from_service(Service::Appliance))
    })
}

/// The side of a task that is not this appliance.
fn other_side(settings: &ReplicationSettings) -> Result<Side, PortError> {
    match (&settings.way, &settings.connection) {
        (Way::Local, _) => Ok(Side::Local),
        (_, Some(connection)) => keychain::id(connection).map(Side::Ssh),
        (_, None) => Err(settings::without_connection(settings)),
    }
}

/// They are counted where the sources are.
pub(super) async fn eligible(
    client: &Client,
    settings: &ReplicationSettings,
    schemas: &[String],
) -> Result<Eligible, PortError> {
    let side = if settings.way == Way::Pull { other_side(settings)? } else { Side::Local };
    let sources = settings.sources.iter().map(id);
    let wanted = CountSnapshots::by_schema(sources, schemas, side);
    let found = client.replications().count_eligible_manual_snapshots(&wanted).await;
    let found = found.attempting(format_args!("count the snapshots that {:?} takes along", settings.name))?;
    Ok(Eligible { total: found.total, eligible: found.eligible })
}

pub(super) async fn unmatched(
    client: &Client,
    settings: &ReplicationSettings,
) -> Result<BTreeMap<String, Vec<String>>, PortError> {
    let direction = if settings.way == Way::Pull { Direction::Pull } else { Direction::Push };
    let (sources, target) = (settings.sources.iter().map(id).collect::<Vec<_>>(), id(&settings.destination));
    let side = other_side(settings)?;
    let found = client.replications().target_unmatched_snapshots(&direction, &sources, &target, side).await;
    let found =
        found.attempting(format_args!("look for snapshots of {target} that the source does not have"))?;
    Ok(found.by_dataset.into_iter().filter(|(_, names)| !names.is_empty()).collect())
}

/// A replaced task gets its encryption as a new one would; the appliance keeps it otherwise.
pub(super) async fn put(
    client: &Client,
    existing: Option<&ReplicationId>,
    settings: &ReplicationSettings,
    key: Option<Bound<'_, DestinationKey>>,
) -> Result<ReplicationId, PortError> {
    let attempted = format!("save the replication task {:?}", settings.name);
    if key.is_some_and(|key| key.spec().settings != *settings) {
        return Err(refused(attempted, "the key was bound to other settings; nothing was sent"));
    }
    let key = key.as_ref().map(|key| destination_key(key, &attempted)).transpose()?;
    if key.is_none() && matches!(settings.layer, Layer::Own { .. }) && existing.is_none() {
        return Err(refused(
            attempted,
            "a destination with a key of its own needs the key; nothing was sent",
        ));
    }
    let task = settings::request(settings)?;
    let tasks = client.replications();
    let saved = match existing {
        Some(existing) => {
            let changes = UpdateReplication::matching(&task).attempting(&attempted)?;
            let changes = match settings.layer {
                Layer::None => changes.without_encryption(),
                Layer::Inherit => changes.inherits_encryption(),
                Layer::Own { .. } => changes,
            };
            tasks.update(task_id(existing)?, &changes, key.as_ref()).await
        }
        None => tasks.create(&task, key.as_ref()).await,
    };
    Ok(ReplicationId::new(saved.attempting(attempted)?.id.to_string()))
}

fn destination_key(
    key: &Bound<'_, DestinationKey>,
    attempted: &str,
) -> Result<wire::DestinationKey, PortError> {
    let Layer::Own { format, location } = &key.spec().settings.layer else {
        return Err(refused(attempted, "the destination gets no key of its own; nothing was sent"));
    };
    let (secret, given) = (EncryptionKey::new(key.expose().secret.expose()), key.expose().format);
    if given != *format {
        let answer =
            format!("it takes a key of the kind {}, and the vault's is {}", format.as_str(), given.as_str());
        return Err(refused(attempted, answer));
    }
    let location = if location == settings::IN_DATABASE {
        KeyLocation::TrueNas
    } else {
        KeyLocation::File(location.clone())
    };
    match format {
        DatasetKeyFormat::Hex => wire::DestinationKey::hex(secret, location),
        DatasetKeyFormat::Passphrase => wire::DestinationKey::passphrase(secret, location),
    }
    .attempting(attempted)
}

pub(super) async fn enable(client: &Client, task: &ReplicationId) -> Result<(), PortError> {
    let enabled = UpdateReplication::new().enabled(Switch::On);
    let updated = client.replications().update(task_id(task)?, &enabled, None).await;
    updated.attempting(format_args!("enable the replication task {task}")).map(drop)
}

/// Joins the run under way, since a second one would be refused.
pub(super) async fn run(client: &Client, task: &ReplicationId) -> Result<JobId, PortError> {
    let attempted = format!("run the replication task {task}");
    let tasks = client.replications();
    let found = tasks.get(task_id(task)?).await.attempting(&attempted)?;
    if let LastReplication::Running(Some(job)) = last(&found) {
        return Ok(job);
    }
    let job = tasks.run(task_id(task)?).await.attempting(attempted)?;
    Ok(JobId::new(job.id().to_string()))
}
