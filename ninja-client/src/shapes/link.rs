//! Addresses that are rights: whoever has one may use it.

use serde::{Deserialize, Deserializer};

use crate::secret::{LinkUrl, SignedUrls};
use crate::time::Timestamp;

/// An address that opens something (`Link`, `DeviceLink`).
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct Link {
    /// Where it leads.
    #[serde(deserialize_with = "secret")]
    pub url: LinkUrl,
    /// Until when it does, where it says so.
    #[serde(default)]
    pub expires: Option<Timestamp>,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<LinkUrl, D::Error> {
    String::deserialize(from).map(LinkUrl::new)
}

impl<'de> Deserialize<'de> for SignedUrls {
    /// The whole answer, as text: the specification does not say what is in it.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let answer = serde_json::Value::deserialize(from)?;
        Ok(Self::new(answer.as_str().map_or_else(|| answer.to_string(), str::to_owned)))
    }
}
