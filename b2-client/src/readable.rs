//! Settings that a key may not be allowed to read.

use serde::{Deserialize, Deserializer};

/// A setting as this key sees it. The service hides some settings from keys without the matching `read…` capability; such a
/// setting is *unknown*, never "off".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readable<T> {
    /// The key may read it, and this is what it says.
    Known(T),
    /// The key may not read it; it may be anything.
    NotAuthorized,
}

impl<T> Readable<T> {
    /// The setting, where the key may read it.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotAuthorized => None,
        }
    }
}

impl<T> Default for Readable<T> {
    /// A setting that the answer does not mention is unknown.
    fn default() -> Self {
        Self::NotAuthorized
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<T> {
    is_client_authorized_to_read: bool,
    value: Option<T>,
}

impl<'de, T: Deserialize<'de> + Default> Deserialize<'de> for Readable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Ok(if wire.is_client_authorized_to_read {
            Self::Known(wire.value.unwrap_or_default())
        } else {
            Self::NotAuthorized
        })
    }
}
