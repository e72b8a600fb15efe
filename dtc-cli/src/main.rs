//! The `dtc` program: TrueNAS pools into Backblaze B2, encrypted, immutable and provably recoverable.
//!
//! A thin layer over `dtc-provision`, `dtc-adapters`, `dtc-naming` and `rclone-crypt`: it reads arguments and files, asks
//! people, and prints. Standard output carries the result (with `--json` one JSON document and nothing else), standard
//! error the rest. Exit codes: see [`exit::Exit`].

mod commands;
mod consents;
mod exit;
mod failure;
mod interrupt;
mod logging;
mod printable;
#[cfg(feature = "demo")]
mod program_path;
mod progress;
mod screen;
mod view;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{apply, crypt, init, name, plan, verify};
#[cfg(feature = "demo")]
use crate::commands::{demo, simulator};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{Mode, Screen};

/// TrueNAS pools into Backblaze B2: encrypted, immutable, provably recoverable.
#[derive(Debug, Parser)]
#[command(name = "dtc", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    /// Print one JSON document on standard output, and the rest on standard error.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Log on standard error which calls are made and how they end; no secret is logged.
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

const EVERYWHERE: &str = "With every command";
const EXIT_CODES: &str = "\
Exit codes:
    0  done, or nothing to do
    1  error
    2  changes pending
    3  usage: the arguments, or a file, are not understood
    4  something outside must be put right first
    5  somebody must decide first: a consent, a stale plan, another certificate
    6  data is at risk
  130  interrupted";

/// How long work that is given up may take to clear up after itself.
const GRACE: std::time::Duration = std::time::Duration::from_millis(500);

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "demo")]
    Demo(demo::Arguments),
    #[cfg(feature = "demo")]
    Simulator(simulator::Arguments),
    Init(init::Arguments),
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Verify(verify::Arguments),
    Name(name::Arguments),
    Crypt(crypt::Arguments),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    logging::start(cli.verbose);
    let screen = Screen::new(if cli.json { Mode::Json } else { Mode::Text });
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return screen.fail(&Failure::error("cannot start the runtime").caused_by(error)),
    };
    let ended = runtime.block_on(run(cli.command, &screen));
    // A thread may still wait for a line that nobody will type.
    runtime.shutdown_timeout(GRACE);
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => screen.fail(&failure),
    }
}

async fn run(command: Command, screen: &Screen) -> Result<Exit, Failure> {
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => Box::pin(demo::run(arguments, screen)).await,
        #[cfg(feature = "demo")]
        Command::Simulator(arguments) => simulator::run(arguments, screen).await,
        Command::Init(arguments) => init::run(&arguments, screen),
        Command::Plan(arguments) => interrupt::until_interrupted(plan::run(arguments, screen)).await,
        Command::Apply(arguments) => Box::pin(apply::run(arguments, screen)).await,
        Command::Verify(arguments) => interrupt::until_interrupted(verify::run(arguments, screen)).await,
        Command::Name(arguments) => name::run(arguments, screen),
        Command::Crypt(arguments) => crypt::run(arguments, screen).await,
    }
}

/// Prints why the arguments are not understood, or the help that was asked for.
fn not_understood(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if !error.use_stderr() {
        return Exit::Done.into();
    }
    if std::env::args_os().any(|argument| argument == "--json") {
        let text = error.to_string();
        let sentence = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        Screen::new(Mode::Json).failed(&Failure::usage(sentence));
    }
    Exit::Usage.into()
}
