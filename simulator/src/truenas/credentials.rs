//! Cloud credentials, and whether Backblaze B2 accepts them.

use serde_json::{Value, json};

use super::b2_access::{B2Access, B2Error};
use super::call::{Call, Method, Pending};
use super::query::QUERY;
use super::rclone;
use super::refusal::{Errno, Outcome, Refusal};
use super::settings::Engine;
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};

/// Only B2 is simulated; another provider is refused like an unknown one.
const PROVIDER: Kind = Kind::Object(&[
    Field::required("type", Kind::OneOf(&["B2"])),
    Field::required("account", Kind::Filled),
    Field::required("key", Kind::Filled),
]);
const FIELDS: &[Field] = &[Field::required("name", Kind::Filled), Field::required("provider", PROVIDER)];
const ID: Field = Field::required("id", INT);

pub(super) const METHODS: &[Method] = &[
    Method::read("cloudsync.credentials.query", QUERY, |call| call.query(entries(call))),
    Method::read("cloudsync.credentials.get_instance", &[ID, super::query::QUERY_OPTIONS], |call| {
        let state = call.nas.state();
        entry(call, &state, call.id(0)).ok_or_else(|| missing(call))
    }),
    Method::write(
        "cloudsync.credentials.create",
        &[Field::required("cloud_sync_credentials_create", Kind::Object(FIELDS))],
        create,
    ),
    Method::write(
        "cloudsync.credentials.update",
        &[ID, Field::required("cloud_sync_credentials_update", Kind::Partial(FIELDS))],
        update,
    ),
    Method::write("cloudsync.credentials.delete", &[ID], delete),
    Method::later(
        "cloudsync.credentials.verify",
        &[Field::required("cloud_sync_credentials_create", PROVIDER)],
        verify,
    )
    .harmless(),
];

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    state.credentials.rows().filter_map(|(id, _)| entry(call, &state, id)).collect()
}

/// A credential as this caller may see it.
pub(super) fn entry(call: &Call, state: &State, id: i64) -> Option<Value> {
    let mut entry = Value::Object(state.credentials.get(id)?.clone());
    call.redact(&mut entry["provider"]["account"]);
    call.redact(&mut entry["provider"]["key"]);
    Some(entry)
}

fn missing(call: &Call) -> Refusal {
    Refusal::no_row("Credential", &call.params[0])
}

fn create(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let row = call.object(0);
    check_name(&state, &row, None, "cloud_sync_credentials_create")?;
    let id = state.credentials.add(row);
    entry(call, &state, id).ok_or_else(|| missing(call))
}

fn update(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    let changes = call.object(1);
    if state.credentials.get(id).is_none() {
        return Err(missing(call));
    }
    check_name(&state, &changes, Some(id), "cloud_sync_credentials_update")?;
    if let Some(row) = state.credentials.get_mut(id) {
        row.extend(changes);
    }
    entry(call, &state, id).ok_or_else(|| missing(call))
}

fn check_name(state: &State, row: &Row, own: Option<i64>, param: &str) -> Result<(), Refusal> {
    let taken = row.get("name").and_then(|name| state.credentials.find("name", name));
    match taken {
        Some(id) if Some(id) != own => {
            Err(Refusal::invalid(format!("{param}.name"), "Object with this name already exists"))
        }
        _ => Ok(()),
    }
}

fn delete(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    let user = state.tasks.rows().find(|(_, task)| task["credentials"] == id);
    if let Some((_, task)) = user {
        let name = task["description"].as_str().filter(|text| !text.is_empty());
        let name = name.map_or_else(|| task["id"].to_string(), str::to_owned);
        let reason = format!("This credential is used by cloud sync task {name}");
        return Err(Refusal::failed(Errno::FAULT, reason));
    }
    if state.credentials.remove(id) { Ok(true.into()) } else { Err(missing(call)) }
}

fn verify(call: Call) -> Pending {
    Box::pin(async move {
        let text = |name: &str| call.params[0][name].as_str().unwrap_or_default().to_owned();
        let (account, key) = (text("account"), text("key"));
        let prescribed = call.nas.state().verify_answer.clone();
        let error = match (prescribed, call.nas.engine()) {
            (Some(answer), _) => Some(answer),
            (None, Engine::Rclone(program)) => {
                rclone::list_remote(&call.nas, &program, &account, &key).await.err()
            }
            (None, Engine::Own) => look(&call.nas.b2_url, &account, &key).await.err().map(|e| as_rclone(&e)),
        };
        let excerpt = error.as_deref().map(excerpt);
        Ok(json!({"valid": error.is_none(), "error": error, "excerpt": excerpt}))
    })
}

/// What `rclone lsjson remote:` does: authorise, then list the buckets.
async fn look(url: &str, account: &str, key: &str) -> Result<(), B2Error> {
    let access = B2Access::authorize(url, account, key).await?;
    let listed = access.buckets().await;
    listed.map(drop).map_err(|e| B2Error(format!("failed to list buckets: {e}")))
}

fn as_rclone(error: &B2Error) -> String {
    format!("1970/01/01 00:00:00 CRITICAL: Failed to create file system for \"remote:\": {error}\n")
}

/// The first line of what rclone said, without its date and level.
fn excerpt(error: &str) -> String {
    let line = error.lines().next().unwrap_or_default();
    let bare = line.split_once(": ").map_or(line, |(_, rest)| rest);
    bare.trim().to_owned()
}
