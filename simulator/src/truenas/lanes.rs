//! Which cloud sync may run beside which: one at a time per task, and one writer per place in a bucket.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// What one run occupies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) task: i64,
    pub(super) credential: i64,
    /// Bucket and folder, joined by a slash, without slashes at the ends.
    pub(super) remote: String,
}

impl Lane {
    fn crosses(&self, other: &Self) -> bool {
        let below =
            |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let overlap = below(&self.remote, &other.remote) || below(&other.remote, &self.remote);
        self.task == other.task || (self.credential == other.credential && overlap)
    }
}

/// The lanes in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes {
    busy: Arc<Mutex<Vec<Lane>>>,
    freed: Arc<Notify>,
}

/// A lane held; dropping it lets the next one in.
#[derive(Debug)]
pub(super) struct Held {
    lane: Lane,
    lanes: Lanes,
}

impl Lanes {
    /// Takes the lane if nothing crosses it.
    pub(super) fn try_take(&self, lane: &Lane) -> Option<Held> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.iter().any(|other| other.crosses(lane)) {
            return None;
        }
        busy.push(lane.clone());
        Some(Held { lane: lane.clone(), lanes: self.clone() })
    }

    /// Takes the lane as soon as nothing crosses it.
    pub(super) async fn take(&self, lane: &Lane) -> Held {
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if let Some(held) = self.try_take(lane) {
                return held;
            }
            freed.await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut busy = self.lanes.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = busy.iter().position(|lane| *lane == self.lane) {
            busy.swap_remove(index);
        }
        drop(busy);
        self.lanes.freed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(task: i64, credential: i64, remote: &str) -> Lane {
        Lane { task, credential, remote: remote.to_owned() }
    }

    #[test]
    fn folders_beside_each_other_run_together_and_nested_ones_do_not() {
        let lanes = Lanes::default();
        let first = lanes.try_take(&lane(1, 5, "bucket/guid/pool0")).unwrap();
        assert!(lanes.try_take(&lane(1, 6, "other")).is_none());
        assert!(lanes.try_take(&lane(2, 5, "bucket/guid")).is_none());
        assert!(lanes.try_take(&lane(2, 5, "bucket/guid/pool01")).is_some());
        drop(first);
        assert!(lanes.try_take(&lane(2, 5, "bucket/guid")).is_some());
    }
}
