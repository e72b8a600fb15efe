//! JSON-RPC 2.0 as TrueNAS 25.04 and newer speak it: positional parameters, no batches, answers in any order.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::rows::WireEvent;
use super::{Event, Incoming, JOBS, Refusal};
use crate::error::fields;

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
        (None, Some("collection_update")) => message.params.map_or(Incoming::Other, |params| {
            Event::about(&params.collection, &params.id, || {
                serde_json::from_str::<Notification>(text).ok().map(|notification| notification.params)
            })
        }),
        (None, Some("notify_unsubscribed")) => match message.params {
            Some(params) if params.collection == JOBS => Incoming::Unsubscribed,
            Some(params) => Incoming::Unwatched(params.collection.into_owned()),
            None => Incoming::Other,
        },
        (None, _) => Incoming::Other,
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

/// A notification about a row.
#[derive(Deserialize)]
struct Notification {
    params: WireEvent,
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
            CALL => Refusal::call(data.error, data.errname, data.reason),
            code => Refusal::Malformed { code },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;
    use crate::transport::rows::Watchers;
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
            assert_eq!(decode(&text), Incoming::Other, "it says not what happened");
        }
        let watchers = Watchers::default();
        let (mut heard, is_watched) = watchers.join("pool.dataset.query");
        assert!(!is_watched && watchers.join("pool.dataset.query").1);
        for collection in ["pool.query", "pool.dataset.query"] {
            let params = json!({"msg": "changed", "collection": collection, "id": 4, "fields": {"a": 1}});
            let text = json!({"jsonrpc": "2.0", "method": "collection_update", "params": params}).to_string();
            let Incoming::Row(event) = decode(&text) else { panic!("{text}") };
            watchers.tell(*event);
        }
        assert_eq!(heard.try_recv().unwrap().collection, "pool.dataset.query");
        assert!(heard.try_recv().is_err(), "the other was dropped");
    }

    #[test]
    fn a_subscription_that_the_appliance_ends_is_known() {
        let ended = |collection: &str| {
            let params = json!({"collection": collection, "error": null});
            decode(&json!({"jsonrpc": "2.0", "method": "notify_unsubscribed", "params": params}).to_string())
        };
        let unwatched = Incoming::Unwatched("pool.query".into());
        assert_eq!((ended(JOBS), ended("pool.query")), (Incoming::Unsubscribed, unwatched));
    }

    /// So an older version words it, which does not have every method of the appliance.
    #[test]
    fn a_method_that_is_missing_is_known_by_code_and_by_error_number() {
        let data = json!({"error": 201, "errname": "ENOMETHOD", "reason": "Method 'x' not found", "trace": null, "extra": null});
        for error in
            [json!({"code": -32601, "message": "x"}), json!({"code": -32001, "message": "x", "data": data})]
        {
            let text = json!({"jsonrpc": "2.0", "id": 7, "error": error}).to_string();
            assert_eq!(decode(&text), Incoming::Answer { id: 7, outcome: Err(Refusal::NoSuchMethod) });
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
