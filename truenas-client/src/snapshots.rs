//! Snapshots that exist on the pools.

mod details;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::call::{Call, Changes};
use crate::operations;
use crate::query::{Filter, MOST_ROWS, Order, Query};
use crate::{Client, DatasetId, Error, ErrorKind, Switch};
pub use details::{Retention, SnapshotDetails};

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
        // Appliances hold a hundred thousand snapshots. Only a query that selects exactly the name, and filters by name, pool and
        // dataset only, is answered without reading all properties of all of them (TrueNAS middleware 25.10).
        let query = request.query().select(["name"]);
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOT_QUERY, query.params())).await
    }

    /// Snapshots with their properties, holds and retention. Up to 25.10 the appliance reads every property of every snapshot for this,
    /// whatever is asked for: [`list`](Self::list) is the way where names are enough.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn describe(&self, request: &ListSnapshots) -> Result<Vec<SnapshotDetails>, Error> {
        // Retention is told of a bounded number only.
        let query = request.query().extra(details::wanted());
        self.client.carry_out(Call::new(operations::POOL_SNAPSHOT_QUERY, query.params())).await
    }

    /// One snapshot with its properties, holds and retention.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, snapshot: &Snapshot) -> Result<SnapshotDetails, Error> {
        let operation = operations::POOL_SNAPSHOT_QUERY;
        let query = Query::new().equals("id", snapshot.id()).extra(details::wanted());
        let found: Vec<SnapshotDetails> = self.client.carry_out(Call::new(operation, query.params())).await?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| Error::new(operation.name(), snapshot.id(), ErrorKind::NotFound))
    }

    /// Takes a snapshot now.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost: look before taking it again; `InvalidRequest` for a name that cannot be one; `Rejected` when
    /// there is one of its name, or no such dataset; `Unsupported` on CORE when children are left out; `Unauthorized`.
    pub async fn create(&self, request: &CreateSnapshot) -> Result<Snapshot, Error> {
        let operation = operations::POOL_SNAPSHOT_CREATE;
        request.check().map_err(|kind| Error::new(operation.name(), request.dataset.as_str(), kind))?;
        self.client.carry_out(Call::new(operation, [request.body()])).await
    }

    /// Removes a snapshot; with [`Switch::On`] those of the same name of all datasets below as well.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `NotFound`, which CORE words as `Rejected`; `Rejected` or `Validation` when it is held or has
    /// clones; `Unsupported` on CORE with children; `Unauthorized`.
    pub async fn delete(&self, snapshot: &Snapshot, with_children: Switch) -> Result<(), Error> {
        let options = json!({"defer": false, "recursive": with_children.is_on()});
        self.change(operations::POOL_SNAPSHOT_DELETE, snapshot, options).await
    }

    /// Makes a new dataset of what a snapshot holds. While there is one, the snapshot cannot be removed.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `Rejected` when there is no such snapshot, or such a dataset already; `Unauthorized`.
    pub async fn clone_to(&self, snapshot: &Snapshot, dataset: &DatasetId) -> Result<(), Error> {
        let body = json!({"snapshot": snapshot.id(), "dataset_dst": dataset.as_str()});
        self.client.carry_out::<Value>(Call::new(operations::POOL_SNAPSHOT_CLONE, [body])).await.map(drop)
    }

    /// Gives a snapshot another name. Whatever knows it by the old one, such as retention and replication, no longer knows it.
    ///
    /// # Errors
    /// `Unsupported` before 25.10; `OutcomeUnknown` when the answer is lost; `InvalidRequest` for a name that cannot be one; `NotFound`,
    /// `Validation`, `Unauthorized`.
    pub async fn rename(&self, snapshot: &Snapshot, name: &str) -> Result<Snapshot, Error> {
        let operation = operations::POOL_SNAPSHOT_RENAME;
        check_name(name).map_err(|kind| Error::new(operation.name(), snapshot.id(), kind))?;
        let renamed = Snapshot { dataset: snapshot.dataset.clone(), name: name.to_owned() };
        // Without force it is always refused: nothing looks whether somebody uses the old name.
        self.change(operation, snapshot, json!({"new_name": renamed.id(), "force": true})).await?;
        Ok(renamed)
    }

    /// Makes a dataset what it was when the snapshot was taken. **Everything that came after is lost.** Newer snapshots are in the way, unless they
    /// are to be removed.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost; `Rejected` when there is no such snapshot, or newer ones are in the way; `Unauthorized`.
    pub async fn roll_back(&self, snapshot: &Snapshot, newer: Newer) -> Result<(), Error> {
        let options = json!({
            "recursive": newer != Newer::Keep, "recursive_clones": newer == Newer::RemoveWithClones, "force": false,
        });
        self.change(operations::POOL_SNAPSHOT_ROLLBACK, snapshot, options).await
    }

    /// Holds a snapshot: until it is released nothing removes it, not even a task's retention.
    ///
    /// # Errors
    /// `Unsupported` on CORE; `OutcomeUnknown` when the answer is lost; `Rejected` when there is no such snapshot, or it is held already;
    /// `Unauthorized`.
    pub async fn hold(&self, snapshot: &Snapshot, with_children: Switch) -> Result<(), Error> {
        let options = json!({"recursive": with_children.is_on()});
        self.change(operations::POOL_SNAPSHOT_HOLD, snapshot, options).await
    }

    /// Takes every hold from a snapshot, whoever placed it.
    ///
    /// # Errors
    /// As [`hold`](Self::hold).
    pub async fn release(&self, snapshot: &Snapshot, with_children: Switch) -> Result<(), Error> {
        let options = json!({"recursive": with_children.is_on()});
        self.change(operations::POOL_SNAPSHOT_RELEASE, snapshot, options).await
    }

    /// The tags that hold a snapshot. Before 26 only the appliance's own, `truenas`, is told.
    ///
    /// # Errors
    /// `Unsupported` on CORE; `NotFound`, and those of every reading call.
    pub async fn holds(&self, snapshot: &Snapshot) -> Result<Vec<String>, Error> {
        let call = Call::new(operations::ZFS_RESOURCE_SNAPSHOT_HOLDS, [json!({"path": snapshot.id()})]);
        self.client.carry_out(call).await
    }

    async fn change(
        &self,
        operation: http_core::Operation,
        snapshot: &Snapshot,
        options: Value,
    ) -> Result<(), Error> {
        let call = Call::new(operation, [snapshot.id().into(), options]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }
}

