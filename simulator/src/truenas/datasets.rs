//! Datasets and their properties, user properties among them.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::events::What;
use super::jobs::{Abort, Jobs};
use super::query::{self, QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};
use super::state::{Row, State};

/// Names that the appliance keeps for itself and does not show among user properties.
const OWN_PREFIXES: [&str; 2] = ["org.freenas:", "org.truenas:"];

const COLON: &str = "String should match pattern '.*:.*'";
const KEY: Kind = Kind::That(&Kind::Text, |key| key.contains(':'), COLON);
const CHANGE: Kind = Kind::Object(&[
    Field::required("key", KEY),
    Field::optional("value", Kind::LongText),
    Field::optional("remove", Kind::Bool),
]);
const PROPERTY: Kind = Kind::Object(&[Field::required("key", KEY), Field::required("value", Kind::LongText)]);
const UPDATE: Kind = Kind::Partial(&[
    Field::optional("comments", Kind::Text),
    Field::optional("user_properties", Kind::List(&PROPERTY)).since(Release::Scale24_10),
    Field::optional("user_properties_update", Kind::List(&CHANGE)).since(Release::Scale24_10),
]);
const HEX_KEY: Kind =
    Kind::That(&Kind::Text, |key| key.chars().count() == 64, "String should have 64 characters");
const UNLOCKING: Kind = Kind::Object(&[
    Field::or("force", Kind::Bool, "false"),
    Field::required("name", Kind::Filled),
    Field::optional("key", HEX_KEY),
    Field::optional("passphrase", Kind::Filled),
]);
const SUMMARY: Kind = Kind::Object(&[
    Field::or("key_file", Kind::Bool, "false"),
    Field::or("force", Kind::Bool, "false"),
    Field::or("datasets", Kind::List(&UNLOCKING), "[]"),
]);

pub(super) const METHODS: &[Method] = &[
    Method::read("pool.dataset.query", QUERY, |call| {
        call.query(entries(call, &call.params[0], &call.params[1]))
    }),
    Method::read(
        "pool.dataset.get_instance",
        &[Field::required("id", Kind::Text), QUERY_OPTIONS],
        get_instance,
    )
    .since(Release::Scale24_10),
    Method::write(
        "pool.dataset.update",
        &[Field::required("id", Kind::Text), Field::required("data", UPDATE).formerly("pool_dataset_update")],
        update,
    ),
    Method::write(
        "pool.dataset.encryption_summary",
        &[
            Field::required("id", Kind::Text),
            Field::or("options", SUMMARY, "{}").formerly("encryption_root_summary_options"),
        ],
        encryption_summary,
    )
    .harmless()
    .job(),
];

/// The datasets as a flat list, or as trees when `extra.flat` is false: the pools', or those of the datasets that the
/// filters name.
fn entries(call: &Call, filters: &Value, options: &Value) -> Vec<Value> {
    let state = call.nas.state();
    let extra = &options["extra"];
    let with_children = extra["retrieve_children"] != false;
    let is_name = |filter: &Value| matches!(filter[0].as_str(), Some("id" | "name"));
    let are_named = filters.as_array().into_iter().flatten().any(is_name);
    let is_shown = |name: &&String| extra["flat"] != false || are_named || !name.contains('/');
    let names = state.datasets.keys().filter(is_shown);
    names.map(|name| entry(&state, name, with_children, call.rules.models)).collect()
}

fn get_instance(call: &Call) -> Outcome {
    let id = &call.params[0];
    let filter = json!([["id", "=", id]]);
    let found = entries(call, &filter, &call.params[1]);
    query::answer(found, &filter, &json!({"get": true})).map_err(|_| Refusal::no_row("PoolDataset", id))
}

/// A dataset's user properties as the API shows them, the appliance's own left out. From 25.10 on the source says
/// LOCAL, inherited or not.
pub(super) fn user_properties(state: &State, dataset: &str, models: Release) -> Row {
    let own = |key: &str| OWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    let shown = |(key, (value, origin)): (&str, (&str, &str))| {
        let is_inherited = origin != dataset && models < Release::Scale25_10;
        let mut shown = property(value, if is_inherited { "INHERITED" } else { "LOCAL" });
        shown["rawvalue"] = value.into();
        (key.to_owned(), shown)
    };
    let all = state.user_properties(dataset).into_iter();
    all.filter(|(key, _)| !own(key)).map(shown).collect()
}

fn property(value: &str, source: &str) -> Value {
    json!({"value": value, "rawvalue": value.to_lowercase(), "parsed": value, "source": source, "source_info": null})
}

