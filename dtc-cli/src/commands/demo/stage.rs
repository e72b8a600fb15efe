//! The demo's simulators, and the site it provisions on them.

use std::path::PathBuf;
use std::time::Duration;

use dtc_adapters::{B2Connection, Connections, ItGlueConnection, NinjaConnection, TrueNasConnection, Trust};
use dtc_provision::Site;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::ports::{Patience, Ports, TicketId};
use serde::Serialize;
use simulator::{Simulator, itglue, ninja};
use tempfile::TempDir;

use crate::commands::simulator::Simulation;
use crate::exit::Failure;
use crate::screen::{Line, QUIET, STRONG, Screen};

/// The client, in NinjaOne and in IT Glue.
const ORGANIZATION: &str = "Harbour Dental Group";
const ORGANIZATION_UUID: &str = "0195f3a2-7c41-7d3e-9b20-5a61c8e4f7d9";
const LOCATION: &str = "Main Office";
/// The location of the standard's worked example (N1).
const LOCATION_UUID: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
/// So fast a line that its limits are set and never bind.
const UPLINK: u32 = 10_000;
/// With two pools, somebody has to say which one keeps the Device GUID (I4).
const IDENTITY_POOL: &str = "pool0";
const TICKET: &str = "T-1001";

/// The simulators, started, and what is wanted of them.
pub(super) struct Stage {
    pub(super) simulator: Simulator,
    pub(super) site: Site,
    pub(super) engine: Engine,
    scratch: TempDir,
}

/// What ran the first backup.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Engine {
    program: Option<PathBuf>,
    version: Option<String>,
    independent: bool,
}

impl Engine {
    /// What ran the first run, and what that makes of the proof.
    pub(super) fn told(&self) -> String {
        match &self.version {
            Some(version) => format!(
                "The box ran the real rclone {version}, as a TrueNAS box does. What it wrote is opened here by our own \
                 code: the proof is independent."
            ),
            None => "There was no rclone, so the box ran our own engine, which shares its code with what opens the \
                     objects: the proof is not independent. Put an rclone on the PATH, or name one with --rclone."
                .to_owned(),
        }
    }

    /// The same in a few words.
    pub(super) fn short(&self) -> String {
        match &self.version {
            Some(version) => format!("First run by rclone {version}; the proof is independent of it."),
            None => {
                "First run by our own engine, so the proof is not independent: no rclone was used.".to_owned()
            }
        }
    }
}

impl Stage {
    /// Starts the simulators.
    pub(super) async fn set(simulation: &Simulation, screen: &Screen) -> Result<Self, Failure> {
        let rclone = simulation.rclone()?;
        let scratch = tempfile::Builder::new()
            .prefix("dtc-demo-")
            .tempdir()
            .map_err(|error| Failure::error("cannot make a folder for the demo").caused_by(error))?;
        let simulator = simulation
            .builder(rclone.as_ref().map(|(program, _)| program.clone()))
            .ninja(
                ninja::Settings::default()
                    .organization(ORGANIZATION, ORGANIZATION_UUID)
                    .location(LOCATION, LOCATION_UUID),
            )
            .itglue(itglue::Settings::default().organization(ORGANIZATION))
            .start()
            .await?;
        let line = MegabitsPerSecond::new(UPLINK).ok_or_else(|| Failure::error("an uplink of nothing"))?;
        let site = Site {
            identity_pool: IDENTITY_POOL.parse().ok(),
            ticket: Some(TicketId::new(TICKET)),
            ..Site::new(ORGANIZATION, LOCATION, line)
        };
        let (program, version) = rclone.unzip();
        let engine = Engine { independent: version.is_some(), program, version };
        let stage = Self { simulator, site, engine, scratch };
        stage.introduce(screen);
        Ok(stage)
    }

    fn introduce(&self, screen: &Screen) {
        let addresses = self.simulator.addresses();
        screen.say(
            Line::new()
                .styled(STRONG, "A TrueNAS box, from nothing to a proven backup")
                .plain(", on simulators"),
        );
        screen.say("");
        for (service, url) in [
            ("Backblaze B2", &addresses.b2.url),
            ("TrueNAS 25.10", &addresses.truenas.url),
            ("NinjaOne", &addresses.ninja.url),
            ("IT Glue", &addresses.itglue.url),
        ] {
            screen.say(Line::from("  ").plain(format!("{service:<15}")).styled(QUIET, url));
        }
        if let Some((version, program)) = self.engine.version.as_ref().zip(self.engine.program.as_ref()) {
            let told = format!("rclone {version}, the box's own ({})", program.display());
            screen.say(Line::from("  ").plain(format!("{:<15}", "backups by")).styled(QUIET, told));
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
        let addresses = self.simulator.addresses();
        let connections = Connections {
            b2: B2Connection {
                realm: Some(addresses.b2.url.clone()),
                key_id: addresses.b2.key_id.clone(),
                application_key: addresses.b2.application_key.as_str().into(),
            },
            truenas: TrueNasConnection {
                address: addresses.truenas.url.clone(),
                trust: Trust::Fingerprint(addresses.truenas.fingerprint.clone()),
                api_key: addresses.truenas.api_key.as_str().into(),
            },
            ninja: NinjaConnection {
                base_url: addresses.ninja.url.clone(),
                client_id: addresses.ninja.client_id.clone(),
                client_secret: addresses.ninja.client_secret.as_str().into(),
            },
            itglue: ItGlueConnection {
                base_url: addresses.itglue.url.clone(),
                api_key: addresses.itglue.api_key.as_str().into(),
            },
            tickets: self.tickets(),
        };
        // The simulated technician, schedule and vault are quick, and a minute is long for any of them.
        let patience = Patience {
            vault_read_back: Duration::from_secs(10),
            device: Duration::from_mins(1),
            first_run: Duration::from_mins(10),
            interval: Duration::from_millis(100),
        };
        Ok(dtc_adapters::connect(connections, patience).await?)
    }

    /// Where tickets are.
    pub(super) fn tickets(&self) -> PathBuf {
        self.scratch.path().join("tickets")
    }

    /// Where the demo keeps its files.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.scratch.path()
    }

    /// Ends the simulators, and leaves nothing behind.
    pub(super) async fn clear(self) {
        self.simulator.stop().await;
    }
}
