//! Snapshots: listing them, in the ways of each release.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::retention::retention;
use super::shape::{Field, INT, Kind};
use super::state::{Row, Snapshot, State, date, is_at_or_below};

const DATA: Field = Field::or(
    "data",
    Kind::Object(&[
        Field::or("paths", Kind::List(&Kind::Text), "[]"),
        Field::or("properties", Kind::Nullable(&Kind::List(&Kind::Text)), "[]"),
        Field::or("get_user_properties", Kind::Bool, "false"),
        Field::or("get_source", Kind::Bool, "false"),
        Field::or("get_holds", Kind::Bool, "false"),
        Field::or("recursive", Kind::Bool, "false"),
        Field::or("min_txg", INT, "0"),
        Field::or("max_txg", INT, "0"),
    ]),
    "{}",
);
const COUNTED: Field = Field::or(
    "data",
    Kind::Object(&[
        Field::or("paths", Kind::List(&Kind::Text), "[]"),
        Field::or("recursive", Kind::Bool, "false"),
    ]),
    "{}",
);
const PATH: Field = Field::required("data", Kind::Object(&[Field::required("path", Kind::Filled)]));
const ID: Field = Field::required("id", Kind::Text);
const NEW: Release = Release::Community26;

pub(super) const METHODS: &[Method] = &[
    Method::read("zfs.snapshot.query", QUERY, |call| call.query(entries(call)?)).until(Release::Scale25_04),
    Method::read("pool.snapshot.query", QUERY, |call| call.query(entries(call)?)).since(Release::Scale25_10),
    Method::read("zfs.snapshot.get_instance", &[ID, QUERY_OPTIONS], get_instance)
        .since(Release::Scale24_10)
        .until(Release::Scale25_04),
    Method::read("pool.snapshot.get_instance", &[ID, QUERY_OPTIONS], get_instance).since(Release::Scale25_10),
    Method::read("zfs.resource.snapshot.query", &[DATA], resources).since(NEW),
    Method::read("zfs.resource.snapshot.count", &[COUNTED], counts).since(NEW),
    Method::read("zfs.resource.snapshot.holds", &[PATH], holds).since(NEW),
];

fn entries(call: &Call) -> Result<Vec<Value>, Refusal> {
    let (filters, options) = (&call.params[0], &call.params[1]);
    let extra = &options["extra"];
    let (wants_retention, wants_holds) = (extra["retention"] == true, extra["holds"] == true);
    let is_by_id = filters.as_array().into_iter().flatten().any(|filter| filter[0] == "id");
    let is_limited = options["limit"].as_i64().is_some_and(|limit| limit > 0);
    if wants_retention && !is_by_id && !is_limited {
        // The middleware refuses to compute the retention of every snapshot.
        return Err(Refusal::failed(
            Errno::INVALID,
            "`id` or `limit` is required if `retention` is requested",
        ));
    }
    if call.rules.models >= NEW && extra.get("properties").is_some_and(Value::is_null) {
        return Err(Refusal::failed(Errno::INVALID, "'NoneType' object is not iterable"));
    }
    let number = |name: &str| extra[name].as_u64().filter(|bound| *bound > 0);
    let (low, high) = (number("min_txg"), number("max_txg"));
    let state = call.nas.state();
    let is_wanted = |snapshot: &&Snapshot| {
        low.is_none_or(|low| snapshot.transaction >= low)
            && high.is_none_or(|high| snapshot.transaction <= high)
    };
    let entry = |snapshot: &Snapshot| {
        let mut entry = entry(snapshot, &extra["properties"], call.rules.models);
        if wants_retention {
            entry["retention"] = retention(&state, snapshot);
        }
        if wants_holds || call.rules.models >= NEW {
            let is_held = wants_holds && snapshot.holds.contains("truenas");
            entry["holds"] = if is_held { json!({"truenas": 1}) } else { json!({}) };
        }
        entry
    };
    Ok(state.snapshots.iter().filter(is_wanted).map(entry).collect())
}

