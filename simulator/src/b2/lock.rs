//! Object lock: retention, legal hold, and what they forbid.

use serde_json::{Value, json};

use super::fields::only;
use super::refusal::{Refusal, Result};

const DAY: i64 = 86_400_000;
/// The longest default period.
const LONGEST_DAYS: i64 = 3000;

/// How firmly a version is retained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Can be shortened or lifted with a flag and a capability.
    Governance,
    /// Can be lengthened, and never be shortened or removed.
    Compliance,
}

impl Mode {
    pub(crate) fn parse(text: &str) -> Result<Self> {
        match text {
            "governance" => Ok(Self::Governance),
            "compliance" => Ok(Self::Compliance),
            _ => Err(Refusal::bad_request(format!("invalid file retention mode: {text}"))),
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Governance => "governance",
            Self::Compliance => "compliance",
        }
    }
}

/// The retention of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retention {
    pub(crate) mode: Mode,
    /// Milliseconds since the epoch.
    pub(crate) until: i64,
}

impl Retention {
    /// Reads `{mode, retainUntilTimestamp}`; a null mode is no retention.
    pub(crate) fn parse(value: &Value, now: i64) -> Result<Option<Self>> {
        let map = only(value, "fileRetention", &["mode", "retainUntilTimestamp"])?;
        let until = map.get("retainUntilTimestamp").filter(|v| !v.is_null());
        let mode = map.get("mode").filter(|mode| !mode.is_null());
        if !map.contains_key("mode") {
            return Err(Refusal::bad_request("fileRetention needs a mode"));
        }
        match (mode.map(|mode| mode.as_str().unwrap_or_default()), until) {
            (None, None) => Ok(None),
            (Some(mode), Some(until)) => {
                let until = until
                    .as_i64()
                    .ok_or_else(|| Refusal::bad_request("retainUntilTimestamp must be an integer"))?;
                Self::new(Mode::parse(mode)?, until, now).map(Some)
            }
            _ => Err(Refusal::bad_request("file retention needs both mode and retainUntilTimestamp")),
        }
    }

    pub(crate) fn new(mode: Mode, until: i64, now: i64) -> Result<Self> {
        if until <= now {
            return Err(Refusal::new(
                400,
                "retain_until_timestamp_must_be_in_future",
                "The retainUntilTimestamp must be in the future",
            ));
        }
        Ok(Self { mode, until })
    }
}

/// A bucket's template for the retention of its new versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DefaultRetention {
    mode: Mode,
    duration: i64,
    years: bool,
}

impl DefaultRetention {
    /// Reads `{mode, period: {duration, unit}}`; without a mode, or with null, it clears.
    pub(crate) fn parse(value: &Value) -> Result<Option<Self>> {
        let map = only(value, "defaultRetention", &["mode", "period"])?;
        let mode = match map.get("mode") {
            None if !map.is_empty() => return Err(Refusal::bad_request("defaultRetention needs a mode")),
            None | Some(Value::Null) => return Ok(None),
            Some(mode) => Mode::parse(mode.as_str().unwrap_or_default())?,
        };
        let period = only(map.get("period").unwrap_or(&Value::Null), "period", &["duration", "unit"])?;
        let years = match period.get("unit").and_then(Value::as_str) {
            Some("days") => false,
            Some("years") => true,
            _ => return Err(Refusal::bad_request("period unit must be days or years")),
        };
        let duration = period.get("duration").and_then(Value::as_i64).unwrap_or(0);
        let days = duration.saturating_mul(if years { 365 } else { 1 });
        if !(1..=LONGEST_DAYS).contains(&days) {
            return Err(Refusal::bad_request(format!("period duration out of range: {duration}")));
        }
        Ok(Some(Self { mode, duration, years }))
    }

    pub(crate) fn json(this: Option<Self>) -> Value {
        match this {
            None => json!({"mode": null, "period": null}),
            Some(this) => {
                let unit = if this.years { "years" } else { "days" };
                json!({"mode": this.mode.as_str(), "period": {"duration": this.duration, "unit": unit}})
            }
        }
    }

