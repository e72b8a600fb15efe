//! The demo's last screen: every file of a pool is overwritten and synced, as ransomware would, and one comes back as of before.

use std::time::Duration;

use dtc_naming::PoolName;
use dtc_provision::jiff::Timestamp;
use dtc_provision::ports::{JobState, Ports};
use dtc_provision::restore::{self, BackedUp, GetOptions, NotWanted, RestoreSource, Selection, Tree, Wanted};
use rclone_crypt::Filter;

use super::simulated_site::SimulatedSite;
use crate::document::document;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{GOOD, Line, STRONG, Screen};
use crate::view::{bytes, count};

/// The pool that is struck.
const POOL: &str = "pool0";
/// How many letters somebody writes before: a run that changes few files is not judged.
const LETTERS: usize = 12;
/// A night later, so that the run is one of its own.
const LATER: Duration = Duration::from_hours(24);
/// How often the appliance is asked whether the run has ended, and how many times at most.
const POLL: Duration = Duration::from_millis(100);
const POLLS: u32 = 6000;

document! {
    /// What came back.
    pub(crate) struct Recovered {
        /// The file's path in the pool.
        file: String,
        /// How many bytes it has.
        bytes: u64,
        /// How many files were overwritten.
        overwritten: usize,
        /// The moment that `dtc restore when` proposes, or the last one before.
        at: Timestamp,
        /// Whether the run stood out in the history of versions.
        noticed: bool,
        /// Whether what came back is what was there before, and is not what is there now.
        pub(super) same: bool,
    }
}

/// Overwrites the pool's files, lets the backup run, and restores one as of before.
pub(super) async fn strike_and_recover(
    simulated: &SimulatedSite,
    screen: &Screen,
) -> Result<Recovered, Failure> {
    let pool = parsed(POOL)?.pool;
    for number in 1..=LETTERS {
        let (path, text) = (format!("/mnt/{POOL}/letters/{number}.txt"), format!("Letter {number}\n"));
        simulated.simulator.truenas().write_file(&path, text.as_bytes())?;
    }
    sync(&simulated.connect().await?, &pool).await?;
    simulated.simulator.clock().advance(LATER);
    let ports = simulated.connect().await?;
    let source = RestoreSource::from_vault(&simulated.site, &ports.views(), None).await?;
    let before = listed(&source, simulated, POOL, None).await?;
    let with_content = before.files.iter().filter(|file| file.len().is_some_and(|len| len > 0));
    let file = with_content.min_by_key(|file| file.path.len()).cloned().ok_or_else(|| missing("a file"))?;
    let original = content(&source, &file).await?;
    for file in &before.files {
        let path = format!("/mnt/{POOL}/{}", file.shown());
        let struck = vec![0xA5; usize::try_from(file.len().unwrap_or_default()).unwrap_or_default() + 512];
        simulated.simulator.truenas().write_file(&path, &struck)?;
    }
    sync(&ports, &pool).await?;
    let bursts = restore::when(&source, &pool).await?;
    let last = before.seen.last.unwrap_or(Timestamp::UNIX_EPOCH);
    let at = bursts.last().map_or(last, |burst| burst.before);
    let wanted = format!("{POOL}:{}", file.shown());
    let now = listed(&source, simulated, &wanted, None).await?;
    let then = listed(&source, simulated, &wanted, Some(at)).await?;
    let folder = simulated.folder().join("restored");
    let report = restore::get(&source, &then, &GetOptions::new(folder), &|_| ()).await?;
    let contents = [only(&then)?, only(&now)?];
    let [returned, struck] = [content(&source, contents[0]).await?, content(&source, contents[1]).await?];
    let same = report.is_complete() && report.written == 1 && returned == original && struck != original;
    let recovered = Recovered {
        file: file.shown(),
        bytes: report.bytes,
        overwritten: before.files.len(),
        at,
        noticed: !bursts.is_empty(),
        same,
    };
    show(screen, &recovered);
    Ok(recovered)
}

fn show(screen: &Screen, recovered: &Recovered) {
    let Recovered { file, bytes: len, overwritten, at, noticed, same } = recovered;
    let files = count(*overwritten, "file", "files");
    screen.say("");
    screen.say(format!(
        "  {files} of {POOL} overwritten on the appliance; the next run carried them into the bucket."
    ));
    if *noticed {
        screen.say(
            Line::from("  ")
                .styled(STRONG, format!("dtc restore when {POOL}"))
                .plain(format!(" names that run, and {at} before it.")),
        );
    }
    let command = format!("dtc restore get '{POOL}:{}' --at {at} --to restored", safe_text::visible(file));
    screen.say(Line::from("  ").styled(STRONG, command));
    if *same {
        let what = format!("  {}, as it was before, to the byte.", bytes(*len));
        screen.say(Line::new().styled(GOOD, what));
    }
}

async fn listed(
    source: &RestoreSource,
    simulated: &SimulatedSite,
    wanted: &str,
    at: Option<Timestamp>,
) -> Result<Tree, Failure> {
    let now = simulated.simulator.clock().now();
    let selection = Selection::new(vec![parsed(wanted)?], Filter::default(), now);
    let selection = match at {
        Some(at) => selection.at(at),
        None => selection,
    };
    Ok(restore::tree(source, &selection).await?)
}

fn parsed(wanted: &str) -> Result<Wanted, Failure> {
    wanted.parse().map_err(|error: NotWanted| missing("a pool or path").caused_by(error))
}

fn only(tree: &Tree) -> Result<&BackedUp, Failure> {
    tree.files.first().ok_or_else(|| missing("the file"))
}

async fn content(source: &RestoreSource, file: &BackedUp) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    restore::cat(source, file, &mut content).await?;
    Ok(content)
}

/// Runs the pool's task, and waits for its end.
async fn sync(ports: &Ports, pool: &PoolName) -> Result<(), Failure> {
    let path = format!("/mnt/{pool}");
    let tasks = ports.appliance.cloud_syncs().await.map_err(dtc_provision::Error::from)?;
    let task = tasks.iter().find(|task| task.settings.path == path).ok_or_else(|| missing("a task"))?;
    let job = ports.appliance.start_cloud_sync(&task.id).await.map_err(dtc_provision::Error::from)?;
    for _ in 0..POLLS {
        let progress = ports.appliance.job(&job).await.map_err(dtc_provision::Error::from)?;
        match progress.map(|progress| progress.state) {
            Some(JobState::Succeeded) => return Ok(()),
            Some(JobState::Waiting | JobState::Running) => tokio::time::sleep(POLL).await,
            other => return Err(missing("a run that succeeds").showing([format!("{other:?}")])),
        }
    }
    Err(missing("a run that ends"))
}

fn missing(what: &str) -> Failure {
    Failure::new(Exit::Error, format!("the demo's simulators did not give {what} to be restored"))
}
