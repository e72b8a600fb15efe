//! Cloud sync tasks: their table, and starting and stopping their runs.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::cloudsync_rules::{self as rules, FIELDS};
use super::jobs::{Abort, Jobs};
use super::plan::Plan;
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Outcome, Refusal};
use super::shape::{Field, INT, Kind};
use super::state::State;
use super::{credentials, run};

const ID: Field = Field::required("id", INT);
const SYNC_OPTIONS: Kind = Kind::Object(&[Field::or("dry_run", Kind::Bool, "false")]);

pub(super) const METHODS: &[Method] = &[
    Method::read("cloudsync.query", QUERY, |call| call.query(entries(call))),
    Method::read("cloudsync.get_instance", &[ID, QUERY_OPTIONS], get_instance),
    Method::write("cloudsync.create", &[Field::required("cloud_sync_create", Kind::Object(FIELDS))], create),
    Method::write(
        "cloudsync.update",
        &[ID, Field::required("cloud_sync_update", Kind::Partial(FIELDS))],
        update,
    ),
    Method::write("cloudsync.delete", &[ID], delete),
    Method::write("cloudsync.sync", &[ID, Field::or("cloud_sync_sync_options", SYNC_OPTIONS, "{}")], sync)
        .job(),
    Method::write("cloudsync.abort", &[ID], abort),
];

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    state.tasks.rows().filter_map(|(id, _)| entry(call, &state, id)).collect()
}

/// A task as this caller may see it, with its credential and its last job spelled out.
fn entry(call: &Call, state: &State, id: i64) -> Option<Value> {
    let mut entry = Value::Object(state.tasks.get(id)?.clone());
    call.redact(&mut entry["encryption_password"]);
    call.redact(&mut entry["encryption_salt"]);
    let credential = entry["credentials"].as_i64().and_then(|id| credentials::entry(call, state, id));
    entry["credentials"] = credential.unwrap_or(Value::Null);
    let path = entry["path"].as_str().unwrap_or_default();
    entry["locked"] = state.dataset_of(path).is_some_and(|dataset| state.is_locked(dataset)).into();
    let job = state.task_jobs.get(&id).and_then(|job| call.nas.jobs.get(*job));
    entry["job"] = job.map_or(Value::Null, |job| job.entry().clone());
    Some(entry)
}

fn missing(call: &Call) -> Refusal {
    Refusal::no_row("CloudSync", &call.params[0])
}

fn get_instance(call: &Call) -> Outcome {
    let state = call.nas.state();
    entry(call, &state, call.id(0)).ok_or_else(|| missing(call))
}

fn create(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let mut row = call.object(0);
    rules::check(&state, &mut row, "cloud_sync_create")?;
    let id = state.tasks.add(row);
    entry(call, &state, id).ok_or_else(|| missing(call))
}

fn update(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    let mut row = state.tasks.get(id).cloned().ok_or_else(|| missing(call))?;
    // `attributes` comes whole: what is not in the new one is gone.
    row.extend(call.object(1));
    rules::check(&state, &mut row, "cloud_sync_update")?;
    if let Some(kept) = state.tasks.get_mut(id) {
        *kept = row;
    }
    entry(call, &state, id).ok_or_else(|| missing(call))
}

fn delete(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    if let Some(job) = state.task_jobs.remove(&id).and_then(|job| call.nas.jobs.get(job)) {
        job.abort();
    }
    if state.tasks.remove(id) { Ok(true.into()) } else { Err(missing(call)) }
}

/// Starts a run; while one runs and one waits, the waiting one is the answer.
fn sync(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    let Some(row) = state.tasks.get(id).cloned() else {
        return Ok(fails(call, missing(call)));
    };
    let last = state.task_jobs.get(&id).and_then(|job| call.nas.jobs.get(*job));
    if let Some(waiting) = last.filter(|job| job.is_waiting()) {
        return Ok(waiting.id.into());
    }
    let credential = row["credentials"].as_i64().and_then(|id| state.credentials.get(id)).cloned();
    let path = row["path"].as_str().unwrap_or_default();
    let dataset = state.dataset_of(path).map(str::to_owned);
    let obstacle = match &dataset {
        Some(dataset) if state.is_locked(dataset) => Some("Dataset is locked".to_owned()),
        Some(dataset) if !state.is_mounted(dataset) => Some(format!("Dataset {dataset} is not mounted")),
        Some(_) => None,
        None => Some(format!("Directory {path} must exist")),
    };
    let is_dry = call.params[1]["dry_run"] == true;
    let plan = Plan::new(&call.nas, &row, credential.as_ref(), is_dry);
    let claim = plan.claim(id);
    let description = row["description"].as_str().unwrap_or_default();
    let job = call.enter_job(description, Abort::Allowed);
    state.task_jobs.insert(id, job.id);
    drop(state);
    let lock = call.nas.task_locks.try_lock(&claim);
    if lock.is_some() {
        job.run();
    }
    let (nas, task_job) = (Arc::clone(&call.nas), Arc::clone(&job));
    Jobs::start(&call.nas.core, &job, async move {
        let _lock = if lock.is_some() {
            lock
        } else {
            let lock = nas.task_locks.lock(&claim).await;
            task_job.run();
            Some(lock)
        };
        if let Some(obstacle) = obstacle {
            return Err(obstacle.into());
        }
        run::run(&nas, &task_job, &plan).await
    });
    Ok(job.id.into())
}

/// A job looks for its task only once it runs: the call has been answered with its number by then.
fn fails(call: &Call, why: Refusal) -> Value {
    let job = call.enter_job("", Abort::Allowed);
    job.run();
    Jobs::start(&call.nas.core, &job, async move { Err(why.into()) });
    job.id.into()
}

fn abort(call: &Call) -> Outcome {
    let state = call.nas.state();
    let id = call.id(0);
    if state.tasks.get(id).is_none() {
        return Err(missing(call));
    }
    let job = state.task_jobs.get(&id).and_then(|job| call.nas.jobs.get(*job));
    Ok(json!(job.is_some_and(|job| job.abort())))
}
