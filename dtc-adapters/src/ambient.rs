//! The machine's own clock and generator.

use dtc_provision::ports::{Clock, Entropy};
use dtc_provision::{PortError, PortErrorKind};
use jiff::Timestamp;

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's generator.
pub(crate) struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
        getrandom::fill(out).map_err(|error| {
            let attempted = "ask the operating system for random bytes";
            PortError::new(PortErrorKind::Unreachable, attempted, error.to_string())
        })
    }
}
