//! Calls that an older release has no method for, made of several that it has.

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_core::{Idempotency, Operation};
use serde_json::{Map, Value, json};

use super::{Dialect, Feature, Release, accounts, datasets, files, snapshots};
use crate::call::Call;
use crate::error::{Error, ErrorKind};
use crate::operations;

const DATASETS: Operation = Operation::new("pool.dataset.query", Idempotency::Read);
const PROPERTIES: Operation = Operation::new("pool.dataset.userprop.query", Idempotency::Read);
const ADD_PROPERTY: Operation = Operation::new("pool.dataset.userprop.create", Idempotency::NonIdempotent);
const SET_PROPERTY: Operation = Operation::new("pool.dataset.userprop.update", Idempotency::NonIdempotent);
const REMOVE_PROPERTY: Operation = Operation::new("pool.dataset.userprop.delete", Idempotency::NonIdempotent);
const CREATE: Operation = Operation::new("pool.dataset.create", Idempotency::NonIdempotent);
const SNAPSHOTS: Operation = Operation::new("pool.snapshot.query", Idempotency::Read);
const SNAPSHOT_NAMES: Operation = Operation::new("zfs.resource.snapshot.query", Idempotency::Read);
const UPDATE: Operation = Operation::new("pool.dataset.update", Idempotency::NonIdempotent);
const STAT: Operation = Operation::new("filesystem.stat", Idempotency::Read);
const STATFS: Operation = Operation::new("filesystem.statfs", Idempotency::Read);

/// So many file systems are asked about at once.
const AT_ONCE: usize = 8;

/// What the calls that steps are made of go through.
pub(crate) trait Caller: Sync {
    /// Sends a call in the words that it has.
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Value, Error>>;

    /// Carries a canonical call out, in whatever way the appliance takes it.
    fn perform<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Value, Error>>;

    /// What the appliance is spoken to by.
    fn dialect(&self) -> &Dialect;

    /// The appliance, for errors.
    fn subject(&self) -> String;
}

/// What a call fails with that needs a feature which the appliance lacks.
fn lacks(caller: &dyn Caller, call: &Call, feature: Feature) -> Error {
    Error::new(call.method(), caller.subject(), caller.dialect().lacks(feature))
}

/// A call made of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Steps {
    /// Datasets with their user properties, on CORE.
    Datasets,
    /// A dataset's settings and user properties, on CORE.
    UpdateDataset,
    /// Which datasets are mounted, before 25.10.
    Mounts,
    /// A new dataset with user properties, on CORE.
    CreateDataset,
    /// Names of snapshots, from 26 on.
    SnapshotNames,
    /// What holds a snapshot, before 26.
    SnapshotHolds,
    /// What a path leads to, on CORE.
    Stat,
    /// A group that is changed on CORE, which has one list of what its members may run as root.
    UpdateGroup,
    /// A user that is added or changed, up to 24.10, which answers with its number only.
    WriteUser,
}

impl Steps {
    /// Carries the canonical call out, and gives the canonical answer. Every step is repeated, or not, by what repeating it would do.
    pub(crate) async fn run(self, caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
        match self {
            Self::Datasets => datasets_with_properties(caller, call).await,
            Self::UpdateDataset => update_dataset(caller, call).await,
            Self::Mounts => mounts(caller, call).await,
            Self::CreateDataset => create_dataset(caller, call).await,
            Self::SnapshotNames => snapshot_names(caller, call).await,
            Self::SnapshotHolds => snapshot_holds(caller, call).await,
            Self::Stat => stat(caller, call).await,
            Self::UpdateGroup => update_group(caller, call).await,
            Self::WriteUser => write_user(caller, call).await,
        }
    }
}

