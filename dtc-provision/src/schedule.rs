//! When something runs: times of day, and schedules of five cron fields.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    minutes: u16,
}

/// A text is not a time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a time of day; write HH:MM, 00:00 to 23:59")]
pub struct NotATimeOfDay(String);

impl TimeOfDay {
    /// 00:00, when a day begins.
    pub const MIDNIGHT: Self = Self { minutes: 0 };
    /// 23:59, the last minute of a day.
    pub const LAST_MINUTE: Self = Self { minutes: 24 * 60 - 1 };

    /// This many minutes after midnight; `None` past the end of the day.
    pub const fn from_minutes(minutes: u16) -> Option<Self> {
        if minutes < 24 * 60 { Some(Self { minutes }) } else { None }
    }

    /// A full hour.
    pub(crate) const fn at_hour(hour: u8) -> Self {
        Self { minutes: (hour % 24) as u16 * 60 }
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATimeOfDay;

    fn from_str(text: &str) -> Result<Self, NotATimeOfDay> {
        let digits = |part: &str, below: u16| {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
                .filter(|&number| number < below)
        };
        let parsed = text.split_once(':').and_then(|(hours, minutes)| {
            Some(Self { minutes: digits(hours, 24)? * 60 + digits(minutes, 60)? })
        });
        parsed.ok_or_else(|| NotATimeOfDay(text.to_owned()))
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NotATimeOfDay;

    fn try_from(text: String) -> Result<Self, NotATimeOfDay> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

/// When a task runs: minute, hour, day of month, month, day of week, as cron writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Schedule(String);

/// A text is not a schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a schedule; write five cron fields, such as \"0 0 * * *\"")]
pub struct NotASchedule(String);

impl Schedule {
    /// Every day at midnight.
    pub fn daily_at_midnight() -> Self {
        Self("0 0 * * *".to_owned())
    }

    /// Every hour, on the hour.
    pub fn hourly() -> Self {
        Self("0 * * * *".to_owned())
    }

    /// The five fields, one space apart.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Schedule {
    type Err = NotASchedule;

    /// Reads five fields with any white space between them.
    fn from_str(text: &str) -> Result<Self, NotASchedule> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let legal = |field: &&str| field.bytes().all(|b| b.is_ascii_alphanumeric() || b"*/,-".contains(&b));
        if fields.len() == 5 && fields.iter().all(legal) {
            return Ok(Self(fields.join(" ")));
        }
        Err(NotASchedule(text.to_owned()))
    }
}

impl TryFrom<String> for Schedule {
    type Error = NotASchedule;

    fn try_from(text: String) -> Result<Self, NotASchedule> {
        text.parse()
    }
}

impl From<Schedule> for String {
    fn from(schedule: Schedule) -> Self {
        schedule.0
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_a_schedule_is_five_fields() {
        assert_eq!("0  0 * *\t*".parse(), Ok(Schedule::daily_at_midnight()));
        for wrong in ["", "0 0 * *", "0 0 * * * *", "0 0 * * \u{7}", "a;b 0 * * *"] {
            assert!(wrong.parse::<Schedule>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn c3_a_time_of_day_is_hours_and_minutes() {
        assert_eq!("23:59".parse(), Ok(TimeOfDay::LAST_MINUTE));
        for wrong in ["24:00", "8:00", "08:60", "0800", "08:00:00", ""] {
            assert!(wrong.parse::<TimeOfDay>().is_err(), "{wrong:?}");
        }
    }
}
