use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::user_properties::{self, UserProperty, UserPropertyName};
use crate::DatasetId;

/// A dataset.
///
/// Whether it is mounted is not said here; [`Datasets::mounts`](super::Datasets::mounts) says it. The mount point of a dataset that is not mounted, such as a
/// locked one, is an empty directory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Dataset {
    /// Its full name.
    pub id: DatasetId,
    /// Its pool's name.
    pub pool: String,
    /// File system or volume.
    #[serde(rename = "type")]
    pub kind: DatasetKind,
    /// Where it is mounted when it is; none for volumes, and for file systems without a mount point of their own.
    #[serde(default)]
    pub mountpoint: Option<String>,
    /// Whether its content is encrypted.
    #[serde(default)]
    pub encrypted: bool,
    /// The dataset whose key decrypts this one, when encrypted.
    #[serde(default)]
    pub encryption_root: Option<DatasetId>,
    /// Whether the key is loaded, when encrypted.
    #[serde(default)]
    pub key_loaded: Option<bool>,
    /// Whether it is encrypted and its content cannot be reached.
    #[serde(default)]
    pub locked: bool,
    /// Its user properties, inherited ones included: from 25.10 the appliance does not distinguish them, so that only a root dataset's
    /// are certainly its own (TrueNAS middleware 25.10, `plugins/pool_/dataset.py`).
    #[serde(default, deserialize_with = "user_properties::all")]
    pub user_properties: BTreeMap<UserPropertyName, UserProperty>,
}

/// What a dataset is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum DatasetKind {
    /// Files and directories.
    Filesystem,
    /// A block device (zvol). Cloud sync never sees what is in it.
    Volume,
    /// A kind of a newer release.
    #[serde(untagged)]
    Unknown(String),
}
