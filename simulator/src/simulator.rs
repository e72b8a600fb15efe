//! The running simulation.

use std::fmt;

use crate::addresses::Addresses;
use crate::clock::Clock;
use crate::core::Core;
use crate::fault::Faults;
use crate::services::Services;
use crate::tasks::AbortOnDrop;
use crate::transcript::Transcript;
use crate::{b2, connect, halo, itglue, ninja, truenas};

/// A running simulation. Dropping it ends it at once; [`stop`](Self::stop) lets requests finish.
pub struct Simulator {
    addresses: Addresses,
    core: Core,
    faults: Faults,
    services: Services,
    _ending: AbortOnDrop,
}

impl Simulator {
    pub(crate) fn new(core: Core, faults: Faults, services: Services, ending: AbortOnDrop) -> Self {
        let addresses = Addresses::new(&services);
        Self { addresses, core, faults, services, _ending: ending }
    }

    /// Returns where everything answers and what credentials it accepts.
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

    /// Returns the first account of Backblaze B2, to read and change it without its API.
    pub fn b2(&self) -> &b2::Handle {
        &self.services.b2.first.handle
    }

    /// Returns an account of Backblaze B2 by its id.
    pub fn b2_account(&self, id: &str) -> Option<&b2::Handle> {
        self.services.b2.get(id)
    }

    /// Returns the first TrueNAS appliance, to read and change it without its API.
    pub fn truenas(&self) -> &truenas::Handle {
        &self.services.truenas.first.handle
    }

    /// Returns a TrueNAS appliance by its id.
    pub fn appliance(&self, id: &str) -> Option<&truenas::Handle> {
        self.services.truenas.get(id)
    }

    /// Returns the first NinjaOne tenant, to read and change it without its API.
    pub fn ninja(&self) -> &ninja::Handle {
        &self.services.ninja.first.handle
    }

    /// Returns a NinjaOne tenant by its id.
    pub fn ninja_tenant(&self, id: &str) -> Option<&ninja::Handle> {
        self.services.ninja.get(id)
    }

    /// Returns the first IT Glue tenant, to read and change it without its API.
    pub fn itglue(&self) -> &itglue::Handle {
        &self.services.itglue.first.handle
    }

    /// Returns an IT Glue tenant by its id.
    pub fn itglue_tenant(&self, id: &str) -> Option<&itglue::Handle> {
        self.services.itglue.get(id)
    }

    /// Returns the first HaloPSA tenant, to read and change it without its API.
    pub fn halo(&self) -> &halo::Handle {
        &self.services.halo.first.handle
    }

    /// Returns a HaloPSA tenant by its id.
    pub fn halo_tenant(&self, id: &str) -> Option<&halo::Handle> {
        self.services.halo.get(id)
    }

    /// Returns the first 1Password Connect server, to read and change it without its API.
    pub fn connect(&self) -> &connect::Handle {
        &self.services.connect.first.handle
    }

    /// Returns a 1Password Connect server by its id.
    pub fn connect_server(&self, id: &str) -> Option<&connect::Handle> {
        self.services.connect.get(id)
    }

    /// Ends the simulation after the requests that are being served, within two seconds.
    pub async fn stop(self) {
        self.core.tasks.stop().await;
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}
