//! Cloud credentials, and whether Backblaze B2 accepts them.

use serde_json::{Value, json};

use super::b2_access::{B2Access, B2Error};
use super::call::{Call, Method, Pending, View};
use super::events::What;
use super::query::QUERY;
use super::rclone;
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::settings::Engine;
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};

const B2: &[Field] = &[Field::required("account", Kind::Filled), Field::required("key", Kind::Filled)];
/// Only B2 is simulated; another provider is refused like an unknown one.
const PROVIDER: Kind = Kind::Tagged("type", &[("B2", B2)]);
const FIELDS: &[Field] = &[Field::required("name", Kind::Filled), Field::required("provider", PROVIDER)];
/// The provider's name and its attributes apart: CORE and 24.10.
const OLD_FIELDS: &[Field] =
    &[Field::required("name", Kind::Filled), Field::required("provider", Kind::Text), ATTRIBUTES];
const OLD_PROVIDER: &[Field] = &[Field::required("provider", Kind::Text), ATTRIBUTES];
/// CORE fills in what is left out.
const ATTRIBUTES: Field = Field::or("attributes", Kind::AnyObject, "{}");
const ID: Field = Field::required("id", INT);
const OLD: Release = Release::Scale24_10;
const NEW: Release = Release::Scale25_04;

pub(super) const METHODS: &[Method] = &[
    Method::read("cloudsync.credentials.query", QUERY, |call| call.query(entries(call))),
    Method::read("cloudsync.credentials.get_instance", &[ID, super::query::QUERY_OPTIONS], |call| {
        let state = call.nas.state();
        entry(call.view(), &state, call.id(0)).ok_or_else(|| missing(call))
    })
    .since(Release::Scale24_10),
    Method::write(
        "cloudsync.credentials.create",
        &[Field::required("cloud_sync_credentials_create", Kind::Object(OLD_FIELDS))],
        create,
    )
    .until(OLD),
    Method::write(
        "cloudsync.credentials.create",
        &[Field::required("cloud_sync_credentials_create", Kind::Object(FIELDS))],
        create,
    )
    .since(NEW),
    Method::write(
        "cloudsync.credentials.update",
        &[ID, Field::required("cloud_sync_credentials_update", Kind::Partial(OLD_FIELDS))],
        update,
    )
    .until(OLD),
    Method::write(
        "cloudsync.credentials.update",
        &[ID, Field::required("cloud_sync_credentials_update", Kind::Partial(FIELDS))],
        update,
    )
    .since(NEW),
    Method::write("cloudsync.credentials.delete", &[ID], delete),
    Method::later(
        "cloudsync.credentials.verify",
        &[Field::required("cloud_sync_credentials_create", Kind::Object(OLD_PROVIDER))
            .formerly("cloud_sync_credentials_verify")],
        verify,
    )
    .harmless()
    .until(OLD),
    Method::later(
        "cloudsync.credentials.verify",
        &[Field::required("cloud_sync_credentials_create", PROVIDER)],
        verify,
    )
    .harmless()
    .since(NEW),
];

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    state.credentials.rows().filter_map(|(id, _)| entry(call.view(), &state, id)).collect()
}

/// A credential as somebody may see it, in the shape of the release.
pub(super) fn entry(view: View, state: &State, id: i64) -> Option<Value> {
    let mut entry = Value::Object(state.credentials.get(id)?.clone());
    let Value::Object(mut provider) = entry["provider"].take() else { return Some(entry) };
    for name in ["account", "key"] {
        if let Some(secret) = provider.get_mut(name) {
            view.redact(secret);
        }
    }
    if view.models >= NEW {
        entry["provider"] = provider.into();
    } else {
        entry["provider"] = provider.remove("type").unwrap_or_default();
        entry["attributes"] = provider.into();
    }
    Some(entry)
}

fn missing(call: &Call) -> Refusal {
    Refusal::no_row("Credential", &call.params[0])
}

/// Brings a provider that comes in two parts into one, and checks its attributes.
fn canonical(fields: &mut Row, param: &str) -> Result<(), Refusal> {
    if !fields.contains_key("attributes") {
        return Ok(());
    }
    let attributes =
        fields.remove("attributes").and_then(|value| value.as_object().cloned()).unwrap_or_default();
    let provider = fields.get("provider").cloned().unwrap_or_default();
    if provider != "B2" {
        return Err(Refusal::invalid(format!("{param}.provider"), "Invalid provider"));
    }
    let known = ["account", "key"];
    let mut complaints = Vec::new();
    for name in known {
        let filled = attributes.get(name).map(|value| value.as_str().is_some_and(|text| !text.is_empty()));
        let text = match filled {
            Some(true) => continue,
            Some(false) => "Not a string",
            None => "attribute required",
        };
        complaints.push(Complaint::new(format!("{param}.attributes.{name}"), text));
    }
    for name in attributes.keys().filter(|name| !known.contains(&name.as_str())) {
        complaints.push(Complaint::new(format!("{param}.attributes.{name}"), "Field was not expected"));
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    let mut whole = attributes;
    whole.insert("type".to_owned(), provider);
    fields.insert("provider".to_owned(), whole.into());
    Ok(())
}

fn create(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let mut row = call.object(0);
    check_name(&state, &row, None, "cloud_sync_credentials_create")?;
    canonical(&mut row, "cloud_sync_credentials_create")?;
    let id = state.credentials.add(row);
    drop(state);
    answer(call, What::Added, id)
}

fn update(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    let mut changes = call.object(1);
    let row = state.credentials.get(id).ok_or_else(|| missing(call))?;
    if call.rules.models <= OLD && (changes.contains_key("provider") || changes.contains_key("attributes")) {
        let Value::Object(mut old) = row["provider"].clone() else { return Err(missing(call)) };
        let kind = old.remove("type").unwrap_or_default();
        changes.entry("provider").or_insert(kind);
        changes.entry("attributes").or_insert_with(|| old.into());
    }
    check_name(&state, &changes, Some(id), "cloud_sync_credentials_update")?;
    canonical(&mut changes, "cloud_sync_credentials_update")?;
    if let Some(row) = state.credentials.get_mut(id) {
        row.extend(changes);
    }
    drop(state);
    answer(call, What::Changed, id)
}

/// Announces a credential that has been written, and answers with it.
fn answer(call: &Call, what: What, id: i64) -> Outcome {
    let shown = |view| entry(view, &call.nas.state(), id);
    call.nas.announce(what, "cloudsync.credentials.query", id, shown);
    shown(call.view()).ok_or_else(|| missing(call))
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
    if !state.credentials.remove(id) {
        return Err(missing(call));
    }
    drop(state);
    call.nas.announce(What::Removed, "cloudsync.credentials.query", id, |_| None);
    Ok(true.into())
}

fn verify(call: Call) -> Pending {
    Box::pin(async move {
        let mut given = call.object(0);
        let provider = if call.rules.models <= OLD {
            canonical(&mut given, "cloud_sync_credentials_verify")?;
            given["provider"].clone()
        } else {
            given.into()
        };
        let text = |name: &str| provider[name].as_str().unwrap_or_default().to_owned();
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
