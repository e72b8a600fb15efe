//! What the service says: the account, buckets, keys, versions of files.

use std::collections::BTreeMap;
use std::time::Duration;

use b2_client::buckets as b2_buckets;
use b2_client::files::{self, Action, ContentSha1, LegalHold, ReplicationStatus};
use b2_client::{Capability, UnixMillis, keys};
use pyo3::prelude::*;

use super::readable::Readable;
use super::settings::{
    CorsRule, FileLock, FileRetention, LifecycleRule, Replication, encryption_name, name_of,
};
use crate::values::{Time, value_class};

value_class! {
    /// A bucket that a restricted key may access.
    AllowedBucket {
        /// The bucket's id.
        id: String,
        /// The bucket's name; ``None`` when the bucket has been deleted.
        name: Option<String> = None,
    }
}

value_class! {
    /// The account that the key belongs to, and what the key may do. The URLs can change with each login.
    Account {
        /// The account id.
        id: String,
        /// What the key may do, by the service's names, such as ``"listBuckets"``.
        capabilities: Vec<String>,
        /// The buckets that the key is restricted to; ``None`` for the whole account.
        allowed_buckets: Option<Vec<AllowedBucket>> = None,
        /// The prefix that file names must have for this key; ``None`` for no restriction.
        name_prefix: Option<String> = None,
        /// When the key expires; ``None`` if it does not.
        key_expires: Option<Time> = None,
        /// The recommended part size for large files, in bytes.
        recommended_part_size: u64,
        /// The smallest allowed size of a part but the last, in bytes.
        minimum_part_size: u64,
        /// The base URL of the native API.
        api_url: String,
        /// The base URL of downloads.
        download_url: String,
        /// The base URL of the S3-compatible API.
        s3_url: String,
    }

    /// Whether the key has this capability.
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
    fn can(&self, capability: String) -> bool {
        self.capabilities.contains(&capability)
    }

    /// Those of the wanted capabilities that the key does not have.
    fn missing(&self, wanted: Vec<String>) -> Vec<String> {
        wanted.into_iter().filter(|capability| !self.capabilities.contains(capability)).collect()
    }
}

value_class! {
    /// A bucket and its settings.
    Bucket {
        /// The account that the bucket belongs to.
        account_id: String = (String::new()),
        /// The bucket id.
        id: String,
        /// The bucket name.
        name: String,
        /// Who may read the files: ``"allPrivate"``, ``"allPublic"``, ``"snapshot"``.
        visibility: String = (String::from("allPrivate")),
        /// User-defined key-value pairs.
        info: BTreeMap<String, String> = (BTreeMap::new()),
        /// Which web pages may access the bucket from a browser.
        cors_rules: Vec<CorsRule> = (Vec::new()),
        /// When the service hides and deletes files automatically.
        lifecycle_rules: Vec<LifecycleRule> = (Vec::new()),
        /// Options that the service set, such as ``"s3"``.
        options: Vec<String> = (Vec::new()),
        /// Increases with each update.
        revision: u64,
        /// The encryption of new files whose upload does not specify one: ``"SSE-B2"``, ``"none"``.
        default_encryption: Readable<String>,
        /// Object lock and default retention.
        file_lock: Readable<FileLock>,
        /// The bucket's replication settings.
        replication: Readable<Replication>,
        /// The members of the answer that have an unknown form. They read as empty here, and ``modify`` refuses to replace them.
        unread: Vec<String> = (Vec::new()),
    }
}

value_class! {
    /// An application key without its secret.
    Key {
        /// The account that the key belongs to.
        account_id: String = (String::new()),
        /// The key id, its public half.
        id: String,
        /// The name. Not unique.
        name: String,
        /// What the key may do, by the service's names.
        capabilities: Vec<String>,
        /// When the key expires; ``None`` if it does not.
        expires: Option<Time> = None,
        /// The ids of the buckets that the key is restricted to; ``None`` for the whole account.
        bucket_ids: Option<Vec<String>> = None,
        /// The prefix that file names must have for this key; ``None`` for no restriction.
        name_prefix: Option<String> = None,
        /// Options that the service set, such as ``"s3"``.
        options: Vec<String> = (Vec::new()),
    }

    /// Whether the key is restricted, and this bucket, by its id, is one that it may access.
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
    fn is_restricted_to(&self, bucket_id: String) -> bool {
        self.bucket_ids.as_ref().is_some_and(|ids| ids.contains(&bucket_id))
    }
}

