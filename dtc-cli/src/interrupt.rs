//! Ctrl-C, and what asks a service to end.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::exit::Exit;
use crate::failure::Failure;

/// Runs `work` until it is done or interrupted. For work that only reads, and for simulators of our own.
pub(crate) async fn until_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        ended = work => ended,
        () = requested() => Err(interrupted()),
    }
}

/// The failure of a command that was interrupted.
pub(crate) fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted")
}

/// Listens from now on, and resolves when the program is asked to end: by Ctrl-C, or on Unix by SIGTERM.
#[cfg(unix)]
pub(crate) fn requested() -> impl Future<Output = ()> {
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
pub(crate) async fn requested() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Stops work that writes where that is safe: between two calls, or at once while the work only waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct SafeStop(Arc<State>);

#[derive(Debug, Default)]
struct State {
    requested: AtomicBool,
    waiting: AtomicBool,
    changed: Notify,
}

/// What the work is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// It only looks and waits: it may stop here at any time.
    Waiting,
    /// A call has ended and the next has not begun.
    Boundary,
}

impl SafeStop {
    /// The work reports where it is. True when it must go no further.
    pub(crate) fn must_stop(&self, at: At) -> bool {
        self.0.waiting.store(at == At::Waiting, Ordering::SeqCst);
        self.0.changed.notify_waiters();
        self.0.requested.load(Ordering::SeqCst)
    }

    /// Resolves when the work may be dropped: after a Ctrl-C while it waits, or after a second one. `finishing` is
    /// called when the first one comes during a call.
    pub(crate) async fn reached(&self, finishing: impl FnOnce()) {
        requested().await;
        self.0.requested.store(true, Ordering::SeqCst);
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
            () = requested() => {}
        }
    }
}
