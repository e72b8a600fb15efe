//! One method called many times by one call.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::call::Call;
use crate::dialect::Route;
use crate::jobs::{Job, JobState, JobStatus};
use crate::query::{Filter, Query};
use crate::{Client, Error, ErrorKind, JobId, Method, operations};

impl Client {
    /// Has the appliance call a method once for each list of parameters, one after the other, and waits for all of them, at most for `limit`.
    /// The outcome of each is judged by itself: one that fails does not keep the next from being called. Of a member that is a job its end is
    /// waited for, and an aborted one, which the appliance reports like a success, is told from that.
    ///
    /// All of it is one message, whose length is limited; and it is a write, whatever the method is.
    ///
    /// # Errors
    /// None of the members' own, which stand beside them. `InvalidRequest` when the method takes several calls on this release;
    /// `Unsupported` when it lacks it; `TooLong`; `OutcomeUnknown` when the answer is lost, and `JobUnfinished` after `limit`: some members may have
    /// been called, or all; `Unauthorized`.
    pub async fn bulk<T: DeserializeOwned>(
        &self,
        method: Method,
        params: &[Vec<Value>],
        limit: Duration,
    ) -> Result<Vec<Member<T>>, Error> {
        let inner: Vec<Call> =
            params.iter().map(|params| Call::new(method.operation(), params.clone())).collect();
        let (name, lists, restore) = self.in_words_of_the_release(method, &inner)?;
        let call = Call::new(operations::CORE_BULK, [json!(name), Value::Array(lists)]);
        let job: JobId = self.carry_out(call).await?;
        let job = self.jobs().attach_started(job, operations::CORE_BULK.name());
        let said: Vec<Said> = job.wait(limit).await?;
        if said.len() != params.len() {
            // Which of them is missing cannot be told.
            let kind = ErrorKind::NotUnderstood { path: "result: as many members as were asked for".into() };
            return Err(Error::new(operations::CORE_BULK.name(), self.subject(), kind));
        }
        let ended = self.ended_badly(&said, name, &job).await?;
        Ok(said.into_iter().map(|said| self.member(method, said, &ended, restore)).collect())
    }

    /// The method's name and its parameters as this release has them.
    #[expect(clippy::type_complexity, reason = "used once, by the function above")]
    fn in_words_of_the_release(
        &self,
        method: Method,
        calls: &[Call],
    ) -> Result<(&'static str, Vec<Value>, fn(Value) -> Value), Error> {
        let failed = |kind| Error::new(method.name(), self.subject(), kind);
        let mut name = method.name();
        let mut restore: fn(Value) -> Value = |answer| answer;
        let mut lists = Vec::with_capacity(calls.len());
        for call in calls {
            self.permit(call)?;
            match self.dialect().route(call).map_err(failed)? {
                Route::Direct => lists.push(call.params.clone().into()),
                Route::Changed { wire, restore: back } => {
                    (name, restore) = (wire.method, back);
                    lists.push(wire.params.clone().into());
                }
                Route::Steps(_) => {
                    let reason = "on this release that takes several calls: make it once for each";
                    return Err(failed(ErrorKind::InvalidRequest { reason }));
                }
            }
        }
        Ok((name, lists, restore))
    }

    /// Which of the members' jobs were aborted: their members look like successes. A job that carries out another method is none of them.
    async fn ended_badly(
        &self,
        said: &[Said],
        method: &str,
        bulk: &Job<Vec<Said>>,
    ) -> Result<Vec<JobId>, Error> {
        let looked: Vec<i64> =
            said.iter().filter(|it| it.error.is_none()).filter_map(|it| it.job_id.map(JobId::get)).collect();
        if looked.is_empty() {
            return Ok(Vec::new());
        }
        let jobs = self.jobs().list(&Query::new().filter(Filter::one_of("id", looked))).await?;
        // As long as this one is there, the appliance has not begun to count anew.
        bulk.status().await?;
        let is_member = |job: &JobStatus| job.method.is_empty() || job.method == method;
        let aborted = jobs.into_iter().filter(|job| job.state == JobState::Aborted && is_member(job));
        Ok(aborted.map(|job| job.id).collect())
    }

    fn member<T: DeserializeOwned>(
        &self,
        method: Method,
        said: Said,
        aborted: &[JobId],
        restore: fn(Value) -> Value,
    ) -> Member<T> {
        let failed = |kind| Error::new(method.name(), self.subject(), kind);
        let Said { job_id: job, error, result } = said;
        let outcome = match (error, job) {
            (Some(text), _) => Err(failed(crate::refusal::of_text(method.name(), &text))),
            (None, Some(job)) if aborted.contains(&job) => Err(failed(ErrorKind::JobAborted { job })),
            (None, _) => serde_path_to_error::deserialize(restore(result))
                .map_err(|e| failed(ErrorKind::NotUnderstood { path: e.path().to_string() })),
        };
        Member { job, outcome }
    }
}

/// One of the calls of a [`bulk`](Client::bulk).
#[derive(Debug)]
#[non_exhaustive]
pub struct Member<T> {
    /// Its job, where the method is one.
    pub job: Option<JobId>,
    /// What it came to.
    pub outcome: Result<T, Error>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    job_id: Option<JobId>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    result: Value,
}
