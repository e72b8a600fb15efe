//! Credential, tasks and snapshot tasks on the box (C1–C5, Z1).

use dtc_naming::PoolName;

use super::bucket::differs;
use super::{Run, missing, take};
use crate::consent::{Consent, RepointTask};
use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow::Escrowed;
use crate::observe;
use crate::plan::{CredentialPhase, PoolPhase, SnapshotPhase, TaskPhase};
use crate::ports::{
    CloudSync, CloudSyncId, CredentialId, CredentialSpec, CredentialVerdict, Seen, SnapshotTaskId,
};
use crate::secret::{ApplicationKey, EncryptionSecrets};

/// How often a key that was just minted is tried before it counts as refused: new keys take seconds to be known
/// everywhere.
const VERIFY_ATTEMPTS: u32 = 4;

pub(super) async fn credential(
    run: &mut Run<'_>,
    key: &Escrowed<ApplicationKey>,
) -> Result<CredentialId, Error> {
    let step = format!("cloud credential {}", run.plan.bucket_name);
    let existing = match &run.plan.credential {
        CredentialPhase::Keep { id } => {
            run.unchanged(&step);
            return Ok(id.clone());
        }
        CredentialPhase::Create => None,
        CredentialPhase::Replace { id } => Some(id),
    };
    run.started(&step);
    verified(run, key).await?;
    let spec = CredentialSpec { name: run.plan.bucket_name.to_string() };
    let id = run.ports.appliance.put_cloud_credential(existing, &spec, key).await?;
    run.done(&step, "verified by the box and saved");
    Ok(id)
}

/// The box logs in with the key before the key is saved (C1).
async fn verified(run: &Run<'_>, key: &Escrowed<ApplicationKey>) -> Result<(), Error> {
    let mut reason = String::new();
    for _ in 0..VERIFY_ATTEMPTS {
        match run.ports.appliance.verify_cloud_credential(key).await? {
            CredentialVerdict::Valid => return Ok(()),
            CredentialVerdict::Invalid(words) => reason = words,
        }
        tokio::time::sleep(run.ports.patience.interval).await;
    }
    let lower = reason.to_ascii_lowercase();
    let mend = if lower.contains("api version") {
        "The key was made for a newer API than the box's rclone speaks; a key minted through v3 works (K2a)"
    } else if lower.contains("unauthorized") || lower.contains("bad_auth_token") || lower.contains("401") {
        "The box refused the escrowed key: it is wrong, revoked, or scoped to another bucket. To have a new one minted, \
         archive its record in IT Glue and run again"
    } else {
        "See whether the box reaches Backblaze: name resolution, route, firewall"
    };
    let what = format!("the box could not use the key {}: {reason}", key.key_id());
    Err(Refusal::precondition("C1", what, mend).into())
}

/// Every pool's task: saved disabled, read back field by field, then enabled (C2a).
pub(super) async fn tasks(
    run: &mut Run<'_>,
    credential: &CredentialId,
    secrets: &Escrowed<EncryptionSecrets>,
    mut consents: Vec<Consent<RepointTask>>,
) -> Result<Vec<(PoolName, CloudSyncId)>, Error> {
    let mut tasks = Vec::new();
    for phase in &run.plan.pools {
        let step = format!("Cloud Sync task {:?}", phase.spec.settings.description);
        let existing = match &phase.task {
            TaskPhase::Keep { id } => {
                run.unchanged(&step);
                tasks.push((phase.pool.clone(), id.clone()));
                continue;
            }
            TaskPhase::Create => None,
            TaskPhase::Change { id, act, .. } => {
                if let Some(act) = act {
                    let consent = take(&mut consents, act, run.ports.clock.now());
                    drop(consent.ok_or_else(|| missing(act, "the task would point elsewhere"))?);
                }
                Some(id)
            }
        };
        run.started(&step);
        let id = run.ports.appliance.put_cloud_sync(existing, &phase.spec, credential, secrets).await?;
        read_back(run, phase, &id, credential, secrets).await?;
        everything_readable(run, &phase.pool).await?;
        run.ports.appliance.enable_cloud_sync(&id).await?;
        run.done(&step, "saved, read back, enabled");
        tasks.push((phase.pool.clone(), id));
    }
    Ok(tasks)
}

/// The task as the box gives it back, before it is enabled.
async fn read_back(
    run: &Run<'_>,
    phase: &PoolPhase,
    id: &CloudSyncId,
    credential: &CredentialId,
    secrets: &Escrowed<EncryptionSecrets>,
) -> Result<(), Error> {
    let what = format!("the task of pool {}", phase.pool);
    let wrong = |difference: &str| -> Error {
        ErrorKind::ReadBack { what: what.clone(), difference: difference.to_owned() }.into()
    };
    let tasks = run.ports.appliance.cloud_syncs().await?;
    let task: &CloudSync =
        tasks.iter().find(|task| task.id == *id).ok_or_else(|| wrong("it is not there"))?;
    if task.settings != phase.spec.settings {
        return Err(differs(&what, &task.settings, &phase.spec.settings));
    }
    if task.credential != *credential {
        return Err(wrong("it uses another credential"));
    }
    match &task.secrets {
        Seen::Clear(seen) if secrets.matches(seen, EncryptionSecrets::same_as) => Ok(()),
        // Unknown is not equal; the proof of recoverability settles it (V3).
        Seen::Redacted => Ok(()),
        Seen::Clear(_) => Err(wrong("its password or salt is not the escrowed one")),
        Seen::Absent => Err(wrong("it has no password")),
    }
}

/// A last look at the pool's children before a task is let loose on them (C5).
async fn everything_readable(run: &Run<'_>, pool: &PoolName) -> Result<(), Error> {
    let datasets = run.ports.appliance.datasets(pool).await?;
    Ok(observe::everything_readable(&datasets)?)
}

/// Every pool's periodic snapshot task (Z1).
pub(super) async fn snapshots(run: &mut Run<'_>) -> Result<(), Error> {
    for phase in &run.plan.pools {
        let step = format!("snapshots of {}", phase.pool);
        let existing: Option<&SnapshotTaskId> = match &phase.snapshot_task {
            SnapshotPhase::Keep => {
                run.unchanged(&step);
                continue;
            }
            SnapshotPhase::Create => None,
            SnapshotPhase::Change { id, .. } => Some(id),
        };
        run.started(&step);
        let id = run.ports.appliance.put_snapshot_task(existing, &phase.snapshots).await?;
        let tasks = run.ports.appliance.snapshot_tasks().await?;
        match tasks.iter().find(|task| task.id == id) {
            Some(task) if task.enabled && task.settings == phase.snapshots => {
                run.done(&step, "hourly, two weeks");
            }
            Some(task) => return Err(differs(&step, &task.settings, &phase.snapshots)),
            None => {
                let difference = "it is not there".to_owned();
                return Err(ErrorKind::ReadBack { what: step, difference }.into());
            }
        }
    }
    Ok(())
}
