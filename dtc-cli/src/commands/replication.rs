//! `dtc replication`: encrypted datasets of one appliance on another, with the proof that they open there.

mod apply;
mod chosen;
mod init;
pub(crate) mod plan;
mod unlock;
pub(crate) mod verify;

use clap::{Args, Subcommand};

use crate::deadline::Deadline;
#[cfg(test)]
use crate::document::{Describe, describe};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::screen::Screen;

/// Replicate encrypted datasets between two appliances, and prove that the vault's keys open them there.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Replicate,
}

#[derive(Debug, Subcommand)]
enum Replicate {
    Init(init::Arguments),
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Verify(verify::Arguments),
    Unlock(unlock::Arguments),
}

/// Does what is asked.
pub(crate) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    let work = async {
        match arguments.command {
            Replicate::Init(arguments) => deadline.bound(Box::pin(init::run(arguments, screen))).await,
            Replicate::Plan(arguments) => deadline.bound(Box::pin(plan::run(arguments, screen))).await,
            Replicate::Apply(arguments) => Box::pin(apply::run(arguments, deadline, screen)).await,
            Replicate::Verify(arguments) => deadline.bound(Box::pin(verify::run(arguments, screen))).await,
            Replicate::Unlock(arguments) => deadline.bound(Box::pin(unlock::run(arguments, screen))).await,
        }
    };
    interrupt::until_interrupted(work).await
}

/// What the commands print as JSON, by their schemas' names.
#[cfg(test)]
pub(crate) fn documents() -> Vec<(&'static str, Vec<Describe>)> {
    vec![
        ("replication-init", vec![describe::<init::Described>()]),
        ("replication-plan", vec![describe::<plan::ReplicationPlanned>()]),
        ("replication-apply", vec![describe::<apply::Unneeded>(), describe::<verify::ReplicationVerified>()]),
        ("replication-verify", vec![describe::<verify::ReplicationVerified>()]),
        ("replication-unlock", vec![describe::<unlock::Opened>()]),
    ]
}
