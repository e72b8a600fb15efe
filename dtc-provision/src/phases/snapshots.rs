//! A pool's periodic snapshot task (Z1).

use dtc_naming::PoolName;
use serde::{Deserialize, Serialize};

use super::run::{reads_back, reads_back_equal};
use super::{Finding, Run, Step, StepKind};
use crate::error::Error;
use crate::facts::Known;
use crate::ids::SnapshotTaskId;
use crate::ports::{SnapshotTask, SnapshotTaskSettings};
use crate::standard::{Difference, snapshot_task};

/// What happens to a pool's snapshot task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SnapshotPhase {
    /// It is as it should be.
    Keep,
    /// It does not exist.
    Create,
    /// It differs in settings only, and is adopted (Z1a).
    Change {
        /// Its id.
        id: SnapshotTaskId,
        /// What changes.
        differences: Vec<Difference>,
    },
}

/// Retention goes by name: a second task with the schema on the dataset interferes, whoever made it (Z1a).
pub(crate) fn plan(
    seen: Known<'_>,
    pool: &PoolName,
    wanted: &SnapshotTaskSettings,
    findings: &mut Vec<Finding>,
) -> SnapshotPhase {
    let ours: Vec<&SnapshotTask> =
        seen.snapshot_tasks.iter().filter(|task| snapshot_task::is_of_pool(task, pool)).collect();
    if let [_, _, ..] = ours.as_slice() {
        let ids: Vec<&str> = ours.iter().map(|task| task.id.as_str()).collect();
        let ids = ids.join(", ");
        let what =
            format!("the snapshot tasks {ids} on {pool} share one schema and expire each other's snapshots");
        findings.push(Finding::to_decide("Z1a", format!("{what}: delete all but one of them")));
    }
    let differences = |task: &&SnapshotTask| snapshot_task::differences(task, wanted);
    match ours.first() {
        None => SnapshotPhase::Create,
        Some(_) if ours.iter().any(|task| differences(task).is_empty()) => SnapshotPhase::Keep,
        Some(found) => SnapshotPhase::Change { id: found.id.clone(), differences: differences(found) },
    }
}

impl SnapshotPhase {
    pub(crate) fn describe(&self, settings: &SnapshotTaskSettings) -> Step {
        let name = subject(settings);
        match self {
            Self::Keep => Step::new("Z1", StepKind::Keep, name),
            Self::Create => Step::new("Z1", StepKind::Create, name).detail(snapshot_task::words(settings)),
            Self::Change { differences, .. } => {
                Step::new("Z1a", StepKind::Change, name).differences(differences)
            }
        }
    }

    pub(crate) async fn apply(
        &self,
        run: &mut Run<'_>,
        settings: &SnapshotTaskSettings,
    ) -> Result<(), Error> {
        let step = subject(settings);
        let existing = match self {
            Self::Keep => {
                run.unchanged(&step);
                return Ok(());
            }
            Self::Create => None,
            Self::Change { id, .. } => Some(id),
        };
        run.started(&step);
        let id = run.ports.appliance.put_snapshot_task(existing, settings).await?;
        let tasks = run.ports.appliance.snapshot_tasks().await?;
        let Some(task) = tasks.iter().find(|task| task.id == id) else {
            return Err(reads_back(step, "it is not there"));
        };
        reads_back_equal(&step, &snapshot_task::differences(task, settings))?;
        run.done(&step, snapshot_task::words(settings));
        Ok(())
    }
}

fn subject(settings: &SnapshotTaskSettings) -> String {
    format!("snapshots of {}", settings.dataset)
}
