//! A body on its way to the service.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;
use http_core::ByteStream;

use super::progress::Meter;

/// A body on its way to the service: how much of it is gone, and the first error of its source, which the connection's own error
/// hides.
#[derive(Clone)]
pub(super) struct Outgoing(Arc<State>);

struct State {
    meter: Meter,
    sent: AtomicU64,
    fault: Mutex<Option<io::Error>>,
}

impl Outgoing {
    pub(super) fn new(meter: Meter) -> Self {
        Self(Arc::new(State { meter, sent: AtomicU64::new(0), fault: Mutex::default() }))
    }

    /// Begins anew: nothing of it is gone.
    pub(super) fn begin(&self) {
        match self.0.sent.swap(0, Ordering::Relaxed) {
            0 => {}
            sent => self.0.meter.back(sent),
        }
    }

    pub(super) fn sent(&self, bytes: u64) {
        self.0.sent.fetch_add(bytes, Ordering::Relaxed);
        self.0.meter.moved(bytes);
    }

    /// The same content, watched as it goes.
    pub(super) fn watch(&self, content: ByteStream<io::Error>) -> ByteStream<io::Error> {
        let outgoing = self.clone();
        let watched = content.map(move |piece| match piece {
            Ok(piece) => {
                outgoing.sent(piece.len() as u64);
                Ok(piece)
            }
            Err(error) => {
                let kind = error.kind();
                outgoing.fault().get_or_insert(error);
                Err(io::Error::from(kind))
            }
        });
        watched.boxed()
    }

    /// What the source failed with, if that is why the body did not arrive.
    pub(super) fn take_fault(&self) -> Option<io::Error> {
        self.fault().take()
    }

    fn fault(&self) -> std::sync::MutexGuard<'_, Option<io::Error>> {
        self.0.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
