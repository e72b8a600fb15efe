//! How long a command may take: `--timeout`.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dtc_provision::jiff::SignedDuration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::exit::Exit;
use crate::failure::Failure;

/// How long `plan`, `verify` and `apply` may take where `--timeout` does not say.
pub(crate) const DEFAULT: Duration = Duration::from_hours(1);

/// Reads a duration as people write it.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let unreadable = |_| "write it as 90s, 30m or 1h30m".to_owned();
    let parsed = text.parse::<SignedDuration>().map_err(unreadable)?;
    Duration::try_from(parsed).map_err(|_| "it is negative".to_owned())
}

/// A duration in which something can be done at all.
pub(crate) fn time_limit(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        limit if limit.is_zero() => {
            Err("in no time nothing is done; write it as 90s, 30m or 1h30m".to_owned())
        }
        limit => Ok(limit),
    }
}

/// The time that a command has left. Waiting for a person, or for a first run of days, stops the clock.
#[derive(Clone, Debug)]
pub(crate) struct Deadline(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limit: Duration,
    clock: Mutex<Clock>,
    changed: Notify,
}

#[derive(Clone, Copy, Debug)]
struct Clock {
    left: Duration,
    running_since: Option<Instant>,
}

impl Deadline {
    /// A deadline that passes after this long, from now.
    pub(crate) fn new(limit: Duration) -> Self {
        let clock = Mutex::new(Clock { left: limit, running_since: Some(Instant::now()) });
        Self(Arc::new(Shared { limit, clock, changed: Notify::new() }))
    }

    /// A deadline that never passes.
    pub(crate) fn never() -> Self {
        let never = Self::new(Duration::MAX);
        never.pause();
        never
    }

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.0.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the clock.
    pub(crate) fn pause(&self) {
        let mut clock = self.clock();
        if let Some(since) = clock.running_since.take() {
            clock.left = clock.left.saturating_sub(since.elapsed());
            self.0.changed.notify_waiters();
        }
    }

    /// Lets the clock go on.
    pub(crate) fn resume(&self) {
        let mut clock = self.clock();
        if clock.running_since.is_none() {
            clock.running_since = Some(Instant::now());
            self.0.changed.notify_waiters();
        }
    }

    /// Asks a person, with the clock stopped: whoever types takes the time that typing takes.
    pub(crate) fn asking<T>(&self, ask: impl FnOnce() -> T) -> T {
        let runs = self.clock().running_since.is_some();
        self.pause();
        let answer = ask();
        if runs {
            self.resume();
        }
        answer
    }

    /// Resolves when the time is over.
    pub(crate) async fn passed(&self) {
        loop {
            let changed = self.0.changed.notified();
            let Clock { left, running_since } = *self.clock();
            let Some(since) = running_since else {
                changed.await;
                continue;
            };
            tokio::select! {
                // The clock may have been stopped while nothing was polled, as when somebody was asked.
                () = sleep(left.saturating_sub(since.elapsed())) => if self.is_over() { return },
                () = changed => {}
            }
        }
    }

    /// Whether the time is over.
    pub(crate) fn is_over(&self) -> bool {
        let Clock { left, running_since } = *self.clock();
        left <= running_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Runs work that may be dropped at any time, as long as there is time.
    pub(crate) async fn bound<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            ended = work => ended,
            () = self.passed() => Err(self.failure()),
        }
    }

    /// The failure of a command whose time is over.
    pub(crate) fn failure(&self) -> Failure {
        let sentence = format!("not done within {} s, the time that it may take", self.0.limit.as_secs_f64());
        Failure::new(Exit::Incomplete, sentence).remedy("run again, or give it more time: --timeout 4h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn x7_a_command_ends_at_its_deadline_with_code_7() {
        let began = Instant::now();
        let failure =
            Deadline::new(90 * SECOND).bound(std::future::pending::<Result<(), _>>()).await.unwrap_err();
        assert_eq!((began.elapsed().as_secs(), failure.exit.code()), (90, 7));
        let (over, left) = (Deadline::new(SECOND), Deadline::new(91 * SECOND));
        sleep(SECOND).await;
        assert!(over.is_over() && !left.is_over() && !Deadline::never().is_over());
        assert!(failure.sentence.contains("90 s") && failure.remedy.unwrap().contains("--timeout"));
        assert_eq!(DEFAULT, Duration::from_hours(1));
    }

    #[tokio::test(start_paused = true)]
    async fn x7_what_waits_for_people_or_for_days_does_not_use_the_time_up() {
        let (deadline, began) = (Deadline::new(90 * SECOND), Instant::now());
        let work = async {
            sleep(60 * SECOND).await;
            for _ in 0..3 {
                deadline.pause();
                deadline.pause();
                sleep(100_000 * SECOND).await;
                deadline.resume();
                deadline.resume();
                sleep(5 * SECOND).await;
            }
            std::future::pending().await
        };
        deadline.bound::<()>(work).await.unwrap_err();
        assert_eq!(began.elapsed().as_secs(), 300_090);
    }

    /// Asking keeps the thread, so that the end of the time would be seen only afterwards.
    #[tokio::test(start_paused = true)]
    async fn x7_what_is_typed_does_not_use_the_time_up() {
        let typing = || {
            let passes = std::pin::pin!(tokio::time::advance(100_000 * SECOND));
            let mut nobody = std::task::Context::from_waker(std::task::Waker::noop());
            assert!(passes.poll(&mut nobody).is_pending());
            "typed"
        };
        for deadline in std::iter::repeat_with(|| Deadline::new(90 * SECOND)).take(50) {
            let work = async {
                sleep(30 * SECOND).await;
                assert_eq!(deadline.asking(typing), "typed");
                sleep(30 * SECOND).await;
                assert!(!deadline.is_over());
                sleep(31 * SECOND).await;
                Ok(())
            };
            let began = Instant::now();
            assert_eq!(deadline.bound(work).await.unwrap_err().exit, Exit::Incomplete);
            assert_eq!(began.elapsed().as_secs(), 100_090);
        }
        let never = Deadline::never();
        assert_eq!(never.asking(|| never.clock().running_since), None);
        assert!(never.clock().running_since.is_none(), "it runs now");
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_ends_in_time_ends_as_it_does() {
        let done = Deadline::new(SECOND).bound(async { Ok(7) }).await;
        assert_eq!(done.unwrap(), 7);
    }
}
