//! Periodic snapshot tasks.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::events::{Event, What};
use super::nas::Nas;
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::retention;
use super::schedule::{SCHEDULE_OF_DAY, SNAPSHOT_NAME};
use super::shape::{Field, INT, Kind};
use super::state::{Row, State};

const UNIT: Kind = Kind::OneOf(&["HOUR", "DAY", "WEEK", "MONTH", "YEAR"]);
const FIELDS: &[Field] = &[
    Field::required("dataset", Kind::Text),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("lifetime_value", INT, "2"),
    Field::or("lifetime_unit", UNIT, "\"WEEK\""),
    Field::or("enabled", Kind::Bool, "true"),
    Field::or("exclude", Kind::List(&Kind::Text), "[]"),
    Field::or("naming_schema", SNAPSHOT_NAME, "\"auto-%Y-%m-%d_%H-%M\""),
    Field::or("allow_empty", Kind::Bool, "true"),
    Field::or("schedule", SCHEDULE_OF_DAY, "{}"),
];
/// The same before 25.04, where less has a default.
const OLD_FIELDS: &[Field] = &[
    Field::required("dataset", Kind::Text),
    Field::required("recursive", Kind::Bool),
    Field::required("lifetime_value", INT),
    Field::required("lifetime_unit", UNIT),
    Field::or("enabled", Kind::Bool, "true"),
    Field::or("exclude", Kind::List(&Kind::Filled), "[]"),
    Field::required("naming_schema", SNAPSHOT_NAME),
    Field::or("allow_empty", Kind::Bool, "true"),
    Field::or("schedule", SCHEDULE_OF_DAY, "{}"),
];
/// What a change takes, with what becomes of snapshots that it would orphan.
macro_rules! changes {
    ($($more:expr),*) => {
        &[
            Field::optional("dataset", Kind::Text),
            Field::optional("recursive", Kind::Bool),
            Field::optional("lifetime_value", INT),
            Field::optional("lifetime_unit", UNIT),
            Field::optional("enabled", Kind::Bool),
            Field::optional("exclude", Kind::List(&Kind::Text)),
            Field::optional("naming_schema", SNAPSHOT_NAME),
            Field::optional("allow_empty", Kind::Bool),
            Field::optional("schedule", SCHEDULE_OF_DAY),
            $($more),*
        ]
    };
}
const CHANGES: &[Field] =
    changes!(Field::optional("fixate_removal_date", Kind::Bool).since(Release::Scale24_10));
/// What a preview of a change takes.
const PREVIEWED: &[Field] = changes!();
const REMOVAL: Kind = Kind::Object(&[Field::or("fixate_removal_date", Kind::Bool, "false")]);
const ID: Field = Field::required("id", INT);
const EVENTS: &str = "pool.snapshottask.query";

pub(super) const METHODS: &[Method] = &[
    Method::read("pool.snapshottask.query", QUERY, |call| {
        let entries =
            call.nas.state().snapshot_tasks.rows().map(|(_, row)| Value::from(row.clone())).collect();
        call.query(entries)
    }),
    Method::read("pool.snapshottask.get_instance", &[ID, QUERY_OPTIONS], |call| entry(call, call.id(0)))
        .since(Release::Scale24_10),
    Method::write(
        "pool.snapshottask.create",
        &[Field::required("data", Kind::Object(OLD_FIELDS)).formerly("periodic_snapshot_create")],
        create,
    )
    .until(Release::Scale24_10),
    Method::write("pool.snapshottask.create", &[Field::required("data", Kind::Object(FIELDS))], create)
        .since(Release::Scale25_04),
    Method::write(
        "pool.snapshottask.update",
        &[ID, Field::required("data", Kind::Partial(CHANGES)).formerly("periodic_snapshot_update")],
        update,
    ),
    Method::write(
        "pool.snapshottask.delete",
        &[ID, Field::or("options", REMOVAL, "{}").since(Release::Scale24_10)],
        delete,
    ),
    Method::write("pool.snapshottask.run", &[ID], run),
    Method::read("pool.snapshottask.max_count", &[], |_| Ok(512.into())).since(Release::Scale24_10),
    Method::read("pool.snapshottask.max_total_count", &[], |_| Ok(10_000.into())).since(Release::Scale24_10),
    Method::read(
        "pool.snapshottask.update_will_change_retention_for",
        &[
            ID,
            Field::required("data", Kind::Partial(PREVIEWED))
                .formerly("periodic_snapshot_update_will_change_retention"),
        ],
        |call| will_change(call, Some(call.object(1))),
    )
    .since(Release::Scale24_10),
    Method::read("pool.snapshottask.delete_will_change_retention_for", &[ID], |call| will_change(call, None))
        .since(Release::Scale24_10),
];

