//! Buckets: list, create, update, delete.
//!
//! ```no_run
//! use b2_client::buckets::{Bucket, LifecycleRule, UpdateBucket};
//! use b2_client::{BucketId, Client};
//! # async fn example(b2: Client, id: BucketId) -> Result<(), b2_client::Error> {
//! // Read, decide, and write only if nobody else wrote meanwhile; start over if somebody did.
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

use http_core::Idempotency;
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
use crate::readable::Readable;
use crate::service::call;

/// Who may read the bucket's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Visibility {
    /// Only holders of a key.
    #[serde(rename = "allPrivate")]
    Private,
    /// Anybody.
    #[serde(rename = "allPublic")]
    Public,
    /// A snapshot that Backblaze made.
    #[serde(rename = "snapshot")]
    Snapshot,
    /// A kind newer than this crate.
    #[serde(untagged)]
    Unknown(String),
}

/// A bucket and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Bucket {
    /// The account that it belongs to.
    pub account_id: AccountId,
    /// Its id.
    #[serde(rename = "bucketId")]
    pub id: BucketId,
    /// Its name.
    #[serde(rename = "bucketName")]
    pub name: BucketName,
    /// Who may read it.
    #[serde(rename = "bucketType")]
    pub visibility: Visibility,
    /// What its users noted on it.
    #[serde(rename = "bucketInfo", default, deserialize_with = "or_empty")]
    pub info: BTreeMap<String, String>,
    /// Which web pages may use it.
    #[serde(default, deserialize_with = "or_empty")]
    pub cors_rules: Vec<CorsRule>,
    /// When its files are hidden and deleted by themselves.
    #[serde(default, deserialize_with = "or_empty")]
    pub lifecycle_rules: Vec<LifecycleRule>,
    /// What the service can do with it, such as `s3`.
    #[serde(default, deserialize_with = "or_empty")]
    pub options: Vec<String>,
    /// Rises with each update.
    pub revision: Revision,
    /// How new files are encrypted when their upload does not say.
    #[serde(rename = "defaultServerSideEncryption", default)]
    pub default_encryption: Readable<Encryption>,
    /// Object lock and default retention.
    #[serde(rename = "fileLockConfiguration", default)]
    pub file_lock: Readable<FileLock>,
    /// Where its files are copied to or from.
    #[serde(rename = "replicationConfiguration", default)]
    pub replication: Readable<Replication>,
}

/// What is absent has also been written as `null`.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// The buckets of an account, from [`Client::buckets`].
#[derive(Clone, Copy, Debug)]
pub struct Buckets<'a> {
    pub(crate) client: &'a Client,
}

#[derive(Deserialize)]
struct Listed {
    buckets: Vec<Bucket>,
}

impl Buckets<'_> {
    /// The buckets that match; the service does not page this listing. A key restricted to buckets is asked about those only,
    /// since the service refuses it any wider question.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] without `listBuckets`, or when a restricted key asks about another bucket.
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
        let listed: Listed = self.client.send(call("b2_list_buckets", Idempotency::Read, &body)).await?;
        Ok(listed.buckets)
    }

    /// The bucket of this name, if this account has one. A bucket made a moment ago may be missed once.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn get(&self, name: &BucketName) -> Result<Option<Bucket>, Error> {
        let found = self.list(&ListBuckets::new().name(name.clone())).await?;
        Ok(found.into_iter().find(|bucket| bucket.name.as_str().eq_ignore_ascii_case(name.as_str())))
    }

    /// The bucket of this id, if this account has it.
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

    /// What `look` finds, asked again a few times: a bucket made a moment ago is not shown everywhere at once.
    async fn found_by<F>(&self, look: impl Fn() -> F) -> Result<Option<Bucket>, Error>
    where
        F: Future<Output = Result<Option<Bucket>, Error>>,
    {
        for attempt in 1..=3 {
            if let Some(found) = look().await? {
                return Ok(Some(found));
            }
            tokio::time::sleep(self.client.retry.random_pause(attempt)).await;
        }
        look().await
    }

    /// Creates a bucket. Default retention cannot be given here: the service takes it in [`update`](Self::update) only.
    ///
    /// When the answer to a first attempt was lost and the next one says that the name exists, the bucket is looked up: one that
    /// is as the request asked is returned as made.
    ///
    /// # Errors
    /// [`ErrorKind::NameTaken`], [`ErrorKind::TooManyBuckets`], [`ErrorKind::Unauthorized`], [`ErrorKind::AccountNotReady`].
    pub async fn create(&self, request: &CreateBucket) -> Result<Bucket, Error> {
        request.check()?;
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request };
        let call = call("b2_create_bucket", Idempotency::Idempotent, &body);
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

    /// Changes the settings that the request names; lists and maps are replaced whole.
    ///
    /// When the answer to a first attempt was lost and the next one meets a newer revision, the bucket is looked up: one that is
    /// as the request asked is returned as updated.
    ///
    /// # Errors
    /// [`ErrorKind::RevisionConflict`] when [`UpdateBucket::if_revision`] does not hold, [`ErrorKind::LockConflict`] for
    /// retention on a bucket without object lock or for turning the lock off, [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn update(&self, request: &UpdateBucket) -> Result<Bucket, Error> {
        request.check()?;
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request };
        let call = call("b2_update_bucket", Idempotency::Idempotent, &body);
        match self.client.send(call.subject(format!("bucket {}", request.bucket_id))).await {
            Err(error) if done_before(&error, &ErrorKind::RevisionConflict) => {
                let now = self.get_by_id(&request.bucket_id).await?.filter(|bucket| request.holds(bucket));
                now.ok_or(error)
            }
            other => other,
        }
    }

    /// Reads the bucket, lets `change` decide, and updates it on condition that nobody else did meanwhile; starts over, up to five
    /// times, when somebody did. `change` returns `None` when the bucket is already as it should be.
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

    /// Deletes an empty bucket. One that an earlier attempt of this call deleted counts as deleted.
    ///
    /// # Errors
    /// [`ErrorKind::BucketNotEmpty`] while any version of any file is left, [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn delete(&self, id: &BucketId) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Delete<'a> {
            bucket_id: &'a BucketId,
        }
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request: &Delete { bucket_id: id } };
        let call = call("b2_delete_bucket", Idempotency::Idempotent, &body);
        match self.client.send::<Bucket>(call.subject(format!("bucket {id}"))).await {
            Ok(_) => Ok(()),
            Err(error) if done_before(&error, &ErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