/// CORE reads user properties by a method of their own (TrueNAS middleware 13.3, `plugins/pool.py`).
async fn datasets_with_properties(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let (params, wants_properties) = datasets::without_properties(&call.params);
    let rows = caller.send(&Call::new(DATASETS, params)).await?;
    if !wants_properties {
        return Ok(rows);
    }
    let ids = datasets::filters_on_id(&call.params);
    let properties = caller.send(&Call::new(PROPERTIES, [ids, json!({})])).await?;
    Ok(datasets::joined(rows, &properties))
}

/// What is not a user property first: it can be refused without having changed anything.
async fn update_dataset(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let (id, settings, changes) = datasets::parted(&call.params);
    let mut answer = Value::Null;
    if !settings.is_empty() {
        answer = caller.send(&Call::new(UPDATE, [id.clone(), Value::Object(settings)])).await?;
    }
    if changes.is_empty() {
        return Ok(answer);
    }
    let ask = Call::new(PROPERTIES, [json!([["id", "=", id]]), json!({})]);
    let held = caller.send(&ask).await;
    let mut has_changed = !answer.is_null();
    let held = if has_changed { held.map_err(|error| partly_done(call, error))? } else { held? };
    for change in &changes {
        let (key, value) = (&change["key"], &change["value"]);
        let is_held = datasets::holds(&held, key);
        let step = if change["remove"] == true {
            if !is_held {
                continue;
            }
            Call::new(REMOVE_PROPERTY, [id.clone(), json!({"name": key})])
        } else if is_held {
            Call::new(SET_PROPERTY, [id.clone(), json!({"name": key, "value": value})])
        } else {
            Call::new(ADD_PROPERTY, [json!({"id": id, "property": {"name": key, "value": value}})])
        };
        let sent = caller.send(&step).await;
        if has_changed {
            sent.map_err(|error| partly_done(call, error))?;
        } else {
            sent?;
        }
        has_changed = true;
    }
    Ok(answer)
}

/// An error after a step that has changed something already: whatever it says of its own step, what was asked for has happened by half.
fn partly_done(call: &Call, error: Error) -> Error {
    Error::new(call.method(), "", ErrorKind::OutcomeUnknown).with_source(error)
}

/// CORE sets user properties one by one once the dataset is there.
async fn create_dataset(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let lacking = |feature| {
        let kind = caller.dialect().require(feature).err().unwrap_or(ErrorKind::NotFound);
        Error::new(call.method(), caller.subject(), kind)
    };
    let (settings, properties) = datasets::made_on_core(&call.params).map_err(lacking)?;
    let mut made = caller.send(&Call::new(CREATE, [Value::Object(settings)])).await?;
    let id = made["id"].clone();
    let mut shown = Map::new();
    for property in &properties {
        let (key, value) = (&property["key"], &property["value"]);
        let step = json!({"id": id, "property": {"name": key, "value": value}});
        caller.send(&Call::new(ADD_PROPERTY, [step])).await.map_err(|error| partly_done(call, error))?;
        let name = key.as_str().unwrap_or_default();
        shown.insert(name.to_owned(), json!({"value": value, "rawvalue": value, "source": "LOCAL"}));
    }
    if let Some(fields) = made.as_object_mut() {
        fields.insert("user_properties".to_owned(), shown.into());
    }
    Ok(made)
}

/// From 26 on names are read without properties by a method of its own; whatever is not for names alone goes the canonical way
/// (TrueNAS middleware 26, `plugins/zfs/snapshot_query_impl.py`).
async fn snapshot_names(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let Some(listing) = snapshots::by_name(&call.params) else { return caller.send(call).await };
    match caller.send(&Call::new(SNAPSHOT_NAMES, listing.params())).await {
        Ok(found) => Ok(listing.rows(&found)),
        // The canonical query finds nothing where there is no such dataset.
        Err(error) if error.is_not_found() => Ok(json!([])),
        Err(error) => Err(error),
    }
}

