//! The error type of this crate.

mod refusal;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http_core::Failure;

use crate::capability::Capability;
use crate::names::InvalidName;

http_core::client_error! {
    /// A call to B2 that failed.
    ///
    /// The text contains the operation, what it was made on (file and bucket, by name and id as far as they are known), the address that
    /// was called, and the remedy. The [source](std::error::Error::source) contains the answer of the service or the network error.
    Error, ErrorKind
}

/// The kinds of [`Error`], by the caller's reaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request or the configuration breaks a rule. The same request never succeeds.
    #[error("the request breaks a rule of the service")]
    InvalidRequest,
    /// The client is read-only and the operation is not a read. Nothing was sent.
    #[error("the client is read-only and this is not a read; nothing was sent")]
    ReadOnly,
    /// A bucket with this name exists, in this account or in another one.
    #[error(
        "the bucket name is taken, in this account or in another one: check whether the bucket is ours, else choose another name"
    )]
    NameTaken,
    /// The account has reached its limit of buckets.
    #[error("the account has reached its limit of buckets: have the limit raised, or delete empty buckets")]
    TooManyBuckets,
    /// The bucket still holds versions of files.
    #[error("the bucket still holds versions of files")]
    BucketNotEmpty,
    /// The bucket has been changed since it was read.
    #[error("the bucket has been changed since it was read: read it again before changing it")]
    RevisionConflict,
    /// The setting is incompatible with the bucket's object lock, replication or type.
    #[error("the setting is incompatible with the bucket's object lock, replication or type")]
    LockConflict,
    /// Retention or a legal hold protects the version, or may not be changed so.
    #[error("retention or a legal hold protects this version")]
    Locked,
    /// The key lacks a capability, or is restricted to another bucket or prefix.
    #[error("the key may not do this{}", missing_text(.missing))]
    Unauthorized {
        /// The capabilities that the operation requires and the key does not have; empty if the restriction to a bucket or a prefix is the
        /// reason.
        missing: Vec<Capability>,
    },
    /// The service does not accept the key.
    #[error(
        "the service does not accept the key: check key id and secret, and whether the key was deleted or has expired"
    )]
    CredentialsRejected,
    /// The key was created by a newer version of the API than that of the request.
    #[error("the key was created by a newer version of the API: create one by version 3")]
    KeyTooNew,
    /// The email address of the account is not verified, or the account has no payment history.
    #[error(
        "the account is not ready for this: verify its email address and payment method in Backblaze's console"
    )]
    AccountNotReady,
    /// Access is denied for another reason: a customer's encryption key is not that of the file, as far as the operation meets one, or one
    /// that the service does not say.
    #[error("access is denied, and the service does not say why")]
    AccessDenied,
    /// A cap on storage, transactions or downloads has been reached.
    #[error("a cap of the account has been reached: raise it in Backblaze's console under Caps and Alerts")]
    CapExceeded,
    /// The service limits the rate of requests, also after all attempts.
    #[error("the service limits the rate of requests: try again later")]
    RateLimited,
    /// The service could not be reached or could not answer. The call can safely be repeated.
    #[error("the service could not be reached or could not answer: try again later")]
    Unreachable,
    /// The request was sent and the answer was lost. Repeating the call may execute it twice, so check the outcome first.
    #[error("the outcome is unknown: check it before repeating the call")]
    OutcomeUnknown,
    /// There is no such bucket, file or key.
    #[error("there is no such bucket, file or key")]
    NotFound,
    /// The file is already hidden.
    #[error("the file is already hidden")]
    AlreadyHidden,
    /// There is no such unfinished large file: it has been finished or cancelled, or never existed.
    #[error("the unfinished large file is gone: check whether it was finished")]
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
    /// The source of an upload was modified, ended early or could not be read.
    #[error("the source was modified, ended early or could not be read")]
    SourceFailed,
    /// The downloaded content could not be written.
    #[error("the destination could not be written")]
    DestinationFailed,
    /// The service's answer does not have the documented form.
    #[error("the service's answer does not have the documented form")]
    NotUnderstood,
    /// The service refused the request for a reason that this crate does not know.
    #[error("{}", unclassified_text(.code, *.status))]
    Unclassified {
        /// The service's error code; empty if there was none.
        code: String,
        /// The HTTP status.
        status: u16,
    },
}

