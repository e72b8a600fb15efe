//! What went wrong with a call, in five classes that tell the caller what can be said about its effect.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::response::ResponseHead;

type Cause = Arc<dyn StdError + Send + Sync>;

/// A call that failed: which, on what, after how many attempts, and what came back. One word wide.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    service: &'static str,
    operation: &'static str,
    subject: Option<String>,
    detail: String,
    attempts: u32,
    elapsed: Duration,
    retryable: bool,
    retry_after: Option<Duration>,
    refusal: Option<ServiceError>,
    cause: Option<Cause>,
}

/// The five ways a call can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No request reached the service: it could not be built, or no connection was made. Nothing happened there.
    NotSent,
    /// No complete answer in time (silence, a broken connection, the deadline) to a call that is safe to make again.
    NoAnswer,
    /// A call that must happen at most once was sent and its answer was lost: look before making it again.
    OutcomeUnknown,
    /// An answer of success came that is not what the service promises.
    NotUnderstood,
    /// The service answered and refused.
    Refused,
}

/// What a service said when it refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The HTTP status.
    pub status: u16,
    /// The service's own code, where it has one.
    pub code: Option<String>,
    /// The service's sentence for people, cut to 300 characters.
    pub message: Option<String>,
    /// The id under which the service's support finds the request.
    pub request_id: Option<String>,
}

impl ServiceError {
    /// A refusal with this answer's status and nothing else said yet.
    pub fn new(head: &ResponseHead) -> Self {
        Self { status: head.status(), code: None, message: None, request_id: None }
    }

    /// Adds the service's own code.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds the service's sentence; the caller makes sure that it repeats no secret.
    pub fn message(mut self, message: &str) -> Self {
        let one_line: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
        self.message = Some(one_line.chars().take(300).collect()).filter(|text: &String| !text.is_empty());
        self
    }

    /// Adds the service's id of the request.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(message) = &self.message {
            write!(f, " ({message})")?;
        }
        Ok(())
    }
}

impl Error {
    pub(crate) fn new(
        kind: ErrorKind,
        service: &'static str,
        operation: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Arc::new(Inner {
            kind,
            service,
            operation,
            subject: None,
            detail: detail.into(),
            attempts: 0,
            elapsed: Duration::ZERO,
            retryable: false,
            retry_after: None,
            refusal: None,
            cause: None,
        }))
    }

    /// A call that cannot be sent as it stands; `why` continues «… was not sent: » and holds no secret.
    pub fn not_sent(service: &'static str, operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotSent, service, operation, why)
    }

    /// An answer that breaks the service's promise; `why` continues «… was not understood: » and holds no value of the answer.
    pub fn not_understood(service: &'static str, operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotUnderstood, service, operation, why)
    }

    fn edit(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn subject_of(self, subject: Option<&String>) -> Self {
        self.edit(|inner| inner.subject = subject.cloned())
    }

    pub(crate) fn after(self, attempts: u32, elapsed: Duration) -> Self {
        self.edit(|inner| (inner.attempts, inner.elapsed) = (attempts, elapsed))
    }

    pub(crate) fn retryable(self, retry_after: Option<Duration>) -> Self {
        self.edit(|inner| (inner.retryable, inner.retry_after) = (true, retry_after))
    }

    pub(crate) fn refused(self, refusal: ServiceError) -> Self {
        self.edit(|inner| inner.refusal = Some(refusal))
    }

    pub(crate) fn because(self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.edit(|inner| inner.cause = Some(Arc::new(cause)))
    }

    /// Which of the five classes.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was attempted.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// What it was attempted on, where the call said.
    pub fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }

    /// Requests sent for this call, session renewals not counted.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call took, pauses included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The service's refusal, where it answered.
    pub fn refusal(&self) -> Option<&ServiceError> {
        self.0.refusal.as_ref()
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// How long the service asked to wait, where it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{} {}", inner.service, inner.operation)?;
        if let Some(subject) = &inner.subject {
            write!(f, " on {subject}")?;
        }
        f.write_str(match inner.kind {
            ErrorKind::NotSent => " was not sent: ",
            ErrorKind::NoAnswer => " got no answer: ",
            ErrorKind::OutcomeUnknown => " was sent and nobody knows whether it happened: ",
            ErrorKind::NotUnderstood => " was answered in a way that was not understood: ",
            ErrorKind::Refused => " was refused: ",
        })?;
        match &inner.refusal {
            Some(refusal) => write!(f, "{refusal}")?,
            None => f.write_str(&inner.detail)?,
        }
        if inner.attempts > 1 {
            write!(f, ", after {} attempts in {:.1} s", inner.attempts, inner.elapsed.as_secs_f64())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_ref().map(|cause| &**cause as &(dyn StdError + 'static))
    }
}
