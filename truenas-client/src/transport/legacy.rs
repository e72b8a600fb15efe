//! The protocol of `/websocket`, the only one before 25.04 (TrueNAS middleware 13.3, `main.py`; 24.10, `api/base/server`).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{Event, Incoming, JOBS, Refusal, SUBSCRIBE};
use crate::error::fields;

/// `ETOOMANYREFS` of Linux and of FreeBSD: the appliance accepts no more calls for now.
const TOO_MANY: [i64; 2] = [109, 59];
/// `EAGAIN` of Linux and of FreeBSD, under which validation is refused.
const AGAIN: [i64; 2] = [11, 35];

pub(super) fn greeting() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"msg":"connect","version":"1","support":["1"],"features":[]}"#)
}

/// A call as it is sent, overwritten once it has been. Subscribing is a message of its own.
pub(super) fn encode(id: u64, method: &str, params: &[Value]) -> Utf8Bytes {
    #[derive(Serialize)]
    #[serde(tag = "msg", rename_all = "lowercase")]
    enum Message<'a> {
        Method { id: &'a str, method: &'a str, params: &'a [Value] },
        Sub { id: &'a str, name: &'a Value },
    }
    let id = &*id.to_string();
    let message = match params {
        [name] if method == SUBSCRIBE => Message::Sub { id, name },
        _ => Message::Method { id, method, params },
    };
    // JSON values are always written, and what is written is UTF-8.
    http_core::overwritten_json(&message)
        .ok()
        .and_then(|json| Utf8Bytes::try_from(json).ok())
        .unwrap_or_default()
}

pub(super) fn decode(text: &str) -> Incoming {
    let Ok(message) = serde_json::from_str::<Message>(text) else { return Incoming::Other };
    let id = message.id.as_str().and_then(|id| id.parse().ok());
    match (&*message.msg, id) {
        ("result", Some(id)) => {
            let outcome = message.error.map_or(Ok(message.result), |error| Err(error.refusal()));
            Incoming::Answer { id, outcome }
        }
        ("ready", _) => match message.subs.first().and_then(|id| id.parse().ok()) {
            Some(id) => Incoming::Answer { id, outcome: Ok(Value::Null) },
            None => Incoming::Other,
        },
        // The first is the answer to subscribing, the second comes later.
        ("nosub", Some(id)) if message.error.is_some() => {
            Incoming::Answer { id, outcome: Err(message.error.unwrap_or_default().refusal()) }
        }
        ("nosub", _) => match message.collection.as_deref() {
            None | Some(JOBS) => Incoming::Unsubscribed,
            Some(name) => Incoming::Unwatched(name.to_owned()),
        },
        ("added" | "changed" | "removed", _) => {
            let row = || serde_json::from_str(text).ok();
            Event::about(message.collection.as_deref().unwrap_or_default(), &message.id, row)
        }
        ("connected", _) => Incoming::Greeted(true),
        ("failed", _) => Incoming::Greeted(false),
        ("ping", _) => Incoming::Ping(pong(&message.id)),
        _ => Incoming::Other,
    }
}

fn pong(id: &Value) -> Utf8Bytes {
    let pong = match id {
        Value::Null => serde_json::json!({"msg": "pong"}),
        id => serde_json::json!({"msg": "pong", "id": id}),
    };
    pong.to_string().into()
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    msg: Cow<'a, str>,
    /// Of an answer, the call's, which is text; of an event, the row's.
    #[serde(default)]
    id: Value,
    #[serde(default)]
    result: Value,
    error: Option<Failure>,
    #[serde(default)]
    subs: Vec<String>,
    #[serde(borrow)]
    collection: Option<Cow<'a, str>>,
}

/// Of the error's details, everything but the trace, which can hold secrets. A refused subscription has words in the place of a number.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    error: Value,
    #[serde(rename = "type")]
    kind: Option<String>,
    errname: Option<String>,
    reason: Option<String>,
    extra: Value,
}

