//! What is so on both ends of a replication, read and never written.

use dtc_naming::{DatasetName, DeviceGuid};

use super::schema;
use super::wanted::{EndViews, Replication};
use crate::error::{Error, Refusal};
use crate::facts::{Fact, Place, Unread, place, vault_records};
use crate::ids::VaultOrganizationId;
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{
    EndConnection, EndDataset, EndKeyPair, EndSnapshot, EndUser, Record, ReplicationEndView, ReplicationTask,
    Rights, SentSnapshots, SnapshotTask, SshServer, System, Views, Way,
};
use crate::proofs::Slot;
use crate::site::Site;

/// One end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EndFacts {
    pub(super) system: System,
    pub(super) datasets: Vec<EndDataset>,
    /// The Device GUIDs that its pools bear, each once.
    pub(super) guids: Vec<String>,
}

/// What the other appliance allows, and what the one with the task has for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinkFacts {
    pub(super) user: Option<EndUser>,
    pub(super) ssh: SshServer,
    pub(super) key_pair: Option<EndKeyPair>,
    pub(super) connection: Option<EndConnection>,
}

/// The snapshots of one dataset that is sent, and those of what it becomes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PairFacts {
    pub(super) source: DatasetName,
    pub(super) target: DatasetName,
    pub(super) sent: Vec<EndSnapshot>,
    /// `None` where there is no such dataset yet.
    pub(super) arrived: Option<Vec<EndSnapshot>>,
    /// A file at the destination, where that has no snapshot: it has come there some other way.
    pub(super) stray: Option<String>,
}

/// Both ends of one replication, and the vault that keeps its keys.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Observed {
    pub(super) place: Place,
    pub(super) organization: VaultOrganizationId,
    pub(super) records: Vec<Record>,
    pub(super) from: EndFacts,
    pub(super) to: EndFacts,
    pub(super) link: Option<LinkFacts>,
    pub(super) task: Option<ReplicationTask>,
    /// The sending appliance's periodic snapshot tasks, where the replication is bound to some.
    pub(super) snapshot_tasks: Vec<SnapshotTask>,
    pub(super) pairs: Vec<PairFacts>,
    /// The home directory of the user whose API key the appliance with the task is asked with, where the release tells it.
    pub(super) own_home: Option<String>,
    /// What the key of the appliance with the task may do.
    pub(super) may_write: Option<Vec<String>>,
}

/// Reads both ends and the vault. Writes nothing.
///
/// # Errors
/// An appliance, NinjaOne or the vault does not answer, or does not show what is needed.
pub async fn observe(
    site: &Site,
    wanted: &Replication,
    views: &Views,
    ends: &EndViews,
) -> Result<Observed, Error> {
    let outside = async {
        let place: Fact<Place> = place(site, views).await.into();
        let records = vault_records(site, views, &place).await.map_err(|unread| unread.error())?;
        let place = place.read().map_err(Unread::error)?.clone();
        Ok::<_, Error>((place, records))
    };
    let (from, to) = (ends.from.as_ref(), ends.to.as_ref());
    let (outside, from_facts, to_facts) = tokio::join!(outside, end(from), end(to));
    let ((place, records), from_facts, to_facts) = (outside?, from_facts?, to_facts?);
    let runner = ends.runner(wanted.way);
    runner.offers(&wanted.settings(None)).await?;
    let (link, task, rights, own_home, snapshot_tasks) = tokio::join!(
        link(wanted, runner, ends.remote(wanted.way)),
        runner.replication(&wanted.name),
        runner.rights(),
        runner.own_home(),
        snapshot_tasks(wanted, from)
    );
    let snapshot_tasks = snapshot_tasks?;
    let schemas = schemas(wanted, &snapshot_tasks);
    let pairs = pairs(wanted, &schemas, (&from_facts, &to_facts), ends).await?;
    Ok(Observed {
        place,
        organization: records.organization.id,
        records: records.records,
        from: from_facts,
        to: to_facts,
        link: link?,
        task: task?,
        snapshot_tasks,
        pairs,
        own_home: own_home?,
        may_write: match rights? {
            Rights::Roles(roles) => Some(roles),
            Rights::Full | Rights::Unknown => None,
        },
    })
}

pub(super) async fn end(end: &dyn ReplicationEndView) -> Result<EndFacts, PortError> {
    let (system, datasets, pools) = tokio::join!(end.system(), end.end_datasets(), end.pools());
    let mut guids: Vec<String> = pools?.into_iter().filter_map(|pool| pool.device_guid).collect();
    guids.sort();
    guids.dedup();
    Ok(EndFacts { system: system?, datasets: datasets?, guids })
}

