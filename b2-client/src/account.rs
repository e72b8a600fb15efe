//! What authorising told us: the account, its addresses, and what the key may do where.

use serde::Deserialize;

use crate::capability::Capability;
use crate::ids::{AccountId, BucketId, UnixMillis};
use crate::names::BucketName;

/// The account that the key belongs to, and the key's scope. Valid as long as the session; ask again rather than keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The account's id, which requests carry; not the key's id.
    pub id: AccountId,
    /// What the key may do.
    pub capabilities: Vec<Capability>,
    /// The buckets that the key is restricted to; `None` for the whole account.
    pub allowed_buckets: Option<Vec<AllowedBucket>>,
    /// The start that every file name must have; `None` for all names.
    pub name_prefix: Option<String>,
    /// When the key itself expires; `None` for never.
    pub key_expires: Option<UnixMillis>,
    /// The part size that the account recommends for large files, in bytes.
    pub recommended_part_size: u64,
    /// The smallest part that the account accepts except as the last, in bytes.
    pub minimum_part_size: u64,
    /// Where the account's native API is.
    pub api_url: String,
    /// Where the account's files are downloaded from: `{download_url}/file/{bucket}/{name}`.
    pub download_url: String,
    /// Where the account's S3-compatible API is.
    pub s3_url: String,
}

/// A bucket that a restricted key may use.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AllowedBucket {
    /// The bucket's id.
    pub id: BucketId,
    /// The bucket's name; `None` when the bucket has been deleted.
    pub name: Option<BucketName>,
}

impl Account {
    /// Whether the key may do this.
    pub fn can(&self, capability: &Capability) -> bool {
        self.capabilities.contains(capability)
    }

    /// Which of these the key may not do.
    pub fn missing<'a>(&self, wanted: impl IntoIterator<Item = &'a Capability>) -> Vec<Capability> {
        wanted.into_iter().filter(|capability| !self.can(capability)).cloned().collect()
    }

    /// The id of a bucket of this name that a restricted key may use; `None` says nothing about an unrestricted key.
    pub fn allowed_bucket(&self, name: &BucketName) -> Option<&BucketId> {
        let allowed = self.allowed_buckets.as_ref()?;
        let found = allowed.iter().find(|bucket| bucket.name.as_ref() == Some(name));
        found.map(|bucket| &bucket.id)
    }
}

/// The answer of `b2_authorize_account`, from version 4 (scope nested in `allowed`) or 3 (scope beside the addresses).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Authorized {
    account_id: AccountId,
    pub(crate) authorization_token: String,
    application_key_expiration_timestamp: Option<UnixMillis>,
    api_info: ApiInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ApiInfo {
    storage_api: StorageApi,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StorageApi {
    api_url: String,
    download_url: String,
    #[serde(default)]
    s3_api_url: String,
    absolute_minimum_part_size: u64,
    recommended_part_size: u64,
    allowed: Option<Allowed>,
    #[serde(default)]
    capabilities: Vec<Capability>,
    bucket_id: Option<BucketId>,
    bucket_name: Option<BucketName>,
    name_prefix: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Allowed {
    buckets: Option<Vec<AllowedBucket>>,
    #[serde(default)]
    capabilities: Vec<Capability>,
    name_prefix: Option<String>,
}

impl Authorized {
    pub(crate) fn api_url(&self) -> &str {
        &self.api_info.storage_api.api_url
    }

    pub(crate) fn download_url(&self) -> &str {
        &self.api_info.storage_api.download_url
    }

    pub(crate) fn account(self) -> Account {
        let api = self.api_info.storage_api;
        let allowed = api.allowed.unwrap_or_else(|| Allowed {
            buckets: api.bucket_id.map(|id| vec![AllowedBucket { id, name: api.bucket_name }]),
            capabilities: api.capabilities,
            name_prefix: api.name_prefix,
        });
        Account {
            id: self.account_id,
            capabilities: allowed.capabilities,
            allowed_buckets: allowed.buckets,
            name_prefix: allowed.name_prefix.filter(|prefix| !prefix.is_empty()),
            key_expires: self.application_key_expiration_timestamp,
            recommended_part_size: api.recommended_part_size,
            minimum_part_size: api.absolute_minimum_part_size,
            api_url: without_slash(api.api_url),
            download_url: without_slash(api.download_url),
            s3_url: api.s3_api_url,
        }
    }
}

fn without_slash(mut url: String) -> String {
    url.truncate(url.trim_end_matches('/').len());
    url
}
