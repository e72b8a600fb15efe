//! An appliance as one end of a replication: what it sends, what it is sent, and who may log in for it (R1–R6).

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use dtc_naming::DatasetName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::appliance::{DatasetKind, DatasetsView, JobProgress, SnapshotTask, SystemView};
use super::source::Source;
use crate::ids::{JobId, KeyPairId, ReplicationId, SnapshotTaskId, SshConnectionId, UserId};
use crate::port_error::PortError;
use crate::proofs::consent::{Consent, GrantReplicationAccess, Term, TrustHostKey};
use crate::proofs::{Bound, DatasetOf, Minted, SealedUse, Use};
use crate::schedule::Schedule;
use crate::secret::{DatasetKey, DatasetKeyFormat};

/// A dataset, and how it is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndDataset {
    /// Its name.
    pub name: DatasetName,
    /// What it is.
    pub kind: DatasetKind,
    /// Whether its key is missing.
    pub locked: bool,
    /// Whether it is mounted; meaningless for a volume.
    pub mounted: bool,
    /// Whose key opens it; `None` where it is not encrypted.
    pub encryption_root: Option<DatasetName>,
    /// Where its files are.
    pub mount_point: Option<String>,
    /// Its Device GUID property: its own, or that of a dataset above it.
    pub device_guid: Option<String>,
    /// Whether a proof has marked it as opened by itself ([`ReplicationEnd::mark_opened`]): it was locked before, and is to be again.
    pub opened_by_proof: bool,
}

/// A snapshot of a dataset. One that was received was created when its source's was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndSnapshot {
    /// Its name, after the `@`.
    pub name: String,
    /// When it was taken, where the release tells it.
    pub created: Option<Timestamp>,
    /// What tells it from every other snapshot, also of its name, where the release tells it. One that was received has that of its source's.
    pub guid: Option<u64>,
}

impl EndSnapshot {
    /// Whether it is the same snapshot, here or sent to another appliance: by its name and what else is told of both.
    pub fn is(&self, other: &Self) -> bool {
        fn agree<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            one.zip(other).is_none_or(|(one, other)| one == other)
        }
        self.name == other.name && agree(self.guid, other.guid) && agree(self.created, other.created)
    }
}

/// A user that can be logged in as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndUser {
    /// Its id.
    pub id: UserId,
    /// Its name.
    pub name: String,
    /// Whether it may do everything: root.
    pub is_root: bool,
    /// Whether it cannot log in.
    pub locked: bool,
    /// Its home directory.
    pub home: String,
    /// The public keys that log it in, a line each.
    pub public_keys: Vec<String>,
    /// What it may run by sudo without a password.
    pub sudo: Vec<String>,
}

/// A host key as an SSH server shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndHostKey {
    /// Its line: its kind, and the key in base64.
    pub line: String,
    /// Its fingerprint as OpenSSH shows it.
    pub fingerprint: String,
}

/// The SSH server of an appliance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SshServer {
    /// Whether it runs.
    pub running: bool,
    /// Whether it starts with the appliance.
    pub autostart: bool,
    /// At which port.
    pub port: u16,
    /// Its host keys, as the appliance itself says.
    pub host_keys: Vec<EndHostKey>,
}

/// An SSH key pair, without its private half.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndKeyPair {
    /// Its id.
    pub id: KeyPairId,
    /// The public half.
    pub public_key: String,
}

/// What an SSH connection is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionSpec {
    /// Its name.
    pub name: String,
    /// The address of the other appliance.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who is logged in.
    pub user: String,
    /// With which key pair.
    pub key_pair: KeyPairId,
    /// The host key that the other appliance has to show.
    pub host_key: EndHostKey,
}

impl ConnectionSpec {
    /// What a consent to trusting the host key says of it.
    pub fn terms(address: &str, port: u16, appliance: &str) -> [Term; 2] {
        [("address", format!("{address}:{port}")), ("appliance", appliance.to_owned())]
    }
}

/// An SSH connection on the appliance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EndConnection {
    /// Its id.
    pub id: SshConnectionId,
    /// The address of the other appliance.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who is logged in.
    pub user: String,
    /// With which key pair.
    pub key_pair: KeyPairId,
    /// The host keys that it takes.
    pub host_keys: Vec<EndHostKey>,
}

