//! The query language that every `*.query` method takes: filters and options over a list of entries.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::refusal::{Errno, Outcome, Refusal};
use super::shape::{Field, INT, Kind};

const OPTIONS: &[Field] = &[
    Field::or("extra", Kind::AnyObject, "{}"),
    Field::or("order_by", Kind::List(&Kind::Text), "[]"),
    Field::or("select", Kind::List(&Kind::Any), "[]"),
    Field::or("count", Kind::Bool, "false"),
    Field::or("get", Kind::Bool, "false"),
    Field::or("offset", INT, "0"),
    Field::or("limit", INT, "0"),
    Field::or("force_sql_filters", Kind::Bool, "false"),
];

/// The parameter that carries filters.
pub(super) const FILTERS: Field = Field::or("filters", Kind::List(&Kind::Any), "[]");
/// The parameter that carries options.
pub(super) const QUERY_OPTIONS: Field = Field::or("options", Kind::Object(OPTIONS), "{}");
/// The parameters of every plain query.
pub(super) const QUERY: &[Field] = &[FILTERS, QUERY_OPTIONS];

/// Answers a query over `entries`.
pub(super) fn answer(entries: Vec<Value>, filters: &Value, options: &Value) -> Outcome {
    let mut kept = Vec::new();
    for entry in entries {
        if all_hold(filters, &entry)? {
            kept.push(entry);
        }
    }
    let list = |name: &str| options[name].as_array().cloned().unwrap_or_default();
    for order in list("order_by").iter().rev().filter_map(Value::as_str) {
        sort(&mut kept, order);
    }
    if options["get"] == true {
        let first = kept.into_iter().next();
        let missing = || Refusal::failed(Errno::MISSING, "MatchNotFound()");
        let first = first.ok_or_else(missing)?;
        return select(first, &list("select"));
    }
    if options["count"] == true {
        return Ok(kept.len().into());
    }
    let number = |name: &str| options[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let offset = number("offset").unwrap_or(0);
    let limit = number("limit").filter(|n| *n > 0).unwrap_or(usize::MAX);
    let select_from = list("select");
    let page = kept.into_iter().skip(offset).take(limit);
    page.map(|entry| select(entry, &select_from)).collect()
}

fn all_hold(filters: &Value, entry: &Value) -> Result<bool, Refusal> {
    for filter in filters.as_array().into_iter().flatten() {
        if !holds(filter, entry)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn holds(filter: &Value, entry: &Value) -> Result<bool, Refusal> {
    let parts = filter.as_array().map(Vec::as_slice);
    match parts {
        Some([Value::String(or), Value::Array(branches)]) if or == "OR" => {
            for branch in branches {
                // A branch is one filter, or a list of filters that must all hold.
                let single = branch.get(0).is_some_and(Value::is_string);
                let held = if single { holds(branch, entry)? } else { all_hold(branch, entry)? };
                if held {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Some([Value::String(field), Value::String(operator), wanted]) => {
            compare(lookup(entry, field), operator, wanted)
        }
        _ => Err(Refusal::failed(Errno::INVALID, format!("Invalid filter {filter}"))),
    }
}

/// Walks a dotted name into an entry.
fn lookup<'a>(entry: &'a Value, field: &str) -> &'a Value {
    if let Some(value) = entry.get(field) {
        return value;
    }
    let mut at = entry;
    for step in field.split('.') {
        at = match at {
            Value::Array(items) => step.parse().ok().and_then(|i: usize| items.get(i)),
            _ => at.get(step),
        }
        .unwrap_or(&Value::Null);
    }
    at
}

fn compare(left: &Value, operator: &str, right: &Value) -> Result<bool, Refusal> {
    let folded = operator.strip_prefix('C').filter(|op| !op.is_empty());
    if let Some(operator) = folded {
        return compare(&fold(left), operator, &fold(right));
    }
    let contains = |list: &Value, item: &Value| match list {
        Value::Array(items) => items.contains(item),
        Value::String(text) => item.as_str().is_some_and(|part| text.contains(part)),
        _ => false,
    };
    let texts = left.as_str().zip(right.as_str());
    let ordered = |test: fn(Ordering) -> bool| {
        let comparable = !left.is_null() && !right.is_null();
        comparable && test(order(left, right))
    };
    Ok(match operator {
        "=" => left == right,
        "!=" => left != right,
        ">" => ordered(Ordering::is_gt),
        ">=" => ordered(Ordering::is_ge),
        "<" => ordered(Ordering::is_lt),
        "<=" => ordered(Ordering::is_le),
        "in" => contains(right, left),
        "nin" => !contains(right, left),
        "rin" => contains(left, right),
        "rnin" => !contains(left, right),
        "^" => texts.is_some_and(|(l, r)| l.starts_with(r)),
        "!^" => !texts.is_some_and(|(l, r)| l.starts_with(r)),
        "$" => texts.is_some_and(|(l, r)| l.ends_with(r)),
        "!$" => !texts.is_some_and(|(l, r)| l.ends_with(r)),
        "~" => return Err(Refusal::failed(Errno::INVALID, "~ is not simulated")),
        _ => {
            let reason = format!("Invalid operation: {operator}");
            return Err(Refusal::failed(Errno::INVALID, reason));
        }
    })
}

fn fold(value: &Value) -> Value {
    match value {
        Value::String(text) => text.to_lowercase().into(),
        Value::Array(items) => items.iter().map(fold).collect(),
        other => other.clone(),
    }
}

fn order(left: &Value, right: &Value) -> Ordering {
    let date = |value: &Value| value.get("$date").and_then(Value::as_f64);
    let number = |value: &Value| value.as_f64().or_else(|| date(value));
    match (number(left), number(right)) {
        (Some(l), Some(r)) => l.total_cmp(&r),
        _ => left.as_str().cmp(&right.as_str()),
    }
}

fn sort(entries: &mut [Value], by: &str) {
    let (nulls_first, by) = match by.strip_prefix("nulls_first:") {
        Some(rest) => (true, rest),
        None => (false, by.strip_prefix("nulls_last:").unwrap_or(by)),
    };
    let (down, field) = match by.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, by),
    };
    entries.sort_by(|a, b| {
        let (a, b) = (lookup(a, field), lookup(b, field));
        let nulls = a.is_null().cmp(&b.is_null());
        let nulls = if nulls_first { nulls.reverse() } else { nulls };
        let values = order(a, b);
        nulls.then(if down { values.reverse() } else { values })
    });
}

fn select(entry: Value, wanted: &[Value]) -> Outcome {
    if wanted.is_empty() {
        return Ok(entry);
    }
    let mut picked = Map::new();
    for item in wanted {
        let (field, name) = match item {
            Value::String(field) => (field.as_str(), field.as_str()),
            Value::Array(pair) => match pair.as_slice() {
                [Value::String(field), Value::String(alias)] => (field.as_str(), alias.as_str()),
                _ => return Err(Refusal::failed(Errno::INVALID, "Invalid select")),
            },
            _ => return Err(Refusal::failed(Errno::INVALID, "Invalid select")),
        };
        picked.insert(name.to_owned(), lookup(&entry, field).clone());
    }
    Ok(Value::Object(picked))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entries() -> Vec<Value> {
        vec![
            json!({"id": 1, "name": "pool0", "credentials": {"id": 5}, "when": {"$date": 3}}),
            json!({"id": 2, "name": "Pool1", "credentials": {"id": 6}, "when": null}),
            json!({"id": 3, "name": "pool0/docs", "credentials": {"id": 5}, "when": {"$date": 9}}),
        ]
    }

    fn ids(filters: &Value) -> Vec<i64> {
        let found = answer(entries(), filters, &json!({})).unwrap();
        let list = found.as_array().unwrap();
        list.iter().map(|entry| entry["id"].as_i64().unwrap()).collect()
    }

    #[test]
    fn filters_are_joined_by_and_and_walk_into_objects() {
        assert_eq!(ids(&json!([])), [1, 2, 3]);
        assert_eq!(ids(&json!([["credentials.id", "=", 5], ["name", "$", "docs"]])), [3]);
        assert_eq!(ids(&json!([["name", "C^", "POOL"]])), [1, 2, 3]);
        assert_eq!(ids(&json!([["id", "in", [1, 3]]])), [1, 3]);
        assert_eq!(ids(&json!([["when", ">", {"$date": 3}]])), [3]);
        let either = json!([["OR", [["id", "=", 1], [["id", ">", 1], ["name", "^", "P"]]]]]);
        assert_eq!(ids(&either), [1, 2]);
    }

    #[test]
    fn options_shape_the_answer() {
        let ask = |options: Value| answer(entries(), &json!([]), &options);
        assert_eq!(ask(json!({"count": true})).unwrap(), 3);
        let last = ask(json!({"order_by": ["-id"], "limit": 1, "select": ["id"]})).unwrap();
        assert_eq!(last, json!([{"id": 3}]));
        let alias = ask(json!({"get": true, "select": [["credentials.id", "c"]]})).unwrap();
        assert_eq!(alias, json!({"c": 5}));
        assert!(answer(entries(), &json!([["id", "=", 9]]), &json!({"get": true})).is_err());
    }
}