impl Failure {
    fn refusal(self) -> Refusal {
        let errno = self.error.as_i64().unwrap_or_default();
        let words = self.error.as_str().map(str::to_owned);
        let errname = self.errname.filter(|name| !name.is_empty());
        let is_too_many = errname.as_deref() == Some("ETOOMANYREFS") || TOO_MANY.contains(&errno);
        let is_validation = self.kind.as_deref() == Some("VALIDATION")
            || (AGAIN.contains(&errno) && self.extra.as_array().is_some_and(|rows| !rows.is_empty()));
        match () {
            () if is_validation => Refusal::Invalid(fields(&self.extra, self.reason)),
            () if is_too_many => Refusal::Busy,
            () => Refusal::call(errno, errname, self.reason.or(words)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;
    use crate::transport::{RowEvent, What};
    use serde_json::json;

    #[test]
    fn messages_go_out_as_the_protocol_words_them() {
        assert_eq!(greeting().as_str(), r#"{"msg":"connect","version":"1","support":["1"],"features":[]}"#);
        let call = encode(7, "core.ping", &[]);
        assert_eq!(call, r#"{"msg":"method","id":"7","method":"core.ping","params":[]}"#);
        let subscription = encode(8, "core.subscribe", &["core.get_jobs".into()]);
        assert_eq!(subscription, r#"{"msg":"sub","id":"8","name":"core.get_jobs"}"#);
    }

    #[test]
    fn answers_and_events_are_read() {
        let event = Incoming::Event(Event { collection: JOBS, id: Some(4) });
        let row = Incoming::Row(Box::new(RowEvent {
            collection: "pool.query".into(),
            what: What::Changed,
            id: json!(4),
            fields: json!({"a": 1}).as_object().cloned(),
        }));
        for (text, expected) in [
            (r#"{"msg":"connected","session":"5f0e"}"#, Incoming::Greeted(true)),
            (r#"{"msg":"failed","version":"1"}"#, Incoming::Greeted(false)),
            (
                r#"{"msg":"result","id":"7","result":[1]}"#,
                Incoming::Answer { id: 7, outcome: Ok(json!([1])) },
            ),
            (r#"{"id":"7","msg":"result"}"#, Incoming::Answer { id: 7, outcome: Ok(Value::Null) }),
            (r#"{"msg":"ready","subs":["8"]}"#, Incoming::Answer { id: 8, outcome: Ok(Value::Null) }),
            (r#"{"msg":"added","collection":"core.get_jobs","id":4,"fields":{"id":4}}"#, event),
            (r#"{"msg":"changed","collection":"pool.query","id":4,"fields":{"a":1}}"#, row),
            (r#"{"msg":"changed","collection":"pool.query","id":4,"fields":7}"#, Incoming::Other),
            (r#"{"msg":"nosub","id":"8"}"#, Incoming::Unsubscribed),
            (r#"{"msg":"nosub","collection":"core.get_jobs","error":{"error":"x"}}"#, Incoming::Unsubscribed),
            (r#"{"msg":"nosub","collection":"pool.query"}"#, Incoming::Unwatched("pool.query".into())),
            (r#"{"msg":"pong","id":"p"}"#, Incoming::Other),
            (r#"{"msg":"ping","id":"p"}"#, Incoming::Ping(r#"{"id":"p","msg":"pong"}"#.into())),
            (r#"{"msg":"result","id":null,"result":1}"#, Incoming::Other),
            (r#"{"msg":"result","id":7,"result":1}"#, Incoming::Other),
            ("{}", Incoming::Other),
            ("[]", Incoming::Other),
            ("", Incoming::Other),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }

    fn refusal(error: &Value) -> Refusal {
        let Incoming::Answer { id: 7, outcome: Err(refusal) } =
            decode(&json!({"msg": "result", "id": "7", "error": error}).to_string())
        else {
            panic!("a refusal")
        };
        refusal
    }

    #[test]
    fn every_form_of_an_error_is_known() {
        let trace = json!({"class": "x", "formatted": "hunter2", "frames": []});
        let named = |errno: i64, errname: &str, reason: &str| Refusal::Call {
            errno,
            errname: errname.into(),
            reason: reason.into(),
        };
        let field = Refusal::Invalid(vec![FieldError::new("a.path", "no", 22)]);
        let extra = json!([["a.path", "no", 22]]);
        for (error, expected) in [
            (
                json!({"error": 11, "errname": "EAGAIN", "type": "VALIDATION", "reason": "x", "trace": trace, "extra": extra}),
                field,
            ),
            // CORE: another number, and no name.
            (
                json!({"error": 35, "type": "VALIDATION", "reason": "x", "trace": trace, "extra": extra}),
                Refusal::Invalid(vec![FieldError::new("a.path", "no", 22)]),
            ),
            (
                json!({"error": 22, "type": "VALIDATION", "reason": "x", "trace": trace, "extra": extra}),
                Refusal::Invalid(vec![FieldError::new("a.path", "no", 22)]),
            ),
            (
                json!({"error": 207, "errname": "ENOTAUTHENTICATED", "type": null, "reason": "Not authenticated"}),
                named(207, "ENOTAUTHENTICATED", "Not authenticated"),
            ),
            (
                json!({"error": 13, "type": null, "reason": "Not authenticated", "trace": null, "extra": null}),
                named(13, "EACCES", "Not authenticated"),
            ),
            (json!({"error": 109, "errname": "ETOOMANYREFS", "reason": "too many"}), Refusal::Busy),
            (json!({"error": 59, "type": null, "reason": "too many"}), Refusal::Busy),
            (json!({"error": 201, "type": "MethodNotFoundError", "reason": "x"}), Refusal::NoSuchMethod),
            (json!({"error": 2, "type": null, "reason": "gone", "trace": trace}), named(2, "ENOENT", "gone")),
            (json!({"error": 77, "type": "CallError", "reason": "odd"}), named(77, "77", "odd")),
        ] {
            let found = refusal(&error);
            assert!(!format!("{found:?}").contains("hunter2"));
            assert_eq!(found, expected, "{error}");
        }
    }

    #[test]
    fn a_refused_subscription_is_the_answer_to_it() {
        let text = r#"{"msg":"nosub","id":"8","error":{"error":"Already subscribed"}}"#;
        let Incoming::Answer { id: 8, outcome: Err(Refusal::Call { reason, .. }) } = decode(text) else {
            panic!("a refusal")
        };
        assert_eq!(reason, "Already subscribed");
    }
}
