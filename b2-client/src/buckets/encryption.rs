//! Server-side encryption settings.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::members::as_text;

/// How the service encrypts files at rest.
///
/// Every new bucket encrypts with [`SseB2`](Self::SseB2) by default, and the service takes [`None`](Self::None) in no request any more;
/// buckets and files of before may still read back without encryption (reference: Backblaze, *Server-side encryption*).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption {
    /// No server-side encryption: only ever read, of buckets and files of before.
    #[default]
    None,
    /// With keys managed by Backblaze (SSE-B2, AES-256).
    SseB2,
    /// With a customer-provided key (SSE-C, AES-256). Possible for files, not as a bucket's default.
    SseC,
    /// A mode that this crate does not know.
    Unknown(String),
}

#[derive(Serialize)]
struct Wire<'a> {
    mode: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    algorithm: Option<&'a str>,
}

impl<'de> Deserialize<'de> for Encryption {
    /// Reads `null` and `"none"` as no encryption; the service has sent both. Whatever else is not known is [`Encryption::Unknown`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mode = match Value::deserialize(deserializer)? {
            Value::Object(mut members) => members.remove("mode").unwrap_or_default(),
            other => other,
        };
        Ok(match mode {
            Value::Null => Self::None,
            mode => match as_text(mode) {
                none if none == "none" => Self::None,
                managed if managed == "SSE-B2" => Self::SseB2,
                customers if customers == "SSE-C" => Self::SseC,
                other => Self::Unknown(other),
            },
        })
    }
}

impl Serialize for Encryption {
    /// Writes [`Encryption::None`] as the service does, with a mode of `null`. No request of this crate holds it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mode, algorithm) = match self {
            Self::None => (None, None),
            Self::SseB2 => (Some("SSE-B2"), Some("AES256")),
            Self::SseC => (Some("SSE-C"), Some("AES256")),
            Self::Unknown(mode) => (Some(mode.as_str()), None),
        };
        Wire { mode, algorithm }.serialize(serializer)
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
        for (json, mode) in
            [(r#"{"mode":"SSE-X"}"#, "SSE-X"), (r#"{"mode":7}"#, "7"), ("[]", "[]"), (r#""SSE-Y""#, "SSE-Y")]
        {
            assert_eq!(serde_json::from_str::<Encryption>(json).unwrap(), Encryption::Unknown(mode.into()));
        }
        assert!(
            !serde_json::to_string(&Encryption::None).unwrap().contains("none"),
            "the service refuses it"
        );
        assert_eq!(
            serde_json::to_string(&Encryption::SseB2).unwrap(),
            r#"{"mode":"SSE-B2","algorithm":"AES256"}"#
        );
    }
}
