//! Reading answers member by member, so that a member of an unknown form fails neither its row nor the page.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};

/// The members of an object that are still to be read. `null` and absent are the same.
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// Reads the object itself; of anything else nothing can be read.
    pub(crate) fn of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Map::deserialize(deserializer).map(Self)
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Tells whether the object has the member, be it `null`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Tells whether a member is this text.
    pub(crate) fn is(&self, name: &str, text: &str) -> bool {
        self.0.get(name).is_some_and(|value| value == text)
    }

    /// Reads a member that nothing can be done without. The error holds no value of the answer.
    pub(crate) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, String> {
        self.stated(name)?.ok_or_else(|| format!("missing field `{name}`"))
    }

    /// Reads a member that may be absent, and must not be misread where it is there.
    pub(crate) fn stated<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, String> {
        let Some(value) = self.take(name) else { return Ok(None) };
        T::deserialize(value)
            .map(Some)
            .map_err(|_| format!("{name} is odd, expected {name} in its documented form"))
    }

    /// Reads a member of whose unknown forms nothing depends: `None` for those, too.
    pub(crate) fn lenient<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.stated(name).ok().flatten()
    }

    /// As [`lenient`](Self::lenient); notes the names of members that were there and could not be read.
    pub(crate) fn noted<T: DeserializeOwned + Default>(&mut self, name: &str, unread: &mut Vec<String>) -> T {
        if let Ok(value) = self.stated(name) {
            return value.unwrap_or_default();
        }
        unread.push(name.to_owned());
        T::default()
    }

    /// Reads a member whose type has a value for every form; `None` if it is absent.
    pub(crate) fn open<T>(&mut self, name: &str, read: impl FnOnce(&str) -> T) -> Option<T> {
        self.take(name).map(|value| read(&as_text(value)))
    }

    /// Reads an object of texts. Values of other forms are kept as JSON, `null` is left out.
    pub(crate) fn texts(&mut self, name: &str) -> BTreeMap<String, String> {
        let Some(Value::Object(members)) = self.take(name) else { return BTreeMap::new() };
        let texts = members.into_iter().filter(|(_, value)| !value.is_null());
        texts.map(|(name, value)| (name, as_text(value))).collect()
    }

    /// Reads a list of texts. Values of other forms are kept as JSON.
    pub(crate) fn list(&mut self, name: &str) -> Result<Option<Vec<String>>, String> {
        let values: Option<Vec<Value>> = self.stated(name)?;
        Ok(values.map(|values| values.into_iter().map(as_text).collect()))
    }
}

/// A text as it is, anything else as JSON.
pub(crate) fn as_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// What is read from the members of its row.
pub(crate) trait FromMembers: Sized {
    /// Reads it. The error holds no value of the answer.
    fn read(row: Members) -> Result<Self, String>;
}

/// A row of a page: read, or the reason why it could not be.
pub(crate) struct Row<T>(Result<T, String>);

impl<'de, T: FromMembers> Deserialize<'de> for Row<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Object(members) => T::read(Members(members)),
            _ => Err("it is no object".to_owned()),
        }))
    }
}

impl<T> Row<T> {
    /// What tells this row from another: its key, or why it could not be read.
    pub(crate) fn key<K>(&self, key: impl FnOnce(&T) -> K) -> Result<K, String> {
        self.0.as_ref().map(key).map_err(String::clone)
    }

    /// The row, or an error that is this row's alone.
    pub(crate) fn or_error(self, operation: &'static str, subject: impl fmt::Display) -> Result<T, Error> {
        let error = |why: String| {
            let why =
                format!("a row of the listing was not understood ({why}); the other rows are not affected");
            Error::new(operation, ErrorKind::NotUnderstood, why).on(subject)
        };
        self.0.map_err(error)
    }
}

/// Members of a setting that this crate does not know: kept when the setting is read, and sent back when it is written, because the
/// service replaces such settings as a whole. `Debug` shows the names only, as the values may be secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Other(Map<String, Value>);

impl Other {
    /// Each member that says something, with its value as text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, String)> {
        let said = self.0.iter().filter(|(_, value)| !value.is_null());
        said.map(|(name, value)| (name.as_str(), as_text(value.clone())))
    }
}

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
