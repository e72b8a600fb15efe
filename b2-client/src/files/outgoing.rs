//! The body of an upload while it is being sent.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;
use http_core::ByteStream;

use super::progress::Meter;

/// Tracks an upload body: the bytes sent, and the first error of the source, which the error of the HTTP client does not contain.
#[derive(Clone)]
pub(super) struct Outgoing(Arc<State>);

struct State {
    meter: Meter,
    sent: AtomicU64,
    source_error: Mutex<Option<io::Error>>,
}

impl Outgoing {
    pub(super) fn new(meter: Meter) -> Self {
        Self(Arc::new(State { meter, sent: AtomicU64::new(0), source_error: Mutex::default() }))
    }

    /// Starts an attempt: resets the number of bytes sent.
    pub(super) fn begin(&self) {
        match self.0.sent.swap(0, Ordering::Relaxed) {
            0 => {}
            sent => self.0.meter.take_back(sent),
        }
    }

    pub(super) fn sent(&self, bytes: u64) {
        self.0.sent.fetch_add(bytes, Ordering::Relaxed);
        self.0.meter.transferred(bytes);
    }

    /// Returns the content as a stream that records what is sent.
    pub(super) fn watch(&self, content: ByteStream<io::Error>) -> ByteStream<io::Error> {
        let outgoing = self.clone();
        let watched = content.map(move |piece| match piece {
            Ok(piece) => {
                outgoing.sent(piece.len() as u64);
                Ok(piece)
            }
            Err(error) => {
                let kind = error.kind();
                outgoing.source_error().get_or_insert(error);
                Err(io::Error::from(kind))
            }
        });
        watched.boxed()
    }

    /// Takes the error of the source, if it failed.
    pub(super) fn take_source_error(&self) -> Option<io::Error> {
        self.source_error().take()
    }

    fn source_error(&self) -> std::sync::MutexGuard<'_, Option<io::Error>> {
        self.0.source_error.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
