use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorKind};

/// The longest text that the appliance takes for a connection's host keys (TrueNAS middleware 25.10, `api/base/types/string.py`).
pub const MOST_CHARACTERS: usize = 1024;

/// A host key of an SSH server, as one line without the host: its kind, and the key in base64.
///
/// ```
/// use truenas_client::keychain::HostKey;
///
/// let key: HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfsqvEEMMSAqlhjBgoeFJoa1yFO2zSeoxo2gkGZFDrF root@nas02".parse().unwrap();
/// assert_eq!(key.kind(), "ssh-ed25519");
/// assert!("ssh-ed25519 nonsense".parse::<HostKey>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostKey {
    kind: String,
    key: String,
}

impl HostKey {
    /// Which kind of key, such as `ssh-ed25519`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Its fingerprint as OpenSSH shows it: `SHA256:`, and the digest in base64 without its end.
    pub fn fingerprint(&self) -> String {
        let bytes = BASE64.decode(self.key.as_bytes()).unwrap_or_default();
        let digest = BASE64.encode(&Sha256::digest(&bytes));
        format!("SHA256:{}", digest.trim_end_matches('='))
    }
}

impl FromStr for HostKey {
    type Err = Error;

    /// Reads one line; what stands after the key is a comment, which is left out.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut words = text.split_whitespace();
        let (kind, key) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        // The key begins with its kind, after a length of four bytes (RFC 4253, 6.6).
        let bytes = BASE64.decode(key.as_bytes()).unwrap_or_default();
        let names_itself = bytes.get(4..4 + kind.len()) == Some(kind.as_bytes());
        let is_one_line = !text.trim().contains(['\n', '\r']);
        if kind.is_empty() || !names_itself || !is_one_line || text.trim().len() > MOST_CHARACTERS {
            let reason = "a host key is one line of at most 1024 characters: its kind, and the key in base64";
            return Err(Error::new("host key", "", ErrorKind::InvalidRequest { reason }));
        }
        Ok(Self { kind: kind.to_owned(), key: key.to_owned() })
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.key)
    }
}

impl Serialize for HostKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HostKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("no host key"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfsqvEEMMSAqlhjBgoeFJoa1yFO2zSeoxo2gkGZFDrF";

    #[test]
    fn one_line_is_a_host_key_and_several_are_none() {
        assert_eq!(KEY.parse::<HostKey>().unwrap().to_string(), KEY);
        assert_eq!(format!("{KEY} a comment\n").parse::<HostKey>().unwrap().to_string(), KEY);
        let long = format!("{KEY} {}", "x".repeat(1024));
        for wrong in
            ["", "ssh-ed25519", "ssh-rsa AAAA", &format!("{KEY}\n{KEY}"), &long, &format!("nas02 {KEY}")]
        {
            assert!(wrong.parse::<HostKey>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_text_never_ends_the_program(text in ".{0,200}") {
            let _ = text.parse::<HostKey>();
        }
    }
}
