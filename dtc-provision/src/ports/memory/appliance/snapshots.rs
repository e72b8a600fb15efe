//! Snapshot tasks and snapshots.

use async_trait::async_trait;
use dtc_naming::PoolName;

use crate::ids::SnapshotTaskId;
use crate::port_error::PortError;
use crate::ports::memory::{World, missing};
use crate::ports::{Snapshot, SnapshotTask, SnapshotTaskSettings, Snapshots, SnapshotsView};

#[async_trait]
impl SnapshotsView for World {
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        self.read("appliance.snapshot_tasks", |state| Ok(state.appliance.snapshot_tasks.clone())).await
    }

    async fn snapshots(&self, pool: &PoolName) -> Result<Vec<Snapshot>, PortError> {
        self.read("appliance.snapshots", |state| {
            let all = state.appliance.pools.iter().flat_map(|pool| &pool.snapshots);
            let of_pool = |snapshot: &&Snapshot| {
                let rest = snapshot.dataset.strip_prefix(pool.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            Ok(all.filter(of_pool).cloned().collect())
        })
        .await
    }
}

#[async_trait]
impl Snapshots for World {
    async fn put_snapshot_task(
        &self,
        existing: Option<&SnapshotTaskId>,
        settings: &SnapshotTaskSettings,
    ) -> Result<SnapshotTaskId, PortError> {
        self.write("appliance.put_snapshot_task", |state| {
            let appliance = &mut state.appliance;
            let saved = |id| SnapshotTask { id, enabled: true, settings: settings.clone() };
            if let Some(id) = existing {
                let found = appliance.snapshot_tasks.iter_mut().find(|found| found.id == *id);
                *found.ok_or_else(|| missing("appliance.put_snapshot_task", id))? = saved(id.clone());
                return Ok(id.clone());
            }
            let id = SnapshotTaskId::new(appliance.next_id());
            appliance.snapshot_tasks.push(saved(id.clone()));
            Ok(id)
        })
        .await
    }
}
