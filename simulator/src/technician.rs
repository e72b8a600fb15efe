//! The person whom no API replaces: adds an appliance to NinjaOne's network monitoring once it answers over SNMP.

use std::sync::Arc;
use std::time::Duration;

use crate::core::Core;
use crate::ninja::DiscoveredAppliance;
use crate::{itglue, ninja, truenas};

/// How the technician of one appliance works.
#[derive(Debug, Clone)]
#[must_use = "settings do nothing until a simulator starts with them"]
pub struct Settings {
    delay: Duration,
    on_duty: bool,
    pub(crate) ninja_tenant: Option<Arc<str>>,
    pub(crate) itglue_tenant: Option<Arc<str>>,
}

impl Default for Settings {
    /// At work in the first tenant of each service, and done within 200 milliseconds.
    fn default() -> Self {
        Self { delay: Duration::from_millis(200), on_duty: true, ninja_tenant: None, itglue_tenant: None }
    }
}

impl Settings {
    /// Sets how long the technician takes from the appliance's first answer to the finished record, by the
    /// simulation's clock.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Lets nobody come: the device is missing until a test adds it.
    pub fn off_duty(mut self) -> Self {
        self.on_duty = false;
        self
    }

    /// Chooses the NinjaOne tenant to add the appliance to, by its id (default: the first).
    pub fn ninja_tenant(mut self, id: &str) -> Self {
        self.ninja_tenant = Some(id.into());
        self
    }

    /// Chooses the IT Glue tenant that NinjaOne's devices are copied to, by its id (default: the first).
    pub fn itglue_tenant(mut self, id: &str) -> Self {
        self.itglue_tenant = Some(id.into());
        self
    }
}

/// Waits for the appliance to answer, once, and adds it: to NinjaOne by hand; IT Glue's sync then copies it as a
/// configuration.
pub(crate) fn wait(
    core: &Core,
    settings: &Settings,
    appliance: truenas::Handle,
    ninja: ninja::Handle,
    itglue: itglue::Handle,
) {
    if !settings.on_duty {
        return;
    }
    let (tasks, clock, delay) = (core.tasks.clone(), core.clock.clone(), settings.delay);
    core.tasks.spawn(async move {
        let work = async {
            appliance.snmp_answers().await;
            clock.sleep(delay).await;
            let discovered = DiscoveredAppliance {
                system_name: appliance.host_name(),
                ip_addresses: vec![appliance.address()],
                mac_addresses: vec![appliance.mac_address()],
            };
            let device = ninja.discover(&discovered);
            itglue.sync_device(device, &discovered.system_name);
        };
        tokio::select! {
            () = work => {}
            () = tasks.stopping() => {}
        }
    });
}
