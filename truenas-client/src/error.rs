//! What went wrong, in kinds that each call for another reaction.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http_core::{Failure, Obstacle};
use safe_text::{lines, safe};

use crate::ids::JobId;
use crate::trust::{Mismatch, Sha256Fingerprint};

http_core::client_error! {
    /// What went wrong, with which call, on which appliance.
    ///
    /// It never holds a secret, the body of a message, or the middleware's own trace.
    Error, ErrorKind
}

/// What to do about an error depends on which of these it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An address, fingerprint or other setting breaks a rule: the same one never succeeds. Nothing was sent.
    #[error("{reason}")]
    InvalidRequest {
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The client is read-only and the operation is not a read. Nothing was sent.
    #[error("the client is read-only and this is not a read; nothing was sent")]
    ReadOnly,
    /// The appliance showed another certificate than the pinned one. No credential was sent.
    #[error(
        "the appliance shows certificate {found}, pinned is {expected}: if the appliance's certificate was renewed, check it there and pin the new one"
    )]
    PinMismatch {
        /// The fingerprint in the configuration.
        expected: Sha256Fingerprint,
        /// The fingerprint of what the appliance showed.
        found: Sha256Fingerprint,
    },
    /// The appliance's certificate is not one that the configured trust accepts. No credential was sent.
    #[error(
        "the appliance's certificate is not trusted here: pin its fingerprint, or trust the certificate that signed it"
    )]
    Untrusted,
    /// There is no connection, or a reading call got no answer in time. Nothing was changed.
    #[error("the appliance could not be reached or did not answer in time; nothing was changed")]
    Unreachable,
    /// A changing call was sent and its answer was lost: it may or may not have happened. Look before calling again.
    #[error("sent, but the answer was lost: whether it happened is unknown, look before trying again")]
    OutcomeUnknown,
    /// The appliance does not accept the API key: wrong, expired or revoked, or its user may not use the API.
    #[error("the appliance does not accept the API key: wrong, expired or revoked")]
    CredentialsRejected,
    /// The API key's user lacks the role for this call.
    #[error("the API key's user lacks the role for this")]
    Unauthorized,
    /// The appliance is answering too many calls, or has seen more log-ins than it allows in a minute; it did not carry this one out.
    #[error("the appliance accepts no more calls or log-ins for now, and did not carry this one out")]
    RateLimited,
    /// The appliance refused fields of the request.
    #[error("the appliance refuses the request: {}", list(fields))]
    Validation {
        /// What is wrong, by field.
        fields: Vec<FieldError>,
    },
    /// What the call names does not exist.
    #[error("it does not exist on the appliance")]
    NotFound,
    /// The appliance's release does not offer this.
    #[error("{feature} is not offered by this appliance ({version}){}", instead.map(|i| format!("; {i}")).unwrap_or_default())]
    Unsupported {
        /// What was asked for.
        feature: &'static str,
        /// What the appliance offers.
        version: String,
        /// What to do instead.
        instead: Option<&'static str>,
    },
    /// A job ended in failure.
    #[error("job {job} failed: {reason}")]
    JobFailed {
        /// Which job.
        job: JobId,
        /// The appliance's own words.
        reason: String,
        /// What is wrong by field, when the job refused its request.
        fields: Vec<FieldError>,
    },
    /// A job was aborted by somebody.
    #[error("job {job} was aborted")]
    JobAborted {
        /// Which job.
        job: JobId,
    },
    /// A job was still under way when the time given for waiting was over. It goes on.
    #[error("job {job} is still under way; it goes on and can be followed again")]
    JobUnfinished {
        /// Which job.
        job: JobId,
    },
    /// The appliance refused the call for a reason of its own.
    #[error("the appliance refuses ({errname}): {reason}")]
    Rejected {
        /// The middleware's error number.
        errno: i64,
        /// The error's name, such as `EBUSY`.
        errname: String,
        /// The appliance's own words.
        reason: String,
    },
    /// The request would write back `"********"`, which stands for a secret that nobody read. Nothing was sent.
    #[error("{field} is a hidden secret's placeholder, not a value; nothing was sent")]
    RedactedSecret {
        /// Which field.
        field: String,
    },
    /// The request is longer than the appliance accepts. Nothing was sent.
    #[error("the request has {characters} characters, the appliance accepts {limit}; nothing was sent")]
    TooLong {
        /// How long it is.
        characters: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The appliance answered something that this crate does not understand.
    #[error("the answer is not understood at {path}")]
    NotUnderstood {
        /// Which field of the answer.
        path: String,
    },
}

