//! What helps to set a replication task up: datasets, naming schemas and snapshots of both sides.
//!
//! From TrueNAS middleware 13.3 to 26, `plugins/replication.py` and `plugins/zettarepl.py`.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::nas::Nas;
use super::neighbours;
use super::refusal::{Errno, Outcome, Refusal};
use super::replication_rules::{DIRECTION, TRANSPORT, targets, texts};
use super::retention;
use super::schedule::SNAPSHOT_NAME;
use super::shape::{Field, INT, Kind};
use super::state::{Dataset, Row, State};

const CREDENTIALS: Field = Field::or("ssh_credentials", Kind::Nullable(&INT), "null");
const SIDE: Field = Field::required("transport", TRANSPORT);
const DATASETS: Kind = Kind::List(&Kind::Filled);
const NAMES: Kind = Kind::List(&SNAPSHOT_NAME);
pub(super) const LIST_DATASETS: &[Field] = &[SIDE, CREDENTIALS];
pub(super) const CREATE_DATASET: &[Field] = &[Field::required("dataset", Kind::Text), SIDE, CREDENTIALS];
pub(super) const OLD_COUNT: &[Field] =
    &[Field::required("datasets", DATASETS), Field::required("naming_schema", NAMES), SIDE, CREDENTIALS];
pub(super) const COUNT: &[Field] = &[Field::required(
    "count_eligible_manual_snapshots",
    Kind::Object(&[
        Field::required("datasets", DATASETS),
        Field::or("naming_schema", NAMES, "[]"),
        Field::or("name_regex", Kind::Nullable(&Kind::Filled), "null"),
        SIDE,
        CREDENTIALS,
    ]),
)];
const SOURCES: Field = Field::required("source_datasets", DATASETS);
const TARGET: Field = Field::required("target_dataset", Kind::Filled);
const WAY: Field = Field::required("direction", DIRECTION);
pub(super) const UNMATCHED: &[Field] = &[WAY, SOURCES, TARGET, SIDE, CREDENTIALS];
pub(super) const OLD_UNMATCHED: &[Field] = &[
    WAY,
    SOURCES,
    TARGET,
    Field::required("transport", Kind::OneOf(&["SSH", "SSH+NETCAT", "LOCAL", "LEGACY"])),
    CREDENTIALS,
];

/// The appliance at the other end: this one itself, for a local replication.
fn other_side(call: &Call, transport: &Value, credentials: &Value) -> Result<Arc<Nas>, Refusal> {
    if *transport == "LOCAL" {
        return Ok(Arc::clone(&call.nas));
    }
    let missing = || Refusal::failed(Errno::MISSING, "Credential does not exist");
    let id = credentials.as_i64().ok_or_else(missing)?;
    let shell = neighbours::open_shell(&call.nas, id).map_err(neighbours::NoShell::refusal)?;
    Ok(shell.nas)
}

pub(super) fn list_datasets(call: &Call) -> Outcome {
    let other = other_side(call, &call.params[0], &call.params[1])?;
    let names: Vec<String> = other.state().datasets.keys().cloned().collect();
    Ok(json!(names))
}

pub(super) fn create_dataset(call: &Call) -> Outcome {
    let other = other_side(call, &call.params[1], &call.params[2])?;
    let name = call.text(0);
    let failed = |why: &str| Refusal::failed(Errno::FAULT, format!("cannot create '{name}': {why}"));
    {
        let state = other.state();
        if state.datasets.contains_key(name) {
            return Err(failed("dataset already exists"));
        }
        let parent = name.rsplit_once('/').map(|(parent, _)| parent);
        if parent.is_none_or(|parent| !state.datasets.contains_key(parent)) {
            return Err(failed("parent does not exist"));
        }
    }
    make_dataset(&other, name, Dataset::default()).map_err(|why| failed(&why.to_string()))?;
    Ok(Value::Null)
}

/// Makes a file system with an empty directory.
pub(super) fn make_dataset(nas: &Nas, name: &str, dataset: Dataset) -> std::io::Result<()> {
    fs::create_dir_all(nas.disk.place(name))?;
    nas.state().datasets.insert(name.to_owned(), dataset);
    Ok(())
}

