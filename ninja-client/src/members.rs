//! The members of a JSON object that no field has taken.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::field_value::Json;

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

    /// Takes a member out as a value of this type. One of another form stays; null is the same as no member.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.0.get(name)?;
        let taken = T::deserialize(value).ok();
        if taken.is_some() || value.is_null() {
            self.0.remove(name);
        }
        taken
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }
}