value_class! {
    /// A version of a file, a marker that hides one, or an unfinished large file; ``action`` says which.
    FileVersion {
        /// The account id; empty if the answer does not state it.
        account_id: String = (String::new()),
        /// The bucket id; empty if the answer does not state it.
        bucket_id: String = (String::new()),
        /// The id of the version.
        id: String,
        /// The file name.
        name: String,
        /// What it is: ``"upload"``, ``"start"`` for an unfinished large file, ``"hide"`` for a marker, ``"copy"`` for a new copy.
        action: String,
        /// The length in bytes; 0 for hide markers and unfinished large files.
        content_length: u64,
        /// The media type; ``None`` if the answer does not contain it.
        content_type: Option<String> = None,
        /// The SHA-1 checksum in hexadecimal digits; ``None`` if the service has none.
        sha1: Option<String> = None,
        /// Whether the service computed the checksum itself, or only keeps what the uploader said.
        sha1_verified: bool = false,
        /// The checksum of the whole file: the service's, or what the uploader noted for a large file.
        whole_sha1: Option<String> = None,
        /// The MD5 checksum in hexadecimal digits; ``None`` for large files.
        content_md5: Option<String> = None,
        /// The file info; names in lower case.
        info: BTreeMap<String, String> = (BTreeMap::new()),
        /// When the file was uploaded; for a large file, when it was started.
        uploaded: Time,
        /// When the source was last modified, if the file info says so.
        source_modified: Option<Time> = None,
        /// How the file is encrypted: ``"SSE-B2"``, ``"SSE-C"``, ``"none"``.
        encryption: String = (String::from("none")),
        /// The retention of the version; ``None`` for none.
        retention: Readable<Option<FileRetention>>,
        /// The legal hold of the version: ``"on"`` or ``"off"``.
        legal_hold: Readable<String>,
        /// The state of its replication, such as ``"completed"``; ``None`` if no replication rule matches it.
        replication_status: Option<String> = None,
    }
}

value_class! {
    /// A common prefix of files in a listing with a delimiter.
    Folder {
        /// The prefix, which ends with the delimiter.
        name: String,
    }
}

value_class! {
    /// An uploaded part of an unfinished large file.
    Part {
        /// The id of the large file.
        file_id: String,
        /// The number of the part, counted from 1.
        part_number: u32,
        /// The length in bytes.
        content_length: u64,
        /// The SHA-1 checksum in hexadecimal digits.
        sha1: String,
        /// The MD5 checksum in hexadecimal digits, if the service reports it.
        content_md5: Option<String> = None,
        /// When the part was uploaded.
        uploaded: Option<Time> = None,
        /// How the part is encrypted.
        encryption: String = (String::from("none")),
    }
}

value_class! {
    /// What the service says of a downloaded file.
    DownloadHead {
        /// The id of the version; some answers have lacked it.
        id: Option<String> = None,
        /// The file name; ``None`` if the answer does not state it.
        name: Option<String> = None,
        /// The length in bytes of the file, or of the range.
        content_length: u64,
        /// The range and the length of the whole file, as ``bytes 0-9/100``; ``None`` for a whole file.
        content_range: Option<String> = None,
        /// The media type.
        content_type: Option<String> = None,
        /// The ``Content-Disposition``.
        content_disposition: Option<String> = None,
        /// The ``Content-Language``.
        content_language: Option<String> = None,
        /// The ``Content-Encoding``. The content is not decoded.
        content_encoding: Option<String> = None,
        /// The ``Cache-Control``.
        cache_control: Option<String> = None,
        /// The ``Expires``.
        expires: Option<String> = None,
        /// The SHA-1 checksum in hexadecimal digits; ``None`` if the service has none.
        sha1: Option<String> = None,
        /// Whether the service computed the checksum itself.
        sha1_verified: bool = false,
        /// The checksum of the whole file: the service's, or what the uploader noted for a large file.
        whole_sha1: Option<String> = None,
        /// The file info; names in lower case.
        info: BTreeMap<String, String> = (BTreeMap::new()),
        /// When the file was uploaded.
        uploaded: Option<Time> = None,
        /// How the file is encrypted.
        encryption: String = (String::from("none")),
        /// The retention of the version; ``None`` for none.
        retention: Readable<Option<FileRetention>>,
        /// The legal hold of the version: ``"on"`` or ``"off"``.
        legal_hold: Readable<String>,
    }
}

value_class! {
    /// A file that was saved.
    SavedFile {
        /// What the service says of it.
        head: DownloadHead,
        /// Whether the content was compared with a checksum; ``False`` if the service has none, and for a range.
        verified: bool,
    }
}

