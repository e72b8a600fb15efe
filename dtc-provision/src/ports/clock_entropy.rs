//! Time, randomness and time-outs: what a test must be able to choose.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::port_error::PortError;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;
}

/// Supplies unpredictable bytes; the operating system's generator outside tests.
pub trait Entropy: Send + Sync {
    /// Fills `out` with bytes nobody can foresee.
    ///
    /// # Errors
    /// When the operating system has none to give; nothing is generated then.
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError>;
}

/// How long to wait for what a service or a person does in their own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// For the vault to give back what it was given, before the write counts as failed (S27).
    pub vault_read_back: Duration,
    /// For a person to add the device to the inventory (S3). Zero does not wait.
    pub device: Duration,
    /// For a first run to end (V1).
    pub first_run: Duration,
    /// Between two looks at any of them.
    pub poll_interval: Duration,
}

impl Default for Waits {
    /// A minute for the vault, none for people, thirty days for a first run, a look every two seconds.
    fn default() -> Self {
        Self {
            vault_read_back: Duration::from_mins(1),
            device: Duration::ZERO,
            first_run: Duration::from_hours(30 * 24),
            poll_interval: Duration::from_secs(2),
        }
    }
}
