//! One run of a cloud sync task: by which engine, and how it ended.

use std::sync::Arc;

use serde_json::Value;

use super::jobs::{Failure, Job};
use super::nas::Nas;
use super::plan::Plan;
use super::settings::Engine;
use super::{engine, pull, rclone};

/// Runs the task to its end. The result of a run is null.
pub(super) async fn run(nas: &Arc<Nas>, job: &Arc<Job>, plan: &Plan) -> Result<Value, Failure> {
    job.progress(0, "Locking local path...");
    job.progress(0, "Locking remote path...");
    let _place = nas.task_locks.lock(&plan.claim()).await;
    job.progress(0, "Starting");
    if !plan.source.is_dir() {
        return Err(format!("Directory {} must exist", plan.text("path")).into());
    }
    let (delay, answer) = {
        let state = nas.state();
        (state.run_delay, state.run_answer.clone())
    };
    nas.core.clock.sleep(delay).await;
    if let Some(answer) = answer {
        return Err(answer.into());
    }
    let result = match nas.engine() {
        Engine::Rclone(program) => rclone::run(nas, job, plan, &program).await,
        Engine::Own if plan.text("direction") == "PULL" => pull::run(nas, job, plan).await,
        Engine::Own => {
            job.log("The simulator's own engine copies, and says no more about it.");
            engine::run(nas, job, plan).await
        }
    };
    result.map(|()| Value::Null).map_err(Failure::from)
}
