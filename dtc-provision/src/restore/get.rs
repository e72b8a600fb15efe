//! Files of a tree, fetched, decrypted and written below a folder.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use futures_util::{StreamExt as _, stream};
use rclone_crypt::{Destination, HEADER_LEN, Keys, PresentFile, Proven, SourceProof, StoredSha1};
use sha2::{Digest as _, Sha256};

use super::older::older_that_opens;
use super::open::{Fault, fetched, opened, prove_pair};
use super::report::{FailedFile, Failure, GetReport, RenamedFile};
use super::source::RestoreSource;
use super::tree::{BackedUp, Tree};
use super::writing::{Claimed, Comparing, Found, Layout, Writing, chain, find, io_kind, target, unusable};
use crate::error::Error;
use crate::port_error::PortErrorKind;
use crate::ports::Part;

/// How many files are fetched at a time, unless said otherwise.
const PARALLEL: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);
/// How much of a file on disk is compared at a time.
const PIECE: usize = 1 << 16;

/// Where files are restored to, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GetOptions {
    /// The folder; it is made if it is not there.
    pub target: PathBuf,
    /// How many files are fetched at a time; each holds a connection and some 200 KiB.
    pub parallel: NonZeroUsize,
    /// Whether files that are there already are compared by their content, and not by length and time alone.
    pub verify: bool,
}

impl GetOptions {
    /// Into this folder, 8 files at a time; files of the right length and time count as restored.
    pub fn new(target: impl Into<PathBuf>) -> Self {
        Self { target: target.into(), parallel: PARALLEL, verify: false }
    }
}

/// What happens meanwhile.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// So many more plain bytes arrived; what is fetched again counts again.
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
    /// Their length, in bytes.
    pub bytes: u64,
    /// What would be fetched for them, in bytes.
    pub stored_bytes: u64,
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
        let found = match &mut destination {
            Some(destination) => find(destination, path, file, !options.verify),
            None => Ok(Found::Nothing),
        };
        match found {
            Ok(Found::Nothing) => {
                foreseen.files += 1;
                foreseen.bytes = foreseen.bytes.saturating_add(file.len().unwrap_or_default());
                foreseen.stored_bytes = foreseen.stored_bytes.saturating_add(file.object.size);
            }
            Ok(Found::Equal(_)) => foreseen.there += 1,
            Ok(Found::Similar(_)) => foreseen.compared += 1,
            Ok(Found::Other(_)) | Err(_) => foreseen.occupied += 1,
        }
    }
    Ok(foreseen)
}

