//! Faults on demand: rules per operation, and a crash of the client at any counted request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Notify;

use crate::request::Request;

/// Something that goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is cut and no byte of an answer is sent.
    DropConnection,
    /// The service answers with an error of its own shape.
    Refuse {
        /// HTTP status (for JSON-RPC the service maps it to its own error).
        status: u16,
        /// The service's error code.
        code: String,
        /// The text beside the code.
        message: String,
        /// Value of a `Retry-After` header, as is: seconds, a date, or junk.
        retry_after: Option<String>,
    },
    /// The token that the request shows is no longer valid.
    ExpireToken,
    /// Nothing happens for this long by the simulation's clock; then the request goes on.
    /// [`Clock::advance`](crate::Clock::advance) shortens it.
    Stall(Duration),
    /// A proxy in front of the service answers with an HTML page and this status.
    Html(u16),
    /// The answer is announced whole and ends in the middle.
    TruncateBody,
    /// The service takes in something else than it was sent: a member of the request's JSON is replaced, added or left out
    /// before it has its effect. Of services over HTTP, before the effect; anywhere else nothing happens.
    Alter {
        /// Which member, as a JSON pointer.
        pointer: String,
        /// What it becomes; `None` leaves it out.
        to: Option<Value>,
    },
    /// An appliance's answer comes in another form. Of calls over its socket, after the effect; anywhere else nothing happens.
    Mangle(Mangled),
}

/// The form of an answer that is not as it should be, although it comes over TLS from the appliance itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mangled {
    /// Its first character is another one, so that it is no JSON.
    Garbled,
    /// It comes twice.
    Twice,
    /// It begins and never ends.
    Endless,
}

impl Fault {
    /// Returns an alteration of the member at this JSON pointer.
    pub fn alter(pointer: &str, to: impl Into<Value>) -> Self {
        Self::Alter { pointer: pointer.to_owned(), to: Some(to.into()) }
    }

    /// Returns an alteration that leaves the member at this JSON pointer out.
    pub fn leave_out(pointer: &str) -> Self {
        Self::Alter { pointer: pointer.to_owned(), to: None }
    }

    /// The body of a request as the service takes it in.
    pub(crate) fn altered(&self, body: Bytes) -> Bytes {
        let Self::Alter { pointer, to } = self else { return body };
        let Ok(mut json) = serde_json::from_slice::<Value>(&body) else { return body };
        let Some((parent, member)) = pointer.rsplit_once('/') else { return body };
        let Some(Value::Object(parent)) = json.pointer_mut(parent) else { return body };
        match to {
            Some(value) => drop(parent.insert(member.to_owned(), value.clone())),
            None => drop(parent.remove(member)),
        }
        json.to_string().into()
    }

    /// Returns a refusal without `Retry-After`.
    pub fn refuse(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Refuse { status, code: code.into(), message: message.into(), retry_after: None }
    }
}

/// When, within a request, the client is cut off for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before the request had its effect.
    BeforeEffect,
    /// After the effect, with the answer lost.
    AfterEffect,
    /// Right after the answer was delivered.
    AfterAnswer,
}

/// One counted request of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The service it went to: `b2`, `truenas`, `ninja`, `itglue`, `halo` or `connect`.
    pub service: &'static str,
    /// The id of the appliance, account, tenant or server; `None` where the request does not say which.
    pub instance: Option<Arc<str>>,
    /// The operation, as faults name it.
    pub operation: String,
}

/// The faults that wait for requests, and the count of requests seen.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    state: Mutex<State>,
    crash: Notify,
}

#[derive(Debug, Default)]
struct State {
    rules: Vec<Rule>,
    log: Vec<LoggedRequest>,
    crash: Option<(CrashAt, Moment)>,
    dead: bool,
    announced: bool,
    latency: Duration,
    /// How many refusals repeated their request; `None` where refusals do not.
    echoed: Option<u64>,
}

/// Where the client crashes.
#[derive(Debug)]
enum CrashAt {
    Request(u64),
    Operation { service: String, operation: String, nth: u64 },
}

impl CrashAt {
    /// Whether the last request of the log is the one.
    fn is_last_of(&self, log: &[LoggedRequest]) -> bool {
        match self {
            Self::Request(number) => log.len() as u64 == *number,
            Self::Operation { service, operation, nth } => {
                let is_one = |request: &&LoggedRequest| {
                    request.service == service.as_str() && request.operation == *operation
                };
                log.last().as_ref().is_some_and(is_one) && log.iter().filter(is_one).count() as u64 == *nth
            }
        }
    }
}

#[derive(Debug)]
struct Rule {
    service: String,
    instance: Option<String>,
    operation: String,
    first: u64,
    times: u64,
    seen: u64,
    side: Side,
    fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// A fault being described; ends in [`before_effect`](Self::before_effect) or [`after_effect`](Self::after_effect).
#[derive(Debug)]
#[must_use = "nothing fails until before_effect or after_effect says how"]
pub struct FaultBuilder<'a> {
    faults: &'a Faults,
    service: String,
    instance: Option<String>,
    operation: String,
    first: u64,
    times: u64,
}

