use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number that the box issued.
            pub const fn new(id: i64) -> Self {
                Self(id)
            }

            /// The number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A stored cloud credential.
    CloudCredentialId
);
number_id!(
    /// A cloud sync task.
    CloudSyncId
);
number_id!(
    /// A periodic snapshot task.
    SnapshotTaskId
);
number_id!(
    /// A job. Jobs live in the middleware's memory: after a restart of the box the number means nothing.
    JobId
);
number_id!(
    /// A pool's row on this box; after an export and import it is another.
    PoolId
);

/// A dataset's full name, `pool/parent/child`; of a pool's root dataset, the pool's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DatasetId(String);

impl DatasetId {
    /// Wraps a dataset's full name.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root dataset of its pool.
    pub fn is_root(&self) -> bool {
        !self.0.contains('/')
    }
}

impl fmt::Display for DatasetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
