//! Application keys: create, list, delete.
//!
//! ```no_run
//! use b2_client::keys::{CreateKey, KeyCompat};
//! use b2_client::{BucketName, Capability, Client, ErrorKind, KeyName};
//! # async fn example(b2: Client, bucket: BucketName) -> Result<(), b2_client::Error> {
//! let capabilities = [Capability::ListBuckets, Capability::ListFiles, Capability::ReadFiles, Capability::WriteFiles];
//! let request = CreateKey::new(KeyName::new("backup-appliance")?, capabilities)
//!     .in_bucket(bucket)
//!     .compat(KeyCompat::V3SingleBucket); // an rclone older than 1.73 will use it
//! match b2.keys().create(&request).await {
//!     Ok(new) => assert!(!new.secret.expose().is_empty(), "the service shows the secret only once"),
//!     Err(error) if *error.kind() == ErrorKind::OutcomeUnknown => { /* check keys().list(), then create another key */ }
//!     Err(error) => return Err(error),
//! }
//! # Ok(()) }
//! ```

use std::collections::HashSet;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http_core::{ListingLimits, Page, ReadBudget, pages};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::{self, BucketRef};
use crate::capability::Capability;
use crate::client::{Client, WithAccount, done_before};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, KeyId, UnixMillis};
use crate::members::{FromMembers, Members, Row};
use crate::names::KeyName;
use crate::operations;
use crate::secret::ApplicationKey;
use crate::service::{ApiVersion, call, call_in};

/// An application key without its secret. The service shows the secret only when the key is created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// The account that the key belongs to.
    pub account_id: AccountId,
    /// The key id, its public half.
    pub id: KeyId,
    /// The name. Not unique.
    pub name: KeyName,
    /// What the key may do.
    pub capabilities: Vec<Capability>,
    /// When the key expires; `None` if it does not.
    pub expires: Option<UnixMillis>,
    /// The buckets that the key is restricted to; `None` for the whole account.
    pub bucket_ids: Option<Vec<BucketId>>,
    /// The prefix that file names must have for this key; `None` for no restriction.
    pub name_prefix: Option<String>,
    /// Options that the service set, such as `s3`.
    pub options: Vec<String>,
}

impl Key {
    /// Whether the key is restricted, and `bucket` is one of the buckets it may access. `false` for an unrestricted key.
    pub fn is_restricted_to(&self, bucket: &BucketId) -> bool {
        self.bucket_ids.as_ref().is_some_and(|ids| ids.contains(bucket))
    }
}

impl FromMembers for Key {
    /// Version 4 has `bucketIds`, older versions have `bucketId`. What restricts a key must
    /// have a known form, because a key without restriction may do everything.
    fn read(mut row: Members) -> Result<Self, String> {
        let capabilities = row.list("capabilities")?.ok_or("missing field `capabilities`")?;
        let bucket_id: Option<BucketId> = row.stated("bucketId")?;
        Ok(Self {
            account_id: AccountId::new(row.lenient::<String>("accountId").unwrap_or_default()),
            id: row.required("applicationKeyId")?,
            name: KeyName::reported(row.lenient("keyName").unwrap_or_default()),
            capabilities: capabilities.iter().map(|name| Capability::from_name(name)).collect(),
            expires: row.stated("expirationTimestamp")?,
            bucket_ids: row.stated("bucketIds")?.or_else(|| bucket_id.map(|id| vec![id])),
            name_prefix: row.stated("namePrefix")?,
            options: row.list("options").ok().flatten().unwrap_or_default(),
        })
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Members::of(deserializer)?).map_err(D::Error::custom)
    }
}

/// A newly created key and its secret. The secret cannot be retrieved again.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewKey {
    /// The key.
    pub key: Key,
    /// The secret half of the key.
    pub secret: ApplicationKey,
}

impl<'de> Deserialize<'de> for NewKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut row = Members::of(deserializer)?;
        let secret: String = row.required("applicationKey").map_err(D::Error::custom)?;
        Ok(Self { key: Key::read(row).map_err(D::Error::custom)?, secret: ApplicationKey::new(secret) })
    }
}

/// Which API versions the programs that will use a new key speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyCompat {
    /// Version 4. A key restricted to buckets is refused by programs that use an older version.
    #[default]
    Current,
    /// Version 3 and older, and version 4; for programs such as rclone before 1.73. The key is created through version 3 and can be
    /// restricted to at most one bucket.
    V3SingleBucket,
}

