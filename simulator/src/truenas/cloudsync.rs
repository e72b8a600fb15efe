//! Cloud sync tasks: their table, and starting and stopping their runs.

use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{Call, Method, Pending, View};
use super::cloudsync_rules::{self as rules, FIELDS, OLD_FIELDS};
use super::events::What;
use super::jobs::{Abort, Jobs};
use super::nas::Nas;
use super::plan::Plan;
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Outcome, Refusal};
use super::release::{Interface, Release};
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};
use super::task_locks::Claim;
use super::{cloudsync_more, credentials, run};

const ID: Field = Field::required("id", INT);
pub(super) const SYNC_OPTIONS: Kind = Kind::Object(&[Field::or("dry_run", Kind::Bool, "false")]);

const CREATE: &str = "cloud_sync_create";
const UPDATE: &str = "cloud_sync_update";
const EVENTS: &str = "cloudsync.query";

pub(super) const METHODS: &[Method] = &[
    Method::read("cloudsync.query", QUERY, |call| call.query(entries(call))),
    Method::read("cloudsync.get_instance", &[ID, QUERY_OPTIONS], get_instance).since(Release::Scale24_10),
    Method::later("cloudsync.create", &[Field::required(CREATE, Kind::Object(OLD_FIELDS))], create)
        .until(Release::Scale25_04),
    Method::later("cloudsync.create", &[Field::required(CREATE, Kind::Object(FIELDS))], create)
        .since(Release::Scale25_10),
    Method::later("cloudsync.update", &[ID, Field::required(UPDATE, Kind::Partial(OLD_FIELDS))], update)
        .until(Release::Scale25_04),
    Method::later("cloudsync.update", &[ID, Field::required(UPDATE, Kind::Partial(FIELDS))], update)
        .since(Release::Scale25_10),
    Method::write("cloudsync.delete", &[ID], delete),
    Method::write("cloudsync.sync", &[ID, Field::or("cloud_sync_sync_options", SYNC_OPTIONS, "{}")], sync)
        .job(),
    Method::write("cloudsync.abort", &[ID], abort),
];

fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    state.tasks.rows().filter_map(|(id, _)| entry(&call.nas, call.view(), &state, id)).collect()
}

/// A task as somebody may see it, with its credential and its last job spelled out.
fn entry(nas: &Nas, view: View, state: &State, id: i64) -> Option<Value> {
    let mut row = state.tasks.get(id)?.clone();
    if view.models < Release::Scale24_10 {
        row.retain(|name, _| name != "include" && name != "create_empty_src_dirs");
    }
    let mut entry = Value::Object(row);
    view.redact(&mut entry["encryption_password"]);
    view.redact(&mut entry["encryption_salt"]);
    let credential = entry["credentials"].as_i64().and_then(|id| credentials::entry(view, state, id));
    entry["credentials"] = credential.unwrap_or(Value::Null);
    let path = entry["path"].as_str().unwrap_or_default().to_owned();
    let dataset = state.dataset_of(&path);
    entry["locked"] = dataset.is_some_and(|dataset| state.is_locked(dataset)).into();
    if view.models >= Release::Community26 {
        let below = dataset.and_then(|dataset| path.strip_prefix(&format!("/mnt/{dataset}")));
        entry["relative_path"] = below.map(|below| below.trim_matches('/')).into();
        entry["dataset"] = dataset.into();
    }
    let job = state.task_jobs.get(&id).and_then(|job| nas.jobs.get(*job));
    let earlier = || state.earlier_jobs.get(&id).cloned().unwrap_or_default();
    entry["job"] = job.map_or_else(earlier, |job| job.entry().clone());
    Some(entry)
}

fn missing(call: &Call) -> Refusal {
    Refusal::no_row("CloudSync", &call.params[0])
}

fn get_instance(call: &Call) -> Outcome {
    let state = call.nas.state();
    entry(&call.nas, call.view(), &state, call.id(0)).ok_or_else(|| missing(call))
}

fn create(call: Call) -> Pending {
    Box::pin(async move {
        let row = call.object(0);
        add(&call, row).await
    })
}

