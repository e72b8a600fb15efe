//! Calls about cloud sync tasks.

use truenas_client::cloud_syncs as there;
use truenas_client::{Client as Nas, CloudCredentialId, CloudSyncId};

use super::cloud_sync_found::CloudSync;
use super::cloud_sync_requests::{CreateCloudSync, UpdateCloudSync};
use super::cloud_targets::CloudSyncSecrets;
use super::failure::Failure;
use super::jobs::{AioJob, Job};
use super::shown::{Shown, found, of_word};
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, value_class};

found! {
    /// An entry of a folder in the cloud.
    CloudFile of there::CloudFile {
        /// Its name in the folder, as it is in the cloud.
        name: String,
        /// Its path from the folder on.
        path: String,
        /// Its length there in bytes; negative for a folder.
        size: i64,
        /// When it was last changed, as rclone writes it.
        changed: Option<String> = None,
        /// Whether it is a folder.
        is_dir: bool,
        /// What its name stands for, where names are encrypted.
        decrypted: Option<String> = None,
    }
}

found! {
    /// A cloud that the appliance knows.
    CloudProvider of there::CloudProvider {
        /// The middleware's name of it, such as ``B2``.
        name: String,
        /// Its own name.
        title: String,
        /// Whether it has buckets.
        buckets: bool,
        /// What it calls one.
        bucket_title: Option<String> = None,
        /// The settings of a task that are its own.
        settings: Vec<ProviderSetting>,
    }
}

value_class! {
    in "dtc.truenas";
    /// A setting of tasks that are for a cloud.
    ProviderSetting {
        /// Its name, as the appliance calls it.
        name: String,
    }
}

impl Shown<ProviderSetting> for there::ProviderSetting {
    fn shown(self) -> ProviderSetting {
        ProviderSetting { name: self.property }
    }
}

/// What a call takes of optional secrets.
fn secrets(secrets: Option<&CloudSyncSecrets>) -> Option<there::CloudSyncSecrets> {
    secrets.map(CloudSyncSecrets::given)
}

