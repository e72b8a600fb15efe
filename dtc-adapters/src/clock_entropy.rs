//! The machine's own clock and random number generator.

use dtc_provision::ports::{Clock, Entropy};
use dtc_provision::{PortError, PortErrorKind};
use jiff::Timestamp;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's random number generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
        getrandom::fill(out).map_err(|error| {
            let attempted = "ask the operating system for random bytes";
            PortError::new(PortErrorKind::Unreachable, attempted, error.to_string())
        })
    }
}
