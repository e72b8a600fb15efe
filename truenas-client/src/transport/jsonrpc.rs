//! JSON-RPC 2.0 as TrueNAS 25.04 and newer speak it: positional parameters, no batches, answers in any order.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{Event, Incoming, Refusal};
use crate::error::FieldError;

/// Characters in one message once logged in; a longer one closes the connection (TrueNAS middleware 25.10, `api/base/server/ws_handler`).
pub(super) const MESSAGE_LIMIT: usize = 65_536;

/// The one collection whose events are subscribed to.
const JOBS: &str = "core.get_jobs";

const BUSY: i64 = -32_000;
const CALL: i64 = -32_001;
const NO_SUCH_METHOD: i64 = -32_601;
const INVALID_PARAMS: i64 = -32_602;

/// A call as it is sent, overwritten once it has been.
pub(super) fn encode(id: u64, method: &str, params: &[Value]) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Call<'a> {
        id: u64,
        jsonrpc: &'static str,
        method: &'a str,
        params: &'a [Value],
    }
    let call = Call { id, jsonrpc: "2.0", method, params };
    // JSON values are always written, and what is written is UTF-8.
    http_core::overwritten_json(&call)
        .ok()
        .and_then(|json| Utf8Bytes::try_from(json).ok())
        .unwrap_or_default()
}

pub(super) fn decode(text: &str) -> Incoming {
    let Ok(message) = serde_json::from_str::<Message>(text) else { return Incoming::Other };
    match (message.id, message.method.as_deref()) {
        (Some(id), _) => {
            let outcome = message.error.map_or(Ok(message.result), |e| Err(e.refusal()));
            Incoming::Answer { id, outcome }
        }
        (None, Some("collection_update")) => event(message.params),
        (None, _) => Incoming::Other,
    }
}

/// Only what was subscribed to is kept: a collection's name may be as long as a message.
fn event(params: Option<Params<'_>>) -> Incoming {
    match params {
        Some(Params { collection, id }) if collection == JOBS => {
            Incoming::Event(Event { collection: JOBS, id: id.as_i64() })
        }
        _ => Incoming::Other,
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    id: Option<u64>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<Params<'a>>,
    #[serde(default)]
    result: Value,
    error: Option<Failure>,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow)]
    collection: Cow<'a, str>,
    #[serde(default)]
    id: Value,
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
        let text = |k: usize| row[k].as_str().unwrap_or_default();
        FieldError::new(text(0), text(1), row[2].as_i64().unwrap_or_default())
    };
    match extra.as_array() {
        Some(rows) if !rows.is_empty() => rows.iter().map(field).collect(),
        _ => vec![FieldError::new("request", &reason.unwrap_or_default(), 22)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
        let field = FieldError::new("cloud_sync_create.path", "no", 22);
        assert_eq!(refusal, Refusal::Invalid(vec![field]));
    }

    #[test]
    fn an_event_names_its_collection_and_id() {
        let text = r#"{"jsonrpc":"2.0","method":"collection_update","params":{"msg":"changed","collection":"core.get_jobs","id":4,"fields":{}}}"#;
        assert_eq!(decode(text), Incoming::Event(Event { collection: JOBS, id: Some(4) }));
    }

    #[test]
    fn x7_an_event_that_nobody_subscribed_to_is_not_kept() {
        for collection in ["pool.dataset.query", "", &"x".repeat(1 << 20)] {
            let params = json!({"collection": collection, "id": 4});
            let text = json!({"jsonrpc": "2.0", "method": "collection_update", "params": params}).to_string();
            assert_eq!(decode(&text), Incoming::Other);
        }
    }

    #[test]
    fn what_is_no_message_is_passed_over() {
        for text in ["", "[]", "null", r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}"#]
        {
            assert_eq!(decode(text), Incoming::Other, "{text}");
        }
    }
}
