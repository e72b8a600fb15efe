//! Snapshots that exist on the pools.

use serde::{Deserialize, Deserializer};

use crate::call::Call;
use crate::operations;
use crate::query::{Filter, MOST_ROWS, Order, Query};
use crate::{Client, DatasetId, Error};

impl Client {
    /// The appliance's snapshots.
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
    /// Snapshots by their full names from last to first: of one dataset's snapshots that follow one schema, the newest first.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self, request: &ListSnapshots) -> Result<Vec<Snapshot>, Error> {
        let query = match &request.scope {
            Scope::Dataset(dataset) => Query::new().equals("dataset", dataset.as_str()),
            Scope::Pools(pools) => {
                Query::new().filter(Filter::one_of("pool", pools.iter().map(String::as_str)))
            }
        };
        let query = match &request.name_prefix {
            // No dataset's name holds an @, so this is how the part after it begins.
            Some(prefix) => query.filter(Filter::contains("name", format!("@{prefix}"))),
            None => query,
        };
        // Appliances hold a hundred thousand snapshots. Only a query that selects exactly the name, and filters by name, pool and
        // dataset only, is answered without reading all properties of all of them (TrueNAS middleware 25.10).
        let query = query.select(["name"]).order_by(Order::descending("name")).limit(request.limit);
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOT_QUERY, query.params())).await
    }
}

/// Which snapshots to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSnapshots {
    scope: Scope,
    name_prefix: Option<String>,
    limit: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    Dataset(DatasetId),
    Pools(Vec<String>),
}

impl ListSnapshots {
    /// Those of one dataset, without its children's; at most 1000.
    pub fn new(dataset: DatasetId) -> Self {
        Self { scope: Scope::Dataset(dataset), name_prefix: None, limit: 1000 }
    }

    /// Those of every dataset of these pools, root datasets included, in one request; at most 10 000. A
    /// [prefix](Self::name_prefix) that holds a part of the date keeps the list short.
    pub fn in_pools(pools: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let scope = Scope::Pools(pools.into_iter().map(Into::into).collect());
        Self { scope, name_prefix: None, limit: MOST_ROWS }
    }

    /// Only those whose name, after the `@`, begins like this.
    pub fn name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.name_prefix = Some(prefix.into());
        self
    }

    /// At most this many, which is from 1 to 10 000; a number beyond is brought into that range.
    pub fn limit(mut self, rows: u32) -> Self {
        // To the middleware a limit of 0 means none.
        self.limit = rows.clamp(1, MOST_ROWS);
        self
    }
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot {
    /// The dataset that it is a snapshot of.
    pub dataset: DatasetId,
    /// Its name after the `@`.
    pub name: String,
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
        }
        let row = Row::deserialize(from)?;
        let parts =
            row.name.split_once('@').filter(|(dataset, name)| !dataset.is_empty() && !name.is_empty());
        let (dataset, name) =
            parts.ok_or_else(|| serde::de::Error::custom("a snapshot's name without an @"))?;
        Ok(Self { dataset: DatasetId::new(dataset), name: name.to_owned() })
    }
}