/// Which way snapshots go, seen from the appliance that has the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From it. Whoever takes it over reaches the destination.
    Push,
    /// To it. The safer way for backups: whoever takes over the source does not reach the destination.
    Pull,
    /// To another dataset of its own.
    Local,
}

/// Which snapshots are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentSnapshots {
    /// Those whose names a naming schema makes.
    Named(String),
    /// Those of these periodic snapshot tasks of the sending appliance, which has the replication task, too. It runs after each of them, unless it
    /// has a schedule.
    OfTasks(BTreeSet<SnapshotTaskId>),
}

/// How long snapshots are kept at the destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// As long as at the source: whoever deletes them there deletes them here.
    LikeSource,
    /// For so many days.
    Days(u32),
    /// For ever.
    Forever,
}

/// How the destination is encrypted beyond what the source is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Not at all: an encrypted source that keeps its properties is sent raw, and opens with its own keys.
    None,
    /// By the key of the dataset above it.
    Inherit,
    /// By a key of its own.
    Own {
        /// Of which kind.
        format: DatasetKeyFormat,
        /// Where the key is kept: `$TrueNAS` for the appliance's own database, else a path at the destination.
        location: String,
    },
}

/// Every setting of a replication task that matters (R3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicationSettings {
    /// Its name.
    pub name: String,
    /// Which way snapshots go.
    pub way: Way,
    /// By which connection; none for a local one.
    pub connection: Option<SshConnectionId>,
    /// Whether `zfs` is run by sudo on the other side.
    pub sudo: bool,
    /// What is sent.
    pub sources: Vec<DatasetName>,
    /// Where it goes.
    pub destination: DatasetName,
    /// Whether the datasets below are sent too.
    pub recursive: bool,
    /// Whether properties are sent.
    pub properties: bool,
    /// Properties that are not.
    pub excluded_properties: Vec<String>,
    /// How the destination is encrypted.
    pub layer: Layer,
    /// Which snapshots are sent.
    pub snapshots: SentSnapshots,
    /// When it runs.
    pub schedule: Option<Schedule>,
    /// How long snapshots are kept at the destination.
    pub kept: Kept,
}

/// How the last run of a replication went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LastReplication {
    /// There was none.
    Never,
    /// It runs, as this job.
    Running(Option<JobId>),
    /// It ended well, with this snapshot.
    Succeeded(Option<String>),
    /// It failed, for this reason.
    Failed(String),
    /// It waits for something that is not there, such as a pool.
    OnHold(String),
}

/// A replication task on the appliance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReplicationTask {
    /// Its id.
    pub id: ReplicationId,
    /// Whether it runs.
    pub enabled: bool,
    /// Its settings, or what of them is not of a form that is known here.
    pub settings: Result<ReplicationSettings, String>,
    /// Whether it may destroy what stands at the destination.
    pub allows_from_scratch: bool,
    /// How its last run went.
    pub last: LastReplication,
}

/// How many snapshots of the sources naming schemas take along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Eligible {
    /// How many there are.
    pub total: u64,
    /// How many are taken along.
    pub eligible: u64,
}

/// Whether a key opens an encryption root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyCheck {
    /// The encryption root.
    pub root: DatasetName,
    /// Of which kind its key is; `None` for one of another kind.
    pub format: Option<DatasetKeyFormat>,
    /// Whether the key that was given opens it.
    pub opens: bool,
    /// Whether it is locked.
    pub locked: bool,
}

/// What became of datasets that were to be unlocked. The appliance's job succeeds all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unlocked {
    /// Those that are open now.
    pub unlocked: Vec<String>,
    /// Those that are not, and why.
    pub failed: BTreeMap<String, String>,
}

/// A key that a replication task gives to its destination (R5).
#[derive(Clone, Debug)]
pub struct DestinationKey {
    /// The task.
    pub settings: ReplicationSettings,
    /// Whose key it is.
    pub of: DatasetOf,
}

