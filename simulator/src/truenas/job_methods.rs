//! Asking about jobs, aborting them, and subscribing to their events.

use serde_json::Value;

use super::call::{Call, Method};
use super::downloads;
use super::query::{self, QUERY};
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::session::Role;
use super::shape::{Field, INT, Kind};

const LOG: &[Field] = &[
    Field::required("id", INT),
    Field::required("filename", Kind::Text),
    Field::or("buffered", Kind::Bool, "false"),
];

pub(super) const METHODS: &[Method] = &[
    Method::read("core.get_jobs", QUERY, get_jobs),
    Method::read("core.job_abort", &[Field::required("id", INT)], abort).by(Role::Writer),
    Method::read("core.job_download_logs", LOG, download_log).since(Release::Scale24_10),
    Method::read("core.subscribe", &[Field::required("event", Kind::Text)], subscribe)
        .since(Release::Scale25_04),
    Method::read("core.unsubscribe", &[Field::required("id_", Kind::Text)], unsubscribe)
        .since(Release::Scale25_04),
];

fn get_jobs(call: &Call) -> Outcome {
    let mut entries = call.nas.jobs.entries();
    entries.retain(|entry| call.session.sees_job(entry));
    query::answer(entries, &call.params[0], &call.params[1])
}

/// Gives a job up, whether it says that it can be or not (TrueNAS middleware 13.3 to 26, `job.py`).
fn abort(call: &Call) -> Outcome {
    let id = call.id(0);
    let job = call.nas.jobs.get(id).ok_or_else(|| Refusal::no_row("Job", &id.into()))?;
    job.abort();
    Ok(Value::Null)
}

/// Lets a job's log be fetched, as `filesystem.get` of its path would.
fn download_log(call: &Call) -> Outcome {
    let id = call.id(0);
    let job = call.nas.jobs.get(id).filter(|job| call.session.sees_job(&job.entry()));
    let entry = job.ok_or_else(|| Refusal::no_row("Job", &id.into()))?.entry().clone();
    let none = || Refusal::failed(Errno::FAULT, "This job has no logs");
    let path = entry["logs_path"].as_str().ok_or_else(none)?;
    let unwritten = |error: std::io::Error| Refusal::failed(Errno::FAULT, error.to_string());
    let text = entry["logs_excerpt"].as_str().unwrap_or_default();
    let file = call.nas.disk.keep(&format!("job-{id}.log"), text).map_err(unwritten)?;
    downloads::prepare(call, path, file, call.text(1), call.params[2] == true).map(|(_, url)| url.into())
}

fn subscribe(call: &Call) -> Outcome {
    let id = call.nas.random.uuid();
    call.session.subscriptions().insert(id.clone(), call.text(0).to_owned());
    Ok(id.into())
}

fn unsubscribe(call: &Call) -> Outcome {
    call.session.subscriptions().remove(call.text(0));
    Ok(Value::Null)
}
