//! The files in a folder tree, with their paths as bytes.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::error::Error;

use super::failed;

/// A regular file: its path relative to the folder, with `/` between segments.
pub(super) struct Found {
    pub(super) path: Vec<u8>,
    pub(super) metadata: Metadata,
}

/// Returns all regular files below `root`, sorted by path. Like rclone, does not follow symbolic links.
pub(super) fn files(root: &Path) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![Vec::new()];
    while let Some(folder) = folders.pop() {
        let disk = on_disk(root, &folder).unwrap_or_else(|| root.to_owned());
        for entry in fs::read_dir(&disk).map_err(|e| failed("list", &disk, e))? {
            let entry = entry.map_err(|e| failed("list", &disk, e))?;
            let name = entry.file_name();
            let name = name.as_encoded_bytes();
            let path = if folder.is_empty() { name.to_vec() } else { [&folder, &b"/"[..], name].concat() };
            let metadata = entry.metadata().map_err(|e| failed("look at", &entry.path(), e))?;
            if metadata.is_dir() {
                folders.push(path);
            } else if metadata.is_file() {
                found.push(Found { path, metadata });
            }
        }
    }
    found.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Joins `root` and a relative path; `None` if the path has segments that would lead out of `root`.
pub(super) fn on_disk(root: &Path, path: &[u8]) -> Option<PathBuf> {
    let mut disk = root.to_owned();
    for segment in path.split(|byte| *byte == b'/') {
        let plain = !matches!(segment, b"" | b"." | b"..") && !segment.contains(&0);
        let name = if plain { name_on_disk(segment)? } else { return None };
        disk.push(name);
    }
    Some(disk)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems' names are not bytes")]
fn name_on_disk(segment: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(segment.to_vec()))
}

#[cfg(not(unix))]
fn name_on_disk(segment: &[u8]) -> Option<OsString> {
    let name = String::from_utf8(segment.to_vec()).ok()?;
    (!name.contains(['\\', ':'])).then(|| name.into())
}
