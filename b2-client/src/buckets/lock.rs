//! Object lock on buckets: whether it is on, and the retention that new versions get.

use serde::{Deserialize, Deserializer, Serialize};

/// How firmly retention holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum RetentionMode {
    /// A key with `bypassGovernance` can shorten or remove it.
    Governance,
    /// Nobody can shorten or remove it, Backblaze included.
    Compliance,
    /// A mode newer than this crate.
    #[serde(untagged)]
    Unknown(String),
}

/// A length of time as the service counts it: whole days or years of at least one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "WirePeriod", from = "WirePeriod")]
#[non_exhaustive]
pub enum Period {
    /// So many days.
    Days(u32),
    /// So many years.
    Years(u32),
    /// So many of a unit newer than this crate.
    Unknown {
        /// How many.
        duration: u32,
        /// Of what.
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

/// The retention that each new version in a bucket gets when its upload does not say otherwise. It is a template: changing it
/// changes nothing about versions that already exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DefaultRetention {
    /// How firmly it holds.
    pub mode: RetentionMode,
    /// How long, from the upload.
    pub period: Period,
}

impl DefaultRetention {
    /// Retention that nobody can shorten or remove from a version, once it has it.
    pub fn compliance(period: Period) -> Self {
        Self { mode: RetentionMode::Compliance, period }
    }

    /// Retention that a key with `bypassGovernance` can shorten or remove.
    pub fn governance(period: Period) -> Self {
        Self { mode: RetentionMode::Governance, period }
    }

    /// What the service is known to refuse: zero, and more than 3000 days (backblaze-labs/b2-sdk-typescript, its validation).
    pub(super) fn fault(&self) -> Option<String> {
        match self.period {
            Period::Days(0) | Period::Years(0) => Some("a retention of zero length is none".to_owned()),
            Period::Days(days) if days > 3000 => Some(format!("{days} days of retention are more than 3000")),
            Period::Years(years) if years > 8 => {
                Some(format!("{years} years of retention are more than 3000 days"))
            }
            _ => None,
        }
    }
}

/// Object lock on a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileLock {
    /// Whether files can be locked; once on, it stays on.
    pub enabled: bool,
    /// What new versions get; `None` for nothing.
    pub default_retention: Option<DefaultRetention>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireLock {
    #[serde(default)]
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
        let default_retention = wire.default_retention.and_then(|wire| match wire {
            WireDefault { mode: Some(mode), period: Some(period) } if !is_none(&mode) => {
                Some(DefaultRetention { mode, period })
            }
            _ => None,
        });
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
