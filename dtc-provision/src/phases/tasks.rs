//! A pool's Cloud Sync task (C2–C6).

use dtc_naming::PoolName;
use serde::{Deserialize, Serialize};

use super::credential::CredentialPhase;
use super::first_run;
use super::run::{missing, reads_back, reads_back_equal};
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, ErrorKind, Refusal};
use crate::facts::{Known, TaskFacts};
use crate::ids::{CloudSyncId, CredentialId};
use crate::ports::{CloudSync, CloudSyncSave, CloudSyncSpec, DatasetKind, LastRun, Pool, Redactable};
use crate::proofs::Escrowed;
use crate::proofs::consent::{Act, Question, RepointTask};
use crate::secret::EncryptionSecrets;
use crate::standard::{self, Compare, Difference, cloud_sync};

/// What happens to a pool's task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaskPhase {
    /// It is as it should be.
    Keep {
        /// Its id.
        id: CloudSyncId,
    },
    /// It does not exist.
    Create,
    /// It differs.
    Change {
        /// Its id.
        id: CloudSyncId,
        /// What changes.
        differences: Vec<Difference>,
        /// What is consented to, when it would point elsewhere.
        act: Option<Act>,
    },
}

/// The pool's task among those on the appliance: the one that pushes its root.
pub(crate) fn of_pool<'a>(seen: Known<'a>, pool: &PoolName) -> Result<Option<&'a TaskFacts>, Refusal> {
    let mut ours = seen.tasks.iter().filter(|task| cloud_sync::is_of_pool(&task.settings, pool));
    let (first, second) = (ours.next(), ours.next());
    if let (Some(first), Some(second)) = (first, second) {
        return Err(Refusal::blocked(
            "C2",
            format!("two Cloud Sync tasks push {}: {} and {}", cloud_sync::path(pool), first.id, second.id),
            "Keep the one whose folder is the standard's, delete the other on the appliance",
        ));
    }
    Ok(first)
}

pub(crate) fn plan(
    found: Option<&TaskFacts>,
    spec: &CloudSyncSpec,
    credential: &CredentialPhase,
) -> TaskPhase {
    let Some(found) = found else { return TaskPhase::Create };
    let differences = found.differences(spec, credential.existing());
    if differences.is_empty() {
        return TaskPhase::Keep { id: found.id.clone() };
    }
    TaskPhase::Change { act: spec.repointing(&found.settings.target), id: found.id.clone(), differences }
}

/// What a task can never copy is said (C6).
pub(crate) fn coverage(pool: &Pool, findings: &mut Vec<Finding>) {
    for volume in pool.datasets.iter().filter(|dataset| dataset.kind == DatasetKind::Volume) {
        let what = format!("{} is a zvol: Cloud Sync never copies it", volume.name);
        findings.push(Finding::new("C6", what));
    }
}

fn subject(spec: &CloudSyncSpec) -> String {
    format!("Cloud Sync task {:?}", spec.settings.description)
}

impl TaskPhase {
    /// Whether a run before this change says nothing about the task after it.
    pub(crate) fn outdates_runs(&self) -> bool {
        match self {
            Self::Change { differences, .. } => {
                differences.iter().any(|difference| cloud_sync::decides_objects(difference.setting))
            }
            Self::Keep { .. } | Self::Create => false,
        }
    }

    pub(crate) fn describe(&self, spec: &CloudSyncSpec) -> Step {
        match self {
            Self::Keep { .. } => Step::new("C2", StepKind::Keep, subject(spec)),
            Self::Create => Step::new("C2", StepKind::Create, subject(spec))
                .detail(format!("{} → {}", spec.settings.path, spec.settings.target.folder))
                .detail(standard::list(&spec.settings.bandwidth))
                .detail("saved disabled, read back, then enabled"),
            Self::Change { differences, act, .. } => {
                let kind = if act.is_some() { StepKind::Irreversible } else { StepKind::Change };
                let step = Step::new("C4", kind, subject(spec)).differences(differences);
                if self.outdates_runs() {
                    step.detail("a run under way ends first: it keeps the settings that it started with")
                } else {
                    step
                }
            }
        }
    }

