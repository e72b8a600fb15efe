//! Datasets.

use std::collections::BTreeMap;

use truenas_client::datasets as there;
use truenas_client::{Client as Nas, DatasetId};

use super::dataset_requests::{
    CreateDataset, KeyOf, NewKey, UnlockDatasets, UpdateDataset, keys_of, user_property,
};
use super::dataset_settings::DatasetSettings;
use super::failure::Failure;
use super::hidden::Hidden;
use super::jobs::{AioJob, Job};
use super::shown::{Shown, found, words};
use crate::held::Held;
use crate::rt::Timeout;
use crate::twins::twins;
use crate::values::{Many, Nothing};

words!(there::DatasetKind, there::KeyFormat);

found! {
    /// A dataset.
    ///
    /// Whether it is mounted is not said here; ``mounts`` says it. The mount point of a dataset that is not mounted, such as a
    /// locked one, is an empty directory.
    Dataset of there::Dataset {
        /// Its full name.
        id: String,
        /// Its pool's name.
        pool: String,
        /// File system or volume.
        kind: String,
        /// Where it is mounted when it is; none for volumes, and for file systems without a mount point of their own.
        mountpoint: Option<String> = None,
        /// Whether its content is encrypted.
        encrypted: bool,
        /// The dataset whose key decrypts this one, when encrypted.
        encryption_root: Option<String> = None,
        /// Whether the key is loaded, when encrypted.
        key_loaded: Option<bool> = None,
        /// Whether it is encrypted and its content cannot be reached.
        locked: bool,
        /// Its user properties, inherited ones included: from 25.10 the appliance does not distinguish them, so that only a root dataset's
        /// are certainly its own (TrueNAS middleware 25.10, ``plugins/pool_/dataset.py``).
        user_properties: BTreeMap<String, UserProperty>,
    }
}

found! {
    /// A user property as a dataset shows it.
    UserProperty of there::UserProperty {
        /// Its value.
        value: String,
        /// Where it comes from. From 25.10 on the appliance says ``Local`` of inherited ones too (TrueNAS middleware 25.10,
        /// ``plugins/pool_/dataset.py``): only a root dataset's are certainly its own.
        source: String,
    }
}

found! {
    /// Whether a file system is mounted.
    Mount of there::Mount {
        /// Which dataset.
        dataset: String,
        /// Whether its files can be seen at its mount point. ZFS says it of the dataset itself: a mount point at which something else is
        /// mounted does not count.
        mounted: bool,
    }
}

found! {
    /// What needs a dataset.
    Attachment of there::Attachment {
        /// What kind of thing it is, such as ``Snapshot Task`` or ``NFS Share``.
        kind: String,
        /// The service that it belongs to, if any.
        service: Option<String> = None,
        /// Their names or paths.
        names: Vec<String>,
    }
}

found! {
    /// A dataset with what hangs on it.
    DatasetOverview of there::DatasetOverview {
        /// Its full name.
        id: String,
        /// File system or volume.
        kind: String,
        /// Whether it is encrypted and its content cannot be reached.
        locked: bool,
        /// How many snapshots it has; 0 while it is locked.
        snapshot_count: u64,
        /// How many snapshot tasks are about it.
        snapshot_tasks_count: u64,
        /// How many cloud syncs send it.
        cloudsync_tasks_count: u64,
        /// How many replication tasks push it.
        replication_tasks_count: u64,
        /// How many rsync tasks push it.
        rsync_tasks_count: u64,
        /// What is below it.
        children: Vec<DatasetOverview>,
    }
}

found! {
    /// What unlocking a dataset would come to.
    EncryptionSummary of there::EncryptionSummary {
        /// Which dataset, one with a key of its own.
        dataset: String,
        /// What its key is.
        key_format: String,
        /// Whether the appliance keeps the key.
        key_present_in_database: bool,
        /// Whether the key that was given, or is kept, is the right one.
        valid_key: bool,
        /// Whether it is locked now.
        locked: bool,
        /// Why it could not be unlocked.
        unlock_error: Option<String> = None,
        /// Whether it could be unlocked, or is.
        unlock_successful: bool,
    }
}

impl Shown<BTreeMap<String, Hidden>> for there::ExportedKeys {
    fn shown(self) -> BTreeMap<String, Hidden> {
        self.iter().map(|(dataset, key)| (dataset.to_string(), key.shown())).collect()
    }
}

