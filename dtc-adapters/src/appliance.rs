//! The TrueNAS box.

mod cloud_credentials;
mod cloud_syncs;
mod datasets;
mod jobs;
mod snapshot_tasks;
mod snmp;
mod system;

use async_trait::async_trait;
use dtc_naming::{DeviceGuid, PoolName};
use dtc_provision::PortError;
use dtc_provision::consent::{Consent, RemoveProperty, RewriteDeviceGuid};
use dtc_provision::escrow::Escrowed;
use dtc_provision::ports::{
    Appliance, ApplianceView, CloudCredential, CloudSync, CloudSyncId, CloudSyncSpec, CredentialId,
    CredentialSpec, CredentialVerdict, Dataset, JobId, JobProgress, Pool, Snapshot, SnapshotTask,
    SnapshotTaskId, SnapshotTaskSettings, Snmp, SnmpSpec, System,
};
use dtc_provision::secret::{ApplicationKey, EncryptionSecrets, SnmpSecrets};
use truenas_client::Client;

/// A box that is logged in to, and the host it is managed at.
pub(crate) struct TrueNasBox {
    pub(crate) nas: Client,
    pub(crate) management_address: String,
}

#[async_trait]
impl ApplianceView for TrueNasBox {
    async fn system(&self) -> Result<System, PortError> {
        system::read(&self.nas, &self.management_address).await
    }

    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        datasets::pools(&self.nas).await
    }

    async fn datasets(&self, pool: &PoolName) -> Result<Vec<Dataset>, PortError> {
        datasets::of(&self.nas, pool).await
    }

    async fn snmp(&self) -> Result<Snmp, PortError> {
        snmp::read(&self.nas).await
    }

    async fn cloud_credentials(&self) -> Result<Vec<CloudCredential>, PortError> {
        cloud_credentials::list(&self.nas).await
    }

    async fn cloud_syncs(&self) -> Result<Vec<CloudSync>, PortError> {
        cloud_syncs::list(&self.nas).await
    }

    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        snapshot_tasks::list(&self.nas).await
    }

    async fn snapshots(&self, dataset: &str) -> Result<Vec<Snapshot>, PortError> {
        snapshot_tasks::snapshots(&self.nas, dataset).await
    }

    async fn job(&self, job: &JobId) -> Result<Option<JobProgress>, PortError> {
        jobs::progress(&self.nas, job).await
    }
}

#[async_trait]
impl Appliance for TrueNasBox {
    async fn set_device_guid(&self, pool: &PoolName, guid: DeviceGuid) -> Result<(), PortError> {
        datasets::set_device_guid(&self.nas, pool, guid).await
    }

    async fn rewrite_device_guid(
        &self,
        pool: &PoolName,
        guid: DeviceGuid,
        _consent: Consent<RewriteDeviceGuid>,
    ) -> Result<(), PortError> {
        datasets::set_device_guid(&self.nas, pool, guid).await
    }

    async fn remove_device_guid(
        &self,
        pool: &PoolName,
        _consent: Consent<RemoveProperty>,
    ) -> Result<(), PortError> {
        datasets::remove_device_guid(&self.nas, pool).await
    }

    async fn put_snmp(&self, _spec: &SnmpSpec, secrets: &Escrowed<SnmpSecrets>) -> Result<(), PortError> {
        snmp::put(&self.nas, secrets.expose()).await
    }

    async fn start_snmp(&self) -> Result<(), PortError> {
        snmp::start(&self.nas).await
    }

    async fn verify_cloud_credential(
        &self,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialVerdict, PortError> {
        cloud_credentials::verify(&self.nas, key.expose()).await
    }

    async fn put_cloud_credential(
        &self,
        existing: Option<&CredentialId>,
        spec: &CredentialSpec,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialId, PortError> {
        cloud_credentials::put(&self.nas, existing, spec, key.expose()).await
    }

    async fn put_cloud_sync(
        &self,
        existing: Option<&CloudSyncId>,
        spec: &CloudSyncSpec,
        via: &CredentialId,
        crypt: &Escrowed<EncryptionSecrets>,
    ) -> Result<CloudSyncId, PortError> {
        cloud_syncs::put(&self.nas, existing, spec, via, crypt.expose()).await
    }

    async fn enable_cloud_sync(&self, task: &CloudSyncId) -> Result<(), PortError> {
        cloud_syncs::enable(&self.nas, task).await
    }

    async fn start_cloud_sync(&self, task: &CloudSyncId) -> Result<JobId, PortError> {
        cloud_syncs::start(&self.nas, task).await
    }

    async fn put_snapshot_task(
        &self,
        existing: Option<&SnapshotTaskId>,
        settings: &SnapshotTaskSettings,
    ) -> Result<SnapshotTaskId, PortError> {
        snapshot_tasks::put(&self.nas, existing, settings).await
    }
}
