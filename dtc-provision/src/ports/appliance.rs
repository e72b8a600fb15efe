//! The TrueNAS appliance, in the words of its own API.

use async_trait::async_trait;
use dtc_naming::{DeviceGuid, FolderPath, PoolName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CloudSyncId, CredentialId, JobId, KeyId, PortError, SnapshotTaskId};
use crate::bandwidth::BytesPerSecond;
use crate::consent::{Consent, RemoveProperty, RewriteDeviceGuid};
use crate::escrow::Escrowed;
use crate::secret::{ApplicationKey, EncryptionSecrets, SnmpSecrets};

/// The box itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// Its host name.
    pub host_name: String,
    /// Its release, as it states it.
    pub version: String,
    /// The address it is managed at.
    pub management_address: String,
    /// Its own IP addresses.
    pub addresses: Vec<String>,
    /// Its MAC addresses, lower case, colons.
    pub macs: Vec<String>,
    /// Its time zone, an IANA name; schedules and limits run in it (C3).
    pub time_zone: String,
}

/// A data pool; the boot pool is never one (I4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Its name.
    pub name: PoolName,
    /// The Device GUID property of its root dataset, as text (I3).
    pub device_guid: Option<String>,
}

/// What a dataset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatasetKind {
    /// Files and directories.
    Filesystem,
    /// A zvol: a block device that Cloud Sync never copies (C6).
    Volume,
}

/// A dataset below a pool, the root included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    /// Its full name, `pool/child`.
    pub name: String,
    /// What it is.
    pub kind: DatasetKind,
    /// Whether its key is missing, so that it looks empty (C5).
    pub locked: bool,
    /// Whether it is mounted; meaningless for a volume.
    pub mounted: bool,
}

/// A secret that the box may show, hide or lack.
#[derive(Debug)]
pub enum Seen<T> {
    /// The box shows it.
    Clear(T),
    /// The box has it and hides it (`********`): unknown, never equal, never written back (C2a).
    Redacted,
    /// The box has none.
    Absent,
}

/// The SNMP service and its settings (S1).
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the service, as its API has them")]
pub struct Snmp {
    /// Whether SNMPv3 is on.
    pub v3: bool,
    /// The v1/v2c community; empty switches both off.
    pub community: String,
    /// The v3 user's name.
    pub user: String,
    /// Whether authentication is SHA.
    pub sha: bool,
    /// Whether privacy is AES.
    pub aes: bool,
    /// The v3 secrets.
    pub secrets: Seen<SnmpSecrets>,
    /// Whether the service starts by itself.
    pub starts_automatically: bool,
    /// Whether it runs now.
    pub running: bool,
}

/// What SNMP is to be, beside its secrets: always S1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnmpSpec;

/// A cloud credential on the box.
#[derive(Debug)]
pub struct CloudCredential {
    /// Its id.
    pub id: CredentialId,
    /// Its name.
    pub name: String,
    /// Whether it is for Backblaze B2.
    pub b2: bool,
    /// The application key's id, for a B2 credential.
    pub key_id: Option<KeyId>,
    /// The application key.
    pub key: Seen<ApplicationKey>,
}

/// The credential to keep on the box (C1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialSpec {
    /// Its name: the bucket's (N7).
    pub name: String,
}

/// What the box says after trying a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialVerdict {
    /// It logged in and listed the bucket.
    Valid,
    /// It could not, for this reason in the box's words.
    Invalid(String),
}

/// A bandwidth limit from a time of day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedLimit {
    /// From when, `HH:MM`, the box's local time.
    pub from: String,
    /// How much; `None` is no limit.
    pub limit: Option<BytesPerSecond>,
}

/// Every setting of a Cloud Sync task that the standard has a word on (C2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a task, as its API has them")]
pub struct CloudSyncSettings {
    /// Its description (N6).
    pub description: String,
    /// `PUSH` or `PULL`.
    pub direction: String,
    /// `SYNC`, `COPY` or `MOVE`.
    pub transfer_mode: String,
    /// The directory it reads.
    pub path: String,
    /// The bucket it writes to.
    pub bucket: String,
    /// The folder in the bucket, with its leading slash (N4).
    pub folder: String,
    /// The schedule as five cron fields.
    pub schedule: String,
    /// Whether it snapshots before it runs.
    pub snapshot: bool,
    /// Whether it follows symbolic links.
    pub follow_symlinks: bool,
    /// The script before a run.
    pub pre_script: String,
    /// The script after a run.
    pub post_script: String,
    /// What it leaves out, an entry each.
    pub exclude: Vec<String>,
    /// Upload chunk size in MiB.
    pub chunk_mebibytes: Option<u32>,
    /// Whether it lists with `--fast-list`.
    pub fast_list: bool,
    /// Whether contents are encrypted.
    pub encryption: bool,
    /// Whether names are encrypted.
    pub filename_encryption: bool,
    /// Parallel transfers; `None` leaves it to rclone.
    pub transfers: Option<u32>,
    /// Bandwidth limits, times rising (C3).
    pub bandwidth: Vec<TimedLimit>,
    /// Further rclone arguments.
    pub arguments: String,
}

/// The task to keep on the box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudSyncSpec {
    /// The pool it backs up.
    pub pool: PoolName,
    /// The folder it writes to.
    pub folder: FolderPath,
    /// Its settings.
    pub settings: CloudSyncSettings,
}

/// A task's last run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// The job.
    pub job: JobId,
    /// How it stands.
    pub state: JobState,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// A Cloud Sync task on the box.
