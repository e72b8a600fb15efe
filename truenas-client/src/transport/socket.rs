//! One connection and the task that owns it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, broadcast, mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error as WsError, Message, Utf8Bytes};

use super::rows::{RowEvent, Watchers};
use super::{Event, Incoming, JOBS, Protocol, Refusal, SUBSCRIBE};

/// An appliance runs ten calls per connection, lets ten wait and refuses the rest (TrueNAS middleware 13.3, `main.py`, to 26,
/// `api/base/server/ws_handler`).
const IN_FLIGHT: usize = 10;
/// nginx in front of the middleware closes a connection after 60 silent seconds.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Three pings without an answer: the connection is dead although nobody closed it.
const SILENCE: Duration = Duration::from_secs(65);
/// What was said before a line broke has arrived by then, or will not.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long an answer to subscribing is waited for: without events, polling has to do.
const SUBSCRIBING: Duration = Duration::from_secs(5);

/// What the socket runs over: TLS, or plain to this machine.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Why a call came back without the appliance's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// It never left.
    NotSent,
    /// It left, or part of it did.
    Unanswered,
    /// It is longer than the appliance accepts.
    TooLong { characters: usize },
    /// A message came that is longer than is read; it may have been the answer.
    AnswerTooLong {
        /// Whether no other call waited for one on this connection.
        alone: bool,
    },
    /// The appliance closed the connection because of the address that it comes from.
    NotAllowed,
    /// What answers does not speak the protocol.
    NotUnderstood,
}

type Outcome = Result<Result<Value, Refusal>, NoAnswer>;

struct Command {
    id: u64,
    text: Utf8Bytes,
    reply: oneshot::Sender<Outcome>,
    permit: OwnedSemaphorePermit,
}

/// A live connection. Dropping the last clone closes it.
#[derive(Clone)]
pub(crate) struct Link {
    protocol: Protocol,
    commands: mpsc::Sender<Command>,
    /// Never read, only multiplied; the one sender is the task's, so that its end is seen.
    events: Arc<broadcast::Receiver<Event>>,
    slots: Arc<Semaphore>,
    next_id: Arc<AtomicU64>,
    state: Arc<State>,
    subscribing: Arc<Mutex<()>>,
    watchers: Arc<Watchers>,
}

/// What the task and the handles know of a connection.
#[derive(Default)]
struct State {
    subscribed: AtomicBool,
    /// Subscribing was not answered; it is not asked for again.
    is_deaf: AtomicBool,
    /// Calls that nobody waits for any more, and that the appliance has not answered.
    given_up: AtomicUsize,
    logged_out: AtomicBool,
    not_allowed: AtomicBool,
}

impl Link {
    /// Exchanges greetings, where the protocol has them, and hands the socket to a task of its own, which ends when the last `Link` is
    /// gone or the connection is.
    pub(crate) async fn start(
        mut socket: WebSocketStream<Box<dyn Stream>>,
        protocol: Protocol,
    ) -> Result<Self, NoAnswer> {
        greet(&mut socket, protocol).await?;
        let (commands, inbox) = mpsc::channel(IN_FLIGHT);
        let (sender, events) = broadcast::channel(256);
        let state = Arc::<State>::default();
        let watchers = Arc::<Watchers>::default();
        let owner = Owner {
            socket,
            protocol,
            pending: HashMap::new(),
            events: sender,
            state: state.clone(),
            watchers: watchers.clone(),
        };
        tokio::spawn(owner.run(inbox));
        Ok(Self {
            protocol,
            commands,
            events: Arc::new(events),
            slots: Arc::new(Semaphore::new(IN_FLIGHT)),
            next_id: Arc::default(),
            state,
            subscribing: Arc::default(),
            watchers,
        })
    }

    pub(crate) fn is_alive(&self) -> bool {
        let is_open = !self.commands.is_closed() && !self.slots.is_closed();
        is_open && !self.state.logged_out.load(Ordering::Relaxed)
    }

    /// The appliance no longer knows who is calling here: the next call needs a connection that is logged in.
    pub(crate) fn log_out(&self) {
        self.state.logged_out.store(true, Ordering::Relaxed);
    }

