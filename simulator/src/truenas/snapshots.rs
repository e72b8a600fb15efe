//! Snapshots: taking them, listing them, letting them expire.

use jiff::fmt::strtime::BrokenDownTime;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use super::call::{Call, Method};
use super::events::{Event, What};
use super::nas::Nas;
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, INT, Kind};
use super::state::{Row, Snapshot, State, date};

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
const ID: Field = Field::required("id", Kind::Text);

pub(super) const METHODS: &[Method] = &[
    Method::read("zfs.snapshot.query", QUERY, |call| call.query(entries(call)?)).until(Release::Scale25_04),
    Method::read("pool.snapshot.query", QUERY, |call| call.query(entries(call)?)).since(Release::Scale25_10),
    Method::read("zfs.snapshot.get_instance", &[ID, QUERY_OPTIONS], get_instance)
        .since(Release::Scale24_10)
        .until(Release::Scale25_04),
    Method::read("pool.snapshot.get_instance", &[ID, QUERY_OPTIONS], get_instance).since(Release::Scale25_10),
    Method::read("zfs.resource.snapshot.query", &[DATA], resources).since(Release::Community26),
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
    let state = call.nas.state();
    let entry = |snapshot: &Snapshot| {
        let mut entry = entry(snapshot);
        if wants_retention {
            entry["retention"] = retention(&state, snapshot);
        }
        if wants_holds {
            entry["holds"] = json!({});
        }
        entry
    };
    Ok(state.snapshots.iter().map(entry).collect())
}

fn get_instance(call: &Call) -> Outcome {
    let id = &call.params[0];
    let state = call.nas.state();
    let found = state.snapshots.iter().map(entry).find(|entry| entry["id"] == *id);
    found.ok_or_else(|| Refusal::no_row("Snapshot", id))
}

