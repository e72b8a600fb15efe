//! Object lock on buckets: whether it is enabled, and the default retention of new versions.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// Who can shorten or remove a retention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RetentionMode {
    /// Keys with the capability `bypassGovernance` can.
    Governance,
    /// Nobody can, not even Backblaze.
    Compliance,
    /// A mode that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

/// The length of a retention: a whole number of days or years, at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WirePeriod", from = "WirePeriod")]
#[non_exhaustive]
pub enum Period {
    /// A number of days.
    Days(u32),
    /// A number of years.
    Years(u32),
    /// A period in a unit that this crate does not know.
    Unknown {
        /// The number of units.
        duration: u32,
        /// The unit's name in B2's API.
        unit: String,
    },
}

#[derive(Clone, Serialize, Deserialize)]
struct WirePeriod {
    duration: u32,
    unit: String,
}

impl From<Period> for WirePeriod {
    fn from(period: Period) -> Self {
        match period {
            Period::Days(duration) => Self { duration, unit: "days".to_owned() },
            Period::Years(duration) => Self { duration, unit: "years".to_owned() },
            Period::Unknown { duration, unit } => Self { duration, unit },
        }
    }
}

impl From<WirePeriod> for Period {
    fn from(WirePeriod { duration, unit }: WirePeriod) -> Self {
        match unit.as_str() {
            "days" => Self::Days(duration),
            "years" => Self::Years(duration),
            _ => Self::Unknown { duration, unit },
        }
    }
}

/// The retention of new versions whose upload does not specify one. Changing it does not affect versions that already exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DefaultRetention {
    /// Who can shorten or remove the retention.
    pub mode: RetentionMode,
    /// The length, counted from the upload.
    pub period: Period,
}

impl DefaultRetention {
    /// Retention in compliance mode, which nobody can shorten or remove from an uploaded version.
    pub fn compliance(period: Period) -> Self {
        Self { mode: RetentionMode::Compliance, period }
    }

    /// Retention in governance mode, which keys with `bypassGovernance` can shorten or remove.
    pub fn governance(period: Period) -> Self {
        Self { mode: RetentionMode::Governance, period }
    }

    /// Returns which rule of the service the period breaks: it is neither zero nor more than 3000 days
    /// (backblaze-labs/b2-sdk-typescript, its validation).
    pub(super) fn fault(&self) -> Option<String> {
        match self.period {
            Period::Days(0) | Period::Years(0) => {
                Some("a retention period must be at least one day".to_owned())
            }
            Period::Days(days) if days > 3000 => {
                Some(format!("a retention period is at most 3000 days, not {days}"))
            }
            Period::Years(years) if years > 8 => {
                Some(format!("a retention period is at most 3000 days, not {years} years"))
            }
            _ => None,
        }
    }
}

/// Object lock on a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileLock {
    /// Whether object lock is enabled. It cannot be disabled again.
    pub enabled: bool,
    /// The retention of new versions; `None` for no retention.
    pub default_retention: Option<DefaultRetention>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireLock {
    is_file_lock_enabled: bool,
    default_retention: Option<WireDefault>,
}

#[derive(Deserialize)]
struct WireDefault {
    mode: Option<RetentionMode>,
    period: Option<Period>,
}

impl<'de> Deserialize<'de> for FileLock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = WireLock::deserialize(deserializer)?;
        let default_retention = match wire.default_retention {
            None | Some(WireDefault { mode: None, period: None }) => None,
            Some(WireDefault { mode: Some(mode), .. }) if is_none(&mode) => None,
            Some(WireDefault { mode: Some(mode), period: Some(period) }) => {
                Some(DefaultRetention { mode, period })
            }
            Some(_) => return Err(D::Error::custom("half a retention, expected mode and period")),
        };
        Ok(Self { enabled: wire.is_file_lock_enabled, default_retention })
    }
}

fn is_none(mode: &RetentionMode) -> bool {
    matches!(mode, RetentionMode::Unknown(name) if name == "none")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_retention_reads_as_none_and_set_retention_round_trips() {
        let unset = r#"{"isFileLockEnabled":true,"defaultRetention":{"mode":null,"period":null}}"#;
        let lock: FileLock = serde_json::from_str(unset).unwrap();
        assert_eq!(lock, FileLock { enabled: true, default_retention: None });
        let retention = DefaultRetention::compliance(Period::Days(14));
        let json = serde_json::to_string(&retention).unwrap();
        assert_eq!(json, r#"{"mode":"compliance","period":{"duration":14,"unit":"days"}}"#);
        assert_eq!(serde_json::from_str::<DefaultRetention>(&json).unwrap(), retention);
    }
}