    /// Sends a call of at most `limit` characters and waits for its answer, `until` then. Given up, it goes on at the appliance.
    pub(crate) async fn exchange(
        &self,
        method: &str,
        params: &[Value],
        limit: usize,
        until: Instant,
    ) -> Outcome {
        let slot = timeout_at(until, self.slots.clone().acquire_owned());
        let permit = slot.await.map_err(|_| NoAnswer::NotSent)?.map_err(|_| self.not_sent())?;
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let text = self.protocol.encode(id, method, params);
        let characters = text.chars().count();
        if characters > limit {
            return Err(NoAnswer::TooLong { characters });
        }
        let (reply, answer) = oneshot::channel();
        let sending = timeout_at(until, self.commands.send(Command { id, text, reply, permit }));
        sending.await.map_err(|_| NoAnswer::NotSent)?.map_err(|_| self.not_sent())?;
        let mut waiting = Waiting { answer, is_answered: false, link: self };
        match timeout_at(until, &mut waiting.answer).await {
            Ok(answered) => {
                waiting.is_answered = true;
                answered.unwrap_or(Err(NoAnswer::Unanswered))
            }
            Err(_) => Err(NoAnswer::Unanswered),
        }
    }

    fn not_sent(&self) -> NoAnswer {
        let not_allowed = self.state.not_allowed.load(Ordering::Relaxed);
        if not_allowed { NoAnswer::NotAllowed } else { NoAnswer::NotSent }
    }

    /// Events about jobs, from now on. Without the right to subscribe, or without an answer to it, there are none, and the caller's polling
    /// has to do.
    pub(crate) async fn job_events(&self, until: Instant) -> broadcast::Receiver<Event> {
        let receiver = self.events.resubscribe();
        let until = until.min(Instant::now() + SUBSCRIBING);
        // One caller subscribes, the others wait for it.
        let Ok(_turn) = timeout_at(until, self.subscribing.lock()).await else { return receiver };
        let State { subscribed, is_deaf, .. } = &*self.state;
        if !subscribed.load(Ordering::Relaxed) && !is_deaf.load(Ordering::Relaxed) {
            match self.exchange(SUBSCRIBE, &[JOBS.into()], usize::MAX, until).await {
                Ok(Ok(_)) => subscribed.store(true, Ordering::Relaxed),
                answer => {
                    // A late answer brings the events all the same.
                    is_deaf.store(answer == Err(NoAnswer::Unanswered), Ordering::Relaxed);
                    tracing::debug!("no events about jobs from this appliance; asking it instead");
                }
            }
        }
        receiver
    }
}

/// A call that was sent. Given up, it keeps its slot until the appliance is done with it; when every slot is kept so, the connection is of
/// no more use.
struct Waiting<'a> {
    answer: oneshot::Receiver<Outcome>,
    is_answered: bool,
    link: &'a Link,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        // After this, the task finds nobody to give an answer to.
        self.answer.close();
        if self.is_answered || self.answer.try_recv().is_ok() {
            return;
        }
        let before = self.link.state.given_up.fetch_add(1, Ordering::Relaxed);
        if before.wrapping_add(1) == IN_FLIGHT {
            tracing::debug!("no call on this connection is answered");
            self.link.slots.close();
        }
    }
}

impl Link {
    /// Events about the rows of a collection, from now on; or why the appliance does not tell of them.
    pub(crate) async fn row_events(
        &self,
        collection: &str,
        until: Instant,
    ) -> Result<Result<broadcast::Receiver<Arc<RowEvent>>, Refusal>, NoAnswer> {
        // One caller subscribes, the others wait for it.
        let _turn = timeout_at(until, self.subscribing.lock()).await.map_err(|_| NoAnswer::NotSent)?;
        let (receiver, is_watched) = self.watchers.join(collection);
        if is_watched {
            return Ok(Ok(receiver));
        }
        let answer = self.exchange(SUBSCRIBE, &[collection.into()], usize::MAX, until).await;
        if !matches!(answer, Ok(Ok(_))) {
            self.watchers.end(Some(collection));
        }
        Ok(answer?.map(|_| receiver))
    }
}

/// The greeting and its answer. Whatever else comes before it is passed over.
async fn greet(socket: &mut WebSocketStream<Box<dyn Stream>>, protocol: Protocol) -> Result<(), NoAnswer> {
    let Some(greeting) = protocol.greeting() else { return Ok(()) };
    // Where it cannot be sent any more, the reason may have arrived before.
    let sent = socket.send(Message::text(greeting)).await;
    let mut messages = 0;
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) => match protocol.decode(&text) {
                Incoming::Greeted(true) => return Ok(()),
                Incoming::Greeted(false) => return Err(NoAnswer::NotUnderstood),
                _ => messages += 1,
            },
            Message::Close(frame) if is_policy(frame.as_ref().map(|it| it.code)) => {
                return Err(NoAnswer::NotAllowed);
            }
            Message::Close(_) => return Err(NoAnswer::Unanswered),
            _ => messages += 1,
        }
        if messages > BEFORE_GREETING {
            return Err(NoAnswer::NotUnderstood);
        }
    }
    Err(if sent.is_ok() { NoAnswer::Unanswered } else { NoAnswer::NotSent })
}

