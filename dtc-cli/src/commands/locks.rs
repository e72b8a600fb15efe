//! `dtc locks`: until when current versions are locked, and locks that are extended.

mod extend;
mod status;
mod terms;

use clap::{Args, Subcommand};

#[cfg(test)]
use crate::document::{Describe, describe};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// Keep the locks of current versions from running out: a file that never changes is unlocked some days after its upload.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Locks,
}

#[derive(Debug, Subcommand)]
enum Locks {
    Status(status::Arguments),
    Extend(extend::Arguments),
}

/// Does what is asked.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    match arguments.command {
        Locks::Status(arguments) => status::run(arguments, screen).await,
        Locks::Extend(arguments) => extend::run(arguments, screen).await,
    }
}

/// What the commands print as JSON, by their schemas' names.
#[cfg(test)]
pub(crate) fn documents() -> Vec<(&'static str, Vec<Describe>)> {
    vec![
        ("locks-status", vec![describe::<status::LocksFound>()]),
        ("locks-extend", vec![describe::<extend::LocksExtended>()]),
    ]
}
