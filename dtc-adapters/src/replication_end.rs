//! A TrueNAS appliance as one end of a replication (R1–R6).

mod access;
mod keychain;
mod keys;
mod settings;
mod storage;
mod tasks;

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::DatasetName;
use dtc_provision::PortError;
use dtc_provision::ids::{JobId, ReplicationId, SshConnectionId};
use dtc_provision::ports::{
    AccessGrant, Body, ConnectionSpec, DatasetsView, DestinationKey, Eligible, EndConnection, EndDataset,
    EndHostKey, EndKeyPair, EndSnapshot, EndUser, FileFacts, HostKeyTrust, JobProgress, KeyCheck, Opening,
    Pool, ReplicationEnd, ReplicationEndView, ReplicationSettings, ReplicationTask, Rights, SnapshotTask,
    SnapshotsView as _, Source, SshServer, System, SystemView, Unlocked,
};
use dtc_provision::proofs::consent::{Consent, GrantReplicationAccess};
use dtc_provision::proofs::{Bound, Minted};
use dtc_provision::secret::DatasetKey;
use truenas_client::{Client, DatasetId};

use crate::appliance::{TrueNas, job_of};
use crate::source::ApplianceFiles;

/// The method that a replication task's run is a job of.
const RUN: &str = "replication.run";

/// An appliance, and its files.
pub(crate) struct TrueNasEnd {
    appliance: TrueNas,
    files: ApplianceFiles,
}

impl TrueNasEnd {
    pub(crate) fn new(appliance: TrueNas) -> Self {
        let files = ApplianceFiles(appliance.connection.clone());
        Self { appliance, files }
    }

    /// Logs in now, so that an appliance that cannot be used is known before anything else happens.
    pub(crate) async fn log_in(&self) -> Result<(), PortError> {
        self.client().await.map(drop)
    }

    async fn client(&self) -> Result<&Client, PortError> {
        self.appliance.connection.client().await
    }
}

/// A dataset's name, as the client takes it.
fn id(name: &DatasetName) -> DatasetId {
    DatasetId::new(name.as_str())
}

#[async_trait]
impl SystemView for TrueNasEnd {
    async fn system(&self) -> Result<System, PortError> {
        self.appliance.system().await
    }

    async fn rights(&self) -> Result<Rights, PortError> {
        self.appliance.rights().await
    }
}

#[async_trait]
impl DatasetsView for TrueNasEnd {
    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        self.appliance.pools().await
    }
}

#[async_trait]
impl Source for TrueNasEnd {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        self.files.stat(path).await
    }

    async fn read(&self, path: &str, facts: &FileFacts) -> Result<Body, PortError> {
        self.files.read(path, facts).await
    }
}

#[async_trait]
impl ReplicationEndView for TrueNasEnd {
    async fn end_datasets(&self) -> Result<Vec<EndDataset>, PortError> {
        storage::datasets(self.client().await?).await
    }

    async fn snapshots_of(&self, dataset: &DatasetName) -> Result<Vec<EndSnapshot>, PortError> {
        storage::snapshots(self.client().await?, dataset).await
    }

    async fn user(&self, name: &str) -> Result<Option<EndUser>, PortError> {
        access::user(self.client().await?, name).await
    }

    async fn own_home(&self) -> Result<Option<String>, PortError> {
        access::own_home(self.client().await?).await
    }

    async fn ssh_server(&self) -> Result<SshServer, PortError> {
        access::ssh_server(self.client().await?).await
    }

    async fn key_pair(&self, name: &str) -> Result<Option<EndKeyPair>, PortError> {
        keychain::key_pair(self.client().await?, name).await
    }

    async fn connection(&self, name: &str) -> Result<Option<EndConnection>, PortError> {
        keychain::connection(self.client().await?, name).await
    }

    async fn scan_host_keys(&self, host: &str, port: u16) -> Result<Vec<EndHostKey>, PortError> {
        keychain::scan(self.client().await?, host, port).await
    }

    async fn reached(&self, connection: &SshConnectionId) -> Result<Vec<String>, PortError> {
        keychain::reached(self.client().await?, connection).await
    }

