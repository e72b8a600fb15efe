//! `dtc crypt check`: an encrypted folder and its source.

use std::path::{Path, PathBuf};

use anstyle::Style;
use clap::Args;
use rclone_crypt::{
    Catalogue, CheckReport, Error, ErrorKind, Filter, FilterAction, Listing, Skipped, local_name,
};
use serde_json::{Value, json};

use super::remote::Remote;
use super::restore::skipped;
use super::work::watched;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, QUIET, STRONG, Screen};
use crate::view::{bytes, count};

/// Compare an encrypted folder with its source, every byte of it; writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Ends with 0 if all is the same, with 2 if something differs or is missing, \
    with 6 if something is damaged or does not open, and with 7 if something could not be read.")]
pub(crate) struct Arguments {
    /// What was encrypted.
    source: PathBuf,
    /// The folder that the remote encrypts into, or a download of it.
    folder: PathBuf,
    /// What the task leaves out, such as /Archive/**; may be given again.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    #[command(flatten)]
    remote: Remote,
}

/// Decrypts everything and compares it.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let mut filter = Filter::default();
    for pattern in &arguments.exclude {
        filter.add(FilterAction::Exclude, pattern)?;
    }
    let keys = arguments.remote.keys(screen)?;
    let names = arguments.remote.names_under(&keys);
    let Arguments { source, folder, .. } = arguments;
    let total = Listing::of(&names, &folder)?.entries.iter().map(|entry| entry.plain_len).sum();
    let mut check = watched(screen, total, move |watch| {
        Ok(Catalogue::new(&keys, &names, &folder).check(&source, &mut |progress| watch.report(progress))?)
    })
    .await?;
    let expected = check.missing.len();
    check.missing.retain(|path| includes(&filter, path));
    let left_out = expected - check.missing.len();
    show(screen, &check, left_out);
    Ok(screen.result(verdict(&check), &json(&check, left_out)))
}

/// The worst of what was found.
fn verdict(check: &CheckReport) -> Exit {
    let differs = |error: &Error| matches!(error.kind(), ErrorKind::Differs { .. });
    let mut failed = check.failed.iter().map(|(_, error)| error);
    match check {
        // Two empty folders prove nothing: a disk that is not mounted looks like one.
        check if check.passed() && check.same + check.empty == 0 => Exit::Incomplete,
        check if check.passed() => Exit::Done,
        _ if failed.clone().any(|error| error.is_content_error() && !differs(error)) => Exit::DataAtRisk,
        _ if failed.all(differs) => Exit::Differs,
        _ => Exit::Incomplete,
    }
}

/// An error, and what is beneath it.
pub(super) fn reason(error: &Error) -> String {
    let beneath = std::iter::successors(std::error::Error::source(error), |&cause| cause.source());
    beneath.fold(error.to_string(), |reason, cause| format!("{reason}: {cause}"))
}

fn includes(filter: &Filter, path: &Path) -> bool {
    let name = local_name::encode(path.as_os_str().as_encoded_bytes());
    filter.includes(&String::from_utf8_lossy(&name))
}

fn show(screen: &Screen, check: &CheckReport, left_out: usize) {
    for (path, error) in &check.failed {
        finding(screen, BAD, "FAIL", &format!("{}: {}", path.display(), reason(error)));
    }
    for Skipped { path, what, .. } in &check.skipped {
        finding(
            screen,
            QUIET,
            "note",
            &format!("{}: {what} in the source, which no backup has", path.display()),
        );
    }
    let lists = [
        (&check.missing, "missing from the encrypted folder"),
        (&check.extra, "not in the source"),
        (&check.foreign, "no file of this remote"),
    ];
    for (paths, what) in lists {
        for path in paths {
            finding(screen, CHANGED, "?   ", &format!("{}: {what}", path.display()));
        }
    }
    let same = format!("{}, {}", count(check.same, "file", "files"), bytes(check.bytes));
    let (style, word) = if check.passed() { (GOOD, "Proven: ") } else { (STRONG, "The same: ") };
    if verdict(check) == Exit::Incomplete && check.passed() {
        let empty = "neither folder holds a file. Is the disk mounted, and is it the right folder?";
        screen.say(Line::new().styled(CHANGED, "Nothing was compared: ").plain(empty));
        return;
    }
    screen.say(Line::new().styled(style, word).plain(format!("{same}, opened and equal to the source.")));
    if check.empty > 0 {
        let empty = count(check.empty, "file is", "files are");
        screen.say(Line::new().styled(QUIET, format!("{empty} empty, of which nothing can be proven.")));
    }
    if left_out > 0 {
        let left_out = count(left_out, "file is", "files are");
        screen.say(Line::new().styled(QUIET, format!("{left_out} left out on purpose.")));
    }
}

pub(super) fn finding(screen: &Screen, style: Style, mark: &str, text: &str) {
    screen.paragraph(Line::from("  ").styled(style, mark).plain(" "), 7, Style::new(), text);
}

pub(super) fn listed(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.to_string_lossy().into_owned()).collect()
}

fn json(check: &CheckReport, left_out: usize) -> Value {
    let failed = |(path, error): &(PathBuf, rclone_crypt::Error)| {
        let opens = matches!(error.kind(), ErrorKind::Differs { .. });
        json!({ "path": path.to_string_lossy(), "opens": opens, "reason": reason(error) })
    };
    json!({
        "passed": check.passed(),
        "proof": "content",
        "same": check.same,
        "bytes": check.bytes,
        "empty": check.empty,
        "left_out": left_out,
        "failed": check.failed.iter().map(failed).collect::<Vec<_>>(),
        "missing": listed(&check.missing),
        "extra": listed(&check.extra),
        "foreign": listed(&check.foreign),
        "skipped": skipped(&check.skipped),
    })
}
