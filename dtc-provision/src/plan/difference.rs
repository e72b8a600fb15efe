//! A difference between what is and what should be, field by field (C4).

use std::fmt;

use serde::{Deserialize, Serialize};

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The field, as its type names it.
    pub field: String,
    /// What it is.
    pub is: String,
    /// What it should be.
    pub should_be: String,
}

impl Difference {
    pub(crate) fn new(field: &str, is: impl fmt::Display, should_be: impl fmt::Display) -> Self {
        Self { field: field.to_owned(), is: is.to_string(), should_be: should_be.to_string() }
    }

    /// Every field of two values of one type that differs, by their serialised forms.
    pub(crate) fn list<T: Serialize>(is: &T, should_be: &T) -> Vec<Self> {
        let fields = |value: &T| match serde_json::to_value(value) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let (is, should_be) = (fields(is), fields(should_be));
        let differing = should_be.iter().filter(|(field, wanted)| is.get(*field) != Some(wanted));
        differing
            .map(|(field, wanted)| {
                Self::new(field, is.get(field).unwrap_or(&serde_json::Value::Null), wanted)
            })
            .collect()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.field, self.is, self.should_be)
    }
}
