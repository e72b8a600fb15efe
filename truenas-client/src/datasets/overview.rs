//! What hangs on datasets.

use serde::Deserialize;

use super::{DatasetKind, Datasets};
use crate::call::Call;
use crate::operations;
use crate::{DatasetId, Error};

/// Calls about what hangs on datasets.
impl Datasets<'_> {
    /// The services and enabled tasks that need a dataset or one below it: they end when it is locked, and go when it is removed.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn attachments(&self, id: &DatasetId) -> Result<Vec<Attachment>, Error> {
        let call = Call::new(operations::POOL_DATASET_ATTACHMENTS, [id.as_str().into()]);
        self.client.carry_out(call).await
    }

    /// Every pool's root dataset with what is below it, each with the number of its tasks, shares and snapshots.
    ///
    /// # Errors
    /// `Unsupported` on CORE; those of every reading call.
    pub async fn overview(&self) -> Result<Vec<DatasetOverview>, Error> {
        self.client.carry_out(Call::new(operations::POOL_DATASET_DETAILS, [])).await
    }

    /// How many snapshots a dataset has, those below it not counted.
    ///
    /// # Errors
    /// `NotFound`, which CORE answers with 0; those of every reading call.
    pub async fn snapshot_count(&self, id: &DatasetId) -> Result<u64, Error> {
        let call = Call::new(operations::POOL_DATASET_SNAPSHOT_COUNT, [id.as_str().into()]);
        self.client.carry_out(call).await
    }
}

/// What needs a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// What kind of thing it is, such as `Snapshot Task` or `NFS Share`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The service that it belongs to, if any.
    #[serde(default)]
    pub service: Option<String>,
    /// Their names or paths.
    #[serde(rename = "attachments", default)]
    pub names: Vec<String>,
}

/// A dataset with what hangs on it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DatasetOverview {
    /// Its full name.
    pub id: DatasetId,
    /// File system or volume.
    #[serde(rename = "type")]
    pub kind: DatasetKind,
    /// Whether it is encrypted and its content cannot be reached.
    #[serde(default)]
    pub locked: bool,
    /// How many snapshots it has; 0 while it is locked.
    #[serde(default)]
    pub snapshot_count: u64,
    /// How many snapshot tasks are about it.
    #[serde(default)]
    pub snapshot_tasks_count: u64,
    /// How many cloud syncs send it.
    #[serde(default)]
    pub cloudsync_tasks_count: u64,
    /// How many replication tasks push it.
    #[serde(default)]
    pub replication_tasks_count: u64,
    /// How many rsync tasks push it.
    #[serde(default)]
    pub rsync_tasks_count: u64,
    /// What is below it.
    #[serde(default)]
    pub children: Vec<DatasetOverview>,
}
