//! Settings that a key may not be allowed to read.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A setting that the service shows only to keys with the matching `read…` capability.
///
/// A setting that is not [`Known`](Self::Known) must not be taken for "off".
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Readable<T> {
    /// The value of the setting.
    Known(T),
    /// The key may not read the setting, or the answer does not contain it; its value is unknown.
    NotAuthorized,
    /// The answer states the setting in a form that this crate does not know.
    NotUnderstood,
}

impl<T> Readable<T> {
    /// Returns the value, or `None` if it is unknown.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotAuthorized | Self::NotUnderstood => None,
        }
    }
}

impl<T> Default for Readable<T> {
    /// [`Readable::NotAuthorized`]: a setting that is absent from an answer is unknown.
    fn default() -> Self {
        Self::NotAuthorized
    }
}

impl<T: DeserializeOwned + Default> Readable<T> {
    fn read(mut answer: Value) -> Self {
        let value = |value: Value| T::deserialize(value).map_or(Self::NotUnderstood, Self::Known);
        match answer.get("isClientAuthorizedToRead") {
            // Some answers state the value without its wrapper.
            None if answer.is_null() => Self::NotAuthorized,
            None => value(answer),
            Some(Value::Bool(false)) => Self::NotAuthorized,
            Some(Value::Bool(true)) => match answer["value"].take() {
                Value::Null => Self::Known(T::default()),
                stated => value(stated),
            },
            Some(_) => Self::NotUnderstood,
        }
    }
}

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Readable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buckets::{Encryption, FileLock, Replication};
    use crate::files::{FileRetention, LegalHold};
    use crate::ids::UnixMillis;
    use serde_json::json;

    fn read<T: DeserializeOwned + Default>(answer: &Value) -> Readable<T> {
        Readable::<T>::deserialize(answer).unwrap()
    }

    fn shown(value: &Value) -> Value {
        json!({"isClientAuthorizedToRead": true, "value": value})
    }

    #[test]
    fn what_is_hidden_or_absent_is_unknown() {
        for answer in [
            json!(null),
            json!({"isClientAuthorizedToRead": false}),
            json!({"isClientAuthorizedToRead": false, "value": 1}),
        ] {
            assert_eq!(read::<FileRetention>(&answer), Readable::NotAuthorized, "{answer}");
        }
    }

    #[test]
    fn a_retention_is_read_bare_and_with_its_time_as_text() {
        let until = FileRetention::compliance(UnixMillis::new(5));
        for time in [json!(5), json!("5"), json!(5.0)] {
            let bare = json!({"mode": "compliance", "retainUntilTimestamp": time, "later": 1});
            assert_eq!(read(&bare), Readable::Known(until.clone()), "{bare}");
            assert_eq!(read(&shown(&bare)), Readable::Known(until.clone()), "{bare}");
        }
        for none in [
            json!({"mode": null}),
            json!({"mode": null, "retainUntilTimestamp": null}),
            json!({"mode": "none"}),
        ] {
            assert_eq!(read(&shown(&none)), Readable::Known(FileRetention::None), "{none}");
        }
        assert_eq!(read(&shown(&json!(null))), Readable::Known(FileRetention::None));
    }

    /// A lock that was misread as none would be the worst of mistakes.
    #[test]
    fn a_lock_of_an_unknown_form_is_never_no_lock() {
        for odd in [
            json!({}),
            json!({"mode": "compliance"}),
            json!({"mode": "compliance", "retainUntilTimestamp": null}),
            json!({"mode": "compliance", "retainUntilTimestamp": "soon"}),
            json!({"mode": null, "retainUntilTimestamp": 5}),
            json!({"mode": 7, "retainUntilTimestamp": 5}),
            json!([]),
            json!("compliance"),
        ] {
            assert_eq!(read::<FileRetention>(&shown(&odd)), Readable::NotUnderstood, "{odd}");
        }
        for odd in [
            json!({"isFileLockEnabled": 1}),
            json!({}),
            json!({"isFileLockEnabled": true, "defaultRetention": {"mode": "compliance"}}),
            json!({"isFileLockEnabled": true, "defaultRetention": {"mode": "compliance", "period": {"duration": -1, "unit": "days"}}}),
        ] {
            assert_eq!(read::<FileLock>(&shown(&odd)), Readable::NotUnderstood, "{odd}");
        }
        assert_eq!(read::<LegalHold>(&shown(&json!(true))), Readable::NotUnderstood);
        assert_eq!(read::<LegalHold>(&json!("on")), Readable::Known(LegalHold::On));
        assert_eq!(
            read::<FileRetention>(&json!({"isClientAuthorizedToRead": "yes", "value": null})),
            Readable::NotUnderstood
        );
    }

    #[test]
    fn unset_replication_and_encryption_of_before_are_read() {
        assert_eq!(read(&shown(&json!(null))), Readable::Known(Replication::none()));
        for none in [json!({"mode": null, "algorithm": null}), json!({"mode": "none"}), json!(null)] {
            assert_eq!(read(&shown(&none)), Readable::Known(Encryption::None), "{none}");
        }
        let customers = json!({"mode": "SSE-C", "algorithm": "AES256", "customerKeyMd5": "x"});
        assert_eq!(read(&shown(&customers)), Readable::Known(Encryption::SseC));
    }
}
