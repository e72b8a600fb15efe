//! Ctrl-C, and what asks a service to end.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::exit::{Exit, Failure};

/// Runs `work` until it is done or interrupted. For work that only reads, and for simulators of our own.
pub(crate) async fn stops<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::select! {
        ended = work => ended,
        () = asked() => Err(interrupted()),
    }
}

/// The failure of a command that was interrupted.
pub(crate) fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted")
}

/// Listens from now on, and resolves when the program is asked to end: by Ctrl-C, or on Unix by SIGTERM.
#[cfg(unix)]
pub(crate) fn asked() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let listening = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    async move {
        let (Ok(mut interrupt), Ok(mut terminate)) = listening else { return std::future::pending().await };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Resolves when the program is asked to end.
#[cfg(not(unix))]
pub(crate) async fn asked() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Where work that writes may stop: between two calls, or at once while it only waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brake(Arc<State>);

#[derive(Debug, Default)]
struct State {
    pulled: AtomicBool,
    waiting: AtomicBool,
    changed: Notify,
}

/// What work is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// Nothing is under way but looking: it may stop here at any time.
    Waiting,
    /// A call has ended and the next has not begun.
    Boundary,
}

impl Brake {
    /// Told by the work where it is. True when it must go no further.
    pub(crate) fn passes(&self, at: At) -> bool {
        self.0.waiting.store(at == At::Waiting, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        self.0.pulled.load(Ordering::SeqCst)
    }

    /// Resolves when the work may be dropped: after a Ctrl-C while it waits, or after a second one. `finishing` is
    /// called when a first one comes during a call.
    pub(crate) async fn pulled(&self, finishing: impl FnOnce()) {
        asked().await;
        self.0.pulled.store(true, Ordering::SeqCst);
        if !self.0.waiting.load(Ordering::SeqCst) {
            finishing();
        }
        let waiting = async {
            loop {
                let changed = self.0.changed.notified();
                if self.0.waiting.load(Ordering::SeqCst) {
                    return;
                }
                changed.await;
            }
        };
        tokio::select! {
            () = waiting => {}
            () = asked() => {}
        }
    }
}
