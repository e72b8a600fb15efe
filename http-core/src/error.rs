//! What went wrong with a call, in kinds that each call for another reaction.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::head::ResponseHead;

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
    lost_answers: u32,
    elapsed: Duration,
    retry_after: Option<Duration>,
    refusal: Option<ServiceError>,
    cause: Option<Cause>,
}

/// The ways a call can fail, one for each reaction. Every service client has an enum of its own with these names, as far as it
/// needs them, and further kinds that only its service knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration or the request breaks a rule: the same request never succeeds. Nothing was sent.
    #[error("the request cannot be sent as it is")]
    InvalidRequest,
    /// The client is read-only and the operation is not declared a read. Nothing was sent.
    #[error("the client is read-only and this is not a read; nothing was sent")]
    ReadOnly,
    /// The key, secret or token is not accepted.
    #[error("the credentials are not accepted")]
    CredentialsRejected,
    /// The credentials are accepted, and may not do this.
    #[error("the credentials do not permit this")]
    Unauthorized,
    /// What the call names does not exist.
    #[error("it does not exist")]
    NotFound,
    /// The service asked for fewer requests, and still did when the last attempt was made.
    #[error("the service asks for fewer requests: try again later")]
    RateLimited,
    /// The service was not reached, or gave no usable answer in time, and the call is safe to make again.
    #[error("the service could not be reached or did not answer properly in time: try again later")]
    Unreachable,
    /// A call that must happen at most once was sent and its answer was lost: look before making it again.
    #[error("it was sent and its outcome is unknown: look before making it again")]
    OutcomeUnknown,
    /// An answer of success came that is not what the service promises.
    #[error("the answer is not what the service's documentation promises")]
    NotUnderstood,
    /// The service refuses the content of the request.
    #[error("the service refuses the content of the request")]
    Rejected,
    /// A refusal of no kind above; the status and the service's own words are in the error.
    #[error("the service refused")]
    Unclassified,
}

impl ErrorKind {
    /// What an HTTP status means where the service does not say otherwise.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::CredentialsRejected,
            403 => Self::Unauthorized,
            404 => Self::NotFound,
            429 => Self::RateLimited,
            407 | 408 | 500..=599 => Self::Unreachable,
            400 | 409 | 413 | 415 | 422 => Self::Rejected,
            // No API of ours redirects: something else answers at the address.
            300..=399 => Self::NotUnderstood,
            _ => Self::Unclassified,
        }
    }
}

/// What a service said when it refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// What kind of failure it is: by its status, unless the service says otherwise.
    pub kind: ErrorKind,
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
    /// A refusal with this answer's status, of the kind that the status means, and nothing else said yet.
    pub fn new(head: &ResponseHead) -> Self {
        let status = head.status();
        let message = match status {
            300..=399 => Some(redirect(head.header("location"))),
            407 => Some("a proxy on the way wants a log-in".to_owned()),
            _ => None,
        };
        Self { kind: ErrorKind::of_status(status), status, code: None, message, request_id: None }
    }

    /// Says what kind of failure it is, where the status alone does not.
    pub fn kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// Adds the service's own code, without live secrets and on one line.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(shown(&code.into()));
        self
    }

    /// Adds the service's sentence, if it has one, without live secrets and on one line.
    pub fn message(mut self, message: &str) -> Self {
        self.message = Some(shown(message)).filter(|text| !text.is_empty()).or(self.message);
        self
    }

    /// Adds the service's id of the request.
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(shown(&id.into()));
        self
    }
}

/// A service's words as an error shows them: on one line, 300 characters at most. What is too long is cut off after the secrets are hidden.
fn shown(words: &str) -> String {
    let words: String = words.chars().take(READ).collect();
    let one_line = safe_text::safe(&words).split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().take(SHOWN).collect()
}

/// So many characters of a service's words are looked at.
const READ: usize = 4000;
/// So many of them are shown.
const SHOWN: usize = 300;

/// Where an answer redirects to: its target without a query or fragment, which may hold a secret.
fn redirect(location: Option<&str>) -> String {
    match location.and_then(|target| target.split(['?', '#']).next()).filter(|target| !target.is_empty()) {
        Some(target) => {
            format!("it redirects to {}, and redirects are not followed", shown(target))
        }
        None => "it redirects, and does not say where to".to_owned(),
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
            detail: safe_text::safe(&detail.into()).into_owned(),
            attempts: 0,
            lost_answers: 0,
            elapsed: Duration::ZERO,
            retry_after: None,
            refusal: None,
            cause: None,
        }))
    }

    /// A call that cannot be sent as it is; `why` continues «… was not sent: » and holds no secret.
    pub fn invalid_request(service: &'static str, operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, service, operation, why)
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
        self.edit(|inner| inner.subject = subject.map(|text| safe_text::safe(text).into_owned()))
    }

    pub(crate) fn after(self, attempts: u32, elapsed: Duration) -> Self {
        self.edit(|inner| (inner.attempts, inner.elapsed) = (attempts, elapsed))
    }

    pub(crate) fn losing(self, lost_answers: u32) -> Self {
        self.edit(|inner| inner.lost_answers = lost_answers)
    }

    pub(crate) fn retry_later(self, retry_after: Option<Duration>) -> Self {
        self.edit(|inner| inner.retry_after = retry_after)
    }

    pub(crate) fn refused(self, refusal: ServiceError) -> Self {
        self.edit(|inner| inner.refusal = Some(refusal))
    }

    pub(crate) fn because(self, cause: impl StdError + Send + Sync + 'static) -> Self {
        self.edit(|inner| inner.cause = Some(Arc::new(cause)))
    }

    /// Which kind.
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

    /// How many of the attempts may have taken effect although no usable answer to them came. An attempt that the service refused, as
    /// it does with an expired token or when it asks for fewer requests, has not.
    pub fn lost_answers(&self) -> u32 {
        self.0.lost_answers
    }

    /// How long the call took, backoff included.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// The service's refusal, where it answered.
    pub fn refusal(&self) -> Option<&ServiceError> {
        self.0.refusal.as_ref()
    }

    /// Why there is no usable answer, as a phrase; empty where the service refused.
    pub fn why(&self) -> &str {
        &self.0.detail
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unreachable | ErrorKind::RateLimited)
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
        f.write_str(match (inner.kind, &inner.refusal) {
            (ErrorKind::OutcomeUnknown, _) => " was sent and its outcome is unknown: ",
            (_, Some(_)) => " was refused: ",
            (ErrorKind::Unreachable, None) => " got no answer: ",
            (ErrorKind::NotUnderstood, None) => " was answered in a way that was not understood: ",
            (_, None) => " was not sent: ",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x6_a_redirect_says_where_to_and_a_proxy_that_it_is_one() {
        let said = |status, headers: &[(&'static str, &'static str)]| {
            ServiceError::new(&ResponseHead::from_parts("list", status, headers)).message("").message
        };
        let to = |location| said(302, &[("location", location)]).unwrap_or_default();
        assert!(
            to("https://login.example/?token=hunter2#x").contains("redirects to https://login.example/,")
        );
        assert!(!to("https://login.example/?token=hunter2").contains("hunter2"));
        for nowhere in [said(301, &[]), said(307, &[("location", "?next=x")])] {
            assert_eq!(nowhere.as_deref(), Some("it redirects, and does not say where to"));
        }
        assert!(said(407, &[]).is_some_and(|text| text.contains("proxy")));
        assert_eq!(said(404, &[]), None);
        for status in [300, 301, 302, 307, 308, 399] {
            assert_eq!(ErrorKind::of_status(status), ErrorKind::NotUnderstood);
        }
    }
}
