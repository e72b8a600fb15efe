//! `dtc crypt restore`: an encrypted folder, decrypted; with a source, the restore test (Y3).

use std::path::PathBuf;

use clap::Args;
use rclone_crypt::{Catalogue, Failed, Listing, Renamed, RestoreTestReport, Skipped, WriteReport};

use super::endings::{data_at_risk, differs, foreign_only, incomplete};
use super::findings::{SkippedPath, finding, listed, reason, skipped};
use super::given;
use super::remedy::remedies;
use super::remote::Remote;
use super::work::watched;
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, QUIET, STRONG, Screen};
use crate::view::{ExactPath, bytes, count, exact, shown};

/// Decrypt an encrypted folder into another one; with --compare, compare what came back with the source.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing in TARGET is replaced, and a file that cannot be restored does not hold up the others. After an interruption, or what can be \
    put right, such as a full disk, it goes on when it is run again. \
    Ends with 0 if everything came back, with 2 if it differs from SOURCE, with 6 if something is damaged or does not open, \
    and with 7 if something could not be restored for another reason."
)]
pub(crate) struct Arguments {
    /// The folder that the remote encrypts into, or a download of it.
    folder: PathBuf,
    /// Where to write the plain files; it is made if it is not there.
    target: PathBuf,
    /// Compare what came back with this source, byte for byte.
    #[arg(long, value_name = "SOURCE")]
    compare: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

/// Restores, and compares if there is something to compare with.
pub(super) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    given::folder(&arguments.folder)?;
    given::target(&arguments.target)?;
    arguments.compare.as_deref().map(given::folder).transpose()?;
    let keys = deadline.bound(arguments.remote.keys(deadline, screen)).await?;
    let names = arguments.remote.names_under(&keys);
    let Arguments { folder, target, compare, .. } = arguments;
    screen.begins(Phase::Listing);
    let lengths = Listing::of(&names, &folder)?.entries.into_iter().map(|entry| entry.plain_len);
    let plain = lengths.fold(0, u64::saturating_add);
    screen.begins(Phase::Restoring);
    let Some(source) = compare else {
        let report = watched(screen, deadline, plain, move |watch| {
            Ok(Catalogue::new(&keys, &names, &folder)
                .restore_to(&target, &mut |progress| watch.report(progress))?)
        })
        .await?;
        return Ok(restored(screen, &report));
    };
    let test = watched(screen, deadline, plain.saturating_mul(2), move |watch| {
        let catalogue = Catalogue::new(&keys, &names, &folder);
        Ok(catalogue.restore_test(&source, &target, &mut |progress| watch.report(progress))?)
    })
    .await?;
    Ok(compared(screen, &test, plain))
}

/// The worst of what a report says; `Done` only if every file came back.
fn verdict(report: &WriteReport) -> Exit {
    let nothing = report.written + report.unchanged == 0;
    match report {
        report if report.data_at_risk() => Exit::DataAtRisk,
        // An empty folder gives nothing back: a disk that is not mounted looks like one.
        report if report.is_complete() && nothing => Exit::Incomplete,
        report if report.is_complete() => Exit::Done,
        report if nothing && report.failed.is_empty() && !report.foreign.is_empty() => Exit::Error,
        _ => Exit::Incomplete,
    }
}

fn restored(screen: &Screen, report: &WriteReport) -> Exit {
    show(screen, report);
    match failure(report) {
        None => screen.done(&document(report)),
        Some(failure) => screen.ended(&failure, &document(report)),
    }
}

/// What a restore did, for people.
pub(crate) fn show(screen: &Screen, report: &WriteReport) {
    show_left_out(screen, report);
    let what = format!("{}, {}.", count(report.written, "file", "files"), bytes(report.bytes));
    let (style, word) = match verdict(report) {
        Exit::Done => (GOOD, "Restored: "),
        _ if report.written + report.unchanged == 0 => (CHANGED, "Nothing was restored: "),
        _ => (STRONG, "Restored in part: "),
    };
    screen.say(Line::new().styled(style, word).plain(what));
    if report.unchanged > 0 {
        let there = count(report.unchanged, "file was", "files were");
        screen.say(Line::new().styled(QUIET, format!("{there} there already.")));
    }
}

/// Why a restore does not end with 0, and what to do about it.
pub(crate) fn failure(report: &WriteReport) -> Option<Failure> {
    let failures = count(report.failed.len(), "file or folder", "files or folders");
    let left_out = report.foreign.len() + report.skipped.len();
    Some(match verdict(report) {
        Exit::Done => return None,
        Exit::DataAtRisk => {
            let what = format!(
                "{failures} could not be restored, as named above, and some are damaged or do not open"
            );
            data_at_risk(what).remedy(remedies(&report.failed))
        }
        Exit::Error => foreign_only(),
        _ if !report.failed.is_empty() => {
            let what = format!("{failures} could not be restored, as named above");
            incomplete(what).remedy(remedies(&report.failed))
        }
        _ if left_out > 0 => {
            let what = count(left_out, "file or link was", "files or links were");
            incomplete(format!("{what} left out, as named above: rclone stores none like these for this remote"))
                .remedy("look at what is named; if files of the backup are among them, check --names, the password and the salt")
        }
        _ => incomplete("the folder holds no file")
            .remedy("see whether the disk is mounted, and whether it is the right folder"),
    })
}

