//! How long the clients wait, and how long provisioning does: values that a site file or a test can change.

use std::time::Duration;

use dtc_provision::ports::Waits;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};

/// How long clients wait before they make a call again: at most `first`, doubling up to `longest`, a random part of it
/// each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Backoff {
    /// The bound before the second attempt.
    #[serde(deserialize_with = "duration")]
    pub first: Duration,
    /// The bound before any later attempt.
    #[serde(deserialize_with = "duration")]
    pub longest: Duration,
    /// The wait after an answer of too many requests that does not say how long, from a service that counts them over minutes: IT Glue and
    /// HaloPSA, whose clients wait for a minute unless given.
    #[serde(default, deserialize_with = "some_duration")]
    pub rate_limit: Option<Duration>,
}

impl Backoff {
    /// A backoff with these bounds.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, rate_limit: None }
    }

    /// Waits this long after an answer of too many requests that does not say how long.
    pub fn rate_limit(mut self, wait: Duration) -> Self {
        self.rate_limit = Some(wait);
        self
    }
}

/// How long connecting and calls may take. What is `None` is left to each client's own default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Timeouts {
    /// Connecting, TLS included.
    #[serde(deserialize_with = "some_duration")]
    pub connect: Option<Duration>,
    /// An attempt in which neither side sends a byte.
    #[serde(deserialize_with = "some_duration")]
    pub idle: Option<Duration>,
    /// A whole call, with every attempt and the waiting between them.
    #[serde(deserialize_with = "some_duration")]
    pub call: Option<Duration>,
}

impl Timeouts {
    /// Gives up connecting after this long.
    pub fn connect(mut self, limit: Duration) -> Self {
        self.connect = Some(limit);
        self
    }

    /// Gives up an attempt after this long without a byte.
    pub fn idle(mut self, limit: Duration) -> Self {
        self.idle = Some(limit);
        self
    }

    /// Gives up a call after this long.
    pub fn call(mut self, limit: Duration) -> Self {
        self.call = Some(limit);
        self
    }
}

/// The table `[waits]` of a site file: the parts of [`Waits`] that do not come from the command's arguments.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WaitsTable {
    #[serde(deserialize_with = "some_duration")]
    vault_read_back: Option<Duration>,
    #[serde(deserialize_with = "some_duration")]
    first_run: Option<Duration>,
    #[serde(deserialize_with = "some_duration")]
    poll_interval: Option<Duration>,
}

impl From<WaitsTable> for Waits {
    fn from(waits: WaitsTable) -> Self {
        let default = Self::default();
        Self {
            vault_read_back: waits.vault_read_back.unwrap_or(default.vault_read_back),
            first_run: waits.first_run.unwrap_or(default.first_run),
            poll_interval: waits.poll_interval.unwrap_or(default.poll_interval),
            ..default
        }
    }
}

/// Nothing is waited for longer than this.
const LONGEST: Duration = Duration::from_hours(366 * 24);

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let parsed = text.parse::<SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    match parsed {
        Some(duration) if duration.is_zero() => {
            Err(de::Error::custom("no time at all is no duration to wait"))
        }
        Some(duration) if duration > LONGEST => Err(de::Error::custom("this is longer than a year")),
        Some(duration) => Ok(duration),
        None => {
            let problem = format!("{text:?} is no duration; write it as 500ms, 90s or 1h30m");
            Err(de::Error::custom(problem))
        }
    }
}

fn some_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_people_say_them() {
        let backoff: Backoff = toml::from_str("first = \"20ms\"\nlongest = \"1m30s\"").unwrap();
        assert_eq!(backoff, Backoff::new(Duration::from_millis(20), Duration::from_secs(90)));
        let limited: Backoff =
            toml::from_str("first = \"20ms\"\nlongest = \"1m30s\"\nrate_limit = \"2m\"").unwrap();
        assert_eq!(limited, backoff.rate_limit(Duration::from_mins(2)));
        let timeouts: Timeouts = toml::from_str("call = \"3s\"").unwrap();
        assert_eq!(timeouts, Timeouts::default().call(Duration::from_secs(3)));
        for wrong in [
            "call = \"soon\"",
            "call = \"-3s\"",
            "call = 3",
            "calls = \"3s\"",
            "call = \"0s\"",
            "call = \"9000h\"",
        ] {
            assert!(toml::from_str::<Timeouts>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn waits_that_are_left_out_keep_their_defaults() {
        let waits: WaitsTable = toml::from_str("poll_interval = \"20ms\"").unwrap();
        let (waits, default) = (Waits::from(waits), Waits::default());
        assert_eq!(waits.poll_interval, Duration::from_millis(20));
        assert_eq!(
            (waits.vault_read_back, waits.first_run, waits.device),
            (default.vault_read_back, default.first_run, default.device)
        );
    }
}
