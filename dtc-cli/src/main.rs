//! The `dtc` program: TrueNAS pools into Backblaze B2, encrypted, immutable and provably recoverable.
//!
//! A thin layer over `dtc-provision`, `dtc-adapters`, `dtc-naming` and `rclone-crypt`: it reads arguments and files, asks
//! people, and prints. Standard output carries the result (with `--json` one JSON document and nothing else), standard
//! error the rest. Exit codes: see [`exit::Exit`].

mod commands;
mod consents;
mod counting;
mod deadline;
mod document;
mod events;
mod examples;
mod exit;
mod failure;
mod files;
mod interrupt;
mod logging;
mod printable;
#[cfg(feature = "demo")]
mod program_path;
mod progress;
mod remedies;
#[cfg(test)]
mod schemas {
    mod tests;
}
mod screen;
mod undumpable;
mod view;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands::{apply, copy, crypt, init, locks, name, plan, replication, restore, verify};
#[cfg(feature = "demo")]
use crate::commands::{demo, simulator};
use crate::deadline::{Deadline, time_limit};
use crate::events::Events;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{Mode, Screen};

/// TrueNAS pools into Backblaze B2: encrypted, immutable, provably recoverable.
#[derive(Debug, Parser)]
#[command(name = "dtc", version, arg_required_else_help = true, after_help = exit::help())]
struct Cli {
    /// Print one JSON document on standard output; only what happens meanwhile goes to standard error.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Log on standard error which calls are made and how they end; no secret is logged.
    #[arg(long, short, global = true, help_heading = EVERYWHERE)]
    verbose: bool,
    /// Give up after this long, such as 90s or 2h [default: 1h for plan, verify and apply, none for others]. Waiting for an answer of
    /// yours, or for a first run, does not count.
    #[arg(long, global = true, value_name = "DURATION", value_parser = time_limit, help_heading = EVERYWHERE)]
    timeout: Option<Duration>,
    /// Append what happens to this file as it happens, one JSON object a line; `-` is standard error.
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    events: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const EVERYWHERE: &str = "With every command";
/// How long work that is given up may take to clear up after itself.
const GRACE: Duration = Duration::from_millis(500);

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
    Restore(restore::Arguments),
    Locks(locks::Arguments),
    Replication(replication::Arguments),
    Copy(copy::Arguments),
}

fn main() -> ExitCode {
    undumpable::forbid_dumps();
    let (cli, command) = match arguments() {
        Ok(understood) => understood,
        Err(error) => return not_understood(&error),
    };
    logging::start(cli.verbose);
    let screen = Screen::new(if cli.json { Mode::Json } else { Mode::Text });
    let screen = match cli.events.as_deref().map(|file| Events::open(file, &command)).transpose() {
        Ok(events) => screen.with_events(events),
        Err(failure) => return screen.fail(&failure),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return screen.fail(&Failure::error("cannot start the runtime").caused_by(error)),
    };
    let ended = runtime.block_on(run(cli.command, cli.timeout, &screen));
    // A thread may still wait for a line that nobody will type.
    runtime.shutdown_timeout(GRACE);
    match ended {
        Ok(exit) => screen.end(exit).into(),
        Err(failure) => screen.fail(&failure),
    }
}

/// The arguments, understood, and the words of the command. The help that they ask for ends with examples.
fn arguments() -> Result<(Cli, String), clap::Error> {
    let mut command = examples::added(Cli::command());
    let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let words = words(&matches);
    let cli = Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))?;
    Ok((cli, words))
}

/// The words of the command, such as `crypt restore`.
fn words(matches: &clap::ArgMatches) -> String {
    let all = std::iter::successors(Some(matches), |matches| matches.subcommand().map(|(_, below)| below));
    let words: Vec<&str> = all.filter_map(clap::ArgMatches::subcommand_name).collect();
    words.join(" ")
}

async fn run(command: Command, timeout: Option<Duration>, screen: &Screen) -> Result<Exit, Failure> {
    let deadline = Deadline::new(timeout.unwrap_or(deadline::DEFAULT));
    // What is done on this machine, or to be looked at, takes as long as it takes, unless somebody says otherwise.
    let asked = || timeout.map_or(Deadline::never(), Deadline::new);
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => asked().bound(Box::pin(demo::run(arguments, screen))).await,
        #[cfg(feature = "demo")]
        Command::Simulator(arguments) => asked().bound(simulator::run(arguments, screen)).await,
        Command::Init(arguments) => init::run(&arguments, screen),
        Command::Plan(arguments) => {
            interrupt::until_interrupted(deadline.bound(Box::pin(plan::run(arguments, screen)))).await
        }
        Command::Apply(arguments) => Box::pin(apply::run(arguments, &deadline, screen)).await,
        Command::Verify(arguments) => {
            interrupt::until_interrupted(Box::pin(verify::run(arguments, &deadline, screen))).await
        }
        Command::Name(arguments) => name::run(arguments, screen),
        Command::Crypt(arguments) => crypt::run(arguments, &asked(), screen).await,
        Command::Copy(arguments) => Box::pin(copy::run(arguments, &asked(), screen)).await,
        Command::Restore(arguments) => {
            interrupt::until_interrupted(asked().bound(Box::pin(restore::run(arguments, screen)))).await
        }
        Command::Replication(arguments) => Box::pin(replication::run(arguments, &deadline, screen)).await,
        Command::Locks(arguments) => {
            interrupt::until_interrupted(asked().bound(Box::pin(locks::run(arguments, screen)))).await
        }
    }
}

/// Prints why the arguments are not understood, or the help that was asked for.
fn not_understood(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let screen = Screen::new(Mode::Text);
        screen.printed(error.print());
        return screen.end(Exit::Done).into();
    }
    let mode = if std::env::args_os().any(|argument| argument == "--json") { Mode::Json } else { Mode::Text };
    let screen = Screen::new(mode);
    if mode == Mode::Text && error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    {
        screen.printed(error.print());
    }
    screen.fail(&Failure::from(error))
}
