//! `dtc restore get`: files, decrypted into a folder.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;
use dtc_adapters::files::{check_new, write_new};
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::jiff::Timestamp;
use dtc_provision::restore::{
    self, FailedFile, Failure as Why, Foreseen, GetOptions, GetReport, Progress, Tree,
};
use indicatif::{ProgressBar, ProgressStyle};

use super::backup::Backup;
use super::endings::{data_at_risk, incomplete, nothing, too_long_ago, unlisted};
use super::selected::Selected;
use crate::commands::crypt::findings::finding;
use crate::commands::crypt::work::Counted;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, QUIET, STRONG, Screen};
use crate::view::{bytes, count};

/// Fetch files of a backup, and decrypt them into a folder.
#[derive(Debug, Args)]
#[command(
    after_help = "Files have the paths below FOLDER that they have in their pool; of several pools, each has a folder of its own. Nothing in FOLDER is \
    replaced, no link in it is followed, and a file appears under its name when it is complete. After an interruption, or what can be put right, \
    such as a full disk, the same command goes on: it fetches nothing again that is complete and equal, nor what is there of a large file. \
    Ends with 0 if everything is there, with 6 if something does not open, and with 7 if something could not be restored for another reason."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    selected: Selected,
    /// The folder to restore into; it is made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Only say what would be done: how many files and bytes, and how long that takes at least over the line that the site file states.
    #[arg(long)]
    dry_run: bool,
    /// Compare files that are there already by their content too, not by length and time alone.
    #[arg(long)]
    verify: bool,
    /// How many connections to fetch over at a time, at most 64; a large file takes several.
    #[arg(long, value_name = "CONNECTIONS", default_value = "8", value_parser = parallel)]
    parallel: NonZeroUsize,
    /// Also write the closing report, as JSON, to this new file.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    backup: Backup,
}

document! {
    /// What `dtc restore get` prints, and what `--report` keeps.
    pub(crate) struct Restored<'a> {
        /// The moment that was given with `--at`.
        as_of: Option<Timestamp>,
        /// Whether every file is there.
        complete: bool,
        /// What was done.
        #[serde(flatten)]
        report: &'a GetReport,
    }
}

document! {
    /// What `dtc restore get --dry-run` prints.
    pub(crate) struct WouldRestore {
        /// Always true.
        dry_run: bool,
        /// The moment that was given with `--at`.
        as_of: Option<Timestamp>,
        /// How many files would be fetched.
        files: u64,
        /// How many bytes are missing of them.
        bytes: u64,
        /// How many bytes are fetched for those.
        stored_bytes: u64,
        /// How many bytes of large files an earlier run has written, as its notes say.
        begun: u64,
        /// How many seconds that takes at least over the site's line; null where no site file says how wide that is.
        seconds_at_least: Option<u64>,
        /// How many files are there already, by length and time.
        there: u64,
        /// How many are there with another time, and would be compared.
        compared: u64,
        /// How many would not be restored, since something else is there.
        occupied: u64,
    }
}

fn parallel(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse::<NonZeroUsize>().ok().filter(|number| number.get() <= 64);
    number.ok_or_else(|| "give a number from 1 to 64".to_owned())
}

/// Restores, or says what it would restore.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    if let Some(path) = &arguments.report {
        check_new(path).map_err(dtc_adapters::Error::from)?;
    }
    let opened = arguments.backup.open(screen).await?;
    let tree = arguments.selected.tree(&opened.source, screen).await?;
    let mut options = GetOptions::new(&arguments.to);
    (options.parallel, options.verify) = (arguments.parallel, arguments.verify);
    let foreseen = restore::foresee(&tree, &options)?;
    if arguments.dry_run {
        return Ok(would(screen, &tree, &foreseen, opened.line));
    }
    screen.begins(Phase::Restoring);
    let whole = foreseen.bytes.saturating_add(foreseen.begun);
    let (bar, counted) = (bar(screen, whole), Counted::new(screen, whole));
    let shown = |progress: Progress<'_>| {
        if let Progress::Received(count) = progress {
            if let Some(bar) = &bar {
                bar.inc(count);
            }
            if let Some(counted) = &counted {
                counted.add(count);
            }
        }
    };
    let report = restore::get(&opened.source, &tree, &options, &shown).await?;
    bar.inspect(ProgressBar::finish_and_clear);
    let document = Restored { as_of: tree.at, complete: report.is_complete(), report: &report };
    let kept = arguments.report.as_deref().map_or(Ok(()), |path| keep(path, &document));
    Ok(restored(screen, &tree, &document, kept.err()))
}

/// Keeps the report in a new file.
fn keep(path: &Path, document: &Restored<'_>) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|error| Failure::error("cannot write the report").caused_by(error))?;
    Ok(write_new(path, &format!("{text}\n")).map_err(dtc_adapters::Error::from)?)
}

