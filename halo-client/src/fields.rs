//! Custom fields: their names, their values, and changes of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::Error;

/// The name of a custom field, with the prefix `CF` that HaloPSA gives every one of them: `CFClientGuid`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FieldName(String);

/// Most characters of a name. HaloPSA states no limit; this is the usual column.
const LONGEST_NAME: usize = 100;

impl FieldName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when it does not begin with `CF`, has nothing behind it, or holds anything but letters,
    /// digits and `_`: HaloPSA would take such a field and drop it without a word.
    pub fn new(name: impl Into<String>) -> Result<Self, Error> {
        let name = name.into();
        let rest = name.strip_prefix("CF").unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if rest.is_empty() || !rest.chars().all(plain) || name.len() > LONGEST_NAME {
            let detail = format!(
                "{name:?} is no name of a custom field: write CF, then letters, digits and '_', {LONGEST_NAME} characters at most"
            );
            return Err(Error::invalid("name a custom field", detail));
        }
        Ok(Self(name))
    }

    /// The name as HaloPSA writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FieldName {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::new(name)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldName({:?})", self.0)
    }
}

/// The custom fields of a record, as an answer with details shows them. Fields that this crate does not understand are kept as they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomFields(Vec<(String, Value)>);

impl CustomFields {
    /// What a field holds: text, a number (a dropdown's option), or whatever HaloPSA shows; `None` where the record does not show the field.
    pub fn get(&self, name: &FieldName) -> Option<&Value> {
        self.0.iter().find(|(shown, _)| shown == name.as_str()).map(|(_, value)| value)
    }

    /// The text that a field holds; `None` where it is not shown, holds no text, or an empty one.
    pub fn text(&self, name: &FieldName) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Every field that is shown, with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether the record shows no field at all, as an agent without the right sees it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for CustomFields {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Value::Array(fields) = Value::deserialize(from)? else { return Ok(Self::default()) };
        let named = fields.into_iter().filter_map(|mut field| {
            let name = field.get("name")?.as_str()?.to_owned();
            Some((name, field.get_mut("value").map(Value::take).unwrap_or_default()))
        });
        Ok(Self(named.collect()))
    }
}

/// A change of custom fields: only those that it names are touched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldPatch(Vec<(FieldName, Value)>);

#[derive(Serialize)]
struct Field<'a> {
    name: &'a FieldName,
    value: &'a Value,
}

impl FieldPatch {
    /// A change of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field to a text.
    pub fn text(self, name: &FieldName, value: impl Into<String>) -> Self {
        self.set(name, Value::String(value.into()))
    }

    /// Chooses an option of a dropdown, by the option's number.
    pub fn option(self, name: &FieldName, option: i64) -> Self {
        self.set(name, option.into())
    }

    /// Empties a field.
    pub fn clear(self, name: &FieldName) -> Self {
        self.set(name, Value::Null)
    }

    fn set(mut self, name: &FieldName, value: Value) -> Self {
        self.0.retain(|(held, _)| held != name);
        self.0.push((name.clone(), value));
        self
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first field that a record does not show as this change sets it.
    pub(crate) fn not_in(&self, shown: &CustomFields) -> Option<&FieldName> {
        self.0.iter().find(|(name, wanted)| !is_shown(wanted, shown.get(name))).map(|(name, _)| name)
    }
}

/// Whether a value that was set is the one that is shown. A number may be shown as its digits, and an empty field as an empty text.
fn is_shown(wanted: &Value, shown: Option<&Value>) -> bool {
    match (wanted, shown) {
        (Value::Null, None | Some(Value::Null)) => true,
        (Value::Null, Some(Value::String(text))) => text.is_empty(),
        (Value::Number(number), Some(Value::String(text))) => *text == number.to_string(),
        (wanted, shown) => shown == Some(wanted),
    }
}

impl Serialize for FieldPatch {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|(name, value)| Field { name, value }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_without_the_prefix_is_refused_before_anything_is_sent() {
        assert_eq!(FieldName::new("CFDtcClientGuid").unwrap().as_str(), "CFDtcClientGuid");
        let long = format!("CF{}", "x".repeat(LONGEST_NAME));
        for wrong in ["", "CF", "DtcClientGuid", "cfGuid", "CF Guid", "CFGuid\n", "CFGüid", long.as_str()] {
            assert!(FieldName::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn fields_are_read_whatever_stands_among_them() {
        let shown: CustomFields = serde_json::from_value(
            json!([{ "name": "CFa", "value": "x", "id": 7 }, 5, { "value": 1 }, { "name": "CFb" }]),
        )
        .unwrap();
        let name = |text: &str| FieldName::new(text).unwrap();
        assert_eq!((shown.text(&name("CFa")), shown.get(&name("CFb"))), (Some("x"), Some(&Value::Null)));
        assert_eq!(shown.get(&name("CFc")), None);
        assert!(serde_json::from_value::<CustomFields>(Value::Null).unwrap().is_empty());
    }

    #[test]
    fn what_is_read_back_is_compared_as_halopsa_may_show_it() {
        let name = FieldName::new("CFa").unwrap();
        let shown = |value: Value| -> CustomFields {
            serde_json::from_value(json!([{ "name": "CFa", "value": value }])).unwrap()
        };
        let text = FieldPatch::new().text(&name, "old").text(&name, "x");
        assert_eq!(serde_json::to_value(&text).unwrap(), json!([{ "name": "CFa", "value": "x" }]));
        assert_eq!(text.not_in(&shown(json!("x"))), None);
        assert_eq!(text.not_in(&shown(json!("X"))), Some(&name));
        assert_eq!(text.not_in(&CustomFields::default()), Some(&name));
        let option = FieldPatch::new().option(&name, 3);
        assert!([json!(3), json!("3")].map(&shown).iter().all(|shown| option.not_in(shown).is_none()));
        let clear = FieldPatch::new().clear(&name);
        assert!([Value::Null, json!("")].map(&shown).iter().all(|shown| clear.not_in(shown).is_none()));
        assert_eq!(clear.not_in(&shown(json!("x"))), Some(&name));
    }
}
