//! Names of datasets, and the labels of the vault records that hold their keys.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::pool::PoolName;
use crate::text_form::text_form;

// The dash is U+2014, between spaces, as in the other labels.
const KEY: &str = "TrueNAS Dataset Key — ";
/// The maximum length in bytes (`OpenZFS` 2.1, `ZFS_MAX_DATASET_NAME_LEN` less its end).
const MAX_BYTES: usize = 255;

/// The name of a ZFS dataset: a pool, and the path below it (N5).
///
/// ```
/// use dtc_naming::DatasetName;
///
/// let name: DatasetName = "tank/data/offices".parse()?;
/// assert_eq!(name.pool().as_str(), "tank");
/// assert_eq!(name.parent().unwrap().as_str(), "tank/data");
/// assert!(name.is_below(&"tank/data".parse()?) && !name.is_below(&"tank/dat".parse()?));
/// assert!("tank/data@monday".parse::<DatasetName>().is_err());   // a snapshot
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasetName {
    text: String,
    pool: PoolName,
}

impl DatasetName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the pool.
    pub fn pool(&self) -> &PoolName {
        &self.pool
    }

    /// Returns the dataset above it; `None` for the root dataset of a pool.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.text.rsplit_once('/')?;
        Some(Self { text: parent.to_owned(), pool: self.pool.clone() })
    }

    /// Returns whether it stands below another one.
    pub fn is_below(&self, other: &Self) -> bool {
        self.text.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Returns the dataset that stands below `to` as this one stands below `from`, or for it; `None` if it does not.
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        let rest = self.text.strip_prefix(from.as_str())?;
        let moves = rest.is_empty() || rest.starts_with('/');
        moves.then(|| Self { text: format!("{to}{rest}"), pool: to.pool.clone() })
    }

    fn read(text: &str) -> Result<Self, Breach> {
        const REMEDY: &str = "use the name that `zfs list` shows";
        let breach =
            |kind, span, problem| Err(Breach { rule: RuleId::N5, kind, span, problem, remedy: REMEDY });
        let (pool, rest) = text.split_once('/').unwrap_or((text, ""));
        let pool = PoolName::read(pool)?;
        if text.len() > MAX_BYTES {
            let problem = format!("it has {} bytes; the maximum is {MAX_BYTES}", text.len());
            return breach(ErrorKind::Length, MAX_BYTES..text.len(), problem);
        }
        let start = text.len() - rest.len();
        if start > pool.as_str().len() && rest.split('/').any(|part| matches!(part, "" | "." | "..")) {
            let problem = "a part of it is empty, or is . or ..".to_owned();
            return breach(ErrorKind::Shape, start..text.len(), problem);
        }
        let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | ' ' | '/');
        if let Some((at, character)) = rest.char_indices().find(|(_, character)| !is_legal(*character)) {
            let at = at + start;
            let problem = format!("{character:?} is not allowed in a dataset's name");
            return breach(ErrorKind::Character, at..at + character.len_utf8(), problem);
        }
        Ok(Self { text: text.to_owned(), pool })
    }
}

/// The label of the vault record of a dataset's key. Labels are for people: the identity of a record is in its notes.
///
/// ```
/// use dtc_naming::DatasetKeyLabel;
///
/// let label = DatasetKeyLabel("tank/data".parse()?);
/// assert_eq!(label.to_string(), "TrueNAS Dataset Key — tank/data");
/// assert_eq!(label.to_string().parse::<DatasetKeyLabel>()?, label);
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatasetKeyLabel(pub DatasetName);

impl DatasetKeyLabel {
    fn read(text: &str) -> Result<Self, Breach> {
        let rest = text.strip_prefix(KEY).ok_or_else(|| Breach {
            rule: RuleId::N8,
            kind: if text.is_empty() { ErrorKind::Empty } else { ErrorKind::Shape },
            span: 0..0,
            problem: format!("it does not begin with {KEY:?}"),
            remedy: "the dash is an em dash (U+2014), between spaces",
        })?;
        DatasetName::read(rest).map(Self).map_err(|breach| breach.shifted(KEY.len()))
    }
}

impl fmt::Display for DatasetKeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{KEY}{}", self.0)
    }
}

impl FromStr for DatasetKeyLabel {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("vault label", text))
    }
}

impl fmt::Display for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for DatasetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatasetName").field(&self.text).finish()
    }
}

impl FromStr for DatasetName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::read(text).map_err(|breach| breach.of("dataset name", text))
    }
}

text_form!(DatasetName, DatasetKeyLabel);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n5_what_zfs_takes_is_taken_and_what_it_does_not_take_is_named() {
        for name in ["tank", "tank/a", "tank/a b/c.d:e-f_g"] {
            assert_eq!(name.parse::<DatasetName>().unwrap().to_string(), name);
        }
        for name in [
            "",
            "/tank",
            "tank/",
            "tank//a",
            "tank/a@b",
            "tank/a#b",
            "tank/..",
            "tank/ü",
            "1tank/a",
            "tank/a\nb",
        ] {
            assert!(name.parse::<DatasetName>().is_err(), "{name:?}");
        }
        assert!(format!("tank/{}", "a".repeat(251)).parse::<DatasetName>().is_err());
    }

    #[test]
    fn a_dataset_moves_with_what_is_above_it() {
        let name = |text: &str| text.parse::<DatasetName>().unwrap();
        let moved = |text: &str| name(text).moved(&name("tank/data"), &name("vault/site/data"));
        assert_eq!(moved("tank/data"), Some(name("vault/site/data")));
        assert_eq!(moved("tank/data/a/b"), Some(name("vault/site/data/a/b")));
        assert_eq!((moved("tank/database"), moved("tank")), (None, None));
    }
}