value_class! {
    /// How many versions are in which state of replication.
    ReplicationCounts {
        /// Versions that wait to be copied, or are being copied.
        pending: u64,
        /// Versions that have been copied.
        completed: u64,
        /// Versions that could not be copied.
        failed: u64,
        /// Versions that are themselves replicas.
        replica: u64,
        /// Versions in a state that is not known.
        unknown: u64,
        /// Versions that no rule matches.
        unmatched: u64,
    }
}

value_class! {
    /// How far a transfer is. Numbers are totals.
    Progress {
        /// ``"hashed"`` while checksums are computed, ``"large_file"`` when one was started or is resumed, then ``"transferred"``.
        stage: String,
        /// Bytes so far; it can decrease when bytes must be sent again.
        bytes: u64 = 0,
        /// The length of the content in bytes; ``None`` where it is not known.
        total: Option<u64> = None,
        /// The id of the large file, which can be resumed or cancelled if the transfer is broken off.
        file_id: Option<String> = None,
    }
}

value_class! {
    /// A call has failed for now and is going to be made again.
    Wait {
        /// The operation.
        operation: String,
        /// What it is attempted on, where the call says.
        subject: Option<String> = None,
        /// Why the last attempt failed; no secret in it.
        why: String,
        /// The number of the attempt that follows: 2 or more.
        attempt: u32,
        /// How many attempts there may be in all; ``None`` where time alone decides.
        attempts: Option<u32> = None,
        /// How long until then.
        pause: Duration,
        /// How long from now until the call is given up at the latest.
        given_up_in: Duration,
    }
}

fn time(at: UnixMillis) -> Time {
    Time(at.get())
}

fn names(capabilities: &[Capability]) -> Vec<String> {
    capabilities.iter().map(|capability| capability.as_str().to_owned()).collect()
}

fn sha1_of(sum: ContentSha1) -> (Option<String>, bool) {
    (sum.digest().map(files::Sha1::to_hex), matches!(sum, ContentSha1::Verified(_)))
}

fn hold_name(hold: &LegalHold) -> String {
    hold.as_str().to_owned()
}

fn action_name(action: Action) -> String {
    match action {
        Action::Upload => "upload".to_owned(),
        Action::Start => "start".to_owned(),
        Action::Hide => "hide".to_owned(),
        Action::Copy => "copy".to_owned(),
        Action::Unknown(name) => name,
        _ => String::new(),
    }
}

fn replication_name(status: ReplicationStatus) -> String {
    match status {
        ReplicationStatus::Pending => "pending".to_owned(),
        ReplicationStatus::Completed => "completed".to_owned(),
        ReplicationStatus::Failed => "failed".to_owned(),
        ReplicationStatus::Replica => "replica".to_owned(),
        ReplicationStatus::Unknown(name) => name,
        _ => String::new(),
    }
}

impl From<&b2_client::Account> for Account {
    fn from(account: &b2_client::Account) -> Self {
        let allowed = |bucket: &b2_client::AllowedBucket| AllowedBucket {
            id: bucket.id.to_string(),
            name: bucket.name.as_ref().map(ToString::to_string),
        };
        Self {
            id: account.id.to_string(),
            capabilities: names(&account.capabilities),
            allowed_buckets: account
                .allowed_buckets
                .as_ref()
                .map(|buckets| buckets.iter().map(allowed).collect()),
            name_prefix: account.name_prefix.clone(),
            key_expires: account.key_expires.map(time),
            recommended_part_size: account.recommended_part_size,
            minimum_part_size: account.minimum_part_size,
            api_url: account.api_url.clone(),
            download_url: account.download_url.clone(),
            s3_url: account.s3_url.clone(),
        }
    }
}

impl From<b2_buckets::Bucket> for Bucket {
    fn from(bucket: b2_buckets::Bucket) -> Self {
        Self {
            account_id: bucket.account_id.to_string(),
            id: bucket.id.to_string(),
            name: bucket.name.to_string(),
            visibility: name_of(&bucket.visibility),
            info: bucket.info,
            cors_rules: bucket.cors_rules.into_iter().map(Into::into).collect(),
            lifecycle_rules: bucket.lifecycle_rules.into_iter().map(Into::into).collect(),
            options: bucket.options,
            revision: bucket.revision.get(),
            default_encryption: Readable::of(bucket.default_encryption, |mode| encryption_name(&mode)),
            file_lock: Readable::of(bucket.file_lock, Into::into),
            replication: Readable::of(bucket.replication, Into::into),
            unread: bucket.unread,
        }
    }
}

