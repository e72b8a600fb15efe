use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind};

/// When a task starts: the five fields of cron, each as text, in the appliance's own time zone.
///
/// Numbers are kept without leading zeros, so that two spellings of one time are equal (the middleware fills in `"00"`).
///
/// ```
/// use truenas_client::Schedule;
///
/// let daily: Schedule = "0 0 * * *".parse().unwrap();
/// assert_eq!(daily, "00 00 * * *".parse().unwrap());
/// assert!("0 0 * *".parse::<Schedule>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Schedule {
    minute: String,
    hour: String,
    dom: String,
    month: String,
    dow: String,
}

impl Schedule {
    fn new(fields: [&str; 5]) -> Self {
        let [minute, hour, dom, month, dow] = fields.map(normal);
        Self { minute, hour, dom, month, dow }
    }

    /// Minute, hour, day of the month, month, day of the week.
    pub fn fields(&self) -> [&str; 5] {
        [&self.minute, &self.hour, &self.dom, &self.month, &self.dow]
    }
}

/// A field without the leading zeros of its numbers.
fn normal(field: &str) -> String {
    let digits = !field.is_empty() && field.bytes().all(|b| b.is_ascii_digit());
    let bare = field.trim_start_matches('0');
    match (digits, bare) {
        (true, "") => "0".into(),
        (true, _) => bare.into(),
        (false, _) => field.into(),
    }
}

impl FromStr for Schedule {
    type Err = Error;

    /// Reads `minute hour day-of-month month day-of-week`. What the fields mean is left to the appliance, which checks them.
    fn from_str(text: &str) -> Result<Self, Error> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let legal = |f: &&str| f.bytes().all(|b| b.is_ascii_alphanumeric() || b"*/,-".contains(&b));
        match <[&str; 5]>::try_from(fields) {
            Ok(fields) if fields.iter().all(legal) => Ok(Self::new(fields)),
            _ => {
                let reason =
                    "a schedule has five fields: minute, hour, day of the month, month, day of the week";
                Err(Error::new("schedule", text, ErrorKind::InvalidRequest { reason }))
            }
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fields().join(" "))
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Ok(Self::new([&wire.minute, &wire.hour, &wire.dom, &wire.month, &wire.dow]))
    }
}

/// The appliance may leave out what is the middleware's default (TrueNAS middleware 25.10, `api/v25_10_0/common.py`).
#[derive(Deserialize)]
#[serde(default)]
struct Wire {
    minute: String,
    hour: String,
    dom: String,
    month: String,
    dow: String,
}

impl Default for Wire {
    fn default() -> Self {
        let any = || String::from("*");
        Self { minute: "00".into(), hour: any(), dom: any(), month: any(), dow: any() }
    }
}

/// A time of day, to the minute, in the appliance's own time zone; `HH:MM` in words and on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay {
    minutes: u16,
}

impl TimeOfDay {
    /// Midnight, where a day begins.
    pub const MIDNIGHT: Self = Self { minutes: 0 };
    /// 23:59, the last minute of a day.
    pub const LAST_MINUTE: Self = Self { minutes: 24 * 60 - 1 };

    /// The hour, 0 to 23.
    pub const fn hour(self) -> u16 {
        self.minutes / 60
    }

    /// The minute, 0 to 59.
    pub const fn minute(self) -> u16 {
        self.minutes % 60
    }
}

impl FromStr for TimeOfDay {
    type Err = Error;

    /// Reads `HH:MM`, with or without a leading zero in the hour.
    fn from_str(text: &str) -> Result<Self, Error> {
        let number = |t: &str, least: usize, below: u16| {
            let digits = (least..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
            t.parse::<u16>().ok().filter(|n| digits && *n < below)
        };
        let read = text.split_once(':').and_then(|(h, m)| Some(number(h, 1, 24)? * 60 + number(m, 2, 60)?));
        read.map(|minutes| Self { minutes }).ok_or_else(|| {
            let reason = "a time of day reads like 08:30, from 00:00 to 23:59";
            Error::new("time of day", text, ErrorKind::InvalidRequest { reason })
        })
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("no time of day"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_padded_and_bounded() {
        for (text, shown) in [("0:00", "00:00"), ("08:30", "08:30"), ("23:59", "23:59")] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), shown);
        }
        for wrong in ["24:00", "8:3", "08:60", "+8:00", "0800", "008:00", ""] {
            assert!(wrong.parse::<TimeOfDay>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_schedule_from_the_appliance_equals_the_one_that_was_sent() {
        let read: Schedule = serde_json::from_str(r#"{"minute":"00","hour":"*/2"}"#).unwrap();
        assert_eq!(read, "0 */2 * * *".parse().unwrap());
        assert_eq!(read.to_string(), "0 */2 * * *");
    }
}