/// Snapshots by their datasets' or their own names: the way of 26.
fn resources(call: &Call) -> Outcome {
    let wants = call.object(0);
    let state = call.nas.state();
    let number = |name: &str| wants[name].as_u64().filter(|bound| *bound > 0);
    let (low, high) = (number("min_txg"), number("max_txg"));
    let paths: Vec<&str> =
        wants["paths"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
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

fn resource(snapshot: &Snapshot, wants: &Row) -> Value {
    let seconds = snapshot.taken.as_second();
    let source =
        if wants["get_source"] == true { json!({"type": "NONE", "value": null}) } else { Value::Null };
    let is_asked = |property: &str| match &wants["properties"] {
        // Null asks for none, an empty list for all.
        Value::Array(list) => list.is_empty() || list.iter().any(|name| name == property),
        _ => false,
    };
    let mut properties = Row::new();
    if is_asked("creation") {
        let creation = json!({"raw": seconds.to_string(), "value": seconds, "source": source});
        properties.insert("creation".to_owned(), creation);
    }
    let properties = if wants["properties"].is_null() { Value::Null } else { properties.into() };
    let name = snapshot.id();
    json!({
        "name": name, "pool": snapshot.dataset.split('/').next(), "dataset": snapshot.dataset,
        "snapshot_name": snapshot.name, "type": "SNAPSHOT", "createtxg": snapshot.transaction,
        "guid": super::pools::number(&name) >> 1, "properties": properties,
        "holds": (wants["get_holds"] == true).then(Vec::<Value>::new),
        "user_properties": (wants["get_user_properties"] == true).then(|| json!({})),
    })
}

fn entry(snapshot: &Snapshot) -> Value {
    let Snapshot { dataset, name, taken, transaction } = snapshot;
    let seconds = taken.as_second().to_string();
    let created = json!({
        "value": taken.to_string(), "rawvalue": seconds, "source": "NONE", "parsed": date(*taken),
    });
    json!({
        "id": format!("{dataset}@{name}"), "name": format!("{dataset}@{name}"), "dataset": dataset,
        "snapshot_name": name, "pool": dataset.split('/').next(), "type": "SNAPSHOT",
        "createtxg": transaction.to_string(), "properties": {"creation": created},
    })
}

/// Until when a snapshot is kept, by the task that keeps it longest.
fn retention(state: &State, snapshot: &Snapshot) -> Value {
    let longest =
        keepers(state, snapshot).filter_map(|(id, task)| Some((expiry(task, snapshot.taken)?, id))).max();
    let shown = longest.map(|(until, id)| {
        json!({"datetime": date(until), "source": "periodic_snapshot_task", "periodic_snapshot_task_id": id})
    });
    shown.unwrap_or_default()
}

/// The enabled tasks to which a snapshot belongs: by its dataset and by its name, whoever took it
/// (zettarepl, `retention/`). One that belongs to none is kept for good.
fn keepers<'a>(state: &'a State, snapshot: &'a Snapshot) -> impl Iterator<Item = (i64, &'a Row)> {
    let tasks = state.snapshot_tasks.rows().filter(|(_, task)| task["enabled"] == true);
    tasks.filter(|(_, task)| {
        let schema = task["naming_schema"].as_str().unwrap_or_default();
        let is_named = is_named_by(schema, &snapshot.name);
        is_named && covers(task, &snapshot.dataset)
    })
}

/// Whether a name is one that a naming schema gives.
pub(super) fn is_named_by(schema: &str, name: &str) -> bool {
    BrokenDownTime::parse(schema, name).is_ok()
}

/// When a snapshot taken for a task is no longer wanted.
pub(super) fn expiry(task: &Row, taken: Timestamp) -> Option<Timestamp> {
    let count = task["lifetime_value"].as_i64()?;
    let hours = match task["lifetime_unit"].as_str()? {
        "HOUR" => 1,
        "DAY" => 24,
        "WEEK" => 7 * 24,
        "MONTH" => 30 * 24,
        _ => 365 * 24,
    };
    let span = Span::new().try_hours(count.checked_mul(hours)?).ok()?;
    taken.checked_add(span).ok()
}

/// Runs an enabled task now: a snapshot of its dataset and, if it is recursive, of each one below.
pub(super) fn take(nas: &Nas, task: i64) {
    let local = nas.local_time();
    let mut state = nas.state();
    let Some(row) = state.snapshot_tasks.get(task).filter(|row| row["enabled"] == true).cloned() else {
        return;
    };
    let schema = row["naming_schema"].as_str().unwrap_or_default();
    let name = local.strftime(schema).to_string();
    let datasets: Vec<String> = state.datasets.keys().filter(|name| covers(&row, name)).cloned().collect();
    let is_written = datasets.iter().any(|dataset| state.datasets[dataset].is_written);
    let transaction = state.snapshots.last().map_or(1_000, |last| last.transaction + 1);
    let fresh = |state: &State, dataset: &str| {
        !state.snapshots.iter().any(|s| s.dataset == dataset && s.name == name)
    };
    if is_written || row["allow_empty"] == true {
        for dataset in datasets.into_iter().filter(|dataset| fresh(&state, dataset)).collect::<Vec<_>>() {
            if let Some(written) = state.datasets.get_mut(&dataset) {
                written.is_written = false;
            }
            let taken = local.timestamp();
            let snapshot = Snapshot { dataset, name: name.clone(), taken, transaction };
            state.snapshots.push(snapshot);
        }
    }
    let last = format!("{}@{name}", row["dataset"].as_str().unwrap_or_default());
    let finished = json!({"state": "FINISHED", "datetime": date(local.timestamp()), "last_snapshot": last});
    if let Some(row) = state.snapshot_tasks.get_mut(task) {
        row.insert("state".to_owned(), finished.clone());
    }
    drop(state);
    // What reports the state knows nothing else of the task.
    let event = Event::new(What::Changed, "pool.snapshottask.query", task, json!({"state": finished}));
    nas.events.publish(&event);
}

/// Returns whether a task takes snapshots of a dataset.
fn covers(task: &Row, dataset: &str) -> bool {
    let root = task["dataset"].as_str().unwrap_or_default();
    let below = |parent: &str| dataset.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/'));
    let mut excluded = task["exclude"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let is_excluded = excluded.any(|item| dataset == item || below(item));
    dataset == root || (task["recursive"] == true && below(root) && !is_excluded)
}

/// Runs every enabled task and removes what has outlived its task's lifetime.
pub(super) fn hour_passes(nas: &Nas) {
    let tasks: Vec<i64> = nas.state().snapshot_tasks.rows().map(|(id, _)| id).collect();
    for task in tasks {
        take(nas, task);
    }
    let now = nas.now();
    let mut state = nas.state();
    let mut kept = std::mem::take(&mut state.snapshots);
    kept.retain(|snapshot| {
        let mut ends = keepers(&state, snapshot).map(|(_, task)| expiry(task, snapshot.taken));
        // It goes when each task that it belongs to has let it go.
        let first = ends.next();
        first.is_none_or(|first| {
            let is_over = |until: Option<Timestamp>| until.is_some_and(|until| until <= now);
            !(is_over(first) && ends.all(is_over))
        })
    });
    state.snapshots = kept;
}
