//! Application keys: create, list, delete.
//!
//! ```no_run
//! use b2_client::keys::{CreateKey, KeyCompat};
//! use b2_client::{BucketId, Capability, Client, ErrorKind, KeyName};
//! # async fn example(b2: Client, bucket: BucketId) -> Result<(), b2_client::Error> {
//! let capabilities = [Capability::ListBuckets, Capability::ListFiles, Capability::ReadFiles, Capability::WriteFiles];
//! let request = CreateKey::new(KeyName::new("backup-box")?, capabilities)
//!     .in_bucket(bucket)
//!     .compat(KeyCompat::V3SingleBucket); // an rclone older than 1.73 will use it
//! match b2.keys().create(&request).await {
//!     Ok(new) => assert!(!new.secret.expose().is_empty(), "shown this once"),
//!     Err(error) if *error.kind() == ErrorKind::OutcomeUnknown => { /* look at keys().list(), then make another */ }
//!     Err(error) => return Err(error),
//! }
//! # Ok(()) }
//! ```

use std::collections::HashSet;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use http_core::{Idempotency, Page, pages};
use serde::{Deserialize, Serialize};

use crate::capability::Capability;
use crate::client::{Client, WithAccount, done_before};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, KeyId, UnixMillis};
use crate::names::KeyName;
use crate::secret::ApplicationKey;
use crate::service::{ApiVersion, call, call_in};

/// An application key without its secret, which the service shows once only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "WireKey")]
#[non_exhaustive]
pub struct Key {
    /// The account that it belongs to.
    pub account_id: AccountId,
    /// Its id: the public half.
    pub id: KeyId,
    /// Its name; not unique.
    pub name: KeyName,
    /// What it may do.
    pub capabilities: Vec<Capability>,
    /// When it stops working; `None` for never.
    pub expires: Option<UnixMillis>,
    /// The buckets that it is restricted to; `None` for the whole account.
    pub bucket_ids: Option<Vec<BucketId>>,
    /// The start that file names must have for it; `None` for all.
    pub name_prefix: Option<String>,
    /// What the service can do with it, such as `s3`.
    pub options: Vec<String>,
}

impl Key {
    /// Whether the key is restricted to buckets of which this is one.
    pub fn is_restricted_to(&self, bucket: &BucketId) -> bool {
        self.bucket_ids.as_ref().is_some_and(|ids| ids.contains(bucket))
    }
}

/// A key in either world: version 4 writes `bucketIds`, older ones `bucketId`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireKey {
    account_id: AccountId,
    application_key_id: KeyId,
    key_name: KeyName,
    capabilities: Vec<Capability>,
    expiration_timestamp: Option<UnixMillis>,
    bucket_ids: Option<Vec<BucketId>>,
    bucket_id: Option<BucketId>,
    name_prefix: Option<String>,
    options: Option<Vec<String>>,
}

impl From<WireKey> for Key {
    fn from(wire: WireKey) -> Self {
        Self {
            account_id: wire.account_id,
            id: wire.application_key_id,
            name: wire.key_name,
            capabilities: wire.capabilities,
            expires: wire.expiration_timestamp,
            bucket_ids: wire.bucket_ids.or_else(|| wire.bucket_id.map(|id| vec![id])),
            name_prefix: wire.name_prefix,
            options: wire.options.unwrap_or_default(),
        }
    }
}

/// A key just made, and its secret: this is the only time that it is shown.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewKey {
    /// The key.
    pub key: Key,
    /// Its secret half.
    pub secret: ApplicationKey,
}

#[derive(Deserialize)]
struct Created {
    #[serde(flatten)]
    key: WireKey,
    #[serde(rename = "applicationKey")]
    secret: String,
}

/// Which programs the new key must work for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyCompat {
    /// Programs that speak version 4 of the API.
    #[default]
    Current,
    /// Also older programs, such as rclone before 1.73: made through version 3, restricted to at most one bucket.
    V3SingleBucket,
}

/// A key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateKey {
    name: KeyName,
    capabilities: Vec<Capability>,
    buckets: Vec<BucketId>,
    name_prefix: Option<String>,
    valid_for: Option<Duration>,
    compat: KeyCompat,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireCreate<'a> {
    capabilities: &'a [Capability],
    key_name: &'a KeyName,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_duration_in_seconds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_ids: Option<&'a [BucketId]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_id: Option<&'a BucketId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_prefix: Option<&'a str>,
}

impl CreateKey {
    /// A key of this name that may do this in the whole account, for ever.
    pub fn new(name: KeyName, capabilities: impl IntoIterator<Item = Capability>) -> Self {
        Self {
            name,
            capabilities: capabilities.into_iter().collect(),
            buckets: Vec::new(),
            name_prefix: None,
            valid_for: None,
            compat: KeyCompat::Current,
        }
    }

    /// Restricts it to this bucket; called again, to that one as well.
    pub fn in_bucket(mut self, bucket: BucketId) -> Self {
        self.buckets.push(bucket);
        self
    }

