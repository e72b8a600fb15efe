//! The person whom no API replaces: adds the box to NinjaOne's network monitoring once it answers over SNMP.

use std::time::Duration;

use crate::simulator::Core;
use crate::{itglue, ninja, truenas};

/// How often the network is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// What the network shows of a box whose SNMP service answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The box's host name.
    pub system_name: String,
    /// Its addresses.
    pub ip_addresses: Vec<String>,
    /// Its network cards.
    pub mac_addresses: Vec<String>,
}

/// How the technician works.
#[derive(Debug, Clone, Copy)]
#[must_use = "settings do nothing until a simulator starts with them"]
pub struct Settings {
    delay: Duration,
    on_duty: bool,
}

impl Default for Settings {
    /// At work, and quick: 200 milliseconds.
    fn default() -> Self {
        Self { delay: Duration::from_millis(200), on_duty: true }
    }
}

impl Settings {
    /// How long the technician takes from the box's first answer to the finished record.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Nobody comes: the device stays out until a test adds it.
    pub fn off_duty(mut self) -> Self {
        self.on_duty = false;
        self
    }
}

/// Waits for the box to answer, once, and adds it: to NinjaOne by hand; IT Glue's sync then copies it as a configuration.
pub(crate) fn wait(
    core: &Core,
    settings: Settings,
    truenas: truenas::Handle,
    ninja: ninja::Handle,
    itglue: itglue::Handle,
) {
    if !settings.on_duty {
        return;
    }
    let tasks = core.tasks.clone();
    core.tasks.spawn(async move {
        let work = async {
            while !truenas.answers_snmp() {
                tokio::time::sleep(GLANCE).await;
            }
            tokio::time::sleep(settings.delay).await;
            let sighting = Sighting {
                system_name: truenas.host_name(),
                ip_addresses: vec![truenas.address()],
                mac_addresses: vec![truenas.mac_address()],
            };
            let device = ninja.when_snmp_is_up(&sighting);
            itglue.sync_device(device, &sighting.system_name);
        };
        tokio::select! {
            () = work => {}
            () = tasks.stopping() => {}
        }
    });
}
