//! What was in a dataset when a snapshot of it was taken: copies of its files, without those of the datasets below it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::disk::Disk;
use super::nas::Nas;
use super::state::{Snapshot, State};

/// Keeps a dataset's files as they are now; none of a volume.
pub(super) fn keep(nas: &Nas, state: &State, dataset: &str) -> io::Result<Option<Arc<TempDir>>> {
    if state.datasets.get(dataset).is_none_or(|dataset| dataset.is_volume) {
        return Ok(None);
    }
    let kept = tempfile::Builder::new().prefix("snapshot-").tempdir_in(nas.disk.scratch())?;
    copy(&nas.disk.place(dataset), kept.path(), &mount_points(nas, state, dataset))?;
    Ok(Some(Arc::new(kept)))
}

/// Makes a dataset's files what they were.
pub(super) fn bring_back(nas: &Nas, state: &State, snapshot: &Snapshot) -> io::Result<()> {
    let Some(contents) = &snapshot.contents else { return Ok(()) };
    let place = nas.disk.place(&snapshot.dataset);
    let others = mount_points(nas, state, &snapshot.dataset);
    remove(&place, &others)?;
    copy(contents.path(), &place, &[])
}

/// Makes a new dataset's files those of a snapshot.
pub(super) fn unpack(nas: &Nas, snapshot: &Snapshot, dataset: &str) -> io::Result<()> {
    let place = nas.disk.place(dataset);
    fs::create_dir_all(&place)?;
    match &snapshot.contents {
        Some(contents) => copy(contents.path(), &place, &[]),
        None => Ok(()),
    }
}

/// Where the datasets right below this one are mounted.
fn mount_points(nas: &Nas, state: &State, dataset: &str) -> Vec<PathBuf> {
    let below = state.tree(dataset).filter(|name| *name != dataset);
    let place = nas.disk.place(dataset);
    below.map(|name| place.join(&name[dataset.len() + 1..])).collect()
}

fn copy(from: &Path, to: &Path, without: &[PathBuf]) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if without.contains(&path) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            copy(&path, &target, without)?;
        } else {
            Disk::copy(&path, &target)?;
        }
    }
    Ok(())
}

fn remove(place: &Path, without: &[PathBuf]) -> io::Result<()> {
    for entry in fs::read_dir(place)? {
        let path = entry?.path();
        let holds_other = without.iter().any(|other| other.starts_with(&path));
        match (path.is_dir(), holds_other) {
            (true, true) if without.contains(&path) => {}
            (true, true) => remove(&path, without)?,
            (true, false) => fs::remove_dir_all(path)?,
            (false, _) => fs::remove_file(path)?,
        }
    }
    Ok(())
}
