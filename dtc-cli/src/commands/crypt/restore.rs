//! `dtc crypt restore`: an encrypted folder, decrypted; with a source, the restore test (Y3).

use std::path::PathBuf;

use clap::Args;
use rclone_crypt::{Catalogue, Failed, Listing, Renamed, RestoreTestReport, Skipped, WriteReport};
use serde_json::{Value, json};

use super::check::{finding, listed, reason};
use super::remote::Remote;
use super::work::watched;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, QUIET, STRONG, Screen};
use crate::view::{bytes, count};

/// Decrypt an encrypted folder into another one; with --compare, compare what came back with the source.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing in TARGET is replaced, and a file that cannot be restored does not hold up the others; run it again to go on. \
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
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let keys = arguments.remote.keys(screen)?;
    let names = arguments.remote.names_under(&keys);
    let Arguments { folder, target, compare, .. } = arguments;
    let plain: u64 = Listing::of(&names, &folder)?.entries.iter().map(|entry| entry.plain_len).sum();
    let Some(source) = compare else {
        let report = watched(screen, plain, move |watch| {
            Ok(Catalogue::new(&keys, &names, &folder)
                .restore_to(&target, &mut |progress| watch.report(progress))?)
        })
        .await?;
        return Ok(restored(screen, &report));
    };
    let test = watched(screen, plain.saturating_mul(2), move |watch| {
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
    show_left_out(screen, report);
    if report.is_complete() && verdict(report) == Exit::Incomplete {
        let empty = "the folder holds no file. Is the disk mounted, and is it the right folder?";
        screen.say(Line::new().styled(CHANGED, "Nothing was restored: ").plain(empty));
        return screen.result(Exit::Incomplete, &json(report));
    }
    let what = format!("{}, {}.", count(report.written, "file", "files"), bytes(report.bytes));
    let (style, word) =
        if report.is_complete() { (GOOD, "Restored: ") } else { (STRONG, "Restored in part: ") };
    screen.say(Line::new().styled(style, word).plain(what));
    if report.unchanged > 0 {
        let there = count(report.unchanged, "file was", "files were");
        screen.say(Line::new().styled(QUIET, format!("{there} there already.")));
    }
    if !report.failed.is_empty() {
        let failed = count(report.failed.len(), "failure", "failures");
        screen.say(Line::new().styled(STRONG, format!("{failed}, named above. ")).plain(GO_ON));
    }
    let exit = verdict(report);
    if exit == Exit::Error {
        screen.say(Line::new().styled(CHANGED, "Nothing was restored: ").plain(
            "no name is one of this remote. The password, the salt or --names is wrong, or it is another folder.",
        ));
    }
    screen.result(exit, &json(report))
}

const GO_ON: &str = "Run it again to go on: what is restored stays.";

/// What was not restored, or not under its own name.
fn show_left_out(screen: &Screen, report: &WriteReport) {
    for Failed { stored, plain, error, .. } in &report.failed {
        let style = if error.is_content_error() { BAD } else { CHANGED };
        let text = format!("{} (stored as {}): {}", plain.display(), stored.display(), reason(error));
        finding(screen, style, "FAIL", &text);
    }
    for path in &report.foreign {
        finding(screen, CHANGED, "?   ", &format!("{}: no file of this remote, left out", path.display()));
    }
    for Skipped { path, what, .. } in &report.skipped {
        finding(screen, CHANGED, "?   ", &format!("{}: {what}, left out", path.display()));
    }
    for Renamed { plain, written, .. } in &report.renamed {
        let text = format!("{}: restored as {}", plain.display(), written.display());
        finding(screen, CHANGED, "name", &text);
    }
}

fn json(report: &WriteReport) -> Value {
    let failed = |failed: &Failed| {
        json!({
            "plain": failed.plain.to_string_lossy(),
            "stored": failed.stored.to_string_lossy(),
            "data_at_risk": failed.error.is_content_error(),
            "reason": reason(&failed.error),
        })
    };
    let renamed = |renamed: &Renamed| json!({ "plain": renamed.plain.to_string_lossy(), "written": renamed.written.to_string_lossy() });
    json!({
        "complete": report.is_complete(),
        "restored": report.written,
        "unchanged": report.unchanged,
        "bytes": report.bytes,
        "failed": report.failed.iter().map(failed).collect::<Vec<_>>(),
        "foreign": listed(&report.foreign),
        "skipped": skipped(&report.skipped),
        "renamed": report.renamed.iter().map(renamed).collect::<Vec<_>>(),
    })
}

pub(super) fn skipped(skipped: &[Skipped]) -> Vec<Value> {
    let one = |skipped: &Skipped| json!({ "path": skipped.path.to_string_lossy(), "what": skipped.what });
    skipped.iter().map(one).collect()
}

fn compared(screen: &Screen, test: &RestoreTestReport, plain: u64) -> Exit {
    show_left_out(screen, &test.restored);
    let lists = [
        (&test.different, BAD, "FAIL", "came back with another content"),
        (&test.missing, BAD, "FAIL", "did not come back"),
        (&test.extra, CHANGED, "?   ", "came back, and is not in the source"),
    ];
    for (paths, style, mark, what) in lists {
        for path in paths {
            finding(screen, style, mark, &format!("{}: {what}", path.display()));
        }
    }
    for Skipped { path, what, .. } in &test.skipped {
        finding(
            screen,
            QUIET,
            "note",
            &format!("{}: {what} in the source, which no backup has", path.display()),
        );
    }
    let what = format!("{} came back as in the source", count(test.same, "file", "files"));
    if test.passed() {
        let all = format!("all {what}, {}.", bytes(plain));
        screen.say(Line::new().styled(GOOD, "Restore test passed: ").plain(all));
    } else {
        screen.say(Line::new().styled(STRONG, "Restore test failed: ").plain(format!("{what}.")));
    }
    let mut value = json(&test.restored);
    let compared = json!({
        "passed": test.passed(),
        "same": test.same,
        "bytes": plain,
        "different": listed(&test.different),
        "missing": listed(&test.missing),
        "extra": listed(&test.extra),
        "skipped_in_source": skipped(&test.skipped),
    });
    if let (Some(value), Value::Object(compared)) = (value.as_object_mut(), compared) {
        value.extend(compared);
    }
    let differs = [&test.different, &test.missing, &test.extra].iter().any(|paths| !paths.is_empty());
    let exit = match verdict(&test.restored) {
        worse @ (Exit::DataAtRisk | Exit::Error) => worse,
        _ if differs => Exit::Differs,
        other => other,
    };
    screen.result(exit, &value)
}
