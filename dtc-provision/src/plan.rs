//! What will be done: data, made from an observation by pure functions.
//!
//! A plan holds no secret. It can be printed, saved, compared and reviewed; it leaves no choice to whoever applies it.

mod bucket;
mod difference;
mod identity;
mod lint;
mod question;
mod render;
mod secrets;
mod tasks;

use dtc_naming::{BucketName, DeviceGuid, LocationUuid, PoolName};
use serde::{Deserialize, Serialize};

use crate::consent::Act;
use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow::Subject;
use crate::observe::Observation;
use crate::ports::{
    Bucket, BucketSettings, BucketSpec, CloudSyncId, CloudSyncSpec, CredentialId, DeviceId, JobId, KeyId,
    KeySpec, Location, Organization, Retention, SnapshotTaskId, SnapshotTaskSettings, VaultOrganization,
};
use crate::site::Site;

pub use difference::Difference;
pub use lint::lint;
pub use question::{Answer, Consents, Questions};
pub use render::{Mark, Step};

/// Values a plan may have to invent. Given from outside, so that planning stays deterministic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fresh {
    /// The Device GUID, should the box have none (I5).
    pub device_guid: DeviceGuid,
}

/// What will be done, in the order of X1a.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What the operator wants.
    pub site: Site,
    /// What was invented for it.
    pub fresh: Fresh,
    /// The client.
    pub organization: Organization,
    /// The location.
    pub location: Location,
    /// The location's UUID.
    pub location_uuid: LocationUuid,
    /// The bucket's name, and the key's, and the credential's (N7).
    pub bucket_name: BucketName,
    /// The box's host name.
    pub host_name: String,
    /// The box's management address.
    pub management_address: String,
    /// The client's organisation in the vault.
    pub vault_organization: VaultOrganization,
    /// The bucket.
    pub bucket: BucketPhase,
    /// The bucket's retention.
    pub retention: RetentionPhase,
    /// The Device GUID.
    pub identity: IdentityPhase,
    /// SNMP.
    pub snmp: SnmpPhase,
    /// Encryption password and salt.
    pub secrets: SecretsPhase,
    /// The application key.
    pub key: KeyPhase,
    /// Keys of ours whose secret was lost (K3).
    pub orphans: Vec<Orphan>,
    /// The credential on the box.
    pub credential: CredentialPhase,
    /// A Cloud Sync task, a snapshot task and a first run for each pool.
    pub pools: Vec<PoolPhase>,
    /// Vault record and ticket.
    pub documentation: DocumentationPhase,
    /// What is not as it should be and is left alone.
    pub findings: Vec<Finding>,
}

/// The bucket (B1, B3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum BucketPhase {
    /// It is as it should be.
    Keep {
        /// The bucket.
        bucket: Bucket,
    },
    /// It is not there.
    Create {
        /// What it will be.
        spec: BucketSpec,
    },
    /// It is there and differs.
    Change {
        /// The bucket as it is.
        bucket: Bucket,
        /// What it will be.
        to: BucketSettings,
        /// What changes.
        differences: Vec<Difference>,
        /// What is consented to.
        act: Act,
    },
}

/// The bucket's default retention (B2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum RetentionPhase {
    /// It is at least as it should be.
    Keep,
    /// It is set; what is uploaded under it nobody can delete before its time.
    Set {
        /// What it will be.
        retention: Retention,
        /// What is consented to.
        act: Act,
    },
}

/// The Device GUID (I3–I6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityPhase {
    /// The GUID.
    pub guid: DeviceGuid,
    /// The identity pool.
    pub pool: PoolName,
    /// What happens to the property.
    pub on_pool: OnPool,
    /// What happens to the field.
    pub in_inventory: InInventory,
    /// Pools that must not have the property.
    pub remove_from: Vec<Removal>,
}

