//! Ids that Backblaze issues, a type for each, and its timestamps.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

http_core::id_types! {
    /// The id of an account. The id of an account's master key is the same text; ids of other keys are not (reference:
    /// `b2_authorize_account`).
    AccountId: String;
    /// The id of an application key (its public half).
    KeyId: String;
    /// The id of a bucket.
    BucketId: String;
    /// The id of a version of a file or of an unfinished large file. Opaque, up to about 200 characters.
    FileId: String;
}

/// The revision of a bucket, which increases with each update. Pass it to
/// [`UpdateBucket::if_revision`](crate::buckets::UpdateBucket::if_revision) to make an update conditional.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// Wraps a revision that was read earlier.
    pub fn new(revision: u64) -> Self {
        Self(revision)
    }

    /// Returns the number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A timestamp in milliseconds since 1970-01-01 00:00:00 UTC, as B2 reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UnixMillis(i64);

impl<'de> Deserialize<'de> for UnixMillis {
    /// Reads a whole number, also where it is written as text or with a fraction of zero.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Some(whole) = value.as_i64() {
            return Ok(Self(whole));
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let whole = text.strip_suffix(".0").unwrap_or(&text);
        whole.parse().map(Self).map_err(|_| D::Error::custom("no time, expected milliseconds"))
    }
}

impl UnixMillis {
    /// Creates a timestamp from milliseconds since the Unix epoch.
    pub fn new(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Returns the milliseconds since the Unix epoch.
    pub fn get(self) -> i64 {
        self.0
    }

    /// Adds a duration; the result saturates at the largest timestamp.
    ///
    /// To compute the end of a retention period, start from a time that the service reported, such as an upload time or
    /// [`Client::service_time`](crate::Client::service_time), because the local clock may be wrong.
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for UnixMillis {
    /// Formats as milliseconds since the Unix epoch, as in B2's API.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<UnixMillis> for SystemTime {
    fn from(at: UnixMillis) -> Self {
        let distance = Duration::from_millis(at.0.unsigned_abs());
        if at.0 < 0 { Self::UNIX_EPOCH - distance } else { Self::UNIX_EPOCH + distance }
    }
}

impl From<SystemTime> for UnixMillis {
    fn from(at: SystemTime) -> Self {
        let millis = |distance: Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
        Self(match at.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => millis(after),
            Err(before) => -millis(before.duration()),
        })
    }
}
