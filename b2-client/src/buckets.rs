//! Buckets: list, create, update, delete.
//!
//! ```no_run
//! use b2_client::buckets::{
//!     Bucket, CreateBucket, DefaultRetention, Encryption, LifecycleRule, Period, UpdateBucket, Visibility,
//! };
//! use b2_client::{BucketName, Client};
//! # async fn example(b2: Client, photos: BucketName) -> Result<(), b2_client::Error> {
//! let request = CreateBucket::new(photos.clone(), Visibility::Private).object_lock().encryption(Encryption::SseB2);
//! let bucket = b2.buckets().create(&request).await?;
//! let two_weeks = DefaultRetention::compliance(Period::Days(14));
//! let update = UpdateBucket::new(&bucket).if_revision(bucket.revision).default_retention(two_weeks);
//! assert!(b2.buckets().update(&update).await?.file_lock.known().is_some());
//!
//! // Reads the bucket and updates it only if nobody else changed it in between; starts over if somebody did.
//! let rule = LifecycleRule::new("").days_from_hiding_to_deleting(30);
//! let change = |found: &Bucket| {
//!     let wanted = [rule.clone()];
//!     (found.lifecycle_rules != wanted).then(|| UpdateBucket::new(found).lifecycle_rules(wanted))
//! };
//! let bucket = b2.buckets().modify(photos, change).await?;
//! assert_eq!(bucket.lifecycle_rules, [rule]);
//! # Ok(()) }
//! ```

mod cors;
mod encryption;
mod lifecycle;
mod lock;
mod replication;
mod request;

use std::collections::BTreeMap;

use http_core::{Service as _, Wait};
use serde::{Deserialize, Deserializer, Serialize};

pub use cors::CorsRule;
pub use encryption::Encryption;
pub use lifecycle::LifecycleRule;
pub use lock::{DefaultRetention, FileLock, Period, RetentionMode};
pub use replication::{Replication, ReplicationDestination, ReplicationRule, ReplicationSource};
pub use request::{CreateBucket, ListBuckets, UpdateBucket};

use tokio::time::Instant;

use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::client::{Client, WithAccount, done_before};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, Revision};
use crate::members::Members;
use crate::names::BucketName;
use crate::operations;
use crate::readable::Readable;
use crate::service::{B2, call};

/// Who may read the bucket's files; B2 calls it the bucket type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum Visibility {
    /// Only requests authorised with a key or a download token.
    #[serde(rename = "allPrivate")]
    Private,
    /// Everybody.
    #[serde(rename = "allPublic")]
    Public,
    /// The bucket holds snapshots created by Backblaze.
    #[serde(rename = "snapshot")]
    Snapshot,
    /// A bucket type that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

impl Visibility {
    fn from_wire(text: &str) -> Self {
        match text {
            "allPrivate" => Self::Private,
            "allPublic" => Self::Public,
            "snapshot" => Self::Snapshot,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

/// A bucket and its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bucket {
    /// The account that the bucket belongs to; empty, as are id and name, if the answer does not state it.
    pub account_id: AccountId,
    /// The bucket id.
    pub id: BucketId,
    /// The bucket name.
    pub name: BucketName,
    /// Who may read the files.
    pub visibility: Visibility,
    /// User-defined key-value pairs.
    pub info: BTreeMap<String, String>,
    /// Which web pages may access the bucket from a browser.
    pub cors_rules: Vec<CorsRule>,
    /// When the service hides and deletes files automatically.
    pub lifecycle_rules: Vec<LifecycleRule>,
    /// Options that the service set, such as `s3`.
    pub options: Vec<String>,
    /// Increases with each update.
    pub revision: Revision,
    /// The encryption of new files whose upload does not specify one.
    pub default_encryption: Readable<Encryption>,
    /// Object lock and default retention.
    pub file_lock: Readable<FileLock>,
    /// The bucket's replication settings.
    pub replication: Readable<Replication>,
    /// The members of the answer, such as `lifecycleRules`, that have a form which this crate does not know. They read as empty here, and
    /// [`Buckets::modify`] refuses to replace them.
    pub unread: Vec<String>,
}

impl<'de> Deserialize<'de> for Bucket {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Members::of(deserializer).map(Self::read)
    }
}

impl Bucket {
    /// Reads a bucket from the members of its row. Nothing can be done to one without an id or a revision: the service refuses that.
    fn read(mut row: Members) -> Self {
        let mut unread = Vec::new();
        let text = |row: &mut Members, name: &str| row.lenient::<String>(name).unwrap_or_default();
        Self {
            account_id: AccountId::new(text(&mut row, "accountId")),
            id: BucketId::new(text(&mut row, "bucketId")),
            name: BucketName::reported(text(&mut row, "bucketName")),
            visibility: row
                .open("bucketType", Visibility::from_wire)
                .unwrap_or(Visibility::Unknown(String::new())),
            info: row.noted("bucketInfo", &mut unread),
            cors_rules: row.noted("corsRules", &mut unread),
            lifecycle_rules: row.noted("lifecycleRules", &mut unread),
            options: row.noted("options", &mut unread),
            revision: Revision::new(row.lenient("revision").unwrap_or_default()),
            default_encryption: row.lenient("defaultServerSideEncryption").unwrap_or_default(),
            file_lock: row.lenient("fileLockConfiguration").unwrap_or_default(),
            replication: row.lenient("replicationConfiguration").unwrap_or_default(),
            unread,
        }
    }
}

/// Operations on buckets; returned by [`Client::buckets`].
#[derive(Clone, Copy, Debug)]
pub struct Buckets<'a> {
    pub(crate) client: &'a Client,
}

