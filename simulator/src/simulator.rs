//! Starting and ending the simulators, and where they answer.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::error::Error;
use crate::fault::Faults;
use crate::gate::Gate;
use crate::random::Random;
use crate::transcript::Transcript;
use crate::{b2, itglue, ninja, technician, truenas};

/// How long [`Simulator::stop`] lets requests finish.
const GRACE: Duration = Duration::from_secs(2);

/// Where every simulated service answers, with the credentials it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Addresses {
    /// Backblaze B2: the URL to authorise at, and a key that may do everything.
    pub b2: b2::Address,
    /// The TrueNAS box.
    pub truenas: truenas::Address,
    /// NinjaOne.
    pub ninja: ninja::Address,
    /// IT Glue.
    pub itglue: itglue::Address,
}

/// What the services share: one gate, one transcript, one clock, one seed.
#[derive(Debug, Clone)]
pub(crate) struct Core {
    pub(crate) gate: Gate,
    pub(crate) transcript: Transcript,
    pub(crate) clock: Clock,
    pub(crate) tasks: Tasks,
    /// The rclone that the box runs; without one it uses an engine of its own.
    pub(crate) rclone: Option<PathBuf>,
    seed: u64,
}

impl Core {
    /// Returns a seeded source of identifiers for one part of the simulation.
    pub(crate) fn random(&self, part: &str) -> Random {
        Random::new(self.seed, part)
    }
}

/// The background work of the simulators; ends with them.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    set: Arc<Mutex<JoinSet<()>>>,
    stop: watch::Sender<bool>,
}

impl Tasks {
    fn new() -> Self {
        Self { set: Arc::default(), stop: watch::Sender::new(false) }
    }

    /// Runs `task` until it is done or the simulator ends.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        while set.try_join_next().is_some() {}
        set.spawn(task);
    }

    /// Resolves when the simulator begins to stop.
    pub(crate) async fn stopping(&self) {
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    async fn stop(&self) {
        self.stop.send_replace(true);
        let mut set = {
            let mut shared = self.set.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *shared)
        };
        let finished = async { while set.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, finished).await;
    }

    fn abort(&self) {
        self.stop.send_replace(true);
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.abort_all();
    }
}

/// What to simulate; see [`Simulator::builder`].
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    seed: u64,
    rclone: Option<PathBuf>,
    transcript_file: Option<PathBuf>,
    b2: b2::Settings,
    truenas: truenas::Settings,
    ninja: ninja::Settings,
    itglue: itglue::Settings,
    technician: technician::Settings,
}

impl Builder {
    /// Chooses the seed of every identifier, secret and file (default 0).
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets the box run its cloud sync with this rclone; `None` (the default) with an engine of the simulator's own.
    pub fn rclone(mut self, program: Option<PathBuf>) -> Self {
        self.rclone = program;
        self
    }

    /// Writes the transcript to this file too, a line at a time.
    pub fn transcript_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transcript_file = Some(file.into());
        self
    }

    /// Replaces the settings of B2.
    pub fn b2(mut self, settings: b2::Settings) -> Self {
        self.b2 = settings;
        self
    }

    /// Replaces the settings of the TrueNAS box.
    pub fn truenas(mut self, settings: truenas::Settings) -> Self {
        self.truenas = settings;
        self
    }

    /// Replaces the settings of NinjaOne.
    pub fn ninja(mut self, settings: ninja::Settings) -> Self {
        self.ninja = settings;
        self
    }

    /// Replaces the settings of IT Glue.
    pub fn itglue(mut self, settings: itglue::Settings) -> Self {
        self.itglue = settings;
        self
    }

    /// Replaces the settings of the technician, who adds the box to NinjaOne once it answers over SNMP.
    pub fn technician(mut self, settings: technician::Settings) -> Self {
        self.technician = settings;
        self
    }

    /// Starts every service on a loopback port of its own. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// When a port, a file, a certificate or a program that the simulation needs cannot be had.
    pub async fn start(self) -> Result<Simulator, Error> {
        let faults = Faults::default();
        let transcript = match &self.transcript_file {
            Some(path) => Transcript::to_file(path)?,
            None => Transcript::default(),
        };
        let core = Core {
            gate: Gate::new(faults.clone()),
            transcript,
            clock: Clock::default(),
            tasks: Tasks::new(),
            rclone: self.rclone,
            seed: self.seed,
        };
        let ending = AbortOnDrop(core.tasks.clone());
        let (b2, b2_address) = b2::start(&core, self.b2).await?;
        let (ninja, ninja_address) = ninja::start(&core, self.ninja).await?;
        let (itglue, itglue_address) = itglue::start(&core, self.itglue).await?;
        let (truenas, truenas_address) = truenas::start(&core, self.truenas, &b2_address.url).await?;
        technician::wait(&core, self.technician, truenas.clone(), ninja.clone(), itglue.clone());
        Ok(Simulator {
            addresses: Addresses {
                b2: b2_address,
                truenas: truenas_address,
                ninja: ninja_address,
                itglue: itglue_address,
            },
            core,
            faults,
            b2,
            truenas,
            ninja,
            itglue,
            _ending: ending,
        })
    }
}

/// The running simulators. Dropping it ends them at once; [`stop`](Self::stop) lets requests finish.
pub struct Simulator {
    addresses: Addresses,
    core: Core,
    faults: Faults,
    b2: b2::Handle,
    truenas: truenas::Handle,
    ninja: ninja::Handle,
    itglue: itglue::Handle,
    _ending: AbortOnDrop,
}

impl Simulator {
    /// Begins a simulation: `Simulator::builder().seed(7).start().await?`.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns where the services answer and what credentials they accept.
    pub fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Returns the faults, to add to them.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns what passed over the sockets.
    pub fn transcript(&self) -> &Transcript {
        &self.core.transcript
    }

    /// Returns the clock of all services.
    pub fn clock(&self) -> &Clock {
        &self.core.clock
    }

    /// Returns B2 as an outsider sees and changes it.
    pub fn b2(&self) -> &b2::Handle {
        &self.b2
    }

    /// Returns the box as someone standing at it sees and changes it.
    pub fn truenas(&self) -> &truenas::Handle {
        &self.truenas
    }

    /// Returns NinjaOne as a technician sees and changes it.
    pub fn ninja(&self) -> &ninja::Handle {
        &self.ninja
    }

    /// Returns IT Glue as a technician sees and changes it.
    pub fn itglue(&self) -> &itglue::Handle {
        &self.itglue
    }

    /// Ends the simulators after the requests in hand, within two seconds.
    pub async fn stop(self) {
        self.core.tasks.stop().await;
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

struct AbortOnDrop(Tasks);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
