//! The account as `b2_authorize_account` describes it: ids, URLs and the scope of the key.

use serde::Deserialize;

use crate::capability::Capability;
use crate::ids::{AccountId, BucketId, UnixMillis};
use crate::names::BucketName;

/// The account that the key belongs to, and what the key may do.
///
/// The URLs can change with each login, so call [`Client::account`](crate::Client::account) again instead of storing this.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The account id. Different from the id of an application key.
    pub id: AccountId,
    /// What the key may do.
    pub capabilities: Vec<Capability>,
    /// The buckets that the key is restricted to; `None` for the whole account.
    pub allowed_buckets: Option<Vec<AllowedBucket>>,
    /// The prefix that file names must have for this key; `None` for no restriction.
    pub name_prefix: Option<String>,
    /// When the key expires; `None` if it does not.
    pub key_expires: Option<UnixMillis>,
    /// The recommended part size for large files, in bytes.
    pub recommended_part_size: u64,
    /// The smallest allowed size of a part, in bytes. The last part may be smaller.
    pub minimum_part_size: u64,
    /// The base URL of the native API.
    pub api_url: String,
    /// The base URL of downloads: `{download_url}/file/{bucket}/{name}`.
    pub download_url: String,
    /// The base URL of the S3-compatible API.
    pub s3_url: String,
}

/// A bucket that a restricted key may access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AllowedBucket {
    /// The bucket's id.
    pub id: BucketId,
    /// The bucket's name; `None` when the bucket has been deleted.
    pub name: Option<BucketName>,
}

impl Account {
    /// Whether the key has this capability.
    pub fn can(&self, capability: &Capability) -> bool {
        self.capabilities.contains(capability)
    }

    /// Returns those of `wanted` that the key does not have.
    pub fn missing<'a>(&self, wanted: impl IntoIterator<Item = &'a Capability>) -> Vec<Capability> {
        wanted.into_iter().filter(|capability| !self.can(capability)).cloned().collect()
    }
}

/// The answer of `b2_authorize_account`: version 4 nests the scope in `allowed`, version 3 puts it beside the URLs.
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
