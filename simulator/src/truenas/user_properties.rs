//! `pool.dataset.userprop.*`: user properties on CORE, which `pool.dataset.query` does not show there, and on 24.10.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::datasets::user_properties;
use super::query::QUERY;
use super::refusal::{Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};
use super::state::Dataset;

const PROPERTY: Kind =
    Kind::Object(&[Field::required("name", Kind::Text), Field::required("value", Kind::Text)]);
const CREATE: Kind =
    Kind::Object(&[Field::required("id", Kind::Filled), Field::or("property", PROPERTY, "{}")]);
const ID: Field = Field::required("id", Kind::Text);
const LAST: Release = Release::Scale24_10;

pub(super) const METHODS: &[Method] = &[
    Method::read("pool.dataset.userprop.query", QUERY, query).until(LAST),
    Method::write(
        "pool.dataset.userprop.create",
        &[Field::required("dataset_user_prop_create", CREATE)],
        create,
    )
    .until(LAST),
    Method::write(
        "pool.dataset.userprop.update",
        &[ID, Field::required("dataset_user_prop_update", PROPERTY)],
        update,
    )
    .until(LAST),
    Method::write(
        "pool.dataset.userprop.delete",
        &[
            ID,
            Field::required("dataset_user_prop_delete", Kind::Object(&[Field::required("name", Kind::Text)])),
        ],
        delete,
    )
    .until(LAST),
];

fn query(call: &Call) -> Outcome {
    let entries = {
        let state = call.nas.state();
        let entry = |name: &String| json!({"id": name, "properties": user_properties(&state, name, LAST)});
        state.datasets.keys().map(entry).collect()
    };
    call.query(entries)
}

fn entry(call: &Call, id: &str) -> Value {
    let state = call.nas.state();
    json!({"id": id, "properties": user_properties(&state, id, LAST)})
}

/// Changes a dataset's own properties, after a check of whether the property is there.
fn change(
    call: &Call,
    id: &str,
    (param, name): (&str, &str),
    is_there: bool,
    change: impl FnOnce(&mut Dataset),
) -> Result<(), Refusal> {
    let mut state = call.nas.state();
    let Some(dataset) = state.datasets.get_mut(id) else {
        return Err(Refusal::no_row("Dataset", &id.into()));
    };
    if dataset.user_properties.contains_key(name) != is_there {
        let text = if is_there { "does not exist" } else { "already exists" };
        return Err(Refusal::invalid(format!("{param}.property.name"), format!("{name} {text}")));
    }
    if !name.contains(':') {
        let text = "User property needs a colon (:) in its name";
        return Err(Refusal::invalid(format!("{param}.property.name"), text));
    }
    change(dataset);
    Ok(())
}

fn create(call: &Call) -> Outcome {
    let given = &call.params[0];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (id, name) = (text(&given["id"]), text(&given["property"]["name"]));
    let value = text(&given["property"]["value"]);
    change(call, &id, ("dataset_user_prop_create", &name), false, |dataset| {
        dataset.user_properties.insert(name.clone(), value);
    })?;
    Ok(entry(call, &id))
}

fn update(call: &Call) -> Outcome {
    let id = call.text(0);
    let text = |name: &str| call.params[1][name].as_str().unwrap_or_default().to_owned();
    let (name, value) = (text("name"), text("value"));
    change(call, id, ("dataset_user_prop_update", &name), true, |dataset| {
        dataset.user_properties.insert(name.clone(), value);
    })?;
    Ok(entry(call, id))
}

fn delete(call: &Call) -> Outcome {
    let name = call.params[1]["name"].as_str().unwrap_or_default().to_owned();
    change(call, call.text(0), ("dataset_user_prop_delete", &name), true, |dataset| {
        dataset.user_properties.remove(&name);
    })?;
    Ok(true.into())
}
