//! The attempts of one call: send, read, judge, wait. The only retry loop over HTTP is made of these steps.

use std::fmt;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, Span, debug, warn};

use crate::body::Progress;
use crate::budget::{self, Lost, Pace, ReadBudget};
use crate::call::Call;
use crate::disposition::{Disposition, Effect};
use crate::error::{Error, ErrorKind, ServiceError};
use crate::head::ResponseHead;
#[cfg(feature = "memory-answers")]
use crate::memory;
use crate::obstacle::Obstacle;
use crate::operation::Idempotency;
use crate::options::Access;
use crate::raw_http::RawHttp;
use crate::request_builder::RequestBuilder;
use crate::response::{Response, Whole, read_whole};
use crate::retry::RetryPolicy;
use crate::span;
use crate::wait::Wait;

/// Judges an answer, as [`crate::Service::classify`] does.
pub(crate) type Judge<'a> = &'a (dyn Fn(&ResponseHead, &[u8]) -> Disposition + Sync);

/// Whether the body is read and judged, or handed on as a stream when the status is a success.
#[derive(Clone, Copy)]
pub(crate) enum Reading {
    Whole,
    Stream,
}

pub(crate) enum Answer {
    Whole(ResponseHead, Bytes),
    Stream(Response),
}

/// What one attempt led to; failures that are final are returned as errors.
#[expect(clippy::large_enum_variant, reason = "it lives for one match")]
pub(crate) enum Outcome {
    Done(Answer),
    Again,
    Reauthorize(ServiceError),
}

/// Why an attempt has no answer.
enum Missing {
    /// No connection was made to this host: the request certainly did not reach the service.
    NotConnected(Option<Obstacle>, Box<str>, reqwest::Error),
    /// The request cannot be sent as it is.
    NotSendable(reqwest::Error),
    /// The connection broke after something may have been sent.
    Broken(reqwest::Error),
    /// Neither side sent a byte within the idle time-out.
    Idle,
    /// The answer began and did not come to its end.
    Lost(Lost),
    /// The answer is longer than this many bytes.
    TooLong(u64),
    /// The deadline of the call passed.
    Deadline,
}

impl Missing {
    fn of(cause: reqwest::Error) -> Self {
        let obstacle = Obstacle::of(&cause);
        let host = cause.url().and_then(url::Url::host_str).unwrap_or_default().into();
        let cause = cause.without_url();
        match (cause.is_builder(), cause.is_connect()) {
            (true, _) => Self::NotSendable(cause),
            (false, true) => Self::NotConnected(obstacle, host, cause),
            (false, false) => Self::Broken(cause),
        }
    }

    fn maybe_sent(&self) -> bool {
        !matches!(self, Self::NotConnected(..) | Self::NotSendable(_))
    }

    /// Its class, for a span.
    fn class(&self) -> &'static str {
        match self {
            Self::NotConnected(..) => "not connected",
            Self::NotSendable(_) => "not sendable",
            Self::Broken(_) => "broken",
            Self::Idle => "idle",
            Self::Lost(_) => "lost",
            Self::TooLong(_) => "too long",
            Self::Deadline => "deadline",
        }
    }

    fn cause(self) -> Option<reqwest::Error> {
        match self {
            Self::NotConnected(_, _, cause) | Self::NotSendable(cause) | Self::Broken(cause) => Some(cause),
            Self::Lost(lost) => lost.cause(),
            Self::Idle | Self::TooLong(_) | Self::Deadline => None,
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotConnected(Some(obstacle), host, _) => return f.write_str(&obstacle.of_host(host)),
            Self::NotConnected(None, ..) | Self::NotSendable(_) => "no connection could be made",
            Self::Broken(_) => "the connection broke",
            Self::Idle => "nothing was sent or received within the idle time-out",
            Self::Lost(lost) => lost.as_str(),
            Self::TooLong(limit) => {
                return write!(f, "the answer is longer than the {limit} bytes that are read");
            }
            Self::Deadline => "the deadline of the call passed",
        })
    }
}

/// One call's attempts so far.
pub(crate) struct Run<'a> {
    http: &'a RawHttp,
    call: &'a Call,
    policy: RetryPolicy,
    attempts: u32,
    /// Attempts that may have taken effect and were not answered properly.
    lost_answers: u32,
    started: Instant,
}

