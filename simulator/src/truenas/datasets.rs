//! Datasets: what they are, and changing their settings and user properties.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::dataset_settings::{SETTINGS, Setting, of_a_size, shown, text_property};
use super::dataset_shapes::{CREATE, OLD_CREATE, UPDATE};
use super::events::What;
use super::query::{self, QUERY, QUERY_OPTIONS};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};
use super::state::{Row, State};
use super::{dataset_create, dataset_details};

/// Names that the appliance keeps for itself and does not show among user properties.
const OWN_PREFIXES: [&str; 2] = ["org.freenas:", "org.truenas:"];
const ID: Field = Field::required("id", Kind::Text);
const REMOVAL: Kind =
    Kind::Object(&[Field::or("force", Kind::Bool, "false"), Field::or("recursive", Kind::Bool, "false")]);
pub(super) const EVENTS: &str = "pool.dataset.query";

pub(super) const METHODS: &[Method] = &[
    Method::read("pool.dataset.query", QUERY, |call| {
        call.query(entries(call, &call.params[0], &call.params[1]))
    }),
    Method::read("pool.dataset.get_instance", &[ID, QUERY_OPTIONS], get_instance).since(Release::Scale24_10),
    Method::write(
        "pool.dataset.create",
        &[Field::required("data", OLD_CREATE).formerly("pool_dataset_create")],
        dataset_create::create,
    )
    .until(Release::Scale25_04),
    Method::write("pool.dataset.create", &[Field::required("data", CREATE)], dataset_create::create)
        .since(Release::Scale25_10),
    Method::write(
        "pool.dataset.update",
        &[ID, Field::required("data", UPDATE).formerly("pool_dataset_update")],
        update,
    ),
    Method::write(
        "pool.dataset.delete",
        &[ID, Field::or("options", REMOVAL, "{}").formerly("dataset_delete")],
        dataset_create::delete,
    ),
    Method::read("pool.dataset.attachments", &[ID], dataset_details::attachments),
    Method::read("pool.dataset.details", &[], dataset_details::details).since(Release::Scale24_10),
    Method::read(
        "pool.dataset.snapshot_count",
        &[Field::required("dataset", Kind::Text)],
        dataset_details::snapshot_count,
    )
    .since(Release::Scale24_10),
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
    let entry = |name: &String| {
        let mut entry = entry(&state, name, with_children, call.rules.models);
        if extra["snapshots_count"] == true {
            entry["snapshot_count"] = dataset_details::count(&state, name).into();
        }
        if extra["retrieve_user_props"] == false {
            entry["user_properties"] = json!({});
        }
        if let Some(wanted) = extra["properties"].as_array() {
            let is_unwanted = |setting: &&Setting| !wanted.iter().any(|name| name == setting.name);
            for unwanted in SETTINGS.iter().filter(is_unwanted) {
                entry.as_object_mut().and_then(|all| all.remove(unwanted.name));
            }
        }
        entry
    };
    names.map(entry).collect()
}

fn get_instance(call: &Call) -> Outcome {
    let id = &call.params[0];
    let filter = json!([["id", "=", id]]);
    let found = entries(call, &filter, &call.params[1]);
    query::answer(found, &filter, &json!({"get": true})).map_err(|_| missing(id.as_str().unwrap_or_default()))
}

/// A dataset asked for by its name that is not there.
pub(super) fn missing(id: &str) -> Refusal {
    Refusal::no_row("PoolDataset", &id.into())
}

/// A dataset's user properties as the API shows them, the appliance's own left out. From 25.10 on the source says
/// LOCAL, inherited or not.
pub(super) fn user_properties(state: &State, dataset: &str, models: Release) -> Row {
    let own = |key: &str| OWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    let shown = |(key, (value, origin)): (&str, (&str, &str))| {
        let is_inherited = origin != dataset && models < Release::Scale25_10;
        let mut shown = text_property(value, if is_inherited { "INHERITED" } else { "LOCAL" });
        shown["rawvalue"] = value.into();
        (key.to_owned(), shown)
    };
    let all = state.user_properties(dataset).into_iter();
    all.filter(|(key, _)| !own(key)).map(shown).collect()
}

