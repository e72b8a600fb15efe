//! Everything the items are judged by, read once.

use std::sync::OnceLock;

use dtc_naming::{FolderPath, PoolName};

use crate::error::Error;
use crate::escrow::{self, Escrowed, RecordKey, Subject};
use crate::observe::{self, BucketSeen, Identity, Place};
use crate::ports::{CloudCredential, CloudSync, Dataset, Snapshot, SnapshotTask, Snmp, System, Views};
use crate::secret::{ApplicationKey, EncryptionSecrets};
use crate::site::Site;
use crate::standard::SNAPSHOT_SCHEMA;
use crate::verify::recover::{self, PoolProof, Vaulted};

/// A fact that could not be read, and why.
pub(super) type Unread = String;

/// One pool on the box.
pub(super) struct PoolFacts {
    pub(super) name: PoolName,
    pub(super) datasets: Vec<Dataset>,
    pub(super) tasks: Vec<CloudSync>,
    pub(super) snapshot_tasks: Vec<SnapshotTask>,
    pub(super) snapshots: Vec<Snapshot>,
    /// Of how many children there is a snapshot, and how many were looked at.
    pub(super) children: (usize, usize),
}

/// Everything the items are judged by.
pub(super) struct Facts {
    pub(super) place: Place,
    pub(super) system: System,
    pub(super) identity: Identity,
    pub(super) pools: Vec<PoolFacts>,
    pub(super) credentials: Vec<CloudCredential>,
    pub(super) snmp: Snmp,
    pub(super) bucket: Result<Option<BucketSeen>, Unread>,
    pub(super) key: Result<Option<Escrowed<ApplicationKey>>, Unread>,
    pub(super) secrets: Result<Option<Escrowed<EncryptionSecrets>>, Unread>,
    pub(super) proofs: Result<Vec<PoolProof>, Unread>,
    pub(super) ticket: Option<Result<bool, Unread>>,
}

impl Facts {
    /// Reads everything. What the box, its client and its location are must be known; the rest may be unreadable.
    pub(super) async fn gather(site: &Site, views: &Views) -> Result<Self, Error> {
        let place = observe::place(site, views).await?;
        let system = views.appliance.system().await?;
        let pools = views.appliance.pools().await?;
        let identity = observe::identify(site, views, &place, &system, &pools).await?;
        let chosen = observe::chosen(site, &pools)?;
        let snmp = views.appliance.snmp().await?;
        let credentials = views.appliance.cloud_credentials().await?;
        let pools = pool_facts(views, chosen).await?;
        let bucket = observe::bucket(views, &place.bucket_name).await.map_err(|error| error.to_string());
        let record_key = record_key(site, views, &place, &identity).await;
        let (key, secrets) = match &record_key {
            Ok(Some(of)) => (recall(views, of).await, recall(views, of).await),
            Ok(None) => (Ok(None), Ok(None)),
            Err(unread) => (Err(unread.clone()), Err(unread.clone())),
        };
        let ticket = ticket(site, views, &place, &identity).await;
        let mut facts = Self {
            place,
            system,
            identity,
            pools,
            credentials,
            snmp,
            bucket,
            key,
            secrets,
            proofs: Err(String::new()),
            ticket,
        };
        facts.proofs = facts.prove(views).await;
        Ok(facts)
    }

    /// Where a pool's objects stand: the folder of the GUID that holds.
    pub(super) fn folder(&self, pool: &PoolName) -> Option<FolderPath> {
        self.identity.guid().map(|guid| FolderPath::compute(guid, pool))
    }

