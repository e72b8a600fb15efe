//! One WebSocket of a client, whichever protocol it speaks: limits of length and of calls at once, the gate, the record.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::call::{self, Method};
use super::events::{Event, Listener};
use super::legacy::{self, Greeting};
use super::nas::Nas;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::{Interface, Release};
use super::session::{Channel, Role, Session};
use super::shape::Rules;
use super::{auth, jsonrpc, methods};
use crate::fault::{Fault, Mangled};
use crate::gate::Delivered;
use crate::request::{Access, Origin, Request};
use crate::transcript::{Arrival, MiddlewareCall, Unanswered};

/// Characters of a message before and after the login
/// (TrueNAS middleware 25.10, `api/base/server/ws_handler/rpc.py`). Before 25.04 no limit is known.
const LONGEST_BEFORE_LOGIN: usize = 8_192;
const LONGEST: usize = 65_536;
/// Calls that run at once on a connection, and calls that it takes in all.
const RUNNING: usize = 10;
const ACCEPTED: usize = 20;

/// Something to be sent.
#[derive(Debug)]
enum Out {
    Message(Message, Delivered),
    /// A message that begins and never ends.
    Endless,
    /// Nothing more: the connection is cut.
    Cut,
}

/// A call that a client asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// What the answer is to carry; nothing is answered without it.
    pub(super) id: Option<Value>,
    pub(super) method: String,
    pub(super) params: Vec<Value>,
}

