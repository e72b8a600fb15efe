//! `dtc restore history`: the versions of one file.

use clap::Args;
use dtc_provision::restore::{self, FileVersion, FileVersionKind, LockedUntil, Wanted};

use super::backup::Backup;
use super::endings::no_such;
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// List the versions of one file, the newest first: until when each is locked, and when it will go. Times are UTC.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file: POOL:PATH.
    #[arg(value_name = "POOL:PATH")]
    wanted: Wanted,
    #[command(flatten)]
    backup: Backup,
}

document! {
    /// What `dtc restore history` prints.
    pub(crate) struct Versions<'a> {
        /// The file: POOL:PATH.
        file: String,
        /// Its versions, the newest first.
        versions: &'a [FileVersion],
    }
}

/// Lists.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let opened = arguments.backup.open(screen).await?;
    let versions = restore::history(&opened.source, &arguments.wanted).await?;
    if versions.is_empty() {
        return Err(no_such(&format!("the bucket holds no version of a file {}", arguments.wanted)));
    }
    for version in &versions {
        screen.say(line(version));
    }
    Ok(screen.done(&Versions { file: arguments.wanted.to_string(), versions: &versions }))
}

fn line(version: &FileVersion) -> String {
    let what = match version.kind {
        FileVersionKind::Content => version.size.map_or_else(|| "?".to_owned(), |size| size.to_string()),
        FileVersionKind::Deleted => "deleted".to_owned(),
        FileVersionKind::Unfinished => "unfinished".to_owned(),
        _ => "?".to_owned(),
    };
    let locked = match version.locked {
        LockedUntil::Until(until) => format!(", locked until {until}"),
        LockedUntil::Held => ", held until somebody lifts the hold".to_owned(),
        LockedUntil::NotShown => ", lock not shown to this key".to_owned(),
        _ => String::new(),
    };
    let goes = match (version.replaced, version.goes) {
        (None, _) => String::new(),
        (Some(replaced), None) => format!(", replaced {replaced}"),
        (Some(replaced), Some(goes)) => format!(", replaced {replaced}, goes {goes}"),
    };
    format!("{} {what:>12}{locked}{goes}", version.uploaded)
}
