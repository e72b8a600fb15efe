//! Periodic snapshot tasks, and the snapshots they take (Z1, Z2).

use async_trait::async_trait;
use dtc_naming::PoolName;
use serde::{Deserialize, Serialize};

use crate::ids::SnapshotTaskId;
use crate::port_error::PortError;
use crate::schedule::{Schedule, TimeOfDay};

/// Every setting of a periodic snapshot task that the standard states (Z1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTaskSettings {
    /// The dataset: a pool's root.
    pub dataset: String,
    /// Whether children are included.
    pub recursive: bool,
    /// Children left out.
    pub exclude: Vec<String>,
    /// How long snapshots are kept, in hours.
    pub lifetime_hours: u32,
    /// How snapshots are named.
    pub schema: String,
    /// When snapshots are taken.
    pub schedule: Schedule,
    /// From when in the day.
    pub begin: TimeOfDay,
    /// Until when in the day.
    pub end: TimeOfDay,
    /// Whether snapshots without changes are kept.
    pub allow_empty: bool,
}

/// A periodic snapshot task on the appliance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTask {
    /// Its id.
    pub id: SnapshotTaskId,
    /// Whether it runs.
    pub enabled: bool,
    /// Its settings.
    pub settings: SnapshotTaskSettings,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Of which dataset.
    pub dataset: String,
    /// Its name, after the `@`.
    pub name: String,
}

/// Reads snapshot tasks and snapshots.
#[async_trait]
pub trait SnapshotsView: Send + Sync {
    /// Every periodic snapshot task.
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError>;
    /// The newest snapshots of a pool's root and its children.
    async fn snapshots(&self, pool: &PoolName) -> Result<Vec<Snapshot>, PortError>;
}

/// Writes snapshot tasks.
#[async_trait]
pub trait Snapshots: SnapshotsView {
    /// Saves a periodic snapshot task, enabled: a new one, or `existing` replaced.
    async fn put_snapshot_task(
        &self,
        existing: Option<&SnapshotTaskId>,
        settings: &SnapshotTaskSettings,
    ) -> Result<SnapshotTaskId, PortError>;
}
