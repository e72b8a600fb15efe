//! Pools, their datasets and their files.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::{DeviceGuid, PoolName};
use jiff::Timestamp;

use crate::port_error::PortError;
use crate::ports::memory::{World, refused};
use crate::ports::{Dataset, Datasets, DatasetsView, Pool, Snapshot};
use crate::proofs::consent::{Consent, RemoveProperty, RewriteDeviceGuid};

/// A data pool.
#[derive(Clone, Debug)]
pub struct PoolState {
    /// The pool and its property; its datasets stand beside it.
    pub pool: Pool,
    /// Its datasets.
    pub datasets: Vec<Dataset>,
    /// Its files, by their path below the pool.
    pub files: BTreeMap<String, FileState>,
    /// Its snapshots.
    pub snapshots: Vec<Snapshot>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// What is in it.
    pub content: Vec<u8>,
    /// When it was last modified.
    pub modified: Timestamp,
}

#[async_trait]
impl DatasetsView for World {
    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        self.read("appliance.pools", |state| {
            let shown = |found: &PoolState| Pool { datasets: found.datasets.clone(), ..found.pool.clone() };
            let mut pools: Vec<Pool> = state.appliance.pools.iter().map(shown).collect();
            pools.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
            Ok(pools)
        })
        .await
    }
}

#[async_trait]
impl Datasets for World {
    async fn set_device_guid(&self, pool: &PoolName, guid: DeviceGuid) -> Result<(), PortError> {
        self.write("appliance.set_device_guid", |state| {
            let held = &mut state.appliance.pool(pool)?.pool.device_guid;
            if held.as_ref().is_some_and(|held| held.parse() != Ok(guid)) {
                return Err(refused("appliance.set_device_guid", "another GUID is there"));
            }
            *held = Some(guid.to_string());
            Ok(())
        })
        .await
    }

    async fn rewrite_device_guid(
        &self,
        pool: &PoolName,
        guid: DeviceGuid,
        consent: Consent<RewriteDeviceGuid>,
    ) -> Result<(), PortError> {
        consent.spend_on(&guid.to_string(), &[("pool", pool.to_string())])?;
        self.write("appliance.rewrite_device_guid", |state| {
            state.appliance.pool(pool)?.pool.device_guid = Some(guid.to_string());
            Ok(())
        })
        .await
    }

    async fn remove_device_guid(
        &self,
        pool: &PoolName,
        consent: Consent<RemoveProperty>,
    ) -> Result<(), PortError> {
        consent.spend_on(pool.as_str(), &[])?;
        self.write("appliance.remove_device_guid", |state| {
            state.appliance.pool(pool)?.pool.device_guid = None;
            Ok(())
        })
        .await
    }
}
