//! The device filter `df`: clauses joined by AND, each a key, an operator and a value.

use super::state::{Approval, Device};

/// A parsed filter.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    clauses: Vec<Clause>,
}

#[derive(Debug, PartialEq)]
struct Clause {
    key: Key,
    negated: bool,
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Organization,
    Location,
    Id,
    Class,
    Status,
    Online,
}

impl Key {
    fn takes(self, value: &str) -> bool {
        match self {
            Self::Organization | Self::Location | Self::Id => value.parse::<i32>().is_ok(),
            Self::Class => !value.is_empty() && value.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
            Self::Status => ["PENDING", "APPROVED"].contains(&value),
            Self::Online => false,
        }
    }
}

impl Filter {
    /// Reads a filter; the error is what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let spaced = text.replace("&&", " AND ");
        let mut clauses = Vec::new();
        let mut words = Vec::new();
        for word in spaced.split_whitespace() {
            if word.eq_ignore_ascii_case("and") {
                clauses.push(Clause::parse(&words.join(" "))?);
                words.clear();
            } else {
                words.push(word);
            }
        }
        if !(words.is_empty() && clauses.is_empty()) {
            clauses.push(Clause::parse(&words.join(" "))?);
        }
        Ok(Self { clauses })
    }

    /// Whether the device is shown: pending ones only to a filter that speaks of the status.
    pub(super) fn shows(&self, device: &Device) -> bool {
        let asks_status = self.clauses.iter().any(|clause| clause.key == Key::Status);
        (asks_status || device.about.approval != Approval::Pending)
            && self.clauses.iter().all(|clause| clause.holds(device))
    }
}

impl Clause {
    fn parse(text: &str) -> Result<Self, String> {
        let refused = || format!("cannot read the clause '{text}'");
        let text_end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (key, rest) = text.split_at(text_end);
        let rest = rest.trim();
        let key = match key {
            "org" | "organization" => Key::Organization,
            "loc" | "location" => Key::Location,
            "id" => Key::Id,
            "class" => Key::Class,
            "status" => Key::Status,
            "online" if rest.is_empty() => {
                return Ok(Self { key: Key::Online, negated: false, values: vec![] });
            }
            "offline" if rest.is_empty() => {
                return Ok(Self { key: Key::Online, negated: true, values: vec![] });
            }
            _ => return Err(refused()),
        };
        let operators = [
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
        let (operator, negated) =
            operators.into_iter().find(|(operator, _)| rest.starts_with(operator)).ok_or_else(refused)?;
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
        Ok(Self { key, negated, values })
    }

    fn holds(&self, device: &Device) -> bool {
        let about = &device.about;
        let actual = match self.key {
            Key::Organization => about.organization.to_string(),
            Key::Location => about.location.to_string(),
            Key::Id => device.id.to_string(),
            Key::Class => about.node_class.clone(),
            Key::Status => match about.approval {
                Approval::Pending => "PENDING".to_owned(),
                Approval::Approved => "APPROVED".to_owned(),
            },
            Key::Online => return !self.negated,
        };
        self.values.contains(&actual) != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::super::device::Assigned;
    use super::super::state::NewDevice;
    use super::*;

    fn device(about: NewDevice) -> Device {
        Device { id: 9, uid: String::new(), created: 0.0, about, set: Assigned::default() }
    }

    #[test]
    fn pending_devices_hide_until_the_status_is_asked_for() {
        let waiting = device(NewDevice::new(1, 2, "nas").pending());
        let shows = |text| Filter::parse(text).unwrap().shows(&waiting);
        assert!(!shows(""));
        assert!(!shows("org = 1"));
        assert!(shows("org = 1 AND status = PENDING"));
        assert!(shows("org=1 && loc in (2, 3) and status != APPROVED"));
        assert!(!shows("status = APPROVED"));
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
        ] {
            assert_eq!(Filter::parse(text).unwrap().shows(&approved), shown, "{text}");
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
            "status in (PENDING, APPROVED)",
        ] {
            assert!(Filter::parse(text).is_err(), "{text}");
        }
    }
}
