//! `dtc crypt`: rclone's encrypted folders, without rclone and without the appliance.

mod cat;
mod check;
mod endings;
pub(super) mod findings;
pub(super) mod given;
pub(super) mod ls;
mod paths;
mod remedy;
pub(super) mod remote;
pub(super) mod restore;
pub(super) mod work;

use clap::{Args, Subcommand};

use crate::deadline::Deadline;
#[cfg(test)]
use crate::document::{Describe, describe};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// Look into a folder that rclone encrypted, and prove that it opens; rclone is not needed.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Crypt,
}

#[derive(Debug, Subcommand)]
enum Crypt {
    Ls(ls::Arguments),
    Cat(cat::Arguments),
    Check(check::Arguments),
    Decode(paths::Decode),
    Encode(paths::Encode),
    Restore(restore::Arguments),
}

/// Does what is asked. Secrets are asked for before anything listens for Ctrl-C, so that the terminal echoes again.
pub(crate) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    match arguments.command {
        Crypt::Ls(arguments) => deadline.bound(ls::run(&arguments, deadline, screen)).await,
        Crypt::Cat(arguments) => deadline.bound(cat::run(arguments, deadline, screen)).await,
        // What writes, or works on another thread, is asked to stop and is never dropped.
        Crypt::Check(arguments) => check::run(arguments, deadline, screen).await,
        Crypt::Decode(arguments) => deadline.bound(paths::decode(&arguments, deadline, screen)).await,
        Crypt::Encode(arguments) => deadline.bound(paths::encode(&arguments, deadline, screen)).await,
        Crypt::Restore(arguments) => restore::run(arguments, deadline, screen).await,
    }
}

/// What the commands print as JSON, by their schemas' names.
#[cfg(test)]
pub(crate) fn documents() -> Vec<(&'static str, Vec<Describe>)> {
    vec![
        ("crypt-ls", vec![describe::<ls::Listed>()]),
        ("crypt-cat", vec![]),
        ("crypt-check", vec![describe::<check::Checked>()]),
        ("crypt-decode", vec![describe::<paths::Converted>()]),
        ("crypt-encode", vec![describe::<paths::Converted>()]),
        ("crypt-restore", vec![describe::<restore::RestoreResult>(), describe::<restore::Compared>()]),
    ]
}
