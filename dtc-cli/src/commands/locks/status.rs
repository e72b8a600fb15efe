//! `dtc locks status`.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{SiteFile, SystemClock, connect_views};
use dtc_provision::jiff::Timestamp;
use dtc_provision::locks::{self, FolderLocks, Forecast, LockStatus, LockTerms};
use dtc_provision::ports::Clock as _;

use super::terms::Terms;
use crate::counting::Counting;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, CHANGED, GOOD, Line, STRONG, Screen};
use crate::view;

/// What a look ends with that has found locks to extend.
const DUE: &str = "DTC-LOCKS-DUE";

/// List until when the current versions in the location's bucket are locked, and what keeping them locked would cost. Writes nothing.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
    #[command(flatten)]
    terms: Terms,
}

document! {
    /// What `dtc locks status` prints.
    pub(crate) struct LocksFound<'a> {
        /// The bucket.
        bucket: &'a str,
        /// When it was looked.
        now: Timestamp,
        /// Days of the bucket's default retention of new versions; null where there is none.
        retention_days: Option<u32>,
        /// So many days each current version is to stay locked.
        keep_days: u32,
        /// To so many days from now a lock is extended.
        extend_days: u32,
        /// Whether each current version is locked for as long.
        kept: bool,
        /// The locks, folder by folder.
        folders: &'a [FolderLocks],
        /// What extending the locks that are due costs.
        forecast: Forecast,
        /// Rows of the listing that are not understood, at most twenty: they may be versions too.
        not_understood: &'a [String],
        /// How many there are.
        not_understood_rows: u64,
    }
}

/// Looks.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let terms = arguments.terms.terms(u64::MAX)?;
    let file = SiteFile::read(&arguments.site)?;
    let connections = file.connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    screen.begins(Phase::Connecting);
    let views = connect_views(&connections, file.waits).await.map_err(|error| at_site(error.into()))?;
    screen.begins(Phase::Observing);
    let listed = Counting::of(screen, "current versions listed");
    let found =
        locks::status(&file.site, &views, terms, SystemClock.now(), &|at| listed.set(at.listed)).await;
    drop(listed);
    let found = found.map_err(|error| at_site(error.into()))?;
    show(screen, &found);
    let LockStatus { now, folders, not_understood, not_understood_rows, .. } = &found;
    let document = LocksFound {
        bucket: found.bucket().name.as_str(),
        now: *now,
        retention_days: found.bucket().retention.map(|retention| retention.days),
        keep_days: terms.keep_days(),
        extend_days: terms.extend_days(),
        kept: found.is_kept(),
        folders,
        forecast: found.forecast(),
        not_understood,
        not_understood_rows: *not_understood_rows,
    };
    let total = found.total();
    if total.due > 0 {
        screen.say(format!("Ends with 2 ({DUE}): dtc locks extend, with consent, every night."));
        return Ok(screen.pending(DUE, &document));
    }
    Ok(match unknown(&found) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    })
}

/// Shows the locks, folder by folder, and the forecast.
pub(super) fn show(screen: &Screen, found: &LockStatus) {
    let (bucket, total) = (found.bucket(), found.total());
    let retention = bucket.retention.map_or_else(|| "none".to_owned(), |retention| retention.to_string());
    screen.say(Line::new().styled(STRONG, format!("Locks in {}", bucket.name)));
    screen.say(format!("Default retention of new versions: {retention}"));
    screen.say("");
    for folder in &found.folders {
        show_folder(screen, folder, found.terms);
    }
    if found.folders.is_empty() {
        screen.say("The bucket holds no current version.");
    }
    if found.not_understood_rows > 0 {
        let text = format!("{} rows of the listing are not understood", found.not_understood_rows);
        screen.say(Line::new().styled(CHANGED, text));
    }
    if total.due > 0 {
        let forecast = found.forecast();
        let (calls, size) = (forecast.locks + forecast.pages, view::bytes(forecast.bytes));
        screen.say("");
        screen.say(format!(
            "Extending: {} locks of {size}, {calls} calls to B2. What is deleted afterwards stays stored, and paid for, up to {} days instead of {}.",
            forecast.locks, forecast.deleted_data_days_with, forecast.deleted_data_days_without
        ));
    }
}

fn show_folder(screen: &Screen, folder: &FolderLocks, terms: LockTerms) {
    let name = folder.folder.as_deref().unwrap_or("(in no pool's folder)");
    screen.say(Line::from(format!(
        "{name}: {} current versions, {}",
        folder.versions,
        view::bytes(folder.bytes)
    )));
    if folder.unlocked > 0 {
        let text = format!("  {} are not locked: whoever may delete can destroy them now", folder.unlocked);
        screen.say(Line::new().styled(BAD, text));
    }
    let keep = terms.keep_days();
    if folder.due > 0 {
        let (due, size) = (folder.due, view::bytes(folder.due_bytes));
        let text = format!("  {due} locks, of {size}, end too soon to be kept for {keep} days");
        screen.say(Line::new().styled(CHANGED, text));
    } else if folder.not_shown == 0 {
        screen.say(Line::new().styled(GOOD, format!("  all are locked for {keep} days and more")));
    }
    if folder.not_shown > 0 {
        let text = format!("  of {} the key may not see the lock", folder.not_shown);
        screen.say(Line::new().styled(CHANGED, text));
    }
    if let Some(first) = folder.first_end {
        screen.say(format!("  the first lock ends {first}"));
    }
}

/// Where it is not known how long a version is locked.
fn unknown(found: &LockStatus) -> Option<Failure> {
    let unknown = found.total().not_shown + found.not_understood_rows;
    let sentence = format!("of {unknown} current versions it is not known how long they are locked");
    let remedy = "give the site file a key that has readFileRetentions; report rows that are not understood";
    let failure = Failure::new(Exit::Incomplete, sentence).code("DTC-LOCKS-UNKNOWN").remedy(remedy);
    (unknown > 0).then_some(failure)
}
