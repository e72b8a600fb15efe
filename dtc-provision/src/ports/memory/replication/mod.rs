//! The two ends of a replication: datasets with their keys and snapshots, who may log in, and the tasks.

mod beginning;
mod datasets;
mod link;
mod run;
mod tasks;
mod view;
mod writes;

use std::collections::BTreeMap;
use std::fmt;

use dtc_naming::DatasetName;
use jiff::Timestamp;

use super::{FileState, JobRecord, State, World, missing};
use crate::ids::{JobId, ReplicationId};
use crate::port_error::PortError;
use crate::ports::{
    DatasetKind, EndConnection, EndHostKey, EndKeyPair, EndUser, ReplicationSettings, Rights, SnapshotTask,
    SshServer, System,
};
use crate::secret::DatasetKeyFormat;

pub(super) use beginning::ends;
pub use beginning::{RECEIVING_ADDRESS, RECEIVING_GUID, SENDING_ADDRESS, SENDING_GUID};

/// Which appliance of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one whose datasets are sent, and the only one of a local replication.
    Sending,
    /// The one that they are sent to.
    Receiving,
}

impl Side {
    fn other(self) -> Self {
        match self {
            Self::Sending => Self::Receiving,
            Self::Receiving => Self::Sending,
        }
    }
}

/// One appliance of a world, as an end of replications.
#[derive(Clone)]
pub struct End {
    world: World,
    side: Side,
}

impl World {
    /// One of the two appliances that replicate.
    pub fn end(&self, side: Side) -> End {
        End { world: self.clone(), side }
    }
}

/// What an appliance that replicates holds.
#[derive(Clone)]
pub struct EndState {
    /// The appliance itself.
    pub system: System,
    /// What the API key's user may do.
    pub rights: Rights,
    /// The home directory of that user.
    pub own_home: Option<String>,
    /// At which address others reach its SSH server.
    pub address: String,
    /// Its datasets, those of the pools themselves included, in the order of their names.
    pub datasets: Vec<DatasetState>,
    /// Its users.
    pub users: Vec<EndUser>,
    /// Its SSH server.
    pub ssh: SshServer,
    /// The host keys that show at its address, where somebody stands in between.
    pub shown_in_between: Option<Vec<EndHostKey>>,
    /// Its key pairs, by name.
    pub key_pairs: BTreeMap<String, EndKeyPair>,
    /// Its SSH connections, by name.
    pub connections: BTreeMap<String, EndConnection>,
    /// Its periodic snapshot tasks.
    pub snapshot_tasks: Vec<SnapshotTask>,
    /// Its replication tasks.
    pub tasks: Vec<ReplicationState>,
    /// Every job that it remembers.
    pub jobs: Vec<JobRecord>,
    /// How often a job is looked at before it has ended.
    pub looks_per_job: u32,
    /// Why the next runs fail before anything is sent.
    pub runs_fail: Option<String>,
    /// After how many snapshots the next run is cut off, and why.
    pub run_breaks: Option<(usize, String)>,
    /// What it does to a task's settings while saving them.
    pub saves_wrongly: Option<fn(&mut ReplicationSettings)>,
    /// Whether its release is CORE, which has neither `sudo` nor `encryption_inherit`.
    pub is_core: bool,
    /// How many objects it ever made, for their ids.
    pub made: u32,
}

/// A dataset.
#[derive(Clone)]
pub struct DatasetState {
    /// Its name.
    pub name: DatasetName,
    /// What it is.
    pub kind: DatasetKind,
    /// Whether it is mounted where its key is there.
    pub mounted: bool,
    /// Whose key opens it; `None` where it is not encrypted.
    pub encryption_root: Option<DatasetName>,
    /// Its own key, where it is an encryption root.
    pub key: Option<RootKey>,
    /// Its Device GUID property.
    pub device_guid: Option<String>,
    /// Whether a proof has marked it as opened by itself.
    pub opened_by_proof: bool,
    /// Its files, by their path below it, without those of the datasets below.
    pub files: BTreeMap<String, FileState>,
    /// Its snapshots, the oldest first.
    pub snapshots: Vec<SnapshotState>,
}

/// The key of an encryption root.
#[derive(Clone, PartialEq, Eq)]
pub struct RootKey {
    /// Of which kind it is.
    pub format: DatasetKeyFormat,
    /// The key, in the clear.
    pub text: String,
    /// Whether it is loaded.
    pub is_loaded: bool,
    /// Whether the appliance keeps it in its database, from which keys are exported.
    pub is_stored: bool,
}

/// A snapshot.
#[derive(Clone, PartialEq, Eq)]
pub struct SnapshotState {
    /// Its name, after the `@`.
    pub name: String,
    /// What tells it from others of the same name; it travels along.
    pub guid: u64,
    /// When it was taken.
    pub created: Timestamp,
    /// What is in it.
    pub files: BTreeMap<String, FileState>,
}

/// A replication task.
#[derive(Clone)]
pub struct ReplicationState {
    /// Its id.
    pub id: ReplicationId,
    /// Whether it runs.
    pub enabled: bool,
    /// Its settings, or what of them is not of a form that is known.
    pub settings: Result<ReplicationSettings, String>,
    /// Whether it may destroy what stands at the destination.
    pub allows_from_scratch: bool,
    /// The key that it gives to its destination, in the clear.
    pub key: Option<String>,
    /// Its last job, and the snapshot that this has sent last.
    pub last: Option<(JobId, Option<String>)>,
    /// Why it waits, if it does.
    pub on_hold: Option<String>,
}

impl State {
    /// One of the two appliances that replicate.
    pub fn end(&self, side: Side) -> &EndState {
        &self.ends[side as usize]
    }

    /// One of the two appliances that replicate, to be changed.
    pub fn end_mut(&mut self, side: Side) -> &mut EndState {
        &mut self.ends[side as usize]
    }
}

impl EndState {
    fn next_id(&mut self) -> String {
        self.made += 1;
        self.made.to_string()
    }
}

impl End {
    async fn read<T>(
        &self,
        name: &'static str,
        effect: impl FnOnce(&mut EndState) -> Result<T, PortError> + Send,
    ) -> Result<T, PortError> {
        self.world.read(name, |state| effect(state.end_mut(self.side))).await
    }

    async fn write<T>(
        &self,
        name: &'static str,
        effect: impl FnOnce(&mut EndState) -> Result<T, PortError> + Send,
    ) -> Result<T, PortError> {
        self.world.write(name, |state| effect(state.end_mut(self.side))).await
    }
}

impl fmt::Debug for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("End").field("side", &self.side).finish_non_exhaustive()
    }
}

impl fmt::Debug for EndState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndState").field("system", &self.system).finish_non_exhaustive()
    }
}

impl fmt::Debug for DatasetState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatasetState").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RootKey").field("format", &self.format).finish_non_exhaustive()
    }
}

impl fmt::Debug for SnapshotState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotState").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for ReplicationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplicationState").field("id", &self.id).finish_non_exhaustive()
    }
}
