//! Calls that an older release has no method for, made of several that it has.

use futures_util::{StreamExt, TryStreamExt, stream};
use http_core::{Idempotency, Operation};
use serde_json::{Value, json};

use super::{Feature, Release, accounts, datasets, files};
use crate::call::Call;
use crate::{Client, Error, ErrorKind, operations};

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
    /// A group that is changed on CORE, which has one list of what its members may run as root.
    UpdateGroup,
    /// A user that is added or changed, up to 24.10, which answers with its number only.
    WriteUser,
}

impl Steps {
    /// Carries the canonical call out, and gives the canonical answer. Every step is repeated, or not, by what repeating it would do.
    pub(crate) async fn run(self, client: &Client, call: &Call) -> Result<Value, Error> {
        match self {
            Self::Datasets => datasets_with_properties(client, call).await,
            Self::UpdateDataset => update_dataset(client, call).await,
            Self::Mounts => mounts(client, call).await,
            Self::Stat => stat(client, call).await,
            Self::UpdateGroup => update_group(client, call).await,
            Self::WriteUser => write_user(client, call).await,
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

/// The row of a user or group, as it is restored.
async fn row(client: &Client, query: Operation, id: &Value) -> Result<Value, Error> {
    let rows = client.send(&Call::new(query, [json!([["id", "=", id]]), json!({})])).await?;
    let rows = if client.release() <= Release::Core13_3 { accounts::restore_rows(rows) } else { rows };
    let row = rows.as_array().and_then(|rows| rows.first()).cloned();
    row.ok_or_else(|| Error::new(query.name(), client.subject(), ErrorKind::NotFound))
}

/// The call in the words of CORE, which has one list of what somebody may run as root: an update that names the other one is made to what is
/// there now.
async fn for_core(client: &Client, call: &Call, query: Operation) -> Result<Call, Error> {
    let mut sent = call.clone();
    let now = match &call.params[..] {
        [id, _] => row(client, query, id).await?,
        _ => Value::Null,
    };
    if let Some(body) = sent.params.last_mut().and_then(Value::as_object_mut) {
        accounts::for_core(body, &now).map_err(|lacking| client.lacks(call, lacking))?;
    }
    Ok(sent)
}

async fn update_group(client: &Client, call: &Call) -> Result<Value, Error> {
    let sent = for_core(client, call, operations::GROUP_QUERY).await?;
    client.send(&sent).await
}

/// What was written is read. When that fails the writing has an outcome that the caller does not know.
async fn write_user(client: &Client, call: &Call) -> Result<Value, Error> {
    let asks_for_password = call.params.last().is_some_and(|body| body["random_password"] == true);
    if asks_for_password {
        return Err(client.lacks(call, Feature::RandomPasswords));
    }
    let is_core = client.release() <= Release::Core13_3;
    let id = match is_core {
        true => client.send(&for_core(client, call, operations::USER_QUERY).await?).await?,
        false => client.send(call).await?,
    };
    row(client, operations::USER_QUERY, &id).await.map_err(|error| {
        Error::new(call.method(), client.subject(), ErrorKind::OutcomeUnknown).with_source(error)
    })
}
