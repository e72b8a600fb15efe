//! Datasets with their encryption, their snapshots, and the files in them.

use std::collections::VecDeque;
use std::time::SystemTime;

use dtc_naming::DatasetName;
use dtc_provision::PortError;
use dtc_provision::ports::{DatasetKind, EndDataset, EndSnapshot};
use dtc_provision::standard::{DEVICE_GUID_PROPERTY, OPENED_BY_PROOF_PROPERTY};
use jiff::Timestamp;
use truenas_client::datasets::{CreateDataset, Dataset, DatasetKind as Found, Mount, UserPropertyName};
use truenas_client::filesystem::FileKind;
use truenas_client::snapshots::ListSnapshots;
use truenas_client::{Client, DatasetId};

use super::id;
use crate::error::{Attempt as _, understood};

/// Whether they are mounted is asked once for all pools.
pub(super) async fn datasets(client: &Client) -> Result<Vec<EndDataset>, PortError> {
    let attempted = "list the appliance's datasets and their encryption";
    let found = client.datasets().list().await.attempting(attempted)?;
    let roots: Vec<&str> =
        found.iter().filter(|dataset| dataset.id.is_root()).map(|dataset| dataset.id.as_str()).collect();
    let mounts = client.datasets().mounts(&roots).await.attempting("ask which datasets are mounted")?;
    let properties = [property(DEVICE_GUID_PROPERTY)?, property(OPENED_BY_PROOF_PROPERTY)?];
    found.iter().map(|dataset| seen(dataset, &mounts, &properties, attempted)).collect()
}

fn property(name: &str) -> Result<UserPropertyName, PortError> {
    UserPropertyName::new(name).attempting(format_args!("name the property {name}"))
}

fn seen(
    found: &Dataset,
    mounts: &[Mount],
    [guid, opened]: &[UserPropertyName; 2],
    attempted: &str,
) -> Result<EndDataset, PortError> {
    let value = |property| found.user_properties.get(property).map(|held| held.value.clone());
    let root = found.encryption_root.as_ref().filter(|_| found.encrypted);
    Ok(EndDataset {
        name: understood(&found.id, attempted)?,
        kind: if found.kind == Found::Volume { DatasetKind::Volume } else { DatasetKind::Filesystem },
        locked: found.locked,
        mounted: mounts.iter().any(|mount| mount.dataset == found.id && mount.mounted),
        encryption_root: root.map(|root| understood(root, attempted)).transpose()?,
        mount_point: found.mountpoint.clone(),
        device_guid: value(guid),
        // Datasets below inherit it: it is of the one that it names.
        opened_by_proof: value(opened).is_some_and(|name| name == found.id.as_str()),
    })
}

/// At most a thousand, the last by name first.
pub(super) async fn snapshots(client: &Client, dataset: &DatasetName) -> Result<Vec<EndSnapshot>, PortError> {
    let found = client.snapshots().describe(&ListSnapshots::new(id(dataset))).await;
    let found = found.attempting(format_args!("list the snapshots of {dataset}"))?;
    let moment = |at: SystemTime| Timestamp::try_from(at).ok();
    let seen = found.into_iter().map(|found| EndSnapshot {
        name: found.snapshot.name,
        created: found.created.and_then(moment),
        guid: found.guid,
    });
    Ok(seen.collect())
}

/// Directories of the same level before those below them.
pub(super) async fn files(client: &Client, directory: &str, most: usize) -> Result<Vec<String>, PortError> {
    let (mut files, mut left) = (Vec::new(), VecDeque::from([directory.to_owned()]));
    while let Some(directory) = left.pop_front() {
        let entries = client.filesystem().list_dir(&directory).await;
        for entry in entries.attempting(format_args!("list the files in {directory}"))? {
            match entry.kind {
                FileKind::File if files.len() == most => return Ok(files),
                FileKind::File => files.push(entry.path),
                FileKind::Directory => left.push_back(entry.path),
                _ => {}
            }
        }
    }
    Ok(files)
}

pub(super) async fn mark_opened(client: &Client, root: &DatasetName, opened: bool) -> Result<(), PortError> {
    let (datasets, property) = (client.datasets(), property(OPENED_BY_PROOF_PROPERTY)?);
    let done = if opened {
        datasets.set_user_property(&id(root), &property, root.as_str()).await
    } else {
        datasets.remove_user_property(&id(root), &property).await
    };
    let what = if opened { "set" } else { "remove" };
    done.attempting(format_args!("{what} {OPENED_BY_PROOF_PROPERTY} on {root}"))
}

pub(super) async fn create(client: &Client, dataset: &DatasetName) -> Result<(), PortError> {
    let made = client.datasets().create(&CreateDataset::file_system(DatasetId::new(dataset.as_str()))).await;
    made.attempting(format_args!("make the dataset {dataset}")).map(drop)
}
