//! Cloud sync tasks: a directory of the appliance, copied to a bucket by rclone.

mod request;
mod rules;
mod target;
mod views;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Call, body};
use crate::cloud_credentials::CloudCredential;
use crate::jobs::Entry;
use crate::operations;
use crate::query::Query;
use crate::redactable::Redactable;
use crate::{Client, CloudSyncId, Error, ErrorKind, Job, JobStatus, Schedule, Switch, TimeOfDay};

pub use request::{CreateCloudSync, RestoreCloudSync, UpdateCloudSync};
pub use target::Target;
pub use views::{CloudFile, CloudFolder, CloudProvider, ProviderSetting};

http_core::secret_types! {
    /// The password under which a task encrypts contents.
    EncryptionPassword;
    /// The salt that goes with the password.
    EncryptionSalt;
    /// A script that runs before or after a task; it can hold anything, so it is not shown.
    Script;
}

impl Client {
    /// The appliance's cloud sync tasks.
    pub fn cloud_syncs(&self) -> CloudSyncs<'_> {
        CloudSyncs { client: self }
    }
}

/// Calls about cloud sync tasks.
#[derive(Clone, Copy, Debug)]
pub struct CloudSyncs<'a> {
    client: &'a Client,
}

impl CloudSyncs<'_> {
    /// Every cloud sync task.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<CloudSync>, Error> {
        self.client.carry_out(Call::new(operations::CLOUDSYNC_QUERY, Query::new().params())).await
    }

    /// One task.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: CloudSyncId) -> Result<CloudSync, Error> {
        let query = Query::new().equals("id", id.get());
        let found: Vec<CloudSync> =
            self.client.carry_out(Call::new(operations::CLOUDSYNC_QUERY, query.params())).await?;
        found.into_iter().next().ok_or_else(|| {
            Error::new(operations::CLOUDSYNC_QUERY.name(), format!("task {id}"), ErrorKind::NotFound)
        })
    }

    /// Sets up a task that encrypts what it sends.
    ///
    /// # Errors
    /// `InvalidRequest` when times of its bandwidth limits do not rise, a part is smaller than 5 MiB, or its path is not under `/mnt`;
    /// `OutcomeUnknown` when the answer is lost: look before creating again; `Validation`, `Unauthorized`; `RedactedSecret` when
    /// a secret is only the placeholder of one.
    pub async fn create(&self, task: &CreateCloudSync, crypt: &CloudSyncSecrets) -> Result<CloudSync, Error> {
        let call = Call::new(operations::CLOUDSYNC_CREATE, [body(task, &crypt.fields())]);
        self.checked(&call, 0)?;
        self.client.carry_out(call).await
    }

    /// Refuses a task that breaks a rule which the appliance holds late, or not at all.
    fn checked(self, call: &Call, place: usize) -> Result<(), Error> {
        let refused =
            |reason| Error::new(call.method(), self.client.subject(), ErrorKind::InvalidRequest { reason });
        call.params.get(place).map_or(Ok(()), rules::check).map_err(refused)
    }

    /// Changes a task. With secrets, encryption is on and they are its password and salt; without, both stay as they are.
    ///
    /// Changing password, salt, bucket or folder re-encrypts and moves nothing: what is in the bucket stays as it was.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(
        &self,
        id: CloudSyncId,
        changes: &UpdateCloudSync,
        crypt: Option<&CloudSyncSecrets>,
    ) -> Result<CloudSync, Error> {
        let params = [id.get().into(), changes.body(crypt)];
        let call = Call::new(operations::CLOUDSYNC_UPDATE, params);
        self.checked(&call, 1)?;
        self.client.carry_out(call).await
    }

    /// Deletes a task; a run under way is aborted first. What is in the bucket stays.
    ///
    /// # Errors
    /// `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, id: CloudSyncId) -> Result<(), Error> {
        let call = Call::new(operations::CLOUDSYNC_DELETE, [id.get().into()]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// Starts a task now. While it runs already, the appliance queues one more run and answers with that one's job.
    ///
    /// The job is looked at before it is taken for this task's. To an appliance that is newer than this crate, one start is sent at a time.
    ///
    /// # Errors
    /// `NotStarted` when the appliance answered with another task's job; `OutcomeUnknown` when the answer is lost:
    /// [`CloudSync::job`] shows whether it runs; `NotFound`, `Unauthorized`.
    pub async fn run(&self, id: CloudSyncId) -> Result<Job<()>, Error> {
        self.client.start(Call::new(operations::CLOUDSYNC_SYNC, [id.get().into()])).await
    }

    /// Tries a task out: the job ends as a run would, and its log says what it would do; nothing is sent or deleted. On every release such
    /// a start shares a lock with every other one of its kind, so only one is sent at a time.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_dry(&self, id: CloudSyncId) -> Result<Job<()>, Error> {
        let options = json!({"dry_run": true});
        self.client.start(Call::new(operations::CLOUDSYNC_SYNC, [id.get().into(), options])).await
    }

    /// Runs what is no task, once; whether it is enabled and when it runs do not count. A refusal of its settings fails the job, with the fields.
    /// A trial sends and deletes nothing.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn run_once(
        &self,
        task: &CreateCloudSync,
        crypt: &CloudSyncSecrets,
        trial: Switch,
    ) -> Result<Job<()>, Error> {
        let mut params = vec![body(task, &crypt.fields())];
        params.extend(trial.is_on().then(|| json!({"dry_run": true})));
        let call = Call::new(operations::CLOUDSYNC_SYNC_ONETIME, params);
        self.checked(&call, 0)?;
        self.client.begin(call).await
    }

    /// Makes the task that brings back what a task has sent, with its schedule and its secrets. It is disabled. The folder is looked for in
    /// the bucket first.
    ///
    /// # Errors
    /// `InvalidRequest` for a path that is no place for files; `Validation` when the folder is not there; `NotFound`, `OutcomeUnknown`,
    /// `Unauthorized`.
    pub async fn restore(&self, id: CloudSyncId, restore: &RestoreCloudSync) -> Result<CloudSync, Error> {
        let call = Call::new(operations::CLOUDSYNC_RESTORE, [id.get().into(), json!(restore)]);
        self.checked(&call, 1)?;
        self.client.carry_out(call).await
    }

    /// What is in a folder of a bucket, by the names that it has there.
    ///
    /// # Errors
    /// `Rejected` with rclone's words when the folder or the bucket is not there, or the credential does not open it; `NotFound` when there is
    /// no such credential; those of every reading call; `Unauthorized` for who may only read.
    pub async fn list_directory(
        &self,
        folder: &CloudFolder,
        crypt: Option<&CloudSyncSecrets>,
    ) -> Result<Vec<CloudFile>, Error> {
        self.client.carry_out(Call::new(operations::CLOUDSYNC_LIST_DIRECTORY, [folder.body(crypt)])).await
    }

    /// The clouds that the appliance knows.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn providers(&self) -> Result<Vec<CloudProvider>, Error> {
        self.client.carry_out(Call::new(operations::CLOUDSYNC_PROVIDERS, [])).await
    }

    /// Aborts a task's run. Says whether there was one.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost (aborting again is harmless); `NotFound`, `Unauthorized`.
    pub async fn abort(&self, id: CloudSyncId) -> Result<bool, Error> {
        self.client.carry_out(Call::new(operations::CLOUDSYNC_ABORT, [id.get().into()])).await
    }
}

