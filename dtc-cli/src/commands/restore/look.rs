//! `dtc restore ls`, `find` and `cat`: what is in a backup.

use std::io::{self, Write};

use clap::Args;
use dtc_naming::PoolName;
use dtc_provision::jiff::Timestamp;
use dtc_provision::restore::{self, BackedUp, Tree, Wanted};
use rclone_crypt::Filter;

use super::backup::Backup;
use super::endings::{nothing, unlisted};
use super::selected::{AsOf, Selected, only};
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{CHANGED, Line, Screen};

/// List the files of a backup: their sizes, their times (UTC) and their paths.
#[derive(Debug, Args)]
pub(super) struct Ls {
    #[command(flatten)]
    selected: Selected,
    #[command(flatten)]
    backup: Backup,
}

/// List the files of a backup whose names match a pattern.
#[derive(Debug, Args)]
pub(super) struct Find {
    /// The pattern, by rclone's rules: `*.docx` in any folder, `/offices/**` in that one.
    pattern: String,
    /// A pool, or a folder in one: POOL or POOL:PATH.
    #[arg(required = true, value_name = "POOL[:PATH]")]
    wanted: Vec<Wanted>,
    #[command(flatten)]
    moment: AsOf,
    #[command(flatten)]
    backup: Backup,
}

/// Write one file's plain content to standard output, each block only after it was verified.
#[derive(Debug, Args)]
pub(super) struct Cat {
    /// The file: POOL:PATH.
    #[arg(value_name = "POOL:PATH")]
    wanted: Wanted,
    #[command(flatten)]
    moment: AsOf,
    #[command(flatten)]
    backup: Backup,
}

document! {
    /// What `dtc restore ls` and `dtc restore find` print.
    pub(crate) struct FilesInBackup<'a> {
        /// The moment that was given with `--at`.
        as_of: Option<Timestamp>,
        /// The files, sorted by their pools and paths.
        files: Vec<FileInBackup>,
        /// Objects that are none of the backup's, by their names.
        foreign: &'a [String],
        /// Rows of the listing that were not understood.
        not_understood: &'a [String],
        /// Of what was wanted, that under which nothing stood.
        absent: Vec<String>,
        /// How many versions were looked at.
        versions: u64,
        /// How many large uploads are not finished.
        unfinished: u64,
    }
}

document! {
    /// A file of a backup.
    pub(crate) struct FileInBackup {
        /// The pool.
        pool: PoolName,
        /// The path in the pool; what is not UTF-8 is replaced.
        path: String,
        /// Its plain size in bytes; null where no encrypted file is as long as its object.
        size: Option<u64>,
        /// When it was modified.
        modified: Timestamp,
        /// When it was uploaded.
        uploaded: Timestamp,
        /// The id of the object's version.
        version: String,
    }
}

/// Lists.
pub(super) async fn ls(arguments: Ls, screen: &Screen) -> Result<Exit, Failure> {
    let opened = arguments.backup.open(screen).await?;
    let tree = arguments.selected.tree(&opened.source, screen).await?;
    Ok(listed(&tree, screen))
}

/// Lists what matches.
pub(super) async fn find(arguments: Find, screen: &Screen) -> Result<Exit, Failure> {
    let filter = only(&arguments.pattern)?;
    let opened = arguments.backup.open(screen).await?;
    let tree = arguments.moment.tree(arguments.wanted, filter, &opened.source, screen).await?;
    Ok(listed(&tree, screen))
}

fn listed(tree: &Tree, screen: &Screen) -> Exit {
    let several = tree.files.windows(2).any(|pair| pair[0].pool != pair[1].pool);
    for file in &tree.files {
        let pool = if several { format!("{}:", file.pool) } else { String::new() };
        let path = safe_text::visible(&file.shown()).into_owned();
        let size = file.len().map_or_else(|| "?".to_owned(), |len| len.to_string());
        screen.say(format!("{size:>12} {} {pool}{path}", file.modified().strftime("%F %T")));
    }
    let document = FilesInBackup {
        as_of: tree.at,
        files: tree.files.iter().map(one).collect(),
        foreign: &tree.foreign,
        not_understood: &tree.not_understood,
        absent: tree.absent.iter().map(ToString::to_string).collect(),
        versions: tree.seen.versions,
        unfinished: tree.seen.unfinished,
    };
    match unlisted(tree) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    }
}

fn one(file: &BackedUp) -> FileInBackup {
    FileInBackup {
        pool: file.pool.clone(),
        path: file.shown(),
        size: file.len(),
        modified: file.modified(),
        uploaded: file.object.uploaded,
        version: file.object.id.as_str().to_owned(),
    }
}

/// Opens one file.
pub(super) async fn cat(arguments: Cat, screen: &Screen) -> Result<Exit, Failure> {
    if screen.speaks_json() {
        return Err(Failure::usage("cat writes the file itself, which is no JSON document"));
    }
    let opened = arguments.backup.open(screen).await?;
    let path = arguments.wanted.path.clone().into_bytes();
    let tree =
        arguments.moment.tree(vec![arguments.wanted], Filter::default(), &opened.source, screen).await?;
    let Some(file) = tree.files.iter().find(|file| file.path == path) else {
        let failure = nothing(&tree);
        return Err(if tree.files.is_empty() {
            failure
        } else {
            failure.remedy("it is a folder: name a file in it")
        });
    };
    let mut out = Output { is_closed: false, failed: None };
    let written = restore::cat(&opened.source, file, &mut out).await;
    if out.is_closed {
        return Ok(Exit::Done);
    }
    if let Some(error) = out.failed {
        return Err(Failure::lost_output().caused_by(error));
    }
    written?;
    if let Some(failure) = unlisted(&tree).filter(|_| !tree.is_whole()) {
        screen.note(Line::new().styled(CHANGED, "note: ").plain(&failure.sentence));
    }
    Ok(Exit::Done)
}

/// Standard output, which remembers that nobody reads it any more.
struct Output {
    is_closed: bool,
    failed: Option<io::Error>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut out = io::stdout().lock();
        if let Err(error) = out.write_all(bytes).and_then(|()| out.flush()) {
            if error.kind() == io::ErrorKind::BrokenPipe {
                self.is_closed = true;
            } else {
                self.failed = Some(io::Error::new(error.kind(), error.to_string()));
            }
            return Err(error);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
