//! The state of the replication of a bucket's files.

use futures_util::TryStreamExt as _;

use super::{Action, Files, ListFiles, ReplicationStatus};
use crate::error::Error;

/// The number of versions in each replication state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicationCounts {
    /// Versions that wait to be copied or are being copied.
    pub pending: u64,
    /// Versions that have been copied.
    pub completed: u64,
    /// Versions that could not be copied.
    pub failed: u64,
    /// Versions that are themselves replicas.
    pub replica: u64,
    /// Versions in a state that this crate does not know.
    pub unknown: u64,
    /// Versions that no rule matches, or that were uploaded before the rule was added.
    pub unmatched: u64,
}

impl Files<'_> {
    /// Counts versions by the state of their replication. It reads the whole listing, which is billed as one transaction per 1000
    /// versions. Hide markers and unfinished large files are not counted.
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
