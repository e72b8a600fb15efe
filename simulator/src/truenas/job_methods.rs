//! Asking about jobs, aborting them, and subscribing to their events.

use std::sync::PoisonError;

use serde_json::Value;

use super::call::{Call, Method};
use super::query::{self, QUERY};
use super::refusal::{Errno, Outcome, Refusal};
use super::session::Role;
use super::shape::{Field, INT, Kind};

pub(super) const METHODS: &[Method] = &[
    Method::read("core.get_jobs", QUERY, get_jobs),
    Method::read("core.job_abort", &[Field::required("id", INT)], abort).by(Role::Writer),
    Method::read("core.subscribe", &[Field::required("event", Kind::Text)], subscribe),
    Method::read("core.unsubscribe", &[Field::required("id_", Kind::Text)], unsubscribe),
];

fn get_jobs(call: &Call) -> Outcome {
    let mut entries = call.nas.jobs.entries();
    entries.retain(|entry| call.session.sees_job(entry));
    query::answer(entries, &call.params[0], &call.params[1])
}

fn abort(call: &Call) -> Outcome {
    let id = call.id(0);
    let job = call.nas.jobs.get(id).ok_or_else(|| Refusal::no_row("Job", &id.into()))?;
    if !job.is_abortable {
        return Err(Refusal::failed(Errno::INVALID, "Job is not abortable"));
    }
    job.abort();
    Ok(Value::Null)
}

fn subscribe(call: &Call) -> Outcome {
    let bytes = u128::from(call.nas.random.next()) << 64 | u128::from(call.nas.random.next());
    let id = uuid::Builder::from_random_bytes(bytes.to_be_bytes()).into_uuid().to_string();
    let mut mine = call.session.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
    mine.insert(id.clone(), call.text(0).to_owned());
    Ok(id.into())
}

fn unsubscribe(call: &Call) -> Outcome {
    let mut mine = call.session.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
    mine.remove(call.text(0));
    Ok(Value::Null)
}
