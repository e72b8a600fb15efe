//! Replication tasks: their table, what surrounds them, and starting their runs.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::call::{Call, Method, View};
use super::dataset_export;
use super::events::{Event, What};
use super::jobs::{Abort, Failure, Job, Jobs};
use super::keychain;
use super::nas::Nas;
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::replication_rules::{self as rules, FIELDS, ONETIME, Task};
use super::replication_run as run;
use super::replication_views as views;
use super::session::Role;
use super::shape::{Field, INT, Kind};
use super::state::{Row, State, date};

const ID: Field = Field::required("id", INT);
const CREATE: &str = "replication_create";
const UPDATE: &str = "replication_update";
const HAS_KEYS: &str = "has_encrypted_dataset_keys";
const EVENTS: &str = "replication.query";
const RESTORE: Kind =
    Kind::Object(&[Field::required("name", Kind::Text), Field::required("target_dataset", Kind::Filled)]);
const LIMIT: Kind = Kind::Partial(&[Field::optional(
    "max_parallel_replication_tasks",
    Kind::Nullable(&Kind::Int(1, i64::MAX)),
)]);
const REALLY: Field = Field::or("really_run", Kind::Bool, "true");

pub(super) const METHODS: &[Method] = &[
    Method::read("replication.query", QUERY, |call| call.query(entries(call))),
    Method::read("replication.get_instance", &[ID, QUERY_OPTIONS], |call| {
        let state = call.nas.state();
        let found = entry(&call.nas, call.view(), &state, call.id(0)).ok_or_else(|| missing(call))?;
        Ok(with_keys(call, &state, call.id(0), found))
    })
    .since(Release::Scale24_10),
    Method::write("replication.create", &[Field::required(CREATE, Kind::Object(FIELDS))], create),
    Method::write(
        "replication.update",
        &[ID, Field::required(UPDATE, Kind::Partial(rules::CHANGES))],
        update,
    ),
    Method::write("replication.delete", &[ID], delete),
    Method::write("replication.run", &[ID, REALLY], start).job().until(Release::Scale25_04),
    Method::write("replication.run", &[ID], start)
        .job()
        .since(Release::Scale25_10)
        .until(Release::Scale25_10),
    Method::write("replication.run", &[ID, Field::or("options", Kind::AnyObject, "{}")], start)
        .job()
        .since(Release::Community26),
    Method::write(
        "replication.run_onetime",
        &[Field::required("replication_run_onetime", Kind::Object(ONETIME))],
        run_onetime,
    )
    .job()
    .since(Release::Scale24_10),
    Method::write("replication.restore", &[ID, Field::required("replication_restore", RESTORE)], restore),
    Method::read("replication.list_datasets", views::LIST_DATASETS, views::list_datasets).by(Role::Writer),
    Method::write("replication.create_dataset", views::CREATE_DATASET, views::create_dataset),
    Method::read("replication.list_naming_schemas", &[], views::list_naming_schemas).by(Role::Writer),
    Method::read("replication.count_eligible_manual_snapshots", views::OLD_COUNT, views::count_by_position)
        .by(Role::Writer)
        .until(Release::Core13_3),
    Method::read("replication.count_eligible_manual_snapshots", views::COUNT, views::count)
        .by(Role::Writer)
        .since(Release::Scale24_10),
    Method::read("replication.target_unmatched_snapshots", views::OLD_UNMATCHED, views::unmatched)
        .by(Role::Writer)
        .until(Release::Scale25_04),
    Method::read("replication.target_unmatched_snapshots", views::UNMATCHED, views::unmatched)
        .by(Role::Writer)
        .since(Release::Scale25_10),
    Method::read("replication.config.config", &[], |call| Ok(config(&call.nas.state()))),
    Method::write(
        "replication.config.update",
        &[Field::required("replication_config_update", LIMIT)],
        update_config,
    ),
];

fn missing(call: &Call) -> Refusal {
    Refusal::no_row("ReplicationTask", &call.params[0])
}

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    let rows = state.replications.rows();
    let shown = |id| Some(with_keys(call, &state, id, entry(&call.nas, call.view(), &state, id)?));
    rows.filter_map(|(id, _)| shown(id)).collect()
}

/// Whether keys of what a task sends can be exported with it. It is looked at only for whoever asks, and of a task that sends
/// (TrueNAS middleware 24.10 to 26, `plugins/replication.py`).
fn with_keys(call: &Call, state: &State, id: i64, mut entry: Value) -> Value {
    let is_asked = call.params[1]["extra"]["check_dataset_encryption_keys"] == true;
    let task = state.replications.get(id).filter(|_| is_asked && entry["direction"] == "PUSH");
    if let Some(task) = task.filter(|_| entry.get(HAS_KEYS).is_some()) {
        entry[HAS_KEYS] = (!dataset_export::for_replication(state, task).is_empty()).into();
    }
    entry
}