/// A request to create an application key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateKey {
    name: KeyName,
    capabilities: Vec<Capability>,
    buckets: Vec<BucketRef>,
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
    bucket_ids: Option<Vec<&'a BucketId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket_id: Option<&'a BucketId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_prefix: Option<&'a str>,
}

impl CreateKey {
    /// A key with these capabilities for the whole account, without an expiry.
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

    /// Restricts the key to this bucket. Each further call adds a bucket.
    pub fn in_bucket(mut self, bucket: impl Into<BucketRef>) -> Self {
        self.buckets.push(bucket.into());
        self
    }

    /// Restricts the key to files whose names begin with `prefix`. Requires a bucket.
    pub fn name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.name_prefix = Some(prefix.into());
        self
    }

    /// Sets how long the key is valid: at least one second, less than 1000 days.
    pub fn valid_for(mut self, duration: Duration) -> Self {
        self.valid_for = Some(duration);
        self
    }

    /// Sets which API versions the key must work with (default: [`KeyCompat::Current`]).
    pub fn compat(mut self, compat: KeyCompat) -> Self {
        self.compat = compat;
        self
    }

    /// What errors name: the key, and the buckets that it is for.
    fn subject(&self, buckets: &[BucketRef]) -> String {
        if buckets.is_empty() {
            return format!("key {}", self.name);
        }
        format!("key {} for {}", self.name, bucket_ref::list(buckets))
    }

    fn fault(&self) -> Option<String> {
        if self.capabilities.is_empty() {
            return Some("a key needs at least one capability".to_owned());
        }
        if self.valid_for.is_some_and(|time| !(1..86_400_000).contains(&time.as_secs())) {
            return Some("a key must be valid for at least one second and less than 1000 days".to_owned());
        }
        if self.compat == KeyCompat::V3SingleBucket && self.buckets.len() > 1 {
            return Some("version 3 of the API can restrict a key to one bucket only".to_owned());
        }
        if self.buckets.is_empty() {
            return self.name_prefix.as_ref().map(|_| "a name prefix requires a bucket".to_owned());
        }
        let refused: Vec<&str> = self
            .capabilities
            .iter()
            .filter(|one| !one.is_allowed_on_restricted_key())
            .map(Capability::as_str)
            .collect();
        (!refused.is_empty()).then(|| {
            format!("a key restricted to a bucket cannot have the capabilities {}", refused.join(", "))
        })
    }

    /// The request body; `buckets` are those of this request.
    fn wire<'a>(&'a self, buckets: &'a [FoundBucket]) -> WireCreate<'a> {
        let single = self.compat == KeyCompat::V3SingleBucket;
        let ids: Vec<&BucketId> = buckets.iter().map(|found| &found.id).collect();
        WireCreate {
            capabilities: &self.capabilities,
            key_name: &self.name,
            valid_duration_in_seconds: self.valid_for.map(|time| time.as_secs()),
            bucket_id: ids.first().copied().filter(|_| single),
            bucket_ids: Some(ids).filter(|ids| !single && !ids.is_empty()),
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
    keys: Vec<Row<Key>>,
    next_application_key_id: Option<KeyId>,
}

impl Client {
    /// Returns the handle for application keys.
    pub fn keys(&self) -> Keys<'_> {
        Keys { client: self }
    }
}

