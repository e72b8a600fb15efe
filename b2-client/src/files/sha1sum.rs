//! SHA-1 checksums, as B2 uses them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha1::Digest as _;

/// A SHA-1 checksum.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha1([u8; 20]);

impl Sha1 {
    /// Computes the checksum of `content`.
    pub fn of(content: &[u8]) -> Self {
        Self(sha1::Sha1::digest(content).into())
    }

    /// Parses 40 hexadecimal digits; `None` for any other text.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Returns 40 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }
}

impl fmt::Display for Sha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Sha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha1({self})")
    }
}

impl FromStr for Sha1 {
    type Err = InvalidSha1;

    fn from_str(text: &str) -> Result<Self, InvalidSha1> {
        Self::from_hex(text).ok_or(InvalidSha1)
    }
}

/// The error of parsing a [`Sha1`] from text that is not 40 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-1 must be 40 hexadecimal digits")]
pub struct InvalidSha1;

impl<'de> Deserialize<'de> for Sha1 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Sha1 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The checksum of a version as the service reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentSha1 {
    /// The service verified the content against this checksum at the upload.
    Verified(Sha1),
    /// The client sent this checksum, and the service did not verify it.
    Unverified(Sha1),
    /// There is no checksum: the version is a large file or a hide marker.
    None,
}

impl ContentSha1 {
    pub(crate) fn from_wire(text: &str) -> Self {
        let (text, claimed) = match text.strip_prefix("unverified:") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        match Sha1::from_hex(text) {
            Some(sum) if claimed => Self::Unverified(sum),
            Some(sum) => Self::Verified(sum),
            None => Self::None,
        }
    }

    /// Returns the checksum, whether verified or not.
    pub fn digest(self) -> Option<Sha1> {
        match self {
            Self::Verified(sum) | Self::Unverified(sum) => Some(sum),
            Self::None => None,
        }
    }
}

impl<'de> Deserialize<'de> for ContentSha1 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().map_or(Self::None, Self::from_wire))
    }
}

/// A checksum being computed.
#[derive(Clone, Default)]
pub(crate) struct Hasher(sha1::Sha1);

impl Hasher {
    pub(crate) fn update(&mut self, content: &[u8]) {
        self.0.update(content);
    }

    /// Updates both hashers with the same bytes, alternating every two blocks. The processor then executes both in parallel, which takes
    /// little more than half the time of one after the other.
    pub(crate) fn update_both(&mut self, other: &mut Self, content: &[u8]) {
        for turn in content.chunks(128) {
            self.0.update(turn);
            other.0.update(turn);
        }
    }

    pub(crate) fn finish(self) -> Sha1 {
        Sha1(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gotcha_11_none_and_null_are_not_checksums() {
        let sum = Sha1::of(b"abc");
        assert_eq!(sum.to_hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!((sum.to_string().parse(), "abc".parse::<Sha1>()), (Ok(sum), Err(InvalidSha1)));
        assert_eq!(serde_json::from_str::<Sha1>(&serde_json::to_string(&sum).unwrap()).unwrap(), sum);
        let read = |json: &str| serde_json::from_str::<ContentSha1>(json).unwrap();
        assert_eq!(read("null"), ContentSha1::None);
        assert_eq!(read(r#""none""#), ContentSha1::None);
        assert_eq!(read(&format!("\"{sum}\"")), ContentSha1::Verified(sum));
        assert_eq!(read(&format!("\"unverified:{sum}\"")), ContentSha1::Unverified(sum));
    }

    #[test]
    fn two_hashers_that_are_fed_at_once_find_what_each_finds_alone() {
        let content: Vec<u8> = (0..1000_u32).map(|number| number.to_le_bytes()[0]).collect();
        for (before, length) in [(0, 0), (0, 128), (1, 127), (64, 300), (77, 900)] {
            let (mut whole, mut part) = (Hasher::default(), Hasher::default());
            whole.update(&content[..before]);
            whole.update_both(&mut part, &content[before..before + length]);
            assert_eq!(whole.finish(), Sha1::of(&content[..before + length]));
            assert_eq!(part.finish(), Sha1::of(&content[before..before + length]));
        }
    }
}