impl From<keys::Key> for Key {
    fn from(key: keys::Key) -> Self {
        Self {
            account_id: key.account_id.to_string(),
            id: key.id.to_string(),
            name: key.name.to_string(),
            capabilities: names(&key.capabilities),
            expires: key.expires.map(time),
            bucket_ids: key.bucket_ids.map(|ids| ids.iter().map(ToString::to_string).collect()),
            name_prefix: key.name_prefix,
            options: key.options,
        }
    }
}

impl From<files::FileVersion> for FileVersion {
    fn from(version: files::FileVersion) -> Self {
        let (sha1, sha1_verified) = sha1_of(version.sha1);
        Self {
            whole_sha1: version.whole_sha1().map(files::Sha1::to_hex),
            source_modified: version.source_modified().map(time),
            account_id: version.account_id.to_string(),
            bucket_id: version.bucket_id.to_string(),
            id: version.id.to_string(),
            name: version.name.to_string(),
            action: action_name(version.action),
            content_length: version.content_length,
            content_type: version.content_type,
            sha1,
            sha1_verified,
            content_md5: version.content_md5,
            info: version.info,
            uploaded: time(version.uploaded),
            encryption: encryption_name(&version.encryption),
            retention: Readable::of(version.retention, FileRetention::of),
            legal_hold: Readable::of(version.legal_hold, |hold| hold_name(&hold)),
            replication_status: version.replication_status.map(replication_name),
        }
    }
}

/// An entry of a listing with a delimiter.
#[derive(IntoPyObject)]
#[expect(clippy::large_enum_variant, reason = "handed to Python at once")]
pub(crate) enum Entry {
    File(FileVersion),
    Folder(Folder),
}

impl From<files::Entry> for Entry {
    fn from(entry: files::Entry) -> Self {
        match entry {
            files::Entry::File(version) => Self::File(version.into()),
            files::Entry::Folder(name) => Self::Folder(Folder { name }),
        }
    }
}

impl From<files::Part> for Part {
    fn from(part: files::Part) -> Self {
        Self {
            file_id: part.file_id.to_string(),
            part_number: part.part_number,
            content_length: part.content_length,
            sha1: part.sha1.to_hex(),
            content_md5: part.content_md5,
            uploaded: part.uploaded.map(time),
            encryption: encryption_name(&part.encryption),
        }
    }
}

impl From<files::DownloadHead> for DownloadHead {
    fn from(head: files::DownloadHead) -> Self {
        let (sha1, sha1_verified) = sha1_of(head.sha1);
        Self {
            whole_sha1: head.whole_sha1().map(files::Sha1::to_hex),
            id: head.id.map(|id| id.to_string()),
            name: head.name.map(|name| name.to_string()),
            content_length: head.content_length,
            content_range: head.content_range,
            content_type: head.content_type,
            content_disposition: head.content_disposition,
            content_language: head.content_language,
            content_encoding: head.content_encoding,
            cache_control: head.cache_control,
            expires: head.expires,
            sha1,
            sha1_verified,
            info: head.info,
            uploaded: head.uploaded.map(time),
            encryption: encryption_name(&head.encryption),
            retention: Readable::of(head.retention, FileRetention::of),
            legal_hold: Readable::of(head.legal_hold, |hold| hold_name(&hold)),
        }
    }
}

impl From<files::SavedFile> for SavedFile {
    fn from(saved: files::SavedFile) -> Self {
        Self { head: saved.head.into(), verified: saved.verified }
    }
}

impl From<files::ReplicationCounts> for ReplicationCounts {
    fn from(counts: files::ReplicationCounts) -> Self {
        let files::ReplicationCounts { pending, completed, failed, replica, unknown, unmatched, .. } = counts;
        Self { pending, completed, failed, replica, unknown, unmatched }
    }
}

impl Progress {
    /// ``None`` at the end, which the transfer's own result tells.
    pub(super) fn of<T>(progress: &files::Progress<T>) -> Option<Self> {
        let (stage, bytes, total, file_id) = match progress {
            files::Progress::Hashed { bytes, total } => ("hashed", *bytes, Some(*total), None),
            files::Progress::LargeFile { id, already_stored } => {
                ("large_file", *already_stored, None, Some(id.to_string()))
            }
            files::Progress::Transferred { bytes, total } => ("transferred", *bytes, *total, None),
            _ => return None,
        };
        Some(Self { stage: stage.to_owned(), bytes, total, file_id })
    }
}
