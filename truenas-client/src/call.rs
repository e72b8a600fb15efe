use http_core::Operation;
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroize as _;

use crate::error::{Error, ErrorKind};
use crate::redactable::REDACTED;

/// A call in the canonical form: method names and shapes of the 25.10 interface.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    /// Overwritten when the call is dropped: they hold secrets.
    pub(crate) params: Vec<Value>,
}

impl Call {
    pub(crate) fn new(operation: Operation, params: impl Into<Vec<Value>>) -> Self {
        Self { operation, params: params.into() }
    }

    pub(crate) fn method(&self) -> &'static str {
        self.operation.name()
    }

    /// The first parameter; null where somebody called by name without one.
    pub(crate) fn first(&self) -> &Value {
        self.params.first().unwrap_or(&Value::Null)
    }

    /// Refuses a request that would write a hidden secret's placeholder anywhere.
    pub(crate) fn refuse_redacted(&self) -> Result<(), Error> {
        match self.params.iter().find_map(|p| redacted_field(p, "request")) {
            Some(field) => Err(Error::new(self.method(), "", ErrorKind::RedactedSecret { field })),
            None => Ok(()),
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.params.iter_mut().for_each(overwrite);
    }
}

/// Overwrites every text in a value.
pub(crate) fn overwrite(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(overwrite),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| overwrite(value)),
        _ => {}
    }
}

fn redacted_field(value: &Value, at: &str) -> Option<String> {
    match value {
        Value::String(text) => (text == REDACTED).then(|| at.to_owned()),
        Value::Array(items) => items.iter().find_map(|v| redacted_field(v, at)),
        Value::Object(fields) => fields.iter().find_map(|(k, v)| redacted_field(v, k)),
        _ => None,
    }
}

/// The body of an update: the fields that change, and no other.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Changes(serde_json::Map<String, Value>);

impl Changes {
    /// Every field of a request that creates, as changes.
    pub(crate) fn all_of(request: &impl Serialize) -> Self {
        match serde_json::to_value(request) {
            Ok(Value::Object(fields)) => Self(fields),
            _ => Self::default(),
        }
    }

    /// What a field is set to.
    pub(crate) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    pub(crate) fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// The body to send, less every field that only holds a hidden secret's placeholder.
    pub(crate) fn body(&self) -> Value {
        let kept = self.0.iter().filter(|(_, v)| v.as_str() != Some(REDACTED));
        Value::Object(kept.map(|(k, v)| (k.clone(), v.clone())).collect())
    }
}

/// A request's body: what it serialises to, with the secrets of the call put in.
pub(crate) fn body(request: &impl Serialize, secrets: &[(&str, &str)]) -> Value {
    let with_secrets = secrets.iter().fold(Changes::all_of(request), |body, (k, v)| body.set(k, *v));
    Value::Object(with_secrets.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    #[test]
    fn a_placeholder_is_dropped_from_an_update_and_refused_elsewhere() {
        let changes = Changes::default().set("v3_password", REDACTED).set("location", "rack 4");
        assert_eq!(changes.body(), serde_json::json!({"location": "rack 4"}));
        let call = Call::new(
            operations::CLOUDSYNC_CREATE,
            [serde_json::json!({"provider": {"type": "B2", "key": REDACTED}})],
        );
        let error = call.refuse_redacted().unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::RedactedSecret { field: "key".into() });
    }

    #[test]
    fn e8_a_value_is_overwritten_whole() {
        let mut value = serde_json::json!(["a", {"b": ["c", {"d": "e"}], "f": 1}]);
        overwrite(&mut value);
        assert_eq!(value, serde_json::json!(["", {"b": ["", {"d": ""}], "f": 1}]));
    }
}
