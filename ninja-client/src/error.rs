//! What went wrong, in kinds that each call for something else.

use std::fmt;
use std::time::Duration;

use crate::service::{NOT_JSON, TOKEN};

/// A call that failed. One word wide; the account of its attempts is its [`source`](std::error::Error::source).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    operation: &'static str,
    subject: Option<String>,
    detail: String,
    status: Option<u16>,
    source: Option<http_core::Error>,
}

/// What to do about an error depends on which of these it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration or the request cannot be used as it stands; nothing was sent.
    Invalid,
    /// NinjaOne does not know the application, or refuses its secret or its token.
    CredentialsRefused,
    /// The application may not do this.
    Forbidden,
    /// No such entity, or the instance's build does not have this call yet.
    NotFound,
    /// NinjaOne does not take what was sent.
    Rejected,
    /// Too many requests.
    RateLimited,
    /// NinjaOne could not be reached, or did not answer in time; every call here is safe to repeat.
    Unreachable,
    /// NinjaOne answered with something that its documentation does not promise.
    NotUnderstood,
    /// A refusal of no kind above; the status is in [`Error::status`].
    Unclassified,
}

impl Error {
    pub(crate) fn invalid(operation: &'static str, detail: impl Into<String>) -> Self {
        Self::made(ErrorKind::Invalid, operation, None, detail)
    }

    pub(crate) fn made(
        kind: ErrorKind,
        operation: &'static str,
        subject: Option<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Inner { kind, operation, subject, detail: detail.into(), status: None, source: None }))
    }

    /// Which kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was attempted.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The HTTP status, where NinjaOne answered.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_retryable(&self) -> bool {
        self.0.source.as_ref().is_some_and(http_core::Error::is_retryable)
    }

    /// Whether what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// The id under which NinjaOne's support finds the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.source.as_ref().and_then(http_core::Error::refusal)?.request_id.as_deref()
    }

    /// How long NinjaOne asked to wait, where it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.source.as_ref().and_then(http_core::Error::retry_after)
    }
}

impl From<http_core::Error> for Error {
    fn from(source: http_core::Error) -> Self {
        let refusal = source.refusal();
        let status = refusal.map(|refusal| refusal.status);
        let is_page = refusal.and_then(|refusal| refusal.code.as_deref()) == Some(NOT_JSON);
        let kind = match (source.kind(), status) {
            (http_core::ErrorKind::NotUnderstood, _) => ErrorKind::NotUnderstood,
            (http_core::ErrorKind::NotSent, None) if !source.is_retryable() => ErrorKind::Invalid,
            (_, Some(429)) => ErrorKind::RateLimited,
            (_, Some(_)) if is_page => ErrorKind::Unreachable,
            (_, Some(400..=404)) if source.operation() == TOKEN => ErrorKind::CredentialsRefused,
            (_, Some(401)) => ErrorKind::CredentialsRefused,
            (_, Some(403)) => ErrorKind::Forbidden,
            (_, Some(404)) => ErrorKind::NotFound,
            (_, Some(400 | 409 | 413 | 415 | 422)) => ErrorKind::Rejected,
            (_, None | Some(408 | 500..=599)) => ErrorKind::Unreachable,
            (_, Some(_)) => ErrorKind::Unclassified,
        };
        let said = |refusal: &http_core::ServiceError| {
            let words = [refusal.code.as_deref(), refusal.message.as_deref()];
            words.into_iter().flatten().collect::<Vec<_>>().join(", ")
        };
        let detail = refusal.map(said).unwrap_or_default();
        let (operation, subject) = (source.operation(), source.subject().map(str::to_owned));
        Self(Box::new(Inner { kind, operation, subject, detail, status, source: Some(source) }))
    }
}

impl From<http_core::RepeatedCursor> for Error {
    fn from(_: http_core::RepeatedCursor) -> Self {
        Self::made(ErrorKind::NotUnderstood, "list", None, "a page announced an earlier page as the next one")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "NinjaOne {}", inner.operation)?;
        if let Some(subject) = &inner.subject {
            write!(f, " on {subject}")?;
        }
        f.write_str(match inner.kind {
            ErrorKind::Invalid => ": it was not sent, because it cannot be as it stands",
            ErrorKind::CredentialsRefused => {
                ": NinjaOne refuses the application; check its id and secret, and that the tenant is on this instance (region)"
            }
            ErrorKind::Forbidden => ": the application may not do this; it needs the scope or the field's API permission",
            ErrorKind::NotFound => ": there is no such thing, or this instance's build does not have the call yet",
            ErrorKind::Rejected => ": NinjaOne does not take what was sent",
            ErrorKind::RateLimited => ": too many requests; try again later",
            ErrorKind::Unreachable => ": NinjaOne could not be reached or did not answer properly in time; try again",
            ErrorKind::NotUnderstood => ": the answer is not what NinjaOne's documentation promises",
            ErrorKind::Unclassified => ": NinjaOne refused",
        })?;
        if let Some(status) = inner.status {
            write!(f, " ({status})")?;
        }
        if inner.detail.is_empty() { Ok(()) } else { write!(f, ": {}", inner.detail) }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}
