//! The members of a JSON object that no field has taken.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::field_value::Json;

/// Behind the name of a list, where its elements of another form are kept.
const ODD: &str = " (not understood)";

/// Members of a JSON object: what NinjaOne sent beside the fields that this crate knows, or data that is the caller's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Members(Map<String, Value>);

impl Members {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member, or replaces it.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.0.insert(name.into(), value.into().into_value());
        self
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<Json> {
        self.0.get(name).cloned().map(Json::from)
    }

    /// The names of all members.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a member out as a value of this type. One of another form stays; null is the same as no member. Where only some elements of a
    /// list have another form, those stay, under the list's name and [`ODD`].
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.0.get(name)?;
        if let Ok(taken) = T::deserialize(value) {
            self.0.remove(name);
            return Some(taken);
        }
        if value.is_null() {
            self.0.remove(name);
            return None;
        }
        let fits = |element: &Value| T::deserialize(&Value::Array(vec![element.clone()])).is_ok();
        let (good, odd): (Vec<Value>, Vec<Value>) = value.as_array()?.iter().cloned().partition(fits);
        let taken = (!good.is_empty()).then(|| T::deserialize(&Value::Array(good)).ok())??;
        self.0.remove(name);
        self.0.insert(format!("{name}{ODD}"), Value::Array(odd));
        Some(taken)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_odd_element_takes_no_other_with_it() {
        let json = serde_json::json!({ "a": ["x", 7, "y", null], "b": [1, 2], "c": null, "d": "x", "e": [] });
        let mut members: Members = serde_json::from_value(json).unwrap();
        assert_eq!(members.take::<Vec<String>>("a"), Some(vec!["x".to_owned(), "y".to_owned()]));
        assert_eq!(members.get("a (not understood)"), Some(Json::from(serde_json::json!([7, null]))));
        for (name, taken) in [("b", None), ("c", None), ("d", None), ("e", Some(Vec::new()))] {
            assert_eq!(members.take::<Vec<String>>(name), taken, "{name}");
        }
        assert_eq!(members.names().collect::<Vec<_>>(), ["a (not understood)", "b", "d"]);
    }
}