/// A cloud sync task as the appliance holds it.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the appliance's own form")]
pub struct CloudSync {
    /// Its number.
    pub id: CloudSyncId,
    /// What it is for, in words.
    #[serde(default)]
    pub description: String,
    /// Which way files are copied: to the cloud or from it.
    pub direction: Direction,
    /// What it does with files that exist on one side only.
    pub transfer_mode: TransferMode,
    /// The directory on the appliance.
    pub path: String,
    /// How it logs in.
    #[serde(rename = "credentials")]
    pub credential: CloudCredential,
    /// Where in the cloud.
    #[serde(rename = "attributes")]
    pub target: Target,
    /// When it runs on schedule.
    pub schedule: Schedule,
    /// Whether contents are encrypted before they are sent.
    #[serde(default)]
    pub encryption: bool,
    /// Whether names are encrypted too.
    #[serde(default)]
    pub filename_encryption: bool,
    /// The password, if the appliance shows it.
    #[serde(default)]
    pub encryption_password: Redactable<EncryptionPassword>,
    /// The salt, if the appliance shows it.
    #[serde(default)]
    pub encryption_salt: Redactable<EncryptionSalt>,
    /// Filters, rclone's way, for what is left out; a leading slash means the task's own directory.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Filters for what alone is taken; empty means everything.
    #[serde(default)]
    pub include: Vec<String>,
    /// How fast it may send, by time of day.
    #[serde(default, rename = "bwlimit")]
    pub bandwidth_limits: Vec<BandwidthLimit>,
    /// How many files it sends at once; none means rclone's own number.
    #[serde(default)]
    pub transfers: Option<u32>,
    /// Whether symbolic links are followed.
    #[serde(default)]
    pub follow_symlinks: bool,
    /// Whether it sends a snapshot made for the run. The appliance refuses that where datasets are nested.
    #[serde(default)]
    pub snapshot: bool,
    /// Whether empty directories are made on the other side.
    #[serde(default)]
    pub create_empty_src_dirs: bool,
    /// What runs before it.
    #[serde(default)]
    pub pre_script: Redactable<Script>,
    /// What runs after it, when it succeeded.
    #[serde(default)]
    pub post_script: Redactable<Script>,
    /// Further arguments for rclone.
    #[serde(default)]
    pub args: String,
    /// Whether it runs on schedule.
    #[serde(default)]
    pub enabled: bool,
    /// Whether its dataset is locked. Of the datasets below it this says nothing.
    #[serde(default)]
    pub locked: bool,
    /// Its last run, or the one under way.
    #[serde(default, deserialize_with = "last_run")]
    pub job: Option<JobStatus>,
}

