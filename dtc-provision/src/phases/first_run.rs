//! A pool's first run, followed to its end (V1).

use std::time::Duration;

use dtc_naming::PoolName;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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
    /// The last run was aborted: another is started once what that one had begun has had its time to end, and followed to its end.
    Again {
        /// When it was aborted, as far as the appliance says.
        aborted: Option<Timestamp>,
    },
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
    /// What it did, as far as the appliance says: bytes, files, and how long it took.
    pub summary: String,
}

/// A run has succeeded, and into this folder: an empty pool's leaves nothing there, and then the record tells. `found` is the pool's task,
/// unless what is planned for it outdates its runs.
pub(crate) fn plan(
    site: &Site,
    seen: Known<'_>,
    pool: &PoolName,
    found: Option<&TaskFacts>,
) -> FirstRunPhase {
    let last = found.and_then(|task| task.last_run.as_ref());
    let arrived = seen.in_bucket.contains(pool) || seen.vault.operational;
    match (last.map(|run| (&run.state, &run.job)), site.first_run) {
        (Some((JobState::Aborted, _)), FirstRun::Now) => {
            FirstRunPhase::Again { aborted: last.and_then(|run| run.finished) }
        }
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
            Self::Again { .. } => Step::new("V1", StepKind::Run, name).detail(format!(
                "the last one was {}; started {} minutes after that, and followed to its end",
                JobState::ABORTED,
                SETTLING.as_secs() / 60
            )),
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
    let aborted = due.iter().filter_map(|(pool, phase, _)| match phase {
        FirstRunPhase::Again { aborted } => Some((*pool, *aborted)),
        _ => None,
    });
    settled(run, aborted).await;
    for (pool, phase, task) in due {
        match phase {
            FirstRunPhase::Run | FirstRunPhase::Again { .. } => {
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
            JobState::Succeeded => run.done(&subject(pool), describe_end(&end)),
            JobState::Failed(reason) => return Err(failed(pool, reason)),
            _ => return Err(failed(pool, format!("it was {}", JobState::ABORTED))),
        }
        results.push(FirstRunResult {
            pool: pool.clone(),
            finished: end.finished,
            summary: describe_end(&end),
        });
    }
    Ok(results)
}

/// What a run did that is over: the appliance's last words, less those of a run that goes on (how much of it, how fast, how much
/// longer: `100%, 0 B/s, ETA -`), and how long it took, where the appliance says when it began.
fn describe_end(end: &JobProgress) -> String {
    let goes_on = |part: &str| {
        matches!(part, "" | "-" | "0 B / 0 B")
            || part.ends_with('%')
            || part.ends_with("/s")
            || part.starts_with("ETA ")
    };
    let parts = end.description.split(", ").map(str::trim);
    let mut kept: Vec<String> = parts.filter(|part| !goes_on(part)).map(str::to_owned).collect();
    if let (Some(started), Some(finished)) = (end.started, end.finished)
        && started <= finished
    {
        kept.push(match finished.duration_since(started).as_secs() {
            0 => "in less than a second".to_owned(),
            seconds => format!("in {:#}", SignedDuration::from_secs(seconds)),
        });
    }
    if kept.is_empty() { "ended".to_owned() } else { kept.join(", ") }
}

/// How long after an abort nothing is started: two rclones that write into one folder hide each other's files. No call tells whether one runs;
/// that one which was told to end has ended by then is inferred.
const SETTLING: Duration = Duration::from_mins(2);

/// Waits until what aborted runs have begun has had its time to end, for all of them at once. The appliance's clock may be ahead, which waits
/// no longer.
async fn settled(run: &mut Run<'_>, aborted: impl Iterator<Item = (&PoolName, Option<Timestamp>)>) {
    let now = run.ports.clock.now();
    let left = aborted.map(|(pool, at)| {
        let passed = at.and_then(|at| Duration::try_from(now.duration_since(at)).ok());
        (SETTLING.saturating_sub(passed.unwrap_or_default()), pool)
    });
    if let Some((left, pool)) = left.max().filter(|(left, _)| !left.is_zero()) {
        let on = format!("the last run of {pool} to be over ({}): {} s", JobState::ABORTED, left.as_secs());
        run.record(&Entry::Waiting { on });
        tokio::time::sleep(left).await;
    }
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
        let summary = job.as_ref().map_or_else(String::new, describe_end);
        results.push(FirstRunResult { pool: pool.clone(), finished: last.finished, summary });
    }
    Ok(results)
}

/// Follows a task's last run, where it is under way, to its end, however it ends: it keeps the settings that it started with. One that was
/// aborted is given its time.
pub(super) async fn let_end(run: &mut Run<'_>, pool: &PoolName, last: Option<&LastRun>) -> Result<(), Error> {
    let Some(LastRun { state, job, finished }) = last else { return Ok(()) };
    let aborted = match state {
        JobState::Waiting | JobState::Running => match ended(run, pool, job).await? {
            None => return Ok(()),
            Some(JobProgress { state, finished, .. }) => match state {
                JobState::Aborted => finished,
                JobState::Waiting | JobState::Running | JobState::Succeeded | JobState::Failed(_) => {
                    return Ok(());
                }
            },
        },
        JobState::Aborted => *finished,
        JobState::Succeeded | JobState::Failed(_) => return Ok(()),
    };
    settled(run, std::iter::once((pool, aborted))).await;
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v1_a_run_that_is_over_says_bytes_and_time_and_nothing_of_a_run_that_goes_on() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let noon = || at("2026-11-28T12:00:00Z");
        for (description, started, finished, said) in [
            ("100%, 0 B/s, ETA -", noon(), at("2026-11-28T13:02:03Z"), "in 1h 2m 3s"),
            (
                "35.321 MiB / 35.321 MiB, 100%, 0 B/s, ETA -",
                noon(),
                at("2026-11-28T12:00:12.7Z"),
                "35.321 MiB / 35.321 MiB, in 12s",
            ),
            (
                "80 KiB / 80 KiB, 100%, 630.622 KiB/s, ETA 0s, checks: 5 / 9",
                None,
                noon(),
                "80 KiB / 80 KiB, checks: 5 / 9",
            ),
            ("0 B / 0 B, -, 0 B/s, ETA -", noon(), noon(), "in less than a second"),
            ("100%, 0 B/s, ETA -", None, None, "ended"),
            ("", None, noon(), "ended"),
            ("1 MiB / 1 MiB, 100%, 0 B/s, ETA -", at("2026-11-28T13:00:00Z"), noon(), "1 MiB / 1 MiB"),
            ("Success", None, None, "Success"),
        ] {
            let description = description.to_owned();
            let end =
                JobProgress { state: JobState::Succeeded, percent: 100.0, description, started, finished };
            assert_eq!(describe_end(&end), said, "{end:?}");
        }
    }
}