#[derive(Deserialize)]
struct Listed {
    buckets: Vec<Bucket>,
}

impl Client {
    /// Returns the handle for buckets.
    pub fn buckets(&self) -> Buckets<'_> {
        Buckets { client: self }
    }
}

impl Buckets<'_> {
    /// Lists the buckets that match the request.
    ///
    /// This is one request, because the service does not page this listing. A key restricted to buckets may only ask for one bucket
    /// at a time; without a filter, this is then one request for each of the key's buckets.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] without `listBuckets`, or when a restricted key asks for a bucket that it may not access.
    pub async fn list(&self, request: &ListBuckets) -> Result<Vec<Bucket>, Error> {
        let account = self.client.account().await?;
        let Some(allowed) = account.allowed_buckets.as_ref().filter(|_| request.bucket.is_none()) else {
            return self.list_once(&account.id, request).await;
        };
        let mut buckets = Vec::new();
        for bucket in allowed.iter().filter(|bucket| bucket.name.is_some()) {
            buckets.extend(self.list_once(&account.id, &request.clone().bucket(&bucket.id)).await?);
        }
        Ok(buckets)
    }

    async fn list_once(&self, account_id: &AccountId, request: &ListBuckets) -> Result<Vec<Bucket>, Error> {
        let body = WithAccount { account_id, request };
        let call = call(operations::LIST_BUCKETS, &body);
        let call = match &request.bucket {
            Some(bucket) => call.subject(bucket),
            None => call.subject(format_args!("account {account_id}")),
        };
        let listed: Listed = self.client.send(call).await?;
        for bucket in &listed.buckets {
            self.client.bucket_ids.note(&bucket.id, &bucket.name);
        }
        Ok(listed.buckets)
    }

    /// Returns the bucket, or `None` if the account has no such bucket. A bucket that was created seconds ago may not be found yet.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn get(&self, bucket: impl Into<BucketRef>) -> Result<Option<Bucket>, Error> {
        let bucket = bucket.into();
        match self.list(&ListBuckets::new().bucket(&bucket)).await {
            Ok(found) => Ok(found.into_iter().find(|found| bucket.is(found))),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Looks up to four times until the bucket is found, because a new bucket is not visible everywhere at once.
    async fn get_soon(&self, bucket: &BucketRef) -> Result<Option<Bucket>, Error> {
        let (policy, started) = (self.client.retry.attempts(4), Instant::now());
        let mut attempt = 0;
        loop {
            if let Some(found) = self.get(bucket).await? {
                return Ok(Some(found));
            }
            attempt += 1;
            let spent = started.elapsed();
            let Some(pause) = policy.next_backoff(attempt, None, spent) else { return Ok(None) };
            let operation = operations::LIST_BUCKETS.name();
            let wait = Wait::new(B2::NAME, operation, attempt + 1, "the bucket is not visible yet")
                .on(Some(bucket.to_string()))
                .of(policy.attempts)
                .lasting(pause, policy.deadline.saturating_sub(spent));
            self.client.wait(wait).await;
        }
    }

    /// Creates a bucket. The service accepts default retention only in [`update`](Self::update).
    ///
    /// If the answer to an attempt is lost and the next attempt fails because the name exists, the bucket is looked up. It is
    /// returned as created if it has what the request asks for. Settings that the request leaves to the service are not compared,
    /// except that a bucket with object lock or default retention which were not asked for is not taken for the created one.
    ///
    /// # Errors
    /// [`ErrorKind::NameTaken`], [`ErrorKind::TooManyBuckets`], [`ErrorKind::Unauthorized`], [`ErrorKind::AccountNotReady`].
    pub async fn create(&self, request: &CreateBucket) -> Result<Bucket, Error> {
        request.check()?;
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request };
        let call = call(operations::CREATE_BUCKET, &body);
        let named = BucketRef::from(&request.bucket_name);
        match self.client.send_needing(call.subject(&named), &request.needs()).await {
            Err(error) if done_before(&error, &ErrorKind::NameTaken) => {
                let ours = self.get_soon(&named).await?.filter(|bucket| request.made(bucket));
                ours.ok_or(error)
            }
            other => other.inspect(|bucket: &Bucket| self.client.bucket_ids.note(&bucket.id, &bucket.name)),
        }
    }

    /// Changes the settings that the request sets. Lists and maps are replaced as a whole.
    ///
    /// If the answer to an attempt is lost and the next attempt fails because the revision is newer, the bucket is looked up. It is
    /// returned as updated if its settings are those of the request.
    ///
    /// # Errors
    /// [`ErrorKind::RevisionConflict`] when the revision is not that of [`UpdateBucket::if_revision`], [`ErrorKind::LockConflict`] for
    /// retention on a bucket without object lock or for turning object lock off, [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn update(&self, request: &UpdateBucket) -> Result<Bucket, Error> {
        request.check()?;
        let update =
            |found: FoundBucket| async move { self.update_once(&request.clone().of(found.bucket)).await };
        self.client.in_bucket(operations::UPDATE_BUCKET, &request.bucket, update).await
    }

    async fn update_once(&self, request: &UpdateBucket) -> Result<Bucket, Error> {
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request };
        let call = call(operations::UPDATE_BUCKET, &body).subject(&request.bucket);
        match self.client.send_needing(call, &request.needs()).await {
            Err(error) if done_before(&error, &ErrorKind::RevisionConflict) => {
                let now = self.get(&request.bucket).await?.filter(|bucket| request.holds(bucket));
                now.ok_or(error)
            }
            other => other,
        }
    }

    /// Reads the bucket, calls `change`, and sends the returned update on condition that the bucket has not been changed since it was
    /// read. If it has been changed, this starts over, up to five times in all.
    ///
    /// `change` returns `None` if the bucket needs no update; the bucket is then returned as it was read.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such bucket; [`ErrorKind::NotUnderstood`] when the update would replace a setting that is
    /// among the [`unread`](Bucket::unread); as [`update`](Self::update) otherwise.
    pub async fn modify(
        &self,
        bucket: impl Into<BucketRef>,
        mut change: impl FnMut(&Bucket) -> Option<UpdateBucket>,
    ) -> Result<Bucket, Error> {
        let named = bucket.into();
        let mut tries = 5;
        loop {
            let found = self.get_soon(&named).await?;
            let bucket = found.ok_or_else(|| {
                Error::new("b2_update_bucket", ErrorKind::NotFound, "there is no such bucket").on(&named)
            })?;
            let Some(update) = change(&bucket) else { return Ok(bucket) };
            if let Some(lost) = bucket.unread.iter().find(|name| update.replaces(name)) {
                let why = format!("{lost} of the bucket has an unknown form, which the update would replace");
                let subject = BucketRef::from(&bucket);
                return Err(Error::new("b2_update_bucket", ErrorKind::NotUnderstood, why).on(subject));
            }
            tries -= 1;
            match self.update(&update.if_revision(bucket.revision)).await {
                Err(error) if *error.kind() == ErrorKind::RevisionConflict && tries > 0 => {}
                other => return other,
            }
        }
    }

    /// Deletes an empty bucket. Succeeds if an earlier attempt of the same call deleted it.
    ///
    /// # Errors
    /// [`ErrorKind::BucketNotEmpty`] while it holds any version of any file, [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn delete(&self, bucket: impl Into<BucketRef>) -> Result<(), Error> {
        let delete = |found: FoundBucket| async move {
            let account = self.client.account().await?;
            let body = WithAccount { account_id: &account.id, request: &found.bucket };
            let call = call(operations::DELETE_BUCKET, &body).subject(&found.bucket);
            match self.client.send::<Bucket>(call).await {
                Err(error) if !done_before(&error, &ErrorKind::NotFound) => Err(error),
                _ => {
                    self.client.bucket_ids.forget(&found.id);
                    Ok(())
                }
            }
        };
        self.client.in_bucket(operations::DELETE_BUCKET, &bucket.into(), delete).await
    }
}

impl BucketRef {
    /// Whether this names `bucket`: by the id if it is known, else by the name, whose case does not matter to the service.
    pub(crate) fn is(&self, bucket: &Bucket) -> bool {
        match (self.id(), self.name()) {
            (Some(id), _) => bucket.id == *id,
            (None, Some(name)) => bucket.name.is(name),
            (None, None) => false,
        }
    }
}

impl From<&Bucket> for BucketRef {
    /// Takes id and name: no request is needed for either, and errors contain both.
    fn from(bucket: &Bucket) -> Self {
        Self::known(bucket.id.clone(), bucket.name.clone())
    }
}

impl From<Bucket> for BucketRef {
    /// As for a reference to one.
    fn from(bucket: Bucket) -> Self {
        Self::known(bucket.id, bucket.name)
    }
}
