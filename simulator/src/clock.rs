//! The one clock of all simulated services.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// The time that every simulated service lives by: the machine's, plus what a test has advanced it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicI64>,
}

impl Clock {
    /// Returns the simulated time.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_millis()).unwrap_or(Timestamp::MAX)
    }

    /// Returns the simulated time as milliseconds since the epoch.
    pub fn now_millis(&self) -> i64 {
        Timestamp::now().as_millisecond().saturating_add(self.ahead_millis.load(Ordering::Relaxed))
    }

    /// Lets the services live this much earlier: to them, the machine's clock runs ahead.
    pub fn turn_back(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead_millis.fetch_sub(millis, Ordering::Relaxed);
    }

    /// Moves the simulated time forward; retention periods, tokens and lifecycle rules follow it.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.ahead_millis.fetch_add(millis, Ordering::Relaxed);
    }
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
}
