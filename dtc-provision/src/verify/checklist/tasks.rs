//! Each pool's Cloud Sync task, setting by setting, and its snapshot task.

use super::ItemId;
use super::found::{Found, of_pools};
use crate::facts::TaskFacts;
use crate::phases::tasks::everything_readable;
use crate::ports::{CloudSyncSettings, CloudSyncSpec, JobState, Pool, Snapshot};
use crate::standard::{self, Compare, Setting, cloud_sync, on_off, snapshot_task};
use crate::verify::evidence::Evidence;

/// Judges every pool's one task.
fn of_tasks(evidence: &Evidence<'_>, judge: impl Fn(&Pool, &TaskFacts) -> Found) -> Found {
    of_pools(evidence, |pool| match evidence.tasks_of(&pool.name) {
        Err(unread) => Found::unread(unread),
        Ok(tasks) => match tasks.as_slice() {
            [only] => judge(pool, only),
            [] => Found::fail("no task"),
            several => Found::fail(format!("{} tasks", several.len())),
        },
    })
}

/// The standard's task for a pool. Without a Device GUID it is compared in everything but the folder.
fn spec(evidence: &Evidence<'_>, pool: &Pool, task: &TaskFacts) -> Option<CloudSyncSpec> {
    let place = evidence.seen.place.ok()?;
    let guid = evidence.seen.identity.ok()?.guid();
    let device = guid.or_else(|| Some(task.settings.target.backup()?.device))?;
    let tasks = evidence.seen.backed_up.ok()?.len();
    Some(cloud_sync::spec(evidence.site, &place.bucket_name, device, &pool.name, tasks))
}

/// Judges some settings of every pool's task; `shown` says what they are where they are right.
pub(super) fn settings(
    evidence: &Evidence<'_>,
    settings: &[Setting],
    shown: fn(&CloudSyncSettings) -> String,
) -> Found {
    of_tasks(evidence, |pool, task| {
        let Some(spec) = spec(evidence, pool, task) else { return Found::RestsOn(ItemId::GuidOnPool) };
        let mut differences = task.settings.differences(&spec.settings);
        differences.retain(|difference| settings.contains(&difference.setting));
        if differences.is_empty() {
            return Found::pass(shown(&task.settings));
        }
        Found::fail(standard::listed(&differences))
    })
}

pub(super) fn modes(task: &CloudSyncSettings) -> String {
    format!("{} {}", task.direction, task.transfer_mode)
}

pub(super) fn snapshot(task: &CloudSyncSettings) -> String {
    format!("snapshot {}", on_off(task.snapshot))
}

pub(super) fn exclude(task: &CloudSyncSettings) -> String {
    task.exclude.join(", ")
}

pub(super) fn chunk(task: &CloudSyncSettings) -> String {
    task.chunk_mebibytes.map_or("the default".to_owned(), |size| format!("{size} MiB"))
}

pub(super) fn fast_list(task: &CloudSyncSettings) -> String {
    format!("fast-list {}", on_off(task.fast_list))
}

pub(super) fn encryption(task: &CloudSyncSettings) -> String {
    format!("encryption {}", on_off(task.encryption))
}

pub(super) fn filename_encryption(task: &CloudSyncSettings) -> String {
    format!("filename encryption {}", on_off(task.filename_encryption))
}

pub(super) fn bandwidth(task: &CloudSyncSettings) -> String {
    standard::list(&task.bandwidth)
}

/// It reads the pool, and finds all of it: a child that looks empty is one whose tree the next run would hide (C5).
pub(super) fn reads_pool(evidence: &Evidence<'_>) -> Found {
    of_tasks(evidence, |pool, task| match everything_readable(pool) {
        Ok(()) => {
            Found::judged(task.settings.path == cloud_sync::path(&pool.name), task.settings.path.as_str())
        }
        Err(refusal) => Found::fail(refusal.what),
    })
}

pub(super) fn folder(evidence: &Evidence<'_>) -> Found {
    of_tasks(evidence, |pool, task| match evidence.folder(&pool.name) {
        Some(folder) => {
            let is = &task.settings.target.folder;
            Found::judged(is == folder.as_str(), is.as_str())
        }
        None => Found::RestsOn(ItemId::GuidOnPool),
    })
}

pub(super) fn scheduled(evidence: &Evidence<'_>) -> Found {
    of_tasks(evidence, |_, task| {
        let state = if task.enabled { "enabled" } else { "disabled" };
        let right = task.enabled && task.settings.schedule == crate::schedule::Schedule::daily_at_midnight();
        Found::judged(right, format!("{} ({state})", task.settings.schedule))
    })
}

pub(super) fn first_run(evidence: &Evidence<'_>) -> Found {
    of_tasks(evidence, |_, task| match &task.last_run {
        Some(run) if run.state == JobState::Succeeded => Found::pass(
            run.finished
                .map_or("succeeded".to_owned(), |at| format!("succeeded at {}", at.strftime("%FT%TZ"))),
        ),
        Some(run) => Found::fail(run.state.to_string()),
        None => Found::fail("never ran"),
    })
}

pub(super) fn snapshots(evidence: &Evidence<'_>) -> Found {
    let tasks = match evidence.seen.snapshot_tasks.read() {
        Ok(tasks) => tasks,
        Err(unread) => return Found::unread(unread),
    };
    of_pools(evidence, |pool| {
        let ours: Vec<_> = tasks.iter().filter(|task| snapshot_task::is_of_pool(task, &pool.name)).collect();
        let [task] = ours.as_slice() else {
            return Found::fail(format!("{} tasks with the standard's schema", ours.len()));
        };
        let differences = snapshot_task::differences(task, &snapshot_task::settings(&pool.name));
        if !differences.is_empty() {
            return Found::fail(standard::listed(&differences));
        }
        let listed = evidence.snapshots.iter().find(|(name, _)| *name == pool.name).map(|(_, listed)| listed);
        let snapshots = match listed {
            Some(Ok(snapshots)) => snapshots,
            Some(Err(error)) => {
                return Found::NotCheckable(format!("which ones were taken could not be read: {error}"));
            }
            None => return Found::NotCheckable("which ones were taken was not looked at".to_owned()),
        };
        let kept = snapshot_task::lifetime(task.settings.lifetime_hours);
        Found::pass(format!("{} kept {kept}, {}", task.settings.schedule, taken(snapshots, pool)))
    })
}

/// What has been taken so far (Z2). A child that has none may just not have changed.
fn taken(snapshots: &[Snapshot], pool: &Pool) -> String {
    let of_root = snapshots.iter().filter(|snapshot| snapshot.dataset == pool.name.as_str());
    let Some(last) = of_root.clone().map(|snapshot| &snapshot.name).max() else {
        return "none taken yet; the first is due within the hour".to_owned();
    };
    let children: Vec<_> =
        pool.datasets.iter().filter(|dataset| dataset.name != pool.name.as_str()).collect();
    let covered = children
        .iter()
        .filter(|child| snapshots.iter().any(|snapshot| snapshot.dataset == child.name))
        .count();
    format!("{} so far, last {last}; on {covered} of {} children", of_root.count(), children.len())
}
