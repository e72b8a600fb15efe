//! What went wrong, in kinds that each call for another reaction.

use http_core::Failure;

/// What to do about an error depends on which of these it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration or the request breaks a rule: the same request never succeeds. Nothing was sent.
    #[error("the request cannot be sent as it is")]
    InvalidRequest,
    /// The client is read-only and the operation is not a read. Nothing was sent.
    #[error("the client is read-only and this is not a read; nothing was sent")]
    ReadOnly,
    /// The API key is wrong, or was revoked, as IT Glue does after ninety days without use.
    #[error(
        "the API key is not accepted; it is wrong, or was revoked after 90 days without use: an administrator makes a new one"
    )]
    CredentialsRejected,
    /// The API key lacks *Password Access*: IT Glue shows it no value and accepts none from it.
    #[error(
        "the value is withheld from this API key; tick Password Access for it in IT Glue's account settings"
    )]
    Unauthorized,
    /// Several records have the identity that one was looked for by: a person decides which stays. None was changed, unless the
    /// error says that one was made.
    #[error("several records have this identity; archive all but one")]
    Ambiguous,
    /// The record was archived after it was found or written.
    #[error("the record was archived in the meantime; restore it, or run again to make another")]
    Archived,
    /// What was written was not found again, or not as it was written. The value that was to be stored is still the only one: keep
    /// it, and look at the record.
    #[error("what was written does not read back as it was written; keep the value and look at the record")]
    NotProven,
    /// The record has no value at all.
    #[error("the record has no value")]
    NoValue,
    /// There is no such record, or it is not of the organisation that the request names, which IT Glue answers with 401.
    #[error("there is no such record for this key and organisation")]
    NotFound,
    /// IT Glue does not accept the content of the request.
    #[error("IT Glue does not accept what was sent")]
    Rejected,
    /// Too many requests, for longer than the call may take.
    #[error("too many requests (3000 in five minutes are allowed); wait five minutes")]
    RateLimited,
    /// A create was sent and its answer was lost: look whether the record exists before creating it again.
    #[error("it was sent and its answer was lost; look whether the record exists before creating it again")]
    OutcomeUnknown,
    /// IT Glue could not be reached, or did not answer properly in time; nothing was changed, or repeating is safe.
    #[error("IT Glue could not be reached or did not answer properly in time; try again")]
    Unreachable,
    /// IT Glue answered with something that its documentation does not promise.
    #[error("the answer is not what IT Glue's documentation promises")]
    NotUnderstood,
    /// A refusal of no kind above; the status is in [`Error::status`].
    #[error("IT Glue refused")]
    Unclassified,
}

/// So many characters of what a service calls something are shown.
const LONGEST_SUBJECT: usize = 120;
/// So many characters of what was found out about it are shown.
const LONGEST_DETAIL: usize = 400;

http_core::client_error! {
    /// A call that failed. One word wide; the account of its attempts is its [`source`](std::error::Error::source).
    Error, ErrorKind, "IT Glue"
}

impl Error {
    /// What was found out about a record, or about several.
    pub(crate) fn finding(
        kind: ErrorKind,
        operation: &'static str,
        mut subject: String,
        detail: impl Into<String>,
    ) -> Self {
        let end = subject.char_indices().nth(LONGEST_SUBJECT).map_or(subject.len(), |(at, _)| at);
        subject.truncate(end);
        let mut error = Self::lacking(kind, operation, subject);
        error.0.detail = Some(detail.into().chars().take(LONGEST_DETAIL).collect());
        error
    }

    /// The same error, with what was found out after it.
    pub(crate) fn and_then(mut self, detail: &str) -> Self {
        let before = self.0.detail.take().map(|text| format!("{text}; ")).unwrap_or_default();
        self.0.detail = Some(before + detail);
        self
    }

    /// A write that a read-only client would have to send after its first reads.
    pub(crate) fn read_only(operation: &'static str) -> Self {
        Self(Box::new(Failure::new(ErrorKind::ReadOnly, operation)))
    }

    /// An answer that was understood and lacks what was asked for.
    pub(crate) fn lacking(kind: ErrorKind, operation: &'static str, subject: String) -> Self {
        let mut failure = Failure::new(kind, operation);
        failure.subject = Some(subject);
        Self(Box::new(failure))
    }

    /// A create whose answer makes no sense may have happened, or a proxy may have answered in place of IT Glue.
    pub(crate) fn of_a_create(mut self) -> Self {
        if self.0.kind == ErrorKind::NotUnderstood {
            self.0.kind = ErrorKind::OutcomeUnknown;
        }
        self
    }
}

impl From<http_core::Error> for Error {
    fn from(cause: http_core::Error) -> Self {
        let said = cause.refusal().and_then(|refusal| refusal.message.clone());
        let mut failure = Failure::of_call(cause.kind().into(), cause);
        failure.detail = said;
        Self(Box::new(failure))
    }
}