#[derive(Debug)]
pub struct CloudSync {
    /// Its id.
    pub id: CloudSyncId,
    /// Whether its schedule starts it.
    pub enabled: bool,
    /// Which credential it uses.
    pub credential: CredentialId,
    /// Its settings.
    pub settings: CloudSyncSettings,
    /// Its encryption password and salt.
    pub secrets: Seen<EncryptionSecrets>,
    /// Its last run, if it ever ran.
    pub last_run: Option<LastRun>,
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// Waiting its turn.
    Waiting,
    /// At work.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended badly, with the box's words.
    Failed(String),
    /// Ended by somebody.
    Aborted,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq)]
pub struct JobProgress {
    /// How it stands.
    pub state: JobState,
    /// 0 to 100; may go backwards.
    pub percent: f64,
    /// The box's words.
    pub description: String,
    /// When it started.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// Every setting of a periodic snapshot task that the standard has a word on (Z1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTaskSettings {
    /// The dataset: a pool's root.
    pub dataset: String,
    /// Whether children are included.
    pub recursive: bool,
    /// Children left out.
    pub exclude: Vec<String>,
    /// How long snapshots are kept, in hours.
    pub lifetime_hours: u32,
    /// The names' schema.
    pub schema: String,
    /// The schedule as five cron fields.
    pub schedule: String,
    /// From when in the day, `HH:MM`.
    pub begin: String,
    /// Until when in the day, `HH:MM`.
    pub end: String,
    /// Whether snapshots without changes are kept.
    pub allow_empty: bool,
}

/// A periodic snapshot task on the box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTask {
    /// Its id.
    pub id: SnapshotTaskId,
    /// Whether it runs.
    pub enabled: bool,
    /// Its settings.
    pub settings: SnapshotTaskSettings,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Of which dataset.
    pub dataset: String,
    /// Its name, after the `@`.
    pub name: String,
}

/// Reads the appliance.
#[async_trait]
pub trait ApplianceView: Send + Sync {
    /// The box itself.
    async fn system(&self) -> Result<System, PortError>;
    /// Its data pools.
    async fn pools(&self) -> Result<Vec<Pool>, PortError>;
    /// Every dataset of a pool, the root included.
    async fn datasets(&self, pool: &PoolName) -> Result<Vec<Dataset>, PortError>;
    /// The SNMP service.
    async fn snmp(&self) -> Result<Snmp, PortError>;
    /// Every cloud credential.
    async fn cloud_credentials(&self) -> Result<Vec<CloudCredential>, PortError>;
    /// Every Cloud Sync task.
    async fn cloud_syncs(&self) -> Result<Vec<CloudSync>, PortError>;
    /// Every periodic snapshot task.
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError>;
    /// The snapshots of a dataset, its children's not.
    async fn snapshots(&self, dataset: &str) -> Result<Vec<Snapshot>, PortError>;
    /// How a job stands; `None` when the box has forgotten it.
    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError>;
}

/// Writes the appliance. Secrets arrive escrowed, or not at all (E2).
#[async_trait]
pub trait Appliance: ApplianceView {
    /// Sets the Device GUID property on a pool's root where there is none, or spells an equal one right.
    async fn set_device_guid(&self, pool: &PoolName, guid: DeviceGuid) -> Result<(), PortError>;
    /// Replaces a different Device GUID on a pool's root (I5).
    async fn rewrite_device_guid(
        &self,
        pool: &PoolName,
        guid: DeviceGuid,
        consent: Consent<RewriteDeviceGuid>,
    ) -> Result<(), PortError>;
    /// Removes the Device GUID property from a pool's root (I6).
    async fn remove_device_guid(
        &self,
        pool: &PoolName,
        consent: Consent<RemoveProperty>,
    ) -> Result<(), PortError>;
    /// Configures SNMPv3 (S1).
    async fn put_snmp(&self, spec: &SnmpSpec, secrets: &Escrowed<SnmpSecrets>) -> Result<(), PortError>;
    /// Starts the SNMP service, now and at every boot.
    async fn start_snmp(&self) -> Result<(), PortError>;
    /// Has the box try a key before it is saved (C1).
    async fn verify_cloud_credential(
        &self,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialVerdict, PortError>;
    /// Saves a cloud credential: a new one, or `existing` replaced.
    async fn put_cloud_credential(
        &self,
        existing: Option<&CredentialId>,
        spec: &CredentialSpec,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialId, PortError>;
    /// Saves a Cloud Sync task, disabled: a new one, or `existing` replaced (C2a).
    async fn put_cloud_sync(
        &self,
        existing: Option<&CloudSyncId>,
        spec: &CloudSyncSpec,
        via: &CredentialId,
        crypt: &Escrowed<EncryptionSecrets>,
    ) -> Result<CloudSyncId, PortError>;
    /// Enables a Cloud Sync task.
    async fn enable_cloud_sync(&self, task: &CloudSyncId) -> Result<(), PortError>;
    /// Starts a Cloud Sync task now; a run under way is joined.
    async fn start_cloud_sync(&self, task: &CloudSyncId) -> Result<JobId, PortError>;
    /// Saves a periodic snapshot task, enabled: a new one, or `existing` replaced.
    async fn put_snapshot_task(
        &self,
        existing: Option<&SnapshotTaskId>,
        settings: &SnapshotTaskSettings,
    ) -> Result<SnapshotTaskId, PortError>;
}
