//! Server-side encryption with a customer-provided key (SSE-C).

use std::fmt;
use std::sync::Arc;

use http_core::Call;
use md5::{Digest as _, Md5};
use safe_text::SecretString;
use serde::Serialize;

use crate::error::Error;

/// A customer-provided encryption key (SSE-C).
///
/// The service does not store it: without the key, files encrypted with it cannot be read. Pass it to
/// [`Files::with_customer_key`](crate::files::Files::with_customer_key). `Debug` shows the type name only.
pub struct CustomerKey(Arc<Encoded>);

/// The key and its MD5, both in base64 as requests carry them.
struct Encoded {
    key: SecretString,
    checksum: SecretString,
}

impl CustomerKey {
    /// Creates a key from its 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        let base64 = |bytes: &[u8]| SecretString::from(data_encoding::BASE64.encode(bytes));
        Self(Arc::new(Encoded { key: base64(&key), checksum: base64(&Md5::digest(key)) }))
    }

    /// Creates a key from base64 text.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when `text` is not the base64 form of exactly 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let key =
            data_encoding::BASE64.decode(text.trim().as_bytes()).ok().and_then(|key| key.try_into().ok());
        let wrong =
            || Error::invalid("customer key", "a customer's encryption key must be 32 bytes in base64");
        key.map(Self::new).ok_or_else(wrong)
    }

    /// Returns the secret key in base64.
    pub fn expose(&self) -> &str {
        self.0.key.expose_secret()
    }

    /// Returns another handle to the same secret.
    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Adds the key's headers to an upload, an upload of a part, or a download.
    pub(crate) fn on(&self, call: Call) -> Call {
        let prefix = "x-bz-server-side-encryption-customer";
        call.header(&format!("{prefix}-algorithm"), "AES256")
            .secret_header(&format!("{prefix}-key"), self.0.key.expose_secret())
            .secret_header(&format!("{prefix}-key-md5"), self.0.checksum.expose_secret())
    }

    /// Returns the key in the form of JSON requests.
    pub(crate) fn wire(&self) -> WireKey<'_> {
        WireKey {
            mode: "SSE-C",
            algorithm: "AES256",
            customer_key: self.0.key.expose_secret(),
            customer_key_md5: self.0.checksum.expose_secret(),
        }
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerKey")
    }
}

/// The key in a JSON request body; exists only while the request is being serialised.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireKey<'a> {
    mode: &'static str,
    algorithm: &'static str,
    customer_key: &'a str,
    customer_key_md5: &'a str,
}