async fn snapshot_tasks(
    wanted: &Replication,
    from: &dyn ReplicationEndView,
) -> Result<Vec<SnapshotTask>, PortError> {
    match wanted.snapshots {
        SentSnapshots::Named(_) => Ok(Vec::new()),
        SentSnapshots::OfTasks(_) => from.snapshot_tasks().await,
    }
}

/// The naming schemas of the snapshots that are sent, each once.
fn schemas(wanted: &Replication, tasks: &[SnapshotTask]) -> Vec<String> {
    let mut schemas: Vec<String> = match &wanted.snapshots {
        SentSnapshots::Named(schema) => vec![schema.clone()],
        SentSnapshots::OfTasks(ids) => {
            let bound = tasks.iter().filter(|task| ids.contains(&task.id));
            bound.map(|task| task.settings.schema.clone()).collect()
        }
    };
    schemas.sort();
    schemas.dedup();
    schemas
}

async fn link(
    wanted: &Replication,
    runner: &dyn ReplicationEndView,
    remote: &dyn ReplicationEndView,
) -> Result<Option<LinkFacts>, PortError> {
    if !wanted.is_remote() {
        return Ok(None);
    }
    let (user, ssh) = tokio::join!(remote.user(&wanted.remote_user), remote.ssh_server());
    let pair = pair_name(wanted);
    let (key_pair, connection) = tokio::join!(runner.key_pair(&pair), runner.connection(&wanted.name));
    Ok(Some(LinkFacts { user: user?, ssh: ssh?, key_pair: key_pair?, connection: connection? }))
}

/// What a replication's key pair is called: its connection has the replication's own name, and both stand in one keychain.
pub(super) fn pair_name(wanted: &Replication) -> String {
    format!("{} key", wanted.name)
}

async fn pairs(
    wanted: &Replication,
    schemas: &[String],
    (from, to): (&EndFacts, &EndFacts),
    ends: &EndViews,
) -> Result<Vec<PairFacts>, PortError> {
    let mut pairs = Vec::new();
    for (source, target) in sent(wanted, from) {
        let of = |snapshots: Vec<EndSnapshot>| {
            snapshots.into_iter().filter(|found| schema::is_of(schemas, &found.name)).collect()
        };
        let sent = of(ends.from.snapshots_of(&source).await?);
        let held = to.dataset(&target);
        let arrived = match held {
            // Every snapshot counts: a foreign one is in the way, too.
            Some(_) => Some(ends.to.snapshots_of(&target).await?),
            None => None,
        };
        let place =
            held.filter(|held| held.mounted && !held.locked).and_then(|held| held.mount_point.as_ref());
        let stray = match place.filter(|_| arrived.as_ref().is_some_and(Vec::is_empty)) {
            Some(place) => ends.to.files(place, 1).await?.into_iter().next(),
            None => None,
        };
        pairs.push(PairFacts { source, target, sent, arrived, stray });
    }
    Ok(pairs)
}

/// Every dataset that is sent and exists, and what it becomes.
pub(super) fn sent(wanted: &Replication, from: &EndFacts) -> Vec<(DatasetName, DatasetName)> {
    let mut all = Vec::new();
    for source in &wanted.sources {
        let target = wanted.target_of(source);
        for dataset in &from.datasets {
            let is_sent = dataset.name == *source || (wanted.recursive && dataset.name.is_below(source));
            if let Some(moved) = dataset.name.moved(source, &target).filter(|_| is_sent) {
                all.push((dataset.name.clone(), moved));
            }
        }
    }
    all
}

impl Observed {
    /// The naming schemas of the snapshots that are sent.
    pub(super) fn schemas(&self, wanted: &Replication) -> Vec<String> {
        schemas(wanted, &self.snapshot_tasks)
    }

    /// The snapshot tasks that the replication is bound to and that are there.
    pub(super) fn bound_tasks<'a>(
        &'a self,
        wanted: &'a Replication,
    ) -> impl Iterator<Item = &'a SnapshotTask> {
        self.snapshot_tasks.iter().filter(|task| match &wanted.snapshots {
            SentSnapshots::Named(_) => false,
            SentSnapshots::OfTasks(ids) => ids.contains(&task.id),
        })
    }

    /// At which address the appliance with the task reaches the other one.
    pub(super) fn host(&self, wanted: &Replication) -> String {
        let remote = match wanted.way {
            Way::Push | Way::Local => &self.to,
            Way::Pull => &self.from,
        };
        wanted.host.clone().unwrap_or_else(|| remote.system.management_address.clone())
    }

    /// Whether the vault holds a key of a dataset of one end.
    pub(super) fn holds(&self, of_source: bool, dataset: &DatasetName) -> bool {
        let end = if of_source { &self.from } else { &self.to };
        let is_guid = |device: &DeviceGuid| end.guids.iter().any(|guid| guid.parse() == Ok(*device));
        self.records.iter().any(|record| {
            record.slot == Slot::DatasetKey
                && record.dataset.as_ref() == Some(dataset)
                && record.device.as_ref().is_some_and(is_guid)
        })
    }
}

