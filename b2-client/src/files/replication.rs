//! How far the replication of a bucket's files is.

use futures_util::TryStreamExt as _;

use super::{Action, Files, ListFiles, ReplicationStatus};
use crate::error::Error;

/// How many versions of files stand where in their replication.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicationCounts {
    /// Waiting or being copied.
    pub pending: u64,
    /// Copied.
    pub completed: u64,
    /// Not copied, and not tried again.
    pub failed: u64,
    /// Copies themselves.
    pub replica: u64,
    /// In a state newer than this crate.
    pub unknown: u64,
    /// Matched by no rule, or uploaded before there was one.
    pub unmatched: u64,
}

impl Files<'_> {
    /// Counts versions by how far their replication is. It reads the whole listing, which costs a transaction for every thousand
    /// versions. Hide markers and unfinished large files do not count.
    ///
    /// # Errors
    /// As [`list_versions`](Self::list_versions).
    pub async fn count_replication(&self, request: &ListFiles) -> Result<ReplicationCounts, Error> {
        let mut counts = ReplicationCounts::default();
        let mut versions = std::pin::pin!(self.list_versions(request));
        while let Some(version) = versions.try_next().await? {
            if version.action != Action::Upload {
                continue;
            }
            *match version.replication_status {
                None => &mut counts.unmatched,
                Some(ReplicationStatus::Pending) => &mut counts.pending,
                Some(ReplicationStatus::Completed) => &mut counts.completed,
                Some(ReplicationStatus::Failed) => &mut counts.failed,
                Some(ReplicationStatus::Replica) => &mut counts.replica,
                Some(ReplicationStatus::Unknown(_)) => &mut counts.unknown,
            } += 1;
        }
        Ok(counts)
    }
}