/// A dataset as the API shows it.
pub(super) fn entry(state: &State, name: &str, with_children: bool, models: Release) -> Value {
    let dataset = &state.datasets[name];
    let is_child = |other: &String| other.rsplit_once('/').is_some_and(|(parent, _)| parent == name);
    let children = state.datasets.keys().filter(|child| with_children && is_child(child));
    let children: Vec<Value> = children.map(|child| entry(state, child, true, models)).collect();
    let locked = state.is_locked(name);
    let root = state.encryption_root(name);
    let is_encrypted = root.is_some();
    let of_key = |value: Option<&str>| match value {
        Some(value) => text_property(value, "NONE"),
        None => text_property_or_null(None),
    };
    let mut entry = json!({
        "id": name, "name": name, "pool": name.split('/').next(), "type": "FILESYSTEM",
        "encrypted": is_encrypted, "locked": locked && is_encrypted, "key_loaded": is_encrypted && !locked,
        "encryption_root": root.map(|(root, _)| root), "children": children,
        "mountpoint": format!("/mnt/{name}"),
        "key_format": of_key(root.map(|(_, key)| key.format.word())),
        "encryption_algorithm": of_key(is_encrypted.then_some("AES-256-GCM")),
        "pbkdf2iters": of_key(root.map(|(_, key)| if key.format.word() == "HEX" { "0" } else { "350000" })),
        "used": of_a_size(1 << 30), "available": of_a_size(3 << 40), "usedbysnapshots": of_a_size(0),
        "usedbydataset": of_a_size(1 << 29), "usedbychildren": of_a_size(1 << 29),
        "usedbyrefreservation": of_a_size(0),
        "origin": text_property_or_null(dataset.origin.as_deref()),
    });
    for setting in SETTINGS.iter().filter(|setting| setting.is_of(dataset.is_volume)) {
        entry[setting.name] = shown(state, name, setting);
    }
    if models > Release::Core13_3 {
        entry["user_properties"] = user_properties(state, name, models).into();
    }
    if dataset.is_volume {
        entry["type"] = "VOLUME".into();
        entry["mountpoint"] = Value::Null;
        let size = dataset.settings.get("volsize").and_then(Value::as_u64).unwrap_or_default();
        entry["volsize"] = of_a_size(size);
    }
    entry
}

fn text_property_or_null(value: Option<&str>) -> Value {
    match value {
        Some(value) => text_property(value, "NONE"),
        None => {
            json!({"value": null, "rawvalue": "none", "parsed": null, "source": "NONE", "source_info": null})
        }
    }
}

fn update(call: &Call) -> Outcome {
    let id = call.text(0);
    let data = call.object(1);
    let mut state = call.nas.state();
    let Some(dataset) = state.datasets.get(id) else {
        let text = format!("{id} does not exist");
        return Err(Refusal::Invalid(vec![Complaint {
            errno: Errno::MISSING,
            ..Complaint::new("id", text)
        }]));
    };
    let mut complaints = property_complaints(&data);
    complaints.extend(dataset_create::misplaced(&data, dataset.is_volume, "pool_dataset_update"));
    let size = |row: &Row| row.get("volsize").and_then(Value::as_u64);
    if size(&data).is_some_and(|wanted| size(&dataset.settings).is_some_and(|now| wanted < now)) {
        let text = "You cannot shrink a zvol from GUI, this may lead to data loss.";
        complaints.push(Complaint::new("pool_dataset_update.volsize", text));
    }
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    if let Some(dataset) = state.datasets.get_mut(id) {
        dataset_create::set(&mut dataset.settings, &data);
        change_properties(&mut dataset.user_properties, &data);
    }
    drop(state);
    let shown = |models| entry(&call.nas.state(), id, true, models);
    call.nas.announce(What::Changed, EVENTS, id, |view| Some(shown(view.models)));
    Ok(shown(call.rules.models))
}

fn items<'a>(data: &'a Row, name: &str) -> Option<&'a Vec<Value>> {
    data.get(name).and_then(Value::as_array)
}

/// What is wrong with the changes of user properties.
fn property_complaints(data: &Row) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let changes = items(data, "user_properties_update");
    let is_filled = |list: Option<&Vec<Value>>| list.is_some_and(|list| !list.is_empty());
    if is_filled(items(data, "user_properties")) && is_filled(changes) {
        let text = "Should not be specified when \"user_properties\" are explicitly specified";
        complaints.push(Complaint::new("pool_dataset_update.user_properties_update", text));
        return complaints;
    }
    for (index, item) in changes.into_iter().flatten().enumerate() {
        let at = format!("pool_dataset_update.user_properties_update.{index}");
        let (is_removed, has_value) = (item["remove"] == true, item.get("value").is_some());
        if is_removed && has_value {
            let text = "When \"value\" is specified, this cannot be set";
            complaints.push(Complaint::new(format!("{at}.remove"), text));
        } else if !has_value && item.get("remove").is_none() {
            let text = "Either \"value\" or \"remove\" must be specified";
            complaints.push(Complaint::new(format!("{at}.value"), text));
        }
    }
    complaints
}

fn change_properties(properties: &mut std::collections::BTreeMap<String, String>, data: &Row) {
    let text = |item: &Value, name: &str| item[name].as_str().map(str::to_owned);
    if let Some(list) = items(data, "user_properties") {
        // The whole list: whatever is not on it goes.
        properties.retain(|key, _| OWN_PREFIXES.iter().any(|prefix| key.starts_with(prefix)));
        properties.extend(list.iter().filter_map(|item| text(item, "key").zip(text(item, "value"))));
    }
    for item in items(data, "user_properties_update").into_iter().flatten() {
        match (text(item, "key"), text(item, "value")) {
            (Some(key), Some(value)) => drop(properties.insert(key, value)),
            (Some(key), None) if item["remove"] == true => drop(properties.remove(&key)),
            _ => {}
        }
    }
}