twins! {
    /// Datasets: file systems and volumes, their settings, user properties and keys.
    "Datasets" in "dtc.truenas" and "dtc.truenas.aio", Failure: Datasets / AioDatasets(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every dataset of every pool, parents before their children's details: one flat list.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "pool.dataset.query"
        fn list() -> Many<Dataset> = |nas| {
            Ok(nas.datasets().list().await?.shown())
        }

        /// One dataset.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.dataset.query"
        fn get(id: String) -> Dataset = |nas| {
            Ok(nas.datasets().get(&DatasetId::new(id)).await?.shown())
        }

        /// The settings of one dataset: each with its value, and where it comes from.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.dataset.query"
        fn settings(id: String) -> DatasetSettings = |nas| {
            Ok(nas.datasets().settings(&DatasetId::new(id)).await?.shown())
        }

        /// Makes a dataset: a file system or a volume.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when a key or a passphrase cannot be one, or the device GUID is set on a dataset that is no
        /// pool's root; nothing was sent then. ``outcome_unknown`` when the answer is lost, and on CORE also when a user property could not be set
        /// after the dataset was made: look before making it again; ``validation``, ``unauthorized``; ``unsupported`` for what the release lacks.
        #[pyo3(signature = (dataset, *, timeout = None))]
        Write "pool.dataset.create"
        fn create(dataset: CreateDataset) -> Dataset = |nas| {
            Ok(nas.datasets().create(&dataset.given()?).await?.shown())
        }

        /// Changes settings and user properties of a dataset; what is not named stays.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, changes, *, timeout = None))]
        Write "pool.dataset.update"
        fn update(id: String, changes: UpdateDataset) -> Nothing = |nas| {
            Ok(nas.datasets().update(&DatasetId::new(id), &changes.given()?).await?.shown())
        }

        /// Removes a dataset, and with it the snapshot tasks, cloud syncs and shares that are about it. One that has children or snapshots is
        /// removed with ``True`` only, and then with all of them.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``rejected`` when it has children,
        /// holds or clones.
        #[pyo3(signature = (id, *, with_children = false, timeout = None))]
        Write "pool.dataset.delete"
        fn delete(id: String, with_children: bool) -> Nothing = |nas| {
            Ok(nas.datasets().delete(&DatasetId::new(id), with_children.into()).await?.shown())
        }

        /// Whether each dataset of these pools is mounted, root datasets included, in one request. Volumes are left out: they are never
        /// mounted.
        ///
        /// Ask about imported pools only, those that ``list`` shows a dataset of.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (pools, *, timeout = None))]
        Read "zfs.resource.query"
        fn mounts(pools: Vec<String>) -> Many<Mount> = |nas| {
            Ok(nas.datasets().mounts(&pools.iter().map(String::as_str).collect::<Vec<_>>()).await?.shown())
        }

        /// Sets one user property and leaves the others as they are. Children inherit it.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when it is the device GUID and the dataset is no pool's root; ``outcome_unknown`` when the
        /// answer is lost; ``not_found``, ``unauthorized``, ``validation``.
        #[pyo3(signature = (id, name, value, *, timeout = None))]
        Write "pool.dataset.update"
        fn set_user_property(id: String, name: String, value: String) -> Nothing = |nas| {
            Ok(nas.datasets().set_user_property(&DatasetId::new(id), &user_property(&name)?, &value).await?.shown())
        }

        /// Removes one user property and leaves the others as they are. What a parent sets shows again.
        ///
        /// Errors by their ``kind``: As ``set_user_property``.
        #[pyo3(signature = (id, name, *, timeout = None))]
        Write "pool.dataset.update"
        fn remove_user_property(id: String, name: String) -> Nothing = |nas| {
            Ok(nas.datasets().remove_user_property(&DatasetId::new(id), &user_property(&name)?).await?.shown())
        }

        /// Locks a dataset that is encrypted by a passphrase of its own: its files, and those of every dataset below it, cannot be reached until
        /// it is unlocked again. ``force`` ends what uses them.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``unauthorized``. The job fails for a dataset that is not
        /// encrypted, is locked already, is encrypted by a key in place of a passphrase, or by its parent's.
        #[pyo3(signature = (id, *, force = false, timeout = None))]
        Write "pool.dataset.lock"
        fn lock(id: String, force: bool) -> Job | AioJob = |nas| {
            Ok(nas.datasets().lock(&DatasetId::new(id), force.into()).await?.shown())
        }

        /// Unlocks a dataset, and those below it where that is asked for. A key that is given is kept by the appliance, a passphrase never.
        ///
        /// The job succeeds though some datasets stay locked: look at ``failed``.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a key or passphrase that cannot be one; ``unsupported`` on CORE for a key that serves
        /// children; ``outcome_unknown`` when the answer is lost; ``unauthorized``. The job fails for a dataset that is not locked or whose parent
        /// is.
        #[pyo3(signature = (id, how, *, timeout = None))]
        Write "pool.dataset.unlock"
        fn unlock(id: String, how: UnlockDatasets) -> Job | AioJob = |nas| {
            Ok(nas.datasets().unlock(&DatasetId::new(id), &how.given()?).await?.shown())
        }

        /// What unlocking a dataset and all below it would come to, with these keys and those that the appliance keeps; nothing is unlocked.
        ///
        /// Errors by their ``kind``: ``invalid_request`` for a key that cannot be one; ``job_failed``; ``job_unfinished`` after ``limit``; those of
        /// every reading call.
        #[pyo3(signature = (id, keys, limit, *, timeout = None))]
        Read "pool.dataset.encryption_summary"
        fn encryption_summary(
            id: String,
            keys: Vec<KeyOf>,
            limit: Timeout,
        ) -> Many<EncryptionSummary> = |nas| {
            Ok(nas.datasets().encryption_summary(&DatasetId::new(id), &keys_of(&keys)?, limit.get()).await?.shown())
        }

        /// Gives an encrypted dataset that is unlocked another key or passphrase. What it holds is not encrypted anew.
        ///
        /// Errors by their ``kind``: As ``unlock``. The job fails for a passphrase above datasets with keys, and for a key below a passphrase.
        #[pyo3(signature = (id, key, *, timeout = None))]
        Write "pool.dataset.change_key"
        fn change_key(id: String, key: NewKey) -> Job | AioJob = |nas| {
            Ok(nas.datasets().change_key(&DatasetId::new(id), &key.given()?).await?.shown())
        }

        /// Makes an encrypted dataset take its parent's key in place of its own.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``rejected`` when it is locked,
        /// has no key of its own, or its parent is not encrypted.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "pool.dataset.inherit_parent_encryption_properties"
        fn inherit_encryption(id: String) -> Nothing = |nas| {
            Ok(nas.datasets().inherit_encryption(&DatasetId::new(id)).await?.shown())
        }

        /// The key of a dataset that has one of its own, which the appliance keeps: never a passphrase.
        ///
        /// Errors by their ``kind``: ``job_failed`` when it has none; ``job_unfinished`` after ``limit``; ``unauthorized``, and those of every
        /// reading call.
        #[pyo3(signature = (id, limit, *, timeout = None))]
        Read "pool.dataset.export_key"
        fn export_key(id: String, limit: Timeout) -> Hidden = |nas| {
            Ok(nas.datasets().export_key(&DatasetId::new(id), limit.get()).await?.shown())
        }

        /// The keys that the appliance keeps of a dataset and all below it. Passphrases are never among them.
        ///
        /// Errors by their ``kind``: ``job_failed``; ``unauthorized``, ``unreachable``, and those of every reading call.
        #[pyo3(signature = (id, limit, *, timeout = None))]
        Read "pool.dataset.export_keys"
        fn export_keys(id: String, limit: Timeout) -> BTreeMap<String, Hidden> = |nas| {
            Ok(nas.datasets().export_keys(&DatasetId::new(id), limit.get()).await?.shown())
        }

        /// The keys of the sources of a replication task that pushes, by the names that the datasets have at its target.
        ///
        /// Errors by their ``kind``: ``unsupported`` on CORE; ``job_failed`` when there is no such task or it pulls; otherwise as ``export_keys``.
        #[pyo3(signature = (replication, limit, *, timeout = None))]
        Read "pool.dataset.export_keys_for_replication"
        fn export_keys_for_replication(replication: i64, limit: Timeout) -> BTreeMap<String, Hidden> = |nas| {
            Ok(nas.datasets().export_keys_for_replication(replication, limit.get()).await?.shown())
        }

        /// The services and enabled tasks that need a dataset or one below it: they end when it is locked, and go when it is removed.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.dataset.attachments"
        fn attachments(id: String) -> Many<Attachment> = |nas| {
            Ok(nas.datasets().attachments(&DatasetId::new(id)).await?.shown())
        }

        /// Every pool's root dataset with what is below it, each with the number of its tasks, shares and snapshots.
        ///
        /// Errors by their ``kind``: ``unsupported`` on CORE; those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "pool.dataset.details"
        fn overview() -> Many<DatasetOverview> = |nas| {
            Ok(nas.datasets().overview().await?.shown())
        }

        /// How many snapshots a dataset has, those below it not counted.
        ///
        /// Errors by their ``kind``: ``not_found``, which CORE answers with 0; those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.dataset.snapshot_count"
        fn snapshot_count(id: String) -> u64 = |nas| {
            Ok(nas.datasets().snapshot_count(&DatasetId::new(id)).await?.shown())
        }
    }
}
