//! Backblaze B2: the bucket, its keys and what lies in it.

use std::fmt;

use async_trait::async_trait;
use dtc_naming::{BucketName, ObjectPrefix};
use jiff::Timestamp;
use rclone_crypt::StoredSha1;
use serde::{Deserialize, Serialize};

use super::{AccountId, Body, BucketId, KeyId, ObjectId, PortError};
use crate::consent::{ChangeBucketSettings, ComplianceLock, Consent, DeleteOrphanKey};
use crate::escrow::{Escrowed, Minted};
use crate::secret::ApplicationKey;

/// The account the provisioning key belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// How many buckets it holds now (B5).
    pub buckets: usize,
}

/// How a version is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RetentionMode {
    /// Nobody shortens it.
    Compliance,
    /// Whoever may bypass governance shortens it.
    Governance,
}

impl fmt::Display for RetentionMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compliance => "compliance",
            Self::Governance => "governance",
        })
    }
}

/// A bucket's default retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// How versions are held.
    pub mode: RetentionMode,
    /// For how many days from their upload.
    pub days: u32,
}

/// One lifecycle rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Which names it is about; empty for all.
    pub prefix: String,
    /// Days from hiding to deletion.
    pub hiding_to_deleting: Option<u32>,
    /// Days from upload to hiding.
    pub uploading_to_hiding: Option<u32>,
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = if self.prefix.is_empty() { "all names".to_owned() } else { format!("{}*", self.prefix) };
        write!(f, "{names}:")?;
        let mut days = |what: &str, days: Option<u32>| match days {
            Some(days) => write!(f, " {what} after {days} days"),
            None => Ok(()),
        };
        days("hidden", self.uploading_to_hiding)?;
        days("hidden versions deleted", self.hiding_to_deleting)
    }
}

/// What the standard has to say about a bucket (B1, B2). `None` in a field that the key may not read is unknown, and
/// an error of the port, never "off".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketSettings {
    /// Whether strangers can read it.
    pub private: bool,
    /// Whether object lock is enabled; it can never be disabled again.
    pub object_lock: bool,
    /// Whether SSE-B2 (AES256) is the default encryption.
    pub sse_b2: bool,
    /// Its lifecycle rules.
    pub lifecycle: Vec<Lifecycle>,
    /// The default retention of new versions.
    pub retention: Option<Retention>,
}

/// A bucket of our account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Its id.
    pub id: BucketId,
    /// Its name.
    pub name: BucketName,
    /// Rises with every update; updates name the one they saw (B4).
    pub revision: u64,
    /// Its settings.
    pub settings: BucketSettings,
}

/// What a bucket is created as; retention follows in a second call, since creation does not take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketSpec {
    /// Its name.
    pub name: BucketName,
    /// Its settings, as B1 has them.
    pub settings: BucketSettings,
}

/// An application key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// Its name; not unique.
    pub name: String,
    /// What it may do, in B2's words.
    pub capabilities: Vec<String>,
    /// The buckets it is restricted to; empty when it reaches the whole account.
    pub buckets: Vec<BucketId>,
}

/// The key to mint (K1, K2, K2a).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeySpec {
    /// Its name: the bucket's (N7).
    pub name: BucketName,
    /// What it may do, in B2's words.
    pub capabilities: Vec<String>,
}

/// An object's newest version.
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

/// How much of an object to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its first bytes, this many; all of it if it is smaller.
    Beginning(u64),
}

/// A page of a listing.
#[derive(Clone, Debug, Default)]
pub struct ObjectPage {
    /// The objects, in byte order of their names.
    pub objects: Vec<Object>,
    /// Where the next page starts; `None` when this was the last.
    pub next: Option<String>,
}

/// Reads the object store.
#[async_trait]
pub trait ObjectStoreView: Send + Sync {
    /// The account and its head-room.
    async fn account(&self) -> Result<Account, PortError>;
    /// The bucket of this name, if it is ours.
    async fn bucket(&self, name: &BucketName) -> Result<Option<Bucket>, PortError>;
    /// Every key restricted to this bucket or bearing its name, of both key worlds (K2a).
    async fn keys(&self, bucket: &Bucket) -> Result<Vec<Key>, PortError>;
    /// A page of the newest versions under a prefix.
    async fn objects(
        &self,
        bucket: &Bucket,
        prefix: &ObjectPrefix,
        from: Option<&str>,
    ) -> Result<ObjectPage, PortError>;
    /// An object's bytes, fetched with the key that the vault holds (V3).
    async fn fetch(
        &self,
        key: &Escrowed<ApplicationKey>,
        bucket: &Bucket,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError>;
}

/// Writes the object store.
#[async_trait]
pub trait ObjectStore: ObjectStoreView {
    /// Creates a bucket; a name taken elsewhere is [`PortErrorKind::Conflict`](super::PortErrorKind::Conflict).
    async fn create_bucket(&self, spec: &BucketSpec) -> Result<Bucket, PortError>;
    /// Brings an existing bucket's settings to these, if its revision is still the one seen; retention is left alone.
    async fn change_bucket(
        &self,
        bucket: &Bucket,
        settings: &BucketSettings,
        consent: Consent<ChangeBucketSettings>,
    ) -> Result<Bucket, PortError>;
    /// Sets compliance retention, if the bucket's revision is still the one seen (B2, B4).
    async fn lock_bucket(
        &self,
        bucket: &Bucket,
        retention: Retention,
        consent: Consent<ComplianceLock>,
    ) -> Result<Bucket, PortError>;
    /// Mints a key restricted to the bucket. Never tried twice: a lost answer is an orphan (K3).
    async fn create_key(&self, bucket: &Bucket, spec: &KeySpec) -> Result<Minted<ApplicationKey>, PortError>;
    /// Deletes one orphaned key, by its id.
    async fn delete_key(&self, key: &KeyId, consent: Consent<DeleteOrphanKey>) -> Result<(), PortError>;
}
