//! What went wrong with a call to B2, by what the caller would do about it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::account::Account;
use crate::capability::Capability;
use crate::names::InvalidName;
use crate::refusal;

/// A call to B2 that failed. Its text names the operation, what it was made on and what to do; its source says what the
/// service or the network said. One word wide.
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static str,
    subject: Option<String>,
    kind: ErrorKind,
    detail: Option<String>,
    cause: Option<http_core::Error>,
    tried: Option<(u32, Duration)>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The ways a call to B2 can fail, one for each reaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request breaks a rule of the service; the same request never succeeds.
    #[error("the request is not one that the service accepts")]
    InvalidRequest,
    /// The bucket name exists, in this account or another.
    #[error(
        "the bucket name is taken, in this account or another: look whether it is ours, else choose another"
    )]
    NameTaken,
    /// The account has as many buckets as it may.
    #[error("the account has as many buckets as it may: have its limit raised, or delete empty ones")]
    TooManyBuckets,
    /// The bucket still holds versions of files.
    #[error("the bucket still holds versions of files")]
    BucketNotEmpty,
    /// The bucket was changed since it was read.
    #[error("the bucket was changed since it was read: read it again and decide anew")]
    RevisionConflict,
    /// The bucket's object lock, its replication or its kind excludes the setting: lock it first, or leave it.
    #[error("the bucket's object lock, replication or kind excludes this setting")]
    LockConflict,
    /// Retention or a legal hold protects the version; no new login changes that.
    #[error("retention or a legal hold protects this version, as it should")]
    Locked,
    /// The key lacks a capability, or is restricted to another bucket or prefix.
    #[error("the key may not do this{}", missing_text(.missing))]
    Unauthorized {
        /// The capabilities that the operation needs and the key lacks; empty when bucket or prefix are the reason.
        missing: Vec<Capability>,
    },
    /// The service does not accept the key.
    #[error(
        "the service does not accept the key: check key id and secret, and whether the key was deleted or has expired"
    )]
    KeyRejected,
    /// The key was made for a newer version of the API than the one asked.
    #[error("the key was made for a newer version of the API: make it again for version 3")]
    KeyTooNew,
    /// The account's email is not verified, or it has no payment history.
    #[error("the account is not ready for this: verify its email address and payment method in the console")]
    AccountNotReady,
    /// Access is denied for another reason, such as a customer's encryption key that does not fit.
    #[error("access is denied: does the encryption key fit the file?")]
    AccessDenied,
    /// A cap on storage, transactions or downloads is reached.
    #[error("a cap of the account is reached: raise it in Backblaze's console under Caps and Alerts")]
    CapExceeded,
    /// The service asked for fewer requests, and still did when we gave up.
    #[error("the service asks for fewer requests: try again later")]
    RateLimited,
    /// The service could not be reached or could not answer; the call is safe to make again.
    #[error("the service could not be reached or could not answer: try again later")]
    Unavailable,
    /// The call was sent, its answer was lost, and making it again might do it twice: look first.
    #[error("nobody knows whether it happened: look before doing it again")]
    OutcomeUnknown,
    /// There is no such bucket, file or key.
    #[error("there is no such thing")]
    NotFound,
    /// The file is already hidden.
    #[error("the file is already hidden")]
    AlreadyHidden,
    /// The unfinished large file is gone: finished, cancelled or never there.
    #[error("the unfinished large file is gone: look whether it was finished")]
    LargeFileGone,
    /// What arrived is not what was sent: a checksum differs, or a part is missing.
    #[error("a checksum differs from what the content gives: transfer it again")]
    ChecksumMismatch,
    /// The source is larger than one copy may be.
    #[error("the source is too large for one copy: copy it in parts")]
    TooLargeToCopy,
    /// The file has no such range.
    #[error("the file has no such range; an empty file has none at all")]
    RangeNotSatisfiable,
    /// The source of an upload changed, ended early or could not be read.
    #[error("the source could not be read as it was announced")]
    SourceFailed,
    /// What was downloaded could not be written down.
    #[error("the destination could not be written")]
    DestinationFailed,
    /// The service's answer is not what it promises.
    #[error("the service's answer is not what its documentation promises")]
    NotUnderstood,
    /// A refusal that this crate does not know.
    #[error("{}", unclassified_text(.code, *.status))]
    Unclassified {
        /// The service's code; empty where it gave none.
        code: String,
        /// The HTTP status.
        status: u16,
    },
}

fn unclassified_text(code: &str, status: u16) -> String {
    if code.is_empty() {
        return format!(
            "it was refused with {status}, not in the service's words: is there a proxy on the way?"
        );
    }
    format!("the service refused with {status} {code}")
}

fn missing_text(missing: &[Capability]) -> String {
    if missing.is_empty() {
        return ": it is restricted to another bucket or prefix".to_owned();
    }
    let names: Vec<&str> = missing.iter().map(Capability::as_str).collect();
    format!(": it lacks {}", names.join(", "))
}

