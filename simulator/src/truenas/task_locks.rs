//! Which cloud sync may run beside which: one at a time per task, and one writer per place in a bucket.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// What one run needs for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) task: i64,
    pub(super) credential: i64,
    /// Bucket and folder, joined by a slash, without slashes at the ends.
    pub(super) remote: String,
}

impl Claim {
    fn conflicts_with(&self, other: &Self) -> bool {
        let below =
            |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let overlap = below(&self.remote, &other.remote) || below(&other.remote, &self.remote);
        self.task == other.task || (self.credential == other.credential && overlap)
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

    fn claim(task: i64, credential: i64, remote: &str) -> Claim {
        Claim { task, credential, remote: remote.to_owned() }
    }

    #[test]
    fn folders_beside_each_other_run_together_and_nested_ones_do_not() {
        let locks = TaskLocks::default();
        let first = locks.try_lock(&claim(1, 5, "bucket/guid/pool0")).unwrap();
        assert!(locks.try_lock(&claim(1, 6, "other")).is_none());
        assert!(locks.try_lock(&claim(2, 5, "bucket/guid")).is_none());
        assert!(locks.try_lock(&claim(2, 5, "bucket/guid/pool01")).is_some());
        drop(first);
        assert!(locks.try_lock(&claim(2, 5, "bucket/guid")).is_some());
    }
}
