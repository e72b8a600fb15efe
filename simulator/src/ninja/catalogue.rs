//! The operations that need no rules of their own, as the vendor's specification (2.0.9-draft) has them: which there are, what each takes, what
//! each answers with. Two tables hold them: a line an operation, and a line a shape.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::answer::Answer;
use crate::request::Access;

/// One operation.
#[derive(Debug)]
pub(super) struct Entry {
    verb: &'static str,
    segments: Vec<&'static str>,
    /// The name by which faults and transcripts know it.
    pub(super) name: &'static str,
    /// The query parameters that it takes.
    pub(super) query: Vec<&'static str>,
    /// The shape of its body; empty where it takes none.
    pub(super) body: &'static str,
    /// The status of its success.
    pub(super) status: u16,
    /// The shape of its answer; empty where there is none.
    pub(super) answer: &'static str,
    /// What it does, and to which records.
    pub(super) action: (&'static str, &'static str),
}

static ENTRIES: LazyLock<Vec<Entry>> =
    LazyLock::new(|| include_str!("catalogue/operations.txt").lines().filter_map(Entry::read).collect());

static SHAPES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let lines = include_str!("catalogue/shapes.txt").lines();
    let words = lines.map(|line| line.split(' '));
    words.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
});

impl Entry {
    /// Verb, path, name, query, body, status, answer, action, records; `-` is nothing.
    fn read(line: &'static str) -> Option<Self> {
        let some = |word: &'static str| if word == "-" { "" } else { word };
        let mut words = line.split(' ').map(some);
        let (verb, path, name) = (words.next()?, words.next()?, words.next()?);
        let query = words.next()?.split(',').filter(|name| !name.is_empty()).collect();
        let (body, status, answer) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        let action = (words.next()?, words.next()?);
        Some(Self {
            verb,
            segments: path.split('/').skip(1).collect(),
            name,
            query,
            body,
            status,
            answer,
            action,
        })
    }

    /// Its place in the table, if there is such an operation. Of several that fit, the one with the fewest places for values.
    pub(super) fn find(verb: &str, segments: &[&str]) -> Option<usize> {
        let fits = |entry: &Entry| {
            entry.verb == verb
                && entry.segments.len() == segments.len()
                && entry
                    .segments
                    .iter()
                    .zip(segments)
                    .all(|(ours, theirs)| ours == theirs || (ours.starts_with('{') && !theirs.is_empty()))
        };
        let places = |entry: &Entry| entry.segments.iter().filter(|segment| segment.starts_with('{')).count();
        let found = ENTRIES.iter().enumerate().filter(|(_, entry)| fits(entry));
        found.min_by_key(|(_, entry)| places(entry)).map(|(at, _)| at)
    }

    pub(super) fn at(place: usize) -> Option<&'static Self> {
        ENTRIES.get(place)
    }

    /// The values of a path, each with the segment before it.
    pub(super) fn values<'a>(&self, segments: &[&'a str]) -> Vec<(&'static str, &'a str)> {
        let pairs = self.segments.iter().zip(segments).enumerate();
        let values = pairs.filter(|(_, (ours, _))| ours.starts_with('{'));
        values.map(|(at, (_, theirs))| (self.segments[at.saturating_sub(1)], *theirs)).collect()
    }

    pub(super) fn access(&self) -> Access {
        if self.verb == "GET" { Access::Read } else { Access::Write }
    }
}

/// Refuses a body with a member that its shape does not have, without one that it must have, or with a value of another kind.
pub(super) fn check(shape: &str, value: &Value) -> Result<(), Answer> {
    fits(shape, value).map_err(|place| Answer::failure(400, &format!("INVALID_VALUE: {place}")))
}

