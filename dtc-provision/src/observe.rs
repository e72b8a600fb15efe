//! What is so now: every fact that a plan acts on, read and never written.

mod appliance;
mod bucket;
mod identity;
mod vault;

use dtc_naming::{BucketName, DeviceGuid, LocationUuid, OrgUuid, PoolName};
use serde::Serialize;

use crate::error::Error;
use crate::escrow::Subject;
use crate::ports::{
    Account, Bucket, CloudSyncId, CloudSyncSettings, CredentialId, Device, Key, KeyId, LastRun, Location,
    Organization, RecordRef, SnapshotTask, System, VaultOrganization, Views,
};
use crate::site::Site;

pub(crate) use appliance::everything_readable;
pub(crate) use bucket::observe as bucket;
pub(crate) use identity::{Place, chosen, find_device, identify, label_name, place};
pub(crate) use vault::organization as vault_organization;

/// Everything observed, without a secret in it. Two observations of one state are equal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// The client.
    pub organization: Organization,
    /// The client's UUID (I2).
    pub organization_uuid: OrgUuid,
    /// The location.
    pub location: Location,
    /// The location's UUID (I2).
    pub location_uuid: LocationUuid,
    /// The bucket's name, computed here and nowhere else (N1).
    pub bucket_name: BucketName,
    /// The box.
    pub system: System,
    /// The Device GUID and where it stands (I3–I9).
    pub identity: Identity,
    /// The pools to back up.
    pub pools: Vec<PoolSeen>,
    /// The account.
    pub account: Account,
    /// The bucket, if it is there and ours.
    pub bucket: Option<BucketSeen>,
    /// The vault's records of this appliance.
    pub vault: VaultSeen,
    /// SNMP on the box.
    pub snmp: SnmpSeen,
    /// The credential on the box that bears the bucket's name.
    pub credential: Option<CredentialSeen>,
    /// Key ids of every B2 credential on the box (K4).
    pub keys_on_box: Vec<KeyId>,
    /// Whether the ticket says that the backup is operational; `None` without a ticket.
    pub ticket_noted: Option<bool>,
}

/// The Device GUID and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Identity {
    /// The pool that keeps it (I4).
    pub pool: PoolName,
    /// Every data pool that has it, with its value and whether that is spelled right (I3, I6).
    pub on_pools: Vec<PoolGuid>,
    /// The device in the inventory, once a person has added it (I9, S3).
    pub device: Option<DeviceSeen>,
}

/// A Device GUID property on a pool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolGuid {
    /// The pool.
    pub pool: PoolName,
    /// Its value.
    pub guid: DeviceGuid,
    /// Whether its text is the normal one.
    pub normalised: bool,
}

/// The inventory's device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DeviceSeen {
    /// The device.
    pub device: Device,
    /// Its Device GUID field.
    pub guid: Option<DeviceGuid>,
    /// Whether the field's text is the normal one.
    pub normalised: bool,
}

impl Identity {
    /// The property on the identity pool.
    pub fn on_pool(&self) -> Option<&PoolGuid> {
        self.on_pools.iter().find(|found| found.pool == self.pool)
    }

    /// The GUID that holds: NinjaOne's, else the pool's (I5).
    pub fn guid(&self) -> Option<DeviceGuid> {
        let in_inventory = self.device.as_ref().and_then(|device| device.guid);
        in_inventory.or_else(|| self.on_pool().map(|found| found.guid))
    }
}

/// A pool, its task and its snapshots.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PoolSeen {
    /// The pool.
    pub name: PoolName,
    /// Its zvols, which Cloud Sync never copies (C6).
    pub volumes: Vec<String>,
    /// Its Cloud Sync task.
    pub task: Option<TaskSeen>,
    /// Whether anything stands under its prefix in the bucket (N4).
    pub in_bucket: bool,
    /// Its root's periodic snapshot tasks with the standard's schema (Z1a).
    pub snapshot_tasks: Vec<SnapshotTask>,
}

/// A Cloud Sync task on the box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskSeen {
    /// Its id.
    pub id: CloudSyncId,
    /// Whether its schedule starts it.
    pub enabled: bool,
    /// Which credential it uses.
    pub credential: CredentialId,
    /// Its settings.
    pub settings: CloudSyncSettings,
    /// Whether its password and salt are the vault's.
    pub secrets: Agreement,
    /// Its last run.
    pub last_run: Option<LastRun>,
}