impl Keys<'_> {
    /// Creates a key and returns it with its secret.
    ///
    /// The request is never repeated after it may have taken effect. If the answer is lost, a key may exist whose secret is unknown;
    /// nobody can use it, and [`list`](Self::list) shows it.
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer was lost; [`ErrorKind::Unauthorized`], [`ErrorKind::InvalidRequest`],
    /// [`ErrorKind::NotFound`] for an unknown bucket. [`ErrorKind::NotUnderstood`] when a key was created and its secret could not
    /// be read from the answer.
    pub async fn create(&self, request: &CreateKey) -> Result<NewKey, Error> {
        let operation = operations::CREATE_KEY;
        if let Some(why) = request.fault() {
            return Err(Error::invalid(operation.name(), why).on(request.subject(&request.buckets)));
        }
        let version = match request.compat {
            KeyCompat::Current => ApiVersion::V4,
            KeyCompat::V3SingleBucket => ApiVersion::V3,
        };
        let create = |found: Vec<FoundBucket>| async move {
            let account = self.client.account().await?;
            let body = WithAccount { account_id: &account.id, request: &request.wire(&found) };
            let buckets: Vec<BucketRef> = found.iter().map(|found| found.bucket.clone()).collect();
            self.client.send(call_in(version, operation, &body).subject(request.subject(&buckets))).await
        };
        self.client.in_buckets(operation, &request.buckets, create).await
    }

    /// Lists all keys of the account, each once.
    ///
    /// The keys are listed through versions 4 and 3 of the API, so that a key which only one version shows is not missed; a key that both
    /// show is returned as version 4 describes it. This takes one request per version and 1000 keys. The first two requests are sent at
    /// the same time, in the same session.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] and others of a request end the stream. A key that is not understood is an error in its place, for each
    /// version that shows it, of [`ErrorKind::NotUnderstood`]; the other keys follow.
    pub fn list(&self) -> impl Stream<Item = Result<Key, Error>> + Send + use<> {
        let mut seen = HashSet::new();
        let (client, budget) = (self.client.clone(), ReadBudget::new(BYTES));
        let first_pages = stream::iter([ApiVersion::V4, ApiVersion::V3]).map(move |version| {
            let (client, budget) = (client.clone(), budget.clone());
            async move {
                let page = client.key_page(version, None, &budget).await?;
                Ok::<_, Error>((client, version, page, budget))
            }
        });
        let keys = first_pages
            .buffered(2)
            .map_ok(|(client, version, page, budget)| rest(client, version, page, budget));
        let each_once = keys.try_flatten().try_filter(move |row| {
            // What is not understood may be any key, and is kept.
            std::future::ready(row.key(|key| key.id.clone()).map_or(true, |id| seen.insert(id)))
        });
        // The stream ends after an error of a request.
        let until_error = each_once.scan(false, |failed, row| {
            let ended = std::mem::replace(failed, row.is_err());
            std::future::ready((!ended).then_some(row))
        });
        until_error.map(|row| row?.or_error(operations::LIST_KEYS.name(), KEYS))
    }

    /// Deletes a key; programs that use it are refused from then on. Succeeds if an earlier attempt of the same call deleted it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn delete(&self, id: &KeyId) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Delete<'a> {
            application_key_id: &'a KeyId,
        }
        let call = call(operations::DELETE_KEY, &Delete { application_key_id: id });
        match self.client.send::<Key>(call.subject(format!("key {id}"))).await {
            Ok(_) => Ok(()),
            Err(error) if done_before(&error, &ErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Client {
    async fn key_page(
        &self,
        version: ApiVersion,
        start: Option<KeyId>,
        budget: &ReadBudget,
    ) -> Result<Page<Row<Key>, KeyId>, Error> {
        let account = self.account().await?;
        let request = ListPage { max_key_count: 1000, start_application_key_id: start };
        let body = WithAccount { account_id: &account.id, request: &request };
        let call = call_in(version, operations::LIST_KEYS, &body).within(budget);
        let call = call.subject(format!("account {}", account.id));
        let page: ListedPage = self.send(call).await?;
        Ok(Page { items: page.keys, next: page.next_application_key_id })
    }
}

/// The service allows 100 million keys per account; callers gather them in memory, so
/// no more are read.
const LIMITS: ListingLimits = ListingLimits::items(100_000);

/// What is listed, for errors.
const KEYS: &str = "the keys of the account";

/// The most bytes of one listing, the pages of both versions together.
const BYTES: u64 = 32 * 1024 * 1024;

/// The keys of a first page and of all pages after it.
fn rest(
    client: Client,
    version: ApiVersion,
    first: Page<Row<Key>, KeyId>,
    budget: ReadBudget,
) -> impl Stream<Item = Result<Row<Key>, Error>> + Send {
    let mut first = Some(first);
    pages(
        LIMITS,
        |row: &Row<Key>| row.key(|key| key.id.clone()),
        move |start| {
            let (client, first, budget) = (client.clone(), first.take(), budget.clone());
            async move {
                match first {
                    Some(page) => Ok(page),
                    None => client.key_page(version, start, &budget).await,
                }
            }
        },
    )
    .map_err(|error: Error| error.listing(operations::LIST_KEYS.name(), KEYS))
}