    pub(crate) fn question(&self) -> Option<Question> {
        match self {
            Self::Change { act: Some(act), .. } => Some(Question::of::<RepointTask>(act)),
            _ => None,
        }
    }

    /// Saves the task disabled, reads it back setting by setting, then enables it (C2a). A run under way that the change
    /// outdates ends first: joined afterwards, it would pass for the first run of the task as it is now.
    pub(crate) async fn apply(
        &self,
        run: &mut Run<'_>,
        spec: &CloudSyncSpec,
        credential: &CredentialId,
        secrets: &Escrowed<EncryptionSecrets>,
    ) -> Result<CloudSyncId, Error> {
        let step = subject(spec);
        let task = secrets.for_use(spec)?;
        let mut now;
        let save = match self {
            Self::Keep { id } => {
                run.unchanged(&step);
                return Ok(id.clone());
            }
            Self::Create => CloudSyncSave::new(task),
            Self::Change { id, act, .. } => {
                let consent = act.as_ref().map(|act| run.consent::<RepointTask>(act)).transpose()?;
                let gone = || ErrorKind::Stale { changed: format!("{step} is gone") };
                now = run.ports.appliance.cloud_syncs().await?;
                if self.outdates_runs() {
                    first_run::let_end(
                        run,
                        &spec.pool,
                        with_id(&now, id).ok_or_else(gone)?.last_run.as_ref(),
                    )
                    .await?;
                    now = run.ports.appliance.cloud_syncs().await?;
                }
                let found = with_id(&now, id).ok_or_else(gone)?;
                CloudSyncSave::replacing(found, task, consent).map_err(|act| missing::<RepointTask>(&act))?
            }
        };
        run.started(&step);
        let id = run.ports.appliance.put_cloud_sync(save, credential).await?;
        let last_run = read_back(run, spec, &id, credential, secrets).await?;
        if self.outdates_runs() {
            first_run::let_end(run, &spec.pool, last_run.as_ref()).await?;
        }
        let pools = run.ports.appliance.pools().await?;
        if let Some(pool) = pools.iter().find(|pool| pool.name == spec.pool) {
            standard::pool::everything_readable(pool)?;
        }
        run.ports.appliance.enable_cloud_sync(&id).await?;
        run.done(&step, "saved, read back, enabled");
        Ok(id)
    }
}

fn with_id<'a>(tasks: &'a [CloudSync], id: &CloudSyncId) -> Option<&'a CloudSync> {
    tasks.iter().find(|task| task.id == *id)
}

/// Holds the task as the appliance gives it back against what was saved, before it is enabled; its last run.
async fn read_back(
    run: &Run<'_>,
    spec: &CloudSyncSpec,
    id: &CloudSyncId,
    credential: &CredentialId,
    secrets: &Escrowed<EncryptionSecrets>,
) -> Result<Option<LastRun>, Error> {
    let what = format!("the task of pool {}", spec.pool);
    let wrong = |difference: &str| reads_back(what.as_str(), difference);
    let tasks = run.ports.appliance.cloud_syncs().await?;
    let task = with_id(&tasks, id).ok_or_else(|| wrong("it is not there"))?;
    reads_back_equal(&what, &task.settings.differences(&spec.settings))?;
    if task.credential != *credential {
        return Err(wrong("it uses another credential"));
    }
    match &task.secrets {
        Redactable::Clear(shown) if secrets.is(shown) => Ok(task.last_run.clone()),
        // Unknown is not equal; the proof of recoverability settles it (V3).
        Redactable::Redacted => Ok(task.last_run.clone()),
        Redactable::Clear(_) => Err(wrong("its password or salt is not the escrowed one")),
        Redactable::Absent => Err(wrong("it has no password")),
    }
}