/// A task as somebody may see it: what it is bound to is spelled out.
pub(super) fn entry(nas: &Nas, view: View, state: &State, id: i64) -> Option<Value> {
    let mut entry = Value::Object(state.replications.get(id)?.clone());
    if let Some(secret) = entry.get_mut("encryption_key") {
        view.redact(secret);
    }
    let tasks = entry["periodic_snapshot_tasks"].as_array().cloned().unwrap_or_default();
    let tasks = tasks.iter().filter_map(|task| state.snapshot_tasks.get(task.as_i64()?).map(stored));
    entry["periodic_snapshot_tasks"] = tasks.collect();
    let connection = entry["ssh_credentials"].as_i64().and_then(|id| keychain::entry(view, state, id));
    entry["ssh_credentials"] = connection.unwrap_or_default();
    if entry["state"].is_null() {
        entry["state"] = json!({"state": "PENDING"});
    }
    if view.models > Release::Core13_3 {
        entry[HAS_KEYS] = false.into();
    }
    let job = state.replication_jobs.get(&id).and_then(|job| nas.jobs.get(*job));
    entry["job"] = job.map(|job| job.entry().clone()).unwrap_or_default();
    Some(entry)
}

/// A snapshot task as it stands in the appliance's database: its state is a text there
/// (TrueNAS middleware 25.10, `api/v25_10_0/replication.py`).
fn stored(task: &Row) -> Value {
    let mut row = task.clone();
    row.remove("vmware_sync");
    let state = row.get("state").map(Value::to_string);
    row.insert("state".to_owned(), state.into());
    Value::Object(row)
}

/// Announces a task that was added, changed or removed.
pub(super) fn announce(nas: &Nas, what: What, id: i64) {
    nas.announce(what, EVENTS, id, |view| entry(nas, view, &nas.state(), id));
}

fn create(call: &Call) -> Outcome {
    let row = call.object(0);
    add(call, row, CREATE)
}

fn add(call: &Call, row: Row, param: &str) -> Outcome {
    let mut state = call.nas.state();
    check(&state, &row, None, param, call.rules.models)?;
    let mut row = row;
    row.insert("state".to_owned(), Value::Null);
    let id = state.replications.add(row);
    drop(state);
    announce(&call.nas, What::Added, id);
    entry(&call.nas, call.view(), &call.nas.state(), id).ok_or_else(|| missing(call))
}

fn check(state: &State, row: &Row, own: Option<i64>, param: &str, models: Release) -> Result<(), Refusal> {
    let found = rules::complaints(&Task { row, state, own, models });
    let named = |(field, text): (String, String)| Complaint::new(format!("{param}.{field}"), text);
    let complaints: Vec<Complaint> = found.into_iter().map(named).collect();
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}

fn update(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut state = call.nas.state();
    let mut row = state.replications.get(id).cloned().ok_or_else(|| missing(call))?;
    row.extend(call.object(1));
    check(&state, &row, Some(id), UPDATE, call.rules.models)?;
    if let Some(kept) = state.replications.get_mut(id) {
        *kept = row;
    }
    drop(state);
    announce(&call.nas, What::Changed, id);
    entry(&call.nas, call.view(), &call.nas.state(), id).ok_or_else(|| missing(call))
}

fn delete(call: &Call) -> Outcome {
    let id = call.id(0);
    if !call.nas.state().replications.remove(id) {
        return Err(missing(call));
    }
    announce(&call.nas, What::Removed, id);
    Ok(true.into())
}

/// The task that brings everything back: the other direction, from the target, and disabled.
fn restore(call: &Call) -> Outcome {
    let id = call.id(0);
    let task = call.nas.state().replications.get(id).cloned().ok_or_else(|| missing(call))?;
    let schemas = {
        let state = call.nas.state();
        let bound = task["periodic_snapshot_tasks"].as_array().cloned().unwrap_or_default();
        let bound = bound.iter().filter_map(|task| state.snapshot_tasks.get(task.as_i64()?));
        let mut schemas: Vec<Value> = bound.map(|task| task["naming_schema"].clone()).collect();
        schemas.extend(task["also_include_naming_schema"].as_array().cloned().unwrap_or_default());
        schemas.dedup();
        schemas
    };
    let mut row = rules::defaults(call.rules.models);
    row.extend(call.object(1));
    let is_push = task["direction"] == "PUSH";
    row.insert("direction".to_owned(), if is_push { "PULL" } else { "PUSH" }.into());
    if task.get("name_regex").is_some_and(Value::is_string) {
        row.insert("name_regex".to_owned(), task["name_regex"].clone());
    } else if is_push {
        row.insert("naming_schema".to_owned(), schemas.into());
    } else {
        row.insert("also_include_naming_schema".to_owned(), task["naming_schema"].clone());
    }
    let target = task["target_dataset"].as_str().unwrap_or_default();
    row.insert("source_datasets".to_owned(), rules::targets(&task, target).into());
    for kept in rules::KEPT_BY_RESTORE {
        if let Some(value) = task.get(*kept) {
            row.insert((*kept).to_owned(), value.clone());
        }
    }
    row.insert("retention_policy".to_owned(), "NONE".into());
    row.insert("auto".to_owned(), false.into());
    row.insert("enabled".to_owned(), false.into());
    add(call, row, CREATE)
}

