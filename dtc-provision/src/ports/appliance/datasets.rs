//! Pools, their datasets, and the property that holds the Device GUID.

use async_trait::async_trait;
use dtc_naming::{DeviceGuid, PoolName};
use serde::{Deserialize, Serialize};

use crate::port_error::PortError;
use crate::proofs::consent::{Consent, RemoveProperty, RewriteDeviceGuid};

/// A data pool; the boot pool is never one (I4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// Its name.
    pub name: PoolName,
    /// The Device GUID property of its root dataset, as text (I3).
    pub device_guid: Option<String>,
    /// Its datasets, the root included; empty when the pool is not imported or its root is locked.
    pub datasets: Vec<Dataset>,
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

/// A dataset of a pool, the root included.
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

/// Reads pools and datasets.
#[async_trait]
pub trait DatasetsView: Send + Sync {
    /// The data pools with their datasets, in the order of their names.
    async fn pools(&self) -> Result<Vec<Pool>, PortError>;
}

/// Writes the Device GUID property.
#[async_trait]
pub trait Datasets: DatasetsView {
    /// Sets the Device GUID property on a pool's root where there is none, or writes an equal one in its normal form.
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
}
