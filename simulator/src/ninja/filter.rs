//! The device filter `df`: clauses joined by AND, each a key, an operator and a value.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::state::{Approval, Device, seconds};

/// Saved searches by their ids: a name, and the filter that each is.
pub(super) type Groups = BTreeMap<i32, (&'static str, &'static str)>;

/// The saved search that a tenant has.
pub(super) fn groups() -> Groups {
    Groups::from([(7, ("Network devices", "class in (NMS_SERVER,NMS_SWITCH,NMS_WAP,NMS_APPLIANCE)"))])
}

/// A parsed filter.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    clauses: Vec<Clause>,
}

#[derive(Debug, PartialEq)]
enum Clause {
    Choice {
        key: Key,
        negated: bool,
        values: Vec<String>,
    },
    Online(bool),
    /// Added before, at or after a time; a day stands for its beginning, and is equal to all of itself.
    Created(Ordering, Period),
    Group(Filter),
}

/// From a second since 1970 until before another.
type Period = (f64, f64);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Organization,
    Location,
    Role,
    Id,
    Class,
    Status,
}

impl Key {
    fn takes(self, value: &str) -> bool {
        match self {
            Self::Organization | Self::Location | Self::Role | Self::Id => value.parse::<i32>().is_ok(),
            Self::Class => !value.is_empty() && value.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
            Self::Status => ["PENDING", "APPROVED"].contains(&value),
        }
    }
}

impl Filter {
    /// Reads a filter; the error is what is wrong with it.
    pub(super) fn parse(text: &str, groups: &Groups) -> Result<Self, String> {
        let spaced = text.replace("&&", " AND ");
        let mut clauses = Vec::new();
        let mut words = Vec::new();
        for word in spaced.split_whitespace() {
            if word.eq_ignore_ascii_case("and") {
                clauses.push(Clause::parse(&words.join(" "), groups)?);
                words.clear();
            } else {
                words.push(word);
            }
        }
        if !(words.is_empty() && clauses.is_empty()) {
            clauses.push(Clause::parse(&words.join(" "), groups)?);
        }
        Ok(Self { clauses })
    }

    /// Whether the device is shown: pending ones only to a filter that speaks of the status.
    pub(super) fn shows(&self, device: &Device) -> bool {
        let is_status = |clause: &Clause| matches!(clause, Clause::Choice { key: Key::Status, .. });
        let asks_status = self.clauses.iter().any(is_status);
        (asks_status || device.about.approval != Approval::Pending)
            && self.clauses.iter().all(|clause| clause.holds(device))
    }
}

/// How the operators of choices are written, and whether each excludes.
const CHOICES: [(&str, bool); 9] = [
    ("!=", true),
    ("<>", true),
    ("=", false),
    ("neq ", true),
    ("eq ", false),
    ("notin", true),
    ("nin", true),
    ("!in", true),
    ("in", false),
];

/// How the operators of times are written.
const TIMES: [(&str, Ordering); 7] = [
    ("=", Ordering::Equal),
    ("<", Ordering::Less),
    ("lt ", Ordering::Less),
    ("before ", Ordering::Less),
    (">", Ordering::Greater),
    ("gt ", Ordering::Greater),
    ("after ", Ordering::Greater),
];

impl Clause {
    fn parse(text: &str, groups: &Groups) -> Result<Self, String> {
        let refused = || format!("cannot read the clause '{text}'");
        let text_end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (key, rest) = text.split_at(text_end);
        let rest = rest.trim();
        let key = match key {
            "org" | "organization" => Key::Organization,
            "loc" | "location" => Key::Location,
            "role" => Key::Role,
            "id" => Key::Id,
            "class" => Key::Class,
            "status" => Key::Status,
            "online" | "offline" if rest.is_empty() => return Ok(Self::Online(key == "online")),
            "created" => {
                let (operator, order) =
                    TIMES.into_iter().find(|(operator, _)| rest.starts_with(operator)).ok_or_else(refused)?;
                let period = period(rest[operator.len()..].trim()).ok_or_else(refused)?;
                return Ok(Self::Created(order, period));
            }
            "group" => {
                let (_, filter) =
                    rest.parse().ok().and_then(|id: i32| groups.get(&id)).ok_or_else(refused)?;
                return Filter::parse(filter, &Groups::new()).map(Self::Group);
            }
            _ => return Err(refused()),
        };
        let (operator, negated) =
            CHOICES.into_iter().find(|(operator, _)| rest.starts_with(operator)).ok_or_else(refused)?;
        let operand = rest[operator.len()..].trim();
        let values: Vec<String> = if operator.ends_with("in") {
            let inner =
                operand.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).ok_or_else(refused)?;
            inner.split(',').map(|value| value.trim().to_owned()).collect()
        } else {
            vec![operand.to_owned()]
        };
        if !values.iter().all(|value| key.takes(value)) || (key == Key::Status && operator.ends_with("in")) {
            return Err(refused());
        }
        Ok(Self::Choice { key, negated, values })
    }

    fn holds(&self, device: &Device) -> bool {
        let about = &device.about;
        let (key, negated, values) = match self {
            Self::Online(online) => return *online,
            Self::Group(filter) => return filter.shows(device),
            Self::Created(Ordering::Less, (from, _)) => return device.created < *from,
            Self::Created(Ordering::Greater, (from, _)) => return device.created > *from,
            Self::Created(Ordering::Equal, (from, to)) => return (*from..*to).contains(&device.created),
            Self::Choice { key, negated, values } => (key, negated, values),
        };
        let actual = match key {
            Key::Organization => about.organization.to_string(),
            Key::Location => about.location.to_string(),
            Key::Role => device.set.role.to_string(),
            Key::Id => device.id.to_string(),
            Key::Class => about.node_class.clone(),
            Key::Status => about.approval.as_str().to_owned(),
        };
        values.contains(&actual) != *negated
    }
}

