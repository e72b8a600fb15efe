//! JSON-RPC 2.0 over a WebSocket, with the middleware's limits: frame lengths, calls at once, errors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError};

use futures_util::{SinkExt as _, Stream, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::call::{self, Method};
use super::methods;
use super::nas::Nas;
use super::refusal::{Errno, Outcome, Refusal};
use super::session::{Role, Session};
use crate::fault::Fault;
use crate::gate::Delivered;
use crate::request::{Access, Origin, Request};
use crate::transcript::{Arrival, MiddlewareCall, Unanswered};

/// Characters of a message before and after the login
/// (TrueNAS middleware 25.10, `api/base/server/ws_handler/rpc.py`).
const LONGEST_BEFORE_LOGIN: usize = 8_192;
const LONGEST: usize = 65_536;
/// Calls that run at once on a connection, and calls that it takes in all.
const RUNNING: usize = 10;
const ACCEPTED: usize = 20;

/// Something to be sent.
enum Out {
    Message(Message, Delivered),
    /// Nothing more: the connection is cut.
    Cut,
}

/// One connection, as its calls share it.
#[derive(Debug)]
struct Connection {
    nas: Arc<Nas>,
    session: Arc<Session>,
    out: mpsc::UnboundedSender<Out>,
    running: Semaphore,
    accepted: AtomicUsize,
    /// The first message, which is the login.
    first: OnceLock<String>,
    /// A ping has arrived, and its pong is sent.
    pinged: Notify,
}

/// Serves one client until it leaves, breaks a rule, or the simulation stops. Unfinished calls end with it.
pub(super) async fn converse(nas: Arc<Nas>, socket: WebSocketStream<TokioIo<Upgraded>>) {
    let (mut sink, messages) = socket.split();
    let (out, mut outbox) = mpsc::unbounded_channel();
    let connection = Arc::new(Connection {
        nas: Arc::clone(&nas),
        session: Arc::default(),
        out,
        running: Semaphore::new(RUNNING),
        accepted: AtomicUsize::new(0),
        first: OnceLock::new(),
        pinged: Notify::new(),
    });
    let write = async {
        loop {
            let out = tokio::select! {
                biased;
                out = outbox.recv() => out,
                () = connection.pinged.notified() => continue,
                () = nas.idle_clock.sleep(nas.settings.idle_limit) => return,
            };
            let Some(Out::Message(message, delivered)) = out else {
                return;
            };
            let is_last = message.is_close();
            if sink.send(message).await.is_err() || is_last {
                return;
            }
            drop(delivered);
        }
    };
    tokio::select! {
        () = write => {}
        () = read(&connection, messages) => {}
        () = send_events(&connection) => {}
        () = nas.core.tasks.stopping() => {}
    }
}

async fn read(
    connection: &Arc<Connection>,
    mut messages: impl Stream<Item = Result<Message, Error>> + Unpin,
) {
    let mut calls = JoinSet::new();
    loop {
        let message = tokio::select! {
            message = messages.next() => message,
            Some(_) = calls.join_next() => continue,
        };
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_))) => {
                connection.pinged.notify_one();
                continue;
            }
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => continue,
            Some(Ok(Message::Binary(_))) => {
                connection.close(CloseCode::Unsupported, "Binary frames are not supported");
                continue;
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return,
        };
        let length = text.chars().count();
        if !connection.session.may(Role::Reader) && length > LONGEST_BEFORE_LOGIN {
            connection.close(CloseCode::Invalid, "Anonymous connection max message length is 8 kB");
        } else if length > LONGEST {
            connection.close(CloseCode::Size, "Max message length is 64 kB");
        } else {
            let connection = Arc::clone(connection);
            calls.spawn(async move { connection.take(&text).await });
        }
    }
}

