//! What went wrong, in kinds that each call for something else.

use std::fmt;
use std::time::Duration;

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
    /// The API key is wrong, or was revoked, as IT Glue does after ninety days without use.
    KeyRefused,
    /// The API key lacks *Password Access*: IT Glue shows it no value and takes none from it.
    PasswordAccess,
    /// The record has no value at all.
    NoValue,
    /// No such record, or not of this organisation.
    NotFound,
    /// IT Glue does not take what was sent.
    Rejected,
    /// Too many requests, for longer than we were told to wait.
    RateLimited,
    /// A create was sent and its answer lost: look whether it is there before creating again.
    OutcomeUnknown,
    /// IT Glue could not be reached, or did not answer in time; nothing was changed, or repeating is safe.
    Unreachable,
    /// IT Glue answered with something that its documentation does not promise.
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

    /// A create whose answer makes no sense may have happened, or a page in between may have answered for IT Glue.
    pub(crate) fn of_a_create(mut self) -> Self {
        if self.0.kind == ErrorKind::NotUnderstood {
            self.0.kind = ErrorKind::OutcomeUnknown;
        }
        self
    }

    /// Which kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was attempted.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The HTTP status, where IT Glue answered.
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

    /// How long IT Glue asked to wait, where it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.source.as_ref().and_then(http_core::Error::retry_after)
    }
}

impl From<http_core::Error> for Error {
    fn from(source: http_core::Error) -> Self {
        let status = source.refusal().map(|refusal| refusal.status);
        let kind = match (source.kind(), status) {
            (http_core::ErrorKind::OutcomeUnknown, _) => ErrorKind::OutcomeUnknown,
            (http_core::ErrorKind::NotUnderstood, _) => ErrorKind::NotUnderstood,
            (http_core::ErrorKind::NotSent, None) if !source.is_retryable() => ErrorKind::Invalid,
            (_, Some(403)) => ErrorKind::KeyRefused,
            (_, Some(401 | 404)) => ErrorKind::NotFound,
            (_, Some(400 | 409 | 413 | 415 | 422)) => ErrorKind::Rejected,
            (_, Some(429)) => ErrorKind::RateLimited,
            (_, None | Some(408 | 500..=599)) => ErrorKind::Unreachable,
            (_, Some(_)) => ErrorKind::Unclassified,
        };
        let detail = source.refusal().and_then(|refusal| refusal.message.clone()).unwrap_or_default();
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
        write!(f, "IT Glue {}", inner.operation)?;
        if let Some(subject) = &inner.subject {
            write!(f, " on {subject}")?;
        }
        f.write_str(match inner.kind {
            ErrorKind::Invalid => ": it was not sent, because it cannot be as it stands",
            ErrorKind::KeyRefused => {
                ": the API key was refused; it is wrong, or was revoked after 90 days without use: an administrator makes a new one"
            }
            ErrorKind::PasswordAccess => {
                ": the value is withheld from this API key; tick Password Access for it in IT Glue's account settings"
            }
            ErrorKind::NoValue => ": the record has no value",
            ErrorKind::NotFound => ": there is no such record for this key and organisation",
            ErrorKind::Rejected => ": IT Glue does not take what was sent",
            ErrorKind::RateLimited => ": too many requests (3000 in five minutes are allowed); wait five minutes",
            ErrorKind::OutcomeUnknown => {
                ": it was sent and its answer lost; look whether the record is there before creating it again"
            }
            ErrorKind::Unreachable => ": IT Glue could not be reached or did not answer in time; try again",
            ErrorKind::NotUnderstood => ": the answer is not what IT Glue's documentation promises",
            ErrorKind::Unclassified => ": IT Glue refused",
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