fn last_run<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<JobStatus>, D::Error> {
    Ok(Option::<Entry>::deserialize(deserializer)?.map(Entry::status))
}

/// Which way files are copied: to the cloud or from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Direction {
    /// From the appliance to the cloud.
    Push,
    /// From the cloud to the appliance.
    Pull,
    /// A direction of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Push => "PUSH",
            Self::Pull => "PULL",
            Self::Unknown(text) => text,
        })
    }
}

/// What a task does with files that exist on one side only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum TransferMode {
    /// The other side becomes equal: what is only there is deleted (on B2: hidden).
    Sync,
    /// What is new or changed is copied; nothing is deleted.
    Copy,
    /// What is copied is deleted at its source.
    Move,
    /// A mode of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for TransferMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sync => "SYNC",
            Self::Copy => "COPY",
            Self::Move => "MOVE",
            Self::Unknown(text) => text,
        })
    }
}

/// How fast a task may send from a time of day on, until the next one. Each task has the limit to itself: two that run at the same
/// time may send twice as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandwidthLimit {
    /// From when, in the appliance's own time zone. In a list, times rise strictly.
    pub time: TimeOfDay,
    /// Bytes (not bits) per second; none means no limit.
    #[serde(rename = "bandwidth")]
    pub bytes_per_second: Option<u64>,
}

impl BandwidthLimit {
    /// So many bytes per second from this time on.
    pub fn new(time: TimeOfDay, bytes_per_second: u64) -> Self {
        Self { time, bytes_per_second: Some(bytes_per_second) }
    }

    /// No limit from this time on.
    pub fn unlimited(time: TimeOfDay) -> Self {
        Self { time, bytes_per_second: None }
    }
}

/// The two secrets of an encrypting task.
#[derive(Debug)]
pub struct CloudSyncSecrets {
    password: EncryptionPassword,
    salt: EncryptionSalt,
}

impl CloudSyncSecrets {
    /// Password and salt. Together they decrypt what is in the bucket; nothing else does.
    pub fn new(password: EncryptionPassword, salt: EncryptionSalt) -> Self {
        Self { password, salt }
    }

    fn fields(&self) -> [(&'static str, &str); 2] {
        [("encryption_password", self.password.expose()), ("encryption_salt", self.salt.expose())]
    }
}
