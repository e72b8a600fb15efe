//! `dtc crypt check`: an encrypted folder and its source.

use std::path::{Path, PathBuf};

use clap::Args;
use rclone_crypt::{
    Catalogue, CheckReport, Error, ErrorKind, Filter, FilterAction, Listing, Skipped, local_name,
};

use super::endings::{data_at_risk, differs, incomplete};
use super::findings::{SkippedPath, finding, listed, reason, skipped};
use super::given;
use super::remote::Remote;
use super::work::watched;
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, QUIET, STRONG, Screen};
use crate::view::{ExactPath, bytes, count, exact, shown};

/// Compare an encrypted folder with its source, every byte of it; writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Ends with 0 if all is the same, with 2 if something differs or is missing, \
    with 6 if something is damaged or does not open, and with 7 if something could not be read.")]
pub(crate) struct Arguments {
    /// What was encrypted.
    source: PathBuf,
    /// The folder that the remote encrypts into, or a download of it.
    folder: PathBuf,
    /// What the task leaves out, such as /Archive/**; it is looked at neither in SOURCE nor in FOLDER. May be given again.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    #[command(flatten)]
    remote: Remote,
}

/// Decrypts everything and compares it.
pub(super) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    let mut filter = Filter::default();
    for pattern in &arguments.exclude {
        filter.add(FilterAction::Exclude, pattern)?;
    }
    given::folder(&arguments.source)?;
    given::folder(&arguments.folder)?;
    let keys = deadline.bound(arguments.remote.keys(deadline, screen)).await?;
    let names = arguments.remote.names_under(&keys);
    let Arguments { source, folder, .. } = arguments;
    screen.begins(Phase::Listing);
    let listing = Listing::of(&names, &folder)?;
    let compared = listing.entries.iter().filter(|entry| includes(&filter, entry.plain_path()));
    let total = compared.map(|entry| entry.plain_len).fold(0, u64::saturating_add);
    screen.begins(Phase::Checking);
    let check = watched(screen, deadline, total, move |watch| {
        let catalogue = Catalogue::new(&keys, &names, &folder);
        Ok(catalogue.check(&source, &filter, &mut |progress| watch.report(progress))?)
    })
    .await?;
    show(screen, &check);
    Ok(match failure(&check) {
        None => screen.done(&document(&check)),
        Some(failure) => screen.ended(&failure, &document(&check)),
    })
}

/// Why the command does not end with 0.
fn failure(check: &CheckReport) -> Option<Failure> {
    let differ = check.failed.len() + check.missing.len() + check.extra.len() + check.foreign.len();
    let files = count(differ, "file or folder", "files or folders");
    Some(match verdict(check) {
        Exit::Done => return None,
        Exit::DataAtRisk => data_at_risk("something is damaged or does not open, as named above"),
        Exit::Differs => differs(format!("{files} differ, as named above"))
            .remedy("let the task run again, then check again"),
        _ if check.passed() => incomplete("nothing was proven, since no file was compared")
            .remedy("see whether the disk is mounted, and whether they are the right folders"),
        _ => incomplete(format!("of {files} not all could be read and compared, as named above"))
            .remedy("put right what is named, then check again"),
    })
}

/// The worst of what was found.
fn verdict(check: &CheckReport) -> Exit {
    let is_another =
        |error: &Error| matches!(error.kind(), ErrorKind::Differs { .. } | ErrorKind::SamePath { .. });
    let mut failed = check.failed.iter().map(|(_, error)| error);
    match check {
        // Two empty folders prove nothing: a disk that is not mounted looks like one.
        check if check.passed() && check.same + check.empty == 0 => Exit::Incomplete,
        check if check.passed() => Exit::Done,
        _ if failed.clone().any(|error| error.is_content_error() && !is_another(error)) => Exit::DataAtRisk,
        _ if failed.all(is_another) => Exit::Differs,
        _ => Exit::Incomplete,
    }
}

fn includes(filter: &Filter, path: &Path) -> bool {
    let name = local_name::encode(path.as_os_str().as_encoded_bytes());
    filter.includes(&String::from_utf8_lossy(&name))
}

fn show(screen: &Screen, check: &CheckReport) {
    for (path, error) in &check.failed {
        finding(screen, BAD, "FAIL", &format!("{}: {}", shown(path), reason(error)));
    }
    for Skipped { path, what, .. } in &check.skipped {
        finding(
            screen,
            QUIET,
            "note",
            &format!("{}: {what} in the source, which no backup has", shown(path)),
        );
    }
    let lists = [
        (&check.missing, "missing from the encrypted folder"),
        (&check.extra, "not in the source"),
        (&check.foreign, "no file of this remote"),
    ];
    for (paths, what) in lists {
        for path in paths {
            finding(screen, CHANGED, "?   ", &format!("{}: {what}", shown(path)));
        }
    }
    let same = format!("{}, {}", count(check.same, "file", "files"), bytes(check.bytes));
    let (style, word) = if check.passed() { (GOOD, "Proven: ") } else { (STRONG, "The same: ") };
    if verdict(check) == Exit::Incomplete && check.passed() {
        let why =
            if check.left_out == 0 { "neither folder holds a file." } else { "every file is excluded." };
        screen.say(Line::new().styled(CHANGED, "Nothing was compared: ").plain(why));
        return;
    }
    screen.say(Line::new().styled(style, word).plain(format!("{same}, opened and equal to the source.")));
    if check.empty > 0 {
        let empty = count(check.empty, "file is", "files are");
        screen.say(Line::new().styled(QUIET, format!("{empty} empty, of which nothing can be proven.")));
    }
    if check.left_out > 0 {
        let left_out = count(check.left_out, "file is", "files are");
        screen.say(Line::new().styled(QUIET, format!("{left_out} left out on purpose.")));
    }
}

document! {
    /// What `dtc crypt check` prints.
    pub(crate) struct Checked {
        /// Whether everything that was compared is the same, and nothing is missing or too much.
        passed: bool,
        /// How it was compared: by content, every byte.
        proof: &'static str,
        /// How many files are the same.
        same: usize,
        /// How many bytes they hold.
        bytes: u64,
        /// How many of them are empty, of which nothing can be proven.
        empty: usize,
        /// How many files the patterns left out.
        left_out: usize,
        /// What differs, does not open, or could not be read.
        failed: Vec<FailedPath>,
        /// What is in the source and not in the folder.
        missing: Vec<ExactPath>,
        /// What is in the folder and not in the source.
        extra: Vec<ExactPath>,
        /// Files that are none of this remote's.
        foreign: Vec<ExactPath>,
        /// What is in the source and no backup has.
        skipped: Vec<SkippedPath>,
    }
}

document! {
    /// What is not as its source.
    pub(crate) struct FailedPath {
        /// The path.
        path: ExactPath,
        /// Whether it opens, and is another than its source.
        opens: bool,
        /// What is wrong.
        reason: String,
    }
}

fn document(check: &CheckReport) -> Checked {
    let failed = |(path, error): &(PathBuf, rclone_crypt::Error)| FailedPath {
        path: exact(path),
        opens: matches!(error.kind(), ErrorKind::Differs { .. } | ErrorKind::SamePath { .. }),
        reason: reason(error),
    };
    Checked {
        passed: check.passed(),
        proof: "content",
        same: check.same,
        bytes: check.bytes,
        empty: check.empty,
        left_out: check.left_out,
        failed: check.failed.iter().map(failed).collect(),
        missing: listed(&check.missing),
        extra: listed(&check.extra),
        foreign: listed(&check.foreign),
        skipped: skipped(&check.skipped),
    }
}