fn entry(state: &State, name: &str, with_children: bool, models: Release) -> Value {
    let dataset = &state.datasets[name];
    let is_child = |other: &String| other.rsplit_once('/').is_some_and(|(parent, _)| parent == name);
    let children = state.datasets.keys().filter(|child| with_children && is_child(child));
    let children: Vec<Value> = children.map(|child| entry(state, child, true, models)).collect();
    let locked = state.is_locked(name);
    let mut comments = property_or_null(dataset.comments.as_deref());
    if let Some(text) = &dataset.comments {
        comments["rawvalue"] = text.as_str().into();
    }
    let mut entry = json!({
        "id": name, "name": name, "pool": name.split('/').next(), "type": "FILESYSTEM",
        "encrypted": dataset.is_encrypted, "locked": locked, "key_loaded": dataset.is_encrypted && !locked,
        "encryption_root": dataset.is_encrypted.then_some(name), "children": children,
        "mountpoint": format!("/mnt/{name}"),
        "key_format": property_or_null(dataset.is_encrypted.then_some("PASSPHRASE")),
        "encryption_algorithm": property_or_null(dataset.is_encrypted.then_some("AES-256-GCM")),
        "compression": property("LZ4", "DEFAULT"), "sync": property("STANDARD", "DEFAULT"),
        "readonly": property("OFF", "DEFAULT"), "deduplication": property("OFF", "DEFAULT"),
        "used": size(1 << 30), "available": size(3 << 40), "usedbysnapshots": size(0),
        "usedbydataset": size(1 << 29), "usedbychildren": size(1 << 29),
        "managedby": property_or_null(None), "comments": comments,
    });
    if models > Release::Core13_3 {
        entry["user_properties"] = user_properties(state, name, models).into();
    }
    if dataset.is_volume {
        entry["type"] = "VOLUME".into();
        entry["mountpoint"] = Value::Null;
        entry["volsize"] = size(20 << 30);
        entry["volblocksize"] = property("16K", "DEFAULT");
    } else {
        entry["recordsize"] = property("128K", "DEFAULT");
        entry["atime"] = property("OFF", "DEFAULT");
        entry["quota"] = property_or_null(None);
    }
    entry
}

fn property_or_null(value: Option<&str>) -> Value {
    match value {
        Some(value) => property(value, "LOCAL"),
        None => {
            json!({"value": null, "rawvalue": "none", "parsed": null, "source": "NONE", "source_info": null})
        }
    }
}

fn size(bytes: u64) -> Value {
    let text = bytes.to_string();
    json!({"value": text, "rawvalue": text, "parsed": bytes, "source": "NONE", "source_info": null})
}

fn update(call: &Call) -> Outcome {
    let id = call.text(0);
    let data = call.object(1);
    let mut state = call.nas.state();
    let Some(dataset) = state.datasets.get_mut(id) else {
        let text = format!("{id} does not exist");
        return Err(Refusal::Invalid(vec![Complaint {
            errno: Errno::MISSING,
            ..Complaint::new("id", text)
        }]));
    };
    let items = |name: &str| data.get(name).and_then(Value::as_array);
    let text = |item: &Value, name: &str| item[name].as_str().map(str::to_owned);
    let mut complaints = Vec::new();
    if items("user_properties").is_some() && items("user_properties_update").is_some() {
        let text = "Should not be specified when \"user_properties_update\" are explicitly specified";
        complaints.push(Complaint::new("pool_dataset_update.user_properties", text));
    }
    for (index, item) in items("user_properties_update").into_iter().flatten().enumerate() {
        let remove = item["remove"] == true;
        if remove && item.get("value").is_some() {
            let at = format!("pool_dataset_update.user_properties_update.{index}.remove");
            complaints
                .push(Complaint::new(at, "When this value is specified, \"value\" cannot be specified"));
        } else if !remove && item.get("value").is_none() {
            let at = format!("pool_dataset_update.user_properties_update.{index}.value");
            complaints.push(Complaint::new(at, "This field is required"));
        }
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    if let Some(text) = data.get("comments").and_then(Value::as_str) {
        dataset.comments = Some(text.to_owned());
    }
    let properties = &mut dataset.user_properties;
    if let Some(list) = items("user_properties") {
        // The whole list: whatever is not on it goes.
        properties.retain(|key, _| OWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix)));
        properties.extend(list.iter().filter_map(|item| text(item, "key").zip(text(item, "value"))));
    }
    for item in items("user_properties_update").into_iter().flatten() {
        match (text(item, "key"), text(item, "value")) {
            (Some(key), Some(value)) => drop(properties.insert(key, value)),
            (Some(key), None) => drop(properties.remove(&key)),
            (None, _) => {}
        }
    }
    drop(state);
    let shown = |models| entry(&call.nas.state(), id, true, models);
    call.nas.announce(What::Changed, "pool.dataset.query", id, |view| Some(shown(view.models)));
    Ok(shown(call.rules.models))
}

/// Describes every encrypted dataset at and below a name; nothing for a name that no dataset has.
fn encryption_summary(call: &Call) -> Outcome {
    let id = call.text(0).to_owned();
    let nas = &call.nas;
    let job = call.enter_job("", Abort::Refused, None);
    job.run();
    let state = nas.state();
    let inside = |name: &str| name == id || name.starts_with(&format!("{id}/"));
    let encrypted = state.datasets.iter().filter(|(name, dataset)| dataset.is_encrypted && inside(name));
    let summary: Value = encrypted
        .map(|(name, dataset)| {
            let locked = dataset.is_locked();
            json!({
                "name": name, "key_format": "PASSPHRASE", "key_present_in_database": false, "valid_key": false,
                "locked": locked, "unlock_error": locked.then_some("Key not provided"),
                // What is not locked needs no key.
                "unlock_successful": !locked,
            })
        })
        .collect();
    drop(state);
    Jobs::start(&nas.core, &job, async move { Ok(summary) });
    Ok(job.id.into())
}
