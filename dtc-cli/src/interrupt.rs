//! Ctrl-C, and what asks a service to end.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::deadline::Deadline;
use crate::failure::Failure;

/// Runs `work` until it is done or interrupted. For work that only reads, and for simulators of our own.
pub(crate) async fn until_interrupted<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        ended = work => ended,
        () = requested() => Err(Failure::interrupted()),
    }
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

/// Listens from now on, and resolves when the program is asked to end: by Ctrl-C, by Ctrl-Break, or because its window is
/// closed. Windows ends the program a few seconds after the last of these.
#[cfg(windows)]
pub(crate) fn requested() -> impl Future<Output = ()> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close};
    let listening = (ctrl_c(), ctrl_break(), ctrl_close());
    async move {
        let (Ok(mut c), Ok(mut pause), Ok(mut close)) = listening else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = c.recv() => {}
            _ = pause.recv() => {}
            _ = close.recv() => {}
        }
    }
}

/// Stops work that writes where that is safe: between two calls, or at once while the work only waits.
#[derive(Clone, Debug)]
pub(crate) struct SafeStop(Arc<State>);

#[derive(Debug)]
struct State {
    deadline: Deadline,
    requested: AtomicBool,
    out_of_time: AtomicBool,
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

impl Default for SafeStop {
    /// Stops at a Ctrl-C only.
    fn default() -> Self {
        Self::at(&Deadline::never())
    }
}

impl SafeStop {
    /// Stops at a Ctrl-C, and at a deadline, whose clock stands still while the work waits.
    pub(crate) fn at(deadline: &Deadline) -> Self {
        Self(Arc::new(State {
            deadline: deadline.clone(),
            requested: AtomicBool::new(false),
            out_of_time: AtomicBool::new(false),
            waiting: AtomicBool::new(false),
            changed: Notify::new(),
        }))
    }

    /// Why the work was stopped.
    pub(crate) fn failure(&self) -> Failure {
        if self.0.out_of_time.load(Ordering::SeqCst) {
            self.0.deadline.failure()
        } else {
            Failure::interrupted()
        }
    }

    /// The work reports where it is. True when it must go no further.
    pub(crate) fn must_stop(&self, at: At) -> bool {
        self.0.waiting.store(at == At::Waiting, Ordering::SeqCst);
        match at {
            At::Waiting => self.0.deadline.pause(),
            At::Boundary => self.0.deadline.resume(),
        }
        self.0.changed.notify_waiters();
        self.0.requested.load(Ordering::SeqCst)
    }

    /// Resolves when the work may be dropped: after a Ctrl-C or the deadline while it waits, or after a second Ctrl-C. `finishing`
    /// is called with the reason when the first comes during a call.
    pub(crate) async fn reached(&self, finishing: impl FnOnce(&str)) {
        let reason = tokio::select! {
            () = requested() => "interrupted",
            () = self.0.deadline.passed() => {
                self.0.out_of_time.store(true, Ordering::SeqCst);
                "out of time"
            }
        };
        self.0.requested.store(true, Ordering::SeqCst);
        if !self.0.waiting.load(Ordering::SeqCst) {
            finishing(reason);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    /// The call that is under way when the time is over ends first, and the next is not begun.
    #[tokio::test(start_paused = true)]
    async fn x7_an_apply_stops_between_two_calls_when_its_time_is_over() {
        let stop = SafeStop::at(&Deadline::new(Duration::from_secs(30)));
        let began = Instant::now();
        let mut reasons = Vec::new();
        let work = async {
            assert!(!stop.must_stop(At::Boundary));
            sleep(Duration::from_secs(20)).await;
            assert!(!stop.must_stop(At::Waiting), "a first run of days");
            sleep(Duration::from_hours(48)).await;
            assert!(!stop.must_stop(At::Boundary));
            sleep(Duration::from_secs(25)).await;
            assert!(stop.must_stop(At::Boundary));
        };
        tokio::select! {
            () = work => {}
            () = stop.reached(|why| reasons.push(why.to_owned())) => panic!("dropped in the middle of a call"),
        }
        assert_eq!(reasons, ["out of time"]);
        assert_eq!(began.elapsed(), Duration::from_secs(20 + 48 * 3600 + 25));
        assert_eq!(stop.failure().exit, Exit::Incomplete);
        assert_eq!(SafeStop::default().failure().exit, Exit::Interrupted);
    }
}
