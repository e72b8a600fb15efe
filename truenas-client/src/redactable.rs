use serde::{Deserialize, Deserializer};

/// What the middleware shows in place of a secret to a reader without the right to see it (TrueNAS middleware 25.10,
/// `api/base/types/string.py`).
pub(crate) const REDACTED: &str = "********";

/// A secret as the appliance shows it: in clear, hidden, or not set.
///
/// A hidden value is *unknown*: it equals nothing and is never written back.
#[derive(Debug, Default)]
pub enum Redactable<S> {
    /// The appliance showed the value.
    Clear(S),
    /// The appliance holds a value and hides it from this API key's user.
    Redacted,
    /// The appliance holds no value: null, empty or not there.
    #[default]
    Absent,
}

impl<S> Redactable<S> {
    /// The value, when the appliance showed it.
    pub fn clear(&self) -> Option<&S> {
        match self {
            Self::Clear(secret) => Some(secret),
            Self::Redacted | Self::Absent => None,
        }
    }

    /// Whether the appliance holds a value that it does not show.
    pub fn is_redacted(&self) -> bool {
        matches!(self, Self::Redacted)
    }

    /// Whether the appliance holds no value.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'de, S: From<String>> Deserialize<'de> for Redactable<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<String>::deserialize(deserializer)? {
            None => Self::Absent,
            Some(text) if text.is_empty() => Self::Absent,
            Some(text) if text == REDACTED => Self::Redacted,
            Some(text) => Self::Clear(S::from(text)),
        })
    }
}