fn unclassified_text(code: &str, status: u16) -> String {
    if code.is_empty() {
        return format!(
            "the answer has status {status} and no error code of the service: check whether a proxy sent it"
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

/// How to check whether a call took effect whose answer was lost or not understood.
fn how_to_check(operation: &str, kind: &ErrorKind) -> Option<String> {
    let what = match kind {
        ErrorKind::OutcomeUnknown => "the answer was lost",
        ErrorKind::NotUnderstood => "the answer was not understood",
        _ => return None,
    };
    let check = match operation {
        "b2_create_key" => {
            "a key whose secret is unknown may exist, which the list of keys shows: create another one"
        }
        "b2_copy_file" => {
            "the copy may exist, which the list of this name's versions shows: check it before copying again"
        }
        "b2_start_large_file" => {
            "an unfinished large file may exist, which the list of unfinished files shows: cancel it there"
        }
        _ => return None,
    };
    Some(format!("{what}; {check}"))
}

/// What a denial can mean, of which the service says no more, in an operation that meets customers' encryption keys.
fn denied(operation: &str, kind: &ErrorKind) -> Option<String> {
    let of = match operation {
        "b2_copy_file" | "b2_copy_part" => "source",
        "b2_upload_part" => "large file",
        _ => return None,
    };
    let why = format!(
        "access is denied: if the {of} is encrypted with a customer's key, another one was given; else the service does not say why"
    );
    (*kind == ErrorKind::AccessDenied).then_some(why)
}

/// The rule of the service that a refused request breaks, where its code names one that this crate cannot check beforehand.
fn broken_rule(code: &str) -> Option<String> {
    let rule = match code {
        "retain_until_timestamp_must_be_in_future" => "the end of a retention must lie in the future",
        "metadata_exceeded" => {
            "file name and file info are too long together: 2048 bytes for a file that is encrypted or may be locked, else 7000"
        }
        _ => return None,
    };
    Some(format!("{rule} ({code})"))
}

impl Error {
    pub(crate) fn new(operation: &'static str, kind: ErrorKind, detail: impl Into<String>) -> Self {
        let mut failure = Failure::new(kind, operation);
        failure.detail = Some(detail.into());
        Self(Box::new(failure))
    }

    /// A request that is refused before it is sent; `why` contains the field and the rule.
    pub(crate) fn invalid(operation: &'static str, why: impl Into<String>) -> Self {
        Self::new(operation, ErrorKind::InvalidRequest, why)
    }

    /// The failure of a call; `missing` are the capabilities that it requires and the key does not have, as far as they are known.
    pub(crate) fn from_core(cause: http_core::Error, missing: Vec<Capability>) -> Self {
        let kind = refusal::kind(&cause, missing);
        let code = cause.refusal().and_then(|refusal| refusal.code.as_deref());
        let detail = how_to_check(cause.operation(), &kind)
            .or_else(|| denied(cause.operation(), &kind))
            .or_else(|| broken_rule(code?));
        let mut failure = Failure::of_call(kind, cause);
        failure.detail = detail;
        Self(Box::new(failure))
    }

    pub(crate) fn on(mut self, subject: impl fmt::Display) -> Self {
        self.0.subject = Some(safe_text::safe(&subject.to_string()).into_owned());
        self
    }

    /// Adds the address that was called. To be called last, as what it was made on is replaced by [`on`](Self::on).
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.0.subject = Some(match self.0.subject.take() {
            Some(subject) => format!("{subject} at {address}"),
            None => address.to_owned(),
        });
        self
    }

    /// Adds what was listed to the error of a listing that would never end.
    pub(crate) fn listing(mut self, operation: &'static str, subject: impl fmt::Display) -> Self {
        if self.0.operation == ENDLESS {
            self.0.operation = operation;
            return self.on(subject);
        }
        self
    }

    pub(crate) fn because(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.because(source);
        self
    }

    /// Replaces kind and detail, where the caller knows the cause better.
    pub(crate) fn reclassified(mut self, kind: ErrorKind, detail: &str) -> Self {
        (self.0.kind, self.0.detail) = (kind, Some(detail.to_owned()));
        self
    }

    /// Adds what the failed call has left behind.
    pub(crate) fn leaving(mut self, what: impl fmt::Display) -> Self {
        let said = self.0.detail.take().unwrap_or_else(|| self.0.kind.to_string());
        self.0.detail = Some(format!("{said}; {what}"));
        self
    }

    /// Sets the attempts of an upload, each of which is a call of its own.
    pub(crate) fn tried(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.tried = Some((attempts, elapsed));
        self
    }

    /// Why the call failed, without what it was: what the service said, or what happened instead of an answer.
    pub(crate) fn reason(&self) -> String {
        match (self.0.refusal(), self.0.call()) {
            (Some(refusal), _) => refusal.to_string(),
            (None, Some(call)) => call.why().to_owned(),
            (None, None) => self.0.detail.clone().unwrap_or_else(|| self.0.kind.to_string()),
        }
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Returns how many attempts of the call may have taken effect although no usable answer came.
    pub(crate) fn lost_answers(&self) -> u32 {
        self.0.call().map_or(0, http_core::Error::lost_answers)
    }

    /// Returns the service's error code, if it sent one.
    pub fn service_code(&self) -> Option<&str> {
        self.0.refusal()?.code.as_deref()
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

impl From<InvalidName> for Error {
    fn from(name: InvalidName) -> Self {
        Self::invalid(name.name_kind, name.to_string())
    }
}

/// What http-core calls a listing that it gave up, until [`Error::listing`] says which one it is.
const ENDLESS: &str = "list";

impl From<http_core::EndlessListing> for Error {
    fn from(endless: http_core::EndlessListing) -> Self {
        Self(Box::new(Failure::of_listing(ErrorKind::NotUnderstood, &endless)))
    }
}