/// Before 26 the holds are told with the snapshot; up to 25.04 that has another name.
async fn snapshot_holds(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let id = &call.first()["path"];
    let params = [json!([["id", "=", id]]), json!({"extra": {"holds": true, "properties": ["name"]}})];
    let rows: Value = caller.perform(&Call::new(SNAPSHOTS, params)).await?;
    snapshots::tags(&rows)
        .ok_or_else(|| Error::new(call.method(), id.as_str().unwrap_or_default(), ErrorKind::NotFound))
}

/// A file system is mounted where the path of its mount point belongs to it.
async fn mounts(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let pools = &call.first()["paths"];
    let options = json!({"select": ["id", "type", "mountpoint"], "extra": {"flat": true}});
    let rows = caller.send(&Call::new(DATASETS, [json!([["pool", "in", pools]]), options])).await?;
    let rows: Vec<Value> = rows.as_array().cloned().unwrap_or_default();
    let resources = stream::iter(rows).map(|row| async move {
        let Some(path) = row["mountpoint"].as_str().filter(|_| row["type"] == "FILESYSTEM") else {
            return Ok(datasets::resource(&row, None));
        };
        match caller.send(&Call::new(STATFS, [path.into()])).await {
            Ok(found) => Ok(datasets::resource(&row, Some(found["source"] == row["id"]))),
            Err(error) if error.is_not_found() => Ok(datasets::resource(&row, Some(false))),
            Err(error) => Err(error),
        }
    });
    resources.buffered(AT_ONCE).try_collect::<Vec<_>>().await.map(Value::Array)
}

/// CORE says neither what it is nor where it is mounted.
async fn stat(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let path = call.first();
    let found = caller.send(&Call::new(STAT, [path.clone()])).await?;
    let system = caller.send(&Call::new(STATFS, [path.clone()])).await?;
    let mut found = files::restore_stat(found);
    if let Some(fields) = found.as_object_mut() {
        fields.insert("realpath".to_owned(), path.clone());
        fields.insert("is_mountpoint".to_owned(), json!(system["dest"] == *path));
    }
    Ok(found)
}

/// The row of a user or group, as it is restored.
async fn row(caller: &dyn Caller, query: Operation, id: &Value) -> Result<Value, Error> {
    let rows = caller.send(&Call::new(query, [json!([["id", "=", id]]), json!({})])).await?;
    let rows =
        if caller.dialect().release() <= Release::Core13_3 { accounts::restore_rows(rows) } else { rows };
    let row = rows.as_array().and_then(|rows| rows.first()).cloned();
    row.ok_or_else(|| Error::new(query.name(), caller.subject(), ErrorKind::NotFound))
}

/// The call in the words of CORE, which has one list of what somebody may run as root: an update that names the other one is made to what is
/// there now.
async fn for_core(caller: &dyn Caller, call: &Call, query: Operation) -> Result<Call, Error> {
    let mut sent = call.clone();
    let now = match &call.params[..] {
        [id, _] => row(caller, query, id).await?,
        _ => Value::Null,
    };
    if let Some(body) = sent.params.last_mut().and_then(Value::as_object_mut) {
        accounts::for_core(body, &now).map_err(|lacking| lacks(caller, call, lacking))?;
    }
    Ok(sent)
}

async fn update_group(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let sent = for_core(caller, call, operations::GROUP_QUERY).await?;
    caller.send(&sent).await
}

/// What was written is read. When that fails the writing has an outcome that the caller does not know.
async fn write_user(caller: &dyn Caller, call: &Call) -> Result<Value, Error> {
    let asks_for_password = call.params.last().is_some_and(|body| body["random_password"] == true);
    if asks_for_password {
        return Err(lacks(caller, call, Feature::RandomPasswords));
    }
    let is_core = caller.dialect().release() <= Release::Core13_3;
    let sent = if is_core { for_core(caller, call, operations::USER_QUERY).await? } else { call.clone() };
    let id = caller.send(&sent).await?;
    row(caller, operations::USER_QUERY, &id).await.map_err(|error| {
        Error::new(call.method(), caller.subject(), ErrorKind::OutcomeUnknown).with_source(error)
    })
}
