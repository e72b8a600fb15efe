//! User properties: their names, their values and where they come from.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};

use super::property::PropertySource;
use crate::{Error, ErrorKind};

/// The property that tells which device a pool belongs to. Children inherit it, so that it belongs on a pool's root dataset and nowhere else.
const DEVICE_GUID: &str = "com.dtctoday:device-guid";

/// A user property as a dataset shows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserProperty {
    /// Its value.
    pub value: String,
    /// Where it comes from. From 25.10 on the appliance says [`Local`](PropertySource::Local) of inherited ones too (TrueNAS middleware 25.10,
    /// `plugins/pool_/dataset.py`): only a root dataset's are certainly its own.
    #[serde(default)]
    pub source: PropertySource,
}

/// The name of a ZFS user property: with a colon in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserPropertyName(String);

impl UserPropertyName {
    /// Checks a property's name.
    ///
    /// # Errors
    /// `InvalidRequest`, when it has no colon or a character other than ZFS allows: lower-case letters, digits, `:`, `-`, `.`, `_`
    /// (manual page `zfsprops` of `OpenZFS` 2.3).
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b":-._".contains(&b);
        if name.contains(':') && !name.starts_with('-') && name.len() < 256 && name.bytes().all(legal) {
            return Ok(Self(name));
        }
        let reason = "a user property's name holds a colon, and besides lower-case letters, digits, '-', '.' and '_' only";
        Err(Error::new("user property", name, ErrorKind::InvalidRequest { reason }))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl UserPropertyName {
    /// Whether it may stand on a root dataset only.
    pub(super) fn is_of_roots_only(&self) -> bool {
        self.0 == DEVICE_GUID
    }
}

impl fmt::Display for UserPropertyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `{name: {value, rawvalue, source, …}}`. A name that this crate could not write is kept as it is; what has no value is left out.
pub(super) fn all<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<UserPropertyName, UserProperty>, D::Error> {
    #[derive(Deserialize)]
    struct Property {
        value: Option<String>,
        #[serde(default)]
        source: PropertySource,
    }
    let wire = Option::<BTreeMap<String, Property>>::deserialize(from)?.unwrap_or_default();
    let shown = |(name, property): (String, Property)| {
        let (value, source) = (property.value?, property.source);
        Some((UserPropertyName(name), UserProperty { value, source }))
    };
    Ok(wire.into_iter().filter_map(shown).collect())
}
