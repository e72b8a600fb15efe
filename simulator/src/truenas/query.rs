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

/// Filters, checked before they are applied, so that a wrong one is refused even where there is nothing to filter.
pub(super) const FILTER_LIST: Kind = Kind::Valid(&Kind::List(&Kind::Any), check_filters);
/// The parameter that carries filters.
pub(super) const FILTERS: Field = Field::or("filters", FILTER_LIST, "[]");
/// What options there are.
pub(super) const OPTION_FIELDS: Kind = Kind::Valid(&Kind::Object(OPTIONS), check_options);
/// The parameter that carries options.
pub(super) const QUERY_OPTIONS: Field = Field::or("options", OPTION_FIELDS, "{}");
/// The parameters of every plain query.
pub(super) const QUERY: &[Field] = &[FILTERS, QUERY_OPTIONS];

const OPERATORS: [&str; 14] =
    ["=", "!=", ">", ">=", "<", "<=", "in", "nin", "rin", "rnin", "^", "!^", "$", "!$"];

/// The most entries that a query may ask for (the vendor's own models of 25.10, run).
const LARGEST_LIMIT: i64 = 10_000;

fn check_options(options: &Value) -> Result<(), String> {
    let number = |name: &str| options[name].as_i64().unwrap_or_default();
    let (limit, offset) = (number("limit"), number("offset"));
    if limit > LARGEST_LIMIT {
        return Err(format!("Value error, limit must not be larger than {LARGEST_LIMIT}"));
    }
    if options["get"] == true && (limit > 1 || offset != 0) {
        return Err("Value error, get allows neither a limit above 1 nor an offset".to_owned());
    }
    Ok(())
}

fn check_filters(filters: &Value) -> Result<(), String> {
    filters.as_array().into_iter().flatten().try_for_each(check_filter)
}

fn check_filter(filter: &Value) -> Result<(), String> {
    match filter.as_array().map(Vec::as_slice) {
        Some([Value::String(or), Value::Array(branches)]) if or == "OR" => {
            branches.iter().try_for_each(|branch| match is_single(branch) {
                true => check_filter(branch),
                false if branch.as_array().is_some_and(|list| !list.is_empty()) => check_filters(branch),
                false => Err(format!("Value error, Invalid filter {branch}")),
            })
        }
        Some([Value::String(_), Value::String(operator), _]) => {
            let bare = operator.strip_prefix('C').unwrap_or(operator);
            // `~` is one too, but no regular expressions are simulated.
            let is_known = OPERATORS.contains(&bare);
            if is_known { Ok(()) } else { Err(format!("Value error, Invalid operation: {operator}")) }
        }
        _ => Err(format!("Value error, Invalid filter {filter}")),
    }
}

/// A branch is one filter, or a list of filters that must all hold.
fn is_single(branch: &Value) -> bool {
    branch.get(0).is_some_and(Value::is_string)
}

/// Answers a query over `entries`: filtered, cut down to what is selected, and only then put in order.
pub(super) fn answer(entries: Vec<Value>, filters: &Value, options: &Value) -> Outcome {
    let list = |name: &str| options[name].as_array().cloned().unwrap_or_default();
    let selected = list("select");
    let mut kept = Vec::new();
    for entry in entries {
        if all_hold(filters, &entry)? {
            kept.push(select(entry, &selected)?);
        }
    }
    if options["count"] == true {
        return Ok(kept.len().into());
    }
    for order in list("order_by").iter().rev().filter_map(Value::as_str) {
        sort(&mut kept, order)?;
    }
    if options["get"] == true {
        let first = kept.into_iter().next();
        return first.ok_or_else(|| Refusal::failed(Errno::INVALID, "MatchNotFound()"));
    }
    let number = |name: &str| options[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let offset = number("offset").unwrap_or(0);
    let limit = number("limit").filter(|n| *n > 0).unwrap_or(usize::MAX);
    Ok(kept.into_iter().skip(offset).take(limit).collect())
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
        // A field that an entry lacks meets no condition, not even a negated one.
        Some([Value::String(field), Value::String(operator), wanted]) => {
            Ok(lookup(entry, field)?.is_some_and(|found| compare(found, operator, wanted)))
        }
        _ => Ok(false),
    }
}

/// The first step of a dotted name, and the rest; a dot after a backslash belongs to the step.
fn step(path: &str) -> (String, &str) {
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

/// Walks a dotted name into an entry; `None` where an object on the way has no such member.
fn lookup<'a>(entry: &'a Value, field: &str) -> Result<Option<&'a Value>, Refusal> {
    let (mut at, mut rest) = (entry, field);
    while !rest.is_empty() {
        let (name, right) = step(rest);
        rest = right;
        match at {
            Value::Object(members) => match members.get(&name) {
                Some(member) => at = member,
                None => return Ok(None),
            },
            Value::Array(items) => {
                let wrong = |_| Refusal::failed(Errno::INVALID, format!("{name}: must be array index"));
                at = items.get(name.parse::<usize>().map_err(wrong)?).unwrap_or(&Value::Null);
            }
            _ => {}
        }
    }
    Ok(Some(at))
}