    /// Opens a sample of every pool where the vault gives what that takes; else counts and judges names alone.
    async fn prove(&self, views: &Views) -> Result<Vec<PoolProof>, Unread> {
        let bucket = match &self.bucket {
            Ok(Some(seen)) => &seen.bucket,
            Ok(None) => return Err("there is no bucket".to_owned()),
            Err(unread) => return Err(unread.clone()),
        };
        let with = match (&self.key, &self.secrets) {
            (Ok(Some(key)), Ok(Some(secrets))) => {
                Some(Vaulted { bucket, key, secrets, keys: OnceLock::new() })
            }
            _ => None,
        };
        let mut proofs = Vec::new();
        for pool in &self.pools {
            let folder = self.folder(&pool.name).ok_or("the box has no Device GUID")?;
            let proof = match &with {
                Some(with) => recover::prove(views, with, &folder).await,
                None => recover::survey(views, bucket, &folder).await,
            };
            proofs.push(proof.map_err(|error| error.to_string())?);
        }
        Ok(proofs)
    }
}

async fn pool_facts(views: &Views, chosen: Vec<PoolName>) -> Result<Vec<PoolFacts>, Error> {
    let (mut tasks, snapshot_tasks) =
        (views.appliance.cloud_syncs().await?, views.appliance.snapshot_tasks().await?);
    let mut facts = Vec::new();
    for name in chosen {
        let path = format!("/mnt/{name}");
        let description = dtc_naming::TaskDescription::compute(&name).to_string();
        // A task is the pool's by what it reads, or by what it says it reads.
        let ours = |task: &CloudSync| task.settings.path == path || task.settings.description == description;
        let (pool_tasks, others) = tasks.into_iter().partition(ours);
        tasks = others;
        let of_root = |task: &&SnapshotTask| task.settings.dataset == name.as_str();
        let snapshots = views.appliance.snapshots(name.as_str()).await?;
        let datasets = views.appliance.datasets(&name).await?;
        facts.push(PoolFacts {
            children: children(views, &name, &datasets).await?,
            datasets,
            tasks: pool_tasks,
            snapshot_tasks: snapshot_tasks.iter().filter(of_root).cloned().collect(),
            snapshots: snapshots.into_iter().filter(by_schema).collect(),
            name,
        });
    }
    Ok(facts)
}

/// How many children are looked at for snapshots: one that has none may just not have changed (Z1).
const CHILDREN: usize = 16;

/// Of how many of a pool's children there is a snapshot (Z2), and how many were looked at.
async fn children(views: &Views, pool: &PoolName, datasets: &[Dataset]) -> Result<(usize, usize), Error> {
    let (mut covered, mut seen) = (0, 0);
    for child in datasets.iter().filter(|dataset| dataset.name != pool.as_str()).take(CHILDREN) {
        let snapshots = views.appliance.snapshots(&child.name).await?;
        (covered, seen) = (covered + usize::from(snapshots.iter().any(by_schema)), seen + 1);
    }
    Ok((covered, seen))
}

/// Whether a snapshot is named by the standard's schema, as far as its fixed part tells.
fn by_schema(snapshot: &Snapshot) -> bool {
    let fixed = SNAPSHOT_SCHEMA.split('%').next().unwrap_or_default();
    snapshot.name.starts_with(fixed)
}

async fn record_key(
    site: &Site,
    views: &Views,
    place: &Place,
    identity: &Identity,
) -> Result<Option<RecordKey>, Unread> {
    let Some(device) = identity.guid() else { return Ok(None) };
    let organization =
        observe::vault_organization(site, views, place).await.map_err(|error| error.to_string())?;
    let subject = Subject { bucket: place.bucket_name.clone(), device };
    Ok(Some(RecordKey { organization: organization.id, subject }))
}

async fn recall<T: escrow::Escrowable>(views: &Views, of: &RecordKey) -> Result<Option<Escrowed<T>>, Unread> {
    escrow::recall(views.vault.as_ref(), of).await.map_err(|error| error.to_string())
}

async fn ticket(
    site: &Site,
    views: &Views,
    place: &Place,
    identity: &Identity,
) -> Option<Result<bool, Unread>> {
    let ticket = site.ticket.as_ref()?;
    let marker = crate::plan::completion_marker(place.location_uuid, identity.guid());
    let note = views.tickets.note(ticket, &marker).await;
    Some(note.map(|note| note.is_some()).map_err(|error| error.to_string()))
}
