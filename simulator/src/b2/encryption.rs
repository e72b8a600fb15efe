//! Server-side encryption: what is asked for, and who may read what.

use axum::http::HeaderMap;
use data_encoding::BASE64;
use md5::{Digest as _, Md5};
use serde_json::Value;

use super::fields::only;
use super::refusal::{Refusal, Result};

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
            (Some("none"), None, None, None) => Ok(Some(Self::None)),
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
                "the file is encrypted with a customer key, which the request must show",
            )),
            (Self::Customer(own), Some(Self::Customer(other))) if own != other => {
                Err(Refusal::new(403, "access_denied", "the customer key does not fit"))
            }
            (Self::Customer(_), Some(Self::Customer(_))) | (_, None) => Ok(()),
            (_, Some(_)) => Err(Refusal::bad_request("the file is not encrypted with a customer key")),
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