twins! {
    /// Cloud sync tasks: a directory of the appliance, copied to a bucket by rclone.
    "CloudSyncs" in "dtc.truenas" and "dtc.truenas.aio", Failure: CloudSyncs / AioCloudSyncs(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every cloud sync task.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "cloudsync.query"
        fn list() -> Many<CloudSync> = |nas| {
            Ok(nas.cloud_syncs().list().await?.shown())
        }

        /// One task.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "cloudsync.query"
        fn get(id: i64) -> CloudSync = |nas| {
            Ok(nas.cloud_syncs().get(CloudSyncId::new(id)).await?.shown())
        }

        /// Sets up a task that encrypts what it sends.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when times of its bandwidth limits do not rise, a part is smaller than 5 MiB, or its path is
        /// not under ``/mnt``; ``outcome_unknown`` when the answer is lost: look before creating again; ``validation``, ``unauthorized``;
        /// ``redacted_secret`` when a secret is only the placeholder of one.
        #[pyo3(signature = (task, crypt, *, timeout = None))]
        Write "cloudsync.create"
        fn create(task: CreateCloudSync, crypt: CloudSyncSecrets) -> CloudSync = |nas| {
            Ok(nas.cloud_syncs().create(&task.given()?, &crypt.given()).await?.shown())
        }

        /// Changes a task. With secrets, encryption is on and they are its password and salt; without, both stay as they are.
        ///
        /// Changing password, salt, bucket or folder re-encrypts and moves nothing: what is in the bucket stays as it was.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, changes, crypt = None, *, timeout = None))]
        Write "cloudsync.update"
        fn update(id: i64, changes: UpdateCloudSync, crypt: Option<CloudSyncSecrets>) -> CloudSync = |nas| {
            let found = nas.cloud_syncs().update(
                CloudSyncId::new(id),
                &changes.given()?,
                secrets(crypt.as_ref()).as_ref(),
            ).await?;
            Ok(found.shown())
        }

        /// Deletes a task; a run under way is aborted first. What is in the bucket stays.
        ///
        /// Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "cloudsync.delete"
        fn delete(id: i64) -> Nothing = |nas| {
            Ok(nas.cloud_syncs().delete(CloudSyncId::new(id)).await?.shown())
        }

        /// Starts a task now. While it runs already, the appliance queues one more run and answers with that one's job.
        ///
        /// The job is looked at before it is taken for this task's. To an appliance that is newer than this package, one start is sent at a time.
        ///
        /// Errors by their ``kind``: ``not_started`` when the appliance answered with another task's job; ``outcome_unknown`` when the answer is
        /// lost: ``job`` shows whether it runs; ``not_found``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "cloudsync.sync"
        fn run(id: i64) -> Job | AioJob = |nas| {
            Ok(nas.cloud_syncs().run(CloudSyncId::new(id)).await?.shown())
        }

        /// Tries a task out: the job ends as a run would, and its log says what it would do; nothing is sent or deleted. On every release such
        /// a start shares a lock with every other one of its kind, so only one is sent at a time.
        ///
        /// Errors by their ``kind``: As ``run``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "cloudsync.sync"
        fn run_dry(id: i64) -> Job | AioJob = |nas| {
            Ok(nas.cloud_syncs().run_dry(CloudSyncId::new(id)).await?.shown())
        }

        /// Runs what is no task, once; whether it is enabled and when it runs do not count. A refusal of its settings fails the job, with the fields.
        /// A trial sends and deletes nothing.
        ///
        /// Errors by their ``kind``: As ``create``.
        #[pyo3(signature = (task, crypt, *, trial = false, timeout = None))]
        Write "cloudsync.sync_onetime"
        fn run_once(task: CreateCloudSync, crypt: CloudSyncSecrets, trial: bool) -> Job | AioJob = |nas| {
            Ok(nas.cloud_syncs().run_once(&task.given()?, &crypt.given(), trial.into()).await?.shown())
        }

        /// Makes the task that brings back what a task has sent, with its schedule and its secrets. It is disabled. The folder is looked for in
        /// the bucket first.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a path that is no place for files; ``validation`` when the folder is not there;
        /// ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, description, path, *, transfer_mode = None, timeout = None))]
        Write "cloudsync.restore"
        fn restore(
            id: i64,
            description: String,
            path: String,
            transfer_mode: Option<String>,
        ) -> CloudSync = |nas| {
            let mut restore = there::RestoreCloudSync::new(description, path);
            if let Some(mode) = transfer_mode {
                restore = restore.transfer_mode(of_word("transfer mode", &mode)?);
            }
            Ok(nas.cloud_syncs().restore(CloudSyncId::new(id), &restore).await?.shown())
        }

        /// What is in a folder of a bucket, by the names that it has there.
        ///
        /// Errors by their ``kind``: ``rejected`` with rclone's words when the folder or the bucket is not there, or the credential does not open it;
        /// ``not_found`` when there is no such credential; those of every reading call; ``unauthorized`` for who may only read.
        #[pyo3(signature = (credential, bucket, folder, *, filename_encryption = false, crypt = None, timeout = None))]
        Read "cloudsync.list_directory"
        fn list_directory(
            credential: i64,
            bucket: String,
            folder: String,
            filename_encryption: bool,
            crypt: Option<CloudSyncSecrets>,
        ) -> Many<CloudFile> = |nas| {
            let folder = there::CloudFolder::new(CloudCredentialId::new(credential), bucket, folder)
                .filename_encryption(filename_encryption.into());
            Ok(nas.cloud_syncs().list_directory(&folder, secrets(crypt.as_ref()).as_ref()).await?.shown())
        }

        /// The clouds that the appliance knows.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "cloudsync.providers"
        fn providers() -> Many<CloudProvider> = |nas| {
            Ok(nas.cloud_syncs().providers().await?.shown())
        }

        /// Aborts a task's run. Says whether there was one.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (aborting again is harmless); ``not_found``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "cloudsync.abort"
        fn abort(id: i64) -> bool = |nas| {
            Ok(nas.cloud_syncs().abort(CloudSyncId::new(id)).await?.shown())
        }
    }
}
