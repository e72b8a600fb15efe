//! A pool's first run, followed to its end (V1).

use std::time::Duration;

use dtc_naming::PoolName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::tasks::TaskPhase;
use super::{Run, Step, StepKind};
use crate::error::{Error, ErrorKind};
use crate::facts::{Known, TaskFacts};
use crate::ids::{CloudSyncId, JobId};
use crate::journal::Entry;
use crate::ports::{JobProgress, JobState, LastRun};
use crate::site::{FirstRun, Site};

/// What happens to a pool's first run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FirstRunPhase {
    /// A run has succeeded.
    Done,
    /// It is started and followed to its end.
    Run,
    /// One is under way, and is followed to its end.
    Join {
        /// Its job.
        job: JobId,
    },
    /// The task's own schedule starts it, as the site wants.
    Scheduled,
}

/// A first run that ended well.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FirstRunResult {
    /// The pool.
    pub pool: PoolName,
    /// When it ended.
    pub finished: Option<Timestamp>,
    /// The appliance's last words on it: bytes and files.
    pub summary: String,
}

/// A run has succeeded, and into this folder: an empty pool's leaves nothing there, and then the record tells.
pub(crate) fn plan(
    site: &Site,
    seen: Known<'_>,
    pool: &PoolName,
    found: Option<&TaskFacts>,
    task: &TaskPhase,
) -> FirstRunPhase {
    let last = found.filter(|_| !task.outdates_runs()).and_then(|task| task.last_run.as_ref());
    let arrived = seen.in_bucket.contains(pool) || seen.vault.operational;
    match (last.map(|run| (&run.state, &run.job)), site.first_run) {
        (Some((JobState::Succeeded, _)), _) if arrived => FirstRunPhase::Done,
        (Some((JobState::Running | JobState::Waiting, job)), _) => FirstRunPhase::Join { job: job.clone() },
        (_, FirstRun::Now) => FirstRunPhase::Run,
        (_, FirstRun::Scheduled) => FirstRunPhase::Scheduled,
    }
}

fn subject(pool: &PoolName) -> String {
    format!("first run of {pool}")
}

impl FirstRunPhase {
    pub(crate) fn describe(&self, pool: &PoolName) -> Step {
        let name = subject(pool);
        match self {
            Self::Done => Step::new("V1", StepKind::Keep, name),
            Self::Run => Step::new("V1", StepKind::Run, name).detail("started now and followed to its end"),
            Self::Join { .. } => {
                Step::new("V1", StepKind::Run, name).detail("under way, and followed to its end")
            }
            Self::Scheduled => Step::new("V1", StepKind::Run, name).detail("left to the task's own schedule"),
        }
    }
}

/// Starts or joins every first run that is due, follows each to its end, and says how those that are over ended.
/// Nothing is held that a crash would lose: the appliance runs the job, and running again joins it.
pub(crate) async fn apply(
    run: &mut Run<'_>,
    due: &[(&PoolName, &FirstRunPhase, CloudSyncId)],
) -> Result<Vec<FirstRunResult>, Error> {
    let (mut jobs, mut over) = (Vec::new(), Vec::new());
    for (pool, phase, task) in due {
        match phase {
            FirstRunPhase::Run => {
                run.started(&subject(pool));
                jobs.push((*pool, run.ports.appliance.start_cloud_sync(task).await?));
            }
            FirstRunPhase::Join { job } => {
                run.started(&subject(pool));
                jobs.push((*pool, job.clone()));
            }
            FirstRunPhase::Done => over.push((*pool, task)),
            FirstRunPhase::Scheduled => {}
        }
    }
    let mut results = ended_before(run, over).await?;
    for (pool, job) in jobs {
        let Some(end) = ended(run, pool, &job).await? else {
            return Err(failed(pool, "the appliance has forgotten the job, as it does at a reboot"));
        };
        match end.state {
            JobState::Succeeded => run.done(&subject(pool), end.description.clone()),
            JobState::Failed(reason) => return Err(failed(pool, reason)),
            _ => return Err(failed(pool, "it was aborted on the appliance")),
        }
        results.push(FirstRunResult { pool: pool.clone(), finished: end.finished, summary: end.description });
    }
    Ok(results)
}

fn failed(pool: &PoolName, reason: impl Into<String>) -> Error {
    ErrorKind::FirstRunFailed { pool: pool.to_string(), reason: reason.into() }.into()
}

/// How the runs ended that an earlier apply, or the schedule, saw to the end.
async fn ended_before(
    run: &mut Run<'_>,
    over: Vec<(&PoolName, &CloudSyncId)>,
) -> Result<Vec<FirstRunResult>, Error> {
    let mut results = Vec::new();
    if over.is_empty() {
        return Ok(results);
    }
    let tasks = run.ports.appliance.cloud_syncs().await?;
    for (pool, id) in over {
        run.unchanged(&subject(pool));
        let last = tasks.iter().find(|task| task.id == *id).and_then(|task| task.last_run.as_ref());
        let Some(last) = last else { continue };
        let job = run.ports.appliance.job(&last.job).await?;
        let summary = job.map_or_else(String::new, |job| job.description);
        results.push(FirstRunResult { pool: pool.clone(), finished: last.finished, summary });
    }
    Ok(results)
}

/// Follows a task's last run, where it is under way, to its end, however it ends: it keeps the settings that it started with.
pub(super) async fn let_end(run: &mut Run<'_>, pool: &PoolName, last: Option<&LastRun>) -> Result<(), Error> {
    match last {
        Some(LastRun { state: JobState::Waiting | JobState::Running, job, .. }) => {
            ended(run, pool, job).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// A job's last state, reported as it proceeds; `None` when the appliance has forgotten it.
async fn ended(run: &mut Run<'_>, pool: &PoolName, job: &JobId) -> Result<Option<JobProgress>, Error> {
    let waits = run.ports.waits;
    let mut waited = Duration::ZERO;
    let mut reported = None;
    while waited <= waits.first_run {
        let Some(progress) = run.ports.appliance.job(job).await? else { return Ok(None) };
        if !matches!(progress.state, JobState::Waiting | JobState::Running) {
            return Ok(Some(progress));
        }
        if reported.as_ref() != Some(&progress) {
            run.record(&Entry::Progress {
                pool: pool.to_string(),
                percent: progress.percent,
                description: progress.description.clone(),
            });
            reported = Some(progress);
        }
        tokio::time::sleep(waits.poll_interval).await;
        waited += waits.poll_interval;
    }
    let reason = format!("it has not ended after {} s; run again to join it", waits.first_run.as_secs());
    Err(failed(pool, reason))
}
