//! Long work: jobs with progress, the events that report it, and aborting them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::events::{Event, Events, What};
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::state::date;
use crate::core::Core;

/// What the middleware does by jobs of its own when it has booted.
const BOOT: [&str; 3] = ["pool.import_on_boot", "pool.dataset.sync_db_keys", "certificate.renew_certs"];

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

/// Every job since the appliance was started.
#[derive(Debug)]
pub(super) struct Jobs {
    all: Mutex<BTreeMap<i64, Arc<Job>>>,
    events: Events,
    release: Release,
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
    /// What only one job at a time may hold; `None` for a job that waits for no other.
    pub(super) lock: Option<String>,
    pub(super) now: Timestamp,
}

/// Whether a job says that it may be aborted. Aborting does not look at it
/// (TrueNAS middleware 13.3 to 26, `core.job_abort`).
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
    /// Why it failed.
    refusal: Mutex<Option<Refusal>>,
    abort: watch::Sender<bool>,
    ended: watch::Sender<bool>,
    lock: Option<String>,
    events: Events,
    release: Release,
}

impl Jobs {
    pub(super) fn new(events: &Events, release: Release) -> Self {
        Self { all: Mutex::default(), events: events.clone(), release }
    }

    /// Enters a job that waits to be started.
    pub(super) fn enter(&self, new: NewJob<'_>) -> Arc<Job> {
        let NewJob { message, method, arguments, description, credentials, abort, lock, now } = new;
        let mut all = self.all();
        let id = all.keys().next_back().map_or(1, |last| last + 1);
        let mut entry = json!({
            "id": id, "method": method, "arguments": arguments,
            "transient": false, "description": (!description.is_empty()).then_some(description),
            "abortable": abort == Abort::Allowed, "logs_path": null, "logs_excerpt": null,
            "progress": {"percent": 0, "description": "", "extra": null},
            "result": null, "result_encoding_error": null, "error": null, "exception": null, "exc_info": null,
            "state": "WAITING", "time_started": date(now), "time_finished": null,
            "credentials": credentials,
        });
        if self.release >= Release::Scale25_10 {
            entry["message_ids"] = json!([message]);
        }
        let job = Arc::new(Job {
            id,
            entry: Mutex::new(entry),
            refusal: Mutex::default(),
            abort: watch::Sender::new(false),
            ended: watch::Sender::new(false),
            lock,
            events: self.events.clone(),
            release: self.release,
        });
        all.insert(id, Arc::clone(&job));
        drop(all);
        job.announce(What::Added);
        job
    }

    /// Finds the job that waits for this lock: another one that wants it joins it.
    pub(super) fn waiting_for(&self, lock: &str) -> Option<Arc<Job>> {
        let waits = |job: &&Arc<Job>| job.lock.as_deref() == Some(lock) && job.is_waiting();
        self.all().values().find(waits).cloned()
    }

    /// Forgets every job, and lets none of them go on: a restart of the middleware.
    pub(super) fn forget(&self) {
        let all = std::mem::take(&mut *self.all());
        for job in all.into_values() {
            job.abort.send_replace(true);
        }
    }

    /// Enters the jobs that a boot makes by itself, so that numbers begin anew with jobs of nobody's. Which these are is
    /// inferred: the middleware imports the pools and looks after its certificates by jobs.
    pub(super) fn boot(&self, now: Timestamp) {
        for method in BOOT {
            let new = NewJob {
                message: &Value::Null,
                method,
                arguments: &[],
                description: "",
                credentials: Value::Null,
                abort: Abort::Refused,
                lock: None,
                now,
            };
            let job = self.enter(new);
            job.run();
            job.end(date(now), Ok(Value::Null));
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<i64, Arc<Job>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.all().get(&id).cloned()
    }

    pub(super) fn entries(&self) -> Vec<Value> {
        self.all().values().map(|job| job.entry().clone()).collect()
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

    /// Resolves when the job is over, with its result or its own error. An aborted one has the result null.
    pub(super) async fn ended(&self) -> Outcome {
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
        let refusal = self.refusal().clone();
        refusal.map_or_else(|| Ok(self.entry()["result"].clone()), Err)
    }

    fn refusal(&self) -> MutexGuard<'_, Option<Refusal>> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner)
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
                Err(Failure::Aborted) => entry["state"] = "ABORTED".into(),
                Err(Failure::Refused(refusal)) => {
                    entry["state"] = "FAILED".into();
                    entry["error"] = refusal.text().into();
                    entry["exception"] = refusal.traceback().into();
                    entry["exc_info"] = refusal.exc_info(self.release);
                    *self.refusal() = Some(refusal);
                }
            }
        });
        self.ended.send_replace(true);
    }

    fn change(&self, change: impl FnOnce(&mut Value)) {
        change(&mut self.entry());
        self.announce(What::Changed);
    }

    fn announce(&self, what: What) {
        let fields = self.entry().clone();
        self.events.publish(&Event::new(what, "core.get_jobs", self.id, fields));
    }
}
