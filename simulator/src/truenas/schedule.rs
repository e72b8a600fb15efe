//! Times of day, cron schedules and snapshot names, as the appliance takes them.
//!
//! From TrueNAS middleware 25.10, `api/v25_10_0/common.py`, `utils/cron.py`, and zettarepl, `snapshot/name.py`.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::shape::{Field, Kind};

/// A time of day. The hour may have one digit, though times are compared as texts then.
pub(super) const TIME: Kind =
    Kind::That(&Kind::Text, is_time, "Time should be in 24 hour format like \"18:00\"");
/// The name of a periodic snapshot, with placeholders for its time.
pub(super) const SNAPSHOT_NAME: Kind = Kind::Valid(&Kind::Text, check_name);

/// A schedule, with the minute at which it runs where none is given, and the fields that it has besides.
macro_rules! schedule {
    ($minute:literal $(, $more:expr)*) => {
        Kind::Valid(
            &Kind::Object(&[
                Field::or("minute", Kind::Text, $minute),
                Field::or("hour", Kind::Text, "\"*\""),
                Field::or("dom", Kind::Text, "\"*\""),
                Field::or("month", Kind::Text, "\"*\""),
                Field::or("dow", Kind::Text, "\"*\""),
                $($more),*
            ]),
            check_cron,
        )
    };
}
/// When a task runs.
pub(super) const SCHEDULE: Kind = schedule!("\"00\"");
/// The same within a part of the day.
pub(super) const SCHEDULE_OF_DAY: Kind =
    schedule!("\"00\"", Field::or("begin", TIME, "\"00:00\""), Field::or("end", TIME, "\"23:59\""));
/// The snapshots that have a lifetime of their own.
pub(super) const SCHEDULE_OF_LIFETIME: Kind = schedule!("\"*\"");

fn is_time(text: &str) -> bool {
    let number = |part: &str, digits: RangeInclusive<usize>, below: u8| {
        digits.contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse().is_ok_and(|n: u8| n < below)
    };
    text.split_once(':').is_some_and(|(hour, minute)| number(hour, 1..=2, 24) && number(minute, 2..=2, 60))
}

/// Fields of a schedule, the least and the most of each, and the names of numbers.
const FIELDS: [(&str, u8, u8, &str); 5] = [
    ("minute", 0, 59, ""),
    ("hour", 0, 23, ""),
    ("dom", 1, 31, ""),
    ("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    ("dow", 0, 7, "sun mon tue wed thu fri sat"),
];

/// Checks the five fields of a schedule; a complaint is about the schedule as a whole.
fn check_cron(schedule: &Value) -> Result<(), String> {
    for (name, low, high, names) in FIELDS {
        let text = schedule[name].as_str().unwrap_or_default();
        let number = |text: &str| {
            let named =
                names.split(' ').position(|known| !text.is_empty() && known.eq_ignore_ascii_case(text));
            let named = named.and_then(|at| u8::try_from(at).ok()).map(|at| at + low);
            named.or_else(|| text.parse().ok()).filter(|n| (low..=high).contains(n))
        };
        let (values, step) = text.split_once('/').map_or((text, None), |(values, step)| (values, Some(step)));
        let range = |item: &str| match item.split_once('-') {
            Some((from, to)) => number(from).zip(number(to)).is_some_and(|(from, to)| from <= to),
            None => item == "*" || (step.is_none() && number(item).is_some()),
        };
        // An empty field counts as `*`; a step takes one range, not a list.
        let is_list = values.is_empty() || values.split(',').all(range);
        let fits = match step {
            None => is_list,
            Some(step) => range(values) && step.parse().is_ok_and(|n: u8| n > 0),
        };
        if !fits {
            return Err(format!(
                "Value error, Please ensure fields match cron syntax - [{text}] is not acceptable"
            ));
        }
    }
    Ok(())
}

fn check_name(name: &Value) -> Result<(), String> {
    let name = name.as_str().unwrap_or_default();
    let refused = |text: &str| Err(format!("Value error, {text}"));
    if name.contains("%%") {
        return refused("% is not an allowed character in ZFS snapshot name");
    }
    if let Some(wrong) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !" %_.:-".contains(*c)) {
        return refused(&format!("{wrong} is not an allowed character in ZFS snapshot name"));
    }
    let placeholders: Vec<char> =
        name.split('%').skip(1).map(|part| part.chars().next().unwrap_or('%')).collect();
    if placeholders.contains(&'s') {
        if placeholders.iter().any(|placeholder| *placeholder != 's') {
            return refused("No other placeholder can be used with %s in naming schema");
        }
    } else if let Some(missing) = "YmdHM".chars().find(|needed| !placeholders.contains(needed)) {
        return refused(&format!("%{missing} must be present in snapshot naming schema"));
    }
    let twice = |(at, placeholder): (usize, &char)| placeholders[..at].contains(placeholder);
    if placeholders.iter().enumerate().any(twice) {
        return refused("Invalid naming schema: a placeholder stands in it twice");
    }
    if let Some(unknown) = placeholders.iter().find(|p| !"aAwdbBmyYHIpMSfjzs".contains(**p)) {
        return refused(&format!("Invalid naming schema: %{unknown} cannot be read back"));
    }
    if placeholders.contains(&'z') && name.contains("--") {
        return refused("%z and `--` can't be present in snapshot naming schema at the same time");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_is_one_of_the_day_and_its_hour_may_have_one_digit() {
        assert!(is_time("00:00") && is_time("23:59") && is_time("8:00"));
        for wrong in ["24:00", "008:00", "08:60", "0800", "", "08:0", "+8:00"] {
            assert!(!is_time(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_schedule_is_made_of_numbers_ranges_and_steps() {
        let cron = |field: &str, text: &str| {
            let mut schedule = json!({"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*"});
            schedule[field] = text.into();
            check_cron(&schedule)
        };
        for (field, text) in
            [("minute", "0,15,30"), ("hour", "*/2"), ("hour", "8-18/2"), ("dow", "mon-fri"), ("month", "")]
        {
            assert_eq!(cron(field, text), Ok(()), "{field} {text}");
        }
        for (field, text) in [
            ("minute", "60"),
            ("hour", "24"),
            ("dom", "0"),
            ("month", "13"),
            ("dow", "8"),
            ("minute", "5/2"),
            ("minute", "*/0"),
            ("minute", "0-10/2,20-30/2"),
            ("hour", "18-8"),
            ("hour", "daily"),
            ("hour", "1,"),
        ] {
            assert!(cron(field, text).is_err(), "{field} {text}");
        }
    }

    #[test]
    fn a_schema_must_tell_the_minute_and_be_read_back() {
        for right in ["auto-%Y-%m-%d_%H-%M", "x%s", "%Y%m%d%H%M%z"] {
            assert_eq!(check_name(&right.into()), Ok(()), "{right}");
        }
        for wrong in [
            "auto-%Y-%m-%d_%H",
            "a/%Y%m%d%H%M",
            "%%Y%Y%m%d%H%M",
            "%s%z",
            "%s%s",
            "%Y%m%d%H%M%M",
            "%Y%m%d%H%M%q",
            "%Y--%m%d%H%M%z",
            "%Y%m%d%H%M%",
        ] {
            assert!(check_name(&wrong.into()).is_err(), "{wrong}");
        }
    }
}
