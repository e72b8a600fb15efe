//! First runs, followed to their end (V1).

use std::time::Duration;

use dtc_naming::PoolName;

use super::{FirstRunResult, Run};
use crate::error::{Error, ErrorKind};
use crate::journal::Entry;
use crate::plan::FirstRunPhase;
use crate::ports::{CloudSyncId, JobId, JobProgress, JobState};

/// Starts or joins every first run that is due, follows each to its end, and says how those that are over ended.
/// Nothing is held that a crash would lose: the box runs the job, and running again joins it.
pub(super) async fn follow(
    run: &mut Run<'_>,
    tasks: &[(PoolName, CloudSyncId)],
) -> Result<Vec<FirstRunResult>, Error> {
    let (mut jobs, mut over) = (Vec::new(), Vec::new());
    for (pool, task) in tasks {
        let phase = run.plan.pools.iter().find(|phase| phase.pool == *pool).map(|phase| &phase.first_run);
        match phase {
            Some(FirstRunPhase::Run) => {
                run.started(&format!("first run of {pool}"));
                jobs.push((pool.clone(), run.ports.appliance.start_cloud_sync(task).await?));
            }
            Some(FirstRunPhase::Join { job }) => {
                run.started(&format!("first run of {pool}"));
                jobs.push((pool.clone(), job.clone()));
            }
            Some(FirstRunPhase::Done) => over.push((pool.clone(), task.clone())),
            Some(FirstRunPhase::Scheduled) | None => {}
        }
    }
    let mut results = ended_before(run, over).await?;
    for (pool, job) in jobs {
        let end = ended(run, &pool, &job).await?;
        let step = format!("first run of {pool}");
        match end.state {
            JobState::Succeeded => run.done(&step, end.description.clone()),
            JobState::Failed(reason) => {
                return Err(ErrorKind::FirstRunFailed { pool: pool.to_string(), reason }.into());
            }
            _ => {
                let reason = "it was aborted on the box".to_owned();
                return Err(ErrorKind::FirstRunFailed { pool: pool.to_string(), reason }.into());
            }
        }
        results.push(FirstRunResult { pool, finished: end.finished, summary: end.description });
    }
    Ok(results)
}

/// How the runs ended that an earlier apply, or the schedule, saw to the end.
async fn ended_before(
    run: &mut Run<'_>,
    over: Vec<(PoolName, CloudSyncId)>,
) -> Result<Vec<FirstRunResult>, Error> {
    let mut results = Vec::new();
    if over.is_empty() {
        return Ok(results);
    }
    let tasks = run.ports.appliance.cloud_syncs().await?;
    for (pool, id) in over {
        run.unchanged(&format!("first run of {pool}"));
        let last = tasks.iter().find(|task| task.id == id).and_then(|task| task.last_run.as_ref());
        let Some(last) = last else { continue };
        let job = run.ports.appliance.job(&last.job).await?;
        let summary = job.map_or_else(String::new, |job| job.description);
        results.push(FirstRunResult { pool, finished: last.finished, summary });
    }
    Ok(results)
}

/// A job's last word.
async fn ended(run: &mut Run<'_>, pool: &PoolName, job: &JobId) -> Result<JobProgress, Error> {
    let patience = run.ports.patience;
    let mut waited = Duration::ZERO;
    let mut told = None;
    while waited <= patience.first_run {
        let Some(progress) = run.ports.appliance.job(job).await? else {
            let reason = "the box has forgotten the job, as it does at a reboot".to_owned();
            return Err(ErrorKind::FirstRunFailed { pool: pool.to_string(), reason }.into());
        };
        if !matches!(progress.state, JobState::Waiting | JobState::Running) {
            return Ok(progress);
        }
        if told.as_ref() != Some(&progress) {
            run.record(&Entry::Progress {
                pool: pool.to_string(),
                percent: progress.percent,
                description: progress.description.clone(),
            });
            told = Some(progress);
        }
        tokio::time::sleep(patience.interval).await;
        waited += patience.interval;
    }
    let reason = format!("it has not ended after {} s; run again to join it", patience.first_run.as_secs());
    Err(ErrorKind::FirstRunFailed { pool: pool.to_string(), reason }.into())
}