    async fn replication(&self, name: &str) -> Result<Option<ReplicationTask>, PortError> {
        tasks::named(self.client().await?, name).await
    }

    async fn offers(&self, settings: &ReplicationSettings) -> Result<(), PortError> {
        tasks::offers(self.client().await?, settings)
    }

    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        self.appliance.snapshot_tasks().await
    }

    async fn eligible(
        &self,
        settings: &ReplicationSettings,
        schemas: &[String],
    ) -> Result<Eligible, PortError> {
        tasks::eligible(self.client().await?, settings, schemas).await
    }

    async fn unmatched(
        &self,
        settings: &ReplicationSettings,
    ) -> Result<BTreeMap<String, Vec<String>>, PortError> {
        tasks::unmatched(self.client().await?, settings).await
    }

    async fn check_keys(
        &self,
        dataset: &DatasetName,
        keys: &[Bound<'_, Opening>],
    ) -> Result<Vec<KeyCheck>, PortError> {
        keys::check(self.client().await?, dataset, keys).await
    }

    async fn opened_by(&self, root: &DatasetName, key: &DatasetKey) -> Result<bool, PortError> {
        keys::opened_by(self.client().await?, root, key).await
    }

    async fn replication_job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        job_of(self.client().await?, job, RUN).await
    }

    async fn files(&self, directory: &str, most: usize) -> Result<Vec<String>, PortError> {
        storage::files(self.client().await?, directory, most).await
    }

    async fn exported_keys(
        &self,
        dataset: &DatasetName,
    ) -> Result<Vec<(DatasetName, Minted<DatasetKey>)>, PortError> {
        keys::exported(self.client().await?, dataset).await
    }
}

#[async_trait]
impl ReplicationEnd for TrueNasEnd {
    async fn create_dataset(&self, dataset: &DatasetName) -> Result<(), PortError> {
        storage::create(self.client().await?, dataset).await
    }

    async fn create_key_pair(&self, name: &str) -> Result<EndKeyPair, PortError> {
        keychain::create_key_pair(self.client().await?, name).await
    }

    async fn grant_access(
        &self,
        grant: &AccessGrant,
        subject: &str,
        consent: Consent<GrantReplicationAccess>,
    ) -> Result<(), PortError> {
        consent.spend_on(subject, &[])?;
        access::grant(self.client().await?, grant).await
    }

    async fn create_connection(
        &self,
        spec: &ConnectionSpec,
        trust: HostKeyTrust,
    ) -> Result<EndConnection, PortError> {
        trust.spend_on(spec)?;
        keychain::create_connection(self.client().await?, spec).await
    }

    async fn put_replication(
        &self,
        existing: Option<&ReplicationId>,
        settings: &ReplicationSettings,
        key: Option<Bound<'_, DestinationKey>>,
    ) -> Result<ReplicationId, PortError> {
        tasks::put(self.client().await?, existing, settings, key).await
    }

    async fn enable_replication(&self, task: &ReplicationId) -> Result<(), PortError> {
        tasks::enable(self.client().await?, task).await
    }

    async fn run_replication(&self, task: &ReplicationId) -> Result<JobId, PortError> {
        tasks::run(self.client().await?, task).await
    }

    async fn unlock(
        &self,
        dataset: &DatasetName,
        keys: &[Bound<'_, Opening>],
    ) -> Result<Unlocked, PortError> {
        keys::unlock(self.client().await?, dataset, keys::of_vault(keys)).await
    }

    async fn unlock_by(
        &self,
        dataset: &DatasetName,
        keys: &[(DatasetName, DatasetKey)],
    ) -> Result<Unlocked, PortError> {
        keys::unlock(self.client().await?, dataset, keys::given(keys)).await
    }

    async fn mark_opened(&self, root: &DatasetName, opened: bool) -> Result<(), PortError> {
        storage::mark_opened(self.client().await?, root, opened).await
    }

    async fn lock(&self, dataset: &DatasetName) -> Result<(), PortError> {
        keys::lock(self.client().await?, dataset).await
    }
}
