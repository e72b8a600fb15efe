//! Download tokens, with which files can be downloaded for a limited time without a key.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_core::Call;
use safe_text::SecretString;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::{Files, HeaderOverrides};
use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::error::Error;
use crate::names::{BucketName, FileName, encode};
use crate::operations;
use crate::service::{call, with_token};

/// A request for a download token, valid for files whose names begin with a prefix, for a limited time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareFiles {
    #[serde(flatten)]
    bucket: BucketRef,
    file_name_prefix: String,
    valid_duration_in_seconds: u64,
    #[serde(flatten)]
    overrides: HeaderOverrides,
}

impl ShareFiles {
    /// A token for files of this bucket whose names begin with the prefix. `valid_for` is one second to seven days.
    pub fn new(
        bucket: impl Into<BucketRef>,
        file_name_prefix: impl Into<String>,
        valid_for: Duration,
    ) -> Self {
        Self {
            bucket: bucket.into(),
            file_name_prefix: file_name_prefix.into(),
            valid_duration_in_seconds: valid_for.as_secs(),
            overrides: HeaderOverrides::new(),
        }
    }

    /// Restricts the token to downloads that request exactly these response headers.
    pub fn overrides(mut self, overrides: HeaderOverrides) -> Self {
        self.overrides = overrides;
        self
    }
}

/// A token that authorises downloads. Whoever has it can use it: with [`Files::with_token`], or in a browser with the URL from
/// [`expose_url`](Self::expose_url). `Debug` shows the type name only.
pub struct DownloadToken(Arc<Inner>);

struct Inner {
    token: SecretString,
    download_url: String,
    overrides: HeaderOverrides,
}

impl DownloadToken {
    /// Creates a token from its text, the base URL of the downloads, and the response headers that it is bound to.
    pub fn new(
        token: impl Into<String>,
        download_url: impl Into<String>,
        overrides: HeaderOverrides,
    ) -> Self {
        let download_url = download_url.into().trim_end_matches('/').to_owned();
        Self(Arc::new(Inner { token: token.into().into(), download_url, overrides }))
    }

    /// Returns the secret token, for an `Authorization` header.
    pub fn expose(&self) -> &str {
        self.0.token.expose_secret()
    }

    /// Returns the base URL of the downloads, which contains no secret.
    pub fn download_url(&self) -> &str {
        &self.0.download_url
    }

    /// Returns the response headers that the token is bound to.
    pub fn overrides(&self) -> &HeaderOverrides {
        &self.0.overrides
    }

    /// Returns the URL from which a browser can download a file. It contains the secret token.
    pub fn expose_url(&self, bucket: &BucketName, name: &FileName) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("Authorization", self.0.token.expose_secret())
            .extend_pairs(self.0.overrides.pairs());
        format!("{}/file/{bucket}/{}?{}", self.0.download_url, encode(name.as_str()), query.finish())
    }

    /// Returns another handle to the same secret.
    pub(super) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Authorises a download with this token.
    pub(super) fn on(&self, call: Call) -> Call {
        with_token(call, &self.0.token)
    }
}

impl fmt::Debug for DownloadToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DownloadToken")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authorization {
    authorization_token: String,
}

impl Files<'_> {
    /// Creates a download token.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] for a duration of less than one second or more than seven days,
    /// [`crate::ErrorKind::Unauthorized`] without `shareFiles`.
    pub async fn share(&self, request: &ShareFiles) -> Result<DownloadToken, Error> {
        let operation = operations::GET_DOWNLOAD_AUTHORIZATION;
        if !(1..=604_800).contains(&request.valid_duration_in_seconds) {
            let why = "a download token must be valid for one second to seven days";
            return Err(Error::invalid(operation.name(), why).on(&request.bucket));
        }
        let ask = |FoundBucket { bucket, .. }| async move {
            let request = ShareFiles { bucket, ..request.clone() };
            let call = call(operation, &request).subject(&request.bucket);
            self.client.send::<Authorization>(call).await
        };
        let answer = self.client.in_bucket(operation, &request.bucket, ask).await?;
        let account = self.client.account().await?;
        Ok(DownloadToken::new(answer.authorization_token, &account.download_url, request.overrides.clone()))
    }
}
