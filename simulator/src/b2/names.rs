//! The bucket names in use, which are unique over all accounts.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Every name in use, whatever its case. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct BucketNames(Arc<Mutex<HashSet<String>>>);

impl BucketNames {
    /// Takes a name; `false` when it is in use, in this account or another.
    pub(crate) fn claim(&self, name: &str) -> bool {
        self.names().insert(name.to_ascii_lowercase())
    }

    /// Gives a name back.
    pub(crate) fn release(&self, name: &str) {
        self.names().remove(&name.to_ascii_lowercase());
    }

    fn names(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