fn get_instance(call: &Call) -> Outcome {
    let id = &call.params[0];
    let state = call.nas.state();
    let entry = |snapshot| entry(snapshot, &call.params[1]["extra"]["properties"], call.rules.models);
    let found = state.snapshots.iter().map(entry).find(|entry| entry["id"] == *id);
    found.ok_or_else(|| missing(id.as_str().unwrap_or_default()))
}

/// A snapshot asked for by its name that is not there.
pub(super) fn missing(id: &str) -> Refusal {
    Refusal::no_row("Snapshot", &id.into())
}

/// A path of 26 that leads nowhere: the complaint names the method in the place of a field.
pub(super) fn no_path(method: &str, path: &str) -> Refusal {
    let complaint = Complaint::new(method, format!("'{path}' not found"));
    Refusal::Invalid(vec![Complaint { errno: Errno::MISSING, ..complaint }])
}

fn paths(wants: &Row) -> Vec<&str> {
    wants["paths"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// With `recursive` no path may lie below another.
fn refuse_overlap(method: &str, wants: &Row) -> Result<(), Refusal> {
    let all: Vec<&str> = paths(wants).into_iter().filter(|path| !path.contains('@')).collect();
    let overlaps = |path: &&&str| all.iter().any(|other| other != *path && is_at_or_below(path, other));
    if wants["recursive"] == true && all.iter().any(|path| overlaps(&path)) {
        let text = "Paths must be non-overlapping - no path can be relative to another when recursive is set to True.";
        return Err(Refusal::invalid(method, text));
    }
    Ok(())
}

fn refuse_unknown(method: &str, state: &State, wants: &Row) -> Result<(), Refusal> {
    let is_there =
        |path: &str| state.datasets.contains_key(path) || state.snapshots.iter().any(|s| s.id() == path);
    match paths(wants).into_iter().find(|path| !is_there(path)) {
        Some(path) => Err(no_path(method, path)),
        None => Ok(()),
    }
}

/// Snapshots by their datasets' or their own names: the way of 26.
fn resources(call: &Call) -> Outcome {
    const METHOD: &str = "zfs.resource.snapshot.query";
    let wants = call.object(0);
    refuse_overlap(METHOD, &wants)?;
    let state = call.nas.state();
    refuse_unknown(METHOD, &state, &wants)?;
    let number = |name: &str| wants[name].as_u64().filter(|bound| *bound > 0);
    let (low, high) = (number("min_txg"), number("max_txg"));
    let paths = paths(&wants);
    let is_at = |snapshot: &Snapshot, path: &str| {
        let rest = snapshot.dataset.strip_prefix(path);
        let is_below = wants["recursive"] == true && rest.is_some_and(|rest| rest.starts_with('/'));
        rest == Some("") || is_below || path == snapshot.id()
    };
    let is_wanted = |snapshot: &&Snapshot| {
        low.is_none_or(|low| snapshot.transaction >= low)
            && high.is_none_or(|high| snapshot.transaction <= high)
            && (paths.is_empty() || paths.iter().any(|path| is_at(snapshot, path)))
    };
    Ok(state.snapshots.iter().filter(is_wanted).map(|snapshot| resource(snapshot, &wants)).collect())
}

/// How many snapshots each dataset has; without a path, the pools' root datasets.
fn counts(call: &Call) -> Outcome {
    const METHOD: &str = "zfs.resource.snapshot.count";
    let wants = call.object(0);
    refuse_overlap(METHOD, &wants)?;
    let state = call.nas.state();
    refuse_unknown(METHOD, &state, &wants)?;
    let (paths, is_deep) = (paths(&wants), wants["recursive"] == true);
    let is_wanted = |name: &&String| match paths.as_slice() {
        [] => is_deep || !name.contains('/'),
        paths => paths.iter().any(|path| name == path || (is_deep && is_at_or_below(name, path))),
    };
    let names = state.datasets.keys().filter(is_wanted);
    let count = |name: &String| super::dataset_details::count(&state, name);
    Ok(Value::Object(names.map(|name| (name.clone(), count(name).into())).collect()))
}

fn holds(call: &Call) -> Outcome {
    let path = call.params[0]["path"].as_str().unwrap_or_default();
    let state = call.nas.state();
    let found = state.snapshots.iter().find(|snapshot| snapshot.id() == path);
    let found = found.ok_or_else(|| no_path("zfs.resource.snapshot.holds", path))?;
    Ok(found.holds.iter().map(String::as_str).collect())
}

/// A snapshot as `zfs.resource.snapshot.*` shows it.
pub(super) fn resource(snapshot: &Snapshot, wants: &Row) -> Value {
    let seconds = snapshot.taken.as_second();
    let is = |name: &str| wants.get(name).is_some_and(|it| it == true);
    let source = if is("get_source") { json!({"type": "NONE", "value": null}) } else { Value::Null };
    let asked = wants.get("properties").unwrap_or(&Value::Null);
    let is_asked = |property: &str| match asked {
        // Null asks for none, an empty list for all.
        Value::Array(list) => list.is_empty() || list.iter().any(|name| name == property),
        _ => false,
    };
    let known = [
        ("creation", seconds),
        ("guid", i64::try_from(snapshot.guid).unwrap_or_default()),
        ("used", 0),
        ("referenced", 1 << 29),
        ("createtxg", i64::try_from(snapshot.transaction).unwrap_or_default()),
    ];
    let property = |(name, value): (&str, i64)| {
        (name.to_owned(), json!({"raw": value.to_string(), "value": value, "source": source}))
    };
    let properties: Row = known.into_iter().filter(|(name, _)| is_asked(name)).map(property).collect();
    let properties = if asked.is_null() { Value::Null } else { properties.into() };
    let name = snapshot.id();
    json!({
        "name": name, "pool": snapshot.dataset.split('/').next(), "dataset": snapshot.dataset,
        "snapshot_name": snapshot.name, "type": "SNAPSHOT", "createtxg": snapshot.transaction,
        "guid": snapshot.guid, "properties": properties,
        "holds": is("get_holds").then(|| snapshot.holds.iter().collect::<Vec<_>>()),
        "user_properties": is("get_user_properties").then_some(&snapshot.user_properties),
    })
}

/// A snapshot as `pool.snapshot.*` shows it. Without a word about properties all are shown, on 26 none
/// (TrueNAS middleware 26, `plugins/pool_/snapshot.py`).
pub(super) fn entry(snapshot: &Snapshot, wanted: &Value, models: Release) -> Value {
    let Snapshot { dataset, name, taken, transaction, .. } = snapshot;
    let mut entry = json!({
        "id": format!("{dataset}@{name}"), "name": format!("{dataset}@{name}"), "dataset": dataset,
        "snapshot_name": name, "pool": dataset.split('/').next(), "type": "SNAPSHOT",
        "createtxg": transaction.to_string(),
    });
    let is_wanted = |property: &str| match wanted {
        Value::Array(list) => list.iter().any(|name| name == property),
        _ => true,
    };
    if models >= NEW && wanted.as_array().is_none_or(Vec::is_empty) {
        return entry;
    }
    entry["properties"] =
        properties(snapshot, *taken).into_iter().filter(|(name, _)| is_wanted(name)).collect();
    entry
}

/// The properties of a snapshot: ZFS's own and the user's.
pub(super) fn properties(snapshot: &Snapshot, taken: jiff::Timestamp) -> Vec<(String, Value)> {
    let property = |value: String, raw: String, parsed: Value, source: &str| json!({"value": value, "rawvalue": raw, "source": source, "parsed": parsed});
    let seconds = taken.as_second().to_string();
    let size = |bytes: u64| property(bytes.to_string(), bytes.to_string(), bytes.into(), "NONE");
    let own = [
        ("creation".to_owned(), property(taken.to_string(), seconds, date(taken), "NONE")),
        ("guid".to_owned(), size(snapshot.guid)),
        ("used".to_owned(), size(0)),
        ("referenced".to_owned(), size(1 << 29)),
    ];
    let of_user = snapshot.user_properties.iter();
    let of_user = of_user.map(|(name, value)| {
        (name.clone(), property(value.clone(), value.clone(), value.as_str().into(), "LOCAL"))
    });
    own.into_iter().chain(of_user).collect()
}
