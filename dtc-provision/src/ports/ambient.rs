//! Time, randomness and patience: what a test must be able to choose.

use std::time::Duration;

use jiff::Timestamp;

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
    fn fill(&self, out: &mut [u8]) -> Result<(), super::PortError>;
}

/// How long to wait for what a service does in its own time.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the vault to give back what it was given, before the write counts as failed (S27).
    pub vault_read_back: Duration,
    /// For a person to add the device to the inventory (S3). Zero does not wait.
    pub device: Duration,
    /// For a first run to end (V1).
    pub first_run: Duration,
    /// Between two looks at any of them.
    pub interval: Duration,
}

impl Default for Patience {
    /// A minute for the vault, none for people and schedules, thirty days for a first run.
    fn default() -> Self {
        Self {
            vault_read_back: Duration::from_mins(1),
            device: Duration::ZERO,
            first_run: Duration::from_hours(30 * 24),
            interval: Duration::from_secs(2),
        }
    }
}
