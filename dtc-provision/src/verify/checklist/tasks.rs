//! Each pool's Cloud Sync task, setting by setting, and its snapshot task.

use super::found::{Found, of_pools};
use super::judged_by;
use crate::facts::{Reach, TaskFacts};
use crate::ports::{CloudSyncSpec, JobState, Pool, Snapshot};
use crate::standard::{self, cloud_sync, on_off, snapshot_task};
use crate::verify::evidence::Evidence;
use crate::verify::item::ItemId;

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

/// What differs of a pool's task, of what this item judges; `None` where there is nothing to compare it with.
fn differing(
    evidence: &Evidence<'_>,
    id: ItemId,
    pool: &Pool,
    task: &TaskFacts,
) -> Option<Vec<standard::Difference>> {
    let spec = spec(evidence, pool, task)?;
    let ours = evidence.credential().map(|found| &found.id);
    Some(judged_by(id, task.differences(&spec, ours)))
}

/// Judges the settings of every pool's task that this item is about; `shown` says what they are where they are right.
pub(super) fn settings(evidence: &Evidence<'_>, id: ItemId, shown: fn(&TaskFacts) -> String) -> Found {
    of_tasks(evidence, |pool, task| match differing(evidence, id, pool, task) {
        None => Found::RestsOn(ItemId::GuidOnPool),
        Some(differences) if differences.is_empty() => Found::pass(shown(task)),
        Some(differences) => Found::fail(standard::listed(&differences)),
    })
}

pub(super) fn modes(task: &TaskFacts) -> String {
    format!("{} {}", task.settings.direction, task.settings.transfer_mode)
}

pub(super) fn scheduled(task: &TaskFacts) -> String {
    format!("{} (enabled)", task.settings.schedule)
}

pub(super) fn snapshot(task: &TaskFacts) -> String {
    format!("snapshot {}", on_off(task.settings.snapshot))
}

pub(super) fn exclude(task: &TaskFacts) -> String {
    task.settings.exclude.join(", ")
}

pub(super) fn chunk(task: &TaskFacts) -> String {
    task.settings.chunk_mebibytes.map_or("the default".to_owned(), |size| format!("{size} MiB"))
}

pub(super) fn fast_list(task: &TaskFacts) -> String {
    format!("fast-list {}", on_off(task.settings.fast_list))
}

pub(super) fn encryption(task: &TaskFacts) -> String {
    format!("encryption {}", on_off(task.settings.encryption))
}

pub(super) fn filename_encryption(task: &TaskFacts) -> String {
    format!("filename encryption {}", on_off(task.settings.filename_encryption))
}

pub(super) fn bandwidth(task: &TaskFacts) -> String {
    standard::list(&task.settings.bandwidth)
}

/// It reads the pool and nothing that links lead to, and finds all of it: a child that looks empty is one whose tree the next run would
/// hide (C5).
pub(super) fn reads_pool(evidence: &Evidence<'_>) -> Found {
    if let Some(refusal) = evidence.pools().find_map(|pool| standard::pool::everything_readable(pool).err()) {
        return Found::fail(refusal.what);
    }
    settings(evidence, ItemId::TaskPath, |task| task.settings.path.clone())
}

/// Each pool's task writes to the pool's folder, and nothing else of this appliance does, whether it runs or could be started (C2).
pub(super) fn folder(evidence: &Evidence<'_>) -> Found {
    let judged = of_tasks(evidence, |pool, task| match evidence.folder(&pool.name) {
        Some(_) => match differing(evidence, ItemId::TaskFolder, pool, task) {
            None => Found::RestsOn(ItemId::GuidOnPool),
            Some(differences) if differences.is_empty() => Found::pass(task.settings.target.folder.as_str()),
            Some(differences) => Found::fail(standard::listed(&differences)),
        },
        None => Found::RestsOn(ItemId::GuidOnPool),
    });
    let (harmful, harmless): (Vec<_>, Vec<_>) = evidence.reaches().into_iter().partition(|reach| reach.harms);
    let said =
        |reaches: Vec<Reach>| reaches.into_iter().map(|reach| reach.said).collect::<Vec<_>>().join("; ");
    match judged {
        Found::Fail(why) if !harmful.is_empty() => Found::fail(format!("{why}; {}", said(harmful))),
        _ if !harmful.is_empty() => Found::fail(said(harmful)),
        Found::Pass(evidence) if !harmless.is_empty() => {
            Found::pass(format!("{evidence}; {}", said(harmless)))
        }
        judged => judged,
    }
}

pub(super) fn first_run(evidence: &Evidence<'_>) -> Found {
    of_tasks(evidence, |_, task| match &task.last_run {
        Some(run) if run.state == JobState::Succeeded => Found::pass(
            run.finished
                .map_or("succeeded".to_owned(), |at| format!("succeeded at {}", at.strftime("%FT%TZ"))),
        ),
        // It is neither a failure nor a success yet.
        Some(run) if matches!(run.state, JobState::Running | JobState::Waiting) => {
            Found::NotCheckable(format!("a run is under way ({}): verify after it", run.state))
        }
        Some(run) if run.state == JobState::Aborted => Found::fail(JobState::ABORTED),
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
