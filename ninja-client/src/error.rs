//! What went wrong, in kinds that each call for another reaction.

use http_core::Failure;
use serde_json::Value;

use crate::api_operation::ApiOperation;

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
    /// NinjaOne does not know the application, or does not accept its secret or its token.
    #[error(
        "NinjaOne does not accept the application; check its id and secret, and that the tenant is on this instance (region)"
    )]
    CredentialsRejected,
    /// The application was not granted a scope that was asked for, so it gets no token at all.
    #[error(
        "the application was not granted every scope that was asked for; ask for fewer, or have it granted"
    )]
    ScopeNotGranted,
    /// The application may not do this.
    #[error("the application may not do this; it needs the scope or the field's API permission")]
    Unauthorized,
    /// There is no such entity, or the instance's build does not have this call yet.
    #[error("it does not exist, or this instance's build does not have the call yet")]
    NotFound,
    /// NinjaOne does not accept the content of the request.
    #[error("NinjaOne does not accept what was sent")]
    Rejected,
    /// Too many requests.
    #[error("too many requests; try again later")]
    RateLimited,
    /// NinjaOne could not be reached, or did not answer properly in time; the call is safe to make again.
    #[error("NinjaOne could not be reached or did not answer properly in time; try again")]
    Unreachable,
    /// A call that must happen at most once was sent, and its answer was lost.
    #[error("it was sent and its outcome is unknown; look in NinjaOne before doing it again")]
    OutcomeUnknown,
    /// NinjaOne accepted a value, and shows another one when it is read back.
    #[error("NinjaOne accepted it and does not show it; look at the entity before relying on the field")]
    NotStored,
    /// NinjaOne answered with something that its documentation does not promise.
    #[error("the answer is not what NinjaOne's documentation promises")]
    NotUnderstood,
    /// A refusal of no kind above; the status is in [`Error::status`].
    #[error("NinjaOne refused")]
    Unclassified,
}

http_core::client_error! {
    /// A call that failed. One word wide; the account of its attempts is its [`source`](std::error::Error::source).
    Error, ErrorKind, "NinjaOne"
}

impl Error {
    /// A list that NinjaOne ended in the middle: a full page, and nothing that says where to go on.
    pub(crate) fn cut_off(operation: &'static str, rows: usize) -> Self {
        let mut failure = Failure::new(ErrorKind::NotUnderstood, operation);
        failure.detail = Some(format!("a full page of {rows} rows came without a cursor; there may be more"));
        Self(Box::new(failure))
    }

    /// A row of a list that lacks what every row has.
    pub(crate) fn odd_row(operation: ApiOperation, row: &Value) -> Self {
        let mut failure = Failure::new(ErrorKind::NotUnderstood, operation.name());
        let id = row.get("id").or_else(|| row.get("entityId")).and_then(Value::as_i64);
        failure.subject = Some(id.map_or_else(|| "a row without an id".to_owned(), |id| format!("row {id}")));
        let why = "it lacks what every row of this list has, or has it of another type; the other rows are not affected";
        failure.detail = Some(why.to_owned());
        Self(Box::new(failure))
    }

    /// A write after which something else is there than was written.
    pub(crate) fn not_stored(operation: &'static str, subject: String, detail: String) -> Self {
        let mut failure = Failure::new(ErrorKind::NotStored, operation);
        (failure.subject, failure.detail) = (Some(subject), Some(detail));
        Self(Box::new(failure))
    }
}

impl From<http_core::Error> for Error {
    fn from(cause: http_core::Error) -> Self {
        let said = cause.refusal().map(|refusal| {
            let words = [refusal.code.as_deref(), refusal.message.as_deref()];
            words.into_iter().flatten().collect::<Vec<_>>().join(", ")
        });
        let is_scope =
            cause.refusal().is_some_and(|refusal| refusal.code.as_deref() == Some("invalid_scope"));
        let kind = if is_scope { ErrorKind::ScopeNotGranted } else { cause.kind().into() };
        let mut failure = Failure::of_call(kind, cause);
        failure.detail = said;
        Self(Box::new(failure))
    }
}
