//! `dtc simulator`: the simulated services, served until interrupted.

mod written_site;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use dtc_adapters::OsEntropy;
use dtc_adapters::files::Appended;
use dtc_provision::ports::Entropy as _;
use simulator::truenas::{Engine, Release, Settings};
use simulator::{DEFAULT_ID, Simulator, technician};

use crate::deadline::duration;
use crate::document::{SchemaVersion, document};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{TRANSCRIPT, unwritten};
use crate::interrupt;
use crate::program_path::on_path;
use crate::screen::{Line, QUIET, STRONG, Screen};

/// Serve simulated B2, TrueNAS, NinjaOne, IT Glue, HaloPSA and 1Password Connect until interrupted.
///
/// The first line on standard output is one JSON object with every address and credential, and what a site file asks for: the organisation, the
/// location and the pools. They are other credentials each time, unless a seed is given.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) simulation: Simulation,
    /// Write a site file for what is simulated, ready to be used, and its five secrets into files beside it. Nothing that exists is written to.
    #[arg(long, value_name = "FILE")]
    write_site: Option<PathBuf>,
    /// How long the simulated technician takes to add the appliance to NinjaOne once it answers over SNMP, such as 10m [default: 200ms].
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    device_after: Option<Duration>,
}

/// What is simulated.
#[derive(Debug, Args)]
pub(crate) struct Simulation {
    /// The release of TrueNAS that the simulated appliance is of: 13.3, 24.10, 25.04, 25.10 or 26.0.
    #[arg(long, value_name = "RELEASE", default_value_t)]
    pub(crate) release: Release,
    /// Write every request and its answer to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) transcript: Option<PathBuf>,
    /// Make every identifier, secret and file from this number, so that they are the same again; random unless given.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The rclone that the simulated appliance runs; the first on the PATH unless given.
    #[arg(long, value_name = "PATH")]
    pub(crate) rclone: Option<PathBuf>,
    /// Run backups with our own engine, even where there is an rclone.
    #[arg(long, conflicts_with = "rclone")]
    pub(crate) without_rclone: bool,
}

impl Simulation {
    /// The rclone to use.
    ///
    /// # Errors
    /// One that was named and that is not there, or does not run.
    pub(crate) fn rclone(&self) -> Result<Option<(PathBuf, String)>, Failure> {
        if self.without_rclone {
            return Ok(None);
        }
        match &self.rclone {
            Some(named) if named.metadata().is_err() && named.to_str().and_then(on_path).is_none() => {
                Err(Failure::usage(format!("there is no program {}", named.display()))
                    .remedy("correct --rclone, or run --without-rclone"))
            }
            Some(named) => {
                let version = version(named).map_err(|why| {
                    Failure::new(
                        Exit::Precondition,
                        format!("{} is no rclone that runs: {why}", named.display()),
                    )
                    .remedy("name another with --rclone, or run --without-rclone")
                })?;
                Ok(Some((named.clone(), version)))
            }
            None => {
                Ok(on_path("rclone").and_then(|found| version(&found).ok().map(|version| (found, version))))
            }
        }
    }

    /// The simulators, ready to be started.
    ///
    /// # Errors
    /// When there is neither a seed nor a random number, and a transcript that would take the place of another kind of file.
    pub(crate) fn builder(&self, rclone: Option<PathBuf>) -> Result<simulator::Builder, Failure> {
        // Whoever tries a program on it meets the waits of a real appliance.
        let settings = Settings { login_penalty: true, ..Settings::default() };
        Ok(self.services(rclone)?.truenas(DEFAULT_ID, self.release, settings))
    }

    /// The same without an appliance.
    ///
    /// # Errors
    /// As [`builder`](Self::builder).
    pub(crate) fn services(&self, rclone: Option<PathBuf>) -> Result<simulator::Builder, Failure> {
        let seed = match self.seed {
            Some(seed) => seed,
            None => random()?,
        };
        let builder = Simulator::builder().seed(seed).rclone(rclone);
        let Some(path) = &self.transcript else { return Ok(builder) };
        // Makes the file, for nobody but its owner, where it is not there; the simulator then begins it anew.
        Appended::open(path, TRANSCRIPT).map_err(|error| unwritten("the transcript", &error))?;
        Ok(builder.transcript_file(path))
    }
}

/// A number that nobody on this machine can guess.
fn random() -> Result<u64, Failure> {
    let mut bytes = [0; 8];
    OsEntropy.fill(&mut bytes).map_err(|error| Failure::error(error.to_string()))?;
    Ok(u64::from_le_bytes(bytes))
}

/// What a program needs to start at all; nothing that tells it, or a library of its, what to do.
fn needed() -> impl Iterator<Item = (&'static str, std::ffi::OsString)> {
    ["PATH", "SystemRoot"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// What an rclone says it is, such as `1.70.2`.
fn version(program: &std::path::Path) -> Result<String, String> {
    let output = std::process::Command::new(program)
        .arg("version")
        .env_clear()
        .envs(needed())
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = text.lines().next().unwrap_or_default();
    first
        .strip_prefix("rclone v")
        .map(str::to_owned)
        .ok_or_else(|| "it does not print its version".to_owned())
}

/// The client and its location, as the simulators have them unless told otherwise.
const ORGANIZATION: &str = "Harbour Dental Group";
const LOCATION: &str = "Main Office";

document! {
    /// The first line of `dtc simulator`: where everything answers, and what a site file asks for.
    pub(crate) struct Simulated<'a> {
        /// The form of this document. It is counted up when a member goes or means something else.
        schema: SchemaVersion,
        /// The version of the program that made it.
        version: &'static str,
        /// Where the services answer, with test credentials.
        #[serde(flatten)]
        addresses: &'a simulator::Addresses,
        /// The organisation's name.
        organization: &'a str,
        /// The location's name.
        location: &'a str,
        /// The appliance's pools.
        pools: &'a [String],
    }
}

/// Serves until interrupted.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let ending = interrupt::requested();
    arguments.write_site.as_deref().map(written_site::check).transpose()?;
    let rclone = arguments.simulation.rclone()?;
    let mut simulators = arguments.simulation.builder(rclone.map(|(program, _)| program))?;
    if let Some(delay) = arguments.device_after {
        simulators = simulators.technician(DEFAULT_ID, technician::Settings::default().delay(delay));
    }
    let simulator = simulators.start().await?;
    if let Some(file) = &arguments.write_site {
        written_site::write(file, &simulator)?;
    }
    screen.document(&Simulated {
        schema: SchemaVersion,
        version: env!("CARGO_PKG_VERSION"),
        addresses: simulator.addresses(),
        organization: ORGANIZATION,
        location: LOCATION,
        pools: &Settings::default().pools,
    });
    if screen.has_lost_output() {
        // Nobody knows where they are.
        return Ok(Exit::Done);
    }
    let backups = match simulator.truenas().engine() {
        Engine::Rclone(program) => format!("backups run with {}", program.display()),
        _ => "backups run with our own engine: there is no rclone on the PATH, or none is wanted".to_owned(),
    };
    screen.note(Line::new().styled(STRONG, "The simulators are running. ").plain("Ctrl-C ends them."));
    screen.note(
        Line::new().styled(QUIET, format!("the appliance is TrueNAS {}", arguments.simulation.release)),
    );
    screen.note(Line::new().styled(QUIET, backups));
    if let Some(file) = &arguments.simulation.transcript {
        screen.note(Line::new().styled(QUIET, format!("transcript: {}", file.display())));
    }
    ending.await;
    simulator.stop().await;
    Ok(Exit::Done)
}