/// What becomes of snapshots that are newer than the one that is gone back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// They stay: where there are some, nothing is done.
    Keep,
    /// They are removed.
    Remove,
    /// They are removed, and datasets that were cloned from them too.
    RemoveWithClones,
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

    fn query(&self) -> Query {
        let query = match &self.scope {
            Scope::Dataset(dataset) => Query::new().equals("dataset", dataset.as_str()),
            Scope::Pools(pools) => {
                Query::new().filter(Filter::one_of("pool", pools.iter().map(String::as_str)))
            }
        };
        let query = match &self.name_prefix {
            // No dataset's name holds an @, so this is how the part after it begins.
            Some(prefix) => query.filter(Filter::contains("name", format!("@{prefix}"))),
            None => query,
        };
        query.order_by(Order::descending("name")).limit(self.limit)
    }
}

/// A snapshot to take.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSnapshot {
    dataset: DatasetId,
    fields: Changes,
    name: Option<String>,
}

impl CreateSnapshot {
    /// Of this dataset alone, by this name.
    pub fn named(dataset: DatasetId, name: &str) -> Self {
        Self { dataset, fields: Changes::default().set("name", name), name: Some(name.to_owned()) }
    }

    /// Of this dataset alone, by a name that the appliance makes of the schema and its own time. A task of the same schema on the dataset then
    /// decides how long it is kept.
    pub fn by_schema(dataset: DatasetId, naming_schema: &str) -> Self {
        Self { dataset, fields: Changes::default().set("naming_schema", naming_schema), name: None }
    }

    /// Of all datasets below it too, at one moment.
    pub fn recursive(mut self) -> Self {
        self.fields = self.fields.set("recursive", true);
        self
    }

    /// Of all datasets below it but these; not on CORE.
    pub fn recursive_without(mut self, children: impl IntoIterator<Item = DatasetId>) -> Self {
        let children: Vec<String> = children.into_iter().map(|child| child.to_string()).collect();
        self.fields = self.fields.set("recursive", true).set("exclude", children);
        self
    }

    fn check(&self) -> Result<(), ErrorKind> {
        self.name.as_deref().map_or(Ok(()), check_name)
    }

    fn body(&self) -> Value {
        self.fields.clone().set("dataset", self.dataset.as_str()).body()
    }
}

/// The part after the `@` (manual page `zfsconcepts` and `zfs_namecheck` of `OpenZFS` 2.3).
fn check_name(name: &str) -> Result<(), ErrorKind> {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_.: ".contains(c);
    let is_name = !name.is_empty() && name.len() < 200 && name.chars().all(legal);
    let reason = "a snapshot's name has letters, digits, '-', '_', '.', ':' and spaces only";
    if is_name { Ok(()) } else { Err(ErrorKind::InvalidRequest { reason }) }
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Snapshot {
    /// The dataset that it is a snapshot of.
    pub dataset: DatasetId,
    /// Its name after the `@`.
    pub name: String,
}

impl Snapshot {
    /// The snapshot of this dataset and this name.
    pub fn new(dataset: DatasetId, name: impl Into<String>) -> Self {
        Self { dataset, name: name.into() }
    }

    /// Its full name, `dataset@name`.
    pub fn id(&self) -> String {
        format!("{}@{}", self.dataset, self.name)
    }

    fn of_id(id: &str) -> Option<Self> {
        let (dataset, name) = id.split_once('@')?;
        let is_whole = !dataset.is_empty() && !name.is_empty();
        is_whole.then(|| Self { dataset: DatasetId::new(dataset), name: name.to_owned() })
    }
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
        }
        let row = Row::deserialize(from)?;
        Self::of_id(&row.name).ok_or_else(|| serde::de::Error::custom("a snapshot's name without an @"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_asked_for_by_name_or_by_schema() {
        let tank = || DatasetId::new("tank");
        let named = CreateSnapshot::named(tank(), "before").recursive();
        assert_eq!(named.body(), json!({"dataset": "tank", "name": "before", "recursive": true}));
        let by_schema =
            CreateSnapshot::by_schema(tank(), "auto-%Y").recursive_without([DatasetId::new("tank/a")]);
        let body =
            json!({"dataset": "tank", "naming_schema": "auto-%Y", "recursive": true, "exclude": ["tank/a"]});
        assert_eq!(by_schema.body(), body);
        for (name, taken) in [("before 1", true), ("", false), ("a@b", false), ("a/b", false), ("ä", false)]
        {
            assert_eq!(CreateSnapshot::named(tank(), name).check().is_ok(), taken, "{name}");
        }
    }

    #[test]
    fn a_snapshots_full_name_is_read_as_it_is_written() {
        let snapshot = Snapshot::new(DatasetId::new("tank/a"), "x:1");
        assert_eq!(Snapshot::of_id(&snapshot.id()), Some(snapshot));
        for wrong in ["tank", "@x", "tank@"] {
            assert_eq!(Snapshot::of_id(wrong), None, "{wrong}");
        }
    }
}
