//! Reading a request's fields, strictly.

use serde_json::{Map, Value};

use super::operations::Operation;
use super::refusal::{Refusal, Result};

/// The fields of one request: from a JSON body, or from a query (where every value is text).
#[derive(Debug, Default)]
pub(crate) struct Fields {
    map: Map<String, Value>,
    text_only: bool,
}

impl Fields {
    /// Reads a JSON body and refuses fields that the operation does not know or lacks.
    pub(crate) fn from_body(operation: &Operation, version: u8, body: &[u8]) -> Result<Self> {
        let value: Value = serde_json::from_slice(body)
            .map_err(|_| Refusal::new(400, "bad_json", "the request body is no JSON object"))?;
        let Value::Object(map) = value else {
            return Err(Refusal::new(400, "bad_json", "the request body is no JSON object"));
        };
        Self::checked(operation, version, map, false)
    }

    /// Reads a query.
    pub(crate) fn from_query(operation: &Operation, version: u8, query: &str) -> Result<Self> {
        let map = url::form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
            .collect();
        Self::checked(operation, version, map, true)
    }

    fn checked(operation: &Operation, version: u8, map: Map<String, Value>, text_only: bool) -> Result<Self> {
        if let Some(field) = map.keys().find(|field| !operation.takes(field, version)) {
            return Err(Refusal::bad_request(format!("unknown field in {}: {field}", operation.name)));
        }
        let fields = Self { map, text_only };
        let missing = |field: &&&str| fields.value(field).is_none();
        if let Some(field) = operation.required.iter().find(missing) {
            return Err(Refusal::bad_request(format!("required field {field} is missing")));
        }
        Ok(fields)
    }

    /// Returns a field's value; null counts as absent.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Tells whether the request has the field at all, be it null.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    pub(crate) fn maybe_text(&self, name: &str) -> Result<Option<&str>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Refusal::bad_request(format!("{name} must be a string"))),
        }
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        self.maybe_text(name)?
            .ok_or_else(|| Refusal::bad_request(format!("required field {name} is missing")))
    }

    pub(crate) fn maybe_integer(&self, name: &str) -> Result<Option<i64>> {
        let parsed = match self.value(name) {
            None => return Ok(None),
            Some(Value::String(text)) if self.text_only => text.parse().ok(),
            Some(value) => value.as_i64(),
        };
        parsed.map(Some).ok_or_else(|| Refusal::bad_request(format!("{name} must be an integer")))
    }

    pub(crate) fn integer(&self, name: &str) -> Result<i64> {
        self.maybe_integer(name)?
            .ok_or_else(|| Refusal::bad_request(format!("required field {name} is missing")))
    }

    /// Reads a count of up to `most`. Zero means the default (vendor's page of `b2_list_file_versions`).
    pub(crate) fn count(&self, name: &str, default: usize, most: usize) -> Result<usize> {
        let Some(asked) = self.maybe_integer(name)? else {
            return Ok(default);
        };
        match usize::try_from(asked) {
            Ok(0) => Ok(default),
            Ok(count) if count <= most => Ok(count),
            _ => Err(Refusal::bad_request(format!("{name} out of range: {asked}, must be 0 to {most}"))),
        }
    }

    pub(crate) fn maybe_flag(&self, name: &str) -> Result<Option<bool>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if self.text_only && text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if self.text_only && text == "false" => Ok(Some(false)),
            Some(_) => Err(Refusal::bad_request(format!("{name} must be true or false"))),
        }
    }

    /// Reads a list of strings; in a query, one string with commas.
    pub(crate) fn maybe_list(&self, name: &str) -> Result<Option<Vec<String>>> {
        let wrong = || Refusal::bad_request(format!("{name} must be a list of strings"));
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if self.text_only => {
                Ok(Some(text.split(',').map(str::to_owned).collect()))
            }
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<_>>()
                .map(Some),
            Some(_) => Err(wrong()),
        }
    }
}

/// Refuses members of a nested object that its kind does not know.
pub(crate) fn only<'a>(value: &'a Value, kind: &str, known: &[&str]) -> Result<&'a Map<String, Value>> {
    let Value::Object(map) = value else {
        return Err(Refusal::bad_request(format!("{kind} must be an object")));
    };
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Refusal::bad_request(format!("unknown field in {kind}: {key}"))),
        None => Ok(map),
    }
}
