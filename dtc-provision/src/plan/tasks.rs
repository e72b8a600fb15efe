//! A task, a snapshot task and a first run for each pool (C2–C4, Z1, V1).

use dtc_naming::{DeviceGuid, FolderPath, PoolName, TaskDescription};

use super::Difference;
use super::{CredentialPhase, Finding, FirstRunPhase, PoolPhase, SnapshotPhase, TaskPhase};
use crate::bandwidth;
use crate::consent::{Act, RepointTask};
use crate::observe::{Agreement, Observation, PoolSeen, TaskSeen};
use crate::ports::{CloudSyncSettings, CloudSyncSpec, JobState, SnapshotTaskSettings};
use crate::site::{FirstRun, Site};
use crate::standard;

pub(super) fn plan(
    site: &Site,
    seen: &Observation,
    guid: DeviceGuid,
    credential: &CredentialPhase,
    findings: &mut Vec<Finding>,
) -> Vec<PoolPhase> {
    let mut phases = Vec::new();
    for pool in &seen.pools {
        for volume in &pool.volumes {
            findings.push(Finding::new("C6", format!("{volume} is a zvol: Cloud Sync never copies it")));
        }
        let spec = spec(site, seen, guid, &pool.name);
        let task = task(pool, &spec, credential);
        let snapshots = snapshot_settings(&pool.name);
        phases.push(PoolPhase {
            first_run: first_run(site, seen, pool, &task),
            snapshot_task: snapshot_task(pool, &snapshots, findings),
            pool: pool.name.clone(),
            spec,
            task,
            snapshots,
        });
    }
    phases
}

/// The task as the standard has it (C2, C3). Tasks of one box start together and share its limit.
fn spec(site: &Site, seen: &Observation, guid: DeviceGuid, pool: &PoolName) -> CloudSyncSpec {
    let folder = FolderPath::compute(guid, pool);
    let settings = CloudSyncSettings {
        description: TaskDescription::compute(pool).to_string(),
        direction: "PUSH".to_owned(),
        transfer_mode: "SYNC".to_owned(),
        path: format!("/mnt/{pool}"),
        bucket: seen.bucket_name.to_string(),
        folder: folder.to_string(),
        schedule: standard::BACKUP_SCHEDULE.to_owned(),
        snapshot: false,
        follow_symlinks: false,
        pre_script: String::new(),
        post_script: String::new(),
        exclude: standard::EXCLUDE.map(str::to_owned).to_vec(),
        chunk_mebibytes: Some(standard::CHUNK_MEBIBYTES),
        fast_list: true,
        encryption: true,
        filename_encryption: false,
        transfers: None,
        bandwidth: bandwidth::schedule(site.uplink_mbit, site.business_hours, seen.pools.len()),
        arguments: String::new(),
    };
    CloudSyncSpec { pool: pool.clone(), folder, settings }
}

fn task(pool: &PoolSeen, spec: &CloudSyncSpec, credential: &CredentialPhase) -> TaskPhase {
    let Some(found) = &pool.task else { return TaskPhase::Create };
    let mut differences = Difference::list(&found.settings, &spec.settings);
    let ours = match credential {
        CredentialPhase::Keep { id } | CredentialPhase::Replace { id } => Some(id),
        CredentialPhase::Create => None,
    };
    if ours != Some(&found.credential) {
        let wanted = ours.map_or("the new one", |id| id.as_str());
        differences.push(Difference::new("credential", &found.credential, wanted));
    }
    if found.secrets == Agreement::Absent {
        differences.push(Difference::new("secrets", "none", "the vault's"));
    }
    if !found.enabled {
        differences.push(Difference::new("enabled", false, true));
    }
    if differences.is_empty() {
        return TaskPhase::Keep { id: found.id.clone() };
    }
    TaskPhase::Change { act: repointing(found, spec), id: found.id.clone(), differences }
}

/// The act of pointing a task elsewhere, when that is what would happen.
fn repointing(found: &TaskSeen, spec: &CloudSyncSpec) -> Option<Act> {
    let target =
        |settings: &CloudSyncSettings| format!("{}/{}", settings.bucket, settings.folder.trim_matches('/'));
    let (from, to) = (target(&found.settings), target(&spec.settings));
    (from != to).then(|| {
        let terms = [("from", from), ("to", to.clone())];
        Act::of::<RepointTask>(to, terms.into_iter().chain([("pool", spec.pool.to_string())]))
    })
}

/// The snapshot task as the standard has it (Z1).
fn snapshot_settings(pool: &PoolName) -> SnapshotTaskSettings {
    SnapshotTaskSettings {
        dataset: pool.to_string(),
        recursive: true,
        exclude: Vec::new(),
        lifetime_hours: standard::SNAPSHOT_LIFETIME_HOURS,
        schema: standard::SNAPSHOT_SCHEMA.to_owned(),
        schedule: standard::SNAPSHOT_SCHEDULE.to_owned(),
        begin: "00:00".to_owned(),
        end: "23:59".to_owned(),
        allow_empty: false,
    }
}

/// Retention goes by name: a second task with the schema on the dataset interferes, whoever made it (Z1a).
fn snapshot_task(
    pool: &PoolSeen,
    wanted: &SnapshotTaskSettings,
    findings: &mut Vec<Finding>,
) -> SnapshotPhase {
    if let [_, _, ..] = pool.snapshot_tasks.as_slice() {
        let ids: Vec<&str> = pool.snapshot_tasks.iter().map(|task| task.id.as_str()).collect();
        findings.push(Finding::new(
            "Z1a",
            format!(
                "the snapshot tasks {} on {} share one schema and expire each other's snapshots",
                ids.join(", "),
                pool.name
            ),
        ));
    }
    let exact = pool.snapshot_tasks.iter().find(|task| task.settings == *wanted && task.enabled);
    match (exact, pool.snapshot_tasks.first()) {
        (Some(_), _) => SnapshotPhase::Keep,
        (None, None) => SnapshotPhase::Create,
        (None, Some(found)) => {
            let mut differences = Difference::list(&found.settings, wanted);
            if !found.enabled {
                differences.push(Difference::new("enabled", false, true));
            }
            SnapshotPhase::Change { id: found.id.clone(), differences }
        }
    }
}

/// What decides which objects there are and whether they can be opened: after a change of it, a run of before proves
/// nothing.
const DECIDE_OBJECTS: [&str; 9] = [
    "bucket",
    "direction",
    "encryption",
    "exclude",
    "filename_encryption",
    "folder",
    "path",
    "secrets",
    "transfer_mode",
];

/// A run has succeeded, and into this folder: an empty pool's leaves nothing there, and then the record tells.
fn first_run(site: &Site, seen: &Observation, pool: &PoolSeen, task: &TaskPhase) -> FirstRunPhase {
    let outdated = match task {
        TaskPhase::Change { differences, .. } => {
            differences.iter().any(|difference| DECIDE_OBJECTS.contains(&difference.field.as_str()))
        }
        TaskPhase::Keep { .. } | TaskPhase::Create => false,
    };
    let last = pool.task.as_ref().filter(|_| !outdated).and_then(|task| task.last_run.as_ref());
    let arrived = pool.in_bucket || seen.vault.operational;
    match (last.map(|run| (&run.state, &run.job)), site.first_run) {
        (Some((JobState::Succeeded, _)), _) if arrived => FirstRunPhase::Done,
        (Some((JobState::Running | JobState::Waiting, job)), _) => FirstRunPhase::Join { job: job.clone() },
        (_, FirstRun::Now) => FirstRunPhase::Run,
        (_, FirstRun::Scheduled) => FirstRunPhase::Scheduled,
    }
}