fn bar(screen: &Screen, bytes: u64) -> Option<ProgressBar> {
    let template = "  {bar:24} {percent:>3} %  {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    screen.on_terminal().then(|| {
        let bar = screen.bars().add(ProgressBar::new(bytes));
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar
    })
}

/// What would be restored, and how long that takes on the client's line at least.
fn would(screen: &Screen, tree: &Tree, foreseen: &Foreseen, line: Option<MegabitsPerSecond>) -> Exit {
    let files = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX), "file", "files");
    let what = format!("{}, {}.", files(foreseen.files), bytes(foreseen.bytes));
    screen.say(Line::new().styled(STRONG, "Would restore: ").plain(what));
    let seconds = line.map(|line| foreseen.stored_bytes / line.percent(100).get().max(1));
    if let Some(seconds) = seconds {
        let least = format!("At least {} over a line of this site's width.", duration(seconds));
        screen.say(Line::new().styled(QUIET, least));
    }
    if foreseen.begun > 0 {
        let begun = format!("An earlier run has written {} more of them.", bytes(foreseen.begun));
        screen.say(Line::new().styled(QUIET, begun));
    }
    for (number, what) in [
        (foreseen.there, "there already, by length and time"),
        (foreseen.compared, "there with another time, to be compared"),
        (foreseen.occupied, "not restored: something else is there under the path"),
    ] {
        if number > 0 {
            screen.say(Line::new().styled(QUIET, format!("{} {what}.", files(number))));
        }
    }
    let document = WouldRestore {
        dry_run: true,
        as_of: tree.at,
        files: foreseen.files,
        bytes: foreseen.bytes,
        stored_bytes: foreseen.stored_bytes,
        begun: foreseen.begun,
        seconds_at_least: seconds,
        there: foreseen.there,
        compared: foreseen.compared,
        occupied: foreseen.occupied,
    };
    match unlisted(tree) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    }
}

fn duration(seconds: u64) -> String {
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Says what was restored, and what was not; and that the report could not be kept, if so.
fn restored(screen: &Screen, tree: &Tree, document: &Restored<'_>, unkept: Option<Failure>) -> Exit {
    let report = document.report;
    for failed in &report.failed {
        show_failed(screen, failed);
    }
    for renamed in &report.renamed {
        finding(
            screen,
            CHANGED,
            "name",
            &format!("{}: restored as {}", seen(&renamed.path), seen(&renamed.written)),
        );
    }
    for object in &report.foreign {
        finding(screen, CHANGED, "?   ", &format!("{}: no object of the backup, left out", seen(object)));
    }
    let failure = failure(tree, report);
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let what = format!("{}, {}.", count(number(report.written), "file", "files"), bytes(report.bytes));
    let (style, word) = match &failure {
        None => (GOOD, "Restored: "),
        Some(_) if report.written + report.unchanged == 0 => (CHANGED, "Nothing was restored: "),
        Some(_) => (STRONG, "Restored in part: "),
    };
    screen.say(Line::new().styled(style, word).plain(what));
    if report.unchanged > 0 {
        let there = count(number(report.unchanged), "file was", "files were");
        screen.say(Line::new().styled(QUIET, format!("{there} there already.")));
    }
    match (failure, unkept) {
        (None, None) => screen.done(document),
        (Some(failure), None) | (None, Some(failure)) => screen.ended(&failure, document),
        (Some(mut failure), Some(unkept)) => {
            failure.also = vec![unkept.sentence].into();
            screen.ended(&failure, document)
        }
    }
}

fn show_failed(screen: &Screen, failed: &FailedFile) {
    let style = if failed.failure == Why::DataAtRisk { BAD } else { CHANGED };
    let older = match &failed.older {
        Some(older) => format!("; the version of {} opens (--at {})", older.uploaded, older.uploaded),
        None if matches!(failed.failure, Why::DataAtRisk | Why::Damaged) => {
            "; no older version opens".to_owned()
        }
        None => String::new(),
    };
    let (path, version) = (seen(&failed.path), failed.version.as_str());
    finding(screen, style, "FAIL", &format!("{path} (version {version}): {}{older}", failed.reason));
}

fn seen(text: &str) -> String {
    safe_text::visible(text).into_owned()
}

/// Why a restore does not end with 0, and what to do about it.
fn failure(tree: &Tree, report: &GetReport) -> Option<Failure> {
    let failures = count(report.failed.len(), "file", "files");
    if report.failed.iter().any(|failed| failed.failure == Why::DataAtRisk) {
        let what = format!("{failures} could not be restored, as named above, and some do not open");
        return Some(data_at_risk(what).remedy(
            "restore those as of the moment of their older versions, with --at and into another folder, and find out what wrote them",
        ));
    }
    if !report.failed.is_empty() {
        return Some(incomplete(format!("{failures} could not be restored, as named above")).remedy(
            "put right what is named, then run the same command again: it goes on where it stopped",
        ));
    }
    if report.written + report.unchanged == 0 {
        return Some(nothing(tree));
    }
    unlisted(tree).or_else(|| report.complete_since.map(too_long_ago))
}
