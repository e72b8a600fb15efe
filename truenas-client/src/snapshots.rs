//! Snapshots, as they stand on the pools.

use serde::Deserialize;

use crate::call::Call;
use crate::query::Query;
use crate::{Client, DatasetId, Error};

impl Client {
    /// The box's snapshots.
    pub fn snapshots(&self) -> Snapshots<'_> {
        Snapshots { client: self }
    }
}

/// Calls about snapshots.
#[derive(Clone, Copy, Debug)]
pub struct Snapshots<'a> {
    client: &'a Client,
}

impl Snapshots<'_> {
    /// Snapshots of one dataset, by name from last to first: of those that one schema names, the newest first.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self, request: &ListSnapshots) -> Result<Vec<Snapshot>, Error> {
        let query = Query::new().equals("dataset", request.dataset.as_str());
        let query = match &request.name_prefix {
            Some(prefix) => query.filter("snapshot_name", "^", prefix.as_str()),
            None => query,
        };
        // Boxes hold a hundred thousand snapshots: never ask without a limit, nor for all their properties.
        let query = query.select(&["id", "dataset", "snapshot_name", "createtxg"]).order_by("-snapshot_name");
        self.client.call(Call::read("pool.snapshot.query", query.limit(request.limit).params())).await
    }
}

/// Which snapshots to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSnapshots {
    dataset: DatasetId,
    name_prefix: Option<String>,
    limit: u32,
}

impl ListSnapshots {
    /// Those of one dataset, without its children's; at most 1000.
    pub fn new(dataset: DatasetId) -> Self {
        Self { dataset, name_prefix: None, limit: 1000 }
    }

    /// Only those whose name, after the `@`, begins like this.
    pub fn name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.name_prefix = Some(prefix.into());
        self
    }

    /// At most so many; at least one.
    pub fn limit(mut self, rows: u32) -> Self {
        // To the middleware a limit of 0 means none.
        self.limit = rows.max(1);
        self
    }
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its full name, `dataset@name`.
    pub id: String,
    /// Whose it is.
    pub dataset: DatasetId,
    /// Its name after the `@`.
    #[serde(rename = "snapshot_name")]
    pub name: String,
    /// The pool's transaction that made it: a number, growing with time.
    pub createtxg: String,
}