impl<'a> Run<'a> {
    /// Where every call enters, whatever method it was made by, before a session is opened: a read-only client refuses here what
    /// is not declared a read.
    pub(crate) fn start(http: &'a RawHttp, call: &'a Call) -> Result<Self, Error> {
        let mut policy = call.policy.unwrap_or(http.policy);
        policy.deadline = policy.deadline.saturating_add(call.idle_timeout.unwrap_or_default());
        let run = Self { http, call, policy, attempts: 0, lost_answers: 0, started: Instant::now() };
        if http.access == Access::ReadOnly && !call.operation.is_read() {
            return Err(run.error(ErrorKind::ReadOnly, READ_ONLY));
        }
        Ok(run)
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.started + self.policy.deadline
    }

    /// Makes one attempt, and waits if another should follow.
    pub(crate) async fn attempt(
        &mut self,
        request: RequestBuilder<'_>,
        reading: Reading,
        judge: Judge<'_>,
    ) -> Result<Outcome, Error> {
        let progress = Progress::default();
        let request = request.build(&progress).map_err(|why| self.error(ErrorKind::InvalidRequest, why))?;
        self.attempts += 1;
        let span = span::attempt(self.attempts, request.method().as_str(), request.url());
        let exchange = self.exchange(request, &progress, reading).instrument(span.clone());
        match timeout_at(self.deadline(), exchange).await.unwrap_or(Err(Missing::Deadline)) {
            Err(missing) => {
                span::failed(&span, missing.class());
                self.again_or_error(missing).await
            }
            Ok(Answer::Whole(head, body)) => {
                span::answered(&span, head.status());
                self.judged(head, body, judge).await
            }
            Ok(stream) => Ok(Outcome::Done(stream)),
        }
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        progress: &Progress,
        reading: Reading,
    ) -> Result<Answer, Missing> {
        let idle = self.call.idle_timeout.unwrap_or(self.http.idle_timeout);
        #[cfg(feature = "memory-answers")]
        let sent = memory::execute(&self.http.client, request);
        #[cfg(not(feature = "memory-answers"))]
        let sent = self.http.client.execute(request);
        let sent = unless_idle(idle, progress, sent).await.ok_or(Missing::Idle)?;
        let content = sent.map_err(Missing::of)?;
        self.http.reached.store(true, Ordering::Relaxed);
        let head = ResponseHead::new(self.call.operation.name(), &content);
        debug!(status = head.status(), "answered");
        let pace = Pace::new(idle, self.http.minimum_rate);
        if matches!(reading, Reading::Stream) && head.is_success() {
            return Ok(Answer::Stream(Response { service: self.http.service, head, content, pace }));
        }
        let limit = self.most_of(&head);
        match read_whole(content, pace, limit).await {
            Whole::Read(body) => {
                self.call.budget.as_ref().inspect(|budget| budget.spend(body.len() as u64));
                Ok(Answer::Whole(head, body))
            }
            // Only a refusal can be judged without its body; a success is none without it.
            Whole::TooLong if !head.is_success() => Ok(Answer::Whole(head, Bytes::new())),
            Whole::TooLong => Err(Missing::TooLong(limit)),
            Whole::Lost(lost) => Err(Missing::Lost(lost)),
        }
    }

    /// How much is read of an answer.
    fn most_of(&self, head: &ResponseHead) -> u64 {
        let left = self.call.budget.as_ref().map_or(u64::MAX, ReadBudget::left);
        let most = self.call.longest_answer.min(left);
        if head.is_success() { most } else { most.min(budget::REFUSAL) }
    }

    async fn judged(&mut self, head: ResponseHead, body: Bytes, judge: Judge<'_>) -> Result<Outcome, Error> {
        match judge(&head, &body) {
            Disposition::Accept => Ok(Outcome::Done(Answer::Whole(head, body))),
            Disposition::Reauthorize(refusal) => Ok(Outcome::Reauthorize(refusal)),
            Disposition::Fail(refusal) => Err(self.refused(refusal)),
            Disposition::Retry { after, effect, error } => {
                self.lost_answers += u32::from(effect == Effect::Unknown);
                if self.must_not_repeat() && effect == Effect::Unknown {
                    return Err(self.error(ErrorKind::OutcomeUnknown, "").refused(error));
                }
                let after = after.or_else(|| head.retry_after());
                if self.wait(after, &error).await {
                    return Ok(Outcome::Again);
                }
                Err(self.refused(error).retry_later(after))
            }
        }
    }

