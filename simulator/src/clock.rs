//! The one clock of all simulated services.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

/// The time that every simulated service goes by: the machine's, plus what a test has advanced it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    ahead_millis: AtomicI64,
    changed: Notify,
}

impl Clock {
    /// Returns the simulated time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_millis()).unwrap_or(Timestamp::MAX)
    }

    /// Returns the simulated time as milliseconds since the epoch.
    pub fn now_millis(&self) -> i64 {
        let ahead = self.inner.ahead_millis.load(Ordering::SeqCst);
        Timestamp::now().as_millisecond().saturating_add(ahead)
    }

    /// Moves the simulated time back: to the services, the machine's clock runs ahead.
    pub fn turn_back(&self, by: Duration) {
        self.shift(millis(by).saturating_neg());
    }

    /// Moves the simulated time forward. Retention periods, tokens and lifecycle rules follow it, and whatever a
    /// service was waiting for until then happens at once.
    pub fn advance(&self, by: Duration) {
        self.shift(millis(by));
    }

    fn shift(&self, millis: i64) {
        self.inner.ahead_millis.fetch_add(millis, Ordering::SeqCst);
        self.inner.changed.notify_waiters();
    }

    /// Resolves once the simulated time is `duration` later than now.
    pub(crate) async fn sleep(&self, duration: Duration) {
        let until = self.now_millis().saturating_add(millis(duration));
        loop {
            let changed = self.inner.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let left = u64::try_from(until.saturating_sub(self.now_millis())).unwrap_or_default();
            if left == 0 {
                return;
            }
            tokio::select! {
                // Tokio's own time, so that a runtime whose time is paused does not wait for the machine's.
                () = tokio::time::sleep(Duration::from_millis(left)) => return,
                () = changed => {}
            }
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advancing_moves_every_clone() {
        let clock = Clock::default();
        let before = clock.clone().now_millis();
        clock.advance(Duration::from_hours(24));
        assert!(clock.clone().now_millis() - before >= 86_400_000);
    }

    #[tokio::test(start_paused = true)]
    async fn a_sleep_ends_in_a_runtime_whose_time_is_paused() {
        Clock::default().sleep(Duration::from_hours(1)).await;
    }

    #[tokio::test]
    async fn advancing_ends_a_sleep() {
        let clock = Clock::default();
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_hours(1)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_mins(59));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_mins(2));
        sleeper.await.unwrap();
    }
}
