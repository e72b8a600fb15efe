//! JSON-RPC 2.0 as TrueNAS 25.04 and newer speak it: positional parameters, no batches, answers in any order.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::mended::mended;
use super::rows::WireEvent;
use super::{Event, Incoming, JOBS, Refusal, no_message};
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
    if let Ok(message) = serde_json::from_str::<Message>(text) {
        return message.incoming(text);
    }
    let text = &*mended(text);
    match serde_json::from_str::<Message>(text) {
        Ok(message) => message.incoming(text),
        Err(_) => unreadable(text),
    }
}

/// What is left of a message that holds what nobody can read: whose answer it is, and whether it refuses.
fn unreadable(text: &str) -> Incoming {
    let refused = || serde_json::from_str::<Envelope<Code>>(text).ok();
    let Some(envelope) = refused() else {
        return match serde_json::from_str::<Envelope<IgnoredAny>>(text) {
            Ok(Envelope { id, error: Some(_) }) => Refusal::Malformed { code: 0 }.of(id),
            Ok(Envelope { id, error: None }) => Refusal::Unreadable.of(id),
            Err(_) => no_message(text),
        };
    };
    match envelope.error {
        Some(Code { code }) => Failure { code, data: None }.refusal().of(envelope.id),
        None => Refusal::Unreadable.of(envelope.id),
    }
}

/// Nothing of a message but what it is about. Whatever else stands in it is passed over, however deep it goes.
#[derive(Deserialize)]
struct Envelope<E> {
    #[serde(default, deserialize_with = "number")]
    id: Option<u64>,
    error: Option<E>,
}

#[derive(Deserialize)]
struct Code {
    #[serde(default, deserialize_with = "or_zero")]
    code: i64,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(default, deserialize_with = "number")]
    id: Option<u64>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<Params<'a>>,
    #[serde(default)]
    result: Value,
    error: Option<Failure>,
}

impl Message<'_> {
    fn incoming(self, text: &str) -> Incoming {
        match (self.id, self.error, self.method.as_deref()) {
            (Some(id), error, _) => {
                let outcome = error.map_or(Ok(self.result), |error| Err(error.refusal()));
                Incoming::Answer { id, outcome }
            }
            (None, Some(error), _) => error.refusal().of(None),
            (None, None, Some("collection_update")) => self.params.map_or(Incoming::Other, |params| {
                Event::about(&params.collection, &params.id, || {
                    serde_json::from_str::<Notification>(text).ok().map(|notification| notification.params)
                })
            }),
            (None, None, Some("notify_unsubscribed")) => match self.params {
                Some(params) if params.collection == JOBS => Incoming::Unsubscribed,
                Some(params) => Incoming::Unwatched(params.collection.into_owned()),
                None => Incoming::Other,
            },
            (None, None, _) => Incoming::Other,
        }
    }
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
    #[serde(default, deserialize_with = "or_zero")]
    code: i64,
    #[serde(default)]
    data: Option<Data>,
}

/// Of the error's details, everything but the trace, which can hold secrets.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    #[serde(deserialize_with = "or_zero")]
    error: i64,
    errname: Value,
    reason: Value,
    extra: Value,
}

impl Failure {
    fn refusal(self) -> Refusal {
        let data = self.data.unwrap_or_default();
        let [errname, reason] = [data.errname, data.reason].map(text);
        match self.code {
            BUSY => Refusal::Busy,
            NO_SUCH_METHOD => Refusal::NoSuchMethod,
            INVALID_PARAMS => Refusal::Invalid(fields(&data.extra, reason)),
            CALL => Refusal::call(data.error, errname, reason),
            code => Refusal::Malformed { code },
        }
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// An id as it was sent, whichever way the number is written.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let given = Option::<serde_json::Number>::deserialize(deserializer)?;
    Ok(given.and_then(|id| id.as_u64().or_else(|| id.to_string().strip_suffix(".0")?.parse().ok())))
}

/// Where something else stands in the place of a number, nothing is known of it.
fn or_zero<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_i64().unwrap_or_default())
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
        assert_eq!(decode("{"), Incoming::Refused(Refusal::Unreadable));
        for text in ["[]", "null", r#"{"jsonrpc":"2.0","id":null,"result":1}"#] {
            assert_eq!(decode(text), Incoming::Other, "{text}");
        }
        assert_eq!(
            decode(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}"#),
            Incoming::Refused(Refusal::Malformed { code: -32_700 })
        );
    }

    /// Whatever stands in the place of an error's details, the call that it refuses is known, and so is that it is refused.
    #[test]
    fn every_refusal_is_read_however_it_is_worded() {
        let call = |errno: i64, errname: &str, reason: &str| Refusal::Call {
            errno,
            errname: errname.into(),
            reason: reason.into(),
        };
        for (error, expected) in [
            (r#"{"code":-32001,"data":{"error":null,"errname":null,"reason":"boom"}}"#, call(0, "0", "boom")),
            (r#"{"code":-32001,"data":{"error":"16","errname":7,"reason":["boom"]}}"#, call(0, "0", "")),
            (r#"{"code":-32001,"data":null}"#, call(0, "0", "")),
            (r#"{"code":-32001,"data":"boom"}"#, call(0, "0", "")),
            (r#"{"code":-32001}"#, call(0, "0", "")),
            (r#"{"code":-32000,"data":"boom"}"#, Refusal::Busy),
            (r#"{"code":-32601,"data":7}"#, Refusal::NoSuchMethod),
            (r#"{"code":"odd"}"#, Refusal::Malformed { code: 0 }),
            (r#""boom""#, Refusal::Malformed { code: 0 }),
            ("7", Refusal::Malformed { code: 0 }),
        ] {
            let answered = Incoming::Answer { id: 7, outcome: Err(expected) };
            assert_eq!(
                decode(&format!(r#"{{"jsonrpc":"2.0","id":7,"error":{error}}}"#)),
                answered,
                "{error}"
            );
        }
        let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
        for unreadable in [&*deep, "[1e999]"] {
            let text = format!(r#"{{"jsonrpc":"2.0","id":7,"result":{unreadable}}}"#);
            assert_eq!(
                decode(&text),
                Incoming::Answer { id: 7, outcome: Err(Refusal::Unreadable) },
                "{text}"
            );
        }
    }
}
