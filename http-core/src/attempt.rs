//! The attempts of one call: send, read, judge, wait. The only retry loop over HTTP is made of these steps.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, Span, debug, warn};

use crate::body::Progress;
use crate::call::Call;
use crate::client::RawHttp;
use crate::error::{Error, ErrorKind, ServiceError};
use crate::operation::Idempotency;
use crate::options::Access;
use crate::request_builder::RequestBuilder;
use crate::response::{Response, ResponseHead, Whole, read_whole};
use crate::retry::RetryPolicy;
use crate::service::{Disposition, Effect};
use crate::span;

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
struct NoAnswer {
    /// Whether the request may have reached the service; `false` means that it certainly did not.
    maybe_sent: bool,
    what: &'static str,
    cause: Option<reqwest::Error>,
}

/// One call's attempts so far.
pub(crate) struct Run<'a> {
    http: &'a RawHttp,
    call: &'a Call,
    policy: RetryPolicy,
    attempts: u32,
    started: Instant,
}

impl<'a> Run<'a> {
    /// Where every call enters, whatever method it was made by, before a session is opened: a read-only client refuses here what
    /// is not declared a read.
    pub(crate) fn start(http: &'a RawHttp, call: &'a Call) -> Result<Self, Error> {
        let mut policy = call.policy.unwrap_or(http.policy);
        policy.deadline = policy.deadline.saturating_add(call.idle_timeout.unwrap_or_default());
        let run = Self { http, call, policy, attempts: 0, started: Instant::now() };
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
        match timeout_at(self.deadline(), exchange).await {
            Err(_) => {
                span::failed(&span, "deadline");
                Err(self.unanswered(NoAnswer {
                    maybe_sent: true,
                    what: "the deadline of the call passed",
                    cause: None,
                }))
            }
            Ok(Err(missing)) => {
                span::failed(&span, missing.what);
                self.again_or_error(missing).await
            }
            Ok(Ok(Answer::Whole(head, body))) => {
                span::answered(&span, head.status());
                self.judged(head, body, judge).await
            }
            Ok(Ok(stream)) => Ok(Outcome::Done(stream)),
        }
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        progress: &Progress,
        reading: Reading,
    ) -> Result<Answer, NoAnswer> {
        let idle = self.call.idle_timeout.unwrap_or(self.http.idle_timeout);
        let sent = self.http.client.execute(request);
        let Some(sent) = unless_idle(idle, progress, sent).await else {
            return Err(NoAnswer {
                maybe_sent: true,
                what: "nothing was sent or received within the idle time-out",
                cause: None,
            });
        };
        let content = sent.map_err(|cause| {
            let connected = !cause.is_connect() && !cause.is_builder();
            let what = if connected { "the connection broke" } else { "no connection could be made" };
            NoAnswer { maybe_sent: connected, what, cause: Some(cause.without_url()) }
        })?;
        let head = ResponseHead::new(self.call.operation.name(), &content);
        debug!(status = head.status(), "answered");
        if matches!(reading, Reading::Stream) && head.is_success() {
            let service = self.http.service;
            return Ok(Answer::Stream(Response { service, head, content, idle_timeout: idle }));
        }
        match read_whole(content, idle).await {
            Whole::Read(body) => Ok(Answer::Whole(head, body)),
            // Only an error page can be judged without its body; a success is refused in `judged`.
            Whole::TooLong if !head.is_success() => Ok(Answer::Whole(head, Bytes::new())),
            Whole::TooLong => Err(NoAnswer { maybe_sent: true, what: TOO_LONG, cause: None }),
            Whole::Broken(cause) => {
                let cause = cause.map(reqwest::Error::without_url);
                Err(NoAnswer { maybe_sent: true, what: "the connection broke within the answer", cause })
            }
        }
    }

    async fn judged(&mut self, head: ResponseHead, body: Bytes, judge: Judge<'_>) -> Result<Outcome, Error> {
        match judge(&head, &body) {
            Disposition::Accept => Ok(Outcome::Done(Answer::Whole(head, body))),
            Disposition::Reauthorize(refusal) => Ok(Outcome::Reauthorize(refusal)),
            Disposition::Fail(refusal) => Err(self.refused(refusal)),
            Disposition::Retry { after, effect, error } => {
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

    async fn again_or_error(&mut self, missing: NoAnswer) -> Result<Outcome, Error> {
        let is_final =
            missing.what == TOO_LONG || missing.cause.as_ref().is_some_and(reqwest::Error::is_builder);
        let may_repeat = !(missing.maybe_sent && self.must_not_repeat());
        if !is_final && may_repeat && self.wait(None, &missing.what).await {
            return Ok(Outcome::Again);
        }
        Err(self.unanswered(missing))
    }

    fn must_not_repeat(&self) -> bool {
        self.call.operation.idempotency() == Idempotency::NonIdempotent
    }

    /// Waits before another attempt; `false` when none should follow.
    async fn wait(&self, after: Option<Duration>, why: &(dyn std::fmt::Display + Sync)) -> bool {
        let Some(backoff) = self.policy.next_backoff(self.attempts, after, self.started.elapsed()) else {
            return false;
        };
        warn!(attempt = self.attempts, backoff_ms = backoff.as_millis(), %why, "trying again");
        sleep(backoff).await;
        true
    }

    fn unanswered(&self, missing: NoAnswer) -> Error {
        let kind = match (missing.maybe_sent, self.must_not_repeat(), missing.what == TOO_LONG) {
            (true, true, _) => ErrorKind::OutcomeUnknown,
            (true, false, true) => ErrorKind::NotUnderstood,
            (false, ..) | (true, false, false) => ErrorKind::Unreachable,
        };
        let error = self.error(kind, missing.what);
        match missing.cause {
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
    }

    pub(crate) fn span(&self) -> Span {
        span::call(self.http.service, self.call)
    }
}

const READ_ONLY: &str =
    "the client is read-only and the operation is not a read; use a client with full access";

const TOO_LONG: &str = "the answer is longer than 16 MiB";

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
