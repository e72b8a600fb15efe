//! The protocol of `/websocket`, the only one before 25.04 (TrueNAS middleware 13.3, `main.py`; 24.10, `api/base/server`).

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::mended::mended;
use super::{Event, Incoming, JOBS, Refusal, SUBSCRIBE, no_message};
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
    if let Ok(message) = serde_json::from_str::<Message>(text) {
        return message.incoming(text);
    }
    let text = &*mended(text);
    match (serde_json::from_str::<Message>(text), serde_json::from_str::<Envelope>(text)) {
        (Ok(message), _) => message.incoming(text),
        (Err(_), Ok(envelope)) => envelope.incoming(),
        (Err(_), Err(_)) => no_message(text),
    }
}

/// Nothing of a message but what it is about. Whatever else stands in it is passed over, however deep it goes.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    msg: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    error: Option<IgnoredAny>,
}

impl Envelope<'_> {
    fn incoming(self) -> Incoming {
        let id = self.id.and_then(|id| id.parse().ok());
        match (&*self.msg, self.error) {
            ("result" | "nosub", Some(_)) => Refusal::Malformed { code: 0 }.of(id),
            ("result", None) => Refusal::Unreadable.of(id),
            _ => Incoming::Other,
        }
    }
}

impl Message<'_> {
    fn incoming(self, text: &str) -> Incoming {
        let id = self.id.as_str().and_then(|id| id.parse().ok());
        match (&*self.msg, id) {
            ("result", Some(id)) => {
                let outcome = self.error.map_or(Ok(self.result), |error| Err(error.refusal()));
                Incoming::Answer { id, outcome }
            }
            ("ready", _) => match self.subs.as_array().and_then(|ids| ids.first()?.as_str()?.parse().ok()) {
                Some(id) => Incoming::Answer { id, outcome: Ok(Value::Null) },
                None => Incoming::Other,
            },
            // The first is the answer to subscribing, the second comes later.
            ("nosub", Some(id)) if self.error.is_some() => {
                Incoming::Answer { id, outcome: Err(self.error.unwrap_or_default().refusal()) }
            }
            ("nosub", _) => match self.collection.as_deref() {
                None | Some(JOBS) => Incoming::Unsubscribed,
                Some(name) => Incoming::Unwatched(name.to_owned()),
            },
            ("added" | "changed" | "removed", _) => {
                let row = || serde_json::from_str(text).ok();
                Event::about(self.collection.as_deref().unwrap_or_default(), &self.id, row)
            }
            ("connected", _) => Incoming::Greeted(true),
            ("failed", _) => Incoming::Greeted(false),
            ("ping", _) => Incoming::Ping(pong(&self.id)),
            // The protocol's answer to a message that cannot be read.
            ("error", _) => Refusal::Malformed { code: 0 }.of(id),
            _ => Incoming::Other,
        }
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
    subs: Value,
    #[serde(borrow)]
    collection: Option<Cow<'a, str>>,
}

/// Of the error's details, everything but the trace, which can hold secrets. A refused subscription has words in the place of a number.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Failure {
    error: Value,
    #[serde(rename = "type")]
    kind: Value,
    errname: Value,
    reason: Value,
    extra: Value,
}

impl Failure {
    fn refusal(self) -> Refusal {
        let [kind, errname, reason] =
            [&self.kind, &self.errname, &self.reason].map(|it| it.as_str().map(str::to_owned));
        let errno = self.error.as_i64().unwrap_or_default();
        let words = self.error.as_str().map(str::to_owned);
        let errname = errname.filter(|name| !name.is_empty());
        let is_too_many = errname.as_deref() == Some("ETOOMANYREFS") || TOO_MANY.contains(&errno);
        let is_validation = kind.as_deref() == Some("VALIDATION")
            || (AGAIN.contains(&errno) && self.extra.as_array().is_some_and(|rows| !rows.is_empty()));
        match () {
            () if is_validation => Refusal::Invalid(fields(&self.extra, reason)),
            () if is_too_many => Refusal::Busy,
            () => Refusal::call(errno, errname, reason.or(words)),
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
            ("", Incoming::Refused(Refusal::Unreadable)),
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

    /// Whatever stands in the place of an error's details, the call that it refuses is known, and so is that it is refused.
    #[test]
    fn every_answer_ends_its_call_however_it_is_worded() {
        let malformed = || Err(Refusal::Malformed { code: 0 });
        let call = Refusal::Call { errno: 0, errname: "0".into(), reason: "boom".into() };
        for (text, outcome) in [
            (r#"{"msg":"result","id":"7","error":"boom"}"#, malformed()),
            (
                r#"{"msg":"result","id":"7","error":{"error":null,"type":3,"errname":[],"reason":"boom"}}"#,
                Err(call),
            ),
            (r#"{"msg":"nosub","id":"7","error":"boom"}"#, malformed()),
            (r#"{"msg":"error","id":"7","reason":"boom"}"#, malformed()),
            (r#"{"msg":"result","id":"7","result":["caf\udce9",NaN]}"#, Ok(json!(["caf\u{fffd}", null]))),
            (r#"{"msg":"result","id":"7","result":[1e999]}"#, Err(Refusal::Unreadable)),
            (r#"{"msg":"result","id":"7","subs":null,"result":1}"#, Ok(json!(1))),
        ] {
            assert_eq!(decode(text), Incoming::Answer { id: 7, outcome }, "{text}");
        }
        assert_eq!(
            decode(r#"{"msg":"error","reason":"Bad request"}"#),
            Incoming::Refused(Refusal::Malformed { code: 0 })
        );
    }
}
