//! The filters of a query: what is one, and which entries meet them
//! (TrueNAS middleware 25.10, `utils/filter_list.py`, the vendor's own engine, run).

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::DateTime;
use regex::Regex;
use serde_json::Value;

use super::refusal::{Errno, Refusal};
use super::release::Release;
use super::shape::Rules;

const OPERATORS: [&str; 15] =
    ["=", "!=", ">", ">=", "<", "<=", "~", "in", "nin", "rin", "rnin", "^", "!^", "$", "!$"];
/// What a date may be compared by.
const COMPARISONS: [&str; 6] = ["=", "!=", ">", ">=", "<", "<="];
/// How deep alternatives may stand in one another.
const DEEPEST: usize = 3;

/// Checks a list of filters.
pub(super) fn check(filters: &Value, rules: Rules) -> Result<(), String> {
    check_list(filters, rules, 0)
}

fn check_list(filters: &Value, rules: Rules, depth: usize) -> Result<(), String> {
    filters.as_array().into_iter().flatten().try_for_each(|filter| check_filter(filter, rules, depth))
}

fn check_filter(filter: &Value, rules: Rules, depth: usize) -> Result<(), String> {
    match filter.as_array().map(Vec::as_slice) {
        Some([Value::String(or), Value::Array(branches)]) if or == "OR" => {
            if depth == DEEPEST {
                return Err(format!("Value error, OR stands in OR more than {DEEPEST} levels deep"));
            }
            if branches.is_empty() {
                return Err("Value error, OR filter requires at least one branch.".to_owned());
            }
            branches.iter().try_for_each(|branch| match is_single(branch) {
                true => check_filter(branch, rules, depth + 1),
                false if branch.as_array().is_some_and(|list| !list.is_empty()) => {
                    check_list(branch, rules, depth + 1)
                }
                false => Err(format!("Value error, Invalid filter {branch}")),
            })
        }
        Some([Value::String(field), Value::String(operator), value]) => {
            // CORE compares by case only.
            let folded = operator.strip_prefix('C').filter(|_| rules.models > Release::Core13_3);
            if folded == Some("~") {
                return Err(format!("Value error, Invalid case-insensitive operation: {operator}"));
            }
            if !OPERATORS.contains(&folded.unwrap_or(operator)) {
                return Err(format!("Value error, Invalid operation: {operator}"));
            }
            if field.ends_with(".$date")
                && (!COMPARISONS.contains(&operator.as_str())
                    || (moment(value).is_none() && !is_zoneless(value)))
            {
                return Err(format!("Value error, {field}: compares with a date in ISO 8601"));
            }
            Ok(())
        }
        _ => Err(format!("Value error, Invalid filter {filter}")),
    }
}

/// A date as ISO 8601 text with its zone, in milliseconds since the epoch.
fn moment(value: &Value) -> Option<i64> {
    value.as_str()?.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// A date without its zone passes as one, and is neither before nor after any that has one.
fn is_zoneless(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<DateTime>().is_ok())
}

/// A branch is one filter, or a list of filters that must all hold.
fn is_single(branch: &Value) -> bool {
    branch.get(0).is_some_and(Value::is_string)
}

