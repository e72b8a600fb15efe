//! Datasets and their user properties.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, DatasetId, Error, ErrorKind};

const FIELDS: &[&str] = &[
    "id",
    "name",
    "pool",
    "type",
    "mountpoint",
    "encrypted",
    "encryption_root",
    "key_loaded",
    "locked",
    "user_properties",
];

impl Client {
    /// The appliance's datasets.
    pub fn datasets(&self) -> Datasets<'_> {
        Datasets { client: self }
    }
}

/// Calls about datasets.
#[derive(Clone, Copy, Debug)]
pub struct Datasets<'a> {
    client: &'a Client,
}

impl Datasets<'_> {
    /// Every dataset of every pool, parents before their children's details: one flat list.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Dataset>, Error> {
        let query = Query::new().select(FIELDS.iter().copied()).extra(json!({"flat": true}));
        self.client.carry_out(Call::new(operations::POOL_DATASET_QUERY, query.params())).await
    }

    /// One dataset.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: &DatasetId) -> Result<Dataset, Error> {
        let query = Query::new().equals("id", id.as_str()).select(FIELDS.iter().copied());
        let query = query.extra(json!({"flat": true, "retrieve_children": false}));
        let found: Vec<Dataset> =
            self.client.carry_out(Call::new(operations::POOL_DATASET_QUERY, query.params())).await?;
        found.into_iter().next().ok_or_else(|| {
            Error::new(operations::POOL_DATASET_QUERY.name(), id.as_str(), ErrorKind::NotFound)
        })
    }

    /// Whether each dataset of these pools is mounted, root datasets included, in one request. Volumes are left out: they are never
    /// mounted.
    ///
    /// Ask about imported pools only, those that [`list`](Self::list) shows a dataset of.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn mounts(&self, pools: &[&str]) -> Result<Vec<Mount>, Error> {
        if pools.is_empty() {
            // To the middleware no path means every pool, the boot pool among them.
            return Ok(Vec::new());
        }
        let wanted = json!({"paths": pools, "properties": ["mounted"], "get_children": true});
        let rows: Vec<Resource> =
            self.client.carry_out(Call::new(operations::ZFS_RESOURCE_QUERY, [wanted])).await?;
        Ok(rows.into_iter().filter_map(Resource::mount).collect())
    }

    /// Sets one user property and leaves the others as they are. Children inherit it.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `NotFound`, `Unauthorized`, `Validation`.
    pub async fn set_user_property(
        &self,
        id: &DatasetId,
        name: &UserPropertyName,
        value: &str,
    ) -> Result<(), Error> {
        self.update(id, json!({"key": name.as_str(), "value": value})).await
    }

    /// Removes one user property and leaves the others as they are. What a parent sets shows again.
    ///
    /// # Errors
    /// As [`set_user_property`](Self::set_user_property).
    pub async fn remove_user_property(&self, id: &DatasetId, name: &UserPropertyName) -> Result<(), Error> {
        self.update(id, json!({"key": name.as_str(), "remove": true})).await
    }

    /// `user_properties_update` touches the named properties only; the field `user_properties` would delete all others.
    async fn update(&self, id: &DatasetId, change: Value) -> Result<(), Error> {
        let params = [id.as_str().into(), json!({"user_properties_update": [change]})];
        self.client.carry_out::<Value>(Call::new(operations::POOL_DATASET_UPDATE, params)).await.map(drop)
    }
}

/// A dataset.
///
/// Whether it is mounted is not said here; [`Datasets::mounts`] says it. The mount point of a dataset that is not mounted, such as a
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
    #[serde(default, deserialize_with = "user_properties")]
    pub user_properties: BTreeMap<UserPropertyName, String>,
}

/// Whether a file system is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mount {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Whether its files can be seen at its mount point. ZFS says it of the dataset itself: a mount point at which something else is
    /// mounted does not count.
    pub mounted: bool,
}

#[derive(Deserialize)]
struct Resource {
    name: DatasetId,
    properties: Option<Properties>,
}

#[derive(Deserialize)]
struct Properties {
    #[serde(default)]
    mounted: Option<Raw>,
}

/// A property as ZFS words it: `yes` or `no` (manual page `zfsprops` of `OpenZFS` 2.3).
#[derive(Deserialize)]
struct Raw {
    raw: String,
}

impl Resource {
    fn mount(self) -> Option<Mount> {
        let mounted = self.properties?.mounted?.raw == "yes";
        Some(Mount { dataset: self.name, mounted })
    }
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

/// The name of a ZFS user property: with a colon in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserPropertyName(String);

impl UserPropertyName {
    /// Checks a property's name.
    ///
    /// # Errors
    /// `InvalidRequest`, when it has no colon or a character other than ZFS allows: lower-case letters, digits, `:`, `-`, `.`, `_`
    /// (manual page `zfsprops` of `OpenZFS` 2.3).
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b":-._".contains(&b);
        if name.contains(':') && !name.starts_with('-') && name.len() < 256 && name.bytes().all(legal) {
            return Ok(Self(name));
        }
        let reason = "a user property's name holds a colon, and besides lower-case letters, digits, '-', '.' and '_' only";
        Err(Error::new("user property", name, ErrorKind::InvalidRequest { reason }))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserPropertyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `{name: {value, rawvalue, …}}`. A name that this crate could not write is kept as it is.
fn user_properties<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<UserPropertyName, String>, D::Error> {
    #[derive(Deserialize)]
    struct Property {
        value: Option<String>,
    }
    let wire = Option::<BTreeMap<String, Property>>::deserialize(from)?.unwrap_or_default();
    Ok(wire.into_iter().filter_map(|(k, p)| p.value.map(|v| (UserPropertyName(k), v))).collect())
}
