//! What the appliance's refusals mean to a caller.

use safe_text::{lines, safe};

use crate::call::Call;
use crate::error::ErrorKind;
use crate::operations;
use crate::transport::Refusal;

const EPERM: i64 = 1;
const ENOENT: i64 = 2;
const EACCES: i64 = 13;
const EBUSY: i64 = 16;
const EINVAL: i64 = 22;
const ENOTAUTHENTICATED: i64 = 207;

/// What every release says to a user who lacks the right to a call (TrueNAS middleware 13.3, `main.py`, to 26, `api/base/server`).
const NOT_AUTHORIZED: &str = "Not authorized";
/// What is said to who is not logged in, or no longer: a session ends after thirty days, or with its API key (TrueNAS middleware 13.3 to 26,
/// `main.py`).
const NO_SESSION: [&str; 2] = ["Not authenticated", "Session is expired"];
/// What is said to who logs in too often (TrueNAS middleware 24.10 to 26, `utils/rate_limit`). After the log-in such words are another service's.
const LIMITED: &str = "Rate Limit Exceeded";
/// Beginnings of the methods that have the appliance log in to another one by SSH. A connection that fails has the number of a missing right
/// there, with a Python exception for a reason (TrueNAS middleware 25.10, `plugins/zettarepl.py`).
const BY_SSH: [&str; 2] = ["keychaincredential.", "replication."];

/// What a refusal of a call means, in words without secrets. `release` is how errors name the appliance's.
pub(crate) fn kind(call: &Call, release: &str, refusal: Refusal) -> ErrorKind {
    match refusal {
        Refusal::Busy => ErrorKind::RateLimited,
        Refusal::NoSuchMethod => {
            ErrorKind::Unsupported { feature: call.method(), release: release.to_owned(), instead: None }
        }
        Refusal::Invalid(fields) => {
            // A row that does not exist has no field; a field can name something else that does not exist.
            // 26 blames the method itself for a path that leads nowhere (TrueNAS middleware 26, `plugins/zfs/snapshot_crud.py`).
            let is_no_field = |name: &str| !name.contains('.') || name.starts_with("zfs.resource.");
            let row_is_missing = fields.iter().all(|f| f.errno == ENOENT && is_no_field(&f.attribute));
            if row_is_missing { ErrorKind::NotFound } else { ErrorKind::Validation { fields } }
        }
        Refusal::Call { errno, errname, reason } => {
            of_errno(call.method(), errno, safe(&errname).into_owned(), lines(&reason).into_owned())
        }
        Refusal::Unreadable if call.operation.is_read() => {
            ErrorKind::NotUnderstood { path: "the whole answer".into() }
        }
        // It was answered, so perhaps carried out.
        Refusal::Unreadable => ErrorKind::OutcomeUnknown,
        Refusal::Malformed { code } => ErrorKind::Rejected {
            errno: code,
            errname: "JSON-RPC".into(),
            reason: "the message was not accepted".into(),
        },
    }
}

/// What the text of a call's error means that was made among others: `[EINVAL] field: words`, a line for each field.
pub(crate) fn of_text(method: &str, text: &str) -> ErrorKind {
    let named = text.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    let (errname, reason) = named.unwrap_or(("EFAULT", text));
    let errno = crate::transport::errno(errname).unwrap_or_default();
    of_errno(method, errno, safe(errname).into_owned(), lines(reason).into_owned())
}