/// What shows whether a call took effect whose answer was lost, or was no answer.
fn where_to_look(operation: &str, kind: &ErrorKind) -> Option<String> {
    let what = match kind {
        ErrorKind::OutcomeUnknown => "the answer was lost",
        ErrorKind::NotUnderstood => "the answer was not understood",
        _ => return None,
    };
    let look = match operation {
        "b2_create_key" => {
            "a key may exist whose secret nobody knows, which the list of keys shows: make another"
        }
        "b2_copy_file" => {
            "the copy may be there, which the list of this name's versions shows: look before copying again"
        }
        "b2_start_large_file" => {
            "an unfinished large file may exist, which the list of unfinished files shows: cancel it there"
        }
        _ => return None,
    };
    Some(format!("{what}; {look}"))
}

impl Error {
    pub(crate) fn new(operation: &'static str, kind: ErrorKind, detail: impl Into<String>) -> Self {
        let detail = Some(detail.into());
        Self(Box::new(Inner {
            operation,
            subject: None,
            kind,
            detail,
            cause: None,
            tried: None,
            source: None,
        }))
    }

    /// A request that is refused before the wire; `why` names the field and the rule.
    pub(crate) fn invalid(operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(operation, ErrorKind::InvalidRequest, why)
    }

    pub(crate) fn from_core(cause: http_core::Error, account: Option<&Account>) -> Self {
        let kind = refusal::kind(&cause, account);
        let subject = cause.subject().map(str::to_owned);
        let detail = where_to_look(cause.operation(), &kind);
        Self(Box::new(Inner {
            operation: cause.operation(),
            subject,
            kind,
            detail,
            cause: Some(cause),
            tried: None,
            source: None,
        }))
    }

    pub(crate) fn on(mut self, subject: impl fmt::Display) -> Self {
        self.0.subject = Some(subject.to_string());
        self
    }

    pub(crate) fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// The same failure, seen for what it is by somebody who knows more.
    pub(crate) fn seen_as(mut self, kind: ErrorKind, detail: &str) -> Self {
        (self.0.kind, self.0.detail) = (kind, Some(detail.to_owned()));
        self
    }

    /// Adds what a call that failed has left behind.
    pub(crate) fn leaving(mut self, what: impl fmt::Display) -> Self {
        let said = self.0.detail.take().unwrap_or_else(|| self.0.kind.to_string());
        self.0.detail = Some(format!("{said}; {what}"));
        self
    }

    /// Counts the attempts of an upload, each of which is a call of its own.
    pub(crate) fn tried(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.tried = Some((attempts, elapsed));
        self
    }

    /// What kind of failure, by the reaction that fits it.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// What was attempted: an operation by its name on the wire (a whole upload is `b2_upload_file`), or what was read or checked before
    /// there was one, such as `file name`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Whether the same call may succeed later without anything being changed.
    pub fn is_retryable(&self) -> bool {
        matches!(self.0.kind, ErrorKind::RateLimited | ErrorKind::Unavailable)
    }

    /// Whether the bucket, file or key does not exist.
    pub fn is_not_found(&self) -> bool {
        self.0.kind == ErrorKind::NotFound
    }

    /// How long the service asked to wait, where it did.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.cause.as_ref()?.retry_after()
    }

    /// The service's own code for the refusal.
    pub fn service_code(&self) -> Option<&str> {
        self.0.cause.as_ref()?.refusal()?.code.as_deref()
    }

    /// The HTTP status of the refusal.
    pub fn status(&self) -> Option<u16> {
        Some(self.0.cause.as_ref()?.refusal()?.status)
    }

    /// The id under which Backblaze's support finds the request.
    pub fn request_id(&self) -> Option<&str> {
        self.0.cause.as_ref()?.refusal()?.request_id.as_deref()
    }

    /// Requests sent for this call.
    pub fn attempts(&self) -> u32 {
        let tried = self.0.tried.map(|(attempts, _)| attempts);
        tried.unwrap_or_else(|| self.0.cause.as_ref().map_or(0, http_core::Error::attempts))
    }

    /// How long the call took, pauses included.
    pub fn elapsed(&self) -> Duration {
        let tried = self.0.tried.map(|(_, elapsed)| elapsed);
        tried.unwrap_or_else(|| self.0.cause.as_ref().map_or(Duration::ZERO, http_core::Error::elapsed))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.operation)?;
        if let Some(subject) = &self.0.subject {
            write!(f, " on {subject}")?;
        }
        match &self.0.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => write!(f, ": {}", self.0.kind),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self}", self.0.kind)?;
        if let Some(source) = self.source() {
            write!(f, ": {source}")?;
        }
        f.write_str(")")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.0.cause, &self.0.source) {
            (Some(cause), _) => Some(cause),
            (None, Some(source)) => Some(&**source),
            (None, None) => None,
        }
    }
}

impl From<InvalidName> for Error {
    fn from(name: InvalidName) -> Self {
        Self::invalid(name.what, name.to_string())
    }
}

impl From<http_core::RepeatedCursor> for Error {
    fn from(repeated: http_core::RepeatedCursor) -> Self {
        Self::new("listing", ErrorKind::NotUnderstood, repeated.to_string())
    }
}
