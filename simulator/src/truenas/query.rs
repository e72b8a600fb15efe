//! The query language that every `*.query` method takes: filters and options over a list of entries.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::conditions;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
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
    Field::or("relationships", Kind::Bool, "true").until(Release::Scale25_04),
    Field::or("extend", Kind::Nullable(&Kind::Text), "null").until(Release::Scale25_04),
    Field::or("extend_context", Kind::Nullable(&Kind::Text), "null").until(Release::Scale25_04),
    Field::or("prefix", Kind::Nullable(&Kind::Text), "null").until(Release::Scale25_04),
];

/// Filters, checked before they are applied, so that a wrong one is refused even where there is nothing to filter.
pub(super) const FILTER_LIST: Kind = Kind::ValidBy(&Kind::List(&Kind::Any), conditions::check);
/// The parameter that carries filters.
pub(super) const FILTERS: Field = Field::or("filters", FILTER_LIST, "[]").formerly("query-filters");
/// What options there are.
pub(super) const OPTION_FIELDS: Kind =
    Kind::ValidSince(Release::Scale25_10, &Kind::Object(OPTIONS), check_options);
/// The parameter that carries options.
pub(super) const QUERY_OPTIONS: Field = Field::or("options", OPTION_FIELDS, "{}").formerly("query-options");
/// The parameters of every plain query.
pub(super) const QUERY: &[Field] = &[FILTERS, QUERY_OPTIONS];

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

/// Answers a query over `entries`: filtered, cut down to what is selected, and only then put in order.
///
/// Rows are sorted by one field after the other, so that the last of several decides first; a query that the database
/// answers, as `force_sql_filters` asks for, decides by the first.
pub(super) fn answer(entries: Vec<Value>, filters: &Value, options: &Value) -> Outcome {
    let list = |name: &str| options[name].as_array().cloned().unwrap_or_default();
    let selected = list("select");
    let mut kept = Vec::new();
    for entry in entries {
        if conditions::all_hold(filters, &entry)? {
            kept.push(select(entry, &selected)?);
        }
    }
    if options["count"] == true {
        return Ok(kept.len().into());
    }
    let mut orders = list("order_by");
    if options["force_sql_filters"] == true {
        orders.reverse();
    }
    for order in orders.iter().filter_map(Value::as_str) {
        sort(&mut kept, order)?;
    }
    if options["get"] == true {
        let first = kept.into_iter().next();
        return first.ok_or_else(|| Refusal::failed(Errno::INVALID, "MatchNotFound()"));
    }
    let number = |name: &str| options[name].as_i64().unwrap_or_default();
    kept.drain(..place(number("offset"), kept.len()));
    if number("limit") != 0 {
        kept.truncate(place(number("limit"), kept.len()));
    }
    Ok(kept.into())
}

/// Where a bound of a slice falls in a list of this length: below zero it counts from the end, as in Python.
fn place(bound: i64, length: usize) -> usize {
    let distance = usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX);
    if bound < 0 { length.saturating_sub(distance) } else { distance.min(length) }
}

/// Sorts by one field. A null that the caller has no place for fails the query, as does a field of two types.
fn sort(entries: &mut Vec<Value>, by: &str) -> Result<(), Refusal> {
    let (nulls, by) = match (by.strip_prefix("nulls_first:"), by.strip_prefix("nulls_last:")) {
        (Some(rest), _) => (Some(Nulls::First), rest),
        (None, Some(rest)) => (Some(Nulls::Last), rest),
        (None, None) => (None, by),
    };
    let (down, field) = match by.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, by),
    };
    let wrong = |why: &str| Refusal::failed(Errno::INVALID, format!("Cannot sort by '{field}': {why}"));
    let mut absent = Vec::new();
    let mut keyed = Vec::new();
    for entry in entries.drain(..) {
        let key = conditions::lookup(&entry, field)?.into_iter().next().cloned();
        match key.ok_or_else(|| wrong("no such field"))? {
            Value::Null => absent.push(entry),
            key => keyed.push((key, entry)),
        }
    }
    if !absent.is_empty() && nulls.is_none() {
        return Err(wrong("'<' not supported between instances of 'NoneType' and another type"));
    }
    if keyed.windows(2).any(|pair| conditions::order(&pair[0].0, &pair[1].0).is_none()) {
        return Err(wrong("'<' not supported between instances of two types"));
    }
    keyed.sort_by(|(a, _), (b, _)| {
        let order = conditions::order(a, b).unwrap_or(Ordering::Equal);
        if down { order.reverse() } else { order }
    });
    let sorted = keyed.into_iter().map(|(_, entry)| entry);
    match nulls {
        Some(Nulls::First) => entries.extend(absent.into_iter().chain(sorted)),
        _ => entries.extend(sorted.chain(absent)),
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Nulls {
    First,
    Last,
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
        let (name, right) = conditions::step(rest);
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
    fn what_is_not_there_is_not_selected() {
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

    /// Rows are sorted by one field after the other: in memory the last decides first, in the database the first.
    #[test]
    fn the_last_of_several_orders_leads_in_memory_and_the_first_in_sql() {
        let row = |(n, s): &(i64, &str)| json!({"n": n, "s": s});
        let rows = |order: &[(i64, &str)]| order.iter().map(row).collect::<Vec<Value>>();
        let mixed = rows(&[(1, "b"), (2, "a"), (1, "a"), (2, "b")]);
        let sorted = |options: Value| answer(mixed.clone(), &json!([]), &options).unwrap();
        let in_memory = sorted(json!({"order_by": ["n", "-s"]}));
        assert_eq!(in_memory, Value::from(rows(&[(1, "b"), (2, "b"), (1, "a"), (2, "a")])));
        let in_sql = sorted(json!({"order_by": ["n", "-s"], "force_sql_filters": true}));
        assert_eq!(in_sql, Value::from(rows(&[(1, "b"), (1, "a"), (2, "b"), (2, "a")])));
    }

    #[test]
    fn a_null_that_has_no_place_fails_the_order() {
        let ids = |order: &str| {
            let found = answer(entries(), &json!([]), &json!({"order_by": [order]})).ok()?;
            found.as_array().unwrap().iter().map(|row| row["id"].as_i64()).collect::<Option<Vec<i64>>>()
        };
        for (order, expected) in [
            ("when", None),
            ("-when", None),
            ("nulls_first:when", Some(vec![2, 1, 3])),
            ("nulls_last:when", Some(vec![1, 3, 2])),
            ("nulls_first:-when", Some(vec![2, 3, 1])),
            ("-name", Some(vec![3, 1, 2])),
            ("nothing", None),
        ] {
            assert_eq!(ids(order), expected, "{order}");
        }
        let mixed = vec![json!({"a": 1}), json!({"a": "x"})];
        assert!(answer(mixed, &json!([]), &json!({"order_by": ["a"]})).is_err());
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

    #[test]
    fn bounds_below_zero_count_from_the_end() {
        let ids = |options: Value| {
            let found = answer(entries(), &json!([]), &options).unwrap();
            found.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        for (options, expected) in [
            (json!({"limit": -1}), vec![1, 2]),
            (json!({"offset": -1}), vec![3]),
            (json!({"offset": -2, "limit": -1}), vec![2]),
            (json!({"limit": -9}), vec![]),
            (json!({"offset": -9}), vec![1, 2, 3]),
            (json!({"offset": 9, "limit": 9}), vec![]),
        ] {
            assert_eq!(ids(options.clone()), expected, "{options}");
        }
    }
}
