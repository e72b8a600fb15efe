//! What runs of cloud sync tasks may hold only one at a time: a job's lock, and a place in a bucket to write to.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// What one run needs for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Claim {
    /// A job's lock, by its name.
    Job(String),
    /// A place in a bucket: bucket and folder, joined by a slash, without slashes at the ends.
    Remote { credential: i64, place: String },
}

impl Claim {
    fn conflicts_with(&self, other: &Self) -> bool {
        let below =
            |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match (self, other) {
            (Self::Job(name), Self::Job(other)) => name == other,
            (
                Self::Remote { credential, place },
                Self::Remote { credential: other_credential, place: other_place },
            ) => credential == other_credential && (below(place, other_place) || below(other_place, place)),
            _ => false,
        }
    }
}

/// The claims of all runs. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct TaskLocks {
    claims: Arc<Mutex<Vec<Claim>>>,
    released: Arc<Notify>,
}

/// A claim that was granted; dropping it lets the next run in.
#[derive(Debug)]
pub(super) struct TaskLock {
    claim: Claim,
    locks: TaskLocks,
}

impl TaskLocks {
    /// Grants the claim if no other conflicts with it.
    pub(super) fn try_lock(&self, claim: &Claim) -> Option<TaskLock> {
        let mut claims = self.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if claims.iter().any(|other| other.conflicts_with(claim)) {
            return None;
        }
        claims.push(claim.clone());
        Some(TaskLock { claim: claim.clone(), locks: self.clone() })
    }

    /// Grants the claim as soon as no other conflicts with it.
    pub(super) async fn lock(&self, claim: &Claim) -> TaskLock {
        loop {
            let released = self.released.notified();
            tokio::pin!(released);
            released.as_mut().enable();
            if let Some(lock) = self.try_lock(claim) {
                return lock;
            }
            released.await;
        }
    }
}

impl Drop for TaskLock {
    fn drop(&mut self) {
        let mut claims = self.locks.claims.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = claims.iter().position(|claim| *claim == self.claim) {
            claims.swap_remove(index);
        }
        drop(claims);
        self.locks.released.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(credential: i64, place: &str) -> Claim {
        Claim::Remote { credential, place: place.to_owned() }
    }

    #[test]
    fn folders_beside_each_other_run_together_and_nested_ones_do_not() {
        let locks = TaskLocks::default();
        let first = locks.try_lock(&remote(5, "bucket/guid/pool0")).unwrap();
        assert!(locks.try_lock(&remote(5, "bucket/guid")).is_none());
        assert!(locks.try_lock(&remote(5, "bucket/guid/pool01")).is_some());
        assert!(locks.try_lock(&remote(6, "bucket/guid")).is_some());
        drop(first);
        assert!(locks.try_lock(&remote(5, "bucket/guid")).is_some());
    }

    #[test]
    fn a_lock_is_held_once_by_its_name() {
        let locks = TaskLocks::default();
        let lock = |name: &str| Claim::Job(name.to_owned());
        let first = locks.try_lock(&lock("cloud_sync:1")).unwrap();
        assert!(locks.try_lock(&lock("cloud_sync:1")).is_none());
        assert!(locks.try_lock(&lock("cloud_sync:2")).is_some());
        drop(first);
        assert!(locks.try_lock(&lock("cloud_sync:1")).is_some());
    }
}
