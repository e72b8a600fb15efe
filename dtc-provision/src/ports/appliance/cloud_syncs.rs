//! Cloud Sync tasks (C2).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use dtc_naming::{BucketName, FolderPath, ParsedBucketName, PoolName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::jobs::JobState;
use super::redactable::Redactable;
use crate::bandwidth::TimedLimit;
use crate::ids::{CloudSyncId, CredentialId, JobId};
use crate::port_error::PortError;
use crate::proofs::consent::{Act, Consent, RepointTask};
use crate::proofs::{Backup, Bound, SealedUse, Use};
use crate::schedule::Schedule;
use crate::secret::EncryptionSecrets;

/// Which way a task copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// From the appliance to the bucket.
    Push,
    /// From the bucket to the appliance.
    Pull,
    /// Another one, in the appliance's words.
    Other(String),
}

/// What a task does with what the target has and the source has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransferMode {
    /// Removes it.
    Sync,
    /// Leaves it.
    Copy,
    /// Copies, and then removes the source.
    Move,
    /// Another one, in the appliance's words.
    Other(String),
}

/// Whether a task has a script. What a script says is not read: it can hold anything, secrets included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Script {
    /// It has none.
    #[default]
    None,
    /// It has one.
    Present,
}

/// Where a task writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudSyncTarget {
    /// The bucket.
    pub bucket: String,
    /// The folder in the bucket, with its leading slash (N4).
    pub folder: String,
}

impl CloudSyncTarget {
    /// Whose backup stands there, if bucket and folder are of the standard's form (N1, N4).
    pub fn backup(&self) -> Option<Backup> {
        let ParsedBucketName::Standard(bucket) = BucketName::parse(&self.bucket).ok()? else { return None };
        let folder: FolderPath = self.folder.parse().ok()?;
        Some(Backup { bucket, device: folder.device() })
    }
}

/// Every setting of a Cloud Sync task that the standard states (C2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a task, as its API has them")]
pub struct CloudSyncSettings {
    /// Its description (N6).
    pub description: String,
    /// Which way it copies.
    pub direction: Direction,
    /// What it does with what the source no longer has.
    pub transfer_mode: TransferMode,
    /// The directory it reads.
    pub path: String,
    /// Where it writes to.
    pub target: CloudSyncTarget,
    /// When it runs.
    pub schedule: Schedule,
    /// Whether it takes a snapshot before it runs.
    pub snapshot: bool,
    /// Whether it follows symbolic links.
    pub follow_symlinks: bool,
    /// The script before a run.
    pub pre_script: Script,
    /// The script after a run.
    pub post_script: Script,
    /// What it leaves out, an entry each.
    pub exclude: Vec<String>,
    /// What alone it takes, an entry each; empty for everything.
    #[serde(default)]
    pub include: Vec<String>,
    /// Whether it makes empty directories on the other side.
    #[serde(default)]
    pub empty_directories: bool,
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

/// The task to keep on the appliance for one pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloudSyncSpec {
    /// The pool it backs up.
    pub pool: PoolName,
    /// Its settings.
    pub settings: CloudSyncSettings,
}

impl SealedUse for CloudSyncSpec {}
impl Use for CloudSyncSpec {
    type Secret = EncryptionSecrets;

    fn describe(&self) -> String {
        format!("the Cloud Sync task of pool {}", self.pool)
    }

    /// By what is written to the appliance: the bucket and folder of the settings.
    fn identity(&self) -> Option<Backup> {
        self.settings.target.backup()
    }
}

impl CloudSyncSpec {
    /// The act of pointing a task that writes to `from` at this one's target; `None` where it writes there already.
    pub(crate) fn repointing(&self, from: &CloudSyncTarget) -> Option<Act> {
        (*from != self.settings.target).then(|| {
            let to = self.settings.target.to_string();
            let terms = [("from", from.to_string()), ("to", to.clone()), ("pool", self.pool.to_string())];
            Act::of::<RepointTask>(to, terms)
        })
    }
}

/// A task to save with its secrets, as a new one or in place of one that is there.
#[derive(Debug)]
pub struct CloudSyncSave<'a> {
    task: Bound<'a, CloudSyncSpec>,
    replaces: Option<&'a CloudSyncId>,
}

impl<'a> CloudSyncSave<'a> {
    /// A new task.
    pub fn new(task: Bound<'a, CloudSyncSpec>) -> Self {
        Self { task, replaces: None }
    }

    /// A task in place of one that was just read. The consent to pointing it elsewhere is used up.
    ///
    /// # Errors
    /// The act that needs consent, when the task that was read writes elsewhere and the consent is missing or is to
    /// another act (C4).
    pub fn replacing(
        found: &'a CloudSync,
        task: Bound<'a, CloudSyncSpec>,
        consent: Option<Consent<RepointTask>>,
    ) -> Result<Self, Act> {
        match (task.spec().repointing(&found.settings.target), consent) {
            (Some(act), Some(consent)) if *consent.act() != act => Err(act),
            (Some(act), None) => Err(act),
            (Some(_), Some(_)) | (None, _) => Ok(Self { task, replaces: Some(&found.id) }),
        }
    }

    /// The task, and the secrets that it is bound to.
    pub fn task(&self) -> Bound<'a, CloudSyncSpec> {
        self.task
    }

    /// The task whose place it takes.
    pub fn replaces(&self) -> Option<&'a CloudSyncId> {
        self.replaces
    }
}

/// A task's last run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// The job.
    pub job: JobId,
    /// Its state.
    pub state: JobState,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// A Cloud Sync task on the appliance.
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
    pub secrets: Redactable<EncryptionSecrets>,
    /// Its last run, if it ever ran.
    pub last_run: Option<LastRun>,
}

/// Reads Cloud Sync tasks.
#[async_trait]
pub trait CloudSyncsView: Send + Sync {
    /// Every Cloud Sync task.
    async fn cloud_syncs(&self) -> Result<Arc<[CloudSync]>, PortError>;
}

/// Writes Cloud Sync tasks.
#[async_trait]
pub trait CloudSyncs: CloudSyncsView {
    /// Saves a Cloud Sync task, disabled (C2a).
    async fn put_cloud_sync(
        &self,
        save: CloudSyncSave<'_>,
        via: &CredentialId,
    ) -> Result<CloudSyncId, PortError>;
    /// Enables a Cloud Sync task.
    async fn enable_cloud_sync(&self, task: &CloudSyncId) -> Result<(), PortError>;
    /// Starts a Cloud Sync task now; a run under way is joined.
    async fn start_cloud_sync(&self, task: &CloudSyncId) -> Result<JobId, PortError>;
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Push => "PUSH",
            Self::Pull => "PULL",
            Self::Other(text) => text,
        })
    }
}

impl fmt::Display for TransferMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sync => "SYNC",
            Self::Copy => "COPY",
            Self::Move => "MOVE",
            Self::Other(text) => text,
        })
    }
}

impl fmt::Display for CloudSyncTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.bucket, self.folder.trim_matches('/'))
    }
}