/// What the errno of a refused call means (TrueNAS middleware 25.10, `service_exception.py`). CORE has no number of its own for a call
/// before the log-in (TrueNAS middleware 13.3, `main.py`).
fn of_errno(method: &str, errno: i64, errname: String, reason: String) -> ErrorKind {
    let words =
        reason.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(&*reason, |(_, words)| words);
    let asks_another = BY_SSH.iter().any(|start| method.starts_with(start));
    let may_be_of_ssh = || words != NOT_AUTHORIZED && asks_another;
    match errno {
        ENOENT => ErrorKind::NotFound,
        EACCES | ENOTAUTHENTICATED if NO_SESSION.contains(&words) => ErrorKind::CredentialsRejected,
        EACCES if !may_be_of_ssh() => ErrorKind::Unauthorized,
        // Of the method that is to be called many times (TrueNAS middleware 25.10, `plugins/bulk.py`).
        EPERM if method == operations::CORE_BULK.name() => ErrorKind::Unauthorized,
        ENOTAUTHENTICATED if !asks_another => ErrorKind::CredentialsRejected,
        EBUSY if words == LIMITED && method.starts_with("auth.") => ErrorKind::RateLimited,
        EINVAL if reason.contains("MatchNotFound") => ErrorKind::NotFound,
        _ => ErrorKind::Rejected { errno, errname, reason },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cloud_credentials::ApplicationKey;
    use crate::error::FieldError;
    use crate::operations;

    /// How Python's `repr` writes a text of characters that can be seen.
    fn repr(text: &str) -> String {
        let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
        let escaped = text.replace('\\', "\\\\").replace(quote, &format!("\\{quote}"));
        format!("{quote}{escaped}{quote}")
    }

    #[test]
    fn python_writes_a_text_in_whichever_quotes_need_least() {
        for (text, written) in
            [("ab", "'ab'"), ("a'b", "\"a'b\""), ("a'\"b", "'a\\'\"b'"), ("a\\b", "'a\\\\b'")]
        {
            assert_eq!(repr(text), written);
        }
    }

    /// Whichever word of a refusal the appliance puts a secret into, and however it spells it there.
    fn assert_hidden(secret: &str, marker: &str) {
        let secret = ApplicationKey::new(secret);
        let call = Call::new(operations::CLOUDSYNC_CREATE, []);
        let spelled = [
            secret.expose().to_owned(),
            serde_json::to_string(secret.expose()).unwrap_or_default(),
            format!("{:?}", secret.expose()),
            repr(secret.expose()),
            // As a part of a message that is written as JSON once more.
            serde_json::to_string(&repr(secret.expose())).unwrap_or_default(),
        ];
        for spelled in spelled {
            let text = || format!("'key': {spelled} is wrong");
            let field = FieldError::new(&text(), &text(), 22);
            for refusal in [
                Refusal::Invalid(vec![field.clone()]),
                Refusal::Call { errno: 16, errname: text(), reason: text() },
                Refusal::Call { errno: 22, errname: "EINVAL".into(), reason: text() },
            ] {
                let shown = format!("{:?}", kind(&call, "TrueNAS 25.10", refusal));
                assert!(shown.contains("[redacted]") && !shown.contains(marker), "{spelled}: {shown}");
            }
        }
    }

    #[test]
    fn e8_a_secret_that_the_appliance_repeats_is_hidden() {
        assert_hidden("K003'\"Zq7\\repeated", "Zq7");
        assert_hidden("K003'only-Zq7-apostrophe", "Zq7");
        assert_hidden("K003\"only-Zq7-quotes", "Zq7");
    }

    proptest! {
        /// Half of all passwords by rule E3 hold a quote or a backslash.
        #[test]
        fn e3_a_password_with_any_characters_is_hidden_in_every_spelling(
            before in "[!-~]{8,16}", after in "[!-~]{8,16}"
        ) {
            assert_hidden(&format!("{before}Zq7Zq{after}"), "Zq7Zq");
        }

        /// The same for what is said with the name of a field, on both protocols, whose errors are read the same way.
        #[test]
        fn e8_a_validation_message_hides_it_too(middle in "[!-~]{10,20}") {
            let secret = ApplicationKey::new(format!("q{middle}'\"\\"));
            let extra = serde_json::json!([["a.key", format!("{} is taken", repr(secret.expose())), 22]]);
            let shown = format!("{:?}", crate::error::fields(&extra, None));
            prop_assert!(shown.contains("[redacted]"), "{}", shown);
        }
    }
}
