//! Times of day, cron schedules and snapshot names, as the appliance takes them.
//!
//! From TrueNAS middleware 25.10, `api/v25_10_0/common.py`, `utils/cron.py`, and zettarepl, `snapshot/name.py`.

use std::ops::RangeInclusive;

use jiff::{RoundMode, ToSpan as _, Unit, Zoned, ZonedRound};
use serde_json::Value;

use super::shape::{Field, Kind, Rules, Style};

/// A time of day. The hour may have one digit, though times are compared as texts then.
pub(super) const TIME: Kind =
    Kind::That(&Kind::Text, is_time, "Time should be in 24 hour format like \"18:00\"");
/// The name of a periodic snapshot, with placeholders for its time.
pub(super) const SNAPSHOT_NAME: Kind = Kind::Valid(&Kind::Text, check_name);

/// A schedule, with the minute at which it runs where none is given, and the fields that it has besides.
macro_rules! schedule {
    ($minute:literal $(, $more:expr)*) => {
        Kind::ValidBy(
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
const FIELDS: [(&str, u16, u16, &str); 5] = [
    ("minute", 0, 59, ""),
    ("hour", 0, 23, ""),
    ("dom", 1, 31, ""),
    ("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    ("dow", 0, 7, "sun mon tue wed thu fri sat"),
];

/// Checks the five fields of a schedule, and the part of the day that it is for; a complaint is about the schedule as a whole.
fn check_cron(schedule: &Value, rules: Rules) -> Result<(), String> {
    for (field, text) in FIELDS.iter().zip(texts(schedule)) {
        if values(field, text).is_none() {
            return Err(format!(
                "Value error, Please ensure fields match cron syntax - [{text}] is not acceptable"
            ));
        }
    }
    let window = |name: &str, default| schedule[name].as_str().and_then(minute_of_day).unwrap_or(default);
    let (begin, end) = (window("begin", 0), window("end", 23 * 60 + 59));
    let is_strict = rules.style == Style::Strict;
    if begin > end {
        let said = if is_strict {
            "Assertion failed, Begin time should be less than or equal to end time"
        } else {
            "Begin time should be less or equal than end time"
        };
        return Err(said.to_owned());
    }
    let [minutes, hours, ..] = all_values(schedule);
    let mut times = hours.iter().flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute));
    if times.any(|time| (begin..=end).contains(&time)) {
        return Ok(());
    }
    let prefix = if is_strict { "Assertion failed, " } else { "" };
    Err(format!("{prefix}Specified schedule does not match specified time interval"))
}

fn texts(schedule: &Value) -> impl Iterator<Item = &str> {
    FIELDS.iter().map(|(name, ..)| schedule[*name].as_str().unwrap_or_default())
}

fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
}

/// The numbers that a field stands for; `None` where it is no cron syntax. An empty field counts as `*`
/// (TrueNAS middleware 25.10, `utils/cron.py`), and a step takes one range, not a list.
fn values(&(_, low, high, names): &(&str, u16, u16, &str), text: &str) -> Option<Vec<u16>> {
    let number = |text: &str| {
        let place = names.split(' ').position(|known| !text.is_empty() && known.eq_ignore_ascii_case(text));
        let word = place.and_then(|at| u16::try_from(at).ok()).map(|at| at + low);
        word.or_else(|| text.parse().ok()).filter(|n| (low..=high).contains(n))
    };
    let range = |item: &str, is_stepped: bool| match item.split_once('-') {
        Some((from, to)) => number(from).zip(number(to)).filter(|(from, to)| from <= to),
        None if item == "*" => Some((low, high)),
        None => number(item).filter(|_| !is_stepped).map(|one| (one, one)),
    };
    match text.split_once('/') {
        None if text.is_empty() => Some((low..=high).collect()),
        None => {
            let ranges: Option<Vec<_>> = text.split(',').map(|item| range(item, false)).collect();
            Some(ranges?.into_iter().flat_map(|(from, to)| from..=to).collect())
        }
        Some((item, step)) => {
            let step = step.parse::<u8>().ok().filter(|step| *step > 0)?;
            let (from, to) = range(item, true)?;
            Some((from..=to).step_by(step.into()).collect())
        }
    }
}

fn all_values(schedule: &Value) -> [Vec<u16>; 5] {
    let mut found =
        FIELDS.iter().zip(texts(schedule)).map(|(field, text)| values(field, text).unwrap_or_default());
    std::array::from_fn(|_| found.next().unwrap_or_default())
}

/// The last moment after `since` and not after `now` at which a schedule runs a task; both in the appliance's time zone.
pub(super) fn last_due(schedule: &Value, since: &Zoned, now: &Zoned) -> Option<Zoned> {
    let [minutes, hours, days, months, weekdays] = all_values(schedule);
    let bound = |name: &str, default| schedule[name].as_str().and_then(minute_of_day).unwrap_or(default);
    let window = bound("begin", 0)..=bound("end", 23 * 60 + 59);
    let is_any = |name: &str| matches!(schedule[name].as_str(), None | Some("" | "*"));
    let is_day = |moment: &Zoned| {
        let day = days.contains(&u16::try_from(moment.day()).unwrap_or_default());
        let weekday = u16::try_from(moment.weekday().to_sunday_zero_offset()).unwrap_or_default();
        let weekday = weekdays.iter().any(|one| one % 7 == weekday);
        let month = months.contains(&u16::try_from(moment.month()).unwrap_or_default());
        // As in every cron: a day of the month and one of the week are alternatives.
        let is_either = !is_any("dom") && !is_any("dow");
        month && if is_either { day || weekday } else { day && weekday }
    };
    let round = ZonedRound::new().smallest(Unit::Minute).mode(RoundMode::Trunc);
    let mut moment = now.round(round).ok()?;
    while moment > *since {
        let (hour, minute) = (u16::try_from(moment.hour()).ok()?, u16::try_from(moment.minute()).ok()?);
        let is_time = minutes.contains(&minute) && hours.contains(&hour);
        if is_time && window.contains(&(hour * 60 + minute)) && is_day(&moment) {
            return Some(moment);
        }
        moment = moment.checked_sub(1.minute()).ok()?;
    }
    None
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
    use crate::truenas::release::Release;

    const STRICT: Rules = Rules { models: Release::Scale25_10, style: Style::Strict };
    const LENIENT: Rules = Rules { models: Release::Core13_3, style: Style::Lenient };

    #[test]
    fn a_schedule_falls_into_its_part_of_the_day() {
        let cron = |minute: &str, begin: &str, end: &str, rules| {
            let schedule = json!({"minute": minute, "hour": "9,12", "dom": "*", "month": "*", "dow": "*",
                "begin": begin, "end": end});
            check_cron(&schedule, rules).err()
        };
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(cron("0", "9:00", "10:00", STRICT), None);
        assert_eq!(cron("30", "09:30", "09:30", LENIENT), None);
        assert_eq!(
            cron("0", "10:00", "09:00", STRICT),
            said("Assertion failed, Begin time should be less than or equal to end time")
        );
        assert_eq!(
            cron("0", "10:00", "09:00", LENIENT),
            said("Begin time should be less or equal than end time")
        );
        let never = "Specified schedule does not match specified time interval";
        assert_eq!(cron("30", "10:00", "12:29", LENIENT), said(never));
        assert_eq!(cron("30", "10:00", "12:29", STRICT), said(&format!("Assertion failed, {never}")));
    }

    #[test]
    fn a_task_was_due_at_the_last_moment_of_its_schedule() {
        let at = |text: &str| format!("{text}[Etc/UTC]").parse::<Zoned>().unwrap();
        let due = |schedule: Value, since: &str, now: &str| {
            last_due(&schedule, &at(since), &at(now)).map(|due| due.strftime("%d_%H-%M").to_string())
        };
        let hourly = json!({"minute": "0", "hour": "*", "dom": "*", "month": "*", "dow": "*"});
        let (since, now) = ("2026-11-29T16:06:00", "2026-11-29T18:30:15");
        assert_eq!(due(hourly.clone(), since, now).as_deref(), Some("29_18-00"));
        assert_eq!(due(hourly.clone(), since, "2026-11-29T16:59:59"), None);
        assert_eq!(due(hourly, "2026-11-29T18:00:00", now), None, "it ran at this one");
        // The 29th is a Sunday; a day of the month and one of the week are alternatives.
        let days = |dom: &str, dow: &str| json!({"minute": "15", "hour": "3", "dom": dom, "month": "*", "dow": dow, "begin": "03:00", "end": "04:00"});
        let week = |schedule| due(schedule, "2026-11-22T16:00:00", now);
        assert_eq!(week(days("*", "7")).as_deref(), Some("29_03-15"));
        assert_eq!(week(days("24", "*")).as_deref(), Some("24_03-15"));
        assert_eq!(week(days("24", "fri")).as_deref(), Some("27_03-15"));
        assert_eq!(week(days("1", "*")), None);
    }

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
            check_cron(&schedule, STRICT)
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