/// The property on the identity pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum OnPool {
    /// It is right.
    Keep,
    /// It is missing, or spelled otherwise.
    Set,
    /// It is another, and NinjaOne's holds (I5).
    Rewrite {
        /// What it is now.
        from: DeviceGuid,
        /// What is consented to.
        act: Act,
    },
}

/// The field in the inventory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum InInventory {
    /// It is right.
    Keep {
        /// The device.
        device: DeviceId,
    },
    /// It is empty, or spelled otherwise.
    Set {
        /// The device.
        device: DeviceId,
    },
    /// A person has to add the device first (S3).
    Await,
}

impl InInventory {
    /// The device, where it is known.
    pub fn device(&self) -> Option<&DeviceId> {
        match self {
            Self::Keep { device } | Self::Set { device } => Some(device),
            Self::Await => None,
        }
    }
}

/// A pool that must not have the property (I6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removal {
    /// The pool.
    pub pool: PoolName,
    /// What is consented to.
    pub act: Act,
}

/// SNMP (S1, S2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnmpPhase {
    /// Whether the vault lacks any of its secrets.
    pub escrow: bool,
    /// Whether the box must be configured.
    pub configure: bool,
    /// Whether the service must be started, now and at boot.
    pub start: bool,
}

/// Encryption password and salt (E3–E5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum SecretsPhase {
    /// The vault has both.
    Keep,
    /// The vault lacks the salt or the password; what it has is kept.
    Complete,
    /// The vault has neither.
    Mint,
}

/// The application key (K1–K3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum KeyPhase {
    /// The vault has it and the store knows it.
    Keep {
        /// Its id.
        key: KeyId,
    },
    /// The vault has it and the store knows it; the intent noted before its mint is struck out, as a run that ended
    /// in between did not.
    Settle {
        /// Its id.
        key: KeyId,
    },
    /// It is minted and escrowed.
    Mint {
        /// What it will be.
        spec: KeySpec,
        /// What the procedure lists and the service refuses.
        dropped: Vec<String>,
    },
}

/// A key of ours whose secret was lost: inert, and deleted only with consent (K3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Orphan {
    /// Its id.
    pub key: KeyId,
    /// What is consented to.
    pub act: Act,
}

/// The credential on the box (C1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum CredentialPhase {
    /// It holds the vault's key.
    Keep {
        /// Its id.
        id: CredentialId,
    },
    /// It is not there.
    Create,
    /// It holds another key.
    Replace {
        /// Its id.
        id: CredentialId,
    },
}

/// One pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolPhase {
    /// The pool.
    pub pool: PoolName,
    /// What its task will be (C2).
    pub spec: CloudSyncSpec,
    /// What happens to its task.
    pub task: TaskPhase,
    /// What its snapshot task will be (Z1).
    pub snapshots: SnapshotTaskSettings,
    /// What happens to its snapshot task.
    pub snapshot_task: SnapshotPhase,
    /// Its first run (V1).
    pub first_run: FirstRunPhase,
}

/// A pool's Cloud Sync task (C2–C4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum TaskPhase {
    /// It is as it should be.
    Keep {
        /// Its id.
        id: CloudSyncId,
    },
    /// It is not there.
    Create,
    /// It differs.
    Change {
        /// Its id.
        id: CloudSyncId,
        /// What changes.
        differences: Vec<Difference>,
        /// What is consented to, when it would point elsewhere.
        act: Option<Act>,
    },
}

/// A pool's periodic snapshot task (Z1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum SnapshotPhase {
    /// It is as it should be.
    Keep,
    /// It is not there.
    Create,
    /// It differs in settings only, and is adopted (Z1a).
    Change {
        /// Its id.
        id: SnapshotTaskId,
        /// What changes.
        differences: Vec<Difference>,
    },
}

/// A pool's first run (V1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum FirstRunPhase {
    /// A run has succeeded.
    Done,
    /// It is started and followed to its end.
    Run,
    /// One is under way, and is followed to its end.
    Join {
        /// Its job.
        job: JobId,
    },
    /// The task's own schedule starts it, as the site wants.
    Scheduled,
}

