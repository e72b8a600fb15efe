//! Versions, fetched and written below the target.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use rclone_crypt::{HEADER_LEN, Keys, PresentFile, PresentId, Proven, SourceProof, StoredSha1};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::attempt::{Attempt, Attempts, Fault};
use super::jobs::{Arriving, Jobs};
use super::open::{beginning, decrypted_beside, fetched};
use super::source::RestoreSource;
use super::tree::BackedUp;
use super::writing::{Comparing, Destinations, Writing};
use crate::ports::Part;

/// How much of a file on disk is compared at a time.
const PIECE: usize = 1 << 16;

/// What fetches, opens and writes.
pub(super) struct Fetching<'a> {
    pub(super) source: &'a RestoreSource,
    pub(super) keys: Arc<Keys>,
    pub(super) destinations: Arc<Destinations>,
    pub(super) jobs: &'a Jobs,
    pub(super) parallel: NonZeroUsize,
    /// As many as there may be at a time.
    pub(super) connections: Semaphore,
    /// Whether whatever comes next would fail as what came before.
    pub(super) stopped: AtomicBool,
    /// Hears of plain bytes that are there.
    pub(super) received: &'a (dyn Fn(u64) + Sync),
}

impl Fetching<'_> {
    /// Waits until there may be one more connection; nobody closes what it waits for.
    pub(super) async fn connection(&self) -> Option<SemaphorePermit<'_>> {
        self.connections.acquire().await.ok()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Fetches a version in one piece, and gives it its path.
    pub(super) async fn whole(&self, file: &BackedUp, path: &[u8]) -> Result<(u64, PresentId), Fault> {
        let mut attempts = Attempts::new(file.object.sha1);
        loop {
            let connection = self.connection().await;
            let attempt = match fetched(self.source, &file.object, Part::Whole).await {
                Ok(body) => {
                    let whole = Whole {
                        keys: self.keys.clone(),
                        destinations: self.destinations.clone(),
                        path: path.to_vec(),
                        stored_len: file.object.size,
                        modified: file.modified().into(),
                        hashes: attempts.hashes(),
                    };
                    let work = move |arriving: &mut Arriving| whole.written(arriving);
                    self.jobs.pour(body, self.received, work).await
                }
                Err(fault) => Attempt::Failed(fault),
            };
            drop(connection);
            if let Some(ended) = attempts.ended(attempt) {
                return ended;
            }
        }
    }

    /// Whether a file that is there is a version's content.
    pub(super) async fn is_same(&self, file: &BackedUp, there: PresentFile) -> Result<bool, Fault> {
        let _connection = self.connection().await;
        match file.object.sha1 {
            Some(stored) => self.has_hash(file, there, stored).await,
            None => self.has_content(file, there).await,
        }
    }

    /// Whether a file, encrypted again under its object's nonce, has the hash that B2 holds. Fetches the object's header only.
    async fn has_hash(
        &self,
        file: &BackedUp,
        mut there: PresentFile,
        stored: StoredSha1,
    ) -> Result<bool, Fault> {
        let header = beginning(self.source, &file.object, HEADER_LEN as u64).await?;
        if header.len() < HEADER_LEN {
            return Err(Fault::Damaged(format!("{} bytes of it arrive", header.len())));
        }
        let mut proof = SourceProof::new(&self.keys, &header[..HEADER_LEN])
            .map_err(|error| Fault::Closed(error.to_string()))?;
        let reading = move || {
            let mut piece = vec![0; PIECE];
            loop {
                match std::io::Read::read(&mut there.content, &mut piece)? {
                    // Of an empty file there is nothing to prove but its length, which is the object's.
                    0 => {
                        let proven = proof.finish(&stored);
                        return Ok(matches!(proven, Ok(Proven::SameHash { .. } | Proven::Nothing)));
                    }
                    read => proof.push(&piece[..read]),
                }
            }
        };
        self.jobs.run(reading).await.flatten().map_err(Fault::Unwritten)
    }

    /// Whether a file is what comes out of its object, all of which is fetched.
    async fn has_content(&self, file: &BackedUp, there: PresentFile) -> Result<bool, Fault> {
        let mut attempts = Attempts::new(None);
        let there = Arc::new(there);
        loop {
            let attempt = match fetched(self.source, &file.object, Part::Whole).await {
                Ok(body) => {
                    let (keys, stored_len, hashes) = (self.keys.clone(), file.object.size, attempts.hashes());
                    let mut comparing = Comparing::new(there.clone());
                    // What is compared only is nothing that is restored.
                    self.jobs
                        .pour(body, &|_| (), move |arriving| {
                            match decrypted_beside(&keys, stored_len, arriving, &mut comparing, hashes) {
                                Attempt::Done(_) => Attempt::Done(comparing.is_same()),
                                Attempt::Closed(reason, hash) => Attempt::Closed(reason, hash),
                                Attempt::Failed(fault) => Attempt::Failed(fault),
                            }
                        })
                        .await
                }
                Err(fault) => Attempt::Failed(fault),
            };
            if let Some(ended) = attempts.ended(attempt) {
                return ended;
            }
        }
    }
}

/// A version that is written as it arrives.
struct Whole {
    keys: Arc<Keys>,
    destinations: Arc<Destinations>,
    path: Vec<u8>,
    stored_len: u64,
    modified: SystemTime,
    hashes: bool,
}

impl Whole {
    fn written(&self, arriving: &mut Arriving) -> Attempt<(u64, PresentId)> {
        let written = self.destinations.with(|destination| {
            let mut writing = Writing::new(destination, &self.path);
            let attempt =
                match decrypted_beside(&self.keys, self.stored_len, arriving, &mut writing, self.hashes) {
                    Attempt::Done(len) => match writing.keep(self.modified) {
                        Ok(id) => Attempt::Done((len, id)),
                        Err(error) => Attempt::Failed(Fault::Unwritten(error)),
                    },
                    Attempt::Closed(reason, hash) => Attempt::Closed(reason, hash),
                    Attempt::Failed(fault) => Attempt::Failed(fault),
                };
            writing.clear();
            std::io::Result::Ok(attempt)
        });
        written.unwrap_or_else(|error| Attempt::Failed(Fault::Unwritten(error)))
    }
}
