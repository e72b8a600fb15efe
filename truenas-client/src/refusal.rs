//! What the appliance's refusals mean to a caller.

use crate::call::Call;
use crate::error::{ErrorKind, FieldError};
use crate::transport::Refusal;

const ENOENT: i64 = 2;
const EACCES: i64 = 13;
const EBUSY: i64 = 16;
const EINVAL: i64 = 22;
const ENOTAUTHENTICATED: i64 = 207;

/// What a refusal of a call means, without the call's secrets. `version` is the interface that the connection is pinned to.
pub(crate) fn kind(call: &Call, version: &str, refusal: Refusal) -> ErrorKind {
    match refusal {
        Refusal::Busy => ErrorKind::RateLimited,
        Refusal::NoSuchMethod => {
            ErrorKind::Unsupported { feature: call.method(), version: version.to_owned(), instead: None }
        }
        Refusal::Invalid(fields) => {
            let scrubbed = |f: FieldError| FieldError { message: call.scrub(f.message), ..f };
            let fields: Vec<_> = fields.into_iter().map(scrubbed).collect();
            // A row that does not exist has no field; a field can name something else that does not exist.
            let row_is_missing = fields.iter().all(|f| f.errno == ENOENT && !f.attribute.contains('.'));
            if row_is_missing { ErrorKind::NotFound } else { ErrorKind::Validation { fields } }
        }
        Refusal::Call { errno, errname, reason } => of_errno(errno, errname, call.scrub(reason)),
        Refusal::Malformed { code } => ErrorKind::Rejected {
            errno: code,
            errname: "JSON-RPC".into(),
            reason: "the message was not accepted".into(),
        },
    }
}

/// What the errno of a refused call means (TrueNAS middleware 25.10, `service_exception.py`).
fn of_errno(errno: i64, errname: String, reason: String) -> ErrorKind {
    match errno {
        ENOENT => ErrorKind::NotFound,
        EACCES => ErrorKind::Unauthorized,
        ENOTAUTHENTICATED => ErrorKind::CredentialsRejected,
        EBUSY if reason.contains("Rate Limit") => ErrorKind::RateLimited,
        EINVAL if reason.contains("MatchNotFound") => ErrorKind::NotFound,
        _ => ErrorKind::Rejected { errno, errname, reason },
    }
}