/// What was not restored, or not under its own name.
fn show_left_out(screen: &Screen, report: &WriteReport) {
    for Failed { stored, plain, error, .. } in &report.failed {
        let style = if error.is_content_error() { BAD } else { CHANGED };
        let text = format!("{} (stored as {}): {}", shown(plain), shown(stored), reason(error));
        finding(screen, style, "FAIL", &text);
    }
    for path in &report.foreign {
        finding(screen, CHANGED, "?   ", &format!("{}: no file of this remote, left out", shown(path)));
    }
    for Skipped { path, what, .. } in &report.skipped {
        finding(screen, CHANGED, "?   ", &format!("{}: {what}, left out", shown(path)));
    }
    for Renamed { plain, written, .. } in &report.renamed {
        let text = format!("{}: restored as {}", shown(plain), shown(written));
        finding(screen, CHANGED, "name", &text);
    }
}

document! {
    /// What `dtc crypt restore` prints.
    pub(crate) struct RestoreResult {
        /// Whether every file came back.
        complete: bool,
        /// How many files were written.
        restored: usize,
        /// How many were there already, as they should be.
        unchanged: usize,
        /// How many bytes: of those that were written; with `--compare`, of all files.
        bytes: u64,
        /// What could not be restored.
        failed: Vec<FailedFile>,
        /// Files that are none of this remote's.
        foreign: Vec<ExactPath>,
        /// What is no file.
        skipped: Vec<SkippedPath>,
        /// What was restored under another name than its own.
        renamed: Vec<RenamedFile>,
    }
}

document! {
    /// A file or a folder that could not be restored.
    pub(crate) struct FailedFile {
        /// Its plain path.
        plain: ExactPath,
        /// What it is stored as.
        stored: ExactPath,
        /// Whether it is damaged or does not open.
        data_at_risk: bool,
        /// What is wrong.
        reason: String,
    }
}

document! {
    /// A file whose own name cannot be written here.
    pub(crate) struct RenamedFile {
        /// Its plain path.
        plain: ExactPath,
        /// Where it was written.
        written: ExactPath,
    }
}

document! {
    /// What `dtc crypt restore --compare` prints.
    pub(crate) struct Compared {
        /// What was restored.
        #[serde(flatten)]
        restored: RestoreResult,
        /// Whether everything came back as in the source.
        passed: bool,
        /// How many files are as in the source.
        same: usize,
        /// What came back with another content.
        different: Vec<ExactPath>,
        /// What did not come back.
        missing: Vec<ExactPath>,
        /// What came back and is not in the source.
        extra: Vec<ExactPath>,
        /// What is in the source and no backup has.
        skipped_in_source: Vec<SkippedPath>,
    }
}

/// What a restore did, for scripts.
pub(crate) fn document(report: &WriteReport) -> RestoreResult {
    let failed = |failed: &Failed| FailedFile {
        plain: exact(&failed.plain),
        stored: exact(&failed.stored),
        data_at_risk: failed.error.is_content_error(),
        reason: reason(&failed.error),
    };
    let renamed =
        |renamed: &Renamed| RenamedFile { plain: exact(&renamed.plain), written: exact(&renamed.written) };
    RestoreResult {
        complete: report.is_complete(),
        restored: report.written,
        unchanged: report.unchanged,
        bytes: report.bytes,
        failed: report.failed.iter().map(failed).collect(),
        foreign: listed(&report.foreign),
        skipped: skipped(&report.skipped),
        renamed: report.renamed.iter().map(renamed).collect(),
    }
}

fn compared(screen: &Screen, test: &RestoreTestReport, plain: u64) -> Exit {
    show_compared(screen, test, plain);
    let document = compared_document(test, plain);
    match failure_of_test(test) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    }
}

/// How what came back compares with the source, for people.
pub(crate) fn show_compared(screen: &Screen, test: &RestoreTestReport, plain: u64) {
    show_left_out(screen, &test.restored);
    let lists = [
        (&test.different, BAD, "FAIL", "came back with another content"),
        (&test.missing, BAD, "FAIL", "did not come back"),
        (&test.extra, CHANGED, "?   ", "came back, and is not in the source"),
    ];
    for (paths, style, mark, what) in lists {
        for path in paths {
            finding(screen, style, mark, &format!("{}: {what}", shown(path)));
        }
    }
    for Skipped { path, what, .. } in &test.skipped {
        finding(
            screen,
            QUIET,
            "note",
            &format!("{}: {what} in the source, which no backup has", shown(path)),
        );
    }
    let what = format!("{} came back as in the source", count(test.same, "file", "files"));
    if test.passed() {
        let all = format!("all {what}, {}.", bytes(plain));
        screen.say(Line::new().styled(GOOD, "Restore test passed: ").plain(all));
    } else {
        screen.say(Line::new().styled(STRONG, "Restore test failed: ").plain(format!("{what}.")));
    }
}

/// The same for scripts.
pub(crate) fn compared_document(test: &RestoreTestReport, plain: u64) -> Compared {
    Compared {
        restored: RestoreResult { bytes: plain, ..document(&test.restored) },
        passed: test.passed(),
        same: test.same,
        different: listed(&test.different),
        missing: listed(&test.missing),
        extra: listed(&test.extra),
        skipped_in_source: skipped(&test.skipped),
    }
}

/// The worst of what could not be restored and of what came back as another.
pub(crate) fn failure_of_test(test: &RestoreTestReport) -> Option<Failure> {
    let differ = test.different.len() + test.missing.len() + test.extra.len();
    match failure(&test.restored) {
        Some(failure) if matches!(failure.exit, Exit::DataAtRisk | Exit::Error) || differ == 0 => {
            Some(failure)
        }
        None if differ == 0 => None,
        _ => {
            let files = count(differ, "file is", "files are");
            let what = format!("{files} not as in the source, as named above");
            let why = "see whether the source has changed since the backup; if it has not, keep both and find out what wrote the object";
            Some(differs(what).remedy(why))
        }
    }
}
