//! Transfers that tell how far they are.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{Either, select};
use futures_util::{Stream, stream};
use tokio::sync::Notify;

use crate::error::Error;
use crate::ids::FileId;

/// How far a transfer is. News that nobody fetched in time are overtaken by newer ones, so that a slow listener costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress<T> {
    /// So many bytes have been read for their checksums: before a large upload, close behind a download in ranges.
    Hashed {
        /// Bytes read so far.
        bytes: u64,
        /// The content's length.
        of: u64,
    },
    /// A large file was begun, or an unfinished one is gone on with.
    LargeFile {
        /// Its id, by which it can be resumed or cancelled should this transfer be dropped.
        id: FileId,
        /// Bytes of it that the service had already.
        there: u64,
    },
    /// So many bytes have been sent, or have arrived. Fewer than before when something must be sent again.
    Moved {
        /// Bytes moved so far; of a large file that is gone on with, those that were there too.
        bytes: u64,
        /// How many there are; `None` for a stream of unknown length.
        of: Option<u64>,
    },
    /// All is done: the last of a transfer that succeeds.
    Done(T),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    hashed: u64,
    moved: u64,
    of: Option<u64>,
    large_file: Option<(FileId, u64)>,
}

/// Where a transfer writes down how far it is. One that nobody follows writes nothing.
#[derive(Clone, Debug)]
pub(crate) struct Meter(Option<Arc<Dial>>);

#[derive(Debug, Default)]
struct Dial {
    counts: Mutex<Counts>,
    changed: Notify,
}

impl Dial {
    fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The meter of transfers that nobody follows.
pub(crate) static SILENT: Meter = Meter(None);

impl Meter {
    fn write(&self, change: impl FnOnce(&mut Counts)) {
        if let Some(dial) = &self.0 {
            change(&mut dial.counts.lock().unwrap_or_else(PoisonError::into_inner));
            dial.changed.notify_one();
        }
    }

    /// Tells the whole length, where it is known.
    pub(super) fn of(&self, length: u64) {
        self.write(|counts| counts.of = Some(length));
    }

    pub(super) fn hashed(&self, bytes: u64) {
        self.write(|counts| counts.hashed += bytes);
    }

    pub(super) fn large_file(&self, id: &FileId, there: u64) {
        self.write(|counts| {
            counts.large_file = Some((id.clone(), there));
            counts.moved += there;
        });
    }

    pub(super) fn moved(&self, bytes: u64) {
        self.write(|counts| counts.moved += bytes);
    }

    /// Takes bytes back that must be moved again.
    pub(super) fn back(&self, bytes: u64) {
        self.write(|counts| counts.moved = counts.moved.saturating_sub(bytes));
    }
}

type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Does the work of a transfer, and yields how far it is.
pub(super) fn follow<'a, T: Send + 'a, F>(
    work: impl FnOnce(Meter) -> F,
) -> impl Stream<Item = Result<Progress<T>, Error>> + Send + 'a
where
    F: Future<Output = Result<T, Error>> + Send + 'a,
{
    let dial = Arc::new(Dial::default());
    let work: Work<'a, T> = Box::pin(work(Meter(Some(Arc::clone(&dial)))));
    let followed = Followed { dial, told: Counts::default(), work: Some(work), outcome: None };
    Box::pin(stream::unfold(followed, |mut followed| async move {
        followed.next().await.map(|progress| (progress, followed))
    }))
}

struct Followed<'a, T> {
    dial: Arc<Dial>,
    told: Counts,
    /// `None` when it is over.
    work: Option<Work<'a, T>>,
    outcome: Option<Result<T, Error>>,
}

impl<T> Followed<'_, T> {
    async fn next(&mut self) -> Option<Result<Progress<T>, Error>> {
        loop {
            if let Some(news) = self.news() {
                return Some(Ok(news));
            }
            if let Some(outcome) = self.outcome.take() {
                return Some(outcome.map(Progress::Done));
            }
            let work = self.work.as_mut()?;
            if let Either::Left((outcome, _)) =
                select(work, std::pin::pin!(self.dial.changed.notified())).await
            {
                self.work = None;
                self.outcome = Some(outcome);
            }
        }
    }

    /// The first thing that was not told yet.
    fn news<U>(&mut self) -> Option<Progress<U>> {
        let now = self.dial.counts();
        if now.hashed != self.told.hashed
            && let Some(of) = now.of
        {
            self.told.hashed = now.hashed;
            return Some(Progress::Hashed { bytes: now.hashed, of });
        }
        if now.large_file != self.told.large_file {
            self.told.large_file.clone_from(&now.large_file);
            return now.large_file.map(|(id, there)| Progress::LargeFile { id, there });
        }
        if now.moved != self.told.moved {
            self.told.moved = now.moved;
            return Some(Progress::Moved { bytes: now.moved, of: now.of });
        }
        None
    }
}