/// A day (`yyyyMMdd`, `yyyy-MM-dd`) in UTC, or a millisecond (ISO 8601 with milliseconds and `Z`).
fn period(text: &str) -> Option<Period> {
    let day = Date::strptime("%Y%m%d", text).or_else(|_| Date::strptime("%Y-%m-%d", text));
    if let Ok(day) = day {
        let begins = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|at| seconds(at.timestamp()));
        return Some((begins(day)?, begins(day.tomorrow().ok()?)?));
    }
    let is_instant = text.ends_with('Z') && text.contains('.');
    let from = seconds(text.parse::<Timestamp>().ok().filter(|_| is_instant)?);
    Some((from, from + 0.001))
}

#[cfg(test)]
mod tests {
    use super::super::device::Assigned;
    use super::super::state::NewDevice;
    use super::*;

    fn device(about: NewDevice) -> Device {
        Device { id: 9, uid: String::new(), created: 1_735_689_600.25, about, set: Assigned::default() }
    }

    #[test]
    fn pending_devices_hide_until_the_status_is_asked_for() {
        let waiting = device(NewDevice::new(1, 2, "nas").pending());
        let shows = |text| Filter::parse(text, &groups()).unwrap().shows(&waiting);
        assert!(!shows(""));
        assert!(!shows("org = 1"));
        assert!(shows("org = 1 AND status = PENDING"));
        assert!(shows("org=1 && loc in (2, 3) and status != APPROVED"));
        assert!(!shows("status = APPROVED"));
    }

    #[test]
    fn a_saved_search_shows_no_device_that_waits() {
        let waiting = device(NewDevice::new(1, 2, "nas").pending());
        let shows = |text| Filter::parse(text, &groups()).unwrap().shows(&waiting);
        assert!(!shows("group 7") && !shows("group 7 AND status = PENDING"));
    }

    #[test]
    fn clauses_are_read_as_documented_or_refused() {
        let approved = device(NewDevice::new(1, 2, "nas"));
        for (text, shown) in [
            ("organization eq 1", true),
            ("loc neq 2", false),
            ("id notin (9,10)", false),
            ("class = NMS_SERVER", true),
            ("online", true),
            ("offline", false),
            ("role = 211", true),
            ("role in (304)", false),
            ("created = 20250101", true),
            ("created = 2024-12-31", false),
            ("created after 2025-01-01", true),
            ("created > 2025-01-02", false),
            ("created before 20250101", false),
            ("created lt 2025-01-02 AND created gt 2024-12-31", true),
            ("created < 2025-01-01T00:00:00.300Z", true),
            ("created after 2025-01-01T00:00:00.250Z", false),
            ("group 7", true),
            ("group 7 AND role != 211", false),
        ] {
            assert_eq!(Filter::parse(text, &groups()).unwrap().shows(&approved), shown, "{text}");
        }
        for text in [
            "name = nas",
            "org = Acme",
            "org 1",
            "org in 1",
            "org = 1 AND",
            "org = 1 OR org = 2",
            "class = MAC OR class = NMS_OTHER",
            "status = waiting",
            "role = server",
            "role 211",
            "created 2025-01-01",
            "created after yesterday",
            "created after 2025-13-01",
            "created != 2025-01-01",
            "created after 2025-01-01T00:00:00Z",
            "group = 7",
            "group 8",
            "group",
            "id in ()",
            "status in (PENDING, APPROVED)",
        ] {
            assert!(Filter::parse(text, &groups()).is_err(), "{text}");
        }
    }
}