/// Vault record and ticket (V6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentationPhase {
    /// Whether the vault record must be marked operational.
    pub record: bool,
    /// Whether the ticket must get its note.
    pub ticket: bool,
}

/// Something that is not as it should be, and that nothing is done about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule it is about.
    pub rule: String,
    /// What is so.
    pub what: String,
}

impl Finding {
    fn new(rule: &str, what: impl Into<String>) -> Self {
        Self { rule: rule.to_owned(), what: what.into() }
    }
}

/// Plans, from what is wanted and what is so.
///
/// # Errors
/// A rule that stops the work: nothing is planned then.
pub fn plan(site: &Site, seen: &Observation, fresh: Fresh) -> Result<Plan, Refusal> {
    let mut findings = Vec::new();
    let (bucket, retention) = bucket::plan(site, seen, &mut findings)?;
    let identity = identity::plan(site, seen, fresh, &mut findings);
    let snmp = secrets::snmp(seen, &mut findings);
    let secrets = secrets::encryption(seen, &mut findings)?;
    let (key, orphans) = secrets::key(site, seen, &mut findings);
    let credential = secrets::credential(seen, &key);
    let pools = tasks::plan(site, seen, identity.guid, &credential, &mut findings);
    let scheduled = pools.iter().any(|pool| pool.first_run == FirstRunPhase::Scheduled);
    let documentation = DocumentationPhase {
        record: !seen.vault.operational && !scheduled,
        ticket: seen.ticket_noted == Some(false) && !scheduled,
    };
    Ok(Plan {
        site: site.clone(),
        fresh,
        organization: seen.organization.clone(),
        location: seen.location.clone(),
        location_uuid: seen.location_uuid,
        bucket_name: seen.bucket_name.clone(),
        host_name: seen.system.host_name.clone(),
        management_address: seen.system.management_address.clone(),
        vault_organization: seen.vault.organization.clone(),
        bucket,
        retention,
        identity,
        snmp,
        secrets,
        key,
        orphans,
        credential,
        pools,
        documentation,
        findings,
    })
}

/// A plan that was held against the world just now (X1).
#[derive(Debug)]
pub struct Current<T>(T);

impl Current<Plan> {
    /// The plan.
    pub fn get(&self) -> &Plan {
        &self.0
    }
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps().iter().all(|step| step.mark == Mark::Keep)
    }

    /// Whose secrets this plan is about.
    pub fn subject(&self) -> Subject {
        Subject { bucket: self.bucket_name.clone(), device: self.identity.guid }
    }

    /// Refuses the plan if a fact that one of its steps acts on has changed (X1): planning again from what is so now
    /// must give the same plan. What a step waits for may have come meanwhile: it looks for that itself.
    ///
    /// # Errors
    /// [`ErrorKind::Stale`] names the first phase that differs; a rule that stops the work now is refused as ever.
    pub fn against(self, now: &Observation) -> Result<Current<Self>, Error> {
        let mut again = plan(&self.site, now, self.fresh)?;
        if self.identity.in_inventory == InInventory::Await {
            again.identity.in_inventory = InInventory::Await;
        }
        for (planned, now) in self.pools.iter().zip(&mut again.pools) {
            // A run is followed by its job, which tells how it ended.
            if matches!(planned.first_run, FirstRunPhase::Join { .. }) {
                now.first_run.clone_from(&planned.first_run);
            }
        }
        if again == self {
            return Ok(Current(self));
        }
        let changed = render::first_change(&self, &again);
        Err(ErrorKind::Stale { changed }.into())
    }
}

/// Tells the note that documents completion from every other (V6).
pub(crate) fn completion_marker(location: LocationUuid, device: Option<DeviceGuid>) -> String {
    match device {
        Some(device) => format!("[dtc backup {location} {device}]"),
        None => format!("[dtc backup {location}]"),
    }
}