/// A dataset that is opened with a key from the vault.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The encryption root, as this appliance calls it.
    pub root: DatasetName,
    /// Whose key opens it.
    pub of: DatasetOf,
}

impl SealedUse for DestinationKey {}
impl Use for DestinationKey {
    type Secret = DatasetKey;

    fn describe(&self) -> String {
        format!("the replication task {:?}", self.settings.name)
    }

    fn identity(&self) -> Option<DatasetOf> {
        (self.of.dataset == self.settings.destination).then(|| self.of.clone())
    }
}

impl SealedUse for Opening {}
impl Use for Opening {
    type Secret = DatasetKey;

    fn describe(&self) -> String {
        format!("opening the dataset {}", self.root)
    }

    fn identity(&self) -> Option<DatasetOf> {
        Some(self.of.clone())
    }
}

/// What another appliance is allowed for a replication (R1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessGrant {
    /// The user that is logged in as.
    pub user: EndUser,
    /// The public key that logs in.
    pub public_key: String,
    /// A home that the user gets, in this directory below `/mnt`; `None` where it has one.
    pub home_within: Option<String>,
    /// Whether it gets `zfs` by sudo without a password.
    pub sudo: bool,
}

/// `zfs` as sudo is allowed it (the command that TrueNAS itself sets up).
pub const ZFS: &str = "/usr/sbin/zfs";

