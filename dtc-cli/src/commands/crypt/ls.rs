//! `dtc crypt ls`: the files of an encrypted folder.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use rclone_crypt::{Entry, Error, Listing, Skipped};
use serde_json::json;

use super::check::{listed, reason};
use super::remote::Remote;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, Line, Screen};
use crate::view::count;

/// List the files of an encrypted folder: their sizes and their plain paths.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder that the remote encrypts into, or a download of it.
    folder: PathBuf,
    /// Print on standard error what each file and directory is stored as, as rclone's --crypt-show-mapping does.
    #[arg(long)]
    mapping: bool,
    #[command(flatten)]
    remote: Remote,
}

/// Lists. Contents stay closed, so that plain names take no secrets.
pub(super) fn run(arguments: &Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let names = arguments.remote.names(screen)?;
    let Listing { entries: mut files, foreign, skipped, unreadable, .. } =
        Listing::of(&names, &arguments.folder)?;
    files.sort();
    for entry in &files {
        screen.say(format!("{:>9} {}", entry.plain_len, entry.plain));
    }
    if arguments.mapping {
        for line in mapping(&files) {
            screen.note(line.as_str());
        }
    }
    if let Some(first) = foreign.first() {
        let files = count(foreign.len(), "file is", "files are");
        let note = format!("{files} none of this remote's, the first {}", first.display());
        screen.note(Line::new().styled(CHANGED, "note: ").plain(note));
    }
    for Skipped { path, what, .. } in &skipped {
        screen.note(
            Line::new().styled(CHANGED, "note: ").plain(format!("{}: {what}, left out", path.display())),
        );
    }
    for (path, error) in &unreadable {
        let note = format!("{}: {}", path.display(), reason(error));
        screen.note(Line::new().styled(BAD, "error: ").plain(note));
    }
    let shown =
        |entry: &Entry| json!({"plain": entry.plain, "stored": entry.stored, "size": entry.plain_len});
    let unread =
        |(path, error): &(PathBuf, Error)| json!({"path": path.to_string_lossy(), "reason": reason(error)});
    let exit = match () {
        () if !unreadable.is_empty() => Exit::Incomplete,
        () if files.is_empty() && !foreign.is_empty() => Exit::Error,
        () => Exit::Done,
    };
    let document = json!({
        "files": files.iter().map(shown).collect::<Vec<_>>(),
        "foreign": listed(&foreign),
        "skipped": super::restore::skipped(&skipped),
        "unreadable": unreadable.iter().map(unread).collect::<Vec<_>>(),
    });
    Ok(screen.result(exit, &document))
}

/// Each directory and file in rclone's words, once.
fn mapping(files: &[Entry]) -> Vec<String> {
    let mut listed = BTreeSet::new();
    let mut lines = Vec::new();
    for entry in files {
        let ends = |path: &str| path.match_indices('/').map(|(slash, _)| slash).chain([path.len()]).collect();
        let (plain, stored): (Vec<usize>, Vec<usize>) = (ends(&entry.plain), ends(&entry.stored));
        for (plain, stored) in plain.into_iter().zip(stored) {
            if listed.insert(&entry.plain[..plain]) {
                lines.push(format!("{}: Encrypts to {:?}", &entry.plain[..plain], &entry.stored[..stored]));
            }
        }
    }
    lines
}
