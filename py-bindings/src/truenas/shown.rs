//! What the appliance's values are in Python, one rule for each kind of value.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use truenas_client::{
    ApiKeyId, CloudCredentialId, CloudSyncId, DatasetId, GroupId, JobId, KeyPairId, PoolId, ReplicationId,
    Schedule, SnapshotTaskId, SshConnectionId, TimeOfDay, UserId,
};

use crate::errors;
use crate::json::Json;
use crate::values::{Many, Nothing, Time};

/// Turns a value of the crate into what Python has in its place.
pub(crate) trait Shown<T> {
    fn shown(self) -> T;
}

/// Values that are the same on both sides.
macro_rules! as_they_are {
    ($($kind:ty),*) => {
        $(impl Shown<$kind> for $kind {
            fn shown(self) -> $kind {
                self
            }
        })*
    };
}

as_they_are!(bool, String, i64, u16, u32, u64);

macro_rules! numbers {
    ($($id:ty),*) => {
        $(impl Shown<i64> for $id {
            fn shown(self) -> i64 {
                self.get()
            }
        })*
    };
}

numbers!(
    ApiKeyId,
    CloudCredentialId,
    CloudSyncId,
    GroupId,
    JobId,
    KeyPairId,
    PoolId,
    ReplicationId,
    SnapshotTaskId,
    SshConnectionId,
    UserId
);

/// Values that Python has as their text.
macro_rules! texts {
    ($($kind:ty),*) => {
        $(impl Shown<String> for $kind {
            fn shown(self) -> String {
                self.to_string()
            }
        })*
    };
}

texts!(DatasetId, IpAddr, Schedule, TimeOfDay);

impl Shown<Nothing> for () {
    fn shown(self) -> Nothing {
        Nothing
    }
}

impl Shown<Json> for Value {
    fn shown(self) -> Json {
        Json(self)
    }
}

impl Shown<Float> for f64 {
    fn shown(self) -> Float {
        Float(self)
    }
}

impl Shown<Time> for SystemTime {
    /// In whole milliseconds.
    fn shown(self) -> Time {
        let milliseconds = |since: std::time::Duration| i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        Time(match self.duration_since(UNIX_EPOCH) {
            Ok(since) => milliseconds(since),
            Err(before) => -milliseconds(before.duration()),
        })
    }
}

impl<S: Shown<T>, T> Shown<Option<T>> for Option<S> {
    fn shown(self) -> Option<T> {
        self.map(Shown::shown)
    }
}

impl<S: Shown<T>, T> Shown<Vec<T>> for Vec<S> {
    fn shown(self) -> Vec<T> {
        self.into_iter().map(Shown::shown).collect()
    }
}

impl<S: Shown<T>, T> Shown<Many<T>> for Vec<S> {
    fn shown(self) -> Many<T> {
        Many(self.into_iter().map(Shown::shown).collect())
    }
}

/// Values by names: of datasets, of properties.
impl<K: ToString, S: Shown<T>, T> Shown<BTreeMap<String, T>> for BTreeMap<K, S> {
    fn shown(self) -> BTreeMap<String, T> {
        self.into_iter().map(|(name, value)| (name.to_string(), value.shown())).collect()
    }
}

/// A number with a fraction; two are the same where their bits are.
#[derive(Clone, Copy, IntoPyObject, FromPyObject)]
#[pyo3(transparent)]
pub(crate) struct Float(pub(crate) f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Float {}

impl Hash for Float {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// One of the service's words as text.
pub(crate) fn word(word: &impl Serialize) -> String {
    match serde_json::to_value(word) {
        Ok(Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// The word that a text is; one that the crate does not know goes to the appliance as it is, which decides.
pub(crate) fn of_word<T: DeserializeOwned>(subject: &'static str, text: &str) -> PyResult<T> {
    of_json(subject, text, Value::String(text.to_owned()))
}

/// A value of the crate that is read from JSON; `shown` stands for it in the error.
pub(crate) fn of_json<T: DeserializeOwned>(subject: &'static str, shown: &str, value: Value) -> PyResult<T> {
    serde_json::from_value(value).map_err(|_| not_understood(subject, shown))
}

/// Words of the service, which Python has as text.
macro_rules! words {
    ($($kind:ty),* $(,)?) => {
        $(impl $crate::truenas::shown::Shown<String> for $kind {
            fn shown(self) -> String {
                $crate::truenas::shown::word(&self)
            }
        })*
    };
}

/// A value class with the fields of one of the crate's structs, and how it comes from that.
macro_rules! found {
    ($(#[$doc:meta])+ $name:ident of $source:ty {
        $($(#[$note:meta])+ $field:ident: $kind:ty $(= $default:tt)?,)*
    } $($methods:tt)*) => {
        $crate::values::value_class! {
            in "dtc.truenas";
            $(#[$doc])+
            $name { $($(#[$note])+ $field: $kind $(= $default)?,)* }
            $($methods)*
        }

        impl $crate::truenas::shown::Shown<$name> for $source {
            fn shown(self) -> $name {
                $name { $($field: $crate::truenas::shown::Shown::shown(self.$field)),* }
            }
        }
    };
}

/// A request with whatever of a Python value is set.
macro_rules! with {
    ($request:expr, $of:expr; $($field:ident as $value:ident => $method:ident($($argument:expr),*)),* $(,)?) => {{
        let mut request = $request;
        $(if let Some($value) = &$of.$field {
            request = request.$method($($argument),*);
        })*
        request
    }};
}

/// A function that reads one of the crate's choices from its word in Python.
macro_rules! choices {
    ($name:ident, $subject:literal: $kind:path { $($word:literal => $variant:ident),* $(,)? }) => {
        pub(crate) fn $name(word: &str) -> pyo3::PyResult<$kind> {
            use $kind as Choice;
            match word {
                $($word => Ok(Choice::$variant),)*
                _ => {
                    let remedy = concat!("use one of", $(" ", $word,)* "");
                    Err($crate::errors::argument($subject, word, "is unknown", remedy))
                }
            }
        }
    };
}

pub(crate) use {choices, found, with, words};

/// Which of the things that can be taken away are.
pub(crate) fn taken_away<'a>(names: Option<&[String]>, known: &'a [&'static str]) -> PyResult<Vec<&'a str>> {
    let one = |name: &String| {
        let found = known.iter().find(|known| *known == name).copied();
        let remedy = "see the class for the names that there are";
        found.ok_or_else(|| errors::argument("name", name, "is nothing that can be taken away", remedy))
    };
    names.unwrap_or_default().iter().map(one).collect()
}

/// A value that is not what the crate can read.
pub(crate) fn not_understood(subject: &'static str, shown: &str) -> PyErr {
    errors::argument(subject, shown, "is none", "see help(dtc.truenas)")
}

/// Names of datasets.
pub(crate) fn datasets(names: &[String]) -> impl Iterator<Item = DatasetId> {
    names.iter().map(|name| DatasetId::new(name.as_str()))
}

pub(crate) fn schedule(text: &str) -> PyResult<Schedule> {
    text.parse().map_err(|error: truenas_client::Error| errors::invalid("schedule", text, &error))
}

pub(crate) fn time_of_day(text: &str) -> PyResult<TimeOfDay> {
    text.parse().map_err(|error: truenas_client::Error| errors::invalid("time of day", text, &error))
}

/// The moment that Python means.
pub(crate) fn moment(time: Time) -> PyResult<SystemTime> {
    Ok(time.timestamp()?.into())
}
