//! Every service in memory, behind one lock: for tests, and never shipped.
//!
//! A [`World`] implements every port, with a clock and a source of entropy that are the same every time. It counts its
//! calls and can cut the connection at any of them: [`World::kill_at`] ends the run there, as a power cut would,
//! [`World::lose_at`] loses one answer and goes on. With [`World::set_latency`] each call takes time, so that a paused
//! clock measures how many calls wait for each other. What a world holds is open to tests by [`World::look`] and
//! [`World::change`]; secrets stand in it in the clear, since a test must be able to look for them elsewhere.
//!
//! ```
//! use dtc_provision::ports::memory::{BUCKET, World};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let world = World::new(1);
//! let holdings = world.views().object_store().holdings(&BUCKET.parse()?).await?;
//! assert!(holdings.bucket.is_none());
//! assert_eq!((world.calls(), world.writes()), (1, 0));
//! # Ok(()) }
//! ```

mod appliance;
mod beginning;
mod calls;
mod clock_entropy;
mod engine;
mod inventory;
mod object_store;
mod proofs;
mod replication;
mod source;
mod tickets;
mod vault;
mod version_store;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Ports, Views, Waits};
use crate::ids::TicketId;
use crate::port_error::{PortError, PortErrorKind};

pub use appliance::{ApplianceState, CredentialState, FileState, JobRecord, PoolState, SnmpState, TaskState};
pub use beginning::{BUCKET, LOCATION_UUID, ORGANIZATION_UUID};
pub use calls::{Access, Call, Moment};
pub use inventory::{DeviceState, InventoryState, LocationState, OrganizationState, Technician};
pub use object_store::{Arrival, BucketState, KeyState, ObjectState, StoreState};
pub use proofs::{consent_to, escrowed};
pub use replication::{
    DatasetState, End, EndState, RECEIVING_ADDRESS, RECEIVING_GUID, ReplicationState, RootKey,
    SENDING_ADDRESS, SENDING_GUID, Side, SnapshotState,
};
pub use vault::{Operational, RecordState, VaultState, Version};

/// Everything there is.
#[derive(Clone)]
pub struct State {
    /// NinjaOne.
    pub inventory: InventoryState,
    /// Backblaze B2.
    pub store: StoreState,
    /// IT Glue.
    pub vault: VaultState,
    /// The appliance.
    pub appliance: ApplianceState,
    /// The two appliances that replicate: the sending one, and the receiving one.
    pub ends: [EndState; 2],
    /// Notes of each ticket, by marker.
    pub tickets: BTreeMap<TicketId, Vec<(String, String)>>,
    /// Tickets that take no note, and why.
    pub closed_tickets: BTreeMap<TicketId, String>,
    /// What time it is; every call takes a second.
    pub now: jiff::Timestamp,
    /// Calls that fail, by name, each with this kind.
    pub failing: BTreeMap<&'static str, PortErrorKind>,
    /// Calls, by name, that are never answered.
    pub silent: BTreeSet<&'static str>,
    /// Every secret that changed hands, in order.
    pub handed: Vec<Handed>,
    entropy: u64,
    log: Vec<Call>,
    switch: Option<calls::Switch>,
    dead: bool,
}

/// A secret that changed hands.
#[derive(Clone, PartialEq, Eq)]
pub enum Handed {
    /// The vault gave it back.
    ByVault(String),
    /// The appliance was given it.
    ToAppliance(String),
}

type Watcher = Box<dyn FnMut(&mut State, &Call) + Send>;

/// All services at once. Clones share one state.
#[derive(Clone)]
pub struct World {
    state: Arc<Mutex<State>>,
    watcher: Arc<Mutex<Option<Watcher>>>,
    latency: Arc<Mutex<Duration>>,
}

impl World {
    /// One client with one location, one appliance with two pools and nothing provisioned. The seed decides its
    /// entropy.
    pub fn new(seed: u64) -> Self {
        Self {
            state: Arc::new(Mutex::new(beginning::state(seed))),
            watcher: Arc::default(),
            latency: Arc::default(),
        }
    }

    /// The ports, all of them this world.
    pub fn ports(&self) -> Ports {
        Ports {
            inventory: Arc::new(self.clone()),
            object_store: Arc::new(self.clone()),
            vault: Arc::new(self.clone()),
            secrets: Arc::new(self.clone()),
            versions: Arc::new(self.clone()),
            appliance: Arc::new(self.clone()),
            source: Arc::new(self.clone()),
            tickets: Arc::new(self.clone()),
            clock: Arc::new(self.clone()),
            entropy: Arc::new(self.clone()),
            waits: Waits {
                vault_read_back: Duration::from_secs(5),
                device: Duration::from_mins(1),
                first_run: Duration::from_hours(1),
                poll_interval: Duration::from_secs(1),
            },
        }
    }

    /// The ports, reading only.
    pub fn views(&self) -> Views {
        self.ports().views()
    }

    /// Looks at everything.
    pub fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Changes anything, as somebody else would.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    /// The next number of a sequence that looks random and is the same every time.
    fn draw(&mut self) -> u64 {
        self.entropy =
            self.entropy.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.entropy ^ (self.entropy >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed ^ (mixed >> 33)
    }

    /// Text of 32 characters to stand for a secret.
    fn draw_secret(&mut self) -> String {
        format!("{:016x}{:016x}", self.draw(), self.draw())
    }
}

/// A panic in one test's closure must not hide the state from the assertion that explains it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn missing(attempted: &str, what: impl fmt::Display) -> PortError {
    PortError::new(PortErrorKind::NotFound, attempted, format!("{what} is not there"))
}

fn refused(attempted: &str, why: impl Into<String>) -> PortError {
    PortError::new(PortErrorKind::Refused, attempted, why)
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl fmt::Debug for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByVault(_) => "ByVault",
            Self::ToAppliance(_) => "ToAppliance",
        })
    }
}
