//! Every service in memory, behind one lock: for tests, and never shipped.
//!
//! A [`World`] is all six ports at once, with a clock and a source of entropy that are the same every time. It counts
//! its calls, and can be told to cut the connection at any of them: [`World::kill_at`] ends the run there, as a power
//! cut would, [`World::lose_at`] loses one answer and goes on. What it holds is open to tests by [`World::look`] and
//! [`World::change`]; secrets stand in it in the clear, since a test must be able to look for them elsewhere.
//!
//! ```
//! use dtc_provision::{observe, ports::memory::World};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), dtc_provision::Error> {
//! let world = World::new(1);
//! let seen = observe(&world.site(), &world.ports().views()).await?;
//! assert!(seen.bucket.is_none() && world.writes() == 0);
//! # Ok(()) }
//! ```

mod ambient;
mod appliance;
mod beginning;
mod engine;
mod inventory;
mod object_store;
mod vault;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Patience, PortError, PortErrorKind, Ports, TicketId, Views};

pub use appliance::{BoxState, CredentialState, FileState, JobRecord, PoolState, SnmpState, TaskState};
pub use beginning::{BUCKET, LOCATION_UUID, ORGANIZATION_UUID};
pub use inventory::{DeviceState, InventoryState, LocationState, OrganizationState, Technician};
pub use object_store::{BucketState, KeyState, ObjectState, StoreState};
pub use vault::{RecordState, VaultState, Version};

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
    pub appliance: BoxState,
    /// Notes of each ticket, by marker.
    pub tickets: BTreeMap<TicketId, Vec<(String, String)>>,
    /// What time it is; every call takes a second.
    pub now: jiff::Timestamp,
    /// Every secret that changed hands, in order.
    pub handed: Vec<Handed>,
    entropy: u64,
    log: Vec<Call>,
    switch: Option<Switch>,
    dead: bool,
}

/// A secret that changed hands.
#[derive(Clone, PartialEq, Eq)]
pub enum Handed {
    /// The vault gave it back.
    ByVault(String),
    /// The box was given it.
    ToBox(String),
}

/// Whether a call can change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It cannot.
    Read,
    /// It can.
    Write,
}

/// One call of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Port and operation.
    pub name: &'static str,
    /// Whether it could change anything.
    pub access: Access,
    /// Whether the service did it.
    pub done: bool,
}

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the service does what it was asked.
    BeforeEffect,
    /// After it, so that only the answer is lost.
    AfterEffect,
}

/// Where a connection is cut, and whether the run lives on.
#[derive(Clone, Copy)]
struct Switch {
    at: usize,
    moment: Moment,
    survives: bool,
}

type Watcher = Box<dyn FnMut(&mut State, &Call) + Send>;

/// All services at once. Clones share one state.
#[derive(Clone)]
pub struct World {
    state: Arc<Mutex<State>>,
    watcher: Arc<Mutex<Option<Watcher>>>,
}

impl World {
    /// One client with one location, one box with two pools and nothing provisioned. The seed decides its entropy.
    pub fn new(seed: u64) -> Self {
        Self { state: Arc::new(Mutex::new(beginning::state(seed))), watcher: Arc::default() }
    }

    /// The ports, all of them this world.
    pub fn ports(&self) -> Ports {
        Ports {
            inventory: Arc::new(self.clone()),
            object_store: Arc::new(self.clone()),
            vault: Arc::new(self.clone()),
            appliance: Arc::new(self.clone()),
            source: Arc::new(self.clone()),
            tickets: Arc::new(self.clone()),
            clock: Arc::new(self.clone()),
            entropy: Arc::new(self.clone()),
            patience: Patience {
                vault_read_back: Duration::from_secs(5),
                device: Duration::from_mins(1),
                first_run: Duration::from_hours(1),
                interval: Duration::from_secs(1),
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

    /// Shows every call and what is so after it, which may be changed: things happen meanwhile.
    pub fn watch(&self, watcher: impl FnMut(&mut State, &Call) + Send + 'static) {
        *self.watcher.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(watcher));
    }

    /// Ends the run at the `n`th call from now, the next being 0: that call and all after it fail until
    /// [`revive`](Self::revive).
    pub fn kill_at(&self, n: usize, moment: Moment) {
        self.cut(n, moment, false);
    }

    /// Loses the answer of the `n`th call from now, the next being 0; the calls after it are well.
    pub fn lose_at(&self, n: usize, moment: Moment) {
        self.cut(n, moment, true);
    }

    fn cut(&self, n: usize, moment: Moment, survives: bool) {
        let mut state = self.lock();
        state.switch = Some(Switch { at: state.log.len() + n, moment, survives });
    }

    /// Answers again, and forgets where to cut.
    pub fn revive(&self) {
        let mut state = self.lock();
        (state.dead, state.switch) = (false, None);
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.lock().log.len()
    }

    /// How many calls there were that could change anything.
    pub fn writes(&self) -> usize {
        self.lock().log.iter().filter(|call| call.access == Access::Write).count()
    }

    /// Every call, in order.
    pub fn log(&self) -> Vec<Call> {
        self.lock().log.clone()
    }

    /// One call of a port: the only way in, so that each can be cut.
    fn call<T>(
        &self,
        name: &'static str,
        access: Access,
        effect: impl FnOnce(&mut State) -> Result<T, PortError>,
    ) -> Result<T, PortError> {
        let (answer, call) = self.lock().call(name, access, effect);
        if let Some(watcher) = self.watcher.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            watcher(&mut self.lock(), &call);
        }
        answer
    }

    fn read<T>(
        &self,
        name: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, PortError>,
    ) -> Result<T, PortError> {
        self.call(name, Access::Read, effect)
    }

    fn write<T>(
        &self,
        name: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, PortError>,
    ) -> Result<T, PortError> {
        self.call(name, Access::Write, effect)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn call<T>(
        &mut self,
        name: &'static str,
        access: Access,
        effect: impl FnOnce(&mut Self) -> Result<T, PortError>,
    ) -> (Result<T, PortError>, Call) {
        self.now += jiff::SignedDuration::from_secs(1);
        let number = self.log.len();
        let switch = self.switch.filter(|switch| switch.at == number);
        let before = switch.is_some_and(|switch| switch.moment == Moment::BeforeEffect);
        let done = !self.dead && !before;
        let away = self.store.away && name.starts_with("store.");
        let answer = if done && !away { effect(self) } else { Err(unreachable(name)) };
        let answer = match switch {
            // Who sent a request and got no answer cannot tell whether it arrived.
            Some(switch) if switch.survives || switch.moment == Moment::AfterEffect => {
                Err(PortError::new(PortErrorKind::OutcomeUnknown, name, "the connection was cut"))
            }
            _ => answer,
        };
        self.dead |= switch.is_some_and(|switch| !switch.survives);
        let call = Call { name, access, done };
        self.log.push(call.clone());
        (answer, call)
    }

    /// The next number that nobody can foresee, the same every time.
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

fn unreachable(attempted: &str) -> PortError {
    PortError::new(PortErrorKind::Unreachable, attempted, "no answer")
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
            Self::ToBox(_) => "ToBox",
        })
    }
}