/// Returns whether an entry meets every filter of a list.
pub(super) fn all_hold(filters: &Value, entry: &Value) -> Result<bool, Refusal> {
    for filter in filters.as_array().into_iter().flatten() {
        if !holds(filter, entry)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds(filter: &Value, entry: &Value) -> Result<bool, Refusal> {
    match filter.as_array().map(Vec::as_slice) {
        Some([_, Value::Array(branches)]) => {
            for branch in branches {
                let held = if is_single(branch) { holds(branch, entry)? } else { all_hold(branch, entry)? };
                if held {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Some([Value::String(field), Value::String(operator), wanted]) => {
            let (field, wanted) = match (field.strip_suffix(".$date"), moment(wanted)) {
                (Some(field), Some(millis)) => (field, serde_json::json!({"$date": millis})),
                (Some(field), None) => (field, wanted.clone()),
                _ => (field.as_str(), wanted.clone()),
            };
            // A field that an entry lacks meets no condition, not even a negated one.
            for found in lookup(entry, field)? {
                if compare(found, operator, &wanted)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}

/// The first step of a dotted name, and the rest; a dot after a backslash belongs to the step.
pub(super) fn step(path: &str) -> (String, &str) {
    let mut name = String::new();
    let mut rest = path;
    loop {
        match rest.split_once('.') {
            Some((left, right)) if left.ends_with('\\') => {
                name.push_str(&left[..left.len() - 1]);
                name.push('.');
                rest = right;
            }
            Some((left, right)) => return (name + left, right),
            None => return (name + rest, ""),
        }
    }
}

/// Walks a dotted name into an entry; nothing where an object on the way has no such member. A star walks into each item
/// of a list, a number into one.
pub(super) fn lookup<'a>(entry: &'a Value, field: &str) -> Result<Vec<&'a Value>, Refusal> {
    let (mut at, mut rest) = (entry, field);
    while !rest.is_empty() {
        let (name, right) = step(rest);
        rest = right;
        match at {
            Value::Object(members) => match members.get(&name) {
                Some(member) => at = member,
                None => return Ok(Vec::new()),
            },
            Value::Array(items) if name == "*" => {
                let mut found = Vec::new();
                for item in items {
                    found.append(&mut lookup(item, rest)?);
                }
                return Ok(found);
            }
            Value::Array(items) => {
                let wrong = |_| Refusal::failed(Errno::INVALID, format!("{name}: must be array index"));
                at = items.get(name.parse::<usize>().map_err(wrong)?).unwrap_or(&Value::Null);
            }
            _ => {}
        }
    }
    Ok(vec![at])
}

/// Compares what an entry holds with what is asked for. What Python cannot compare fails the query.
fn compare(left: &Value, operator: &str, right: &Value) -> Result<bool, Refusal> {
    let impossible =
        || Refusal::failed(Errno::INVALID, format!("'{operator}' not supported between {left} and {right}"));
    if let Some(operator) = operator.strip_prefix('C') {
        let (left, right) = fold(left).zip(fold(right)).ok_or_else(impossible)?;
        return compare(&left, operator, &right);
    }
    let contains = |list: &Value, item: &Value| match (list, item) {
        (Value::Array(items), _) => Ok(items.iter().any(|one| equal(one, item))),
        (Value::String(text), Value::String(part)) => Ok(text.contains(part.as_str())),
        (Value::Object(members), Value::String(name)) => Ok(members.contains_key(name)),
        _ => Err(impossible()),
    };
    let texts = || left.as_str().zip(right.as_str()).ok_or_else(impossible);
    let ordered = || order(left, right).ok_or_else(impossible);
    match operator {
        "=" => Ok(equal(left, right)),
        "!=" => Ok(!equal(left, right)),
        ">" => ordered().map(Ordering::is_gt),
        ">=" => ordered().map(Ordering::is_ge),
        "<" => ordered().map(Ordering::is_lt),
        "<=" => ordered().map(Ordering::is_le),
        "~" => {
            let (text, pattern) = texts()?;
            let broken = |_| Refusal::failed(Errno::INVALID, pattern_error(pattern));
            Ok(Regex::new(&format!("^(?:{pattern})")).map_err(broken)?.is_match(text))
        }
        "in" => contains(right, left),
        _ if left.is_null() => Ok(false),
        "nin" => contains(right, left).map(|is_in| !is_in),
        "rin" => contains(left, right),
        "rnin" => contains(left, right).map(|is_in| !is_in),
        "^" => texts().map(|(l, r)| l.starts_with(r)),
        "!^" => texts().map(|(l, r)| !l.starts_with(r)),
        "$" => texts().map(|(l, r)| l.ends_with(r)),
        "!$" => texts().map(|(l, r)| !l.ends_with(r)),
        _ => Err(impossible()),
    }
}

/// What Python's `re.error` says of a broken pattern: the words of the commonest faults, without regard to escapes.
fn pattern_error(pattern: &str) -> String {
    let at = |sign: char| pattern.chars().position(|c| c == sign).unwrap_or_default();
    let count = |sign: char| pattern.chars().filter(|c| *c == sign).count();
    if count('[') > count(']') {
        format!("unterminated character set at position {}", at('['))
    } else if count('(') > count(')') {
        format!("missing ), unterminated subpattern at position {}", at('('))
    } else if count(')') > count('(') {
        format!("unbalanced parenthesis at position {}", at(')'))
    } else if pattern.starts_with(['*', '+', '?']) {
        "nothing to repeat at position 0".to_owned()
    } else {
        format!("bad pattern {}", crate::python::repr(pattern))
    }
}

/// Equality as Python has it: 1, 1.0 and true are one value.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(l), Value::Array(r)) => {
            l.len() == r.len() && l.iter().zip(r).all(|(left, right)| equal(left, right))
        }
        (Value::Object(l), Value::Object(r)) => {
            let same = |(name, left): (&String, &Value)| r.get(name).is_some_and(|right| equal(left, right));
            l.len() == r.len() && l.iter().all(same)
        }
        _ => match number(left).zip(number(right)) {
            Some((left, right)) => left == right,
            None => left == right,
        },
    }
}

/// A number, which a boolean is in Python, too.
fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(is_true) => Some(Number::Whole(i128::from(*is_true))),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Some(Number::Whole(whole.into())),
            (None, Some(whole)) => Some(Number::Whole(whole.into())),
            (None, None) => number.as_f64().map(Number::of),
        },
        _ => None,
    }
}

