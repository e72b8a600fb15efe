//! `dtc restore`: files of a backup, from the bucket, as of any moment that it still holds.

mod backup;
mod endings;
mod get;
mod history;
mod look;
mod selected;
mod when;

use clap::{Args, Subcommand};

#[cfg(test)]
use crate::document::{Describe, describe};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// Get files back out of the bucket, as of any moment that it still holds. Neither the appliance nor rclone is needed.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Restore,
}

#[derive(Debug, Subcommand)]
enum Restore {
    Ls(look::Ls),
    Cat(look::Cat),
    Find(look::Find),
    Get(get::Arguments),
    History(history::Arguments),
    When(when::Arguments),
}

/// Does what is asked.
pub(crate) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    match arguments.command {
        Restore::Ls(arguments) => look::ls(arguments, screen).await,
        Restore::Cat(arguments) => look::cat(arguments, screen).await,
        Restore::Find(arguments) => look::find(arguments, screen).await,
        Restore::Get(arguments) => get::run(arguments, screen).await,
        Restore::History(arguments) => history::run(arguments, screen).await,
        Restore::When(arguments) => when::run(arguments, screen).await,
    }
}

/// What the commands print as JSON, by their schemas' names.
#[cfg(test)]
pub(crate) fn documents() -> Vec<(&'static str, Vec<Describe>)> {
    vec![
        ("restore-ls", vec![describe::<look::FilesInBackup>()]),
        ("restore-cat", vec![]),
        ("restore-find", vec![describe::<look::FilesInBackup>()]),
        ("restore-get", vec![describe::<get::Restored>(), describe::<get::WouldRestore>()]),
        ("restore-history", vec![describe::<history::Versions>()]),
        ("restore-when", vec![describe::<when::Bursts>()]),
    ]
}