    /// Restricts it to files whose names begin like this.
    pub fn name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.name_prefix = Some(prefix.into());
        self
    }

    /// Lets it expire after this long: one second to 1000 days.
    pub fn valid_for(mut self, duration: Duration) -> Self {
        self.valid_for = Some(duration);
        self
    }

    /// Makes it for these programs.
    pub fn compat(mut self, compat: KeyCompat) -> Self {
        self.compat = compat;
        self
    }

    fn fault(&self) -> Option<String> {
        if self.capabilities.is_empty() {
            return Some("a key without a capability can do nothing".to_owned());
        }
        if self.valid_for.is_some_and(|time| !(1..86_400_000).contains(&time.as_secs())) {
            return Some("a key is valid for one second to less than 1000 days".to_owned());
        }
        if self.compat == KeyCompat::V3SingleBucket && self.buckets.len() > 1 {
            return Some("version 3 restricts a key to one bucket, not several".to_owned());
        }
        if self.buckets.is_empty() {
            return self.name_prefix.as_ref().map(|_| "a name prefix needs a bucket".to_owned());
        }
        let refused: Vec<&str> = self
            .capabilities
            .iter()
            .filter(|one| !one.fits_restricted_key())
            .map(Capability::as_str)
            .collect();
        (!refused.is_empty()).then(|| {
            format!("the service refuses a key restricted to a bucket that asks for {}", refused.join(", "))
        })
    }

    fn wire(&self) -> WireCreate<'_> {
        let single = self.compat == KeyCompat::V3SingleBucket;
        WireCreate {
            capabilities: &self.capabilities,
            key_name: &self.name,
            valid_duration_in_seconds: self.valid_for.map(|time| time.as_secs()),
            bucket_ids: Some(&*self.buckets).filter(|buckets| !single && !buckets.is_empty()),
            bucket_id: self.buckets.first().filter(|_| single),
            name_prefix: self.name_prefix.as_deref(),
        }
    }
}

/// The application keys of an account, from [`Client::keys`].
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    pub(crate) client: &'a Client,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListPage {
    max_key_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_application_key_id: Option<KeyId>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedPage {
    keys: Vec<Key>,
    next_application_key_id: Option<KeyId>,
}

impl Keys<'_> {
    /// Makes a key and returns it with its secret. Never made twice: when the answer is lost, a key may exist whose secret nobody
    /// knows; it is inert, and shows in [`list`](Self::list).
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer was lost; [`ErrorKind::Unauthorized`], [`ErrorKind::InvalidRequest`],
    /// [`ErrorKind::NotFound`] for an unknown bucket. [`ErrorKind::NotUnderstood`] means that a key was made and its secret could
    /// not be read.
    pub async fn create(&self, request: &CreateKey) -> Result<NewKey, Error> {
        let operation = "b2_create_key";
        let subject = format!("key {}", request.name);
        if let Some(why) = request.fault() {
            return Err(Error::invalid(operation, why).on(subject));
        }
        let version = match request.compat {
            KeyCompat::Current => ApiVersion::V4,
            KeyCompat::V3SingleBucket => ApiVersion::V3,
        };
        let account = self.client.account().await?;
        let body = WithAccount { account_id: &account.id, request: &request.wire() };
        let call = call_in(version, operation, Idempotency::NonIdempotent, &body).subject(subject);
        let created: Created = self.client.send(call).await?;
        Ok(NewKey { key: created.key.into(), secret: ApplicationKey::new(created.secret) })
    }

    /// All keys of the account as versions 4 and 3 of the API list them, each once: a key that only one of them shows is not
    /// missed.
    pub fn list(&self) -> impl Stream<Item = Result<Key, Error>> + Send + use<> {
        let mut seen = HashSet::new();
        let both = self.list_in(ApiVersion::V4).chain(self.list_in(ApiVersion::V3));
        both.filter(move |key| {
            let fresh = key.as_ref().map_or(true, |key| seen.insert(key.id.clone()));
            std::future::ready(fresh)
        })
    }

    fn list_in(self, version: ApiVersion) -> impl Stream<Item = Result<Key, Error>> + Send + use<> {
        let client = self.client.clone();
        pages(move |cursor| {
            let client = client.clone();
            async move {
                let account = client.account().await?;
                let request = ListPage { max_key_count: 1000, start_application_key_id: cursor };
                let body = WithAccount { account_id: &account.id, request: &request };
                let page: ListedPage =
                    client.send(call_in(version, "b2_list_keys", Idempotency::Read, &body)).await?;
                Ok::<_, Error>(Page { items: page.keys, next: page.next_application_key_id })
            }
        })
    }

    /// Deletes a key; programs that use it are refused from then on. One that an earlier attempt of this call deleted counts
    /// as deleted.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn delete(&self, id: &KeyId) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Delete<'a> {
            application_key_id: &'a KeyId,
        }
        let call = call("b2_delete_key", Idempotency::Idempotent, &Delete { application_key_id: id });
        match self.client.send::<Key>(call.subject(format!("key {id}"))).await {
            Ok(_) => Ok(()),
            Err(error) if done_before(&error, &ErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
