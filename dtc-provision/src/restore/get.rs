//! Files of a tree, fetched, decrypted and written below a folder.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::{StreamExt as _, stream};
use rclone_crypt::{Destination, PresentId};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::attempt::Fault;
use super::fetching::Fetching;
use super::jobs::Jobs;
use super::large::{is_large, large, mark, written_before};
use super::older::older_that_opens;
use super::open::{beginning, prove_pair};
use super::report::{FailedFile, Failure, GetReport, RenamedFile};
use super::source::RestoreSource;
use super::tree::{BackedUp, Tree};
use super::writing::{Claimed, Destinations, Expected, Found, Layout, chain, find, io_kind, unusable};
use crate::error::Error;
use crate::port_error::PortErrorKind;

/// How many connections there are at a time, unless said otherwise.
const PARALLEL: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Where files are restored to, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetOptions {
    /// The folder; it is made if it is not there.
    pub target: PathBuf,
    /// How many connections there are at a time, each of which takes some 500 KiB. A large file is fetched over several.
    pub parallel: NonZeroUsize,
    /// Whether files that are there already are compared by their content, and not by length and time alone.
    pub verify: bool,
}

impl GetOptions {
    /// Into this folder, over 8 connections at a time; files of the right length and time count as restored.
    pub fn new(target: impl Into<PathBuf>) -> Self {
        Self { target: target.into(), parallel: PARALLEL, verify: false }
    }
}

/// What happens meanwhile.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// So many more plain bytes are there: they arrived, or an earlier run had begun their file. What is fetched again counts again.
    Received(u64),
    /// A file is done, in one way or another.
    File(&'a BackedUp),
}

/// What a restore would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Foreseen {
    /// Files that would be written.
    pub files: u64,
    /// What is missing of them, in bytes.
    pub bytes: u64,
    /// What would be fetched for that, in bytes.
    pub stored_bytes: u64,
    /// What an earlier run has written of the large ones among them, in bytes, as its notes say.
    pub begun: u64,
    /// Files that are there already, by length and time.
    pub there: u64,
    /// Files of the right length and another time, which would be compared.
    pub compared: u64,
    /// Files under whose path something else is: they would not be restored.
    pub occupied: u64,
}

/// Looks what a restore would do. Writes nothing, and fetches nothing.
///
/// # Errors
/// The target is there and cannot be read.
pub fn foresee(tree: &Tree, options: &GetOptions) -> Result<Foreseen, Error> {
    let layout = Layout::new(tree);
    let mut destination = Destination::open_if_there(&options.target).map_err(|error| unusable(&error))?;
    let mut foreseen = Foreseen::default();
    for (file, path) in tree.files.iter().zip(&layout.paths) {
        let (found, begun) = match &mut destination {
            Some(destination) => {
                let found = find(destination, path, Expected::new(file, !options.verify));
                let is_missing = matches!(found, Ok(Found::Nothing));
                (found, if is_missing { written_before(destination, file, path) } else { (0, 0) })
            }
            None => (Ok(Found::Nothing), (0, 0)),
        };
        match found {
            Ok(Found::Nothing) => foreseen.add(file, begun),
            Ok(Found::Equal(_)) => foreseen.there += 1,
            Ok(Found::Similar(_)) => foreseen.compared += 1,
            Ok(Found::Other(_)) | Err(_) => foreseen.occupied += 1,
        }
    }
    Ok(foreseen)
}

impl Foreseen {
    /// Adds a file of which an earlier run has written so many plain bytes, from so many stored ones.
    fn add(&mut self, file: &BackedUp, (plain, stored): (u64, u64)) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(file.len().unwrap_or_default().saturating_sub(plain));
        self.stored_bytes = self.stored_bytes.saturating_add(file.object.size.saturating_sub(stored));
        self.begun = self.begun.saturating_add(plain);
    }
}