/// One field that the appliance refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field as the appliance names it, such as `cloud_sync_create.path`.
    pub attribute: String,
    /// What is wrong with it, in the appliance's words.
    pub message: String,
    /// The middleware's error number.
    pub errno: i64,
}

impl FieldError {
    /// With what the appliance says, less the secrets in it.
    pub(crate) fn new(attribute: &str, message: &str, errno: i64) -> Self {
        Self { attribute: safe(attribute).into_owned(), message: lines(message).into_owned(), errno }
    }
}

fn list(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("{}: {}", f.attribute, f.message)).collect::<Vec<_>>().join("; ")
}

impl Error {
    pub(crate) fn new(operation: &'static str, subject: impl Into<String>, kind: ErrorKind) -> Self {
        let mut failure = Failure::new(kind, operation);
        failure.subject = Some(subject.into()).filter(|subject| !subject.is_empty());
        Self(Box::new(failure))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.because(source);
        self
    }

    /// An error of the transport: a wrong pin and a bad certificate are distinguished from a broken connection.
    pub(crate) fn transport(
        operation: &'static str,
        subject: impl Into<String>,
        source: Box<dyn StdError + Send + Sync>,
    ) -> Self {
        Self::new(operation, subject, of_transport(&*source)).with_source(source)
    }

    /// A request by HTTP that failed.
    pub(crate) fn http(subject: impl Into<String>, cause: http_core::Error) -> Self {
        let kind = match (cause.kind(), cause.refusal()) {
            (http_core::ErrorKind::ReadOnly, _) => ErrorKind::ReadOnly,
            (http_core::ErrorKind::CredentialsRejected, _) => ErrorKind::CredentialsRejected,
            (http_core::ErrorKind::Unauthorized, _) => ErrorKind::Unauthorized,
            (http_core::ErrorKind::NotFound, _) => ErrorKind::NotFound,
            (http_core::ErrorKind::RateLimited, _) => ErrorKind::RateLimited,
            (http_core::ErrorKind::NotUnderstood, _) => ErrorKind::NotUnderstood { path: ".".into() },
            (http_core::ErrorKind::InvalidRequest, _) => {
                ErrorKind::InvalidRequest { reason: "the request by HTTP cannot be built" }
            }
            (http_core::ErrorKind::Unreachable, _) | (_, None) => of_transport(&cause),
            (_, Some(refusal)) => ErrorKind::Rejected {
                errno: refusal.status.into(),
                errname: "HTTP".into(),
                reason: format!("status {}", refusal.status),
            },
        };
        let mut failure = Failure::of_call(kind, cause);
        failure.subject = Some(subject.into());
        Self(Box::new(failure))
    }

    /// Counts the attempts of a call.
    pub(crate) fn tried(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.tried = Some((attempts, elapsed));
        self
    }

    /// Which kind.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }
}

fn of_transport(source: &(dyn StdError + 'static)) -> ErrorKind {
    match Mismatch::within(source) {
        Some(m) => ErrorKind::PinMismatch { expected: m.expected, found: m.found },
        None if Obstacle::of(source) == Some(Obstacle::Certificate) => ErrorKind::Untrusted,
        None => ErrorKind::Unreachable,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.0.subject.as_ref().map(|subject| format!(" on {subject}")).unwrap_or_default();
        let tried = match self.0.tried {
            Some((attempts, elapsed)) if attempts > 1 => {
                format!(", after {attempts} attempts in {:.1} s", elapsed.as_secs_f64())
            }
            _ => String::new(),
        };
        f.write_str(&safe(&format!("{}{subject}: {}{tried}", self.0.operation, self.0.kind)))
    }
}
