//! The box: its pools, tasks, credential and SNMP.

use dtc_naming::{BucketName, FolderPath, PoolName};

use super::vault::Held;
use super::{BucketSeen, CredentialSeen, PoolSeen, SnmpSeen, TaskSeen};
use crate::error::{Error, Refusal};
use crate::escrow::Subject;
use crate::ports::{CloudCredential, CloudSync, Dataset, DatasetKind, SnapshotTask, Views};
use crate::standard::SNAPSHOT_SCHEMA;

/// The pools to back up, each with its task, its snapshots and what a backup of it cannot contain.
pub(super) async fn pools(
    views: &Views,
    chosen: &[PoolName],
    held: &Held,
    bucket: Option<&BucketSeen>,
    subject: Option<&Subject>,
) -> Result<Vec<PoolSeen>, Error> {
    let tasks = views.appliance.cloud_syncs().await?;
    let snapshot_tasks = views.appliance.snapshot_tasks().await?;
    let mut seen = Vec::new();
    for name in chosen {
        let datasets = views.appliance.datasets(name).await?;
        everything_readable(&datasets)?;
        let volumes = datasets.iter().filter(|dataset| dataset.kind == DatasetKind::Volume);
        seen.push(PoolSeen {
            name: name.clone(),
            in_bucket: in_bucket(views, name, bucket, subject).await?,
            volumes: volumes.map(|volume| volume.name.clone()).collect(),
            task: match task(name, &tasks)? {
                Some(task) => Some(TaskSeen {
                    id: task.id.clone(),
                    enabled: task.enabled,
                    credential: task.credential.clone(),
                    settings: task.settings.clone(),
                    secrets: held.encryption(views, task).await?,
                    last_run: task.last_run.clone(),
                }),
                None => None,
            },
            snapshot_tasks: of_root(name, &snapshot_tasks),
        });
    }
    Ok(seen)
}

/// Whether anything of a pool stands in the bucket, under the GUID that holds.
async fn in_bucket(
    views: &Views,
    pool: &PoolName,
    bucket: Option<&BucketSeen>,
    subject: Option<&Subject>,
) -> Result<bool, Error> {
    let (Some(seen), Some(subject)) = (bucket, subject) else { return Ok(false) };
    let prefix = FolderPath::compute(subject.device, pool).object_prefix();
    let page = views.object_store.objects(&seen.bucket, &prefix, None).await?;
    Ok(!page.objects.is_empty())
}

/// A locked or unmounted child looks like an empty directory, and a sync would hide its whole tree (C5).
pub(crate) fn everything_readable(datasets: &[Dataset]) -> Result<(), Refusal> {
    let unreadable = datasets
        .iter()
        .find(|dataset| dataset.kind == DatasetKind::Filesystem && (dataset.locked || !dataset.mounted));
    let Some(dataset) = unreadable else { return Ok(()) };
    let (state, mend) = if dataset.locked { ("locked", "Unlock") } else { ("not mounted", "Mount") };
    Err(Refusal::precondition(
        "C5",
        format!(
            "the dataset {} is {state}: it looks empty, and a sync would hide its whole tree in the bucket",
            dataset.name
        ),
        format!("{mend} it first"),
    ))
}

/// The task that pushes the pool's root.
fn task<'a>(pool: &PoolName, tasks: &'a [CloudSync]) -> Result<Option<&'a CloudSync>, Refusal> {
    let path = format!("/mnt/{pool}");
    let mut ours =
        tasks.iter().filter(|task| task.settings.path == path && task.settings.direction == "PUSH");
    let (first, second) = (ours.next(), ours.next());
    if let (Some(first), Some(second)) = (first, second) {
        return Err(Refusal::blocked(
            "C2",
            format!("two Cloud Sync tasks push {path}: {} and {}", first.id, second.id),
            "Keep the one whose folder is the standard's, delete the other on the box",
        ));
    }
    Ok(first)
}

fn of_root(pool: &PoolName, tasks: &[SnapshotTask]) -> Vec<SnapshotTask> {
    let ours = |task: &&SnapshotTask| {
        task.settings.dataset == pool.as_str() && task.settings.schema == SNAPSHOT_SCHEMA
    };
    tasks.iter().filter(ours).cloned().collect()
}

/// The credential that bears the bucket's name (N7).
pub(super) fn credential(
    credentials: &[CloudCredential],
    bucket: &BucketName,
    held: &Held,
) -> Option<CredentialSeen> {
    let found = credentials.iter().find(|credential| credential.name == bucket.as_str())?;
    Some(CredentialSeen { id: found.id.clone(), key_id: found.key_id.clone(), key: held.key(&found.key) })
}

/// SNMP, held against S1.
pub(super) async fn snmp(views: &Views, held: &Held) -> Result<SnmpSeen, Error> {
    let snmp = views.appliance.snmp().await?;
    Ok(SnmpSeen {
        as_the_standard_has_it: snmp.v3 && snmp.community.is_empty() && snmp.sha && snmp.aes,
        secrets: held.snmp(&snmp.secrets),
        service: snmp.running && snmp.starts_automatically,
    })
}
