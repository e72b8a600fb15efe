//! What is to be simulated, and starting it.

use std::path::PathBuf;

use crate::clock::Clock;
use crate::core::Core;
use crate::error::{Error, ErrorKind};
use crate::fault::Faults;
use crate::gate::Gate;
use crate::instances::{Instances, Wanted, divided, start_each};
use crate::services::Services;
use crate::simulator::Simulator;
use crate::tasks::{AbortOnDrop, Tasks};
use crate::transcript::Transcript;
use crate::{b2, connect, halo, itglue, ninja, technician, truenas};

/// What to simulate; see [`Simulator::builder`].
///
/// Appliances, accounts and tenants are added by calls that may be repeated, each with an id of its own: faults, the
/// transcript and the handles name an instance by its id, and together with the seed it decides the instance's
/// identifiers and secrets. A service of which none is added has one instance with the id [`DEFAULT_ID`] and the
/// default settings.
///
/// [`DEFAULT_ID`]: crate::DEFAULT_ID
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    seed: u64,
    rclone: Option<PathBuf>,
    transcript_file: Option<PathBuf>,
    b2_accounts: Wanted<b2::Settings>,
    appliances: Wanted<(truenas::Release, truenas::Settings)>,
    ninja_tenants: Wanted<ninja::Settings>,
    itglue_tenants: Wanted<itglue::Settings>,
    halo_tenants: Wanted<halo::Settings>,
    connect_servers: Wanted<connect::Settings>,
    technicians: Wanted<technician::Settings>,
}

impl Builder {
    /// Chooses the seed of every identifier, secret and file (default 0).
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Lets the appliances run their cloud sync with this rclone; `None` (the default) with an engine of the
    /// simulator's own.
    pub fn rclone(mut self, program: Option<PathBuf>) -> Self {
        self.rclone = program;
        self
    }

    /// Writes the transcript to this file too, a line at a time.
    pub fn transcript_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transcript_file = Some(file.into());
        self
    }

    /// Adds a TrueNAS appliance of a release.
    pub fn truenas(mut self, id: &str, release: truenas::Release, settings: truenas::Settings) -> Self {
        self.appliances.push((id.into(), (release, settings)));
        self
    }

    /// Adds an account of Backblaze B2. All accounts answer at one address: the key decides the account.
    pub fn b2_account(mut self, id: &str, settings: b2::Settings) -> Self {
        self.b2_accounts.push((id.into(), settings));
        self
    }

    /// Adds a NinjaOne tenant, with an address and credentials of its own.
    pub fn ninja_tenant(mut self, id: &str, settings: ninja::Settings) -> Self {
        self.ninja_tenants.push((id.into(), settings));
        self
    }

    /// Adds an IT Glue tenant, with an address and a key of its own.
    pub fn itglue_tenant(mut self, id: &str, settings: itglue::Settings) -> Self {
        self.itglue_tenants.push((id.into(), settings));
        self
    }

    /// Adds a HaloPSA tenant, with an address and credentials of its own.
    pub fn halo_tenant(mut self, id: &str, settings: halo::Settings) -> Self {
        self.halo_tenants.push((id.into(), settings));
        self
    }

    /// Adds a 1Password Connect server, with an address and tokens of its own.
    pub fn connect_server(mut self, id: &str, settings: connect::Settings) -> Self {
        self.connect_servers.push((id.into(), settings));
        self
    }

    /// Replaces the settings of the technician who adds an appliance to NinjaOne once it answers over SNMP.
    pub fn technician(mut self, appliance: &str, settings: technician::Settings) -> Self {
        self.technicians.retain(|(id, _)| **id != *appliance);
        self.technicians.push((appliance.into(), settings));
        self
    }

    /// Starts every service on loopback ports of their own. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Setup`] when two instances of a service have one id, or a technician is for an appliance or in a
    /// tenant that there is not; another kind when a port, a file, a certificate or a program that the simulation
    /// needs cannot be had.
    pub async fn start(self) -> Result<Simulator, Error> {
        // Boxed, since it holds the settings of everything.
        Box::pin(self.start_all()).await
    }

    async fn start_all(self) -> Result<Simulator, Error> {
        let faults = Faults::default();
        let clock = Clock::default();
        let transcript = match &self.transcript_file {
            Some(path) => Transcript::to_file(path)?,
            None => Transcript::default(),
        };
        let core = Core {
            gate: Gate::new(faults.clone(), clock.clone()),
            transcript,
            clock,
            tasks: Tasks::new(),
            rclone: self.rclone,
            seed: self.seed,
        };
        // Whatever is started from here on ends with this.
        let ending = AbortOnDrop(core.tasks.clone());
        let b2 = b2::start(&core, divided("accounts of B2", self.b2_accounts)?).await?;
        let start = |id, settings| ninja::start(&core, id, settings);
        let ninja = start_each("tenants of NinjaOne", self.ninja_tenants, start).await?;
        let start = |id, settings| itglue::start(&core, id, settings);
        let itglue = start_each("tenants of IT Glue", self.itglue_tenants, start).await?;
        let start = |id, settings| halo::start(&core, id, settings);
        let halo = start_each("tenants of HaloPSA", self.halo_tenants, start).await?;
        let start = |id, settings| connect::start(&core, id, settings);
        let connect = start_each("servers of 1Password Connect", self.connect_servers, start).await?;
        let b2_url = &b2.first.address.url;
        let neighbourhood = truenas::Neighbourhood::default();
        let start =
            |id, (release, settings)| truenas::start(&core, id, release, settings, b2_url, &neighbourhood);
        let truenas = start_each("appliances", self.appliances, start).await?;
        for (appliance, _) in &self.technicians {
            if truenas.get(appliance).is_none() {
                return Err(unknown("appliance", appliance));
            }
        }
        for appliance in truenas.all() {
            let settings = self.technicians.iter().find(|(id, _)| *id == appliance.id);
            let settings = settings.map(|(_, settings)| settings.clone()).unwrap_or_default();
            let ninja = chosen("NinjaOne tenant", &ninja, settings.ninja_tenant.as_deref())?;
            let itglue = chosen("IT Glue tenant", &itglue, settings.itglue_tenant.as_deref())?;
            technician::wait(&core, &settings, appliance.handle.clone(), ninja.clone(), itglue.clone());
        }
        let services = Services { b2, truenas, ninja, itglue, halo, connect };
        Ok(Simulator::new(core, faults, services, ending))
    }
}

impl Simulator {
    /// Begins a simulation: `Simulator::builder().seed(7).start().await?`.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

/// The instance that a technician works in: the first unless another is chosen.
fn chosen<'a, H, A: Clone>(
    kind: &str,
    instances: &'a Instances<H, A>,
    id: Option<&str>,
) -> Result<&'a H, Error> {
    match id {
        Some(id) => instances.get(id).ok_or_else(|| unknown(kind, id)),
        None => Ok(&instances.first.handle),
    }
}

fn unknown(kind: &str, id: &str) -> Error {
    Error::new(ErrorKind::Setup, format!("a technician is for the {kind} {id}, which there is not"))
}
