//! Starting a task, and making sure that it is that task which was started.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::Value;

use super::{Job, StoredJob};
use crate::call::Call;
use crate::dialect::Route;
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
        let (task, method) = (call.first().clone(), self.method_on_the_release(&call));
        let operation = call.operation;
        let _turn = self.turn_to_start(call.params.len() > 1).await;
        // Before the call, so that no event of the job is missed.
        let _events = self.job_events().await?;
        let job: JobId = self.carry_out(call).await?;
        let failed = |kind| Error::new(operation.name(), self.subject(), kind);
        let query =
            Query::new().equals("id", job.get()).select(["id", "method", "arguments", "time_started"]);
        let started: Vec<Started> =
            self.carry_out(Call::new(operations::CORE_GET_JOBS, query.params())).await.map_err(|error| {
                // It was started, or another task's job was answered.
                failed(ErrorKind::OutcomeUnknown).with_source(error)
            })?;
        match started.into_iter().next() {
            Some(started) if started.arguments.as_ref() == Some(&task) && started.carries_out(method) => {
                let Started { method, began: started, .. } = started;
                let stored = StoredJob { id: job, method, started, task: Some(task) };
                Ok(self.jobs().attach_stored(&stored))
            }
            Some(_) => Err(failed(ErrorKind::NotStarted { job })),
            None => Err(failed(ErrorKind::OutcomeUnknown)),
        }
    }

    /// Starts what is no task. The job is looked at once before it is handed out, so that no later job of its number is taken for it.
    pub(crate) async fn begin<T>(&self, call: Call) -> Result<Job<T>, Error> {
        let (operation, method) = (call.operation, self.method_on_the_release(&call));
        let job: JobId = self.carry_out(call).await?;
        self.begun(operation, method, job).await
    }

    /// A job that was just started by a method.
    pub(crate) async fn begun<T>(
        &self,
        operation: http_core::Operation,
        method: &'static str,
        job: JobId,
    ) -> Result<Job<T>, Error> {
        let job = self.jobs().attach_started(job, method);
        match job.status().await {
            Ok(_) => Ok(job),
            // It was started, and which job it is cannot be said.
            Err(error) => {
                Err(Error::new(operation.name(), self.subject(), ErrorKind::OutcomeUnknown)
                    .with_source(error))
            }
        }
    }

    /// How this release names the method of a call.
    fn method_on_the_release(&self, call: &Call) -> &'static str {
        match self.dialect().route(call) {
            Ok(Route::Changed { wire, .. }) => wire.method,
            _ => call.method(),
        }
    }
}

/// Of a job's arguments, which can hold secrets, only the first is kept.
#[derive(Deserialize)]
struct Started {
    #[serde(default)]
    method: String,
    #[serde(default, deserialize_with = "super::stored::first")]
    arguments: Option<Value>,
    #[serde(default, rename = "time_started", deserialize_with = "crate::ejson::moment")]
    began: Option<SystemTime>,
}

impl Started {
    fn carries_out(&self, method: &str) -> bool {
        self.method.is_empty() || self.method == method
    }
}
