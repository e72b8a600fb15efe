//! A setting of a dataset, and where it comes from.

use serde::{Deserialize, Serialize};

/// A setting of a dataset: what it is, and where that comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Property {
    /// Its value in the appliance's words, such as `LZ4`; none for nothing, such as no quota.
    pub value: Option<String>,
    /// Its value as ZFS writes it: sizes in bytes.
    #[serde(rename = "rawvalue")]
    pub raw: Option<String>,
    /// Where it comes from.
    pub source: PropertySource,
}

impl Property {
    /// Its value as a number, such as bytes; none when it is none.
    pub fn number(&self) -> Option<u64> {
        self.raw.as_deref().and_then(|raw| raw.parse().ok()).filter(|_| self.value.is_some())
    }

    /// Whether it is `ON` or `OFF`; none when it is neither.
    pub fn is_on(&self) -> Option<bool> {
        match self.raw.as_deref() {
            Some("on") => Some(true),
            Some("off") => Some(false),
            _ => None,
        }
    }
}

/// Where a setting comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum PropertySource {
    /// Nobody set it.
    Default,
    /// It was set on this dataset.
    Local,
    /// A parent's.
    Inherited,
    /// It came with a replication.
    Received,
    /// It holds until the dataset is mounted anew.
    Temporary,
    /// It cannot be set.
    #[default]
    None,
    /// A source of a newer release.
    #[serde(untagged)]
    Unknown(String),
}
