//! Bandwidth limits: uplinks in megabits, limits in bytes (C3).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::schedule::TimeOfDay;

/// Percent of the uplink in business hours (C3).
pub const BUSINESS_HOURS_PERCENT: u32 = 20;
/// Percent of the uplink outside them (C3).
pub const OFF_HOURS_PERCENT: u32 = 80;

/// A client's uplink, in megabits per second: what contracts and speed tests say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct MegabitsPerSecond(u32);

/// A line of no megabits would be no backup, and to rclone a limit of nothing is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an uplink of 0 Mbit/s; write the line's megabits per second, at least 1")]
pub struct NoUplink;

impl TryFrom<u32> for MegabitsPerSecond {
    type Error = NoUplink;

    fn try_from(megabits: u32) -> Result<Self, NoUplink> {
        Self::new(megabits).ok_or(NoUplink)
    }
}

impl From<MegabitsPerSecond> for u32 {
    fn from(line: MegabitsPerSecond) -> Self {
        line.0
    }
}

/// A limit, in bytes per second: what rclone and TrueNAS count in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BytesPerSecond(u64);

impl MegabitsPerSecond {
    /// So many megabits per second; `None` for zero, since a limit of nothing would be no backup.
    pub fn new(megabits: u32) -> Option<Self> {
        (megabits > 0).then_some(Self(megabits))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }

    /// This share of the line: Mbit/s × percent × 1250 bytes per second.
    ///
    /// ```
    /// use dtc_provision::bandwidth::MegabitsPerSecond;
    ///
    /// let line = MegabitsPerSecond::new(100).unwrap();
    /// assert_eq!(line.percent(20).get(), 2_500_000);
    /// assert_eq!(line.percent(80).get(), 10_000_000);
    /// ```
    pub fn percent(self, percent: u32) -> BytesPerSecond {
        BytesPerSecond(u64::from(self.0) * u64::from(percent) * 1250)
    }
}

impl BytesPerSecond {
    /// So many bytes per second.
    pub fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for MegabitsPerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Mbit/s", self.0)
    }
}

impl fmt::Display for BytesPerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Megabytes where that is exact to the kilobyte, so that nothing shown is rounded.
        if self.0 < 1_000_000 || !self.0.is_multiple_of(1000) {
            return write!(f, "{} B/s", self.0);
        }
        let megabytes = format!("{}.{:03}", self.0 / 1_000_000, self.0 / 1000 % 1000);
        write!(f, "{} MB/s", megabytes.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// A bandwidth limit from a time of day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedLimit {
    /// From when, in the appliance's local time.
    pub from: TimeOfDay,
    /// How much; `None` is no limit.
    pub limit: Option<BytesPerSecond>,
}

impl fmt::Display for TimedLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.limit {
            Some(limit) => write!(f, "{} {limit}", self.from),
            None => write!(f, "{} unlimited", self.from),
        }
    }
}

/// When a client works, in the appliance's local time; may cross midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BusinessHours {
    /// When work begins.
    pub from: TimeOfDay,
    /// When work ends.
    pub to: TimeOfDay,
}

impl BusinessHours {
    /// From one time to another; where the second is the earlier one, over midnight.
    pub fn new(from: TimeOfDay, to: TimeOfDay) -> Self {
        Self { from, to }
    }
}

impl Default for BusinessHours {
    /// 08:00 to 18:00 (C3).
    fn default() -> Self {
        Self { from: TimeOfDay::at_hour(8), to: TimeOfDay::at_hour(18) }
    }
}

