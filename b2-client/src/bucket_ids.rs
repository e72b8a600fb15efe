//! Ids and names of buckets, remembered.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::bucket_ref::BucketRef;
use crate::ids::BucketId;
use crate::names::BucketName;

/// A bucket that a call can be made on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundBucket {
    pub(crate) id: BucketId,
    /// The same bucket for requests and errors: with its id, and with its name if that is known.
    pub(crate) bucket: BucketRef,
}

/// A bucket of which both are known.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) id: BucketId,
    pub(crate) name: BucketName,
}

impl Known {
    pub(crate) fn found(self) -> FoundBucket {
        FoundBucket { id: self.id.clone(), bucket: BucketRef::known(self.id, self.name) }
    }
}

/// The buckets that a client and its clones have met.
#[derive(Default)]
pub(crate) struct BucketIds {
    /// By the name in lower case: the service does not distinguish cases.
    known: Mutex<HashMap<String, Known>>,
    /// Held while one is looked up, so that many callers cause one request.
    pub(crate) looking: tokio::sync::Mutex<()>,
}

impl BucketIds {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn find(&self, bucket: &BucketRef) -> Option<Known> {
        let known = self.lock();
        match (bucket.id(), bucket.name()) {
            (Some(id), _) => known.values().find(|one| one.id == *id).cloned(),
            (None, Some(name)) => known.get(&key(name)).cloned(),
            (None, None) => None,
        }
    }

    /// Remembers a bucket that an answer describes.
    pub(crate) fn note(&self, id: &BucketId, name: &BucketName) {
        if !id.as_str().is_empty() && !name.as_str().is_empty() {
            self.lock().insert(key(name), Known { id: id.clone(), name: name.clone() });
        }
    }

    /// Forgets the bucket with this id.
    pub(crate) fn forget(&self, id: &BucketId) {
        self.lock().retain(|_, bucket| bucket.id != *id);
    }
}

fn key(name: &BucketName) -> String {
    name.as_str().to_ascii_lowercase()
}
