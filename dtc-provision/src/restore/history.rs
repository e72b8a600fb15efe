//! The versions of one file: which there are, until when each is locked, and when it will go.

use dtc_naming::FolderPath;
use jiff::{SignedDuration, Timestamp};
use rclone_crypt::{Filter, decrypted_len};
use serde::Serialize;

use super::older::versions_of;
use super::source::RestoreSource;
use super::tree::Wanted;
use crate::error::Error;
use crate::ids::ObjectId;
use crate::ports::{Lock, ObjectVersion, VersionKind};

/// A version of a file, or a mark that it was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileVersion {
    /// Its id.
    pub id: ObjectId,
    /// What it is.
    pub kind: FileVersionKind,
    /// Its plain length in bytes, of content that can be an encrypted file's.
    pub size: Option<u64>,
    /// When it was uploaded.
    pub uploaded: Timestamp,
    /// When the file was modified that it is of, as the uploader noted it.
    pub modified: Option<Timestamp>,
    /// When another version, or a mark, took its place; none for the one that stands.
    pub replaced: Option<Timestamp>,
    /// Until when it cannot be deleted.
    pub locked: LockedUntil,
    /// When the bucket's lifecycle deletes it at the earliest; none for one that stands, and where nothing deletes.
    pub goes: Option<Timestamp>,
}

/// What a version of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FileVersionKind {
    /// Content.
    Content,
    /// The file was deleted.
    Deleted,
    /// A large upload that is not finished.
    Unfinished,
}

/// Until when a version cannot be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LockedUntil {
    /// The appliance's key may not see it.
    NotShown,
    /// It can be deleted at any time.
    Free,
    /// Until then.
    Until(Timestamp),
    /// Until somebody lifts its legal hold.
    Held,
}

/// The versions of one file of a pool, the newest first; none where the path is no file's. Reads no content.
///
/// # Errors
/// The bucket cannot be listed.
pub async fn history(source: &RestoreSource, wanted: &Wanted) -> Result<Vec<FileVersion>, Error> {
    let folder = FolderPath::compute(source.backup().device, &wanted.pool);
    let mapping = source.mapping(folder.as_str(), Filter::default())?;
    let object = mapping.object_of(wanted.path.as_bytes()).ok().flatten();
    let Some(name) = object.filter(|_| !wanted.path.is_empty()) else { return Ok(Vec::new()) };
    let versions = versions_of(source, &name).await?;
    Ok(described(versions, source.retained().days()))
}

/// What versions of one object mean, where the bucket deletes what was replaced after so many days.
fn described(mut versions: Vec<ObjectVersion>, days: Option<u32>) -> Vec<FileVersion> {
    // Of one millisecond, the one that is listed first is the newer: the order is kept.
    versions.sort_by_key(|version| std::cmp::Reverse(version.object.uploaded));
    let mut described = Vec::with_capacity(versions.len());
    let mut replaced = None;
    for ObjectVersion { object, kind, lock } in versions {
        let kept = days.map(|days| SignedDuration::from_hours(24 * i64::from(days)));
        let deleted =
            replaced.zip(kept).and_then(|(replaced, kept): (Timestamp, _)| replaced.checked_add(kept).ok());
        let locked = match lock {
            Lock::NotShown => LockedUntil::NotShown,
            Lock::Free => LockedUntil::Free,
            Lock::Until(until) => LockedUntil::Until(until),
            Lock::Held => LockedUntil::Held,
        };
        let goes = match locked {
            LockedUntil::Until(until) => deleted.map(|deleted| deleted.max(until)),
            LockedUntil::Held => None,
            LockedUntil::NotShown | LockedUntil::Free => deleted,
        };
        let is_finished = kind != VersionKind::Unfinished;
        described.push(FileVersion {
            id: object.id,
            kind: match kind {
                VersionKind::Content => FileVersionKind::Content,
                VersionKind::Hidden => FileVersionKind::Deleted,
                VersionKind::Unfinished => FileVersionKind::Unfinished,
            },
            size: decrypted_len(object.size).ok().filter(|_| kind == VersionKind::Content),
            uploaded: object.uploaded,
            modified: object.source_modified,
            replaced: replaced.filter(|_| is_finished),
            locked,
            goes: goes.filter(|_| kind == VersionKind::Content),
        });
        if is_finished {
            replaced = Some(object.uploaded);
        }
    }
    described
}