pub(super) fn list_naming_schemas(call: &Call) -> Outcome {
    let state = call.nas.state();
    let of_tasks = state.snapshot_tasks.rows().filter_map(|(_, row)| row["naming_schema"].as_str());
    let mut all: BTreeSet<String> = of_tasks.map(str::to_owned).collect();
    for (_, row) in state.replications.rows() {
        all.extend(texts(row, "naming_schema"));
        all.extend(texts(row, "also_include_naming_schema"));
    }
    Ok(json!(all))
}

/// CORE takes the arguments one after the other.
pub(super) fn count_by_position(call: &Call) -> Outcome {
    let [datasets, schemas, transport, credentials] = call.params.as_slice() else {
        return Ok(Value::Null);
    };
    let other = other_side(call, transport, credentials)?;
    let wanted = json!({"datasets": datasets, "naming_schema": schemas});
    Ok(counted(&other, &wanted.as_object().cloned().unwrap_or_default()))
}

pub(super) fn count(call: &Call) -> Outcome {
    let wanted = call.object(0);
    let has_schemas = wanted["naming_schema"].as_array().is_some_and(|names| !names.is_empty());
    if has_schemas == wanted["name_regex"].is_string() {
        let text = "You must specify exactly one of naming_schema and name_regex";
        return Err(Refusal::invalid("count_eligible_manual_snapshots.naming_schema", text));
    }
    let other = other_side(call, &wanted["transport"], &wanted["ssh_credentials"])?;
    Ok(counted(&other, &wanted))
}

fn counted(nas: &Nas, wanted: &Row) -> Value {
    let (datasets, matcher) = (texts(wanted, "datasets"), Matcher::of(wanted, &["naming_schema"]));
    let state = nas.state();
    let all = state.snapshots.iter().filter(|snapshot| datasets.contains(&snapshot.dataset));
    let (total, eligible) = all.fold((0, 0), |(total, eligible), snapshot| {
        (total + 1, eligible + i32::from(matcher.takes(&snapshot.name)))
    });
    json!({"total": total, "eligible": eligible})
}

/// The names of snapshots that are to be taken along.
pub(super) struct Matcher {
    schemas: Vec<String>,
    regex: Option<Regex>,
}

impl Matcher {
    /// By the schemas in these fields, or by the regular expression.
    pub(super) fn of(row: &Row, fields: &[&str]) -> Self {
        let regex = row.get("name_regex").and_then(Value::as_str);
        Self {
            schemas: fields.iter().flat_map(|field| texts(row, field)).collect(),
            regex: regex.and_then(|regex| Regex::new(&format!("^({regex})$")).ok()),
        }
    }

    pub(super) fn or(mut self, schemas: impl IntoIterator<Item = String>) -> Self {
        self.schemas.extend(schemas);
        self
    }

    pub(super) fn takes(&self, name: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.is_match(name))
            || self.schemas.iter().any(|schema| retention::is_named_by(schema, name))
    }
}

/// What the target has and the source has not, by the dataset on the target.
pub(super) fn unmatched(call: &Call) -> Outcome {
    let [direction, sources, target, transport, credentials] = call.params.as_slice() else {
        return Ok(Value::Null);
    };
    let other = other_side(call, transport, credentials)?;
    let (from, to) = if direction == "PUSH" { (&call.nas, &other) } else { (&other, &call.nas) };
    let row = Row::from_iter([("source_datasets".to_owned(), sources.clone())]);
    let target = target.as_str().unwrap_or_default();
    let names = |state: &State, dataset: &str| -> BTreeSet<String> {
        let of = state.snapshots.iter().filter(|snapshot| snapshot.dataset == dataset);
        of.map(|snapshot| snapshot.name.clone()).collect()
    };
    let mut found = Map::new();
    for (source, target) in texts(&row, "source_datasets").iter().zip(targets(&row, target)) {
        let held = names(&from.state(), source);
        let there = names(&to.state(), &target);
        let more: Vec<&String> = there.difference(&held).collect();
        if !more.is_empty() {
            found.insert(target, json!(more));
        }
    }
    Ok(found.into())
}