    async fn again_or_error(&mut self, missing: Missing) -> Result<Outcome, Error> {
        self.lost_answers += u32::from(missing.maybe_sent());
        let may_repeat = !(missing.maybe_sent() && self.must_not_repeat());
        let again = match self.policy_after(&missing) {
            Some(policy) if may_repeat => self.wait_as(policy, None, &missing).await,
            _ => false,
        };
        if again { Ok(Outcome::Again) } else { Err(self.unanswered(missing)) }
    }

    /// How an attempt without an answer is repeated; `None` where another would end the same.
    fn policy_after(&self, missing: &Missing) -> Option<RetryPolicy> {
        match missing {
            Missing::NotSendable(_) | Missing::TooLong(_) | Missing::Deadline => None,
            Missing::NotConnected(Some(obstacle), ..) if obstacle.is_permanent() => None,
            Missing::NotConnected(..) if !self.http.reached.load(Ordering::Relaxed) => {
                Some(self.policy.before_the_first_answer())
            }
            _ => Some(self.policy),
        }
    }

    fn must_not_repeat(&self) -> bool {
        self.call.operation.idempotency() == Idempotency::NonIdempotent
    }

    /// Waits before another attempt; `false` when none should follow.
    async fn wait(&self, after: Option<Duration>, why: &(dyn fmt::Display + Sync)) -> bool {
        self.wait_as(self.policy, after, why).await
    }

    async fn wait_as(
        &self,
        policy: RetryPolicy,
        after: Option<Duration>,
        why: &(dyn fmt::Display + Sync),
    ) -> bool {
        let spent = self.started.elapsed();
        let Some(pause) = policy.next_backoff(self.attempts, after, spent) else { return false };
        warn!(attempt = self.attempts, backoff_ms = pause.as_millis(), %why, "trying again");
        let wait = Wait::new(self.http.service, self.call.operation.name(), self.attempts + 1, why)
            .on(self.call.subject.clone())
            .of(policy.attempts)
            .lasting(pause, policy.deadline.saturating_sub(spent));
        self.http.observer.tell(&wait);
        sleep(pause).await;
        true
    }

    fn unanswered(&self, missing: Missing) -> Error {
        let kind = match (missing.maybe_sent(), self.must_not_repeat(), &missing) {
            (true, true, _) => ErrorKind::OutcomeUnknown,
            (true, false, Missing::TooLong(_)) => ErrorKind::NotUnderstood,
            _ => ErrorKind::Unreachable,
        };
        let error = self.error(kind, missing.to_string());
        match missing.cause() {
            Some(cause) => error.because(cause),
            None => error,
        }
    }

    pub(crate) fn refused(&self, refusal: ServiceError) -> Error {
        self.error(refusal.kind, "").refused(refusal)
    }

    /// An answer of success that was not understood. It tells the caller of a call that must happen at most once that it happened.
    pub(crate) fn not_understood(&self, why: String) -> Error {
        self.error(ErrorKind::NotUnderstood, why)
    }

    pub(crate) fn out_of_time(&self) -> Error {
        self.error(ErrorKind::Unreachable, "the deadline passed while a session was being opened")
    }

    fn error(&self, kind: ErrorKind, detail: impl Into<String>) -> Error {
        Error::new(kind, self.http.service, self.call.operation.name(), detail)
            .subject_of(self.call.subject.as_ref())
            .after(self.attempts, self.started.elapsed())
            .losing(self.lost_answers)
    }

    pub(crate) fn span(&self) -> Span {
        span::call(self.http.service, self.call)
    }
}

const READ_ONLY: &str =
    "the client is read-only and the operation is not a read; use a client with full access";

/// Awaits `future` unless nothing moves for `limit`.
async fn unless_idle<F: Future>(limit: Duration, progress: &Progress, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    loop {
        let seen = progress.seen();
        tokio::select! {
            output = &mut future => return Some(output),
            () = sleep(limit) => if progress.seen() == seen { return None },
        }
    }
}
