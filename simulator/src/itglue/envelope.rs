//! What a write sends: one resource with its attributes.

use serde_json::{Map, Value};

use super::answer::Answer;

pub(super) type Attributes = Map<String, Value>;

/// The attributes of a resource of this type, their names in kebab case; snake case is taken too.
pub(super) fn attributes(resource: &Value, type_name: &str) -> Result<Attributes, Answer> {
    if resource["type"] != type_name {
        return Err(Answer::bad_request(&format!("data/type must be {type_name}")));
    }
    if resource.get("relationships").is_some() {
        return Err(Answer::bad_request("data/relationships is not allowed"));
    }
    if let Some(unknown) = unknown(resource, &["type", "id", "attributes"]) {
        return Err(Answer::bad_request(&format!("data/{unknown} is not allowed")));
    }
    let attributes = resource["attributes"].as_object();
    let attributes = attributes.ok_or_else(|| Answer::bad_request("data/attributes is missing"))?;
    Ok(attributes.iter().map(|(name, value)| (name.replace('_', "-"), value.clone())).collect())
}

/// A member of an object that is not among these.
pub(super) fn unknown<'a>(object: &'a Value, known: &[&str]) -> Option<&'a str> {
    object.as_object()?.keys().map(String::as_str).find(|name| !known.contains(name))
}

/// An id in an attribute: a number, or a text of digits.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}
