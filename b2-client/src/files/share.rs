//! Letting somebody without a key download files for a while.

use std::fmt;
use std::time::Duration;

use http_core::Idempotency;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::Files;
use crate::error::Error;
use crate::ids::BucketId;
use crate::names::{BucketName, FileName, encode};
use crate::service::call;

/// A permission to be given: to download the files of a bucket whose names begin like this, for so long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShareFiles {
    bucket_id: BucketId,
    file_name_prefix: String,
    valid_duration_in_seconds: u64,
    #[serde(rename = "b2ContentDisposition", skip_serializing_if = "Option::is_none")]
    content_disposition: Option<String>,
    #[serde(rename = "b2ContentType", skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(rename = "b2ContentLanguage", skip_serializing_if = "Option::is_none")]
    content_language: Option<String>,
    #[serde(rename = "b2ContentEncoding", skip_serializing_if = "Option::is_none")]
    content_encoding: Option<String>,
    #[serde(rename = "b2CacheControl", skip_serializing_if = "Option::is_none")]
    cache_control: Option<String>,
    #[serde(rename = "b2Expires", skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

impl ShareFiles {
    /// Permission for names that begin like this, for one second to seven days.
    pub fn new(bucket_id: BucketId, file_name_prefix: impl Into<String>, valid_for: Duration) -> Self {
        Self {
            bucket_id,
            file_name_prefix: file_name_prefix.into(),
            valid_duration_in_seconds: valid_for.as_secs(),
            content_disposition: None,
            content_type: None,
            content_language: None,
            content_encoding: None,
            cache_control: None,
            expires: None,
        }
    }

    /// Binds it to downloads that ask for this `Content-Disposition`.
    pub fn content_disposition(mut self, value: impl Into<String>) -> Self {
        self.content_disposition = Some(value.into());
        self
    }

    /// Binds it to downloads that ask for this `Content-Type`.
    pub fn content_type(mut self, value: impl Into<String>) -> Self {
        self.content_type = Some(value.into());
        self
    }

    /// Binds it to downloads that ask for this `Content-Language`.
    pub fn content_language(mut self, value: impl Into<String>) -> Self {
        self.content_language = Some(value.into());
        self
    }

    /// Binds it to downloads that ask for this `Content-Encoding`.
    pub fn content_encoding(mut self, value: impl Into<String>) -> Self {
        self.content_encoding = Some(value.into());
        self
    }

    /// Binds it to downloads that ask for this `Cache-Control`.
    pub fn cache_control(mut self, value: impl Into<String>) -> Self {
        self.cache_control = Some(value.into());
        self
    }

    /// Binds it to downloads that ask for this `Expires`.
    pub fn expires(mut self, value: impl Into<String>) -> Self {
        self.expires = Some(value.into());
        self
    }
}

/// A permission to download, which whoever holds it can use. `Debug` shows its type only.
pub struct DownloadToken {
    token: SecretString,
    download_url: String,
}

impl DownloadToken {
    /// The token itself, for an `Authorization` header.
    pub fn expose(&self) -> &str {
        self.token.expose_secret()
    }

    /// An address under which a browser downloads this file; it contains the token.
    pub fn expose_url(&self, bucket: &BucketName, name: &FileName) -> String {
        let token: String =
            url::form_urlencoded::byte_serialize(self.token.expose_secret().as_bytes()).collect();
        format!("{}/file/{bucket}/{}?Authorization={token}", self.download_url, encode(name.as_str()))
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
        let login = self.client.core.session().await.map_err(|cause| Error::from_core(cause, None))?;
        let download_url = login.download_url.as_str().trim_end_matches('/').to_owned();
        Ok(DownloadToken { token: given.authorization_token.into(), download_url })
    }
}
