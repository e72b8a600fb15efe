//! Letting somebody without a key download files for a while.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_core::{Call, Idempotency};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::{Files, Overrides};
use crate::error::Error;
use crate::ids::BucketId;
use crate::names::{BucketName, FileName, encode};
use crate::service::{call, lent};

/// A permission to be given: to download the files of a bucket whose names begin like this, for so long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareFiles {
    bucket_id: BucketId,
    file_name_prefix: String,
    valid_duration_in_seconds: u64,
    #[serde(flatten)]
    overrides: Overrides,
}

impl ShareFiles {
    /// Permission for names that begin like this, for one second to seven days.
    pub fn new(bucket_id: BucketId, file_name_prefix: impl Into<String>, valid_for: Duration) -> Self {
        Self {
            bucket_id,
            file_name_prefix: file_name_prefix.into(),
            valid_duration_in_seconds: valid_for.as_secs(),
            overrides: Overrides::new(),
        }
    }

    /// Binds it to downloads that ask for exactly these headers.
    pub fn overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = overrides;
        self
    }
}

/// A permission to download, which whoever holds it can use: in a browser by its [address](Self::expose_url), or here through
/// [`Files::lent`]. `Debug` shows its type only.
pub struct DownloadToken(Arc<Permission>);

struct Permission {
    token: SecretString,
    download_url: String,
    overrides: Overrides,
}

impl DownloadToken {
    /// Takes a token that somebody gave, with the address that its files are downloaded from and the headers that it is bound to.
    pub fn new(token: impl Into<String>, download_url: impl Into<String>, overrides: Overrides) -> Self {
        let download_url = download_url.into().trim_end_matches('/').to_owned();
        Self(Arc::new(Permission { token: token.into().into(), download_url, overrides }))
    }

    /// The token itself, for an `Authorization` header.
    pub fn expose(&self) -> &str {
        self.0.token.expose_secret()
    }

    /// Where its files are downloaded from; holds no secret.
    pub fn download_url(&self) -> &str {
        &self.0.download_url
    }

    /// The headers that it is bound to.
    pub fn overrides(&self) -> &Overrides {
        &self.0.overrides
    }

    /// An address under which a browser downloads this file; it contains the token.
    pub fn expose_url(&self, bucket: &BucketName, name: &FileName) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("Authorization", self.0.token.expose_secret())
            .extend_pairs(self.0.overrides.pairs());
        format!("{}/file/{bucket}/{}?{}", self.0.download_url, encode(name.as_str()), query.finish())
    }

    /// Another handle on the same secret.
    pub(super) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Makes a download by this permission.
    pub(super) fn on(&self, call: Call) -> Call {
        lent(call, &self.0.token)
    }
}

impl fmt::Debug for DownloadToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadToken")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    authorization_token: String,
}

impl Files<'_> {
    /// Gives a permission to download without a key.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] for less than a second or more than seven days,
    /// [`crate::ErrorKind::Unauthorized`] without `shareFiles`.
    pub async fn share(&self, request: &ShareFiles) -> Result<DownloadToken, Error> {
        let operation = "b2_get_download_authorization";
        if !(1..=604_800).contains(&request.valid_duration_in_seconds) {
            return Err(Error::invalid(
                operation,
                "a download permission is valid for one second to seven days",
            ));
        }
        let call =
            call(operation, Idempotency::Read, request).subject(format!("bucket {}", request.bucket_id));
        let given: Given = self.client.send(call).await?;
        let account = self.client.account().await?;
        Ok(DownloadToken::new(given.authorization_token, &account.download_url, request.overrides.clone()))
    }
}
