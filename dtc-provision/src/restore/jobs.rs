//! Work on files, which takes its time: on threads beside those that wait for the network.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::attempt::{Attempt, Fault};
use crate::ports::Body;

/// How many pieces of a body may wait for their work.
const WAITING: usize = 4;

/// The work that is under way on other threads. Dropping it waits for the end of that, at most until a file has taken what it was given:
/// a restore that was given up writes no more. So it has to be dropped after what the work takes its pieces from.
#[derive(Default)]
pub(super) struct Jobs(Arc<UnderWay>);

#[derive(Default)]
struct UnderWay {
    jobs: Mutex<usize>,
    ended: Condvar,
}

impl UnderWay {
    fn jobs(&self) -> MutexGuard<'_, usize> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of them.
struct Job(Arc<UnderWay>);

impl Drop for Job {
    fn drop(&mut self) {
        *self.0.jobs() -= 1;
        self.0.ended.notify_all();
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        let mut jobs = self.0.jobs();
        while *jobs > 0 {
            jobs = self.0.ended.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Jobs {
    /// Does work on another thread.
    ///
    /// # Errors
    /// The work panicked, or the runtime ends.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> std::io::Result<T> {
        *self.0.jobs() += 1;
        let job = Job(self.0.clone());
        let working = spawn_blocking(move || {
            let done = work();
            drop(job);
            done
        });
        working.await.map_err(std::io::Error::other)
    }

    /// Gives a body, piece by piece, to work on another thread. `received` hears of plain bytes.
    pub(super) async fn pour<T: Send + 'static>(
        &self,
        mut body: Body,
        received: &(dyn Fn(u64) + Sync),
        work: impl FnOnce(&mut Arriving) -> Attempt<T> + Send + 'static,
    ) -> Attempt<T> {
        let (sender, pieces) = mpsc::channel(WAITING);
        let plain = Arc::new(AtomicU64::new(0));
        let mut arriving = Arriving { pieces, plain: plain.clone() };
        let report = || {
            let count = plain.swap(0, Ordering::Relaxed);
            if count > 0 {
                received(count);
            }
        };
        let pouring = async {
            let mut failed = None;
            loop {
                let piece = match body.next().await {
                    Some(Ok(bytes)) => Some(bytes),
                    Some(Err(error)) => {
                        failed = Some(Fault::from(error));
                        break;
                    }
                    None => None,
                };
                let is_end = piece.is_none();
                // Whoever takes no more says why.
                if sender.send(piece).await.is_err() || is_end {
                    break;
                }
                report();
            }
            drop(sender);
            failed
        };
        let (failed, done) = tokio::join!(pouring, self.run(move || work(&mut arriving)));
        report();
        match (done, failed) {
            (Err(error) | Ok(Attempt::Failed(Fault::Unwritten(error))), _) => {
                Attempt::Failed(Fault::Unwritten(error))
            }
            (Ok(_), Some(fault)) => Attempt::Failed(fault),
            (Ok(done), None) => done,
        }
    }
}

/// The pieces of a body, as they arrive.
pub(super) struct Arriving {
    pieces: mpsc::Receiver<Option<Bytes>>,
    plain: Arc<AtomicU64>,
}

/// What arrives next.
pub(super) enum Next {
    Piece(Bytes),
    /// It has arrived to its end.
    End,
    /// It ends early: what fetches it failed, or was given up.
    Cut,
}

impl Arriving {
    pub(super) fn next(&mut self) -> Next {
        match self.pieces.blocking_recv() {
            Some(Some(piece)) => Next::Piece(piece),
            Some(None) => Next::End,
            None => Next::Cut,
        }
    }

    /// Says that so many plain bytes more were taken.
    pub(super) fn took(&self, plain: u64) {
        self.plain.fetch_add(plain, Ordering::Relaxed);
    }
}