    /// Returns the retention of a version uploaded at `uploaded`.
    pub(crate) fn stamp(self, uploaded: i64) -> Retention {
        let days = if self.years { 365 } else { 1 } * self.duration;
        Retention { mode: self.mode, until: uploaded + days * DAY }
    }
}

/// What holds one version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    pub(crate) retention: Option<Retention>,
    /// `None` where it was never set.
    pub(crate) hold: Option<bool>,
}

impl Lock {
    pub(crate) fn held(&self) -> Option<&'static str> {
        self.hold.map(|on| if on { "on" } else { "off" })
    }

    /// Refuses to delete a version that is held or retained. `bypass`: governance may be passed over.
    pub(crate) fn may_delete(&self, now: i64, bypass: Bypass) -> Result<()> {
        if self.hold == Some(true) {
            return Err(Refusal::locked());
        }
        match self.retention.filter(|retention| retention.until > now) {
            Some(retention) if retention.mode == Mode::Compliance || bypass == Bypass::No => {
                Err(Refusal::locked())
            }
            _ => Ok(()),
        }
    }

    /// Sets another retention, where the present one allows it.
    pub(crate) fn retain(&mut self, wanted: Option<Retention>, now: i64, bypass: Bypass) -> Result<()> {
        if let Some(present) = self.retention.filter(|retention| retention.until > now) {
            let longer = wanted.is_some_and(|wanted| wanted.until >= present.until);
            let firm = wanted.is_some_and(|wanted| wanted.mode == Mode::Compliance);
            let refused = match present.mode {
                Mode::Compliance => !(longer && firm),
                Mode::Governance => !longer && bypass == Bypass::No,
            };
            if refused {
                return Err(Refusal::access_denied());
            }
        }
        self.retention = wanted;
        Ok(())
    }
}

/// Whether governance retention may be bypassed: requested, and within the key's rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bypass {
    Yes,
    No,
}

/// Reads a legal hold.
pub(crate) fn parse_hold(text: &str) -> Result<bool> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(Refusal::bad_request("legalHold must be on or off")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(mode: Mode, until: i64) -> Lock {
        Lock { retention: Some(Retention { mode, until }), hold: None }
    }

    #[test]
    fn compliance_is_only_lengthened() {
        let mut lock = lock(Mode::Compliance, 100);
        assert_eq!(lock.may_delete(50, Bypass::Yes).unwrap_err().status, 401);
        let set =
            |lock: &mut Lock, mode, until| lock.retain(Some(Retention { mode, until }), 50, Bypass::Yes);
        assert!(set(&mut lock, Mode::Compliance, 99).is_err());
        assert!(set(&mut lock, Mode::Governance, 200).is_err());
        assert!(lock.retain(None, 50, Bypass::Yes).is_err());
        assert!(set(&mut lock, Mode::Compliance, 200).is_ok());
        assert!(lock.may_delete(150, Bypass::Yes).is_err());
        assert!(lock.may_delete(200, Bypass::No).is_ok());
    }

    #[test]
    fn governance_yields_to_the_flag_with_the_capability() {
        let mut lock = lock(Mode::Governance, 100);
        assert!(lock.may_delete(50, Bypass::No).is_err());
        assert!(lock.may_delete(50, Bypass::Yes).is_ok());
        assert!(lock.retain(None, 50, Bypass::No).is_err());
        let firm = Some(Retention { mode: Mode::Compliance, until: 100 });
        assert!(lock.retain(firm, 50, Bypass::No).is_ok());
    }

    #[test]
    fn a_hold_outlasts_every_retention() {
        let held = Lock { retention: None, hold: Some(true) };
        assert!(held.may_delete(i64::MAX, Bypass::Yes).is_err());
    }

    #[test]
    fn a_default_counts_from_the_upload() {
        let days = json!({"mode": "compliance", "period": {"duration": 14, "unit": "days"}});
        let default = DefaultRetention::parse(&days).unwrap().unwrap();
        assert_eq!(default.stamp(5).until, 5 + 14 * DAY);
        assert_eq!(DefaultRetention::json(Some(default)), days);
        for duration in [0, -1, 3001] {
            let bad = json!({"mode": "compliance", "period": {"duration": duration, "unit": "days"}});
            assert!(DefaultRetention::parse(&bad).is_err());
        }
    }
}