fn fits(shape: &str, value: &Value) -> Result<(), String> {
    let refused = || Err(format!("{value} is no {shape}"));
    if let Some(item) = shape.strip_prefix('[').and_then(|shape| shape.strip_suffix(']')) {
        let Some(items) = value.as_array() else { return refused() };
        return items.iter().try_for_each(|value| fits(item, value));
    }
    let is_one = match shape {
        "string" | "date" => value.is_string(),
        "uuid" => value.as_str().is_some_and(|text| uuid::Uuid::try_parse(text).is_ok()),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "map" => value.is_object(),
        "any" => true,
        _ => match shape.strip_prefix("enum(").and_then(|shape| shape.strip_suffix(')')) {
            Some(values) => value.as_str().is_some_and(|text| values.split('|').any(|known| known == text)),
            None => return members(shape, value),
        },
    };
    if is_one { Ok(()) } else { refused() }
}

fn members(shape: &str, value: &Value) -> Result<(), String> {
    let (Some(known), Some(given)) = (SHAPES.get(shape), value.as_object()) else {
        return Err(format!("{value} is no {shape}"));
    };
    let known: BTreeMap<&str, (&str, bool)> = known.iter().filter_map(|member| named(member)).collect();
    for (name, (_, required)) in &known {
        if *required && !given.contains_key(*name) {
            return Err(format!("{name} is missing"));
        }
    }
    given.iter().try_for_each(|(name, value)| match known.get(name.as_str()) {
        None => Err(format!("{name} is unknown")),
        Some(_) if value.is_null() => Ok(()),
        Some((kind, _)) => fits(kind, value).map_err(|why| format!("{name}: {why}")),
    })
}

fn named(member: &'static str) -> Option<(&'static str, (&'static str, bool))> {
    let (name, kind) = member.split_once(':')?;
    Some((name.trim_start_matches('!'), (kind, name.starts_with('!'))))
}

/// A value of a shape, with every member that the specification names; `depth` bounds shapes that hold themselves.
pub(super) fn sample(shape: &str, depth: u32) -> Value {
    if let Some(item) = shape.strip_prefix('[').and_then(|shape| shape.strip_suffix(']')) {
        return if depth == 0 { json!([]) } else { json!([sample(item, depth - 1)]) };
    }
    match shape {
        "string" => json!("text"),
        "uuid" => json!("7d8f1c5e-6a0b-4c3d-9e2f-1a2b3c4d5e6f"),
        "date" => json!("2026-01-31T00:00:00Z"),
        "boolean" => json!(true),
        "integer" => json!(7),
        "number" => json!(1_735_689_600.25),
        "map" | "any" => json!({}),
        _ => match shape.strip_prefix("enum(") {
            Some(values) => json!(values.split(['|', ')']).next()),
            None => object(shape, depth),
        },
    }
}

fn object(shape: &str, depth: u32) -> Value {
    let members = SHAPES.get(shape).into_iter().flatten().filter_map(|member| named(member));
    let shallow = |kind: &str| depth > 0 || !SHAPES.contains_key(kind);
    let members = members.filter(|(_, (kind, _))| shallow(kind));
    let members: Map<String, Value> =
        members.map(|(name, (kind, _))| (name.to_owned(), sample(kind, depth.saturating_sub(1)))).collect();
    members.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_every_shape_is_there() {
        assert_eq!(ENTRIES.len(), include_str!("catalogue/operations.txt").lines().count());
        for entry in ENTRIES.iter() {
            for shape in [entry.body, entry.answer] {
                let name = shape.trim_matches(['[', ']']);
                let is_shape = name.chars().next().is_some_and(char::is_uppercase);
                assert!(!is_shape || SHAPES.contains_key(name), "{}: {shape}", entry.name);
                assert!(
                    shape.is_empty() || fits(shape, &sample(shape, 4)).is_ok(),
                    "{}: {shape}",
                    entry.name
                );
            }
        }
    }

    #[test]
    fn bodies_are_held_to_their_shape() {
        for (body, fits) in [
            (json!({ "label": "Rack", "fieldName": "rack" }), true),
            (json!({ "label": "Rack" }), false),
            (json!({ "label": "Rack", "fieldName": "rack", "colour": "red" }), false),
            (json!({ "label": 7, "fieldName": "rack" }), false),
            (json!({ "label": "Rack", "fieldName": "rack", "type": "PLANET" }), false),
        ] {
            assert_eq!(check("CreateNodeAttributePublicApiRequest", &body).is_ok(), fits, "{body}");
        }
    }
}
