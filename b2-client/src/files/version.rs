//! Versions of files, hide markers and unfinished large files.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{ContentSha1, FileRetention, LegalHold, Sha1};
use crate::buckets::Encryption;
use crate::ids::{AccountId, BucketId, FileId, UnixMillis};
use crate::members::{FromMembers, Members};
use crate::names::FileName;
use crate::readable::Readable;

/// What a version is.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// An action that this crate does not know; empty if the answer does not state one.
    Unknown(String),
}

impl Action {
    fn from_wire(text: &str) -> Self {
        match text {
            "upload" => Self::Upload,
            "start" => Self::Start,
            "hide" => Self::Hide,
            "copy" => Self::Copy,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

/// The state of the replication of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    Unknown(String),
}

impl ReplicationStatus {
    /// The service writes states in either case.
    fn from_wire(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "PENDING" => Self::Pending,
            "COMPLETED" => Self::Completed,
            "FAILED" => Self::Failed,
            "REPLICA" => Self::Replica,
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

/// A version of a file, a marker that hides one, or an unfinished large file; [`FileVersion::action`] says which.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileVersion {
    /// The account id; empty if the answer does not state it.
    pub account_id: AccountId,
    /// The bucket id; empty if the answer does not state it.
    pub bucket_id: BucketId,
    /// The id of the version.
    pub id: FileId,
    /// The file name.
    pub name: FileName,
    /// What the version is.
    pub action: Action,
    /// The length in bytes; 0 for hide markers and unfinished large files.
    pub content_length: u64,
    /// The media type; `None` if the answer does not contain it.
    pub content_type: Option<String>,
    /// The SHA-1 checksum.
    pub sha1: ContentSha1,
    /// The MD5 checksum in hexadecimal digits; `None` for large files.
    pub content_md5: Option<String>,
    /// The file info; names in lower case.
    pub info: BTreeMap<String, String>,
    /// When the file was uploaded; for a large file, when it was started.
    pub uploaded: UnixMillis,
    /// How the file is encrypted.
    pub encryption: Encryption,
    /// The retention of the version.
    pub retention: Readable<FileRetention>,
    /// Whether the version has a legal hold.
    pub legal_hold: Readable<LegalHold>,
    /// The state of its replication; `None` if no replication rule matches it.
    pub replication_status: Option<ReplicationStatus>,
}

impl<'de> Deserialize<'de> for FileVersion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Members::of(deserializer)?).map_err(D::Error::custom)
    }
}

impl FromMembers for FileVersion {
    /// Only what a caller goes by (id, name, time and, of a file, length) must have a known
    /// form; whatever else has an unknown one is absent or unknown.
    fn read(mut row: Members) -> Result<Self, String> {
        let action = row.open("action", Action::from_wire).unwrap_or(Action::Unknown(String::new()));
        let has_content = matches!(action, Action::Upload | Action::Copy);
        let name: FileName = row.required("fileName")?;
        let of_file = |why: String| format!("{why}, of file {:?}", name.as_str());
        Ok(Self {
            account_id: AccountId::new(row.lenient::<String>("accountId").unwrap_or_default()),
            bucket_id: BucketId::new(row.lenient::<String>("bucketId").unwrap_or_default()),
            id: row.required("fileId").map_err(of_file)?,
            content_length: if has_content {
                row.required("contentLength").map_err(of_file)?
            } else {
                row.lenient("contentLength").unwrap_or_default()
            },
            action,
            content_type: row.lenient("contentType"),
            sha1: row.lenient("contentSha1").unwrap_or(ContentSha1::None),
            content_md5: row.lenient("contentMd5"),
            info: row.texts("fileInfo"),
            uploaded: row.required("uploadTimestamp").map_err(of_file)?,
            encryption: row.lenient("serverSideEncryption").unwrap_or_default(),
            retention: row.lenient("fileRetention").unwrap_or_default(),
            legal_hold: row.lenient("legalHold").unwrap_or_default(),
            replication_status: row.open("replicationStatus", ReplicationStatus::from_wire),
            name,
        })
    }
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