/// What a client's message asks for.
#[derive(Debug)]
pub(super) enum Step {
    Call(Asked),
    /// This answer, at once.
    Answer(Value),
    /// The end of the connection, for this reason.
    Close(&'static str),
    Nothing,
}

/// One connection, as its calls share it.
#[derive(Debug)]
struct Connection {
    nas: Arc<Nas>,
    session: Arc<Session>,
    greeting: Mutex<Greeting>,
    out: mpsc::UnboundedSender<Out>,
    running: Semaphore,
    accepted: AtomicUsize,
    /// The first message, which is the login.
    first: OnceLock<String>,
    /// A ping has arrived, and its pong is sent.
    pinged: Notify,
}

/// Serves one client until it leaves, breaks a rule, the appliance restarts, or the simulation stops. Unfinished calls end
/// with it.
pub(super) async fn converse(
    nas: Arc<Nas>,
    socket: WebSocketStream<TokioIo<Upgraded>>,
    interface: Interface,
    channel: Channel,
) {
    let (mut sink, messages) = socket.split();
    let (out, mut outbox) = mpsc::unbounded_channel();
    let connection = Arc::new(Connection {
        nas: Arc::clone(&nas),
        session: Arc::new(Session::new(nas.random.uuid(), nas.release, interface, channel)),
        greeting: Mutex::new(Greeting::new(nas.random.uuid())),
        out,
        running: Semaphore::new(RUNNING),
        accepted: AtomicUsize::new(0),
        first: OnceLock::new(),
        pinged: Notify::new(),
    });
    let mut restarts = nas.restarts.subscribe();
    let listener: Weak<Connection> = Arc::downgrade(&connection);
    nas.events.join(listener);
    nas.sessions.join(Arc::downgrade(&connection.session));
    if !nas.state().admits {
        connection.close(CloseCode::Policy, "You are not allowed to access this resource");
    }
    let write = async {
        loop {
            let out = tokio::select! {
                biased;
                out = outbox.recv() => out,
                () = connection.pinged.notified() => continue,
                () = nas.idle_clock.sleep(nas.settings.idle_limit) => return,
            };
            let (message, delivered) = match out {
                Some(Out::Message(message, delivered)) => (message, delivered),
                Some(Out::Endless) => return endless(&mut sink).await,
                Some(Out::Cut) | None => return,
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
        _ = restarts.changed() => {}
        () = nas.core.tasks.stopping() => {}
    }
}

/// Sends the beginning of a message, and more of it, until the client leaves.
async fn endless(sink: &mut (impl Sink<Message, Error = Error> + Unpin)) {
    let mut part = Data::Text;
    loop {
        let frame = Frame::message(vec![b' '; 1 << 16], OpCode::Data(part), false);
        if sink.send(Message::Frame(frame)).await.is_err() {
            return;
        }
        part = Data::Continue;
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
        let is_limited = connection.nas.release >= Release::Scale25_04;
        if is_limited && !connection.session.may(Role::Reader) && length > LONGEST_BEFORE_LOGIN {
            connection.close(CloseCode::Invalid, "Anonymous connection max message length is 8 kB");
        } else if is_limited && length > LONGEST {
            connection.close(CloseCode::Size, "Max message length is 64 kB");
        } else if let Some(asked) = connection.step(&text) {
            let connection = Arc::clone(connection);
            calls.spawn(async move { connection.take(asked, &text).await });
        }
    }
}

/// Passes on the events that the connection has subscribed to.
impl Listener for Connection {
    fn hear(&self, event: &Event) {
        let is_wanted =
            self.session.subscriptions().values().any(|name| name == event.collection || name == "*");
        if !is_wanted || (event.collection == "core.get_jobs" && !self.session.sees_job(&event.fields)) {
            return;
        }
        let fields = if self.session.sees_secrets() { &event.fields } else { &event.redacted };
        let note = match self.session.interface {
            Interface::Legacy => legacy::message(event, fields),
            Interface::Newest | Interface::Older(_) => jsonrpc::notification(event, fields),
        };
        self.send(&note, Delivered::default());
    }

    fn end_subscriptions(&self) {
        for (id, name) in std::mem::take(&mut *self.session.subscriptions()) {
            let note = match self.session.interface {
                Interface::Legacy => legacy::unsubscribed(&id),
                Interface::Newest | Interface::Older(_) => jsonrpc::unsubscribed(&name),
            };
            self.send(&note, Delivered::default());
        }
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

    /// Reads a message, and answers what needs no call.
    fn step(&self, text: &str) -> Option<Asked> {
        let step = match self.session.interface {
            Interface::Legacy => {
                let mut greeting = self.greeting.lock().unwrap_or_else(PoisonError::into_inner);
                greeting.read(text, &self.session)
            }
            Interface::Newest | Interface::Older(_) => jsonrpc::read(text),
        };
        match step {
            Step::Call(asked) => return Some(asked),
            Step::Answer(answer) => self.answer(answer, text, Delivered::default()),
            Step::Close(reason) => self.close(CloseCode::Invalid, reason),
            Step::Nothing => {}
        }
        None
    }

    fn reply(&self, id: &Value, asked: &str, outcome: &Outcome, delivered: Delivered) {
        self.answer(self.replied(id, outcome), asked, delivered);
    }

    fn replied(&self, id: &Value, outcome: &Outcome) -> Value {
        match self.session.interface {
            Interface::Legacy => legacy::reply(id, outcome, self.nas.release),
            Interface::Newest | Interface::Older(_) => jsonrpc::reply(id, outcome),
        }
    }

    /// Sends an answer in the form that a fault gives it.
    fn mangle(&self, mangled: Mangled, answer: &Value, delivered: Delivered) {
        match mangled {
            Mangled::Garbled => {
                let text = answer.to_string().replacen('{', "z", 1);
                let _ = self.out.send(Out::Message(Message::text(text), delivered));
            }
            Mangled::Twice => {
                self.send(answer, Delivered::default());
                self.send(answer, delivered);
            }
            Mangled::Endless => drop(self.out.send(Out::Endless)),
        }
    }

    /// Sends an answer, with the words that a fault has put into its error.
    fn answer(&self, mut answer: Value, asked: &str, delivered: Delivered) {
        if let Some(error) = answer.get_mut("error") {
            let first = self.first.get().map(String::as_str).unwrap_or_default();
            if let Some(words) = self.nas.core.gate.faults().echo_of(&format!("{asked}\n{first}")) {
                let data = match self.session.interface {
                    Interface::Legacy => error,
                    Interface::Newest | Interface::Older(_) => &mut error["data"],
                };
                crate::echo::repeat_in(data, &words);
            }
        }
        self.send(&answer, delivered);
    }

    async fn take(&self, asked: Asked, text: &str) {
        let _ = self.first.set(text.to_owned());
        if self.accepted.fetch_add(1, Ordering::SeqCst) >= ACCEPTED {
            let id = asked.id.unwrap_or_default();
            self.reply(&id, text, &Err(Refusal::TooMany), Delivered::default());
        } else if let Ok(_permit) = self.running.acquire().await {
            self.serve(asked, text).await;
        }
        self.accepted.fetch_sub(1, Ordering::SeqCst);
    }

    /// Passes one call through the gate, runs and records it, and answers.
    async fn serve(&self, asked: Asked, text: &str) {
        let arrival = self.nas.core.transcript.arrival();
        let request = Request {
            service: "truenas",
            instance: Some(Arc::clone(&self.nas.id)),
            operation: &asked.method,
            origin: Origin::Client,
        };
        let entry = self.nas.core.gate.enter(&request).await;
        let found = methods::find(&asked.method, self.nas.release, self.session.interface);
        let method = found.as_ref().ok().map(|(method, _)| *method);
        let models = found.as_ref().map_or(self.nas.release, |(_, rules)| rules.models);
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
                self.run(found, &asked).await
            }
        };
        let unanswered = self.record(arrival, method, models, &asked, &outcome);
        let outcome = self.follow(method, outcome).await;
        let exit = entry.leave().await;
        drop(unanswered);
        let outcome = match &exit.fault {
            None | Some(Fault::Stall(_) | Fault::Alter { .. } | Fault::Mangle(_)) => outcome,
            Some(Fault::DropConnection | Fault::Html(_) | Fault::TruncateBody) => {
                let _ = self.out.send(Out::Cut);
                return;
            }
            Some(fault) => Err(refusal(fault)),
        };
        match (&asked.id, exit.fault) {
            (Some(id), Some(Fault::Mangle(mangled))) => {
                self.mangle(mangled, &self.replied(id, &outcome), exit.delivered);
            }
            (Some(id), _) => self.reply(id, text, &outcome, exit.delivered),
            (None, _) => {}
        }
    }

    async fn run(&self, found: Result<(&'static Method, Rules), Refusal>, asked: &Asked) -> Outcome {
        let (method, rules) = found?;
        if let Err(too_often) = self.nas.anonymous_calls.check(&self.session, method.name) {
            self.punish(Duration::from_secs(self.nas.anonymous_calls.wait())).await;
            return Err(too_often);
        }
        let message = asked.id.clone().unwrap_or_default();
        let outcome = call::run(&self.nas, &self.session, method, rules, &message, &asked.params).await;
        if outcome.as_ref().is_ok_and(|said| auth::is_failure(method.name, said)) {
            self.punish(auth::FAILURE).await;
        }
        outcome
    }

    /// Lets a caller wait who was refused at the door.
    async fn punish(&self, time: Duration) {
        if self.nas.settings.login_penalty {
            self.nas.core.clock.sleep(time).await;
        }
    }

    /// Waits for the job, where the client has asked for its result in place of its number: over JSON-RPC only.
    async fn follow(&self, method: Option<&'static Method>, outcome: Outcome) -> Outcome {
        let is_asked = self.session.waits_for_jobs.load(Ordering::Relaxed);
        let waits = is_asked && self.session.interface != Interface::Legacy;
        if !waits || !method.is_some_and(|method| method.is_job) {
            return outcome;
        }
        let id = outcome?;
        match id.as_i64().and_then(|id| self.nas.jobs.get(id)) {
            Some(job) => job.ended().await,
            None => Ok(id),
        }
    }

    /// Records the call under the release whose schemas it goes by, with the secrets in it: they are test values.
    fn record(
        &self,
        arrival: Arrival,
        method: Option<&'static Method>,
        models: Release,
        asked: &Asked,
        outcome: &Outcome,
    ) -> Unanswered {
        let legacy = self.session.interface == Interface::Legacy;
        let release = self.nas.release;
        let written = |refusal: &Refusal| if legacy { refusal.to_legacy(release) } else { refusal.to_json() };
        let error = outcome.as_ref().err().map(written).unwrap_or_default();
        let call = MiddlewareCall {
            instance: &self.nas.id,
            release: &models.to_string(),
            transport: if legacy { "legacy" } else { "jsonrpc" },
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
