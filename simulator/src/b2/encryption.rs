//! Server-side encryption: what is asked for, and who may read what.

use axum::http::HeaderMap;
use data_encoding::BASE64;
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::fields::only;
use super::refusal::{Refusal, Result};

/// What a bucket encrypts new versions with where their upload does not say. SSE-B2 is the default of every new bucket; buckets of
/// before have none until the service changes them, and read back in either spelling (vendor's release notes, b2sdk 2.13.0).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DefaultEncryption {
    #[default]
    Service,
    /// An old bucket's, as `{"mode": null, "algorithm": null}`.
    UnsetNull,
    /// An old bucket's, as `{"mode": "none"}`.
    UnsetNone,
}

impl DefaultEncryption {
    pub(crate) fn of_new_versions(self) -> Encryption {
        match self {
            Self::Service => Encryption::Service,
            Self::UnsetNull | Self::UnsetNone => Encryption::None,
        }
    }

    pub(crate) fn json(self) -> Value {
        match self {
            Self::Service => json!({"mode": "SSE-B2", "algorithm": "AES256"}),
            Self::UnsetNull => json!({"mode": null, "algorithm": null}),
            Self::UnsetNone => json!({"mode": "none"}),
        }
    }

    /// Reads `defaultServerSideEncryption`: null resets to the default, and `none` is no longer accepted.
    pub(crate) fn parse(value: Option<&Value>) -> Result<Self> {
        let Some(value) = value else {
            return Ok(Self::default());
        };
        let map = only(value, "defaultServerSideEncryption", &["mode", "algorithm"])?;
        let text = |field: &str| map.get(field).and_then(Value::as_str);
        match (text("mode"), text("algorithm")) {
            (Some("SSE-B2"), Some("AES256")) => Ok(Self::Service),
            _ => Err(Refusal::bad_request("invalid defaultServerSideEncryption")),
        }
    }
}

/// How a version is encrypted at rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    /// With the service's own keys.
    Service,
    /// With a key that comes with every request; only the key's MD5 is kept.
    Customer(Vec<u8>),
}

const SSE_B2: &str = "x-bz-server-side-encryption";
const ALGORITHM: &str = "x-bz-server-side-encryption-customer-algorithm";
const KEY: &str = "x-bz-server-side-encryption-customer-key";
const KEY_MD5: &str = "x-bz-server-side-encryption-customer-key-md5";

impl Encryption {
    pub(crate) fn mode(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Service => Some("SSE-B2"),
            Self::Customer(_) => Some("SSE-C"),
        }
    }

    /// Shows it as `serverSideEncryption`; of a customer's key, its MD5.
    pub(crate) fn json(&self) -> Value {
        let mut shown = json!({"mode": self.mode(), "algorithm": self.mode().map(|_| "AES256")});
        if let Self::Customer(digest) = self {
            shown["customerKeyMd5"] = Value::from(BASE64.encode(digest));
        }
        shown
    }

    /// Reads what upload headers ask for; `None` where they ask for nothing.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Result<Option<Self>> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let customer = [text(ALGORITHM), text(KEY), text(KEY_MD5)];
        match (text(SSE_B2), customer) {
            (None, [None, None, None]) => Ok(None),
            (Some("AES256"), [None, None, None]) => Ok(Some(Self::Service)),
            (None, [Some("AES256"), Some(key), Some(md5)]) => Self::customer(key, md5).map(Some),
            _ => Err(Refusal::bad_request("invalid server-side encryption headers")),
        }
    }

    /// Reads `serverSideEncryption` and its like.
    pub(crate) fn of_json(value: Option<&Value>) -> Result<Option<Self>> {
        let Some(value) = value else {
            return Ok(None);
        };
        let known = ["mode", "algorithm", "customerKey", "customerKeyMd5"];
        let map = only(value, "serverSideEncryption", &known)?;
        let text = |field: &str| map.get(field).and_then(Value::as_str);
        match (text("mode"), text("algorithm"), text("customerKey"), text("customerKeyMd5")) {
            (Some("SSE-B2"), Some("AES256"), None, None) => Ok(Some(Self::Service)),
            (Some("SSE-C"), Some("AES256"), Some(key), Some(md5)) => Self::customer(key, md5).map(Some),
            (mode, ..) => Err(Refusal::bad_request(format!(
                "expected a FileSseMode but found '{}'",
                mode.unwrap_or_default()
            ))),
        }
    }

    fn customer(key: &str, md5: &str) -> Result<Self> {
        let bad = |what: &str| Refusal::bad_request(format!("invalid customer {what}"));
        let key = BASE64.decode(key.as_bytes()).map_err(|_| bad("key"))?;
        if key.len() != 32 {
            return Err(bad("key: it must have 32 bytes"));
        }
        let digest = Md5::digest(&key).to_vec();
        if BASE64.encode(&digest) != md5 {
            return Err(bad("key MD5: it does not fit the key"));
        }
        Ok(Self::Customer(digest))
    }

    /// Refuses to read a version with another key than its own.
    pub(crate) fn may_read(&self, shown: Option<&Self>) -> Result<()> {
        match (self, shown) {
            (Self::Customer(_), None) => Err(Refusal::bad_request(
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to \
                 retrieve the object.",
            )),
            (Self::Customer(own), Some(Self::Customer(other))) if own != other => {
                Err(Refusal::access_denied())
            }
            (Self::Customer(_), Some(Self::Customer(_))) | (_, None) => Ok(()),
            (_, Some(_)) => Err(Refusal::bad_request("the file is not encrypted with a customer key")),
        }
    }

    /// Refuses to copy a version with another key than its own. Of a source with SSE-B2, SSE-B2 may be stated: the vendor's client does
    /// (b2sdk 2.13, `raw_api.copy_part`).
    pub(crate) fn may_copy(&self, shown: Option<&Self>) -> Result<()> {
        match (self, shown) {
            (Self::Service, Some(Self::Service)) => Ok(()),
            _ => self.may_read(shown),
        }
    }

    /// Reads the customer key that a download shows.
    pub(crate) fn of_download(headers: &HeaderMap) -> Result<Option<Self>> {
        if headers.contains_key(SSE_B2) {
            return Err(Refusal::bad_request("SSE-B2 headers are not for downloads"));
        }
        Self::of_headers(headers)
    }

    /// Reads the customer key that a part shows; SSE-B2 is settled at the start of the file.
    pub(crate) fn of_part(headers: &HeaderMap) -> Result<Option<Self>> {
        if headers.contains_key(SSE_B2) {
            return Err(Refusal::bad_request("X-Bz-Server-Side-Encryption is not accepted for parts"));
        }
        Self::of_headers(headers)
    }
}
