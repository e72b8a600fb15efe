//! The names of periodic snapshots: retention reads the time back from them, so that a schema which cannot be read back keeps every snapshot for
//! good, or none.

use std::fmt::Write as _;

use crate::error::ErrorKind;

/// A moment, to the second: year, month, day, hour, minute, second.
type Moment = [u32; 6];

/// Moments whose parts all differ, the last and the first of a year among them.
const SAMPLES: [Moment; 4] =
    [[2025, 11, 9, 8, 7, 6], [2031, 12, 31, 23, 59, 58], [2026, 1, 1, 0, 0, 0], [2040, 10, 21, 13, 42, 3]];

/// Refuses a schema that the appliance refuses, or whose names cannot be read back
/// (TrueNAS middleware 25.10, `api/base/types/…`; zettarepl, `snapshot/name.py`).
pub(crate) fn check(schema: &str) -> Result<(), ErrorKind> {
    let refused = |reason| Err(ErrorKind::InvalidRequest { reason });
    if schema.contains("%%") || !schema.chars().all(|c| c.is_ascii_alphanumeric() || " %_.:-".contains(c)) {
        return refused("a naming schema has letters, digits, spaces, '%', '_', '.', ':' and '-' only");
    }
    let Some(parts) = parts(schema) else {
        return refused(
            "a naming schema has placeholders only that are read back: %Y %m %d %H %M %S %y %j %f %z or %s",
        );
    };
    let has = |wanted: char| parts.contains(&Part::Placeholder(wanted));
    let count = parts.iter().filter(|part| matches!(part, Part::Placeholder(_))).count();
    if has('s') {
        if count > 1 {
            return refused("a naming schema with %s has no other placeholder");
        }
        return Ok(());
    }
    if !"YmdHM".chars().all(has) {
        return refused("a naming schema holds %Y, %m, %d, %H and %M, or %s alone");
    }
    if has('z') && schema.contains("--") {
        return refused("a naming schema with %z has no '--': the appliance writes a plus sign like that");
    }
    let is_read_back = |moment: &Moment| {
        read(&parts, &write(&parts, moment)) == Some([moment[0], moment[1], moment[2], moment[3], moment[4]])
    };
    if !SAMPLES.iter().all(is_read_back) {
        return refused("a naming schema is written so that its time can be read back from it");
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Part {
    Literal(char),
    Placeholder(char),
}

/// None for a placeholder that is not known to be read back, or that stands twice.
fn parts(schema: &str) -> Option<Vec<Part>> {
    let mut parts: Vec<Part> = Vec::new();
    let mut rest = schema.chars();
    while let Some(c) = rest.next() {
        let part = match c {
            '%' => Part::Placeholder(rest.next().filter(|c| "YmdHMSyjfzs".contains(*c))?),
            c => Part::Literal(c),
        };
        if matches!(part, Part::Placeholder(_)) && parts.contains(&part) {
            return None;
        }
        parts.push(part);
    }
    Some(parts)
}

/// Digits of a placeholder's number, and its place in a moment.
fn digits(placeholder: char) -> (usize, Option<usize>) {
    match placeholder {
        'Y' => (4, Some(0)),
        'm' => (2, Some(1)),
        'd' => (2, Some(2)),
        'H' => (2, Some(3)),
        'M' => (2, Some(4)),
        'S' => (2, Some(5)),
        'j' => (3, None),
        'f' => (6, None),
        _ => (2, None),
    }
}

fn write(parts: &[Part], moment: &Moment) -> String {
    let mut name = String::new();
    for part in parts {
        match part {
            Part::Literal(c) => name.push(*c),
            Part::Placeholder('z') => name.push_str("--0100"),
            Part::Placeholder(placeholder) => {
                let (width, place) = digits(*placeholder);
                let number = place.map_or(1, |place| moment[place]);
                let _ = write!(name, "{number:0width$}");
            }
        }
    }
    name
}

/// As Python's `strptime` reads: a number may be shorter than it is written, where more digits would be out of its range.
fn read(parts: &[Part], name: &str) -> Option<[u32; 5]> {
    let mut rest = name;
    let mut moment = [0; 6];
    for part in parts {
        match part {
            Part::Literal(c) => rest = rest.strip_prefix(*c)?,
            Part::Placeholder('z') => rest = rest.strip_prefix("--0100")?,
            Part::Placeholder(placeholder) => {
                let (width, place) = digits(*placeholder);
                let number = rest.get(..width)?;
                rest = &rest[width..];
                let number: u32 = number.parse().ok()?;
                if let Some(place) = place {
                    moment[place] = number;
                }
            }
        }
    }
    let [year, month, day, hour, minute, _] = moment;
    rest.is_empty().then_some([year, month, day, hour, minute])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn z1_a_schema_holds_the_minute_and_is_read_back() {
        for right in [
            "auto-%Y-%m-%d_%H-%M",
            "%Y%m%d%H%M",
            "x%s",
            "daily %d.%m.%Y %H:%M",
            "%Y%m%d%H%M%z",
            "a%Y%m%d%H%M%S%f",
        ] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for wrong in [
            "",
            "auto-%Y-%m-%d_%H",
            "auto/%Y%m%d%H%M",
            "auto@%Y%m%d%H%M",
            "%%Y%Y%m%d%H%M",
            "%s%z",
            "%Y%m%d%H%M%M",
            "%Y%m%d%H%M%q",
            "%Y--%m%d%H%M%z",
            "%Y%m%d%H%M%",
            "ä%Y%m%d%H%M",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        /// Whatever stands between the placeholders, in whichever order: what is accepted gives its time back.
        #[test]
        fn what_is_accepted_gives_its_time_back(
            order in Just("YmdHM".chars().collect::<Vec<_>>()).prop_shuffle(), between in "[a-z0-9_.: -]{0,3}"
        ) {
            let schema = order.iter().fold(String::new(), |schema, c| schema + &format!("%{c}{between}"));
            prop_assert_eq!(check(&schema), Ok(()));
            let parts = parts(&schema).unwrap();
            for moment in SAMPLES {
                prop_assert_eq!(read(&parts, &write(&parts, &moment)).map(|read| read[4]), Some(moment[4]));
            }
        }

        #[test]
        fn no_schema_ends_the_program(schema in ".*") {
            let _ = check(&schema);
        }
    }
}