/// Passes on the events that the connection has subscribed to.
async fn send_events(connection: &Connection) {
    let mut events = connection.nas.jobs.listen();
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let wanted = {
            let mine = connection.session.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
            mine.values().any(|name| name == event.collection || name == "*")
        } && connection.session.sees_job(&event.params["fields"]);
        if wanted {
            let note = json!({"jsonrpc": "2.0", "method": "collection_update", "params": event.params});
            connection.send(&note, Delivered::default());
        }
    }
}

/// A well-formed JSON-RPC request.
struct RpcRequest {
    id: Option<Value>,
    method: String,
    params: Vec<Value>,
}

/// Reads a request. A malformed one is answered without an id, even if it has one
/// (TrueNAS middleware 25.10, `api/base/server/ws_handler/rpc.py`).
fn parse(text: &str) -> Result<RpcRequest, Refusal> {
    let message: Value = serde_json::from_str(text).map_err(|_| Refusal::NotJson)?;
    let Value::Object(mut message) = message else {
        return Err(Refusal::NotARequest("Invalid Message Format"));
    };
    let id = message.remove("id");
    if id.as_ref().is_some_and(|id| !id.is_null() && !id.is_string() && !id.is_i64()) {
        return Err(Refusal::NotARequest("Invalid request ID"));
    }
    if message.remove("jsonrpc") != Some(json!("2.0")) {
        return Err(Refusal::NotARequest("Unsupported JSON-RPC version"));
    }
    let Some(Value::String(method)) = message.remove("method") else {
        return Err(Refusal::NotARequest("Invalid Message Format"));
    };
    let params = match message.remove("params") {
        Some(Value::Array(params)) => params,
        None => Vec::new(),
        Some(_) => return Err(Refusal::NotARequest("`params` must be an array")),
    };
    if message.is_empty() {
        Ok(RpcRequest { id, method, params })
    } else {
        Err(Refusal::NotARequest("Additional properties are not allowed"))
    }
}

impl Connection {
    fn send(&self, message: &Value, delivered: Delivered) {
        let text = Message::text(message.to_string());
        // The connection may be gone.
        let _ = self.out.send(Out::Message(text, delivered));
    }

    fn close(&self, code: CloseCode, reason: &'static str) {
        let frame = CloseFrame { code, reason: reason.into() };
        let _ = self.out.send(Out::Message(Message::Close(Some(frame)), Delivered::default()));
    }

    fn reply(&self, id: &Value, asked: &str, outcome: &Outcome, delivered: Delivered) {
        let mut reply = json!({"jsonrpc": "2.0", "id": id});
        match outcome {
            Ok(result) => reply["result"] = result.clone(),
            Err(refusal) => {
                let first = self.first.get().map(String::as_str).unwrap_or_default();
                reply["error"] = refusal.to_json();
                if let Some(words) = self.nas.core.gate.faults().echo_of(&format!("{asked}\n{first}")) {
                    crate::echo::repeat_in(&mut reply["error"]["data"], &words);
                }
            }
        }
        self.send(&reply, delivered);
    }

    async fn take(&self, text: &str) {
        let _ = self.first.set(text.to_owned());
        let asked = match parse(text) {
            Ok(asked) => asked,
            Err(refusal) => return self.reply(&Value::Null, text, &Err(refusal), Delivered::default()),
        };
        if self.accepted.fetch_add(1, Ordering::SeqCst) >= ACCEPTED {
            let id = asked.id.unwrap_or_default();
            self.reply(&id, text, &Err(Refusal::TooMany), Delivered::default());
        } else if let Ok(_permit) = self.running.acquire().await {
            self.serve(asked, text).await;
        }
        self.accepted.fetch_sub(1, Ordering::SeqCst);
    }

