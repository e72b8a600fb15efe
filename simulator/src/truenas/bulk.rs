//! Waiting for jobs on the appliance, and calling one method many times
//! (TrueNAS middleware 13.3 to 26, `service/core_service.py`).

use std::pin::Pin;
use std::sync::Arc;

use serde_json::{Value, json};

use super::call::{self, Call, Method};
use super::jobs::{Abort, Failure, Job, Jobs};
use super::methods;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::session::Role;
use super::shape::{Field, INT, Kind};
use super::task_locks::Claim;

/// Boxed, since a call may be one that makes such calls again.
type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

const LISTS: Kind = Kind::List(&Kind::List(&Kind::Any));

pub(super) const METHODS: &[Method] = &[
    Method::read("core.job_wait", &[Field::required("id", INT)], job_wait).job(),
    Method::write(
        "core.bulk",
        &[
            Field::required("method", Kind::Text),
            Field::or("params", Kind::List(&Kind::Any), "[]").until(Release::Core13_3),
            Field::or("params", LISTS, "[]").since(Release::Scale24_10).until(Release::Scale25_04),
            Field::required("params", LISTS).since(Release::Scale25_10),
            Field::or("description", Kind::Nullable(&Kind::Text), "null"),
        ],
        bulk,
    )
    .by(Role::Reader)
    .job(),
];

/// A job that lasts as long as another and ends like it. An aborted one has no error: this one succeeds with null.
fn job_wait(call: &Call) -> Outcome {
    let id = call.id(0);
    let missing = || Refusal::no_row("Job", &id.into());
    let target = call.nas.jobs.get(id).filter(|job| call.session.sees_job(&job.entry()));
    let target = target.ok_or_else(missing)?;
    let job = call.enter_job("", Abort::Refused, None);
    job.run();
    Jobs::start(&call.nas.core, &job, async move { target.ended().await.map_err(Failure::from) });
    Ok(job.id.into())
}

/// A job that calls the method with each list of arguments, one after the other, and always succeeds: what became of each
/// call stands in its result.
fn bulk(call: &Call) -> Outcome {
    let name = call.text(0).to_owned();
    let (method, _) = methods::find(&name, call.nas.release, call.session.interface)?;
    if !call.session.may(method.role) {
        return Err(Refusal::failed(Errno::NOT_PERMITTED, "Not authorized"));
    }
    let given = call.params[1].as_array().into_iter().flatten();
    let lists = given.map(|one| one.as_array().cloned().unwrap_or_default()).collect();
    let lock = format!("bulk:{name}");
    let job = call.enter_job("", Abort::Refused, Some(lock.clone()));
    let (call, core) = (call.clone(), call.nas.core.clone());
    Jobs::start(&core, &Arc::clone(&job), run(call, name, lists, (Arc::clone(&job), Claim::Job(lock))));
    Ok(job.id.into())
}

fn run(
    call: Call,
    name: String,
    lists: Vec<Vec<Value>>,
    (job, claim): (Arc<Job>, Claim),
) -> Later<'static, Result<Value, Failure>> {
    Box::pin(async move {
        let _lock = call.nas.task_locks.lock(&claim).await;
        job.run();
        let mut members = Vec::new();
        for (index, params) in lists.iter().enumerate() {
            job.progress(100 * index as u64 / lists.len() as u64, &format!("{index} / {}", lists.len()));
            members.push(member(&call, &name, params).await);
        }
        Ok(Value::Array(members))
    })
}

/// One call: its result or the text of its error, and the number of its job, which is waited for.
fn member<'a>(call: &'a Call, name: &'a str, params: &'a [Value]) -> Later<'a, Value> {
    Box::pin(async move {
        let outcome = match methods::find(name, call.nas.release, call.session.interface) {
            Ok((method, rules)) => {
                let ran = call::run(&call.nas, &call.session, method, rules, &call.message, params).await;
                ran.map(|result| (method.is_job, result))
            }
            Err(refusal) => Err(refusal),
        };
        let (id, error, result) = match outcome {
            Err(refusal) => (Value::Null, Value::from(refusal.text()), Value::Null),
            Ok((false, result)) => (Value::Null, Value::Null, result),
            Ok((true, id)) => match id.as_i64().and_then(|id| call.nas.jobs.get(id)) {
                Some(job) => match job.ended().await {
                    Ok(result) => (id, Value::Null, result),
                    Err(refusal) => (id, refusal.text().into(), Value::Null),
                },
                None => (id, Value::Null, Value::Null),
            },
        };
        json!({"job_id": id, "error": error, "result": result})
    })
}
