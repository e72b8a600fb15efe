//! The UUID versions that provisioning accepts, and the proof that an identifier has one of them (I2).

use std::fmt;

use crate::error::{Breach, Error, ErrorKind, RuleId};

/// The UUID versions that provisioning accepts: 4 and 7 unless configured otherwise (I2).
///
/// ```
/// use dtc_naming::UuidVersions;
///
/// assert!(UuidVersions::default().contains(7));
/// assert_eq!(UuidVersions::new([4])?.to_string(), "4");
/// assert!(UuidVersions::new([9]).is_err());
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UuidVersions(u16);

impl UuidVersions {
    /// Accepts these versions and no others.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] for an empty list, [`ErrorKind::Version`] for a version that RFC 9562 does not define.
    pub fn new(versions: impl IntoIterator<Item = u8>) -> Result<Self, Error> {
        let refuse = |kind, input: &str, problem: &str| {
            let breach = Breach {
                rule: RuleId::I2,
                kind,
                span: 0..input.len(),
                problem: problem.to_owned(),
                remedy: "list versions from 1 to 8",
            };
            Err(breach.of("list of accepted UUID versions", input))
        };
        let mut bits = 0;
        for version in versions {
            if !(1..=8).contains(&version) {
                return refuse(ErrorKind::Version, &version.to_string(), "RFC 9562 defines no such version");
            }
            bits |= 1 << version;
        }
        if bits == 0 { refuse(ErrorKind::Empty, "", "no version would be accepted") } else { Ok(Self(bits)) }
    }

    /// Whether this version is accepted.
    pub fn contains(self, version: u8) -> bool {
        version < 16 && self.0 & (1 << version) != 0
    }

    /// Returns the accepted versions in ascending order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=8).filter(move |version| self.contains(*version))
    }
}

impl Default for UuidVersions {
    fn default() -> Self {
        Self(1 << 4 | 1 << 7)
    }
}

impl fmt::Display for UuidVersions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<String> = self.iter().map(|version| version.to_string()).collect();
        f.write_str(&versions.join(", "))
    }
}

/// Serialises as a list of numbers: `[4, 7]`.
#[cfg(feature = "serde")]
impl serde::Serialize for UuidVersions {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for UuidVersions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let versions = <Vec<u8> as serde::Deserialize>::deserialize(deserializer)?;
        Self::new(versions).map_err(serde::de::Error::custom)
    }
}

/// An identifier that has an accepted version (I2).
///
/// Only `accept` creates one, so a function that takes an `Accepted<LocationUuid>` cannot be called with an unchecked identifier. For
/// this reason it does not implement `Deserialize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accepted<T>(T);

impl<T> Accepted<T> {
    pub(crate) fn proven(value: T) -> Self {
        Self(value)
    }

    /// Returns a reference to the identifier.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// Returns the identifier.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: fmt::Display> fmt::Display for Accepted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