/// A number, whole wherever it can be.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Number {
    Whole(i128),
    Broken(f64),
}

impl Number {
    fn of(float: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float without a fraction is compared as a whole number"
        )]
        if float.fract() == 0.0 { Self::Whole(float as i128) } else { Self::Broken(float) }
    }

    fn order(self, other: Self) -> Option<Ordering> {
        #[expect(clippy::cast_precision_loss, reason = "only beside a number that has a fraction")]
        let float = |number: Self| match number {
            Self::Whole(whole) => whole as f64,
            Self::Broken(float) => float,
        };
        match (self, other) {
            (Self::Whole(left), Self::Whole(right)) => Some(left.cmp(&right)),
            _ => float(self).partial_cmp(&float(other)),
        }
    }
}

/// A text, or a list of texts, without regard to case.
fn fold(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(text.to_lowercase().into()),
        Value::Array(items) => items.iter().map(fold).collect(),
        _ => None,
    }
}

/// The order of two values of one type; `None` where they have none, as null with anything.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let date = |value: &Value| value.get("$date").and_then(Value::as_i64);
    match (left, right) {
        (Value::String(l), Value::String(r)) => Some(l.cmp(r)),
        _ if number(left).is_some() => number(left)?.order(number(right)?),
        _ => Some(date(left)?.cmp(&date(right)?)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::truenas::shape::Style;

    const STRICT: Rules = Rules { models: Release::Scale25_10, style: Style::Strict };

    fn entries() -> [Value; 3] {
        [
            json!({"id": 1, "name": "pool0", "credentials": {"id": 5}, "when": {"$date": 3000}, "tags": ["a"],
                "aliases": [{"address": "192.0.2.1"}, {"address": "192.0.2.2"}], "comment": "Nightly"}),
            json!({"id": 2, "name": "Pool1", "credentials": {"id": 6}, "when": null, "tags": null, "aliases": [],
                "comment": null}),
            json!({"id": 3, "name": "pool0/docs", "credentials": {"id": 5}, "when": {"$date": 9000}, "tags": ["b"],
                "aliases": [{"address": "192.0.2.3"}], "comment": "x"}),
        ]
    }

    /// The ids of the entries that meet the filters; `None` where the query fails.
    fn ids(filters: &Value) -> Option<Vec<i64>> {
        let mut ids = Vec::new();
        for entry in entries() {
            if all_hold(filters, &entry).ok()? {
                ids.push(entry["id"].as_i64()?);
            }
        }
        Some(ids)
    }

    #[test]
    fn filters_answer_as_the_appliance_s_own_do() {
        let either = json!([["OR", [["id", "=", 1], [["id", ">", 1], ["name", "^", "P"]]]]]);
        for (filters, expected) in [
            (json!([]), Some(vec![1, 2, 3])),
            (json!([["credentials.id", "=", 5], ["name", "$", "docs"]]), Some(vec![3])),
            (json!([["id", "in", [1, 3]]]), Some(vec![1, 3])),
            (json!([["id", "nin", [1, 3]]]), Some(vec![2])),
            (either, Some(vec![1, 2])),
            // Without regard to case, texts only.
            (json!([["name", "C^", "POOL"]]), Some(vec![1, 2, 3])),
            (json!([["name", "Cin", ["POOL1"]]]), Some(vec![2])),
            (json!([["id", "C=", 1]]), None),
            (json!([["comment", "C=", "nightly"]]), None),
            // A regular expression matches at the start.
            (json!([["name", "~", "pool[0-9]$"]]), Some(vec![1])),
            (json!([["name", "~", "ool"]]), Some(vec![])),
            (json!([["id", "~", "1"]]), None),
            (json!([["name", "~", "("]]), None),
            // A star walks lists.
            (json!([["aliases.*.address", "=", "192.0.2.2"]]), Some(vec![1])),
            (json!([["aliases.*.address", "^", "192."]]), Some(vec![1, 3])),
            (json!([["aliases.0.address", "=", "192.0.2.3"]]), Some(vec![3])),
            // Null meets no negated condition, and is neither more nor less than anything.
            (json!([["comment", "=", null]]), Some(vec![2])),
            (json!([["comment", "!=", "x"]]), Some(vec![1, 2])),
            (json!([["comment", "nin", ["x"]]]), Some(vec![1])),
            (json!([["tags", "rin", "a"]]), Some(vec![1])),
            (json!([["tags", "rnin", "a"]]), Some(vec![3])),
            (json!([["comment", "!^", "x"]]), Some(vec![1])),
            (json!([["when", ">", {"$date": 1}]]), None),
            (json!([["when", "!^", "x"]]), None),
            // Values of two types have no order.
            (json!([["name", ">", 1]]), None),
            (json!([["id", ">=", "1"]]), None),
            (json!([["id", "^", "1"]]), None),
            // What is not there meets nothing.
            (json!([["nothing", "!=", 1]]), Some(vec![])),
            (json!([["nothing", "nin", [1]]]), Some(vec![])),
            // Dates by their text.
            (json!([["id", "=", 3], ["when.$date", ">", "1970-01-01T00:00:05+00:00"]]), Some(vec![3])),
            (json!([["when.$date", "=", "1970-01-01T01:00:03+01:00"]]), Some(vec![1])),
            (json!([["when.$date", "!=", "1970-01-01T00:00:03Z"]]), Some(vec![2, 3])),
            // One without a zone is no other's equal, and has no order beside them.
            (json!([["when.$date", "=", "1970-01-01T00:00:03"]]), Some(vec![])),
            (json!([["when.$date", ">", "1970-01-01T00:00:03"]]), None),
            // True is 1, and 1.0, too.
            (json!([["id", "=", true]]), Some(vec![1])),
            (json!([["id", "=", 1.0]]), Some(vec![1])),
            (json!([["id", "in", [1.0, 3]]]), Some(vec![1, 3])),
            (json!([["id", ">", true]]), Some(vec![2, 3])),
            (json!([["id", ">", 1.5]]), Some(vec![2, 3])),
        ] {
            assert_eq!(ids(&filters), expected, "{filters}");
            assert_eq!(check(&filters, STRICT), Ok(()), "{filters}");
        }
    }

    #[test]
    fn a_broken_pattern_is_refused_in_the_words_of_python() {
        let said = |pattern: &str| all_hold(&json!([["name", "~", pattern]]), &entries()[0]).unwrap_err();
        for (pattern, expected) in [
            ("a(", "missing ), unterminated subpattern at position 1"),
            ("a)", "unbalanced parenthesis at position 1"),
            ("[a", "unterminated character set at position 0"),
            ("*a", "nothing to repeat at position 0"),
        ] {
            assert_eq!(said(pattern), Refusal::failed(Errno::INVALID, expected));
        }
    }

    #[test]
    fn core_has_no_comparison_without_regard_to_case() {
        let filters = json!([["name", "C=", "POOL0"]]);
        let core = Rules { models: Release::Core13_3, ..STRICT };
        assert_eq!(check(&filters, core), Err("Value error, Invalid operation: C=".to_owned()));
        let scale = Rules { models: Release::Scale24_10, ..STRICT };
        assert_eq!(check(&filters, scale), Ok(()));
    }

    #[test]
    fn a_filter_is_one_or_is_refused() {
        let nested = |depth: usize| (0..depth).fold(json!(["a", "=", 1]), |inner, _| json!(["OR", [inner]]));
        for right in [json!([["b", "Cin", ["x"]], ["b", "~", "c"]]), json!([nested(3)])] {
            assert_eq!(check(&right, STRICT), Ok(()), "{right}");
        }
        for wrong in [
            json!(["a", "=", 1]),
            json!([["a", "="]]),
            json!([["a", "==", 1]]),
            json!([["a", "like", "b"]]),
            json!([["AND", [["a", "=", 1]]]]),
            json!([["OR", [["a", "is", 1]]]]),
            json!([["OR", [[]]]]),
            json!([{"a": 1}]),
            json!([nested(4)]),
            json!([["a.$date", "in", ["1970-01-01T00:00:03Z"]]]),
            json!([["OR", []]]),
            json!([["a", "C~", "b"]]),
            json!([["a.$date", "=", 3000]]),
            json!([["a.$date", "C=", "1970-01-01T00:00:03Z"]]),
        ] {
            assert!(check(&wrong, STRICT).is_err(), "{wrong}");
        }
    }
}
