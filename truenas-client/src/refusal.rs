//! What the appliance's refusals mean to a caller.

use safe_text::{lines, safe};

use crate::call::Call;
use crate::error::ErrorKind;
use crate::transport::Refusal;

const ENOENT: i64 = 2;
const EACCES: i64 = 13;
const EBUSY: i64 = 16;
const EINVAL: i64 = 22;
const ENOTAUTHENTICATED: i64 = 207;

/// What a refusal of a call means, in words without secrets. `release` is how errors name the appliance's.
pub(crate) fn kind(call: &Call, release: &str, refusal: Refusal) -> ErrorKind {
    match refusal {
        Refusal::Busy => ErrorKind::RateLimited,
        Refusal::NoSuchMethod => {
            ErrorKind::Unsupported { feature: call.method(), release: release.to_owned(), instead: None }
        }
        Refusal::Invalid(fields) => {
            // A row that does not exist has no field; a field can name something else that does not exist.
            let row_is_missing = fields.iter().all(|f| f.errno == ENOENT && !f.attribute.contains('.'));
            if row_is_missing { ErrorKind::NotFound } else { ErrorKind::Validation { fields } }
        }
        Refusal::Call { errno, errname, reason } => {
            of_errno(errno, safe(&errname).into_owned(), lines(&reason).into_owned())
        }
        Refusal::Malformed { code } => ErrorKind::Rejected {
            errno: code,
            errname: "JSON-RPC".into(),
            reason: "the message was not accepted".into(),
        },
    }
}

/// What the errno of a refused call means (TrueNAS middleware 25.10, `service_exception.py`). CORE has no number of its own for a call
/// before the log-in (TrueNAS middleware 13.3, `main.py`).
fn of_errno(errno: i64, errname: String, reason: String) -> ErrorKind {
    match errno {
        ENOENT => ErrorKind::NotFound,
        EACCES if reason == "Not authenticated" => ErrorKind::CredentialsRejected,
        EACCES => ErrorKind::Unauthorized,
        ENOTAUTHENTICATED => ErrorKind::CredentialsRejected,
        EBUSY if reason.contains("Rate Limit") => ErrorKind::RateLimited,
        EINVAL if reason.contains("MatchNotFound") => ErrorKind::NotFound,
        _ => ErrorKind::Rejected { errno, errname, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;
    use crate::operations;

    /// Whichever word of a refusal the appliance puts a secret into, and however it spells it there.
    #[test]
    fn e8_a_secret_that_the_appliance_repeats_is_hidden() {
        let secret = crate::cloud_credentials::ApplicationKey::new("K003'\"Zq7\\repeated");
        let call = Call::new(operations::CLOUDSYNC_CREATE, []);
        let spelled = [
            secret.expose().to_owned(),
            serde_json::to_string(secret.expose()).unwrap_or_default(),
            format!("{:?}", secret.expose()),
            "K003\\'\"Zq7\\\\repeated".to_owned(),
        ];
        for spelled in spelled {
            let text = || format!("'key': {spelled} is wrong");
            let field = FieldError::new(&text(), &text(), 22);
            for refusal in [
                Refusal::Invalid(vec![field.clone()]),
                Refusal::Call { errno: 16, errname: text(), reason: text() },
                Refusal::Call { errno: 22, errname: "EINVAL".into(), reason: text() },
            ] {
                let shown = format!("{:?}", kind(&call, "v25.10.0", refusal));
                assert!(shown.contains("[redacted]") && !shown.contains("Zq7"), "{shown}");
            }
        }
    }
}