fn config(state: &State) -> Value {
    json!({"id": 1, "max_parallel_replication_tasks": state.parallel_replications})
}

fn update_config(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    if let Some(limit) = call.params[0].get("max_parallel_replication_tasks") {
        state.parallel_replications = limit.as_i64();
    }
    let shown = config(&state);
    drop(state);
    call.nas.events.publish(&Event::new(What::Changed, "replication.config.config", 1, shown.clone()));
    Ok(shown)
}

/// Starts a run. What speaks against it ends the job, whose number the caller has by then.
fn start(call: &Call) -> Outcome {
    let id = call.id(0);
    let job = call.enter_job("", Abort::Refused, None);
    let found = call.nas.state().replications.get(id).cloned();
    let task = match found.ok_or_else(|| missing(call)).and_then(|row| may_run(call, row)) {
        Ok(task) => task,
        Err(why) => {
            job.run();
            Jobs::start(&call.nas.core, &job, async move { Err(why.into()) });
            return Ok(job.id.into());
        }
    };
    call.nas.state().replication_jobs.insert(id, job.id);
    job.run();
    set_state(&call.nas, id, &json!({"state": "RUNNING", "datetime": call.nas.date()}));
    let (nas, own) = (Arc::clone(&call.nas), Arc::clone(&job));
    let (done, is_done) = oneshot::channel();
    // The service that replicates goes on, whatever becomes of the job (TrueNAS middleware 13.3 to 26, `job.py`).
    call.nas.core.tasks.spawn(async move {
        let outcome = run::run(&nas, &own, &task).await;
        set_state(&nas, id, &state_after(&nas, &outcome));
        // The job may have been given up.
        let _ = done.send(outcome);
    });
    Jobs::start(&call.nas.core, &job, async move {
        is_done.await.unwrap_or(Err(Failure::Aborted)).map(|_| Value::Null)
    });
    Ok(job.id.into())
}

/// What a run begins with: whether the task is enabled (up to 25.10), and what the service that replicates does with it.
fn may_run(call: &Call, row: Row) -> Result<Row, Refusal> {
    let refused = |text: &str| Err(Refusal::failed(Errno::FAULT, text));
    if row["enabled"] != true && call.nas.release < Release::Community26 {
        return refused("Task is not enabled");
    }
    match row["state"]["state"].as_str() {
        Some("RUNNING") => refused("Task is already running"),
        Some("HOLD") => refused("Task is on hold"),
        _ => Ok(row),
    }
}

fn state_after(nas: &Nas, outcome: &Result<Option<String>, Failure>) -> Value {
    let now = date(nas.now());
    match outcome {
        Ok(last) => json!({"state": "FINISHED", "datetime": now, "warnings": [], "last_snapshot": last}),
        Err(Failure::Refused(why)) => {
            json!({"state": "ERROR", "datetime": now, "warnings": [], "error": why.bare_text()})
        }
        Err(Failure::Aborted) => json!({"state": "PENDING"}),
    }
}

/// What reports the state knows nothing else of the task.
fn set_state(nas: &Nas, id: i64, now: &Value) {
    if let Some(row) = nas.state().replications.get_mut(id) {
        row.insert("state".to_owned(), now.clone());
    }
    nas.events.publish(&Event::new(What::Changed, EVENTS, id, json!({"state": now})));
}

/// Runs what is no task, by the same rules: a refusal of the rules ends the job as well.
fn run_onetime(call: &Call) -> Outcome {
    let job: Arc<Job> = call.enter_job("", Abort::Refused, None);
    let mut row = call.object(0);
    let name = format!("Temporary replication task for job {}", job.id);
    for (field, value) in [
        ("name", json!(name)),
        ("schedule", Value::Null),
        ("only_matching_schedule", false.into()),
        ("auto", false.into()),
        ("enabled", true.into()),
    ] {
        row.insert(field.to_owned(), value);
    }
    let checked = check(&call.nas.state(), &row, None, "replication_run_onetime", call.rules.models);
    job.run();
    let (nas, own) = (Arc::clone(&call.nas), Arc::clone(&job));
    Jobs::start(&call.nas.core, &job, async move {
        checked?;
        run::run(&nas, &own, &row).await.map(|_| Value::Null)
    });
    Ok(job.id.into())
}