fn compare(left: &Value, operator: &str, right: &Value) -> bool {
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
    match operator {
        "=" => left == right,
        "!=" => left != right,
        ">" => ordered(Ordering::is_gt),
        ">=" => ordered(Ordering::is_ge),
        "<" => ordered(Ordering::is_lt),
        "<=" => ordered(Ordering::is_le),
        "in" => contains(right, left),
        "nin" => !contains(right, left),
        "rin" => contains(left, right),
        "rnin" => !left.is_null() && !contains(left, right),
        "^" => texts.is_some_and(|(l, r)| l.starts_with(r)),
        "!^" => texts.is_some_and(|(l, r)| !l.starts_with(r)),
        "$" => texts.is_some_and(|(l, r)| l.ends_with(r)),
        "!$" => texts.is_some_and(|(l, r)| !l.ends_with(r)),
        _ => false,
    }
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

/// What a field holds, or null.
fn found<'a>(entry: &'a Value, field: &str) -> &'a Value {
    lookup(entry, field).ok().flatten().unwrap_or(&Value::Null)
}

fn sort(entries: &mut [Value], by: &str) -> Result<(), Refusal> {
    let (nulls_first, by) = match by.strip_prefix("nulls_first:") {
        Some(rest) => (true, rest),
        None => (false, by.strip_prefix("nulls_last:").unwrap_or(by)),
    };
    let (down, field) = match by.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, by),
    };
    for entry in entries.iter() {
        let found = lookup(entry, field)?;
        found.ok_or_else(|| Refusal::failed(Errno::INVALID, format!("Cannot sort by '{field}'")))?;
    }
    entries.sort_by(|a, b| {
        let (a, b) = (found(a, field), found(b, field));
        let nulls = a.is_null().cmp(&b.is_null());
        let nulls = if nulls_first { nulls.reverse() } else { nulls };
        let values = order(a, b);
        nulls.then(if down { values.reverse() } else { values })
    });
    Ok(())
}

/// Keeps the members asked for: nested as they were, or under an alias; what is not there is left out.
fn select(entry: Value, wanted: &[Value]) -> Outcome {
    if wanted.is_empty() {
        return Ok(entry);
    }
    let mut picked = Map::new();
    for item in wanted {
        let (field, alias) = match item {
            Value::String(field) => (field, None),
            Value::Array(pair) => match pair.as_slice() {
                [Value::String(field), Value::String(alias)] => (field, Some(alias)),
                _ => return Err(Refusal::failed(Errno::INVALID, "Invalid select")),
            },
            _ => return Err(Refusal::failed(Errno::INVALID, "Invalid select")),
        };
        let Some((path, value)) = member(&entry, field)? else {
            continue;
        };
        match alias {
            Some(alias) => drop(picked.insert(alias.clone(), value.clone())),
            None => nest(&mut picked, &path, value.clone()),
        }
    }
    Ok(Value::Object(picked))
}

/// The names of the objects' members on the way to a value, and the value.
fn member<'a>(entry: &'a Value, field: &str) -> Result<Option<(Vec<String>, &'a Value)>, Refusal> {
    let (mut at, mut rest, mut path) = (entry, field, Vec::new());
    while !rest.is_empty() {
        let (name, right) = step(rest);
        rest = right;
        match at {
            Value::Object(members) => {
                let Some(member) = members.get(&name) else {
                    return Ok(None);
                };
                at = member;
                path.push(name);
            }
            Value::Array(_) => {
                return Err(Refusal::failed(Errno::INVALID, "Selecting by list index is not supported"));
            }
            _ => {}
        }
    }
    Ok(Some((path, at)))
}

fn nest(into: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => drop(into.insert(last.clone(), value)),
        [first, rest @ ..] => {
            let inner = into.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                nest(inner, rest, value);
            }
        }
    }
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
    fn options_have_bounds() {
        for refused in
            [json!({"limit": 10_001}), json!({"get": true, "limit": 2}), json!({"get": true, "offset": 1})]
        {
            assert!(check_options(&refused).is_err(), "{refused}");
        }
        for taken in [json!({"limit": 10_000, "offset": 5}), json!({"get": true, "limit": 1})] {
            assert_eq!(check_options(&taken), Ok(()), "{taken}");
        }
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
    fn what_is_not_there_fulfils_nothing_and_is_not_selected() {
        assert_eq!(ids(&json!([["nothing", "!=", 1]])), [0; 0]);
        assert_eq!(ids(&json!([["when.$date", "nin", [3]]])), [2, 3]);
        assert_eq!(ids(&json!([["when", "!^", "x"]])), [0; 0]);
        let entry = json!({"a": {"b": 1, "c.d": 2}, "e": null, "f": [3]});
        let pick = |select: Value| {
            answer(vec![entry.clone()], &json!([]), &json!({"get": true, "select": select})).ok()
        };
        assert_eq!(pick(json!(["a.b", "x", "a.x", "e.y"])), Some(json!({"a": {"b": 1}, "e": null})));
        assert_eq!(pick(json!([["a.c\\.d", "d"]])), Some(json!({"d": 2})));
        assert_eq!(pick(json!(["f.0"])), None);
        let unsorted = json!({"select": ["name"], "order_by": ["id"]});
        assert!(answer(entries(), &json!([]), &unsorted).is_err(), "what is sorted by is selected too");
    }

    #[test]
    fn a_filter_is_one_or_is_refused() {
        let right = json!([["a", "=", 1], ["b", "Cin", ["x"]], ["OR", [["a", "=", 1], [["b", "^", "c"]]]]]);
        assert_eq!(check_filters(&right), Ok(()));
        for wrong in [
            json!(["a", "=", 1]),
            json!([["a", "="]]),
            json!([["a", "==", 1]]),
            json!([["a", "~", "b"]]),
            json!([["a", "like", "b"]]),
            json!([["AND", [["a", "=", 1]]]]),
            json!([["OR", [["a", "is", 1]]]]),
            json!([["OR", [[]]]]),
            json!([{"a": 1}]),
        ] {
            assert!(check_filters(&wrong).is_err(), "{wrong}");
        }
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
