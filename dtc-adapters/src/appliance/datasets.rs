//! Pools, their datasets, and the property that holds the Device GUID.

use async_trait::async_trait;
use dtc_naming::{DeviceGuid, PoolName};
use dtc_provision::PortError;
use dtc_provision::ports::{Dataset, DatasetKind, Datasets, DatasetsView, Pool};
use dtc_provision::proofs::consent::{Consent, RemoveProperty, RewriteDeviceGuid};
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use futures_util::future::try_join;
use truenas_client::datasets::{Dataset as Found, DatasetKind as FoundKind, Mount, UserPropertyName};
use truenas_client::{Client, DatasetId};

use super::TrueNas;
use crate::error::{Attempt as _, refused};

fn property() -> Result<UserPropertyName, PortError> {
    UserPropertyName::new(DEVICE_GUID_PROPERTY).attempting("name the Device GUID property")
}

fn root(pool: &PoolName) -> DatasetId {
    DatasetId::new(pool.as_str())
}

#[async_trait]
impl DatasetsView for TrueNas {
    /// The appliance does not count the boot pool among its pools. Whether datasets are mounted is asked once for all
    /// pools that it shows a dataset of.
    async fn pools(&self) -> Result<Vec<Pool>, PortError> {
        let attempted = "list the appliance's pools and datasets";
        let client = self.client().await?;
        let (pools, datasets) = (client.pools(), client.datasets());
        let (pools, found) = try_join(pools.list(), datasets.list()).await.attempting(attempted)?;
        let mut names = pools.iter().map(|pool| name(&pool.name)).collect::<Result<Vec<_>, _>>()?;
        names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        let shown = |name: &&PoolName| found.iter().any(|dataset| dataset.id.as_str() == name.as_str());
        let shown: Vec<&str> = names.iter().filter(shown).map(PoolName::as_str).collect();
        let mounts = datasets.mounts(&shown).await.attempting("ask which datasets are mounted")?;
        names.into_iter().map(|name| pool(name, &found, &mounts)).collect()
    }
}

fn name(found: &str) -> Result<PoolName, PortError> {
    found.parse().map_err(|error: dtc_naming::Error| {
        refused(format_args!("back up the pool {found:?}"), error.to_string())
    })
}

/// A pool with its datasets. One whose root dataset the appliance does not show is not imported, or locked: its mount
/// point would look empty.
fn pool(name: PoolName, datasets: &[Found], mounts: &[Mount]) -> Result<Pool, PortError> {
    let ours = || datasets.iter().filter(|dataset| dataset.pool == name.as_str());
    let Some(root) = ours().find(|dataset| dataset.id.is_root()) else {
        return Ok(Pool { name, device_guid: None, datasets: Vec::new() });
    };
    let device_guid = root.user_properties.get(&property()?).map(|held| held.value.clone());
    let datasets = ours().map(|found| dataset(found, mounts)).collect();
    Ok(Pool { name, device_guid, datasets })
}

fn dataset(found: &Found, mounts: &[Mount]) -> Dataset {
    let kind = match found.kind {
        FoundKind::Volume => DatasetKind::Volume,
        _ => DatasetKind::Filesystem,
    };
    let mounted = mounts.iter().any(|mount| mount.dataset == found.id && mount.mounted);
    Dataset { name: found.id.to_string(), kind, locked: found.locked, mounted }
}

#[async_trait]
impl Datasets for TrueNas {
    async fn set_device_guid(&self, pool: &PoolName, guid: DeviceGuid) -> Result<(), PortError> {
        let attempted = format!("set {DEVICE_GUID_PROPERTY} on pool {pool}");
        let held = self.client().await?.datasets().get(&root(pool)).await.attempting(&attempted)?;
        let held = held.user_properties.get(&property()?).map(|held| &held.value);
        if let Some(held) = held.filter(|held| held.parse() != Ok(guid)) {
            return Err(refused(attempted, format!("it is {held:?}; nothing was changed")));
        }
        write(self.client().await?, pool, guid).await
    }

    async fn rewrite_device_guid(
        &self,
        pool: &PoolName,
        guid: DeviceGuid,
        consent: Consent<RewriteDeviceGuid>,
    ) -> Result<(), PortError> {
        consent.spend_on(&guid.to_string(), &[("pool", pool.to_string())])?;
        write(self.client().await?, pool, guid).await
    }

    async fn remove_device_guid(
        &self,
        pool: &PoolName,
        consent: Consent<RemoveProperty>,
    ) -> Result<(), PortError> {
        consent.spend_on(pool.as_str(), &[])?;
        let removed = self.client().await?.datasets().remove_user_property(&root(pool), &property()?).await;
        removed.attempting(format_args!("remove {DEVICE_GUID_PROPERTY} from pool {pool}"))
    }
}

async fn write(client: &Client, pool: &PoolName, guid: DeviceGuid) -> Result<(), PortError> {
    let set = client.datasets().set_user_property(&root(pool), &property()?, &guid.to_string()).await;
    set.attempting(format_args!("set {DEVICE_GUID_PROPERTY} on pool {pool}"))
}
