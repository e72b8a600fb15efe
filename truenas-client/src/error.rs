use std::error::Error as StdError;
use std::fmt;

use crate::ids::JobId;
use crate::trust::{Mismatch, Sha256Fingerprint};

/// What went wrong, with which call, on which box.
///
/// It never holds a secret, the body of a message, or the middleware's own trace.
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static str,
    subject: String,
    kind: ErrorKind,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What a caller can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An address, fingerprint or other setting cannot be used. Nothing was sent.
    #[error("{reason}")]
    InvalidConfig {
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The box showed another certificate than the pinned one. No credential was sent.
    #[error(
        "the box shows certificate {found}, pinned is {expected}: if the box's certificate was renewed, check it there and pin the new one"
    )]
    PinMismatch {
        /// The fingerprint in the configuration.
        expected: Sha256Fingerprint,
        /// The fingerprint of what the box showed.
        found: Sha256Fingerprint,
    },
    /// The box's certificate is not one that the configured trust accepts. No credential was sent.
    #[error(
        "the box's certificate is not trusted here: pin its fingerprint, or trust the certificate that signed it"
    )]
    Untrusted,
    /// There is no connection and the call was not carried out.
    #[error("no connection to the box; nothing was done")]
    Disconnected,
    /// A reading call got no answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// A changing call was sent and its answer was lost: it may or may not have happened. Look before calling again.
    #[error("sent, but the answer was lost: whether it happened is unknown, look before trying again")]
    OutcomeUnknown,
    /// The box does not take the API key: wrong, expired or revoked, or its user may not use the API.
    #[error("the box does not accept the API key: wrong, expired or revoked")]
    NotAuthenticated,
    /// The API key's user lacks the role for this call.
    #[error("the API key's user lacks the role for this")]
    NotAuthorized,
    /// The box is answering too many calls; it did not carry this one out.
    #[error("the box is busy with other calls and did not take this one")]
    RateLimited,
    /// The box refused fields of the request.
    #[error("the box refuses the request: {}", list(fields))]
    Validation {
        /// What is wrong, by field.
        fields: Vec<FieldError>,
    },
    /// What the call names is not there.
    #[error("there is no such thing on the box")]
    NotFound,
    /// The box's release does not offer this.
    #[error("{feature} is not offered by this box ({version}){}", instead.map(|i| format!("; {i}")).unwrap_or_default())]
    Unsupported {
        /// What was asked for.
        feature: &'static str,
        /// What the box offers.
        version: String,
        /// What to do instead.
        instead: Option<&'static str>,
    },
    /// A job ended in failure.
    #[error("job {job} failed: {reason}")]
    JobFailed {
        /// Which job.
        job: JobId,
        /// The box's own words.
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
    /// The box refused the call for a reason of its own.
    #[error("the box refuses ({errname}): {reason}")]
    Refused {
        /// The middleware's error number.
        errno: i64,
        /// The error's name, such as `EBUSY`.
        errname: String,
        /// The box's own words.
        reason: String,
    },
    /// The request would write back `"********"`, which stands for a secret that nobody read. Nothing was sent.
    #[error("{field} is a hidden secret's placeholder, not a value; nothing was sent")]
    RedactedSecret {
        /// Which field.
        field: String,
    },
    /// The request is longer than the box takes. Nothing was sent.
    #[error("the request has {characters} characters, the box takes {limit}; nothing was sent")]
    TooLong {
        /// How long it is.
        characters: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The box answered something that this crate does not understand.
    #[error("the answer is not understood at {path}")]
    NotUnderstood {
        /// Which field of the answer.
        path: String,
    },
}

/// One field that the box refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field as the box names it, such as `cloud_sync_create.path`.
    pub attribute: String,
    /// What is wrong with it, in the box's words.
    pub message: String,
    /// The middleware's error number.
    pub errno: i64,
}

impl FieldError {
    pub(crate) fn new(attribute: String, message: String, errno: i64) -> Self {
        Self { attribute, message, errno }
    }
}

fn list(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("{}: {}", f.attribute, f.message)).collect::<Vec<_>>().join("; ")
}

impl Error {
    pub(crate) fn new(operation: &'static str, subject: impl Into<String>, kind: ErrorKind) -> Self {
        Self(Box::new(Inner { operation, subject: subject.into(), kind, source: None }))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// An error of the transport: a wrong pin and a bad certificate are told from a broken line.
    pub(crate) fn transport(
        operation: &'static str,
        subject: impl Into<String>,
        source: Box<dyn StdError + Send + Sync>,
    ) -> Self {
        let kind = match Mismatch::within(&*source) {
            Some(m) => ErrorKind::PinMismatch { expected: m.expected, found: m.found },
            None if is_certificate(&*source) => ErrorKind::Untrusted,
            None => ErrorKind::Disconnected,
        };
        Self::new(operation, subject, kind).with_source(source)
    }

    /// What a caller can act on.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The middleware's method, or the step of connecting, that failed.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Whether asking again, as it is, may succeed without doing anything twice.
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Disconnected | ErrorKind::TimedOut | ErrorKind::RateLimited)
    }

    /// Whether what the call names is not there.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }
}

fn is_certificate(error: &(dyn StdError + 'static)) -> bool {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return matches!(tls, rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented);
    }
    let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    inner.is_some_and(|e| is_certificate(e)) || error.source().is_some_and(is_certificate)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, subject, kind, .. } = &*self.0;
        if subject.is_empty() {
            write!(f, "{operation}: {kind}")
        } else {
            write!(f, "{operation} ({subject}): {kind}")
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, subject, kind, source } = &*self.0;
        f.debug_struct("Error")
            .field("operation", operation)
            .field("subject", subject)
            .field("kind", kind)
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|e| e as _)
    }
}
