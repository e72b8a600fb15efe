//! Fetching from a bucket, by the engine that runs a task where there is no rclone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::b2_access::{B2Access, Stored};
use super::disk;
use super::engine;
use super::filters::Filters;
use super::jobs::Job;
use super::nas::Nas;
use super::plan::{Mode, Plan};

/// Runs a task that fetches; the error is what rclone's log would end with.
pub(super) async fn run(nas: &Arc<Nas>, job: &Job, plan: &Plan) -> Result<(), String> {
    if plan.mode() == Mode::Move {
        return Err("this engine does not move files".to_owned());
    }
    let filters = Filters::parse(&plan.filter_lines(nas.release))?;
    let crypt = engine::crypt_of(nas, plan).await?.map(Arc::new);
    let b2 = B2Access::authorize(&nas.b2_url, &plan.account, &plan.key).await.map_err(|e| e.to_string())?;
    let bucket = b2.bucket(plan.bucket()).await.map_err(|e| e.to_string())?;
    let prefix = if plan.folder().is_empty() { String::new() } else { format!("{}/", plan.folder()) };
    let listed = b2.list(&bucket, &prefix).await.map_err(|e| e.to_string())?;
    let mut kept = BTreeSet::new();
    let total = listed.len().max(1);
    for (number, file) in listed.iter().enumerate() {
        let name = engine::plain_name(crypt.as_deref(), &prefix, &file.name);
        if !filters.copies(&name) {
            continue;
        }
        kept.insert(name.clone());
        let place = plan.source.join(&name);
        if is_same(&place, file) || plan.is_dry {
            continue;
        }
        let stored = b2.download(plan.bucket(), &file.name).await.map_err(|e| e.to_string())?;
        let content = engine::opened(stored, crypt.clone()).await?;
        let changed = file.changed.and_then(|millis| u64::try_from(millis).ok()).map(Duration::from_millis);
        let written = disk::write(&place, &content, false).and_then(|()| disk::set_changed(&place, changed));
        written.map_err(|e| format!("{name}: {e}"))?;
        let percent = u64::try_from((number + 1) * 100 / total).unwrap_or(100);
        job.progress(percent, &format!("{} / {total}, {percent}%, checks: 0 / 0", number + 1));
    }
    if plan.mode() == Mode::Sync && !plan.is_dry {
        remove_others(&plan.source, "", &kept, &filters)?;
    }
    Ok(())
}

/// Whether a file was last changed when the stored one was.
fn is_same(place: &Path, file: &Stored) -> bool {
    let changed = fs::metadata(place).ok().and_then(|found| found.modified().ok());
    let changed = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    changed.is_some_and(|at| i64::try_from(at.as_millis()).ok() == file.changed)
}

/// Deletes what is not in the bucket, as a task does that makes equal.
fn remove_others(dir: &Path, below: &str, kept: &BTreeSet<String>, filters: &Filters) -> Result<(), String> {
    let failed = |e: std::io::Error| format!("{}: {e}", dir.display());
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            remove_others(&entry.path(), &format!("{name}/"), kept, filters)?;
        } else if !kept.contains(&name) && filters.copies(&name) {
            fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    Ok(())
}
