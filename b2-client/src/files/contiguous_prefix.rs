//! The part of a file from its start that has been written without a gap, and the checksum that is computed over it.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::disk::aside;
use super::progress::Meter;
use super::sha1sum::{Hasher, Sha1};
use super::source::{Reading, Rereadable, STRETCH};

/// Tracks how much of a file has been written contiguously from its start, while several ranges of it are written at the same time.
#[derive(Clone, Debug)]
pub(super) struct ContiguousPrefix(Arc<State>);

#[derive(Debug)]
struct State {
    /// What is not written yet of each range, in the order of the ranges.
    missing: Mutex<Vec<Range<u64>>>,
    advanced: Notify,
}

impl ContiguousPrefix {
    pub(super) fn new(ranges: impl Iterator<Item = Range<u64>>) -> Self {
        Self(Arc::new(State { missing: Mutex::new(ranges.collect()), advanced: Notify::new() }))
    }

    /// Records that more bytes of a range have been written.
    pub(super) fn advance(&self, range: usize, bytes: u64) {
        let mut missing = self.0.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(range) = missing.get_mut(range) {
            range.start = range.end.min(range.start + bytes);
        }
        drop(missing);
        self.0.advanced.notify_one();
    }

    /// The length of the contiguous prefix; `None` when the whole file has been written.
    fn length(&self) -> Option<u64> {
        let missing = self.0.missing.lock().unwrap_or_else(PoisonError::into_inner);
        missing.iter().find(|range| !range.is_empty()).map(|range| range.start)
    }

    /// Computes the checksum of the first `length` bytes. Each stretch is read back as soon as it has been written, while it is still in
    /// the operating system's cache.
    pub(super) async fn sum(&self, source: &Rereadable, length: u64, meter: &Meter) -> io::Result<Sha1> {
        let (mut content, mut sum, mut done) = (Reading::new(source), Hasher::default(), 0);
        while done < length {
            let stretch = (self.length().unwrap_or(length) - done).min(STRETCH);
            if stretch < STRETCH.min(length - done) {
                self.0.advanced.notified().await;
                continue;
            }
            let hash = move || {
                content.feed(stretch, |piece| sum.update(piece))?;
                Ok((content, sum))
            };
            (content, sum) = aside(hash).await?;
            done += stretch;
            meter.hashed(stretch);
        }
        Ok(sum.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::progress::NO_PROGRESS;
    use bytes::Bytes;
    use futures_util::future::join;

    #[tokio::test]
    async fn the_checksum_waits_for_the_gap_and_covers_every_byte_once() {
        let length = 2 * STRETCH + 5;
        let content: Vec<u8> = (0..length).map(|at| (at % 251).to_le_bytes()[0]).collect();
        let ranges = [0..3, 3..STRETCH, STRETCH..STRETCH + 9, STRETCH + 9..length];
        let source = Rereadable::Bytes(Bytes::from(content.clone()));
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let prefix = ContiguousPrefix::new(ranges.clone().into_iter());
            let written = async {
                for range in order {
                    for part in [1, 2] {
                        let whole = ranges[range].end - ranges[range].start;
                        prefix.advance(range, if part == 1 { whole / 2 } else { whole - whole / 2 });
                        tokio::task::yield_now().await;
                    }
                }
            };
            let (found, ()) = join(prefix.sum(&source, length, &NO_PROGRESS), written).await;
            assert_eq!(found.unwrap(), Sha1::of(&content));
        }
    }
}
