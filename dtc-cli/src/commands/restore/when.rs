//! `dtc restore when`: moments before which to restore.

use clap::Args;
use dtc_naming::PoolName;
use dtc_provision::restore::{self, Burst};

use super::backup::Backup;
use crate::commands::crypt::findings::finding;
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{CHANGED, Screen};

/// Name the moments when a pool changed in ways that people do not work, such as by ransomware, with the last moment before each. Reads
/// names, sizes and times of versions, and no content.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The pool.
    pool: PoolName,
    #[command(flatten)]
    backup: Backup,
}

document! {
    /// What `dtc restore when` prints.
    pub(crate) struct Bursts<'a> {
        /// The pool.
        pool: &'a PoolName,
        /// The runs of the backup that changed what people do not, in their order.
        bursts: &'a [Burst],
    }
}

/// Looks.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let opened = arguments.backup.open(screen).await?;
    let bursts = restore::when(&opened.source, &arguments.pool).await?;
    for burst in &bursts {
        finding(screen, CHANGED, "?   ", &sentence(burst));
    }
    if bursts.is_empty() {
        screen.say("Nothing stands out: no run of the backup changed files in ways that people do not.");
    }
    Ok(screen.done(&Bursts { pool: &arguments.pool, bursts: &bursts }))
}

fn sentence(burst: &Burst) -> String {
    let Burst { began, before, files, rewritten, removed, renamed, .. } = burst;
    let ending = match &burst.new_ending {
        Some(ending) => format!(", most new files end in .{ending}"),
        None => String::new(),
    };
    format!(
        "{began}: of {files} files {rewritten} were rewritten, {removed} removed and {renamed} renamed{ending}; before it: --at {before}"
    )
}
