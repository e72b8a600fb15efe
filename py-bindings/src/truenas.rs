//! `dtc.truenas`: the face of `truenas_client`.
#![allow(unused_parens, reason = "a default of several words stands in parentheses")]

mod alerts;
mod api_keys;
mod changes;
mod client;
mod cloud_credentials;
mod cloud_sync_found;
mod cloud_sync_requests;
mod cloud_syncs;
mod cloud_targets;
mod dataset_requests;
mod dataset_settings;
mod datasets;
mod failure;
mod features;
mod fetched;
mod files;
mod groups;
mod hidden;
mod interfaces;
mod jobs;
mod keychain;
mod login;
mod member;
mod method;
mod peers;
mod pools;
mod query;
mod replication_requests;
mod replications;
mod services;
mod sessions;
mod shown;
mod snapshot_tasks;
mod snapshots;
mod snmp;
mod ssh;
mod system;
mod unlocked;
mod users;

use pyo3::prelude::*;

/// TrueNAS appliances of every release from CORE 13.0 on: one typed API over one connection.
#[pymodule(name = "truenas", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::alerts::{Alert, AlertCategory, AlertClass, Alerts};
    #[pymodule_export]
    use super::api_keys::{Allowed, ApiKeyEntry, ApiKeys, CreateApiKey, KeyProof, NewApiKey, UpdateApiKey};
    #[pymodule_export]
    use super::changes::{Change, Changes, RowsOf};
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::cloud_credentials::{CloudBucket, CloudCredential, CloudCredentials, Provider, Verification};
    #[pymodule_export]
    use super::cloud_sync_found::CloudSync;
    #[pymodule_export]
    use super::cloud_sync_requests::{CreateCloudSync, UpdateCloudSync};
    #[pymodule_export]
    use super::cloud_syncs::{CloudFile, CloudProvider, CloudSyncs, ProviderSetting};
    #[pymodule_export]
    use super::cloud_targets::{BandwidthLimit, CloudSyncSecrets, Target};
    #[pymodule_export]
    use super::dataset_requests::{CreateDataset, KeyOf, NewKey, UnlockDatasets, UpdateDataset};
    #[pymodule_export]
    use super::dataset_settings::{DatasetSettings, Property};
    #[pymodule_export]
    use super::datasets::{
        Attachment, Dataset, DatasetOverview, Datasets, EncryptionSummary, Mount, UserProperty,
    };
    #[pymodule_export]
    use super::features::Support;
    #[pymodule_export]
    use super::files::{DirEntry, Download, FileStat, FileSystemStat, Filesystem};
    #[pymodule_export]
    use super::groups::{CreateGroup, Group, Groups, UpdateGroup};
    #[pymodule_export]
    use super::hidden::{OtherSettings, Redacted};
    #[pymodule_export]
    use super::interfaces::{Interface, Interfaces};
    #[pymodule_export]
    use super::jobs::{Job, JobLog, JobStatus, Jobs, ListedJobs, StoredJob};
    #[pymodule_export]
    use super::keychain::{
        GeneratedKeyPair, HostKey, KeyPair, Keychain, KeychainUse, SshConnection, SshTarget, UnknownEntry,
    };
    #[pymodule_export]
    use super::member::Member;
    #[pymodule_export]
    use super::peers::{PeerLogin, SemiAutomatic};
    #[pymodule_export]
    use super::pools::{Device, Pool, Pools, Scan, Topology};
    #[pymodule_export]
    use super::query::{Filter, Order, Query};
    #[pymodule_export]
    use super::replication_requests::{
        CreateReplication, DestinationKey, KeyedLifetime, Netcat, RunReplication, UpdateReplication,
    };
    #[pymodule_export]
    use super::replications::{
        EligibleSnapshots, Replication, ReplicationConfig, Replications, UnmatchedSnapshots,
    };
    #[pymodule_export]
    use super::services::{Service, Services};
    #[pymodule_export]
    use super::sessions::{KeyOfSession, Session, Sessions, Who};
    #[pymodule_export]
    use super::snapshot_tasks::{
        CreateSnapshotTask, Lifetime, SnapshotSchedule, SnapshotTask, SnapshotTasks, TaskStatus,
        UpdateSnapshotTask,
    };
    #[pymodule_export]
    use super::snapshots::{CreateSnapshot, Retention, Snapshot, SnapshotDetails, Snapshots};
    #[pymodule_export]
    use super::snmp::{Snmp, SnmpConfig, SnmpSecrets, UpdateSnmp};
    #[pymodule_export]
    use super::ssh::{Ssh, SshConfig, UpdateSsh};
    #[pymodule_export]
    use super::system::{General, Info, Me, System, UiCertificate};
    #[pymodule_export]
    use super::unlocked::{NotUnlocked, Unlocked};
    #[pymodule_export]
    use super::users::{CreateUser, PrimaryGroup, UpdateUser, User, Users};
    #[pymodule_export]
    use super::{reads, writes};
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::truenas::alerts::AioAlerts;
        #[pymodule_export]
        use crate::truenas::api_keys::AioApiKeys;
        #[pymodule_export]
        use crate::truenas::changes::{AioChanges, AioRowsOf};
        #[pymodule_export]
        use crate::truenas::client::AioClient;
        #[pymodule_export]
        use crate::truenas::cloud_credentials::AioCloudCredentials;
        #[pymodule_export]
        use crate::truenas::cloud_syncs::AioCloudSyncs;
        #[pymodule_export]
        use crate::truenas::datasets::AioDatasets;
        #[pymodule_export]
        use crate::truenas::files::{AioDownload, AioFilesystem};
        #[pymodule_export]
        use crate::truenas::groups::AioGroups;
        #[pymodule_export]
        use crate::truenas::interfaces::AioInterfaces;
        #[pymodule_export]
        use crate::truenas::jobs::{AioJob, AioJobLog, AioJobs, AioListedJobs};
        #[pymodule_export]
        use crate::truenas::keychain::AioKeychain;
        #[pymodule_export]
        use crate::truenas::pools::AioPools;
        #[pymodule_export]
        use crate::truenas::replications::AioReplications;
        #[pymodule_export]
        use crate::truenas::services::AioServices;
        #[pymodule_export]
        use crate::truenas::sessions::AioSessions;
        #[pymodule_export]
        use crate::truenas::snapshot_tasks::AioSnapshotTasks;
        #[pymodule_export]
        use crate::truenas::snapshots::AioSnapshots;
        #[pymodule_export]
        use crate::truenas::snmp::AioSnmp;
        #[pymodule_export]
        use crate::truenas::ssh::AioSsh;
        #[pymodule_export]
        use crate::truenas::system::AioSystem;
        #[pymodule_export]
        use crate::truenas::users::AioUsers;
    }
}

/// The operations that change nothing: the only typed ones that a read-only client sends.
#[pyfunction]
fn reads() -> Vec<&'static str> {
    truenas_client::operations::READS.to_vec()
}

/// The operations that a read-only client refuses.
#[pyfunction]
fn writes() -> Vec<&'static str> {
    truenas_client::operations::WRITES.to_vec()
}
