//! Settings that a key may not be allowed to read.

use serde::{Deserialize, Deserializer};

/// A setting that the service shows only to keys with the matching `read…` capability.
///
/// A setting that the key may not read is unknown; it must not be taken for "off".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readable<T> {
    /// The value of the setting.
    Known(T),
    /// The key may not read the setting; its value is unknown.
    NotAuthorized,
}

impl<T> Readable<T> {
    /// Returns the value, or `None` if the key may not read it.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotAuthorized => None,
        }
    }
}

impl<T> Default for Readable<T> {
    /// [`Readable::NotAuthorized`]: a setting that is absent from an answer is unknown.
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
