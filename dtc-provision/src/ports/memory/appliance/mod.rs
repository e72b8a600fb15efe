//! The TrueNAS appliance.

mod cloud_credentials;
mod cloud_syncs;
mod datasets;
mod jobs;
mod snapshots;
mod snmp;
mod system;

use dtc_naming::PoolName;

use super::missing;
use crate::port_error::PortError;
use crate::ports::{CloudSyncSettings, JobState, Redactable, Rights, SnapshotTask, System};
use crate::proofs::{Escrowable, Minted};

pub use cloud_credentials::CredentialState;
pub use cloud_syncs::TaskState;
pub use datasets::{FileState, PoolState};
pub use jobs::JobRecord;
pub use snmp::SnmpState;

/// The appliance.
#[derive(Clone, Debug)]
pub struct ApplianceState {
    /// The appliance itself.
    pub system: System,
    /// What the API key's user may do.
    pub rights: Rights,
    /// Its data pools.
    pub pools: Vec<PoolState>,
    /// The SNMP service.
    pub snmp: SnmpState,
    /// Its cloud credentials.
    pub credentials: Vec<CredentialState>,
    /// Its Cloud Sync tasks.
    pub tasks: Vec<TaskState>,
    /// Its periodic snapshot tasks.
    pub snapshot_tasks: Vec<SnapshotTask>,
    /// Every job it remembers.
    pub jobs: Vec<JobRecord>,
    /// Whether it shows secrets as `********`.
    pub hides_secrets: bool,
    /// How often a job is looked at before it has ended.
    pub looks_per_job: u32,
    /// How the next jobs end, if not well.
    pub jobs_end: Option<JobState>,
    /// What it says of every key it is to try, if it does not try it.
    pub refuses_keys: Option<String>,
    /// How many trials of a key from now fail because it is too new.
    pub unsettled_keys: u32,
    /// What it does to a task's settings while saving them.
    pub saves_wrongly: Option<fn(&mut CloudSyncSettings)>,
    /// How many objects it ever made, for their ids.
    pub made: u32,
}

impl ApplianceState {
    /// The file at a path on the appliance.
    pub fn file(&self, path: &str) -> Option<&FileState> {
        let (pool, path) = path.strip_prefix("/mnt/")?.split_once('/')?;
        self.pools.iter().find(|found| found.pool.name.as_str() == pool)?.files.get(path)
    }

    /// The pool of this name, to be changed.
    pub fn pool_mut(&mut self, name: &str) -> Option<&mut PoolState> {
        self.pools.iter_mut().find(|found| found.pool.name.as_str() == name)
    }

    fn pool(&mut self, name: &PoolName) -> Result<&mut PoolState, PortError> {
        self.pool_mut(name.as_str()).ok_or_else(|| missing("appliance", name))
    }

    fn next_id(&mut self) -> String {
        self.made += 1;
        self.made.to_string()
    }

    /// A secret as the appliance shows it.
    fn shown<T: Escrowable>(&self, there: bool, clear: impl FnOnce() -> T) -> Redactable<T> {
        match (there, self.hides_secrets) {
            (false, _) => Redactable::Absent,
            (true, true) => Redactable::Redacted,
            (true, false) => Redactable::Clear(Minted::new(clear())),
        }
    }
}
