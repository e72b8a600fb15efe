//! `dtc crypt restore`: an encrypted folder, decrypted; with a source, the restore test (Y3).

use std::path::{Path, PathBuf};

use clap::Args;
use rclone_crypt::{Catalogue, Listing, RestoreTestReport, WriteReport};
use serde_json::json;

use super::check::{finding, listed};
use super::remote::Remote;
use super::work::watched;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, STRONG, Screen};
use crate::view::{bytes, count};

/// Decrypt an encrypted folder into an empty one; with --compare, compare what came back with the source.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder that the remote encrypts into, or a download of it.
    folder: PathBuf,
    /// Where to write the plain files: a folder that is empty, or not there yet.
    target: PathBuf,
    /// Compare what came back with this source, byte for byte.
    #[arg(long, value_name = "SOURCE")]
    compare: Option<PathBuf>,
    #[command(flatten)]
    remote: Remote,
}

/// Restores, and compares if there is something to compare with.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    refuse_unless_empty(&arguments.target)?;
    let keys = arguments.remote.keys(screen)?;
    let names = arguments.remote.names_under(&keys);
    let Arguments { folder, target, compare, .. } = arguments;
    let listing = Listing::of(&names, &folder)?;
    let plain: u64 = listing.entries.iter().map(|entry| entry.plain_len).sum();
    let Some(source) = compare else {
        let update = watched(screen, plain, move |watch| {
            Ok(Catalogue::new(&keys, &names, &folder)
                .restore_to(&target, &mut |progress| watch.report(progress))?)
        })
        .await?;
        return Ok(restored(screen, &update));
    };
    let test = watched(screen, plain.saturating_mul(2), move |watch| {
        let catalogue = Catalogue::new(&keys, &names, &folder);
        Ok(catalogue.restore_test(&source, &target, &mut |progress| watch.report(progress))?)
    })
    .await?;
    Ok(compared(screen, &test, plain, &listing.foreign))
}

fn refuse_unless_empty(target: &Path) -> Result<(), Failure> {
    let Ok(mut entries) = std::fs::read_dir(target) else { return Ok(()) };
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Failure::usage(format!("{} is not empty", target.display()))
            .remedy("name a folder that is empty, or not there yet")),
    }
}

fn restored(screen: &Screen, update: &WriteReport) -> Exit {
    for path in &update.foreign {
        finding(screen, CHANGED, "?   ", &format!("{}: no file of this remote, left out", path.display()));
    }
    let what = format!("{}, {}.", count(update.written, "file", "files"), bytes(update.bytes));
    screen.say(Line::new().styled(GOOD, "Restored: ").plain(what));
    let value = json!({
        "restored": update.written, "bytes": update.bytes, "foreign": listed(&update.foreign),
    });
    screen.result(&value);
    if update.written == 0 && !update.foreign.is_empty() { Exit::Error } else { Exit::Done }
}

fn compared(screen: &Screen, test: &RestoreTestReport, plain: u64, foreign: &[PathBuf]) -> Exit {
    let lists = [
        (&test.different[..], BAD, "FAIL", "came back with another content"),
        (&test.missing[..], BAD, "FAIL", "did not come back"),
        (&test.extra[..], CHANGED, "?   ", "came back, and is not in the source"),
        (foreign, CHANGED, "?   ", "no file of this remote, left out"),
    ];
    for (paths, style, mark, what) in lists {
        for path in paths {
            finding(screen, style, mark, &format!("{}: {what}", path.display()));
        }
    }
    let what = format!("{} came back as in the source", count(test.same, "file", "files"));
    if test.passed() {
        let all = format!("all {what}, {}.", bytes(plain));
        screen.say(Line::new().styled(GOOD, "Restore test passed: ").plain(all));
    } else {
        screen.say(Line::new().styled(STRONG, "Restore test failed: ").plain(format!("{what}.")));
    }
    screen.result(&json!({
        "passed": test.passed(),
        "same": test.same,
        "bytes": plain,
        "different": listed(&test.different),
        "missing": listed(&test.missing),
        "extra": listed(&test.extra),
        "foreign": listed(foreign),
    }));
    if test.passed() { Exit::Done } else { Exit::Error }
}
