//! Datasets and their user properties.

mod entry;
mod keys;
mod overview;
mod property;
mod request;
mod settings;
mod user_properties;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, DatasetId, Error, ErrorKind, Switch};
pub use entry::{Dataset, DatasetKind};
pub use keys::{
    DatasetKey, EncryptionSummary, ExportedKeys, KeyFormat, KeyOf, NewKey, NotUnlocked, Passphrase,
    UnlockDatasets, Unlocked,
};
pub use overview::{Attachment, DatasetOverview};
pub use property::{Property, PropertySource};
pub use request::{CreateDataset, ShareType, UpdateDataset};
pub use settings::DatasetSettings;
pub use user_properties::{UserProperty, UserPropertyName};

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

    /// The settings of one dataset: each with its value, and where it comes from.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn settings(&self, id: &DatasetId) -> Result<DatasetSettings, Error> {
        let query = Query::new().equals("id", id.as_str());
        let query = query.extra(json!({"flat": true, "retrieve_children": false}));
        let found: Vec<DatasetSettings> =
            self.client.carry_out(Call::new(operations::POOL_DATASET_QUERY, query.params())).await?;
        found.into_iter().next().ok_or_else(|| {
            Error::new(operations::POOL_DATASET_QUERY.name(), id.as_str(), ErrorKind::NotFound)
        })
    }

    /// Makes a dataset: a file system or a volume.
    ///
    /// # Errors
    /// `InvalidRequest` when a key or a passphrase cannot be one, or the device GUID is set on a dataset that is no pool's root; nothing was
    /// sent then. `OutcomeUnknown` when the answer is lost, and on CORE also when a user property could not be set after the dataset
    /// was made: look before making it again; `Validation`, `Unauthorized`; `Unsupported` for what the release lacks.
    pub async fn create(&self, dataset: &CreateDataset) -> Result<Dataset, Error> {
        let operation = operations::POOL_DATASET_CREATE;
        dataset.check().map_err(|kind| Error::new(operation.name(), dataset.id().as_str(), kind))?;
        self.client.carry_out(Call::new(operation, [dataset.body()])).await
    }

    /// Changes settings and user properties of a dataset; what is not named stays.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: &DatasetId, changes: &UpdateDataset) -> Result<(), Error> {
        let operation = operations::POOL_DATASET_UPDATE;
        changes.check(id).map_err(|kind| Error::new(operation.name(), id.as_str(), kind))?;
        let params = [id.as_str().into(), changes.body()];
        self.client.carry_out::<Value>(Call::new(operation, params)).await.map(drop)
    }

    /// Removes a dataset, and with it the snapshot tasks, cloud syncs and shares that are about it. One that has children or snapshots is
    /// removed with [`Switch::On`] only, and then with all of them.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `NotFound`, `Unauthorized`; `Rejected` when it has children, holds or clones.
    pub async fn delete(&self, id: &DatasetId, with_children: Switch) -> Result<(), Error> {
        let params = [id.as_str().into(), json!({"recursive": with_children.is_on(), "force": false})];
        self.client.carry_out::<Value>(Call::new(operations::POOL_DATASET_DELETE, params)).await.map(drop)
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
    /// `InvalidRequest` when it is the device GUID and the dataset is no pool's root; `OutcomeUnknown` when the answer is lost; `NotFound`,
    /// `Unauthorized`, `Validation`.
    pub async fn set_user_property(
        &self,
        id: &DatasetId,
        name: &UserPropertyName,
        value: &str,
    ) -> Result<(), Error> {
        self.update(id, &UpdateDataset::new().user_property(name, value)).await
    }

    /// Removes one user property and leaves the others as they are. What a parent sets shows again.
    ///
    /// # Errors
    /// As [`set_user_property`](Self::set_user_property).
    pub async fn remove_user_property(&self, id: &DatasetId, name: &UserPropertyName) -> Result<(), Error> {
        self.update(id, &UpdateDataset::new().without_user_property(name)).await
    }
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
