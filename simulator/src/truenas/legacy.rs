//! The legacy socket's messages: requests read, answers and events written
//! (TrueNAS middleware 13.3 and 24.10, `main.py`; later releases keep it).

use serde_json::{Value, json};

use super::events::Event;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::session::{Role, Session};
use super::socket::{Asked, Step};

/// The socket's state beside its session: whether the client has said hello, and the name of the connection.
#[derive(Debug)]
pub(super) struct Greeting {
    session_id: String,
    is_connected: bool,
}

impl Greeting {
    pub(super) fn new(session_id: String) -> Self {
        Self { session_id, is_connected: false }
    }

    /// Reads a message; subscriptions begin and end here.
    pub(super) fn read(&mut self, text: &str, session: &Session) -> Step {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else {
            return Step::Close("Invalid JSON");
        };
        let kind = message.get("msg").and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = message.remove("id");
        let failed = || Step::Answer(json!({"msg": "failed", "version": "1"}));
        match kind.as_str() {
            "connect" if message.get("version") == Some(&json!("1")) => {
                self.is_connected = true;
                Step::Answer(json!({"msg": "connected", "session": self.session_id}))
            }
            _ if !self.is_connected || kind == "connect" => failed(),
            "method" => {
                let params = match message.remove("params") {
                    Some(Value::Array(params)) => params,
                    _ => Vec::new(),
                };
                match message.remove("method") {
                    Some(Value::String(method)) => Step::Call(Asked { id, method, params }),
                    _ => {
                        Step::Answer(error(id.as_ref(), "Message is malformed: 'method' is absent.", session))
                    }
                }
            }
            "ping" => {
                let mut pong = json!({"msg": "pong"});
                if let Some(id) = id {
                    pong["id"] = id;
                }
                Step::Answer(pong)
            }
            "sub" => subscribe(id.as_ref(), message.get("name"), session),
            "unsub" => {
                if let Some(Value::String(id)) = id {
                    session.subscriptions().remove(&id);
                }
                Step::Nothing
            }
            _ => Step::Nothing,
        }
    }
}

fn subscribe(id: Option<&Value>, name: Option<&Value>, session: &Session) -> Step {
    let (Some(Value::String(ident)), Some(name)) = (id, name.and_then(Value::as_str)) else {
        return Step::Answer(error(id, "Message is malformed: 'id' or 'name' is absent.", session));
    };
    if !session.may(Role::Reader) {
        let outcome = Err(Refusal::not_authenticated());
        return Step::Answer(reply(&ident.as_str().into(), &outcome, session.release));
    }
    session.subscriptions().insert(ident.clone(), name.to_owned());
    Step::Answer(json!({"msg": "ready", "subs": [ident]}))
}

fn error(id: Option<&Value>, reason: &str, session: &Session) -> Value {
    let outcome = Err(Refusal::failed(Errno::INVALID, reason));
    reply(id.unwrap_or(&Value::Null), &outcome, session.release)
}

/// The answer to a request.
pub(super) fn reply(id: &Value, outcome: &Outcome, release: Release) -> Value {
    match outcome {
        Ok(result) => json!({"msg": "result", "id": id, "result": result}),
        Err(refusal) => json!({"msg": "result", "id": id, "error": refusal.to_legacy(release)}),
    }
}

/// The message of an event, with the fields that the client may see.
pub(super) fn message(event: &Event, fields: &Value) -> Value {
    let mut message = json!({"msg": event.what.word(), "collection": event.collection, "id": event.id});
    if !fields.is_null() {
        message["fields"] = fields.clone();
    }
    message
}

/// The message that a subscription has ended.
pub(super) fn unsubscribed(subscription: &str) -> Value {
    json!({"msg": "nosub", "id": subscription})
}
