//! Asking about jobs, aborting them, and subscribing to their events.

use serde_json::Value;

use super::call::{Call, Method};
use super::query::{self, QUERY};
use super::refusal::{Outcome, Refusal};
use super::release::Release;
use super::session::Role;
use super::shape::{Field, INT, Kind};

pub(super) const METHODS: &[Method] = &[
    Method::read("core.get_jobs", QUERY, get_jobs),
    Method::read("core.job_abort", &[Field::required("id", INT)], abort).by(Role::Writer),
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

fn subscribe(call: &Call) -> Outcome {
    let id = call.nas.random.uuid();
    call.session.subscriptions().insert(id.clone(), call.text(0).to_owned());
    Ok(id.into())
}

fn unsubscribe(call: &Call) -> Outcome {
    call.session.subscriptions().remove(call.text(0));
    Ok(Value::Null)
}
