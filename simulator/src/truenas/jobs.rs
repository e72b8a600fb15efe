//! Long work: jobs with progress, the events that report it, and aborting them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

use super::refusal::{Errno, Outcome, Refusal};
use super::state::date;
use crate::core::Core;

/// Events that a slow connection may fall behind by.
const BACKLOG: usize = 4096;

/// Why a job did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    Refused(Refusal),
    Aborted,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The text that a failed program left behind.
impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Self::Refused(Refusal::failed(Errno::FAULT, reason))
    }
}

/// Every job since the start, and the connections that receive their events.
#[derive(Debug)]
pub(super) struct Jobs {
    all: Mutex<BTreeMap<i64, Arc<Job>>>,
    events: broadcast::Sender<Arc<Event>>,
}

impl Default for Jobs {
    fn default() -> Self {
        Self { all: Mutex::default(), events: broadcast::Sender::new(BACKLOG) }
    }
}

/// Something happened to an entry of a collection.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) collection: &'static str,
    pub(super) params: Value,
}

/// A job to be entered.
#[derive(Debug)]
pub(super) struct NewJob<'a> {
    /// The id of the request that asked for it.
    pub(super) message: &'a Value,
    pub(super) method: &'a str,
    pub(super) arguments: &'a [Value],
    pub(super) description: &'a str,
    /// Who asked for it, as the job shows it.
    pub(super) credentials: Value,
    pub(super) abort: Abort,
    pub(super) now: Timestamp,
}

/// Whether a job may be aborted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abort {
    Allowed,
    Refused,
}

/// One job.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: i64,
    entry: Mutex<Value>,
    abort: watch::Sender<bool>,
    ended: watch::Sender<bool>,
    pub(super) is_abortable: bool,
    events: broadcast::Sender<Arc<Event>>,
}

impl Jobs {
    /// Enters a job that waits to be started.
    pub(super) fn enter(&self, new: NewJob<'_>) -> Arc<Job> {
        let NewJob { message, method, arguments, description, credentials, abort, now } = new;
        let is_abortable = abort == Abort::Allowed;
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let id = all.keys().next_back().map_or(1, |last| last + 1);
        let entry = json!({
            "id": id, "message_ids": [message], "method": method, "arguments": arguments,
            "transient": false, "description": (!description.is_empty()).then_some(description),
            "abortable": is_abortable, "logs_path": null, "logs_excerpt": null,
            "progress": {"percent": 0, "description": "", "extra": null},
            "result": null, "result_encoding_error": null, "error": null, "exception": null, "exc_info": null,
            "state": "WAITING", "time_started": date(now), "time_finished": null,
            "credentials": credentials,
        });
        let job = Arc::new(Job {
            id,
            entry: Mutex::new(entry),
            abort: watch::Sender::new(false),
            ended: watch::Sender::new(false),
            is_abortable,
            events: self.events.clone(),
        });
        all.insert(id, Arc::clone(&job));
        drop(all);
        job.announce("added");
        job
    }

    /// Starts `work` as this job; the job ends when it does, or when it is aborted or the simulator stops.
    pub(super) fn start<W>(core: &Core, job: &Arc<Job>, work: W)
    where
        W: Future<Output = Result<Value, Failure>> + Send + 'static,
    {
        let job = Arc::clone(job);
        let (tasks, clock) = (core.tasks.clone(), core.clock.clone());
        let mut abort = job.abort.subscribe();
        tasks.clone().spawn(async move {
            let result = tokio::select! {
                result = work => result,
                _ = abort.wait_for(|abort| *abort) => Err(Failure::Aborted),
                () = tasks.stopping() => Err(Failure::Aborted),
            };
            job.end(date(clock.now()), result);
        });
    }

    pub(super) fn get(&self, id: i64) -> Option<Arc<Job>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    pub(super) fn entries(&self) -> Vec<Value> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().map(|job| job.entry().clone()).collect()
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<Arc<Event>> {
        self.events.subscribe()
    }
}

impl Job {
    pub(super) fn entry(&self) -> MutexGuard<'_, Value> {
        self.entry.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.entry()["state"] == "WAITING"
    }

    pub(super) fn is_over(&self) -> bool {
        *self.ended.borrow()
    }

    /// Leaves the queue.
    pub(super) fn run(&self) {
        self.change(|entry| entry["state"] = "RUNNING".into());
    }

    pub(super) fn progress(&self, percent: u64, description: &str) {
        self.change(|entry| {
            entry["progress"]["percent"] = percent.into();
            entry["progress"]["description"] = description.into();
        });
    }

    /// Keeps the last lines of what a program said.
    pub(super) fn log(&self, lines: &str) {
        let path = format!("/var/log/jobs/{}.log", self.id);
        self.change(|entry| {
            entry["logs_path"] = path.into();
            entry["logs_excerpt"] = lines.into();
        });
    }

    /// Ends the job's work at once; `false` when it has ended already.
    pub(super) fn abort(&self) -> bool {
        !self.is_over() && !self.abort.send_replace(true)
    }

    /// Resolves when the job is over, with its result or its error.
    pub(super) async fn ended(&self) -> Outcome {
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
        let entry = self.entry();
        if entry["state"] == "SUCCESS" {
            return Ok(entry["result"].clone());
        }
        let reason = entry["error"].as_str().unwrap_or("Job was aborted");
        Err(Refusal::failed(Errno::FAULT, reason.to_owned()))
    }

    fn end(&self, finished: Value, result: Result<Value, Failure>) {
        self.change(|entry| {
            entry["time_finished"] = finished;
            match result {
                Ok(result) => {
                    entry["state"] = "SUCCESS".into();
                    entry["progress"]["percent"] = 100.into();
                    entry["result"] = result;
                }
                Err(Failure::Aborted) => {
                    entry["state"] = "ABORTED".into();
                    entry["error"] = "Job was aborted".into();
                }
                Err(Failure::Refused(refusal)) => {
                    entry["state"] = "FAILED".into();
                    let kind = match refusal {
                        Refusal::Invalid(_) | Refusal::Absent(_) => "VALIDATION",
                        _ => "CallError",
                    };
                    entry["error"] = refusal.text().into();
                    entry["exc_info"] = json!({
                        "type": kind, "repr": kind, "errno": refusal.errno().number(), "extra": refusal.extra(),
                    });
                }
            }
        });
        self.ended.send_replace(true);
    }

    fn change(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.entry());
        self.announce("changed");
    }

    fn announce(&self, what: &str) {
        let fields = self.entry().clone();
        let params = json!({"msg": what, "collection": "core.get_jobs", "id": self.id, "fields": fields});
        // Nobody may be listening.
        let _ = self.events.send(Arc::new(Event { collection: "core.get_jobs", params }));
    }
}
