//! An object of Backblaze B2.

use jiff::Timestamp;
use rclone_crypt::StoredSha1;

use crate::ids::ObjectId;

/// A version of an object; of most listings the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The version's id.
    pub id: ObjectId,
    /// Its full name.
    pub name: String,
    /// Its size in the bucket, in bytes.
    pub size: u64,
    /// When it was uploaded.
    pub uploaded: Timestamp,
    /// The source's modification time, as the uploader noted it (`src_last_modified_millis`).
    pub source_modified: Option<Timestamp>,
    /// The SHA-1 of its stored bytes as the store holds it (`contentSha1`, of a large file `large_file_sha1`).
    pub sha1: Option<StoredSha1>,
}
