//! What was in a dataset when a snapshot of it was taken: copies of its files. Where a dataset is mounted in it there is an empty directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::disk::Disk;
use super::nas::Nas;
use super::state::{Snapshot, State};

/// Keeps a dataset's files as they are now; none of a volume. Where nothing has changed since its last snapshot, both have the same copies.
pub(super) fn keep(nas: &Nas, state: &State, dataset: &str) -> io::Result<Option<Arc<TempDir>>> {
    if state.datasets.get(dataset).is_none_or(|dataset| dataset.is_volume) {
        return Ok(None);
    }
    let (place, others) = (nas.disk.place(dataset), mount_points(nas, state, dataset));
    let mut of_dataset = state.snapshots.iter().rev().filter(|snapshot| snapshot.dataset == dataset);
    if let Some(last) = of_dataset.find_map(|snapshot| snapshot.contents.clone())
        && is_unchanged(&place, last.path(), &others)?
    {
        return Ok(Some(last));
    }
    let kept = tempfile::Builder::new().prefix("snapshot-").tempdir_in(nas.disk.scratch())?;
    copy(&place, kept.path(), &others)?;
    Ok(Some(Arc::new(kept)))
}

/// Whether a directory holds what its copy does, to the byte.
fn is_unchanged(place: &Path, copy: &Path, without: &[PathBuf]) -> io::Result<bool> {
    let kept = fs::read_dir(copy)?.count();
    let mut found = 0;
    for entry in fs::read_dir(place)? {
        let entry = entry?;
        let (path, kept) = (entry.path(), copy.join(entry.file_name()));
        found += 1;
        let (is_dir, was_dir) = (entry.file_type()?.is_dir(), kept.is_dir());
        let is_same = match (is_dir, was_dir) {
            (true, true) => without.contains(&path) || is_unchanged(&path, &kept, without)?,
            (false, false) => kept.exists() && is_same_file(&path, &kept)?,
            _ => false,
        };
        if !is_same {
            return Ok(false);
        }
    }
    Ok(found == kept)
}

fn is_same_file(one: &Path, other: &Path) -> io::Result<bool> {
    let (a, b) = (fs::metadata(one)?, fs::metadata(other)?);
    Ok(a.len() == b.len() && a.modified()? == b.modified()? && fs::read(one)? == fs::read(other)?)
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
        if entry.file_type()?.is_dir() {
            fs::create_dir_all(&target)?;
            if !without.contains(&path) {
                copy(&path, &target, without)?;
            }
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