/// So many messages may come before the greeting is answered.
const BEFORE_GREETING: u32 = 16;

/// An address that is not on the appliance's allow list is let in and shown out at once (TrueNAS middleware 25.10,
/// `api/base/server/ws_handler`).
fn is_policy(code: Option<CloseCode>) -> bool {
    code == Some(CloseCode::Policy)
}

struct Pending {
    reply: oneshot::Sender<Outcome>,
    _slot: OwnedSemaphorePermit,
}

struct Owner {
    socket: WebSocketStream<Box<dyn Stream>>,
    protocol: Protocol,
    pending: HashMap<u64, Pending>,
    events: broadcast::Sender<Event>,
    state: Arc<State>,
    watchers: Arc<Watchers>,
}

impl Owner {
    async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        let ended = self.serve(&mut inbox).await;
        if ended.is_err() {
            // After an error of reading there is nothing; after one of writing there may be.
            let _ = timeout(LAST_WORDS, self.hear_out()).await;
        }
        let (unanswered, not_sent) = match &ended {
            _ if self.state.not_allowed.load(Ordering::Relaxed) => {
                (NoAnswer::NotAllowed, NoAnswer::NotAllowed)
            }
            Err(WsError::Capacity(_)) => {
                (NoAnswer::AnswerTooLong { alone: self.pending.len() == 1 }, NoAnswer::NotSent)
            }
            _ => (NoAnswer::Unanswered, NoAnswer::NotSent),
        };
        tracing::debug!(
            pending = self.pending.len(),
            error = ended.err().map(tracing::field::display),
            "connection ended"
        );
        self.watchers.end(None);
        // Closed before the answers go out, so that whoever gets one finds this link dead.
        inbox.close();
        while let Ok(command) = inbox.try_recv() {
            let _ = command.reply.send(Err(not_sent));
        }
        for (_, call) in self.pending.drain() {
            let _ = call.reply.send(Err(unanswered));
        }
    }

    async fn serve(&mut self, inbox: &mut mpsc::Receiver<Command>) -> Result<(), WsError> {
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last_heard = Instant::now();
        loop {
            tokio::select! {
                command = inbox.recv() => match command {
                    Some(command) => self.send(command).await?,
                    None => return self.socket.close(None).await,
                },
                message = self.socket.next() => {
                    last_heard = Instant::now();
                    match message.transpose()? {
                        Some(Message::Text(text)) => match self.take(&text) {
                            Next::Listen => {}
                            Next::Send(message) => self.socket.send(Message::text(message)).await?,
                            Next::End => return Ok(()),
                        },
                        Some(Message::Close(frame)) => {
                            self.note_close(frame.as_ref());
                            return Ok(());
                        }
                        None => return Ok(()),
                        Some(_) => {}
                    }
                },
                _ = ping.tick() => {
                    if last_heard.elapsed() > SILENCE {
                        return Ok(());
                    }
                    self.socket.send(Message::Ping(Bytes::new())).await?;
                },
            }
        }
    }

    /// Takes in what had been said when the line broke: answers, and why it was closed.
    async fn hear_out(&mut self) {
        while let Some(Ok(message)) = self.socket.next().await {
            match message {
                // Nothing can be sent in return any more.
                Message::Text(text) => drop(self.take(&text)),
                Message::Close(frame) => return self.note_close(frame.as_ref()),
                _ => {}
            }
        }
    }

    fn note_close(&self, frame: Option<&CloseFrame>) {
        if is_policy(frame.map(|it| it.code)) {
            self.state.not_allowed.store(true, Ordering::Relaxed);
        }
    }

    async fn send(&mut self, Command { id, text, reply, permit }: Command) -> Result<(), WsError> {
        self.pending.insert(id, Pending { reply, _slot: permit });
        self.socket.send(Message::text(text)).await
    }

    /// Takes a message in.
    fn take(&mut self, text: &str) -> Next {
        match self.protocol.decode(text) {
            Incoming::Answer { id, outcome } => self.answer(id, outcome),
            Incoming::Refused(refusal) => match self.pending.len() {
                0 => {}
                // It is the only one that it can be.
                1 => {
                    if let Some(id) = self.pending.keys().next().copied() {
                        self.answer(id, Err(refusal));
                    }
                }
                _ => return Next::End,
            },
            // Nobody listening is no error.
            Incoming::Event(event) => drop(self.events.send(event)),
            Incoming::Row(event) => self.watchers.tell(*event),
            Incoming::Unwatched(collection) => self.watchers.end(Some(&collection)),
            Incoming::Unsubscribed => self.state.subscribed.store(false, Ordering::Relaxed),
            Incoming::Ping(pong) => return Next::Send(pong),
            Incoming::Greeted(_) | Incoming::Other => {
                tracing::debug!(length = text.len(), "message ignored");
            }
        }
        Next::Listen
    }

    fn answer(&mut self, id: u64, outcome: Result<Value, Refusal>) {
        if let Some(call) = self.pending.remove(&id)
            && call.reply.send(Ok(outcome)).is_err()
        {
            self.state.given_up.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// What follows from a message.
enum Next {
    Listen,
    Send(Utf8Bytes),
    End,
}

#[cfg(test)]
mod tests {
    use tokio::io::DuplexStream;
    use tokio_tungstenite::tungstenite::protocol::Role;

    use super::*;

    /// A link and the other end of its line, without a network, so that time can be paused.
    async fn line() -> (Link, WebSocketStream<DuplexStream>) {
        let (near, far) = tokio::io::duplex(1 << 16);
        let near: Box<dyn Stream> = Box::new(near);
        let near = WebSocketStream::from_raw_socket(near, Role::Client, None).await;
        let link = Link::start(near, Protocol::JsonRpc).await.unwrap();
        (link, WebSocketStream::from_raw_socket(far, Role::Server, None).await)
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_hours(1)
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_goes_out_every_twenty_seconds() {
        let (_link, mut far) = line().await;
        let began = Instant::now();
        for round in 1..=5 {
            assert_eq!(far.next().await.unwrap().unwrap(), Message::Ping(Bytes::new()));
            assert_eq!(began.elapsed().as_secs(), round * 20);
            // The answer is queued by reading and goes out with the next write.
            far.flush().await.unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_nobody_closed_is_given_up_after_silence() {
        let (link, _far) = line().await;
        let began = Instant::now();
        assert_eq!(link.exchange("core.ping", &[], usize::MAX, later()).await, Err(NoAnswer::Unanswered));
        assert_eq!(began.elapsed().as_secs(), 80, "the first ping after {SILENCE:?}");
        assert!(!link.is_alive());
        assert_eq!(link.exchange("core.ping", &[], usize::MAX, later()).await, Err(NoAnswer::NotSent));
    }

    /// A line that was closed with these last messages before anything could be sent over it.
    async fn closed(last: &[Message]) -> WebSocketStream<Box<dyn Stream>> {
        let (near, far) = tokio::io::duplex(1 << 16);
        let mut far = WebSocketStream::from_raw_socket(far, Role::Server, None).await;
        for message in last {
            far.send(message.clone()).await.unwrap();
        }
        let near: Box<dyn Stream> = Box::new(near);
        WebSocketStream::from_raw_socket(near, Role::Client, None).await
    }

    fn shown_out() -> Message {
        let reason = "You are not allowed to access this resource".into();
        Message::Close(Some(CloseFrame { code: CloseCode::Policy, reason }))
    }

    /// Whether the message that came is read first or the call is sent first is left to chance.
    #[tokio::test]
    async fn the_reason_of_a_close_is_read_although_the_line_broke_under_a_call() {
        for _ in 0..64 {
            let link = Link::start(closed(&[shown_out()]).await, Protocol::JsonRpc).await.unwrap();
            let call = || link.exchange("core.ping", &[], usize::MAX, later());
            let outcomes = tokio::join!(call(), call(), call());
            assert_eq!(outcomes, [(); 3].map(|()| Err(NoAnswer::NotAllowed)).into());
            assert_eq!(call().await, Err(NoAnswer::NotAllowed));
            let greeted = Link::start(closed(&[shown_out()]).await, Protocol::Legacy).await;
            assert_eq!(greeted.map(drop), Err(NoAnswer::NotAllowed));
        }
    }

    #[tokio::test]
    async fn an_answer_that_arrived_is_given_although_the_line_broke_under_another_call() {
        for _ in 0..64 {
            let (link, mut far) = line().await;
            let call = || link.exchange("core.ping", &[], usize::MAX, later());
            let breaks = async {
                far.next().await.unwrap().unwrap();
                far.send(Message::text(r#"{"jsonrpc":"2.0","id":0,"result":7}"#)).await.unwrap();
                drop(far);
                call().await
            };
            let (answered, broken) = tokio::join!(call(), breaks);
            assert_eq!(answered, Ok(Ok(7.into())));
            assert!(broken.is_err());
        }
    }

    #[tokio::test]
    async fn a_call_that_is_given_up_keeps_its_slot_until_the_appliance_is_done_with_it() {
        let (link, mut far) = line().await;
        let _ = tokio::time::timeout(
            Duration::from_millis(5),
            link.exchange("pool.query", &[], usize::MAX, later()),
        )
        .await;
        assert_eq!(link.slots.available_permits(), IN_FLIGHT - 1);
        far.next().await;
        far.send(Message::text(r#"{"jsonrpc":"2.0","id":0,"result":[]}"#)).await.unwrap();
        while link.slots.available_permits() < IN_FLIGHT {
            tokio::task::yield_now().await;
        }
    }

    /// Neither waited for nor sent: the appliance answers pings and none of ten calls, so the next needs another connection.
    #[tokio::test(start_paused = true)]
    async fn x7_a_connection_is_given_up_when_ten_calls_on_it_are() {
        let (link, mut far) = line().await;
        for _ in 0..IN_FLIGHT {
            assert!(link.is_alive());
            let soon = Instant::now() + Duration::from_secs(1);
            assert_eq!(link.exchange("pool.query", &[], usize::MAX, soon).await, Err(NoAnswer::Unanswered));
            far.next().await;
        }
        assert!(!link.is_alive());
        let began = Instant::now();
        assert_eq!(link.exchange("pool.query", &[], usize::MAX, later()).await, Err(NoAnswer::NotSent));
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    /// An answer that comes late frees the slot of the call that it belongs to.
    #[tokio::test(start_paused = true)]
    async fn answers_that_come_late_keep_the_connection() {
        let (link, mut far) = line().await;
        for id in 0..3 * IN_FLIGHT {
            let soon = Instant::now() + Duration::from_secs(1);
            assert_eq!(link.exchange("pool.query", &[], usize::MAX, soon).await, Err(NoAnswer::Unanswered));
            far.next().await;
            far.send(Message::text(format!(r#"{{"jsonrpc":"2.0","id":{id},"result":[]}}"#))).await.unwrap();
        }
        assert!(link.is_alive());
    }

    /// A call that could not be sent before its end was not carried out.
    #[tokio::test(start_paused = true)]
    async fn a_call_that_waits_for_a_slot_to_its_end_was_not_sent() {
        let (link, _far) = line().await;
        let mut others: futures_util::stream::FuturesUnordered<_> =
            (0..IN_FLIGHT).map(|_| link.exchange("pool.query", &[], usize::MAX, later())).collect();
        let soon = Instant::now() + Duration::from_secs(1);
        let late = tokio::select! {
            biased;
            _ = others.next() => unreachable!("nobody answers"),
            late = link.exchange("cloudsync.create", &[], usize::MAX, soon) => late,
        };
        assert_eq!(late, Err(NoAnswer::NotSent));
        assert!(link.is_alive());
    }

    /// Without an answer to subscribing there are no events, and nobody waits for long, or twice.
    #[tokio::test(start_paused = true)]
    async fn x7_subscribing_that_is_not_answered_is_done_without() {
        let (link, _far) = line().await;
        let began = Instant::now();
        for _ in 0..3 {
            let _events = link.job_events(later()).await;
        }
        assert_eq!(began.elapsed(), SUBSCRIBING);
        assert!(link.is_alive());
    }

    /// Whose message it was that the appliance could not read is known when it can be only one.
    #[tokio::test(start_paused = true)]
    async fn a_refusal_of_nobodys_message_is_the_only_calls_or_ends_the_connection() {
        let refused = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#;
        let (link, mut far) = line().await;
        let (answer, ()) = tokio::join!(link.exchange("pool.query", &[], usize::MAX, later()), async {
            far.next().await;
            far.send(Message::text(refused)).await.unwrap();
        });
        assert_eq!(answer, Ok(Err(Refusal::Malformed { code: -32_700 })));
        let call = || link.exchange("pool.query", &[], usize::MAX, later());
        let (one, other, ()) = tokio::join!(call(), call(), async {
            far.next().await;
            far.next().await;
            far.send(Message::text(refused)).await.unwrap();
        });
        assert_eq!((one, other), (Err(NoAnswer::Unanswered), Err(NoAnswer::Unanswered)));
        assert!(!link.is_alive());
    }
}