impl EndFacts {
    pub(super) fn dataset(&self, name: &DatasetName) -> Option<&EndDataset> {
        self.datasets.iter().find(|dataset| dataset.name == *name)
    }

    /// Whether a dataset is there and has a key of its own.
    pub(super) fn is_root(&self, name: &DatasetName) -> bool {
        self.dataset(name).is_some_and(|found| found.encryption_root.as_ref() == Some(name))
    }

    /// The nearest dataset at or above a name.
    pub(super) fn nearest(&self, name: &DatasetName) -> Option<&EndDataset> {
        let above = std::iter::successors(Some(name.clone()), DatasetName::parent);
        above.into_iter().find_map(|name| self.dataset(&name))
    }

    /// The encryption roots at and below a name that a proof has marked as opened by itself, those above first.
    pub(super) fn marked(&self, at: &DatasetName) -> Vec<&EndDataset> {
        let is_at = |found: &&EndDataset| found.name == *at || found.name.is_below(at);
        let mut marked: Vec<&EndDataset> =
            self.datasets.iter().filter(is_at).filter(|found| found.opened_by_proof).collect();
        marked.sort_by(|one, other| one.name.cmp(&other.name));
        marked
    }

    /// Its Device GUID, under which its keys are filed.
    pub(super) fn guid(&self, called: &str) -> Result<DeviceGuid, Refusal> {
        let remedy =
            "Provision the appliance, or set the property com.dtctoday:device-guid on its identity pool";
        match self.guids.as_slice() {
            [only] => only.parse().map_err(|error: dtc_naming::Error| {
                let what = format!("the Device GUID on {called} is unusable: {error}");
                Refusal::precondition("I3", what, remedy)
            }),
            [] => {
                let what = format!("{called} has no Device GUID, under which its keys would be filed");
                Err(Refusal::precondition("E5", what, remedy))
            }
            several => {
                let what = format!("the pools of {called} bear several Device GUIDs: {}", several.join(", "));
                Err(Refusal::blocked("I6", what, "Decide which holds, and remove the others"))
            }
        }
    }
}

impl PairFacts {
    /// The newest snapshot of the source.
    pub(super) fn newest(&self) -> Option<&EndSnapshot> {
        self.sent.iter().max_by(|one, other| (one.created, &one.name).cmp(&(other.created, &other.name)))
    }

    /// The newest snapshot at the destination that the source has too.
    pub(super) fn newest_arrived(&self) -> Option<&EndSnapshot> {
        let held = self.arrived.as_deref().unwrap_or_default();
        let common = held.iter().filter(|held| self.sent.iter().any(|sent| sent.is(held)));
        common.max_by(|one, other| (one.created, &one.name).cmp(&(other.created, &other.name)))
    }

    /// Snapshots at the destination that are in the way: not the source's, and not left from before the source's oldest.
    pub(super) fn foreign(&self, schemas: &[String]) -> Vec<&str> {
        let held = self.arrived.as_deref().unwrap_or_default();
        let oldest =
            self.sent.iter().min_by(|one, other| (one.created, &one.name).cmp(&(other.created, &other.name)));
        let is_older = |held: &EndSnapshot, oldest: &EndSnapshot| match held.created.zip(oldest.created) {
            Some((held, oldest)) => held < oldest,
            None => held.name < oldest.name,
        };
        let is_foreign = |held: &&EndSnapshot| {
            let is_sent = self.sent.iter().any(|sent| sent.is(held));
            // One that the source has let go of since is what retention keeps longer here.
            let is_kept =
                schema::is_of(schemas, &held.name) && oldest.is_some_and(|oldest| is_older(held, oldest));
            !is_sent && !is_kept
        };
        held.iter().filter(is_foreign).map(|held| held.name.as_str()).collect()
    }
}

/// An error where the other machine is not the one expected.
pub(super) fn wrong_machine(attempted: String, answer: String) -> Error {
    PortError::new(PortErrorKind::WrongMachine, attempted, answer).into()
}