/// The snapshots that a change, or without one the removal of a task, would take from it.
fn will_change(call: &Call, changes: Option<Row>) -> Outcome {
    let state = call.nas.state();
    let before = state.snapshot_tasks.get(call.id(0)).ok_or_else(|| missing(call.id(0)))?;
    let after = changes.map(|changes| {
        let mut after = before.clone();
        after.extend(changes);
        after
    });
    Ok(json!(retention::orphaned(&state, before, after.as_ref())))
}

fn missing(id: i64) -> Refusal {
    Refusal::no_row("PeriodicSnapshotTask", &id.into())
}

fn entry(call: &Call, id: i64) -> Outcome {
    let state = call.nas.state();
    state.snapshot_tasks.get(id).cloned().map(Value::from).ok_or_else(|| missing(id))
}

fn create(call: &Call) -> Outcome {
    let mut row = call.object(0);
    let mut state = call.nas.state();
    check(&state, &row, "periodic_snapshot_create")?;
    row.insert("vmware_sync".to_owned(), false.into());
    row.insert("state".to_owned(), json!({"state": "PENDING"}));
    let id = state.snapshot_tasks.add(row);
    drop(state);
    answer(call, What::Added, id)
}

fn update(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut changes = call.object(1);
    let is_fixed = changes.remove("fixate_removal_date") == Some(true.into());
    let mut state = call.nas.state();
    let mut row = state.snapshot_tasks.get(id).cloned().ok_or_else(|| missing(id))?;
    row.extend(changes);
    check(&state, &row, "periodic_snapshot_update")?;
    if let Some(before) = state.snapshot_tasks.get(id).filter(|_| is_fixed).cloned() {
        let lost = retention::orphaned(&state, &before, Some(&row));
        retention::fix_removal(&mut state, &before, &lost);
    }
    if let Some(kept) = state.snapshot_tasks.get_mut(id) {
        *kept = row;
    }
    drop(state);
    answer(call, What::Changed, id)
}

/// Announces a task that has been written, lets it run when its schedule says so next, and answers with it.
fn answer(call: &Call, what: What, id: i64) -> Outcome {
    let shown = entry(call, id)?;
    call.nas.events.publish(&Event::new(what, EVENTS, id, shown.clone()));
    call.nas.schedules.begin(id, call.nas.now());
    if let (What::Added, Some(delay)) = (what, call.nas.settings.first_snapshot) {
        run_soon(&call.nas, id, delay);
    }
    Ok(shown)
}

fn delete(call: &Call) -> Outcome {
    let id = call.id(0);
    let mut state = call.nas.state();
    let before = state.snapshot_tasks.get(id).cloned().ok_or_else(|| missing(id))?;
    if call.params[1]["fixate_removal_date"] == true {
        let lost = retention::orphaned(&state, &before, None);
        retention::fix_removal(&mut state, &before, &lost);
    }
    state.snapshot_tasks.remove(id);
    drop(state);
    call.nas.events.publish(&Event::new(What::Removed, EVENTS, id, Value::Null));
    Ok(true.into())
}

fn run(call: &Call) -> Outcome {
    let id = call.id(0);
    let is_enabled = call.nas.state().snapshot_tasks.get(id).map(|task| task["enabled"] == true);
    match is_enabled {
        None => Err(missing(id)),
        Some(false) => Err(Refusal::failed(Errno::FAULT, "Task is not enabled")),
        Some(true) => {
            retention::take(&call.nas, id, &call.nas.local_time());
            Ok(Value::Null)
        }
    }
}

fn run_soon(nas: &Arc<Nas>, id: i64, delay: Duration) {
    let tasks = nas.core.tasks.clone();
    let nas = Arc::clone(nas);
    tasks.clone().spawn(async move {
        tokio::select! {
            () = nas.core.clock.sleep(delay) => retention::take(&nas, id, &nas.local_time()),
            () = tasks.stopping() => {}
        }
    });
}

/// Checks a whole task. A lifetime below 1 passes (TrueNAS middleware 25.10, `plugins/snapshot.py`).
fn check(state: &State, row: &Row, param: &str) -> Result<(), Refusal> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, text: &str| {
        complaints.push(Complaint::new(format!("{param}.{field}"), text));
    };
    let dataset = row["dataset"].as_str().unwrap_or_default();
    if !state.datasets.contains_key(dataset) {
        complain("dataset", "Dataset not found");
    }
    let excluded = row["exclude"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for (index, name) in excluded.enumerate() {
        if row["recursive"] != true {
            complain("exclude", "Excluding datasets has no sense for non-recursive periodic snapshot tasks");
            break;
        }
        if !name.starts_with(&format!("{dataset}/")) {
            let text = "Excluded dataset should be a child or other descendant of selected dataset";
            complain(&format!("exclude.{index}"), text);
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(Refusal::Invalid(complaints)) }
}
