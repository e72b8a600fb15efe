//! Starting a task, and making sure that it is that task which was started.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Job;
use crate::call::Call;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, JobId, operations};

impl Client {
    /// Starts the task that is the call's first parameter.
    ///
    /// The appliance runs one job of a task and lets one wait; who starts it a third time is answered with the one that waits. Where all starts
    /// share a lock, that may be another task's, and the one that was asked for never runs. So the job is looked at before it is
    /// believed to be this task's. Options are sent only to try a task out: on every release they make all starts share a lock
    /// (TrueNAS middleware 13.3 to 27, `plugins/cloud_sync.py`).
    pub(crate) async fn start<T>(&self, call: Call) -> Result<Job<T>, Error> {
        self.permit(&call)?;
        let task = call.params.first().cloned().unwrap_or_default();
        let operation = call.operation;
        let _turn = self.turn_to_start(call.params.len() > 1).await;
        // Before the call, so that no event of the job is missed.
        let _events = self.job_events().await?;
        let job: JobId = self.carry_out(call).await?;
        let failed = |kind| Error::new(operation.name(), self.subject(), kind);
        let query = Query::new().equals("id", job.get()).select(["id", "arguments"]);
        let started: Vec<Started> =
            self.carry_out(Call::new(operations::CORE_GET_JOBS, query.params())).await.map_err(|error| {
                // It was started, or another task's job was answered.
                failed(ErrorKind::OutcomeUnknown).with_source(error)
            })?;
        match started.first() {
            Some(started) if started.arguments.as_ref() == Some(&task) => Ok(self.jobs().attach(job)),
            Some(_) => Err(failed(ErrorKind::NotStarted { job })),
            None => Err(failed(ErrorKind::OutcomeUnknown)),
        }
    }
}

/// Of a job's arguments, which can hold secrets, only the first is kept.
#[derive(Deserialize)]
struct Started {
    #[serde(default, deserialize_with = "first")]
    arguments: Option<Value>,
}

fn first<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let all = Option::<Vec<Value>>::deserialize(deserializer)?;
    Ok(all.and_then(|all| all.into_iter().next()))
}
