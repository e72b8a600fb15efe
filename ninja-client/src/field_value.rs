//! Custom-field names, and values of every kind.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A custom field's machine name (`siteContact`), which is not the label that people see (`Site Contact`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldName(String);

impl FieldName {
    /// Checks a machine name: ASCII letters, digits, `_` and `-`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] for anything else, such as a label.
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !name.is_empty() && name.chars().all(fits) {
            return Ok(Self(name));
        }
        let why = "is no machine name of a custom field: those have letters and digits only, unlike the label beside them";
        Err(Error::invalid("name a custom field", format!("{name:?} {why}")))
    }

    /// The name as NinjaOne writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a custom field holds. NinjaOne does not say a value's type beside it, so this is JSON's view of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum FieldValue {
    /// A text; also an address, a URL, or the id of an option.
    Text(String),
    /// A checkbox, ticked or not.
    Checkbox(bool),
    /// A whole number; also a date, in milliseconds since 1970.
    Integer(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// The ids of several options.
    List(Vec<String>),
    /// Anything else, kept as it came.
    Other(Json),
}

impl FieldValue {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Checkbox(ticked) => ticked.fmt(f),
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(number) => number.fmt(f),
            Self::List(options) => f.write_str(&options.join(", ")),
            Self::Other(json) => json.fmt(f),
        }
    }
}

/// The values of one entity's custom fields. A field without a value is not among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Option<FieldValue>>", into = "BTreeMap<String, FieldValue>")]
pub struct CustomFields(BTreeMap<String, FieldValue>);

impl From<BTreeMap<String, Option<FieldValue>>> for CustomFields {
    /// Null and absent mean the same: no value.
    fn from(values: BTreeMap<String, Option<FieldValue>>) -> Self {
        Self(values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }
}

impl From<CustomFields> for BTreeMap<String, FieldValue> {
    fn from(fields: CustomFields) -> Self {
        fields.0
    }
}

impl CustomFields {
    /// The value of a field, where it has one that the API may read.
    pub fn get(&self, name: &FieldName) -> Option<&FieldValue> {
        self.0.get(name.as_str())
    }

    /// Every value, with its field's machine name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// JSON of a form that this crate does not know; shown as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(serde_json::Value);

impl Json {
    /// The value, for whoever knows its form.
    pub fn into_value(self) -> serde_json::Value {
        self.0
    }
}

impl<T: Into<serde_json::Value>> From<T> for Json {
    fn from(value: T) -> Self {
        Self(value.into())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i1_a_label_is_no_name() {
        assert_eq!(FieldName::new("dtcOrgGuid").unwrap().as_str(), "dtcOrgGuid");
        for label in ["", "DTC Org GUID", "a,b", "größe", "a/b"] {
            assert!(FieldName::new(label).is_err(), "{label}");
        }
    }

    #[test]
    fn every_kind_of_value_is_kept() {
        for (json, shown) in [
            ("\"a b\"", "a b"),
            ("true", "true"),
            ("1735689600000", "1735689600000"),
            ("1.5", "1.5"),
            (r#"["x","y"]"#, "x, y"),
            (r#"{"html":"<b>"}"#, r#"{"html":"<b>"}"#),
            ("[1,2]", "[1,2]"),
        ] {
            assert_eq!(serde_json::from_str::<FieldValue>(json).unwrap().to_string(), shown);
        }
    }
}
