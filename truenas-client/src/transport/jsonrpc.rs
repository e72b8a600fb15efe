//! JSON-RPC 2.0 as TrueNAS 25.04 and newer speak it: positional parameters, no batches, answers in any order.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Event, Incoming, Refusal};
use crate::error::FieldError;

/// Characters in one message once logged in; a longer one closes the connection (TrueNAS middleware 25.10, `api/base/server/ws_handler`).
pub(super) const MESSAGE_LIMIT: usize = 65_536;

const BUSY: i64 = -32_000;
const CALL: i64 = -32_001;
const NO_SUCH_METHOD: i64 = -32_601;
const INVALID_PARAMS: i64 = -32_602;

pub(super) fn encode(id: u64, method: &str, params: &[Value]) -> String {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string()
}

pub(super) fn decode(text: &str) -> Incoming {
    let Ok(message) = serde_json::from_str::<Message>(text) else { return Incoming::Other };
    match (message.id, message.method.as_deref()) {
        (Some(id), _) => {
            let outcome = message.error.map_or(Ok(message.result), |e| Err(e.refusal()));
            Incoming::Answer { id, outcome }
        }
        (None, Some("collection_update")) => event(&message.params),
        (None, _) => Incoming::Other,
    }
}

fn event(params: &Value) -> Incoming {
    match params["collection"].as_str() {
        Some(collection) => {
            Incoming::Event(Event { collection: collection.to_owned(), id: params["id"].as_i64() })
        }
        None => Incoming::Other,
    }
}

#[derive(Deserialize)]
struct Message {
    id: Option<u64>,
    method: Option<String>,
    #[serde(default)]
    params: Value,
    #[serde(default)]
    result: Value,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    code: i64,
    #[serde(default)]
    data: Option<Data>,
}

/// Of the error's details, everything but the trace, which can hold secrets.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    error: i64,
    errname: Option<String>,
    reason: Option<String>,
    extra: Value,
}

impl Failure {
    fn refusal(self) -> Refusal {
        let data = self.data.unwrap_or_default();
        match self.code {
            BUSY => Refusal::Busy,
            NO_SUCH_METHOD => Refusal::NoSuchMethod,
            INVALID_PARAMS => Refusal::Invalid(fields(&data.extra, data.reason)),
            CALL => Refusal::Call {
                errno: data.error,
                errname: data.errname.unwrap_or_else(|| data.error.to_string()),
                reason: data.reason.unwrap_or_default(),
            },
            code => Refusal::Malformed { code },
        }
    }
}

/// `[[attribute, message, errno], …]`; without that list the reason is taken for the whole request.
pub(crate) fn fields(extra: &Value, reason: Option<String>) -> Vec<FieldError> {
    let field = |row: &Value| {
        let text = |k: usize| row[k].as_str().unwrap_or_default().to_owned();
        FieldError::new(text(0), text(1), row[2].as_i64().unwrap_or_default())
    };
    match extra.as_array() {
        Some(rows) if !rows.is_empty() => rows.iter().map(field).collect(),
        _ => vec![FieldError::new("request".into(), reason.unwrap_or_default(), 22)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_positional() {
        assert_eq!(
            encode(7, "core.ping", &[]),
            r#"{"id":7,"jsonrpc":"2.0","method":"core.ping","params":[]}"#
        );
    }

    #[test]
    fn a_validation_error_keeps_its_fields_and_loses_its_trace() {
        let text = r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"Invalid params","data":{"error":22,"errname":"EINVAL",
            "reason":"[EINVAL] cloud_sync_create.path: no","trace":{"class":"ValidationErrors","formatted":"hunter2","repr":"hunter2"},
            "extra":[["cloud_sync_create.path","no",22]]}}}"#;
        let Incoming::Answer { id: 7, outcome: Err(refusal) } = decode(text) else { panic!("an answer") };
        assert!(!format!("{refusal:?}").contains("hunter2"));
        let field = FieldError::new("cloud_sync_create.path".into(), "no".into(), 22);
        assert_eq!(refusal, Refusal::Invalid(vec![field]));
    }

    #[test]
    fn an_event_names_its_collection_and_id() {
        let text = r#"{"jsonrpc":"2.0","method":"collection_update","params":{"msg":"changed","collection":"core.get_jobs","id":4,"fields":{}}}"#;
        assert_eq!(decode(text), Incoming::Event(Event { collection: "core.get_jobs".into(), id: Some(4) }));
    }

    #[test]
    fn what_is_no_message_is_passed_over() {
        for text in ["", "[]", "null", r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}"#]
        {
            assert_eq!(decode(text), Incoming::Other, "{text}");
        }
    }
}
