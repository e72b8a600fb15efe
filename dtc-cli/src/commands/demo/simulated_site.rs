//! The demo's simulators, and the site it provisions on them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dtc_adapters::connections::{
    B2Connection, Connections, HaloConnection, Inventory, ItGlueConnection, NinjaOneConnection, Tickets,
    TrueNasConnection, Trust, Vault,
};
use dtc_adapters::{SecretSource, connect, connect_views};
use dtc_provision::Site;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::{Ports, Views, Waits};
use simulator::{DEFAULT_ID, Simulator, halo, itglue, ninja};
use tempfile::TempDir;

use super::seeded::Seeded;
use crate::commands::simulator::Simulation;
use crate::document::document;
use crate::failure::Failure;
use crate::screen::{Line, QUIET, STRONG, Screen};

/// The client, in NinjaOne, IT Glue and HaloPSA.
pub(super) const ORGANIZATION: &str = "Harbour Dental Group";
pub(super) const ORGANIZATION_UUID: &str = "0195f3a2-7c41-7d3e-9b20-5a61c8e4f7d9";
pub(super) const LOCATION: &str = "Main Office";
/// The location of the standard's worked example (N1).
pub(super) const LOCATION_UUID: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
/// So fast a line that its limits are set and never bind.
const UPLINK: u32 = 10_000;
/// With two pools, somebody has to say which one keeps the Device GUID (I4).
const IDENTITY_POOL: &str = "pool0";
/// The simulated technician, schedule and vault are quick, and a minute is long for any of them.
const WAITS: Waits = Waits {
    vault_read_back: Duration::from_secs(10),
    device: Duration::from_mins(1),
    first_run: Duration::from_mins(10),
    poll_interval: Duration::from_millis(100),
};

/// The simulators, started, and the site that is provisioned on them.
pub(super) struct SimulatedSite {
    pub(super) simulator: Simulator,
    pub(super) site: Site,
    pub(super) engine: Engine,
    seed: Option<u64>,
    scratch: TempDir,
}

document! {
    /// What ran the first backup.
    pub(crate) struct Engine {
        /// The rclone that ran it; null where our own engine did.
        program: Option<PathBuf>,
        /// That rclone's version.
        version: Option<String>,
        /// Whether what wrote the objects shares no code with what opened them.
        independent: bool,
    }
}

impl Engine {
    /// What ran the first run, and what that makes of the proof.
    pub(super) fn describe(&self) -> String {
        match &self.version {
            Some(version) => format!(
                "The appliance ran the real rclone {version}, as TrueNAS does. What it wrote is opened here by our own code: \
                 the proof is independent."
            ),
            None => "There was no rclone, so the appliance ran our own engine, which shares its code with what opens the \
                     objects: the proof is not independent. Put an rclone on the PATH, or name one with --rclone."
                .to_owned(),
        }
    }

    /// The same in a few words.
    pub(super) fn describe_briefly(&self) -> String {
        match &self.version {
            Some(version) => format!("First run by rclone {version}; the proof is independent of it."),
            None => {
                "First run by our own engine, so the proof is not independent: no rclone was used.".to_owned()
            }
        }
    }
}