/// Reads one end of a replication.
#[async_trait]
pub trait ReplicationEndView: SystemView + DatasetsView + Source {
    /// Every dataset, and how each is encrypted.
    async fn end_datasets(&self) -> Result<Vec<EndDataset>, PortError>;
    /// The snapshots of one dataset, without those of the datasets below.
    async fn snapshots_of(&self, dataset: &DatasetName) -> Result<Vec<EndSnapshot>, PortError>;
    /// The user of this name.
    async fn user(&self, name: &str) -> Result<Option<EndUser>, PortError>;
    /// The home directory of the user whose API key is used; `None` where the release does not tell.
    async fn own_home(&self) -> Result<Option<String>, PortError>;
    /// The SSH server.
    async fn ssh_server(&self) -> Result<SshServer, PortError>;
    /// The key pair of this name.
    async fn key_pair(&self, name: &str) -> Result<Option<EndKeyPair>, PortError>;
    /// The SSH connection of this name.
    async fn connection(&self, name: &str) -> Result<Option<EndConnection>, PortError>;
    /// The host keys that the server at an address shows to this appliance.
    async fn scan_host_keys(&self, host: &str, port: u16) -> Result<Vec<EndHostKey>, PortError>;
    /// The datasets of the other side, as the connection shows them: it works.
    async fn reached(&self, connection: &SshConnectionId) -> Result<Vec<String>, PortError>;
    /// The replication task of this name.
    async fn replication(&self, name: &str) -> Result<Option<ReplicationTask>, PortError>;
    /// Whether the appliance's release offers what these settings ask for: on CORE neither sudo nor an inherited encryption
    /// ([`PortErrorKind::Unsupported`](crate::PortErrorKind::Unsupported), with what to do instead). Nothing is sent.
    async fn offers(&self, settings: &ReplicationSettings) -> Result<(), PortError>;
    /// The appliance's periodic snapshot tasks.
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError>;
    /// How many snapshots a task of these settings takes along, by the naming schemas that it picks them by.
    async fn eligible(
        &self,
        settings: &ReplicationSettings,
        schemas: &[String],
    ) -> Result<Eligible, PortError>;
    /// Snapshots of the destination that the source does not have, by dataset.
    async fn unmatched(
        &self,
        settings: &ReplicationSettings,
    ) -> Result<BTreeMap<String, Vec<String>>, PortError>;
    /// Whether keys open their encryption roots at or below a dataset. Nothing is unlocked.
    async fn check_keys(
        &self,
        dataset: &DatasetName,
        keys: &[Bound<'_, Opening>],
    ) -> Result<Vec<KeyCheck>, PortError>;
    /// Whether a key or passphrase that a person gave opens an encryption root of this appliance. Nothing is unlocked. It is asked before
    /// the key goes into the vault, of the appliance alone that has it already.
    async fn opened_by(&self, root: &DatasetName, key: &DatasetKey) -> Result<bool, PortError>;
    /// A replication's job; `None` when the appliance no longer knows it.
    async fn replication_job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError>;
    /// Files in a directory, those in directories below it too, at most so many.
    async fn files(&self, directory: &str, most: usize) -> Result<Vec<String>, PortError>;
    /// The keys that open the encryption roots at and below a dataset, by root; passphrases are never among them.
    async fn exported_keys(
        &self,
        dataset: &DatasetName,
    ) -> Result<Vec<(DatasetName, Minted<DatasetKey>)>, PortError>;
}

/// Writes one end of a replication.
#[async_trait]
pub trait ReplicationEnd: ReplicationEndView {
    /// Makes a dataset whose parent exists.
    async fn create_dataset(&self, dataset: &DatasetName) -> Result<(), PortError>;
    /// Makes a key pair of this name. The private half stays on the appliance.
    async fn create_key_pair(&self, name: &str) -> Result<EndKeyPair, PortError>;
    /// Lets a key log in as a user, starts the SSH server, and has it start with the appliance.
    async fn grant_access(
        &self,
        grant: &AccessGrant,
        subject: &str,
        consent: Consent<GrantReplicationAccess>,
    ) -> Result<(), PortError>;
    /// Makes an SSH connection whose host key is pinned, or was just consented to.
    async fn create_connection(
        &self,
        spec: &ConnectionSpec,
        trust: HostKeyTrust,
    ) -> Result<EndConnection, PortError>;
    /// Saves a replication task, disabled: a new one, or `existing` replaced.
    async fn put_replication(
        &self,
        existing: Option<&ReplicationId>,
        settings: &ReplicationSettings,
        key: Option<Bound<'_, DestinationKey>>,
    ) -> Result<ReplicationId, PortError>;
    /// Enables a task.
    async fn enable_replication(&self, task: &ReplicationId) -> Result<(), PortError>;
    /// Starts a run; its job.
    async fn run_replication(&self, task: &ReplicationId) -> Result<JobId, PortError>;
    /// Opens encryption roots at and below a dataset.
    async fn unlock(&self, dataset: &DatasetName, keys: &[Bound<'_, Opening>])
    -> Result<Unlocked, PortError>;
    /// Opens encryption roots at and below a dataset with keys that a person has, and that the vault was not asked for. They are keys that the
    /// datasets have already.
    async fn unlock_by(
        &self,
        dataset: &DatasetName,
        keys: &[(DatasetName, DatasetKey)],
    ) -> Result<Unlocked, PortError>;
    /// Marks an encryption root as opened by a proof, or takes the mark away. It is set before the root is opened and taken away once it is locked
    /// again, so that a proof that was cut off shows.
    async fn mark_opened(&self, root: &DatasetName, opened: bool) -> Result<(), PortError>;
    /// Locks an encryption root again. The appliance locks those alone that have a passphrase.
    async fn lock(&self, dataset: &DatasetName) -> Result<(), PortError>;
}

/// Why a host key is trusted.
#[derive(Debug)]
pub enum HostKeyTrust {
    /// The site file pins this fingerprint.
    Pinned(String),
    /// It was consented to.
    Consented {
        /// The consent.
        consent: Consent<TrustHostKey>,
        /// The name of the appliance that shows it.
        appliance: String,
    },
}

impl HostKeyTrust {
    /// Uses the trust up for one connection.
    ///
    /// # Errors
    /// It is to another key, or to another address.
    pub fn spend_on(self, spec: &ConnectionSpec) -> Result<(), PortError> {
        let shown = &spec.host_key.fingerprint;
        match self {
            Self::Pinned(pinned) if pinned == *shown => Ok(()),
            Self::Pinned(pinned) => Err(PortError::new(
                crate::PortErrorKind::WrongMachine,
                format!("connect to {}", spec.host),
                format!("pinned is the host key {pinned}, and it shows {shown}; nothing was sent"),
            )),
            Self::Consented { consent, appliance } => {
                consent.spend_on(shown, &ConnectionSpec::terms(&spec.host, spec.port, &appliance))
            }
        }
    }
}
