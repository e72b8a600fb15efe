//! JSON-RPC 2.0 as the middleware speaks it: requests read, answers and notifications written
//! (TrueNAS middleware 25.04 to 26, `api/base/server/ws_handler/rpc.py`).

use serde_json::{Map, Value, json};

use super::events::Event;
use super::refusal::{Outcome, Refusal};
use super::socket::{Asked, Step};

/// Reads a message. What is no JSON, or a list, is answered without an id; a request that is wrong otherwise under its
/// own id, and not at all where it has none. Members that are not known are ignored.
pub(super) fn read(text: &str) -> Step {
    let message = match serde_json::from_str(text) {
        Ok(Value::Object(message)) => message,
        Ok(Value::Array(_)) | Err(_) => return Step::Answer(reply(&Value::Null, &Err(Refusal::NotJson))),
        // What is no request has no id to be answered under.
        Ok(_) => return Step::Nothing,
    };
    let id = message.get("id").cloned();
    match asked(message) {
        Ok(asked) => Step::Call(asked),
        Err(why) => match id {
            Some(id) => Step::Answer(reply(&id, &Err(Refusal::NotARequest(why)))),
            None => Step::Nothing,
        },
    }
}

fn asked(mut message: Map<String, Value>) -> Result<Asked, &'static str> {
    let id = message.remove("id");
    if id.as_ref().is_some_and(|id| !id.is_null() && !id.is_string() && !id.is_i64()) {
        return Err("Invalid request ID");
    }
    if message.remove("jsonrpc") != Some(json!("2.0")) {
        return Err("Unsupported JSON-RPC version");
    }
    let Some(Value::String(method)) = message.remove("method") else {
        return Err("Invalid Message Format");
    };
    let params = match message.remove("params") {
        Some(Value::Array(params)) => params,
        None => Vec::new(),
        Some(_) => return Err("`params` must be an array"),
    };
    Ok(Asked { id, method, params })
}

/// The answer to a request.
pub(super) fn reply(id: &Value, outcome: &Outcome) -> Value {
    match outcome {
        Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
        Err(refusal) => json!({"jsonrpc": "2.0", "id": id, "error": refusal.to_json()}),
    }
}

/// The notification of an event, with the fields that the client may see.
pub(super) fn notification(event: &Event, fields: &Value) -> Value {
    let mut params = json!({"msg": event.what.word(), "collection": event.collection, "id": event.id});
    if !fields.is_null() {
        params["fields"] = fields.clone();
    }
    json!({"jsonrpc": "2.0", "method": "collection_update", "params": params})
}

/// The notification that no more events of a collection will come.
pub(super) fn unsubscribed(collection: &str) -> Value {
    let params = json!({"collection": collection, "error": null});
    json!({"jsonrpc": "2.0", "method": "notify_unsubscribed", "params": params})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_request_is_answered_under_its_own_id_or_not_at_all() {
        for (text, answer) in [
            ("{", Some((Value::Null, -32700))),
            ("", Some((Value::Null, -32700))),
            ("[]", Some((Value::Null, -32700))),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"core.ping"}]"#, Some((Value::Null, -32700))),
            (r#"{"jsonrpc":"2.0","id":1,"method":"core.ping","params":{}}"#, Some((json!(1), -32600))),
            (r#"{"jsonrpc":"1.0","id":"a","method":"core.ping","params":[]}"#, Some((json!("a"), -32600))),
            (r#"{"id":1,"method":"core.ping"}"#, Some((json!(1), -32600))),
            (r#"{"jsonrpc":"2.0","id":2}"#, Some((json!(2), -32600))),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"core.ping"}"#, Some((json!(1.5), -32600))),
            (r#"{"jsonrpc":"2.0","method":"core.ping","params":{}}"#, None),
            (r#"{"method":"core.ping"}"#, None),
            ("7", None),
        ] {
            let found = match read(text) {
                Step::Answer(said) => Some((said["id"].clone(), said["error"]["code"].as_i64().unwrap())),
                Step::Nothing => None,
                other => panic!("{text}: {other:?}"),
            };
            assert_eq!(found, answer, "{text}");
        }
    }

    #[test]
    fn members_that_are_not_known_are_ignored() {
        let text = r#"{"jsonrpc":"2.0","id":null,"method":"core.ping","session":"s","params":[1]}"#;
        let Step::Call(asked) = read(text) else { panic!("no call") };
        assert_eq!(
            (asked.id, asked.method.as_str(), asked.params),
            (Some(Value::Null), "core.ping", vec![json!(1)])
        );
    }
}
