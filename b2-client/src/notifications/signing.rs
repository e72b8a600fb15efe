//! The secrets of a notification rule: the signing secret and the added headers.

use std::fmt;

use safe_text::SecretString;
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::members::Other;

/// The secret with which the service signs requests to a webhook: 32 letters and digits. `Debug` shows the type name only.
pub struct SigningSecret(SecretString);

impl SigningSecret {
    /// Wraps the secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into().into())
    }

    /// Returns the secret.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether `header`, the value of `X-Bz-Event-Notification-Signature`, is the signature of `body`.
    ///
    /// Pass the body exactly as it was received, before parsing it. The comparison takes constant time.
    pub fn verifies(&self, header: &str, body: &[u8]) -> bool {
        let claimed = header.strip_prefix("v1=").unwrap_or_default();
        let Ok(claimed) = data_encoding::HEXLOWER_PERMISSIVE.decode(claimed.as_bytes()) else { return false };
        let expected = hmac_sha256(self.0.expose_secret().as_bytes(), body);
        claimed.ct_eq(&expected).into()
    }
}

impl<'de> Deserialize<'de> for SigningSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}

/// A header that a rule adds to requests. The value often is a credential, so it is treated as a secret: `Debug` shows the name only.
#[derive(Deserialize)]
pub struct CustomHeader {
    name: String,
    #[serde(deserialize_with = "secret")]
    value: SecretString,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(Into::into)
}

impl CustomHeader {
    /// Creates a header.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into().into(), other: Other::default() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the secret value.
    pub fn expose(&self) -> &str {
        self.value.expose_secret()
    }

    pub(super) fn other(&self) -> &Other {
        &self.other
    }
}

impl fmt::Debug for CustomHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomHeader({:?})", self.name)
    }
}

/// HMAC with SHA-256 (RFC 2104).
pub(super) fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let case_2 = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&case_2), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let case_6 = hmac_sha256(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex(&case_6), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }
}
