//! Versions of files, hide markers and unfinished large files.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{ContentSha1, FileRetention, LegalHold, Sha1};
use crate::buckets::Encryption;
use crate::ids::{AccountId, BucketId, FileId, UnixMillis};
use crate::names::FileName;
use crate::readable::Readable;

/// What a version is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Action {
    /// A file with content.
    Upload,
    /// An unfinished large file.
    Start,
    /// A hide marker, which hides the older versions of its name.
    Hide,
    /// A file that was just created by copying. Listings show it as [`Action::Upload`].
    Copy,
    /// An action that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// The state of the replication of a version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum ReplicationStatus {
    /// It waits to be copied, or is being copied.
    Pending,
    /// It has been copied.
    Completed,
    /// It could not be copied; the service does not try again.
    Failed,
    /// It is itself a replica.
    Replica,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// A version of a file, a marker that hides one, or an unfinished large file; [`FileVersion::action`] says which.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileVersion {
    /// The account id.
    pub account_id: AccountId,
    /// The bucket id.
    pub bucket_id: BucketId,
    /// The id of the version.
    #[serde(rename = "fileId")]
    pub id: FileId,
    /// The file name.
    #[serde(rename = "fileName")]
    pub name: FileName,
    /// What the version is.
    pub action: Action,
    /// The length in bytes; 0 for hide markers and unfinished large files.
    #[serde(default)]
    pub content_length: u64,
    /// The media type; `None` if the answer does not contain it.
    pub content_type: Option<String>,
    /// The SHA-1 checksum.
    #[serde(rename = "contentSha1", default = "no_checksum")]
    pub sha1: ContentSha1,
    /// The MD5 checksum in hexadecimal digits; `None` for large files.
    pub content_md5: Option<String>,
    /// The file info; names in lower case.
    #[serde(rename = "fileInfo", default, deserialize_with = "or_empty")]
    pub info: BTreeMap<String, String>,
    /// When the file was uploaded; for a large file, when it was started.
    #[serde(rename = "uploadTimestamp")]
    pub uploaded: UnixMillis,
    /// How the file is encrypted.
    #[serde(rename = "serverSideEncryption", default)]
    pub encryption: Encryption,
    /// The retention of the version.
    #[serde(rename = "fileRetention", default)]
    pub retention: Readable<FileRetention>,
    /// Whether the version has a legal hold.
    #[serde(default)]
    pub legal_hold: Readable<LegalHold>,
    /// The state of its replication; `None` if no replication rule matches it.
    pub replication_status: Option<ReplicationStatus>,
}

impl FileVersion {
    /// Returns the checksum of the whole file: the service's, or else `large_file_sha1` from the file info.
    pub fn whole_sha1(&self) -> Option<Sha1> {
        self.sha1.digest().or_else(|| Sha1::from_hex(self.info.get("large_file_sha1")?))
    }

    /// Returns when the source was last modified, if the file info says so (`src_last_modified_millis`).
    pub fn source_modified(&self) -> Option<UnixMillis> {
        self.info.get("src_last_modified_millis")?.parse().ok().map(UnixMillis::new)
    }
}

fn no_checksum() -> ContentSha1 {
    ContentSha1::None
}

fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
