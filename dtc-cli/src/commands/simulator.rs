//! `dtc simulator`: the simulated services, served until interrupted.

use std::path::PathBuf;

use clap::Args;
use simulator::Simulator;
use simulator::truenas::Engine;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::program_path::on_path;
use crate::screen::{Line, QUIET, STRONG, Screen};

/// Serve simulated B2, TrueNAS, NinjaOne and IT Glue until interrupted.
///
/// The first line on standard output is one JSON object with every address and credential.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) simulation: Simulation,
}

/// What is simulated.
#[derive(Debug, Args)]
pub(crate) struct Simulation {
    /// Write every request and its answer to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) transcript: Option<PathBuf>,
    /// The seed of every identifier, secret and file.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(crate) seed: u64,
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
    /// One that was named and that does not run.
    pub(crate) fn rclone(&self) -> Result<Option<(PathBuf, String)>, Failure> {
        if self.without_rclone {
            return Ok(None);
        }
        match &self.rclone {
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
    pub(crate) fn builder(&self, rclone: Option<PathBuf>) -> simulator::Builder {
        let builder = Simulator::builder().seed(self.seed).rclone(rclone);
        match &self.transcript {
            Some(file) => builder.transcript_file(file),
            None => builder,
        }
    }
}

/// What an rclone says it is, such as `1.70.2`.
fn version(program: &std::path::Path) -> Result<String, String> {
    let output =
        std::process::Command::new(program).arg("version").output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let first = text.lines().next().unwrap_or_default();
    first
        .strip_prefix("rclone v")
        .map(str::to_owned)
        .ok_or_else(|| "it does not print its version".to_owned())
}

/// Serves until interrupted.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let ending = interrupt::requested();
    let rclone = arguments.simulation.rclone()?;
    let simulator = arguments.simulation.builder(rclone.map(|(program, _)| program)).start().await?;
    screen.document(simulator.addresses());
    let backups = match simulator.truenas().engine() {
        Engine::Rclone(program) => format!("backups run with {}", program.display()),
        _ => "backups run with our own engine: there is no rclone on the PATH, or none is wanted".to_owned(),
    };
    screen.note(Line::new().styled(STRONG, "The simulators are running. ").plain("Ctrl-C ends them."));
    screen.note(Line::new().styled(QUIET, backups));
    if let Some(file) = &arguments.simulation.transcript {
        screen.note(Line::new().styled(QUIET, format!("transcript: {}", file.display())));
    }
    ending.await;
    simulator.stop().await;
    Ok(Exit::Done)
}
