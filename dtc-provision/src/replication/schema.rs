//! Names of snapshots by a naming schema, and how far apart the runs of a schedule are.

use jiff::SignedDuration;

use crate::schedule::Schedule;

/// Whether a snapshot's name is one that any of the schemas makes.
pub(super) fn is_of(schemas: &[String], name: &str) -> bool {
    schemas.iter().any(|schema| matches(schema, name))
}

/// Whether a snapshot's name is one that the schema makes.
fn matches(schema: &str, name: &str) -> bool {
    let mut rest = name;
    let mut letters = schema.chars();
    while let Some(letter) = letters.next() {
        let taken = if letter == '%' {
            match letters.next() {
                Some('Y') => digits(rest, 4),
                Some('m' | 'd' | 'H' | 'M' | 'S') => digits(rest, 2),
                Some('s') => {
                    Some(rest.trim_start_matches(|c: char| c.is_ascii_digit())).filter(|left| *left != rest)
                }
                Some('z') => zone(rest),
                _ => None,
            }
        } else {
            rest.strip_prefix(letter)
        };
        match taken {
            Some(left) => rest = left,
            None => return false,
        }
    }
    rest.is_empty()
}

fn digits(text: &str, count: usize) -> Option<&str> {
    let (taken, left) = text.split_at_checked(count)?;
    taken.bytes().all(|byte| byte.is_ascii_digit()).then_some(left)
}

/// A zone as the appliance writes it: a plus sign becomes two dashes.
fn zone(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("--").or_else(|| text.strip_prefix(['-', '+']))?;
    digits(rest, 4)
}

/// The longest time between two runs of a schedule, by its widest field.
pub(super) fn period(schedule: &Schedule) -> SignedDuration {
    let fields: Vec<&str> = schedule.as_str().split(' ').collect();
    let is_any = |at: usize| fields.get(at).is_none_or(|field| *field == "*");
    let days = if !is_any(3) {
        366
    } else if !is_any(2) {
        31
    } else if !is_any(4) {
        7
    } else if !is_any(1) {
        1
    } else {
        return SignedDuration::from_hours(1);
    };
    SignedDuration::from_hours(24 * days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_a_name_of_the_schema_is_known_from_others() {
        let schema = "auto-%Y-%m-%d_%H-%M";
        assert!(matches(schema, "auto-2026-11-30_08-00"));
        for other in
            ["auto-2026-11-30_08-0", "auto-2026-11-30_08-00x", "manual", "", "auto-2026-1a-30_08-00", "äuto"]
        {
            assert!(!matches(schema, other), "{other}");
        }
        assert!(matches("%s", "1700000000") && !matches("%s", "") && !matches("%s", "x"));
        assert!(matches("a%Y%m%d%H%M%z", "a202611300800--0100") && matches("a%Y%z", "a2026-0500"));
        assert!(!matches("a%", "a") && !matches("a%q", "aq"));
    }

    #[test]
    fn the_widest_field_of_a_schedule_says_how_far_apart_its_runs_are() {
        let hours = |text: &str| period(&text.parse().unwrap()).as_hours();
        assert_eq!(hours("0 * * * *"), 1);
        assert_eq!(hours("0 2 * * *"), 24);
        assert_eq!(hours("0 2 * * 7"), 168);
        assert_eq!((hours("0 2 1 * *"), hours("0 2 1 1 *")), (744, 8784));
    }
}
