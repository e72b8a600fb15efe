//! What went wrong, in kinds that each call for another reaction.

use std::fmt;

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
    /// The application's id or secret is not accepted, or the tenant is not the right one for this host.
    #[error(
        "the application is not accepted; check its id, its secret, and whether this host wants a tenant"
    )]
    CredentialsRejected,
    /// The application's scopes, or the agent it acts as, do not permit this; an agent may run some outcomes only.
    #[error("the application, or the agent that it acts as, may not do this")]
    Unauthorized,
    /// There is no such record, or the agent may not see it.
    #[error("there is no such record, or the agent that the application acts as may not see it")]
    NotFound,
    /// HaloPSA does not accept the content of the request, or says so in an answer of success.
    #[error("HaloPSA does not accept what was sent")]
    Rejected,
    /// Too many requests, for longer than the call may take.
    #[error("too many requests within five minutes; wait until the five minutes are over")]
    RateLimited,
    /// A filter was sent and rows came back that do not satisfy it: HaloPSA ignores parameters that it does not know.
    #[error("HaloPSA ignored the filter")]
    FilterIgnored,
    /// A write was answered with success and does not show when it is read back: HaloPSA drops what it does not know.
    #[error("HaloPSA answered with success and did not store what was sent")]
    NotStored,
    /// A note was sent and its answer was lost: look for it before adding it again.
    #[error("it was sent and its answer was lost; look for it before sending it again")]
    OutcomeUnknown,
    /// HaloPSA could not be reached, or did not answer properly in time; nothing was changed, or repeating is safe.
    #[error("HaloPSA could not be reached or did not answer properly in time; try again")]
    Unreachable,
    /// HaloPSA answered with something that is not what its API is known to answer.
    #[error("the answer is not what HaloPSA's API is known to answer")]
    NotUnderstood,
    /// A refusal of no kind above; the status is in [`Error::status`].
    #[error("HaloPSA refused")]
    Unclassified,
}

http_core::client_error! {
    /// A call that failed. One word wide; the account of its attempts is its [`source`](std::error::Error::source).
    Error, ErrorKind, "HaloPSA"
}

impl Error {
    /// An answer that was understood and is not what was asked for.
    pub(crate) fn of_answer(
        kind: ErrorKind,
        operation: &'static str,
        subject: impl fmt::Display,
        detail: impl Into<String>,
    ) -> Self {
        let mut failure = Failure::new(kind, operation);
        failure.subject = Some(subject.to_string());
        failure.detail = Some(detail.into());
        Self(Box::new(failure))
    }

    /// A note whose answer makes no sense may have been added, or a proxy may have answered in place of HaloPSA.
    pub(crate) fn of_a_note(mut self) -> Self {
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
