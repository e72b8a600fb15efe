//! The attempts of one call: send, read, judge, wait. The only retry loop over HTTP is made of these steps.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument as _, Span, debug, warn};

use crate::body::Progress;
use crate::call::{Call, Idempotency};
use crate::client::RawHttp;
use crate::draft::Draft;
use crate::error::{Error, ErrorKind, ServiceError};
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

/// What one attempt came to; errors that are final are returned as errors.
#[expect(clippy::large_enum_variant, reason = "it lives for one match")]
pub(crate) enum Step {
    Done(Answer),
    Again,
    Reauthorize(ServiceError),
}

/// An attempt without an answer.
struct Lost {
    sent: bool,
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
    pub(crate) fn new(http: &'a RawHttp, call: &'a Call) -> Self {
        let mut policy = call.policy.unwrap_or(http.policy);
        policy.deadline = policy.deadline.saturating_add(call.patience.unwrap_or_default());
        Self { http, call, policy, attempts: 0, started: Instant::now() }
    }

    pub(crate) fn deadline(&self) -> Instant {
        self.started + self.policy.deadline
    }

    /// Makes one attempt, and waits if another should follow.
    pub(crate) async fn attempt(
        &mut self,
        draft: Draft<'_>,
        reading: Reading,
        judge: Judge<'_>,
    ) -> Result<Step, Error> {
        let progress = Progress::default();
        let request = draft.build(&progress).map_err(|why| self.error(ErrorKind::NotSent, why))?;
        self.attempts += 1;
        let span = span::attempt(self.attempts, request.method().as_str(), request.url());
        let exchange = self.exchange(request, &progress, reading).instrument(span.clone());
        match timeout_at(self.deadline(), exchange).await {
            Err(_) => {
                span::failed(&span, "deadline");
                Err(self.lost(Lost { sent: true, what: "the deadline of the call passed", cause: None }))
            }
            Ok(Err(lost)) => {
                span::failed(&span, lost.what);
                self.after_loss(lost).await
            }
            Ok(Ok(Answer::Whole(head, body))) => {
                span::answered(&span, head.status());
                self.judged(head, body, judge).await
            }
            Ok(Ok(stream)) => Ok(Step::Done(stream)),
        }
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        progress: &Progress,
        reading: Reading,
    ) -> Result<Answer, Lost> {
        let idle = self.call.patience.unwrap_or(self.http.idle_timeout);
        let sent = self.http.client.execute(request);
        let Some(sent) = unless_idle(idle, progress, sent).await else {
            return Err(Lost { sent: true, what: "the connection fell silent", cause: None });
        };
        let content = sent.map_err(|cause| {
            let connected = !cause.is_connect() && !cause.is_builder();
            let what = if connected { "the connection broke" } else { "no connection could be made" };
            Lost { sent: connected, what, cause: Some(cause.without_url()) }
        })?;
        let head = ResponseHead::new(self.call.operation, &content);
        debug!(status = head.status(), "answered");
        if matches!(reading, Reading::Stream) && head.is_success() {
            let service = self.http.service;
            return Ok(Answer::Stream(Response { service, head, content, idle_timeout: idle }));
        }
        match read_whole(content, idle).await {
            Whole::Read(body) => Ok(Answer::Whole(head, body)),
            // Only an error page can be judged without its body; a success is refused in `judged`.
            Whole::TooLong if !head.is_success() => Ok(Answer::Whole(head, Bytes::new())),
            Whole::TooLong => Err(Lost { sent: true, what: TOO_LONG, cause: None }),
            Whole::Broken(cause) => {
                let cause = cause.map(reqwest::Error::without_url);
                Err(Lost { sent: true, what: "the connection broke within the answer", cause })
            }
        }
    }

    async fn judged(&mut self, head: ResponseHead, body: Bytes, judge: Judge<'_>) -> Result<Step, Error> {
        match judge(&head, &body) {
            Disposition::Accept => Ok(Step::Done(Answer::Whole(head, body))),
            Disposition::Reauthorize(refusal) => Ok(Step::Reauthorize(refusal)),
            Disposition::Fail(refusal) => Err(self.refused(refusal)),
            Disposition::Retry { after, effect, error } => {
                let once = self.call.idempotency == Idempotency::NonIdempotent;
                if once && effect == Effect::Unknown {
                    return Err(self.error(ErrorKind::OutcomeUnknown, "").refused(error));
                }
                let after = after.or_else(|| head.retry_after());
                if self.wait(after, &error).await {
                    return Ok(Step::Again);
                }
                Err(self.refused(error).retryable(after))
            }
        }
    }

    async fn after_loss(&mut self, lost: Lost) -> Result<Step, Error> {
        let final_loss = lost.what == TOO_LONG || lost.cause.as_ref().is_some_and(reqwest::Error::is_builder);
        let once = lost.sent && self.call.idempotency == Idempotency::NonIdempotent;
        if !final_loss && !once && self.wait(None, &lost.what).await {
            return Ok(Step::Again);
        }
        Err(self.lost(lost))
    }

    /// Waits before another attempt; `false` when there is to be none.
    async fn wait(&self, after: Option<Duration>, why: &(dyn std::fmt::Display + Sync)) -> bool {
        let Some(pause) = self.policy.next_pause(self.attempts, after, self.started.elapsed()) else {
            return false;
        };
        warn!(attempt = self.attempts, pause_ms = pause.as_millis(), %why, "trying again");
        tokio::time::sleep(pause).await;
        true
    }

    fn lost(&self, lost: Lost) -> Error {
        let once = self.call.idempotency == Idempotency::NonIdempotent;
        let kind = match (lost.sent, once, lost.what == TOO_LONG) {
            (false, ..) => ErrorKind::NotSent,
            (true, true, _) => ErrorKind::OutcomeUnknown,
            (true, false, true) => ErrorKind::NotUnderstood,
            (true, false, false) => ErrorKind::NoAnswer,
        };
        let mut error = self.error(kind, lost.what);
        if matches!(kind, ErrorKind::NotSent | ErrorKind::NoAnswer) {
            error = error.retryable(None);
        }
        match lost.cause {
            Some(cause) => error.because(cause),
            None => error,
        }
    }

    pub(crate) fn refused(&self, refusal: ServiceError) -> Error {
        self.error(ErrorKind::Refused, "").refused(refusal)
    }

    /// An answer of success that was not understood. The caller of a call that must happen at most once still has to know
    /// that it happened, which this class says.
    pub(crate) fn not_understood(&self, why: String) -> Error {
        self.error(ErrorKind::NotUnderstood, why)
    }

    pub(crate) fn out_of_time(&self) -> Error {
        self.error(ErrorKind::NotSent, "the deadline passed while a session was being opened").retryable(None)
    }

    fn error(&self, kind: ErrorKind, detail: impl Into<String>) -> Error {
        Error::new(kind, self.http.service, self.call.operation, detail)
            .subject_of(self.call.subject.as_ref())
            .after(self.attempts, self.started.elapsed())
    }

    pub(crate) fn span(&self) -> Span {
        span::call(self.http.service, self.call)
    }
}

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