/// Restores a tree. Nothing that is in the target is replaced, no link in it is followed, and each file appears under its name when it is
/// complete and every block of it is authentic, with the time that it had. A file that cannot be restored does not hold up the others
/// (X8). Run again, it goes on: what is complete and equal is not fetched again.
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
    let mut destination = target(&options.target)?;
    let layout = Layout::new(tree);
    for path in layout.folders() {
        // What is left over is in nobody's way: a folder that cannot be read is named with its files.
        let _ = destination.remove_unfinished(path);
    }
    let getting = Getting {
        source,
        tree,
        keys,
        destination,
        layout,
        verify: options.verify,
        claimed: Claimed::default(),
        stopped: AtomicBool::new(false),
        progress,
    };
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
    source: &'a RestoreSource,
    tree: &'a Tree,
    keys: Arc<Keys>,
    destination: Destination,
    layout: Layout,
    verify: bool,
    claimed: Claimed,
    /// Whether whatever comes next would fail as what came before.
    stopped: AtomicBool,
    progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl Getting<'_> {
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
        let older =
            if is_the_object { older_that_opens(self.source, &self.keys, object).await } else { None };
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
        if self.stopped.load(Ordering::Relaxed) {
            return Err((Failure::NotBegun, "the restore had to end before it".to_owned()));
        }
        let (file, path) = (&self.tree.files[number], &self.layout.paths[number]);
        let not_written = |error: &rclone_crypt::Error| (Failure::NotWritten, chain(error));
        let mut destination = self.destination.try_clone().map_err(|error| not_written(&error))?;
        let trusts_time = !self.verify && !self.layout.is_ambiguous(number);
        match find(&mut destination, path, file, trusts_time).map_err(|error| not_written(&error))? {
            Found::Nothing => self.fetched(number, &mut destination).await,
            Found::Equal(id) => {
                self.claim(number, id)?;
                Ok(Ended::Unchanged(file.len().unwrap_or_default()))
            }
            Found::Similar(there) => {
                self.claim(number, there.id.clone())?;
                self.compared(number, there).await
            }
            Found::Other(what) => Err(occupied(&what)),
        }
    }

    /// Claims a file on disk for a file of the tree.
    fn claim(&self, number: usize, id: rclone_crypt::PresentId) -> Result<(), (Failure, String)> {
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

    async fn fetched(
        &self,
        number: usize,
        destination: &mut Destination,
    ) -> Result<Ended, (Failure, String)> {
        let (file, path) = (&self.tree.files[number], &self.layout.paths[number]);
        let received = |count| (self.progress)(Progress::Received(count));
        let mut writing = Writing { destination, path, file: None, received: &received };
        let len = match opened(self.source, &self.keys, &file.object, &mut writing).await {
            Ok(len) => len,
            Err(fault) => {
                writing.clear();
                return Err(self.failure(fault));
            }
        };
        let kept = writing.keep(SystemTime::from(file.modified()));
        let id = kept.map_err(|error| (Failure::NotWritten, chain(&error)))?;
        self.claim(number, id)?;
        Ok(Ended::Written(len))
    }

    /// Holds a file that is there against its object.
    async fn compared(&self, number: usize, there: PresentFile) -> Result<Ended, (Failure, String)> {
        let file = &self.tree.files[number];
        let len = file.len().unwrap_or_default();
        let same = if let Some(stored) = file.object.sha1 {
            self.same_hash(file, there, stored).await
        } else {
            let mut comparing = Comparing::new(there);
            let fetched = opened(self.source, &self.keys, &file.object, &mut comparing).await;
            fetched.map(|_| comparing.is_same())
        };
        match same {
            Ok(true) => Ok(Ended::Unchanged(len)),
            Ok(false) => Err(occupied("another file of the same length")),
            Err(fault) => Err(self.failure(fault)),
        }
    }

    /// Whether a file, encrypted again under its object's nonce, has the hash that B2 holds. Fetches the object's header only.
    async fn same_hash(
        &self,
        file: &BackedUp,
        mut there: PresentFile,
        stored: StoredSha1,
    ) -> Result<bool, Fault> {
        let mut body = fetched(self.source, &file.object, Part::Beginning(HEADER_LEN as u64)).await?;
        let mut header = Vec::new();
        while let Some(part) = body.next().await {
            header.extend_from_slice(&part?);
        }
        if header.len() < HEADER_LEN {
            return Err(Fault::Damaged(format!("{} bytes of it arrive", header.len())));
        }
        let mut proof = SourceProof::new(&self.keys, &header[..HEADER_LEN])
            .map_err(|error| Fault::Closed(error.to_string()))?;
        let mut piece = vec![0; PIECE];
        loop {
            let read = std::io::Read::read(&mut there.content, &mut piece).map_err(Fault::Unwritten)?;
            if read == 0 {
                break;
            }
            proof.push(&piece[..read]);
        }
        // Of an empty file there is nothing to prove but its length, which is the object's.
        Ok(matches!(proof.finish(&stored), Ok(Proven::SameHash { .. } | Proven::Nothing)))
    }

    /// What a fault is to the report. One that the next file would meet as well ends the work.
    fn failure(&self, fault: Fault) -> (Failure, String) {
        use std::io::ErrorKind as Io;
        let (failure, reason, ends_all) = match fault {
            Fault::Closed(reason) => (Failure::DataAtRisk, reason, false),
            Fault::Damaged(reason) => (Failure::Damaged, reason, false),
            Fault::Unfetched(error) => {
                let ends_all = matches!(
                    error.kind(),
                    PortErrorKind::Unreachable
                        | PortErrorKind::RateLimited
                        | PortErrorKind::CredentialsRejected
                        | PortErrorKind::Unauthorized
                        | PortErrorKind::AccountLimit
                );
                let explained = self.source.explained(error, "readFiles");
                (Failure::NotFetched, explained.to_string(), ends_all)
            }
            Fault::Unwritten(error) => {
                let ends_all =
                    matches!(io_kind(&error), Io::StorageFull | Io::QuotaExceeded | Io::ReadOnlyFilesystem);
                (Failure::NotWritten, chain(&error), ends_all)
            }
            Fault::Other(error) => (Failure::NotFetched, error.to_string(), true),
        };
        if ends_all {
            self.stopped.store(true, Ordering::Relaxed);
        }
        (failure, reason)
    }

    fn report(&self, ended: Vec<(usize, Ended)>) -> GetReport {
        let mut report = GetReport {
            foreign: self.tree.foreign.clone(),
            not_understood: self.tree.not_understood.clone(),
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
