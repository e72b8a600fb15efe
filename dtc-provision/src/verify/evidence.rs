//! Everything the items are judged by: one observation, and what only verification looks at.

use std::sync::OnceLock;

use dtc_naming::{FolderPath, PoolName};
use futures_util::future::join_all;

use super::recover::{self, PoolProof, Vaulted};
use crate::facts::{
    BucketFacts, CredentialFacts, Fact, Held, Observation, Reach, Surroundings, TaskFacts, Unread, look,
    remembering,
};
use crate::port_error::PortError;
use crate::ports::{BucketAccess, Pool, Snapshot, Views};
use crate::proofs::{Backup, Escrowed};
use crate::secret::{ApplicationKey, EncryptionSecrets};
use crate::site::Site;
use crate::standard::{cloud_sync, snapshot_task};

/// Everything the items are judged by.
pub(super) struct Evidence<'a> {
    pub(super) site: &'a Site,
    pub(super) seen: Observation,
    pub(super) held: Held,
    /// The snapshots of the standard's schema, pool by pool.
    pub(super) snapshots: Vec<(PoolName, Result<Vec<Snapshot>, PortError>)>,
    pub(super) proofs: Fact<Vec<PoolProof>>,
}

impl<'a> Evidence<'a> {
    pub(super) async fn gather(site: &'a Site, views: &Views) -> Self {
        let views = &remembering(views);
        let (seen, held) = look(site, views).await;
        let (snapshots, proofs) = tokio::join!(snapshots(views, &seen), prove(views, &seen, &held));
        Self { site, seen, held, snapshots, proofs: proofs.into() }
    }

    /// The pools to back up.
    pub(super) fn pools(&self) -> impl Iterator<Item = &Pool> {
        let backed_up = self.seen.backed_up.ok().map_or(&[][..], Vec::as_slice);
        let pools = self.seen.pools.ok().map_or(&[][..], Vec::as_slice);
        pools.iter().filter(|pool| backed_up.contains(&pool.name))
    }

    /// A pool's tasks: those that push its root, as the plan has them; where none does, those that are meant for it, by what they read or
    /// what they are called. A task is counted for one pool only.
    pub(super) fn tasks_of(&self, pool: &PoolName) -> Result<Vec<&TaskFacts>, &Unread> {
        let tasks = self.seen.tasks.read()?;
        let of = |task: &TaskFacts| {
            let pools = || self.pools().map(|pool| &pool.name);
            let pushed = pools().find(|pool| cloud_sync::is_of_pool(&task.settings, pool));
            pushed.or_else(|| pools().find(|pool| cloud_sync::resembles_pool(&task.settings, pool)))
        };
        let meant: Vec<_> = tasks.iter().filter(|task| of(task) == Some(pool)).collect();
        let pushes: Vec<_> =
            meant.iter().copied().filter(|task| cloud_sync::is_of_pool(&task.settings, pool)).collect();
        Ok(if pushes.is_empty() { meant } else { pushes })
    }

    /// Tasks that are no pool's own and reach what the pools' tasks have written, or another appliance's (C2).
    pub(super) fn reaches(&self) -> Vec<Reach> {
        let Some(place) = self.seen.place.ok() else { return Vec::new() };
        let folders: Vec<FolderPath> = self.pools().filter_map(|pool| self.folder(&pool.name)).collect();
        let bucket = self.seen.store.ok().and_then(|store| store.bucket.as_ref());
        let around = Surroundings {
            bucket: &place.bucket_name,
            folders: &folders,
            credentials: self.seen.credentials.ok().map_or(&[], Vec::as_slice),
            keys: bucket.map_or(&[], BucketFacts::listed_keys),
        };
        let own = self.tasks();
        let others = self.seen.tasks.ok().map_or(&[][..], Vec::as_slice).iter();
        let others = others.filter(|task| !own.iter().any(|own| own.id == task.id));
        others.filter_map(|task| around.reach(task)).collect()
    }

    /// The credential that bears the bucket's name (N7), if it could be read and is there.
    pub(super) fn credential(&self) -> Option<&CredentialFacts> {
        let name = &self.seen.place.ok()?.bucket_name;
        self.seen.credentials.ok()?.iter().find(|found| found.name == name.as_str())
    }

    /// Every task that is meant for a pool that is backed up.
    pub(super) fn tasks(&self) -> Vec<&TaskFacts> {
        self.pools().filter_map(|pool| self.tasks_of(&pool.name).ok()).flatten().collect()
    }

    /// Where a pool's objects stand: the folder of the GUID that holds.
    pub(super) fn folder(&self, pool: &PoolName) -> Option<FolderPath> {
        let guid = self.seen.identity.ok()?.guid()?;
        Some(FolderPath::compute(guid, pool))
    }

    /// What the vault holds of the key, if it could be read.
    pub(super) fn key(&self) -> Option<&Escrowed<ApplicationKey>> {
        self.held.key.ok()?.as_ref()
    }

    /// What the vault holds of the pair, if it could be read.
    pub(super) fn pair(&self) -> Option<&Escrowed<EncryptionSecrets>> {
        self.held.encryption.ok()?.as_ref()
    }
}

async fn snapshots(views: &Views, seen: &Observation) -> Vec<(PoolName, Result<Vec<Snapshot>, PortError>)> {
    let pools = seen.backed_up.ok().map_or(&[][..], Vec::as_slice);
    let listings = pools.iter().map(|pool| async move {
        let listed = views.appliance.snapshots(pool).await;
        let by_schema =
            |found: Vec<Snapshot>| found.into_iter().filter(snapshot_task::is_by_schema).collect();
        (pool.clone(), listed.map(by_schema))
    });
    join_all(listings).await
}

/// Opens a sample of every pool where the vault gives what that takes; else counts and judges names alone.
async fn prove(views: &Views, seen: &Observation, held: &Held) -> Result<Vec<PoolProof>, Unread> {
    let bucket = match seen.store.needed("the bucket")?.bucket.as_ref() {
        Some(found) => &found.bucket,
        None => return Err(Unread::Needs { fact: "the bucket, which does not exist, and so nothing in it" }),
    };
    let guid = seen.identity.needed("the Device GUID")?.guid();
    let Some(device) = guid else { return Err(Unread::Needs { fact: "the Device GUID" }) };
    let access =
        BucketAccess { bucket: bucket.clone(), backup: Backup { bucket: bucket.name.clone(), device } };
    let with = vaulted(&access, held);
    let pools = seen.backed_up.needed("the appliance's pools")?;
    let mut proofs = Vec::new();
    for pool in pools {
        let folder = FolderPath::compute(device, pool);
        proofs.push(recover::prove(views, bucket, with.as_ref(), &folder).await);
    }
    Ok(proofs)
}

fn vaulted<'a>(access: &'a BucketAccess, held: &'a Held) -> Option<Vaulted<'a>> {
    let key = held.key.ok()?.as_ref()?;
    let secrets = held.encryption.ok()?.as_ref()?;
    Some(Vaulted { access: key.for_use(access).ok()?, secrets, keys: OnceLock::new() })
}