impl FaultBuilder<'_> {
    /// Concerns only this appliance, account, tenant or server, by its id (default: every one of the service).
    pub fn at(mut self, instance: &str) -> Self {
        self.instance = Some(instance.to_owned());
        self
    }

    /// Counts matching requests from now on and starts with the `n`-th, from 1 (the default).
    pub fn nth(mut self, n: u64) -> Self {
        self.first = n;
        self
    }

    /// Repeats the fault on this many matching requests in a row (default 1).
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }

    /// Lets the fault happen instead of the request's effect.
    pub fn before_effect(self, fault: Fault) {
        self.add(Side::Before, fault);
    }

    /// Lets the request have its effect and the fault happen instead of the answer.
    pub fn after_effect(self, fault: Fault) {
        self.add(Side::After, fault);
    }

    fn add(self, side: Side, fault: Fault) {
        self.faults.state().rules.push(Rule {
            service: self.service,
            instance: self.instance,
            operation: self.operation,
            first: self.first,
            times: self.times,
            seen: 0,
            side,
            fault,
        });
    }
}

/// What the gate does with one request.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) before: Vec<Fault>,
    pub(crate) after: Vec<Fault>,
    pub(crate) crash: Option<Moment>,
}

impl Faults {
    /// Begins a fault for an operation of a service; `"*"` stands for every service or every operation. It concerns
    /// every instance of the service, unless [`at`](FaultBuilder::at) names one.
    pub fn on(&self, service: &str, operation: &str) -> FaultBuilder<'_> {
        FaultBuilder {
            faults: self,
            service: service.to_owned(),
            instance: None,
            operation: operation.to_owned(),
            first: 1,
            times: 1,
        }
    }

    /// Cuts the client off at its `n`-th request over all services, counted from 1 since the start.
    ///
    /// From that moment every request of the client is cut without effect until [`clear`](Self::clear).
    pub fn crash_at(&self, n: u64, moment: Moment) {
        self.state().crash = Some((CrashAt::Request(n), moment));
    }

    /// Cuts the client off as [`crash_at`](Self::crash_at) does, at its `n`-th request for one operation. Requests that
    /// are sent together can arrive in any order; the n-th for an operation is the same one all the same.
    /// Both names are exact, and all instances of the service are counted, from the start or the last [`clear`](Self::clear).
    pub fn crash_on(&self, service: &str, operation: &str, n: u64, moment: Moment) {
        let at = CrashAt::Operation { service: service.to_owned(), operation: operation.to_owned(), nth: n };
        self.state().crash = Some((at, moment));
    }

    /// Delays every request, an appliance's too, by this much real time before its effect.
    pub fn latency(&self, each: Duration) {
        self.state().latency = each;
    }

    /// Lets every refusal of every service repeat the whole request: its headers, query, body and parameters, in every text of the answer, as
    /// it is or in another spelling (JSON, Python's `repr`, percent-encoding, base64, hex) by turns. An appliance also repeats the first call
    /// of the connection, which is the login. What an appliance itself is refused repeats nothing.
    pub fn echo(&self) {
        self.state().echoed = Some(0);
    }

    /// Returns how many refusals have repeated their request.
    pub fn echoed(&self) -> u64 {
        self.state().echoed.unwrap_or_default()
    }

    /// What this refusal says first, where refusals repeat what was asked.
    pub(crate) fn echo_of(&self, request: &str) -> Option<String> {
        let mut state = self.state();
        let number = state.echoed?;
        state.echoed = Some(number + 1);
        Some(crate::echo::spelled(request, number))
    }

    pub(crate) fn is_echoing(&self) -> bool {
        self.state().echoed.is_some()
    }

    /// Resolves once the crash asked for by [`crash_at`](Self::crash_at) or [`crash_on`](Self::crash_on) has happened.
    pub async fn crashed(&self) {
        loop {
            let announced = self.inner.crash.notified();
            tokio::pin!(announced);
            announced.as_mut().enable();
            if self.state().announced {
                return;
            }
            announced.await;
        }
    }

    /// Forgets every rule, crash, latency and echo and lets requests through again; the count starts anew at 0.
    pub fn clear(&self) {
        *self.state() = State::default();
    }

    /// Returns how many requests of the client were counted.
    pub fn requests(&self) -> u64 {
        self.state().log.len() as u64
    }

    /// Returns the counted requests, in order.
    pub fn request_log(&self) -> Vec<LoggedRequest> {
        self.state().log.clone()
    }

    pub(crate) fn delay(&self) -> Duration {
        self.state().latency
    }

    pub(crate) fn decide(&self, request: &Request<'_>) -> Decision {
        let mut state = self.state();
        state.log.push(LoggedRequest {
            service: request.service,
            instance: request.instance.clone(),
            operation: request.operation.to_owned(),
        });
        let crash =
            state.crash.as_ref().filter(|(at, _)| at.is_last_of(&state.log)).map(|(_, moment)| *moment);
        if state.dead || crash == Some(Moment::BeforeEffect) {
            drop(state);
            self.die();
            self.announce();
            return Decision { before: vec![Fault::DropConnection], ..Decision::default() };
        }
        let mut decision = Decision { crash, ..Decision::default() };
        for rule in &mut state.rules {
            if !rule.matches(request) {
                continue;
            }
            rule.seen += 1;
            if rule.seen < rule.first || rule.seen - rule.first >= rule.times {
                continue;
            }
            match rule.side {
                Side::Before => decision.before.push(rule.fault.clone()),
                Side::After => decision.after.push(rule.fault.clone()),
            }
        }
        decision
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.state().dead
    }

    pub(crate) fn die(&self) {
        self.state().dead = true;
    }

    /// Wakes whoever waits for the crash, unless it was cleared meanwhile.
    pub(crate) fn announce(&self) {
        let mut state = self.state();
        state.announced = state.dead;
        drop(state);
        self.inner.crash.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn matches(&self, request: &Request<'_>) -> bool {
        (self.service == "*" || self.service == request.service)
            && self.instance.as_deref().is_none_or(|id| Some(id) == request.instance.as_deref())
            && (self.operation == "*" || self.operation == request.operation)
    }
}
