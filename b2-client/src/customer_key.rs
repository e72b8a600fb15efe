//! Encryption with a key that only the customer keeps (SSE-C).

use std::fmt;
use std::sync::Arc;

use http_core::Call;
use md5::{Digest as _, Md5};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::error::Error;

/// A key that only the customer keeps; Backblaze forgets it after each call, and what it encrypted is lost without it. `Debug` shows
/// its type only. Used through [`Files::under`](crate::files::Files::under).
pub struct CustomerKey(Arc<Written>);

/// The key and its checksum as the wire carries them.
struct Written {
    key: SecretString,
    checksum: SecretString,
}

impl CustomerKey {
    /// Takes a key of 256 bits.
    pub fn new(key: [u8; 32]) -> Self {
        let base64 = |bytes: &[u8]| SecretString::from(data_encoding::BASE64.encode(bytes));
        Self(Arc::new(Written { key: base64(&key), checksum: base64(&Md5::digest(key)) }))
    }

    /// Takes a key written in base64.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when it is not base64 of exactly 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let key =
            data_encoding::BASE64.decode(text.trim().as_bytes()).ok().and_then(|key| key.try_into().ok());
        let wrong =
            || Error::invalid("customer key", "a customer's encryption key is 32 bytes, written in base64");
        key.map(Self::new).ok_or_else(wrong)
    }

    /// The key itself, in base64.
    pub fn expose(&self) -> &str {
        self.0.key.expose_secret()
    }

    /// Another handle on the same secret.
    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    /// Adds the key to an upload, a part or a download.
    pub(crate) fn on(&self, call: Call) -> Call {
        let prefix = "x-bz-server-side-encryption-customer";
        call.header(&format!("{prefix}-algorithm"), "AES256")
            .secret_header(&format!("{prefix}-key"), self.0.key.expose_secret())
            .secret_header(&format!("{prefix}-key-md5"), self.0.checksum.expose_secret())
    }

    /// The key as a JSON request carries it.
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

/// Lives as long as a request is being written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireKey<'a> {
    mode: &'static str,
    algorithm: &'static str,
    customer_key: &'a str,
    customer_key_md5: &'a str,
}
