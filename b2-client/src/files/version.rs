//! A version of a file, a marker that hides one, or an unfinished upload.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::{ContentSha1, FileRetention, LegalHold, Sha1};
use crate::buckets::Encryption;
use crate::ids::{AccountId, BucketId, FileId, UnixMillis};
use crate::names::FileName;
use crate::readable::Readable;

/// What a version stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Action {
    /// A version with content.
    Upload,
    /// A large file that is not finished.
    Start,
    /// A marker that hides the versions below it.
    Hide,
    /// A version just made by copying; listings call it an upload.
    Copy,
    /// Something newer than this crate.
    #[serde(untagged)]
    Unknown(String),
}

/// How far a version's replication is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum ReplicationStatus {
    /// Waiting or being copied.
    Pending,
    /// Copied.
    Completed,
    /// Not copied, and not tried again.
    Failed,
    /// A copy itself.
    Replica,
    /// Something newer than this crate.
    #[serde(untagged)]
    Unknown(String),
}

/// A version of a file, a marker that hides one, or an unfinished large file; [`FileVersion::action`] says which.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileVersion {
    /// The account.
    pub account_id: AccountId,
    /// The bucket.
    pub bucket_id: BucketId,
    /// The version's id.
    #[serde(rename = "fileId")]
    pub id: FileId,
    /// Its name.
    #[serde(rename = "fileName")]
    pub name: FileName,
    /// What it stands for.
    pub action: Action,
    /// Its length in bytes; 0 for everything but finished content.
    #[serde(default)]
    pub content_length: u64,
    /// Its media type, where the answer names it.
    pub content_type: Option<String>,
    /// Its checksum.
    #[serde(rename = "contentSha1", default = "no_checksum")]
    pub sha1: ContentSha1,
    /// Its MD5 checksum in hexadecimal digits; `None` for large files.
    pub content_md5: Option<String>,
    /// What its uploader noted on it; names in lower case.
    #[serde(rename = "fileInfo", default, deserialize_with = "or_empty")]
    pub info: BTreeMap<String, String>,
    /// When it was uploaded; for a large file, when it was started.
    #[serde(rename = "uploadTimestamp")]
    pub uploaded: UnixMillis,
    /// How it is encrypted.
    #[serde(rename = "serverSideEncryption", default)]
    pub encryption: Encryption,
    /// Until when it is protected.
    #[serde(rename = "fileRetention", default)]
    pub retention: Readable<FileRetention>,
    /// Whether a legal hold protects it.
    #[serde(default)]
    pub legal_hold: Readable<LegalHold>,
    /// How far its replication is; `None` where no rule matches it.
    pub replication_status: Option<ReplicationStatus>,
}

impl FileVersion {
    /// The checksum of the whole content: the service's own, else the one that uploaders of large files note on them.
    pub fn whole_sha1(&self) -> Option<Sha1> {
        self.sha1.sum().or_else(|| Sha1::from_hex(self.info.get("large_file_sha1")?))
    }

    /// When the source was last changed, where its uploader noted it.
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
