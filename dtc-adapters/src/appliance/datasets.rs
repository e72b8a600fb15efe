//! Pools, their datasets, and the property that holds the Device GUID.

use dtc_naming::{DeviceGuid, PoolName};
use dtc_provision::ports::{Dataset, DatasetKind, Pool};
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use dtc_provision::{PortError, PortErrorKind};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use truenas_client::datasets::{Dataset as Found, DatasetKind as FoundKind, UserPropertyName};
use truenas_client::{Client, DatasetId};

use crate::error::{Attempt as _, refused};

/// Mount points looked at side by side; the box takes ten calls at a time.
const SIDE_BY_SIDE: usize = 8;

fn property() -> Result<UserPropertyName, PortError> {
    UserPropertyName::new(DEVICE_GUID_PROPERTY).attempting("name the Device GUID property")
}

fn root(pool: &PoolName) -> DatasetId {
    DatasetId::new(pool.as_str())
}

/// The data pools, in the order of their names; the boot pool is none to the box.
pub(super) async fn pools(nas: &Client) -> Result<Vec<Pool>, PortError> {
    let found = nas.pools().list().await.attempting("list the box's pools")?;
    let datasets = nas.datasets().list().await.attempting("read the pools' root datasets")?;
    let property = property()?;
    let mut pools = Vec::new();
    for pool in found {
        let name: PoolName = pool.name.parse().map_err(|error: dtc_naming::Error| {
            refused(format_args!("back up the pool {:?}", pool.name), error.to_string())
        })?;
        let root = datasets.iter().find(|dataset| dataset.id.as_str() == pool.name);
        let device_guid = root.and_then(|root| root.user_properties.get(&property)).cloned();
        pools.push(Pool { name, device_guid });
    }
    pools.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
    Ok(pools)
}

/// A pool's datasets. A pool without any, its root included, is not imported: its mount point would look empty.
pub(super) async fn of(nas: &Client, pool: &PoolName) -> Result<Vec<Dataset>, PortError> {
    let attempted = format!("list the datasets of pool {pool}");
    let found = nas.datasets().list().await.attempting(&attempted)?;
    let ours: Vec<Found> = found.into_iter().filter(|dataset| dataset.pool == pool.as_str()).collect();
    if !ours.iter().any(|dataset| dataset.id.is_root()) {
        let answer = "the box shows no dataset of it: the pool is not imported, or its encryption is locked";
        return Err(PortError::new(PortErrorKind::NotFound, attempted, answer));
    }
    stream::iter(ours).map(|dataset| state(nas, dataset)).buffered(SIDE_BY_SIDE).try_collect().await
}

/// The box does not say whether a dataset is mounted; its mount point does.
async fn state(nas: &Client, found: Found) -> Result<Dataset, PortError> {
    let kind = match found.kind {
        FoundKind::Volume => DatasetKind::Volume,
        _ => DatasetKind::Filesystem,
    };
    let mounted = match &found.mountpoint {
        Some(path) if kind == DatasetKind::Filesystem && !found.locked => is_mounted(nas, path).await?,
        _ => false,
    };
    Ok(Dataset { name: found.id.to_string(), kind, locked: found.locked, mounted })
}

async fn is_mounted(nas: &Client, path: &str) -> Result<bool, PortError> {
    match nas.filesystem().stat(path).await {
        Err(error) if error.is_not_found() => Ok(false),
        stat => Ok(stat.attempting(format_args!("look at the mount point {path}"))?.is_mountpoint),
    }
}

pub(super) async fn set_device_guid(
    nas: &Client,
    pool: &PoolName,
    guid: DeviceGuid,
) -> Result<(), PortError> {
    let set = nas.datasets().set_user_property(&root(pool), &property()?, &guid.to_string()).await;
    set.attempting(format_args!("set {DEVICE_GUID_PROPERTY} on pool {pool}"))
}

pub(super) async fn remove_device_guid(nas: &Client, pool: &PoolName) -> Result<(), PortError> {
    let removed = nas.datasets().remove_user_property(&root(pool), &property()?).await;
    removed.attempting(format_args!("remove {DEVICE_GUID_PROPERTY} from pool {pool}"))
}