/// Adds a task that passes the rules. One that fetches has its folder looked for.
pub(super) async fn add(call: &Call, mut row: Row) -> Outcome {
    rules::check(&call.nas.state(), &mut row, CREATE, call.nas.release)?;
    if row["direction"] == "PULL" {
        cloudsync_more::check_folder(&call.nas, &row, CREATE).await?;
    }
    let id = call.nas.state().tasks.add(row);
    answer(call, What::Added, id)
}

fn update(call: Call) -> Pending {
    Box::pin(async move {
        let id = call.id(0);
        let mut row = call.nas.state().tasks.get(id).cloned().ok_or_else(|| missing(&call))?;
        // `attributes` comes whole: what is not in the new one is gone.
        row.extend(call.object(1));
        rules::check(&call.nas.state(), &mut row, UPDATE, call.nas.release)?;
        if row["direction"] == "PULL" {
            cloudsync_more::check_folder(&call.nas, &row, UPDATE).await?;
        }
        if let Some(kept) = call.nas.state().tasks.get_mut(id) {
            *kept = row;
        }
        answer(&call, What::Changed, id)
    })
}

/// Announces a task that has been written, and answers with it.
fn answer(call: &Call, what: What, id: i64) -> Outcome {
    let shown = |view| entry(&call.nas, view, &call.nas.state(), id);
    call.nas.announce(what, EVENTS, id, shown);
    shown(call.view()).ok_or_else(|| missing(call))
}

fn delete(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let id = call.id(0);
    let last = state.task_jobs.remove(&id).and_then(|job| call.nas.jobs.get(job));
    let is_gone = state.tasks.remove(id);
    drop(state);
    if let Some(job) = last {
        job.abort();
    }
    if !is_gone {
        return Err(missing(call));
    }
    call.nas.announce(What::Removed, EVENTS, id, |_| None);
    Ok(true.into())
}

/// What only one run at a time may hold. It is made of the last argument as it arrives: of the task's number where that
/// comes alone, else of the options, which are the same for every task. A call in an older version of the API has the
/// options filled in before it gets here (TrueNAS middleware 13.3 to 26, `plugins/cloud_sync.py`).
fn lock(call: &Call) -> String {
    let last = match call.session.interface {
        Interface::Older(_) => call.params.last(),
        Interface::Legacy | Interface::Newest => call.given.last(),
    };
    format!("cloud_sync:{}", last.unwrap_or(&Value::Null))
}

/// Starts a run; while one with this lock runs and one waits, the waiting one is the answer, whichever task it is of.
fn sync(call: &Call) -> Outcome {
    let state = call.nas.state();
    let id = call.id(0);
    let Some(row) = state.tasks.get(id).cloned() else {
        drop(state);
        return Ok(fails(call, missing(call)));
    };
    let lock = lock(call);
    if let Some(waiting) = call.nas.jobs.waiting_for(&lock) {
        return Ok(waiting.id.into());
    }
    drop(state);
    let is_dry = call.params[1]["dry_run"] == true;
    let (plan, obstacle) = prepared(&call.nas, &row, is_dry);
    let description = row["description"].as_str().unwrap_or_default();
    let job = call.enter_job(description, Abort::Allowed, Some(lock.clone()));
    call.nas.state().task_jobs.insert(id, job.id);
    let claim = Claim::Job(lock);
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

/// What a run is to do, and what speaks against it from the start.
pub(super) fn prepared(nas: &Nas, row: &Row, is_dry: bool) -> (Plan, Option<String>) {
    let state = nas.state();
    let credential = row["credentials"].as_i64().and_then(|id| state.credentials.get(id)).cloned();
    let path = row["path"].as_str().unwrap_or_default();
    let dataset = state.dataset_of(path).map(str::to_owned);
    let obstacle = match &dataset {
        Some(dataset) if state.is_locked(dataset) => Some("Dataset is locked".to_owned()),
        Some(dataset) if !state.is_mounted(dataset) => Some(format!("Dataset {dataset} is not mounted")),
        Some(_) => None,
        None => Some(format!("Directory {path} must exist")),
    };
    (Plan::new(nas, row, credential.as_ref(), is_dry), obstacle)
}

/// A job looks for its task only once it runs: the call has been answered with its number by then.
fn fails(call: &Call, why: Refusal) -> Value {
    let job = call.enter_job("", Abort::Allowed, None);
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