/// Restores a tree. Nothing that is in the target is replaced, no link in it is followed, and each file appears under its name when it is
/// complete and every block of it is authentic, with the time that it had. A file that cannot be restored does not hold up the others
/// (X8). Run again, it goes on: what is complete and equal is not fetched again, nor is what has been written of a large file.
///
/// # Errors
/// Nothing opens with the pair, before anything is written; or the target itself cannot be used. Whatever else fails is in the report.
pub async fn get(
    source: &RestoreSource,
    tree: &Tree,
    options: &GetOptions,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<GetReport, Error> {
    let keys = source.keys()?;
    prove_pair(source, &keys, &tree.files).await?;
    // Before all that gives it work: it is dropped last.
    let jobs = Jobs::default();
    let received = |count| progress(Progress::Received(count));
    let fetching = Fetching {
        source,
        keys,
        destinations: Arc::new(Destinations::open(&options.target)?),
        jobs: &jobs,
        parallel: options.parallel,
        connections: Semaphore::new(options.parallel.get()),
        stopped: AtomicBool::new(false),
        received: &received,
    };
    let getting = Getting {
        fetching,
        tree,
        layout: Layout::new(tree),
        verify: options.verify,
        claimed: Claimed::default(),
        too_long: AtomicU64::new(u64::MAX),
        progress,
    };
    getting.clear_up(is_large).await;
    let ended = stream::iter(0..tree.files.len()).map(|number| getting.one(number));
    let mut ended: Vec<(usize, Ended)> = ended.buffer_unordered(options.parallel.get()).collect().await;
    ended.sort_unstable_by_key(|(number, _)| *number);
    Ok(getting.report(ended))
}

/// What became of a file.
enum Ended {
    Written(u64),
    Unchanged(u64),
    Failed(Box<FailedFile>),
}

struct Getting<'a> {
    fetching: Fetching<'a>,
    tree: &'a Tree,
    layout: Layout,
    verify: bool,
    claimed: Claimed,
    /// The length of the shortest file that the disk had no room for.
    too_long: AtomicU64,
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

/// What a fault says about other files.
enum Reach {
    /// Nothing.
    ThisFile,
    /// Nothing, where another one can be fetched; else they would all fail.
    AskAnother,
    /// Files as long as this one fail as well.
    LongerFiles(u64),
    /// They would all fail.
    All,
}

impl Getting<'_> {
    /// Removes what is left over, but for the beginnings of files that this run goes on with.
    async fn clear_up(&self, goes_on: impl Fn(&BackedUp) -> bool) {
        let paths = self.tree.files.iter().zip(&self.layout.paths);
        let marks = paths.filter(|(file, _)| goes_on(file)).map(|(file, path)| mark(file, path));
        let marks: HashSet<u64> = marks.collect();
        let folders: Vec<Vec<u8>> = self.layout.folders().map(<[u8]>::to_vec).collect();
        let destinations = self.fetching.destinations.clone();
        let clear = move || {
            let is_kept = |mark| marks.contains(&mark);
            for path in folders {
                // What is left over is in nobody's way: a folder that cannot be read is named with its files.
                let _ = destinations.with(|destination| destination.remove_unfinished(&path, &is_kept));
            }
        };
        let _ = self.fetching.jobs.run(clear).await;
    }

    async fn one(&self, number: usize) -> (usize, Ended) {
        let ended = match self.restored(number).await {
            Ok(ended) => ended,
            Err((failure, reason)) => Ended::Failed(Box::new(self.failed(number, failure, reason).await)),
        };
        (self.progress)(Progress::File(&self.tree.files[number]));
        (number, ended)
    }

    async fn failed(&self, number: usize, failure: Failure, reason: String) -> FailedFile {
        let BackedUp { pool, object, .. } = &self.tree.files[number];
        let is_the_object = matches!(failure, Failure::DataAtRisk | Failure::Damaged);
        let Fetching { source, keys, .. } = &self.fetching;
        let older = if is_the_object { older_that_opens(source, keys, object).await } else { None };
        FailedFile {
            pool: pool.to_string(),
            path: self.tree.files[number].shown(),
            object: object.name.clone(),
            version: object.id.clone(),
            failure,
            reason,
            older,
        }
    }

    async fn restored(&self, number: usize) -> Result<Ended, (Failure, String)> {
        if self.fetching.is_stopped() {
            return Err((Failure::NotBegun, "the restore had to end before it".to_owned()));
        }
        let (file, path) = (&self.tree.files[number], &self.layout.paths[number]);
        let len = file.len().unwrap_or_default();
        let fault = match self.found(number).await {
            Ok(Found::Nothing) if len >= self.too_long.load(Ordering::Relaxed) => {
                return Err((Failure::NotBegun, "the disk had no room for a shorter file".to_owned()));
            }
            Ok(Found::Nothing) => {
                let fetched = if is_large(file) {
                    large(&self.fetching, file, path).await
                } else {
                    self.fetching.whole(file, path).await
                };
                match fetched {
                    Ok((len, id)) => return self.claim(number, id).map(|()| Ended::Written(len)),
                    Err(fault) => fault,
                }
            }
            Ok(Found::Equal(id)) => return self.claim(number, id).map(|()| Ended::Unchanged(len)),
            Ok(Found::Similar(there)) => {
                self.claim(number, there.id.clone())?;
                match self.fetching.is_same(file, there).await {
                    Ok(true) => return Ok(Ended::Unchanged(len)),
                    Ok(false) => return Err(occupied("another file of the same length")),
                    Err(fault) => fault,
                }
            }
            Ok(Found::Other(what)) => return Err(occupied(&what)),
            Err(fault) => fault,
        };
        Err(self.failure(number, fault).await)
    }

    /// What stands under a file's path.
    async fn found(&self, number: usize) -> Result<Found, Fault> {
        let trusts_time = !self.verify && !self.layout.is_ambiguous(number);
        let expected = Expected::new(&self.tree.files[number], trusts_time);
        let (destinations, path) = (self.fetching.destinations.clone(), self.layout.paths[number].clone());
        let look = move || destinations.with(|destination| find(destination, &path, expected));
        match self.fetching.jobs.run(look).await {
            Ok(found) => found.map_err(|error| Fault::Unwritten(error.into())),
            Err(error) => Err(Fault::Unwritten(error)),
        }
    }

    /// Claims a file on disk for a file of the tree.
    fn claim(&self, number: usize, id: PresentId) -> Result<(), (Failure, String)> {
        match self.claimed.claim(id, number) {
            None => Ok(()),
            Some(other) => {
                let other = self.tree.files[other].shown();
                Err((
                    Failure::Occupied,
                    format!("on this disk it has the name of another file of the backup, {other:?}"),
                ))
            }
        }
    }

    /// What a fault is to the report. One that every other file would meet as well ends the work.
    async fn failure(&self, number: usize, fault: Fault) -> (Failure, String) {
        use std::io::ErrorKind as Io;
        let (failure, reason, reach) = match fault {
            Fault::Closed(reason) => (Failure::DataAtRisk, reason, Reach::ThisFile),
            Fault::Damaged(reason) => (Failure::Damaged, reason, Reach::ThisFile),
            Fault::Unfetched(error) => {
                let reach = reach_of(error.kind());
                let explained = self.fetching.source.explained(error, "readFiles");
                (Failure::NotFetched, explained.to_string(), reach)
            }
            Fault::Unwritten(error) => {
                let reach = match io_kind(&error) {
                    Io::StorageFull | Io::QuotaExceeded => {
                        Reach::LongerFiles(self.tree.files[number].len().unwrap_or_default())
                    }
                    Io::ReadOnlyFilesystem => Reach::All,
                    _ => Reach::ThisFile,
                };
                (Failure::NotWritten, chain(&error), reach)
            }
            Fault::Other(error) => (Failure::NotFetched, error.to_string(), Reach::All),
            Fault::Stopped => {
                let reason = "the restore had to end in the middle of it; run again, it goes on from there";
                (Failure::NotFetched, reason.to_owned(), Reach::ThisFile)
            }
        };
        let stops = match reach {
            Reach::ThisFile => false,
            Reach::LongerFiles(len) => {
                self.too_long.fetch_min(len, Ordering::Relaxed);
                false
            }
            Reach::AskAnother => !self.another_comes(number).await,
            Reach::All => true,
        };
        if stops {
            self.fetching.stopped.store(true, Ordering::Relaxed);
        }
        (failure, reason)
    }

    /// Whether the first byte of another file can be fetched, of the few that are tried.
    async fn another_comes(&self, number: usize) -> bool {
        let last = self.tree.files.len() - 1;
        let others: std::collections::BTreeSet<usize> = [0, last / 2, last].into();
        for other in others.into_iter().filter(|other| *other != number) {
            if self.fetching.is_stopped() {
                return false;
            }
            let _connection = self.fetching.connection().await;
            let object = &self.tree.files[other].object;
            match beginning(self.fetching.source, object, 1).await {
                // Whatever it is that arrives, it is not refused.
                Ok(_) | Err(Fault::Damaged(_)) => return true,
                Err(_) => {}
            }
        }
        false
    }

    fn report(&self, ended: Vec<(usize, Ended)>) -> GetReport {
        let mut report = GetReport {
            foreign: self.tree.foreign.clone(),
            not_understood: self.tree.not_understood.clone(),
            absent: self.tree.absent.iter().map(ToString::to_string).collect(),
            complete_since: GetReport::since(self.tree.moment),
            ..GetReport::default()
        };
        let mut list = Sha256::new();
        for (number, ended) in ended {
            let file = &self.tree.files[number];
            let len = match ended {
                Ended::Written(len) => {
                    report.written += 1;
                    report.bytes = report.bytes.saturating_add(len);
                    len
                }
                Ended::Unchanged(len) => {
                    report.unchanged += 1;
                    len
                }
                Ended::Failed(failed) => {
                    report.failed.push(*failed);
                    continue;
                }
            };
            list.update(format!("{len} {} ", file.object.id));
            list.update(&file.path);
            list.update(b"\n");
            let written = &self.layout.paths[number];
            if !written.ends_with(&file.path) {
                let written = String::from_utf8_lossy(written).into_owned();
                report.renamed.push(RenamedFile { path: file.shown(), written });
            }
        }
        report.list_sha256 =
            list.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        report
    }
}

fn occupied(what: &str) -> (Failure, String) {
    (Failure::Occupied, format!("{what} is there already, and nothing is replaced"))
}

/// What a failed fetch says about the other files.
fn reach_of(kind: PortErrorKind) -> Reach {
    match kind {
        // A service that is away, or a key that may not read; or one file that is refused, or whose connections are cut.
        PortErrorKind::Unreachable | PortErrorKind::Unauthorized => Reach::AskAnother,
        PortErrorKind::RateLimited
        | PortErrorKind::CredentialsRejected
        | PortErrorKind::AccountLimit
        | PortErrorKind::WrongMachine => Reach::All,
        PortErrorKind::NotFound
        | PortErrorKind::Conflict
        | PortErrorKind::Refused
        | PortErrorKind::Unsupported
        | PortErrorKind::OutcomeUnknown
        | PortErrorKind::Damaged
        | PortErrorKind::NotUnderstood => Reach::ThisFile,
    }
}
