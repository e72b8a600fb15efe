//! Server-side encryption settings.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How the service encrypts files at rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption {
    /// No server-side encryption.
    #[default]
    None,
    /// With keys managed by Backblaze (SSE-B2, AES-256).
    SseB2,
    /// With a customer-provided key (SSE-C, AES-256). Possible for files, not as a bucket's default.
    SseC,
    /// A mode that this crate does not know.
    Unknown(String),
}

#[derive(Serialize, Deserialize)]
struct Wire {
    mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    algorithm: Option<String>,
}

impl<'de> Deserialize<'de> for Encryption {
    /// Reads `null` and `"none"` as no encryption; the service has sent both.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Option::<Wire>::deserialize(deserializer)?;
        Ok(match wire.and_then(|wire| wire.mode).as_deref() {
            None | Some("none") => Self::None,
            Some("SSE-B2") => Self::SseB2,
            Some("SSE-C") => Self::SseC,
            Some(other) => Self::Unknown(other.to_owned()),
        })
    }
}

impl Serialize for Encryption {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mode, algorithm) = match self {
            Self::None => ("none", None),
            Self::SseB2 => ("SSE-B2", Some("AES256")),
            Self::SseC => ("SSE-C", Some("AES256")),
            Self::Unknown(mode) => (mode.as_str(), None),
        };
        let algorithm = algorithm.map(str::to_owned);
        Wire { mode: Some(mode.to_owned()), algorithm }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gotcha_22_every_spelling_of_no_encryption_is_read() {
        for json in [r#"{"mode":null,"algorithm":null}"#, r#"{"mode":"none"}"#, "null"] {
            assert_eq!(serde_json::from_str::<Encryption>(json).unwrap(), Encryption::None, "{json}");
        }
        assert_eq!(serde_json::to_string(&Encryption::None).unwrap(), r#"{"mode":"none"}"#);
        assert_eq!(
            serde_json::to_string(&Encryption::SseB2).unwrap(),
            r#"{"mode":"SSE-B2","algorithm":"AES256"}"#
        );
    }
}