/// Whether the box and the vault hold the same secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Agreement {
    /// They do.
    Same,
    /// Both hold one, and they differ.
    Different,
    /// The box hides its own.
    Unknowable,
    /// The box has one and the vault has none.
    NotEscrowed,
    /// The box has none.
    Absent,
}

/// The bucket and its keys.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BucketSeen {
    /// The bucket.
    pub bucket: Bucket,
    /// Its keys, of both worlds (K2a).
    pub keys: Vec<Key>,
}

/// The vault's records of this appliance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VaultSeen {
    /// The client's organisation (E6).
    pub organization: VaultOrganization,
    /// The application key's record, and the key's id.
    pub key: Option<(RecordRef, KeyId)>,
    /// The encryption password's record.
    pub password: Option<RecordRef>,
    /// The encryption salt's record.
    pub salt: Option<RecordRef>,
    /// The SNMP user's and password's record.
    pub snmp_password: Option<RecordRef>,
    /// The SNMP passphrase's record.
    pub snmp_passphrase: Option<RecordRef>,
    /// The keys the bucket had before a mint that has not been escrowed (K3).
    pub keys_before_mint: Option<Vec<KeyId>>,
    /// Keys known to be orphans (K3).
    pub orphans: Vec<KeyId>,
    /// Every key id that a record of this bucket holds (K4).
    pub referenced: Vec<KeyId>,
    /// Whether the record says that the backup is operational (V6).
    pub operational: bool,
    /// Labels of its records that bear another name than the location's (E5).
    pub misnamed: Vec<String>,
}

/// SNMP on the box.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SnmpSeen {
    /// Whether v3 is on with SHA and AES and the community empty (S1).
    pub as_the_standard_has_it: bool,
    /// Whether its secrets are the vault's.
    pub secrets: Agreement,
    /// Whether the service runs, and starts by itself.
    pub service: bool,
}

/// The credential on the box that bears the bucket's name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CredentialSeen {
    /// Its id.
    pub id: CredentialId,
    /// Its key's id.
    pub key_id: Option<KeyId>,
    /// Whether its key is the vault's.
    pub key: Agreement,
}

impl VaultSeen {
    /// Whether password and salt are both there.
    pub fn has_encryption_secrets(&self) -> bool {
        self.password.is_some() && self.salt.is_some()
    }
}

/// Reads everything that a plan acts on; writes nothing, since nothing it holds can.
///
/// # Errors
/// A [`Refusal`](crate::Refusal) where a rule stops the work at once (I2, I4, I8, I9, C5, E5, E6), a
/// [`PortError`](crate::PortError) where a service does not answer.
pub async fn observe(site: &Site, views: &Views) -> Result<Observation, Error> {
    let place = identity::place(site, views).await?;
    let system = views.appliance.system().await?;
    let pools = views.appliance.pools().await?;
    let identity = identity::identify(site, views, &place, &system, &pools).await?;
    let chosen = identity::chosen(site, &pools)?;
    let account = views.object_store.account().await?;
    let bucket = bucket::observe(views, &place.bucket_name).await?;
    let subject = identity.guid().map(|device| Subject { bucket: place.bucket_name.clone(), device });
    let vault = vault::observe(site, views, &place, subject.as_ref()).await?;
    let held = vault::Held::recall(views, &vault.organization.id, subject.clone()).await?;
    let credentials = views.appliance.cloud_credentials().await?;
    let ticket_noted = match &site.ticket {
        Some(ticket) => {
            let marker = crate::plan::completion_marker(place.location_uuid, identity.guid());
            Some(views.tickets.note(ticket, &marker).await?.is_some())
        }
        None => None,
    };
    Ok(Observation {
        pools: appliance::pools(views, &chosen, &held, bucket.as_ref(), subject.as_ref()).await?,
        snmp: appliance::snmp(views, &held).await?,
        credential: appliance::credential(&credentials, &place.bucket_name, &held),
        keys_on_box: credentials.iter().filter_map(|credential| credential.key_id.clone()).collect(),
        organization: place.organization,
        organization_uuid: place.organization_uuid,
        location: place.location,
        location_uuid: place.location_uuid,
        bucket_name: place.bucket_name,
        system,
        identity,
        account,
        bucket,
        vault,
        ticket_noted,
    })
}
