//! The newest version before a damaged one that opens.

use futures_util::StreamExt as _;
use rclone_crypt::Keys;

use super::open::{Nowhere, opened};
use super::report::OlderVersion;
use super::source::RestoreSource;
use crate::error::Error;
use crate::ports::{Object, ObjectVersion, VersionKind, VersionRow};

/// How many older versions are tried.
const TRIED: usize = 5;

/// Every version of one object, in the order of the listing: the newest first.
pub(super) async fn versions_of(source: &RestoreSource, name: &str) -> Result<Vec<ObjectVersion>, Error> {
    let listed = |error| source.explained(error, "listFiles");
    let mut rows = source.store().versions(source.access()?, name).await.map_err(listed)?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next().await {
        match row.map_err(listed)? {
            VersionRow::Version(version) if version.object.name == name => versions.push(version),
            // Names that begin with this one follow it.
            VersionRow::Version(_) => break,
            VersionRow::NotUnderstood(_) => {}
        }
    }
    Ok(versions)
}

/// The newest version before this one that opens, of the few that are tried.
pub(super) async fn older_that_opens(
    source: &RestoreSource,
    keys: &Keys,
    damaged: &Object,
) -> Option<OlderVersion> {
    let mut versions = versions_of(source, &damaged.name).await.ok()?;
    versions.retain(|version| {
        version.kind == VersionKind::Content
            && version.object.id != damaged.id
            && version.object.uploaded <= damaged.uploaded
    });
    versions.sort_by_key(|version| std::cmp::Reverse(version.object.uploaded));
    for version in versions.into_iter().take(TRIED) {
        if opened(source, keys, &version.object, &mut Nowhere).await.is_ok() {
            return Some(OlderVersion { version: version.object.id, uploaded: version.object.uploaded });
        }
    }
    None
}
