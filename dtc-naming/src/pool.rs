//! Pool names, checked against ZFS's rules.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::text_form::text_form;

/// The maximum length in bytes: a dataset name has at most 255, and `/$ORIGIN@$ORIGIN` must fit after the name of the pool
/// (`OpenZFS` 2.1, `pool_namecheck` in `module/zcommon/zfs_namecheck.c`).
const MAX_BYTES: usize = 239;

/// The maximum length of a segment of an object name, in bytes (B2 documentation, "Files").
const B2_SEGMENT_BYTES: usize = 250;

// ZFS's alphabet contains neither control characters nor slashes, so with this limit every pool name is a valid segment of an
// object name (N5).
const _: () = assert!(MAX_BYTES <= B2_SEGMENT_BYTES);

/// Prefixes that ZFS reserves (`OpenZFS` 2.1, `zpool_name_valid` in `lib/libzfs/libzfs_pool.c`).
const RESERVED_PREFIXES: [&str; 4] = ["mirror", "raidz", "draid", "spare"];
/// Names that ZFS reserves (same source).
const RESERVED_WORDS: [&str; 1] = ["log"];

/// The name of a ZFS pool (N5).
///
/// ```
/// use dtc_naming::PoolName;
///
/// assert_eq!("tank".parse::<PoolName>()?.as_str(), "tank");
/// assert!("raidz2".parse::<PoolName>().is_err());      // reserved
/// assert!("tank/data".parse::<PoolName>().is_err());   // a dataset, not a pool
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolName(String);

impl PoolName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses a pool name that may be part of a longer input.
    pub(crate) fn read(text: &str) -> Result<Self, Breach> {
        const REMEDY: &str = "use the name that `zpool list` shows";
        let breach =
            |kind, span, problem| Err(Breach { rule: RuleId::N5, kind, span, problem, remedy: REMEDY });
        let Some(first) = text.chars().next() else {
            return breach(ErrorKind::Empty, 0..0, "it is empty".to_owned());
        };
        if !first.is_ascii_alphabetic() {
            let problem = format!("a pool name must begin with a letter from a to z, not with {first:?}");
            return breach(ErrorKind::Character, 0..first.len_utf8(), problem);
        }
        if let Some((at, character)) = text.char_indices().find(|(_, character)| !is_legal(*character)) {
            let problem = format!("{character:?} is not allowed in a pool name");
            return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
        }
        if text.len() > MAX_BYTES {
            let problem = format!("it has {} characters; the maximum is {MAX_BYTES}", text.len());
            return breach(ErrorKind::Length, MAX_BYTES..text.len(), problem);
        }
        let reserved = RESERVED_PREFIXES.iter().find(|word| text.starts_with(**word));
        if let Some(word) = reserved.or_else(|| RESERVED_WORDS.iter().find(|word| text == **word)) {
            let problem = format!("{word:?} is reserved by ZFS");
            return breach(ErrorKind::Reserved, 0..word.len(), problem);
        }
        Ok(Self(text.to_owned()))
    }
}

/// `OpenZFS` 2.1, `valid_char` in `module/zcommon/zfs_namecheck.c`.
fn is_legal(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | ':' | ' ')
}

impl FromStr for PoolName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("pool name", text))
    }
}

impl fmt::Display for PoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for PoolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PoolName").field(&self.0).finish()
    }
}

text_form!(PoolName);
