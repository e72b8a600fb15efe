//! Calls that an older release has no method for, made of several that it has.

use futures_util::{StreamExt, TryStreamExt, stream};
use http_core::{Idempotency, Operation};
use serde_json::{Value, json};

use super::{datasets, files};
use crate::call::Call;
use crate::{Client, Error};

const DATASETS: Operation = Operation::new("pool.dataset.query", Idempotency::Read);
const PROPERTIES: Operation = Operation::new("pool.dataset.userprop.query", Idempotency::Read);
const ADD_PROPERTY: Operation = Operation::new("pool.dataset.userprop.create", Idempotency::NonIdempotent);
const SET_PROPERTY: Operation = Operation::new("pool.dataset.userprop.update", Idempotency::NonIdempotent);
const REMOVE_PROPERTY: Operation = Operation::new("pool.dataset.userprop.delete", Idempotency::NonIdempotent);
const UPDATE: Operation = Operation::new("pool.dataset.update", Idempotency::NonIdempotent);
const STAT: Operation = Operation::new("filesystem.stat", Idempotency::Read);
const STATFS: Operation = Operation::new("filesystem.statfs", Idempotency::Read);

/// So many file systems are asked about at once.
const AT_ONCE: usize = 8;

/// A call made of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Steps {
    /// Datasets with their user properties, on CORE.
    Datasets,
    /// A dataset's settings and user properties, on CORE.
    UpdateDataset,
    /// Which datasets are mounted, before 25.10.
    Mounts,
    /// What a path leads to, on CORE.
    Stat,
}

impl Steps {
    /// Carries the canonical call out, and gives the canonical answer. Every step is repeated, or not, by what repeating it would do.
    pub(crate) async fn run(self, client: &Client, call: &Call) -> Result<Value, Error> {
        match self {
            Self::Datasets => datasets_with_properties(client, call).await,
            Self::UpdateDataset => update_dataset(client, call).await,
            Self::Mounts => mounts(client, call).await,
            Self::Stat => stat(client, call).await,
        }
    }
}

/// CORE reads user properties by a method of their own (TrueNAS middleware 13.3, `plugins/pool.py`).
async fn datasets_with_properties(client: &Client, call: &Call) -> Result<Value, Error> {
    let (params, wants_properties) = datasets::without_properties(&call.params);
    let rows = client.send(&Call::new(DATASETS, params)).await?;
    if !wants_properties {
        return Ok(rows);
    }
    let ids = datasets::filters_on_id(&call.params);
    let properties = client.send(&Call::new(PROPERTIES, [ids, json!({})])).await?;
    Ok(datasets::joined(rows, &properties))
}

/// What is not a user property first: it can be refused without having changed anything.
async fn update_dataset(client: &Client, call: &Call) -> Result<Value, Error> {
    let (id, settings, changes) = datasets::parted(&call.params);
    let mut answer = Value::Null;
    if !settings.is_empty() {
        answer = client.send(&Call::new(UPDATE, [id.clone(), Value::Object(settings)])).await?;
    }
    if changes.is_empty() {
        return Ok(answer);
    }
    let held = client.send(&Call::new(PROPERTIES, [json!([["id", "=", id]]), json!({})])).await?;
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
        client.send(&step).await?;
    }
    Ok(answer)
}

/// A file system is mounted where the path of its mount point belongs to it.
async fn mounts(client: &Client, call: &Call) -> Result<Value, Error> {
    let pools = &call.params[0]["paths"];
    let options = json!({"select": ["id", "type", "mountpoint"], "extra": {"flat": true}});
    let rows = client.send(&Call::new(DATASETS, [json!([["pool", "in", pools]]), options])).await?;
    let rows: Vec<Value> = rows.as_array().cloned().unwrap_or_default();
    let resources = stream::iter(rows).map(|row| async move {
        let Some(path) = row["mountpoint"].as_str().filter(|_| row["type"] == "FILESYSTEM") else {
            return Ok(datasets::resource(&row, None));
        };
        match client.send(&Call::new(STATFS, [path.into()])).await {
            Ok(found) => Ok(datasets::resource(&row, Some(found["source"] == row["id"]))),
            Err(error) if error.is_not_found() => Ok(datasets::resource(&row, Some(false))),
            Err(error) => Err(error),
        }
    });
    resources.buffered(AT_ONCE).try_collect::<Vec<_>>().await.map(Value::Array)
}

/// CORE says neither what it is nor where it is mounted.
async fn stat(client: &Client, call: &Call) -> Result<Value, Error> {
    let path = &call.params[0];
    let found = client.send(&Call::new(STAT, [path.clone()])).await?;
    let system = client.send(&Call::new(STATFS, [path.clone()])).await?;
    let mut found = files::restore_stat(found);
    found["realpath"] = path.clone();
    found["is_mountpoint"] = json!(system["dest"] == *path);
    Ok(found)
}
