//! NinjaOne's two ways to write a moment: seconds with a fraction, and whole milliseconds, each a type of its own.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment as answers have it: seconds since 1970, with a fraction.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(f64);

impl Timestamp {
    /// So many seconds after the beginning of 1970.
    pub const fn new(seconds: f64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    pub const fn seconds(self) -> f64 {
        self.0
    }

    /// The same moment in milliseconds; what is finer is cut off. `None` where it lies outside of what a `Duration` holds, or before 1970.
    pub fn milliseconds(self) -> Option<Milliseconds> {
        let since = Duration::try_from_secs_f64(self.0).ok()?;
        Some(Milliseconds(i64::try_from(since.as_millis()).ok()?))
    }
}

/// A moment as custom fields and maintenance windows have it: milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milliseconds(i64);

impl Milliseconds {
    /// So many milliseconds after the beginning of 1970.
    pub const fn new(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since 1970.
    pub const fn get(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gotcha_13_seconds_and_milliseconds_do_not_mix() {
        assert_eq!(
            Timestamp::new(1_735_689_600.25).milliseconds(),
            Some(Milliseconds::new(1_735_689_600_250))
        );
        for never in [-1.0, f64::NAN, f64::INFINITY, 1e30] {
            assert_eq!(Timestamp::new(never).milliseconds(), None, "{never}");
        }
    }
}
