//! `dtc copy`: encrypted copies without an appliance, by rclone and rsync as one task.

mod check;
pub(crate) mod endings;
pub(crate) mod opened;
pub(crate) mod plan;
mod restore;
pub(crate) mod run;

use clap::{Args, Subcommand};

use crate::deadline::Deadline;
#[cfg(test)]
use crate::document::{Describe, describe};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// Encrypt a folder with rclone, and carry the encrypted catalogue to a server with rsync; check it, and get it back.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Copy,
}

#[derive(Debug, Subcommand)]
enum Copy {
    Plan(plan::Arguments),
    Run(run::Arguments),
    Check(check::Arguments),
    Restore(restore::Arguments),
}

/// Does what is asked.
pub(crate) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    match arguments.command {
        Copy::Plan(arguments) => plan::run(&arguments, deadline, screen).await,
        Copy::Run(arguments) => run::run(&arguments, deadline, screen).await,
        Copy::Check(arguments) => check::run(arguments, deadline, screen).await,
        Copy::Restore(arguments) => restore::run(arguments, deadline, screen).await,
    }
}

/// What the commands print as JSON, by their schemas' names.
#[cfg(test)]
pub(crate) fn documents() -> Vec<(&'static str, Vec<Describe>)> {
    vec![
        ("copy-plan", vec![describe::<plan::Planned>()]),
        ("copy-run", vec![describe::<run::Ran>()]),
        ("copy-check", vec![describe::<check::CopyChecked>()]),
        ("copy-restore", vec![describe::<restore::CopyRestored>(), describe::<restore::WouldDecrypt>()]),
    ]
}
