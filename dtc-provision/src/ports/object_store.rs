//! Backblaze B2: the bucket, its keys and what lies in it.

use std::fmt;

use async_trait::async_trait;
use dtc_naming::{BucketName, ObjectPrefix};
use serde::{Deserialize, Serialize};

use super::object::Object;
use super::source::Body;
use super::version_locks::{CurrentPage, LockExtension};
use crate::ids::{AccountId, BucketId, KeyId};
use crate::port_error::PortError;
use crate::proofs::consent::{ChangeBucketSettings, ComplianceLock, Consent, DeleteOrphanKey, Term};
use crate::proofs::{Backup, Bound, Minted, SealedUse, Use};
use crate::secret::ApplicationKey;

/// The account the provisioning key belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// How many buckets it holds now (B5).
    pub buckets: usize,
    /// What the provisioning key may do, in B2's words (X1c).
    pub capabilities: Vec<String>,
}

/// What an account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// The account.
    pub account: Account,
    /// The bucket that was asked for, if it is the account's.
    pub bucket: Option<Bucket>,
}

/// What a retention allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RetentionMode {
    /// Nobody can shorten it.
    Compliance,
    /// Whoever may bypass governance can shorten it.
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

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} days", self.mode, self.days)
    }
}

/// A bucket's default retention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// What it allows.
    pub mode: RetentionMode,
    /// For how many days from a version's upload.
    pub days: u32,
}

impl Retention {
    /// What a consent to setting it says of it (B2).
    pub fn terms(self) -> [Term; 2] {
        [("mode", self.mode.to_string()), ("days", self.days.to_string())]
    }
}

/// One lifecycle rule, with all that it says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Which names it is about; empty for all.
    pub prefix: String,
    /// Days from hiding to deletion.
    pub hiding_to_deleting: Option<u32>,
    /// Days from upload to hiding.
    pub uploading_to_hiding: Option<u32>,
    /// Days from the start of a large upload to its cancellation, if it is not finished by then.
    #[serde(default)]
    pub starting_to_cancelling: Option<u32>,
    /// What else the rule says, each as `name: value`, in words that this program does not know.
    #[serde(default)]
    pub further: Vec<String>,
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = if self.prefix.is_empty() { "all names".to_owned() } else { format!("{}*", self.prefix) };
        let days = [
            ("hidden", self.uploading_to_hiding),
            ("hidden versions deleted", self.hiding_to_deleting),
            ("unfinished large uploads cancelled", self.starting_to_cancelling),
        ];
        let days = days.iter().filter_map(|(what, days)| Some(format!("{what} after {} days", (*days)?)));
        let says: Vec<String> = days.chain(self.further.iter().cloned()).collect();
        write!(f, "{names}: {}", says.join(", "))
    }
}

/// Every setting of a bucket that the standard states (B1). One that the key may not read is an error of the port,
/// never "off".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketSettings {
    /// Whether only keys of the account can read it.
    pub private: bool,
    /// Whether object lock is enabled; it can never be disabled again.
    pub object_lock: bool,
    /// Whether SSE-B2 (AES256) is the default encryption. It is every bucket's default now, so `false` is only ever read, of a bucket of
    /// before; the store takes no request for it.
    pub sse_b2: bool,
    /// Its lifecycle rules.
    pub lifecycle: Vec<Lifecycle>,
}

impl BucketSettings {
    /// What a consent to changing these settings to others says of what cannot be undone: object lock stays on (B3).
    pub fn terms_of_change(&self, to: &Self) -> Vec<Term> {
        let enabled = to.object_lock && !self.object_lock;
        enabled.then(|| ("object_lock", "enabled for ever".to_owned())).into_iter().collect()
    }
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
    /// The default retention of new versions (B2).
    pub retention: Option<Retention>,
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

/// How much of an object to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Its first bytes, this many; all of it if it is smaller.
    Beginning(u64),
    /// Bytes from the middle of it; fewer where it ends before.
    Span {
        /// The position of the first.
        from: u64,
        /// How many; not none.
        len: u64,
    },
}

/// A page of a listing.
#[derive(Clone, Debug, Default)]
pub struct ObjectPage {
    /// The objects, in byte order of their names.
    pub objects: Vec<Object>,
    /// Rows that are not understood, a line each: they may be objects too.
    pub not_understood: Vec<String>,
    /// Where the next page starts; `None` when this was the last.
    pub next: Option<String>,
}

/// A bucket read with the key that the vault holds for one appliance (V3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAccess {
    /// The bucket.
    pub bucket: Bucket,
    /// The appliance whose key it is.
    pub backup: Backup,
}

impl SealedUse for BucketAccess {}
impl Use for BucketAccess {
    type Secret = ApplicationKey;

    fn describe(&self) -> String {
        format!("reading the bucket {}", self.bucket.name)
    }

    fn identity(&self) -> Option<Backup> {
        (self.backup.bucket == self.bucket.name).then(|| self.backup.clone())
    }
}

/// Reads the object store.
#[async_trait]
pub trait ObjectStoreView: Send + Sync {
    /// The account, how many buckets it holds, and the bucket of this name, if it is the account's.
    async fn holdings(&self, wanted: &BucketName) -> Result<Holdings, PortError>;
    /// The bucket of this name, if it is ours.
    async fn bucket(&self, name: &BucketName) -> Result<Option<Bucket>, PortError>;
    /// Every key of the account, of both key worlds (K2a).
    async fn keys(&self) -> Result<Vec<Key>, PortError>;
    /// A page of the newest versions under a prefix.
    async fn objects(
        &self,
        bucket: &Bucket,
        prefix: &ObjectPrefix,
        from: Option<&str>,
    ) -> Result<ObjectPage, PortError>;
    /// A page of the current versions in a bucket, with their retention; an empty page may have one after it.
    async fn current_versions(&self, bucket: &Bucket, from: Option<&str>) -> Result<CurrentPage, PortError>;
    /// An object's bytes, fetched with the key that the vault holds (V3).
    async fn fetch(
        &self,
        access: Bound<'_, BucketAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError>;
}

/// Writes the object store.
#[async_trait]
pub trait ObjectStore: ObjectStoreView {
    /// Creates a bucket; a name taken elsewhere is [`PortErrorKind::Conflict`](crate::PortErrorKind::Conflict).
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
    /// Extends the lock of one version, in compliance mode. Refused where it would be shortened.
    async fn extend_lock(&self, bucket: &Bucket, extension: LockExtension) -> Result<(), PortError>;
    /// Mints a key restricted to the bucket. Never tried twice: a lost answer is an orphan (K3).
    async fn create_key(&self, bucket: &Bucket, spec: &KeySpec) -> Result<Minted<ApplicationKey>, PortError>;
    /// Deletes one orphaned key, by its id.
    async fn delete_key(&self, key: &KeyId, consent: Consent<DeleteOrphanKey>) -> Result<(), PortError>;
}
