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
pub use replication::{Replication, ReplicationRule, ReplicationSource};
pub use request::{CreateBucket, ListBuckets, UpdateBucket};

use crate::client::{Client, WithAccount, done_before};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, Revision};
use crate::names::BucketName;
use crate::operations;
use crate::readable::Readable;
use crate::service::call;

/// Who may read the bucket's files; B2 calls it the bucket type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// A bucket and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Bucket {
    /// The account that the bucket belongs to.
    pub account_id: AccountId,
    /// The bucket id.
    #[serde(rename = "bucketId")]
    pub id: BucketId,
    /// The bucket name.
    #[serde(rename = "bucketName")]
    pub name: BucketName,
    /// Who may read the files.
    #[serde(rename = "bucketType")]
    pub visibility: Visibility,
    /// User-defined key-value pairs.
    #[serde(rename = "bucketInfo", default, deserialize_with = "or_empty")]
    pub info: BTreeMap<String, String>,
    /// Which web pages may access the bucket from a browser.
    #[serde(default, deserialize_with = "or_empty")]
    pub cors_rules: Vec<CorsRule>,
    /// When the service hides and deletes files automatically.
    #[serde(default, deserialize_with = "or_empty")]
    pub lifecycle_rules: Vec<LifecycleRule>,
    /// Options that the service set, such as `s3`.
    #[serde(default, deserialize_with = "or_empty")]
    pub options: Vec<String>,
    /// Increases with each update.
    pub revision: Revision,
    /// The encryption of new files whose upload does not specify one.
    #[serde(rename = "defaultServerSideEncryption", default)]
    pub default_encryption: Readable<Encryption>,
    /// Object lock and default retention.
    #[serde(rename = "fileLockConfiguration", default)]
    pub file_lock: Readable<FileLock>,
    /// The bucket's replication settings.
    #[serde(rename = "replicationConfiguration", default)]
    pub replication: Readable<Replication>,
}

/// Reads an absent field and `null` as empty; the service has sent both.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
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
    /// returned as created if its settings are those of the request.
    ///
    /// # Errors
    /// [`ErrorKind::NameTaken`], [`ErrorKind::TooManyBuckets`], [`ErrorKind::Unauthorized`], [`ErrorKind::AccountNotReady`].
    pub async fn create(&self, request: &CreateBucket) -> Result<Bucket, Error> {
        request.check()?;
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request };
        let call = call(operations::CREATE_BUCKET, &body);
        match self.client.send(call.subject(format!("bucket {}", request.bucket_name))).await {
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
        match self.client.send(call.subject(format!("bucket {}", request.bucket_id))).await {
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
    /// [`ErrorKind::NotFound`] when there is no such bucket; as [`update`](Self::update) otherwise.
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