impl SimulatedSite {
    /// Starts the simulators.
    pub(super) async fn start(simulation: &Simulation, screen: &Screen) -> Result<Self, Failure> {
        let rclone = simulation.rclone()?;
        let scratch = tempfile::Builder::new()
            .prefix("dtc-demo-")
            .tempdir()
            .map_err(|error| Failure::error("cannot make a folder for the demo").caused_by(error))?;
        let simulator = simulation
            .builder(rclone.as_ref().map(|(program, _)| program.clone()))?
            .ninja_tenant(
                DEFAULT_ID,
                ninja::Settings::default()
                    .organization(ORGANIZATION, ORGANIZATION_UUID)
                    .location(LOCATION, LOCATION_UUID),
            )
            .itglue_tenant(DEFAULT_ID, itglue::Settings::default().organization(ORGANIZATION))
            .halo_tenant(DEFAULT_ID, halo::Settings::default().organization(ORGANIZATION))
            .start()
            .await?;
        let line = MegabitsPerSecond::new(UPLINK).ok_or_else(|| Failure::error("the uplink is zero"))?;
        let mut site = Site::new(ORGANIZATION, LOCATION, line);
        site.identity_pool = IDENTITY_POOL.parse().ok();
        site.ticket = Some(TicketId::new(simulator.addresses().halo.ticket.to_string()));
        let tenant = simulator.halo();
        tenant.set_field(halo::Kind::Client, tenant.client_id(), halo::CLIENT_GUID_FIELD, ORGANIZATION_UUID);
        let (program, version) = rclone.unzip();
        let engine = Engine { independent: version.is_some(), program, version };
        let started = Self { simulator, site, engine, seed: simulation.seed, scratch };
        started.introduce(screen);
        Ok(started)
    }

    fn introduce(&self, screen: &Screen) {
        let addresses = self.simulator.addresses();
        screen.say(
            Line::new()
                .styled(STRONG, "A TrueNAS appliance, from nothing to a proven backup")
                .plain(", on simulators"),
        );
        screen.say("");
        let truenas = format!("TrueNAS {}", addresses.truenas.release);
        for (service, url) in [
            ("Backblaze B2", &addresses.b2.url),
            (truenas.as_str(), &addresses.truenas.url),
            ("NinjaOne", &addresses.ninja.url),
            ("IT Glue", &addresses.itglue.url),
            ("HaloPSA", &addresses.halo.url),
        ] {
            screen.say(Line::from("  ").plain(format!("{service:<15}")).styled(QUIET, url));
        }
        if let Some((version, program)) = self.engine.version.as_ref().zip(self.engine.program.as_ref()) {
            let rclone = format!("rclone {version}, the appliance's own ({})", program.display());
            screen.say(Line::from("  ").plain(format!("{:<15}", "backups by")).styled(QUIET, rclone));
        } else {
            screen.say(
                Line::from("  ")
                    .plain(format!("{:<15}", "backups by"))
                    .styled(QUIET, "our own engine; no rclone"),
            );
        }
    }

    /// Logs in to everything anew.
    pub(super) async fn connect(&self) -> Result<Ports, Failure> {
        let ports = connect(&self.connections(), WAITS).await?;
        Ok(match self.seed {
            Some(seed) => Ports { entropy: Arc::new(Seeded::new(seed)), ..ports },
            None => ports,
        })
    }

    /// The same, to read only.
    pub(super) async fn connect_views(&self) -> Result<Views, Failure> {
        Ok(connect_views(&self.connections(), WAITS).await?)
    }

    fn connections(&self) -> Connections {
        let at = self.simulator.addresses();
        let b2 = B2Connection::new(&at.b2.key_id, SecretSource::value(at.b2.application_key.as_str()));
        let truenas =
            TrueNasConnection::new(&at.truenas.url, SecretSource::value(at.truenas.api_key.as_str()));
        let client_secret = SecretSource::value(at.ninja.client_secret.as_str());
        let ninja = NinjaOneConnection::new(&at.ninja.url, &at.ninja.client_id, client_secret);
        let itglue = ItGlueConnection::new(&at.itglue.url, SecretSource::value(at.itglue.api_key.as_str()));
        let client_secret = SecretSource::value(at.halo.client_secret.as_str());
        let tickets = HaloConnection::new(&at.halo.url, &at.halo.client_id, client_secret);
        Connections::new(
            b2.url(&at.b2.url),
            truenas.trust(Trust::Fingerprint(at.truenas.fingerprint.clone())),
            Inventory::NinjaOne(ninja),
            Vault::ItGlue(itglue),
        )
        .tickets(Tickets::Halo(tickets.client_field(halo::CLIENT_GUID_FIELD)))
    }

    /// Where the demo keeps its files.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.scratch.path()
    }

    /// Ends the simulators, and removes their files.
    pub(super) async fn stop(self) {
        self.simulator.stop().await;
    }
}
