//! Buckets: list, create, update, delete.
//!
//! ```no_run
//! use b2_client::buckets::{Bucket, LifecycleRule, UpdateBucket};
//! use b2_client::{BucketId, Client};
//! # async fn example(b2: Client, id: BucketId) -> Result<(), b2_client::Error> {
//! // Reads the bucket and updates it only if nobody else changed it in between; starts over if somebody did.
//! let rule = LifecycleRule::new("").days_from_hiding_to_deleting(30);
//! let change = |found: &Bucket| {
//!     let wanted = [rule.clone()];
//!     (found.lifecycle_rules != wanted).then(|| UpdateBucket::new(found.id.clone()).lifecycle_rules(wanted))
//! };
//! let bucket = b2.buckets().modify(&id, change).await?;
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

use serde::{Deserialize, Deserializer, Serialize};

pub use cors::CorsRule;
pub use encryption::Encryption;
pub use lifecycle::LifecycleRule;
pub use lock::{DefaultRetention, FileLock, Period, RetentionMode};
pub use replication::{Replication, ReplicationDestination, ReplicationRule, ReplicationSource};
pub use request::{CreateBucket, ListBuckets, UpdateBucket};

use crate::client::{Client, WithAccount, done_before};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, Revision};
use crate::members::Members;
use crate::names::BucketName;
use crate::operations;
use crate::readable::Readable;
use crate::service::call;

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
        let Some(allowed) = account.allowed_buckets.as_ref().filter(|_| request.is_unfiltered()) else {
            return self.list_once(&account.id, request).await;
        };
        let mut buckets = Vec::new();
        for bucket in allowed.iter().filter(|bucket| bucket.name.is_some()) {
            buckets.extend(self.list_once(&account.id, &request.clone().id(bucket.id.clone())).await?);
        }
        Ok(buckets)
    }

    async fn list_once(&self, account_id: &AccountId, request: &ListBuckets) -> Result<Vec<Bucket>, Error> {
        let body = WithAccount { account_id, request };
        let listed: Listed = self.client.send(call(operations::LIST_BUCKETS, &body)).await?;
        Ok(listed.buckets)
    }

    /// Returns the bucket with this name, or `None` if the account has no such bucket. A bucket that was created seconds ago may not
    /// be found yet.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn get(&self, name: &BucketName) -> Result<Option<Bucket>, Error> {
        let found = self.list(&ListBuckets::new().name(name.clone())).await?;
        Ok(found.into_iter().find(|bucket| bucket.name.as_str().eq_ignore_ascii_case(name.as_str())))
    }

    /// Returns the bucket with this id, or `None` if the account has no such bucket.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn get_by_id(&self, id: &BucketId) -> Result<Option<Bucket>, Error> {
        let found = self.list(&ListBuckets::new().id(id.clone())).await;
        match found {
            Ok(buckets) => Ok(buckets.into_iter().find(|bucket| bucket.id == *id)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Calls `look` up to four times until it finds the bucket, because a new bucket is not visible everywhere at once.
    async fn found_by<F>(&self, look: impl Fn() -> F) -> Result<Option<Bucket>, Error>
    where
        F: Future<Output = Result<Option<Bucket>, Error>>,
    {
        for attempt in 1..=3 {
            if let Some(found) = look().await? {
                return Ok(Some(found));
            }
            tokio::time::sleep(self.client.retry.random_backoff(attempt)).await;
        }
        look().await
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
        let call = call.subject(format!("bucket {}", request.bucket_name));
        match self.client.send_needing(call, &request.needs()).await {
            Err(error) if done_before(&error, &ErrorKind::NameTaken) => {
                let ours = self
                    .found_by(|| self.get(&request.bucket_name))
                    .await?
                    .filter(|bucket| request.made(bucket));
                ours.ok_or(error)
            }
            other => other,
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
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request };
        let call = call(operations::UPDATE_BUCKET, &body);
        let call = call.subject(format!("bucket {}", request.bucket_id));
        match self.client.send_needing(call, &request.needs()).await {
            Err(error) if done_before(&error, &ErrorKind::RevisionConflict) => {
                let now = self.get_by_id(&request.bucket_id).await?.filter(|bucket| request.holds(bucket));
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
        id: &BucketId,
        mut change: impl FnMut(&Bucket) -> Option<UpdateBucket>,
    ) -> Result<Bucket, Error> {
        let mut tries = 5;
        loop {
            let found = self.found_by(|| self.get_by_id(id)).await?;
            let bucket = found.ok_or_else(|| {
                Error::new("b2_update_bucket", ErrorKind::NotFound, "there is no such bucket")
                    .on(format_args!("bucket {id}"))
            })?;
            let Some(update) = change(&bucket) else { return Ok(bucket) };
            if let Some(lost) = bucket.unread.iter().find(|name| update.replaces(name)) {
                let why = format!("{lost} of the bucket has an unknown form, which the update would replace");
                return Err(Error::new("b2_update_bucket", ErrorKind::NotUnderstood, why)
                    .on(format_args!("bucket {id}")));
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
    pub async fn delete(&self, id: &BucketId) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Delete<'a> {
            bucket_id: &'a BucketId,
        }
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request: &Delete { bucket_id: id } };
        let call = call(operations::DELETE_BUCKET, &body);
        match self.client.send::<Bucket>(call.subject(format!("bucket {id}"))).await {
            Ok(_) => Ok(()),
            Err(error) if done_before(&error, &ErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