    /// Passes one call through the gate, runs and records it, and answers.
    async fn serve(&self, asked: RpcRequest, text: &str) {
        let arrival = self.nas.core.transcript.arrival();
        let request = Request {
            service: "truenas",
            instance: Some(Arc::clone(&self.nas.id)),
            operation: &asked.method,
            origin: Origin::Client,
        };
        let entry = self.nas.core.gate.enter(&request).await;
        let method = methods::find(&asked.method);
        let outcome = match entry.before() {
            Some(Fault::DropConnection | Fault::Html(_) | Fault::TruncateBody) => {
                let _ = self.out.send(Out::Cut);
                return;
            }
            Some(fault @ Fault::Refuse { .. }) => Err(refusal(fault)),
            other => {
                if other == Some(&Fault::ExpireToken) {
                    self.session.forget();
                }
                self.run(method, &asked).await
            }
        };
        let unanswered = self.record(arrival, method, &asked, &outcome);
        let outcome = self.follow(method, outcome).await;
        let exit = entry.leave().await;
        drop(unanswered);
        let outcome = match &exit.fault {
            None | Some(Fault::Stall(_) | Fault::Alter { .. }) => outcome,
            Some(Fault::DropConnection | Fault::Html(_) | Fault::TruncateBody) => {
                let _ = self.out.send(Out::Cut);
                return;
            }
            Some(fault) => Err(refusal(fault)),
        };
        if let Some(id) = &asked.id {
            self.reply(id, text, &outcome, exit.delivered);
        }
    }

    async fn run(&self, method: Option<&'static Method>, asked: &RpcRequest) -> Outcome {
        let method = method.ok_or(Refusal::NoMethod)?;
        self.nas.anonymous_calls.check(&self.session, method.name)?;
        let message = asked.id.clone().unwrap_or_default();
        call::run(&self.nas, &self.session, method, &message, &asked.params).await
    }

    /// Waits for the job, where the client has asked for its result in place of its number.
    async fn follow(&self, method: Option<&'static Method>, outcome: Outcome) -> Outcome {
        let waits = self.session.waits_for_jobs.load(Ordering::Relaxed);
        if !waits || !method.is_some_and(|method| method.is_job) {
            return outcome;
        }
        let id = outcome?;
        match id.as_i64().and_then(|id| self.nas.jobs.get(id)) {
            Some(job) => job.ended().await,
            None => Ok(id),
        }
    }

    /// Records the call with the secrets in it: they are test values.
    fn record(
        &self,
        arrival: Arrival,
        method: Option<&'static Method>,
        asked: &RpcRequest,
        outcome: &Outcome,
    ) -> Unanswered {
        let error = outcome.as_ref().err().map(Refusal::to_json).unwrap_or_default();
        let call = MiddlewareCall {
            instance: &self.nas.id,
            release: self.nas.release.version(),
            transport: "jsonrpc",
            method: &asked.method,
            access: method.map_or(Access::Read, |method| method.access),
            params: &Value::from(asked.params.clone()),
            outcome: outcome.as_ref().map_err(|_| &error),
        };
        self.nas.core.transcript.record_middleware(arrival, &call)
    }
}

/// A fault as the middleware would word it: 429 is too many calls at once, anything else a call that failed.
fn refusal(fault: &Fault) -> Refusal {
    match fault {
        Fault::Refuse { status: 429, .. } => Refusal::TooMany,
        Fault::Refuse { code, message, .. } => Refusal::failed(Errno::named(code), message.clone()),
        _ => Refusal::not_authenticated(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Value {
        parse(text).err().map(|refusal| refusal.to_json()["code"].clone()).unwrap_or_default()
    }

    #[test]
    fn only_a_request_is_a_request() {
        assert_eq!(code("{"), -32700);
        assert_eq!(code("[]"), -32600);
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"core.ping","params":{}}"#), -32600);
        assert_eq!(code(r#"{"jsonrpc":"1.0","id":1,"method":"core.ping","params":[]}"#), -32600);
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1.5,"method":"core.ping","params":[]}"#), -32600);
        assert_eq!(code(r#"{"jsonrpc":"2.0","id":1,"method":"core.ping","params":[],"session":1}"#), -32600);
        assert!(parse(r#"{"jsonrpc":"2.0","id":"a","method":"core.ping"}"#).is_ok());
        assert!(parse(r#"{"jsonrpc":"2.0","method":"core.ping","params":[]}"#).is_ok_and(|a| a.id.is_none()));
    }
}
