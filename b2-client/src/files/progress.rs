//! Progress reports of transfers.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{Either, select};
use futures_util::{Stream, stream};
use tokio::sync::Notify;

use crate::error::Error;
use crate::ids::FileId;

/// The progress of a transfer. Each item reports totals; a consumer that polls slowly skips intermediate items and does not slow the
/// transfer down.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress<T> {
    /// Bytes were read to compute checksums: before the upload of a large file, or during a download in ranges.
    Hashed {
        /// Bytes read so far.
        bytes: u64,
        /// The length of the content in bytes.
        total: u64,
    },
    /// A large file was started, or an unfinished one is being resumed.
    LargeFile {
        /// The id of the large file. If the transfer is dropped, the file can be resumed or cancelled.
        id: FileId,
        /// The bytes that the service already has of a resumed file; 0 for a new one.
        already_stored: u64,
    },
    /// Bytes were sent or received. The number can decrease when bytes must be sent again.
    Transferred {
        /// Bytes transferred so far, including those that the service already had of a resumed file.
        bytes: u64,
        /// The length of the content in bytes; `None` for a stream of unknown length.
        total: Option<u64>,
    },
    /// The transfer has succeeded. This is the last item.
    Done(T),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Counts {
    hashed: u64,
    transferred: u64,
    total: Option<u64>,
    large_file: Option<(FileId, u64)>,
}

/// Records the progress of a transfer; records nothing if nobody follows the transfer.
#[derive(Clone, Debug)]
pub(crate) struct Meter(Option<Arc<Shared>>);

/// The counts that a transfer writes and its progress stream reads.
#[derive(Debug, Default)]
struct Shared {
    counts: Mutex<Counts>,
    changed: Notify,
}

impl Shared {
    fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The meter of transfers without a progress stream.
pub(crate) static NO_PROGRESS: Meter = Meter(None);

impl Meter {
    fn write(&self, change: impl FnOnce(&mut Counts)) {
        if let Some(shared) = &self.0 {
            change(&mut shared.counts.lock().unwrap_or_else(PoisonError::into_inner));
            shared.changed.notify_one();
        }
    }

    /// Sets the length of the content, if it is known.
    pub(super) fn set_total(&self, length: u64) {
        self.write(|counts| counts.total = Some(length));
    }

    pub(super) fn hashed(&self, bytes: u64) {
        self.write(|counts| counts.hashed += bytes);
    }

    pub(super) fn large_file(&self, id: &FileId, already_stored: u64) {
        self.write(|counts| {
            counts.large_file = Some((id.clone(), already_stored));
            counts.transferred += already_stored;
        });
    }

    pub(super) fn transferred(&self, bytes: u64) {
        self.write(|counts| counts.transferred += bytes);
    }

    /// Subtracts bytes that must be transferred again.
    pub(super) fn take_back(&self, bytes: u64) {
        self.write(|counts| counts.transferred = counts.transferred.saturating_sub(bytes));
    }
}

type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Runs a transfer while the returned stream is polled, and yields its progress.
pub(super) fn follow<'a, T: Send + 'a, F>(
    work: impl FnOnce(Meter) -> F,
) -> impl Stream<Item = Result<Progress<T>, Error>> + Send + 'a
where
    F: Future<Output = Result<T, Error>> + Send + 'a,
{
    let shared = Arc::new(Shared::default());
    let work: Work<'a, T> = Box::pin(work(Meter(Some(Arc::clone(&shared)))));
    let followed = Followed { shared, reported: Counts::default(), work: Some(work), outcome: None };
    Box::pin(stream::unfold(followed, |mut followed| async move {
        followed.next().await.map(|progress| (progress, followed))
    }))
}

struct Followed<'a, T> {
    shared: Arc<Shared>,
    reported: Counts,
    /// `None` after its end.
    work: Option<Work<'a, T>>,
    outcome: Option<Result<T, Error>>,
}

impl<T> Followed<'_, T> {
    async fn next(&mut self) -> Option<Result<Progress<T>, Error>> {
        loop {
            if let Some(progress) = self.unreported() {
                return Some(Ok(progress));
            }
            if let Some(outcome) = self.outcome.take() {
                return Some(outcome.map(Progress::Done));
            }
            let work = self.work.as_mut()?;
            if let Either::Left((outcome, _)) =
                select(work, std::pin::pin!(self.shared.changed.notified())).await
            {
                self.work = None;
                self.outcome = Some(outcome);
            }
        }
    }

    /// The next change that was not reported yet.
    fn unreported<U>(&mut self) -> Option<Progress<U>> {
        let now = self.shared.counts();
        if now.hashed != self.reported.hashed
            && let Some(total) = now.total
        {
            self.reported.hashed = now.hashed;
            return Some(Progress::Hashed { bytes: now.hashed, total });
        }
        if now.large_file != self.reported.large_file {
            self.reported.large_file.clone_from(&now.large_file);
            return now.large_file.map(|(id, already_stored)| Progress::LargeFile { id, already_stored });
        }
        if now.transferred != self.reported.transferred {
            self.reported.transferred = now.transferred;
            return Some(Progress::Transferred { bytes: now.transferred, total: now.total });
        }
        None
    }
}
