//! `dtc crypt ls`: the files of an encrypted folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use rclone_crypt::{Entry, Error, Listing, Skipped};

use super::endings::{foreign_only, incomplete};
use super::findings::{self, SkippedPath, UnreadPath, listed, reason};
use super::given;
use super::remote::Remote;
use crate::deadline::Deadline;
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{CHANGED, Line, Screen};
use crate::view::{ExactPath, count, exact, shown};

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

document! {
    /// What `dtc crypt ls` prints.
    pub(crate) struct Listed {
        /// The files, sorted by their plain paths.
        files: Vec<ListedFile>,
        /// Files that are none of this remote's.
        foreign: Vec<ExactPath>,
        /// What is no file.
        skipped: Vec<SkippedPath>,
        /// What could not be read.
        unreadable: Vec<UnreadPath>,
    }
}

document! {
    /// A file of an encrypted folder.
    pub(crate) struct ListedFile {
        /// Its plain path.
        plain: ExactPath,
        /// What it is stored as.
        stored: ExactPath,
        /// Its plain size, in bytes.
        size: u64,
    }
}

/// Lists. Contents stay closed, so that plain names take no secrets.
pub(super) async fn run(
    arguments: &Arguments,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<Exit, Failure> {
    given::folder(&arguments.folder)?;
    let names = arguments.remote.names(deadline, screen).await?;
    let Listing { entries: mut files, foreign, skipped, unreadable, .. } =
        Listing::of(&names, &arguments.folder)?;
    files.sort();
    for entry in &files {
        screen.say(format!("{:>9} {}", entry.plain_len, shown(entry.plain_path())));
    }
    if arguments.mapping {
        for line in mapping(&files) {
            screen.note(line.as_str());
        }
    }
    if !screen.speaks_json() {
        show_left_out(screen, &foreign, &skipped, &unreadable);
        show_twins(screen, &files);
    }
    let one = |entry: &Entry| ListedFile {
        plain: exact(entry.plain_path()),
        stored: exact(entry.stored_path()),
        size: entry.plain_len,
    };
    let unread = |(path, error): &(PathBuf, Error)| UnreadPath { path: exact(path), reason: reason(error) };
    let document = Listed {
        files: files.iter().map(one).collect(),
        foreign: listed(&foreign),
        skipped: findings::skipped(&skipped),
        unreadable: unreadable.iter().map(unread).collect(),
    };
    let failure = if !unreadable.is_empty() {
        let what = count(unreadable.len(), "folder or file", "folders or files");
        incomplete(format!("{what} could not be read, as named above"))
            .remedy("put right what is named, then list again")
    } else if files.is_empty() && !foreign.is_empty() {
        foreign_only()
    } else {
        return Ok(screen.done(&document));
    };
    Ok(screen.ended(&failure, &document))
}

/// What the folder holds that is no file of this remote.
fn show_left_out(screen: &Screen, foreign: &[PathBuf], skipped: &[Skipped], unreadable: &[(PathBuf, Error)]) {
    let note = |text: String| screen.note(Line::new().styled(CHANGED, "note: ").plain(text));
    if let Some(first) = foreign.first() {
        let files = count(foreign.len(), "file is", "files are");
        note(format!("{files} none of this remote's, the first {}", shown(first)));
    }
    for Skipped { path, what, .. } in skipped {
        note(format!("{}: {what}, left out", shown(path)));
    }
    for (path, error) in unreadable {
        note(format!("{}: {}", shown(path), reason(error)));
    }
}

/// Stored files that decode to one plain path.
fn show_twins(screen: &Screen, files: &[Entry]) {
    let mut first: BTreeMap<&Path, &Path> = BTreeMap::new();
    for entry in files {
        let (plain, stored) = (entry.plain_path(), entry.stored_path());
        if let Some(first) = first.get(plain) {
            let text =
                format!("{}: stored twice, as {} and as {}", shown(plain), shown(first), shown(stored));
            screen.note(Line::new().styled(CHANGED, "note: ").plain(text));
        }
        first.entry(plain).or_insert(stored);
    }
}

/// Each directory and file in rclone's words, once.
pub(crate) fn mapping(files: &[Entry]) -> Vec<String> {
    let mut listed = BTreeSet::new();
    let mut lines = Vec::new();
    for entry in files {
        let ends = |path: &str| path.match_indices('/').map(|(slash, _)| slash).chain([path.len()]).collect();
        let (plain, stored): (Vec<usize>, Vec<usize>) = (ends(&entry.plain), ends(&entry.stored));
        for (plain, stored) in plain.into_iter().zip(stored) {
            if listed.insert(&entry.plain[..plain]) {
                let name = safe_text::visible(&entry.plain[..plain]);
                lines.push(format!("{name}: Encrypts to {:?}", &entry.stored[..stored]));
            }
        }
    }
    lines
}
