//! The descriptions of Cloud Sync tasks: `{Pool} Cloud Backup`.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::pool::PoolName;
use crate::text_form::text_form;

const SUFFIX: &str = " Cloud Backup";
const REMEDY: &str = "the form is {Pool} Cloud Backup, the pool's first letter in upper case";

/// The description of a pool's Cloud Sync task (N6).
///
/// The first letter is in upper case, so `pool0` and `Pool0`, which are different pools in ZFS, have the same description. Parsing
/// therefore gives up to two possible pools, [`candidates`](Self::candidates). Use [`describes`](Self::describes) to find out
/// which of an appliance's pools is meant.
///
/// ```
/// use dtc_naming::{PoolName, TaskDescription};
///
/// let pool: PoolName = "pool0".parse()?;
/// let description = TaskDescription::compute(&pool);
/// assert_eq!(description.as_str(), "Pool0 Cloud Backup");
/// assert!("Pool0 Cloud Backup".parse::<TaskDescription>()?.describes(&pool));
/// assert_eq!(description.candidates(), ["pool0".parse()?, "Pool0".parse()?]);
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskDescription(String);

impl TaskDescription {
    /// Computes the description of the task of a pool.
    pub fn compute(pool: &PoolName) -> Self {
        let mut text = String::with_capacity(pool.as_str().len() + SUFFIX.len());
        text.push_str(pool.as_str());
        text[..1].make_ascii_uppercase();
        text.push_str(SUFFIX);
        Self(text)
    }

    /// Returns the description as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the description of the task of `pool`.
    pub fn describes(&self, pool: &PoolName) -> bool {
        Self::compute(pool) == *self
    }

    /// Returns the pools that this may be the description of (N9). The one in lower case, which is more common, comes first; it is
    /// absent if ZFS reserves the name.
    pub fn candidates(&self) -> Vec<PoolName> {
        let upper = &self.0[..self.0.len() - SUFFIX.len()];
        let mut lower = upper.to_owned();
        lower[..1].make_ascii_lowercase();
        [lower.as_str(), upper].into_iter().filter_map(|name| PoolName::read(name).ok()).collect()
    }
}

fn read(text: &str) -> Result<TaskDescription, Breach> {
    let breach = |kind, span, problem: &str| {
        Err(Breach { rule: RuleId::N6, kind, span, problem: problem.to_owned(), remedy: REMEDY })
    };
    if text.is_empty() {
        return breach(ErrorKind::Empty, 0..0, "it is empty");
    }
    let Some(pool) = text.strip_suffix(SUFFIX) else {
        return breach(ErrorKind::Shape, text.len()..text.len(), "it does not end with \" Cloud Backup\"");
    };
    if pool.starts_with(|first: char| first.is_ascii_lowercase()) {
        return breach(ErrorKind::Character, 0..1, "the pool's first letter is in lower case");
    }
    PoolName::read(pool).map(|_| TaskDescription(text.to_owned()))
}

impl FromStr for TaskDescription {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        read(text).map_err(|breach| breach.of("task description", text))
    }
}

impl fmt::Display for TaskDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for TaskDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskDescription").field(&self.0).finish()
    }
}

text_form!(TaskDescription);