/// The limits of one task, for a line that `tasks` tasks share at the same time: each is one rclone process, and a
/// limit is per process (C3). Times rise strictly, and the day begins at midnight.
pub fn schedule(line: MegabitsPerSecond, hours: BusinessHours, tasks: usize) -> Vec<TimedLimit> {
    let share = |percent| {
        let all = line.percent(percent).get();
        Some(BytesPerSecond(all / u64::try_from(tasks.max(1)).unwrap_or(u64::MAX)))
    };
    let (working, resting) = (share(BUSINESS_HOURS_PERCENT), share(OFF_HOURS_PERCENT));
    let midnight = TimeOfDay::MIDNIGHT;
    let crosses_midnight = hours.to < hours.from && hours.to != midnight;
    let mut limits = vec![(midnight, if crosses_midnight { working } else { resting })];
    let mut turns = [(hours.from, working), (hours.to, resting)];
    turns.sort_by_key(|(time, _)| *time);
    for (time, limit) in turns {
        match limits.last_mut() {
            Some(last) if last.0 == time && hours.from != hours.to => last.1 = limit,
            Some(last) if last.0 == time => last.1 = resting,
            _ => limits.push((time, limit)),
        }
    }
    if hours.from == hours.to {
        limits.truncate(1);
    }
    // A day that ends at midnight begins with rest, whatever came last the day before.
    if hours.to == midnight && hours.from != midnight {
        limits[0].1 = resting;
    }
    limits.into_iter().map(|(from, limit)| TimedLimit { from, limit }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    fn limits(from: &str, to: &str, tasks: usize) -> Vec<(String, u64)> {
        let line = MegabitsPerSecond::new(100).unwrap();
        schedule(line, BusinessHours { from: time(from), to: time(to) }, tasks)
            .into_iter()
            .map(|limit| (limit.from.to_string(), limit.limit.unwrap().get()))
            .collect()
    }

    #[test]
    fn c3_a_hundred_megabits_in_the_standards_words() {
        let expected = [("00:00", 10_000_000), ("08:00", 2_500_000), ("18:00", 10_000_000)];
        assert_eq!(limits("08:00", "18:00", 1), expected.map(|(t, b)| (t.to_owned(), b)));
    }

    #[test]
    fn c3_hours_may_cross_midnight() {
        let expected = [("00:00", 2_500_000), ("06:00", 10_000_000), ("22:00", 2_500_000)];
        assert_eq!(limits("22:00", "06:00", 1), expected.map(|(t, b)| (t.to_owned(), b)));
    }

    #[test]
    fn c3_hours_may_touch_midnight() {
        let expected = [("00:00", 2_500_000), ("12:00", 10_000_000)];
        assert_eq!(limits("00:00", "12:00", 1), expected.map(|(t, b)| (t.to_owned(), b)));
        let expected = [("00:00", 10_000_000), ("12:00", 2_500_000)];
        assert_eq!(limits("12:00", "00:00", 1), expected.map(|(t, b)| (t.to_owned(), b)));
    }

    #[test]
    fn c3_an_uplink_is_a_number_of_megabits_and_not_zero() {
        assert_eq!(serde_json::from_str::<MegabitsPerSecond>("100").unwrap().get(), 100);
        for text in ["0", "-1", "2.5", "\"80M\"", "\"100\""] {
            assert!(serde_json::from_str::<MegabitsPerSecond>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn c3_tasks_that_start_together_share_the_line() {
        assert_eq!(limits("08:00", "18:00", 3)[1], ("08:00".to_owned(), 833_333));
    }

    #[test]
    fn c3_limits_are_shown_exactly() {
        let shown =
            [2_500_000, 500_000_000, 833_333, 12_345_000].map(|bytes| BytesPerSecond(bytes).to_string());
        assert_eq!(shown, ["2.5 MB/s", "500 MB/s", "833333 B/s", "12.345 MB/s"]);
    }

    proptest::proptest! {
        #[test]
        fn c3_times_rise_strictly_and_the_line_is_never_exceeded(
            from in 0u16..1440, to in 0u16..1440, tasks in 1usize..9, megabits in 1u32..100_000,
        ) {
            let hours = BusinessHours { from: TimeOfDay::from_minutes(from).unwrap(), to: TimeOfDay::from_minutes(to).unwrap() };
            let line = MegabitsPerSecond::new(megabits).unwrap();
            let limits = schedule(line, hours, tasks);
            proptest::prop_assert_eq!(limits[0].from, TimeOfDay::MIDNIGHT);
            proptest::prop_assert!(limits.windows(2).all(|pair| pair[0].from < pair[1].from));
            for minute in 0..1440u16 {
                let now = TimeOfDay::from_minutes(minute).unwrap();
                let current = limits.iter().rev().find(|limit| limit.from <= now).unwrap();
                let working = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
                let percent = if working { BUSINESS_HOURS_PERCENT } else { OFF_HOURS_PERCENT };
                let share = line.percent(percent).get() / tasks as u64;
                proptest::prop_assert_eq!(current.limit.unwrap().get(), share, "at {}", now);
            }
        }
    }
}
