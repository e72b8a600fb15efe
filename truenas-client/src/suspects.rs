//! Calls that may have ended a connection, and have another to themselves.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Mutex, MutexGuard};

use crate::transport::Link;

/// In whose company a call is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// All calls share one connection.
    Others,
    /// A call whose connection ended before its answer came may have ended it, and would take the others along again.
    None,
}

/// The connection of the calls that are sent alone, one after the other. It is closed when none is left.
#[derive(Default)]
pub(crate) struct Suspects {
    link: Mutex<Option<Link>>,
    waiting: AtomicUsize,
}

/// The turn of one of them.
pub(crate) struct Turn<'a> {
    // Given up before the lock is, so that the next one counts only those who still wait.
    place: Place<'a>,
    link: MutexGuard<'a, Option<Link>>,
}

struct Place<'a>(&'a AtomicUsize);

impl Suspects {
    pub(crate) async fn turn(&self) -> Turn<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let place = Place(&self.waiting);
        let link = self.link.lock().await;
        Turn { place, link }
    }
}

impl Turn<'_> {
    /// The connection of the one before, if it is still there.
    pub(crate) fn link(&self) -> Option<Link> {
        self.link.as_ref().filter(|link| link.is_alive()).cloned()
    }

    /// Leaves a connection to the next one.
    pub(crate) fn keep(&mut self, link: Link) -> Link {
        *self.link = Some(link.clone());
        link
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.place.0.load(Ordering::Relaxed) == 1 {
            *self.link = None;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
