//! Where in the cloud a task's files are stored.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where in the cloud a task's files are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Target {
    /// The bucket.
    #[serde(default)]
    pub bucket: String,
    /// The folder in it; a leading or trailing slash makes no difference.
    #[serde(default)]
    pub folder: String,
    /// Whether rclone lists the whole bucket in few calls, with more memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fast_list: Option<bool>,
    /// The size of an upload's parts in MiB, 5 or more; memory for one transfer is a small multiple of it.
    #[serde(default, rename = "chunk_size", skip_serializing_if = "Option::is_none")]
    pub chunk_mebibytes: Option<u32>,
    /// Settings that this crate does not know, kept and sent back: the appliance replaces the target as a whole.
    #[serde(flatten)]
    other: Other,
}

/// Settings by name. `Debug` shows the names only, as the values may be secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Other(Map<String, Value>);

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Target {
    /// A folder of a bucket.
    pub fn new(bucket: impl Into<String>, folder: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            folder: folder.into(),
            fast_list: None,
            chunk_mebibytes: None,
            other: Other::default(),
        }
    }

    /// Whether rclone lists the whole bucket in few calls.
    pub fn fast_list(mut self, fast_list: crate::Switch) -> Self {
        self.fast_list = Some(fast_list.is_on());
        self
    }

    /// The size of an upload's parts in MiB, 5 or more.
    pub fn chunk_mebibytes(mut self, size: u32) -> Self {
        self.chunk_mebibytes = Some(size);
        self
    }

    /// Takes over the settings of another target that this crate does not know.
    pub fn keeping_unknown(mut self, found: &Self) -> Self {
        self.other.clone_from(&found.other);
        self
    }
}
