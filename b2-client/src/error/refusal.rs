//! Maps the service's HTTP statuses and error codes to an [`ErrorKind`].

use http_core::ErrorKind as Class;

use super::ErrorKind;
use crate::capability::Capability;

/// The kind of a failed call (reference: Backblaze, *Calling the API*, and each operation's page, *Errors*).
pub(super) fn kind(error: &http_core::Error, missing: Vec<Capability>) -> ErrorKind {
    let known = match error.kind() {
        Class::OutcomeUnknown => Some(ErrorKind::OutcomeUnknown),
        Class::NotUnderstood => Some(ErrorKind::NotUnderstood),
        Class::InvalidRequest => Some(ErrorKind::InvalidRequest),
        Class::ReadOnly => Some(ErrorKind::ReadOnly),
        _ => None,
    };
    let refusal = match (known, error.refusal()) {
        (Some(kind), _) => return kind,
        (None, Some(refusal)) => refusal,
        (None, None) => return ErrorKind::Unreachable,
    };
    let code = refusal.code.as_deref().unwrap_or_default();
    let message = refusal.message.as_deref().unwrap_or_default();
    let operation = error.operation();
    // The service always sends a code, except in answers without a body; without a code the answer came from a proxy.
    let nameless = code.is_empty() && !operation.starts_with("b2_download");
    let known = match refusal.status {
        429 => Some(ErrorKind::RateLimited),
        408 | 500..=599 => Some(ErrorKind::Unreachable),
        _ if nameless => None,
        // The request holds nothing but the key's id, so an invalid request means an unknown key; the code is not documented.
        400 if operation == "b2_delete_key" => Some(ErrorKind::NotFound),
        400 => bad_request(code, message),
        401 => Some(unauthorized(operation, code, missing)),
        403 => forbidden(operation, code, missing),
        404 => Some(ErrorKind::NotFound),
        409 => Some(ErrorKind::RevisionConflict),
        416 => Some(ErrorKind::RangeNotSatisfiable),
        _ => None,
    };
    known.unwrap_or_else(|| ErrorKind::Unclassified { code: code.to_owned(), status: refusal.status })
}

fn bad_request(code: &str, message: &str) -> Option<ErrorKind> {
    Some(match code {
        "duplicate_bucket_name" => ErrorKind::NameTaken,
        "too_many_buckets" => ErrorKind::TooManyBuckets,
        "cannot_delete_non_empty_bucket" => ErrorKind::BucketNotEmpty,
        "bucket_missing_file_lock"
        | "file_lock_conflict"
        | "file_lock_not_enabled"
        | "restricted_bucket_conflict"
        | "source_replication_conflict" => ErrorKind::LockConflict,
        "bad_bucket_id" | "invalid_bucket_id" | "no_such_file" | "file_not_present" | "not_found" => {
            ErrorKind::NotFound
        }
        "already_hidden" => ErrorKind::AlreadyHidden,
        "missing_part" | "part_sha1_mismatch" => ErrorKind::ChecksumMismatch,
        "source_too_large" => ErrorKind::TooLargeToCopy,
        // A second upload at the same time on one upload URL: retried with another URL.
        "auth_token_limit" => ErrorKind::Unreachable,
        "bad_request" | "bad_json" if message.contains("not currently supported on API version") => {
            ErrorKind::KeyTooNew
        }
        "bad_request" if message.contains("more than one upload using auth token") => ErrorKind::Unreachable,
        "bad_request" if starts_like(message, "no active upload") => ErrorKind::LargeFileGone,
        "bad_request" if starts_like(message, "sha1 did not match") => ErrorKind::ChecksumMismatch,
        "bad_request" | "bad_json" | "retain_until_timestamp_must_be_in_future" | "metadata_exceeded" => {
            ErrorKind::InvalidRequest
        }
        _ => return None,
    })
}

fn starts_like(message: &str, start: &str) -> bool {
    message.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

/// A 401 has four meanings: the key is not accepted, the account is not ready, the version is locked, or a capability is missing.
fn unauthorized(operation: &str, code: &str, missing: Vec<Capability>) -> ErrorKind {
    match code {
        "email_not_verified" | "no_payment_history" => ErrorKind::AccountNotReady,
        "bad_auth_token" | "expired_auth_token" => ErrorKind::CredentialsRejected,
        _ if operation == "b2_authorize_account" => ErrorKind::CredentialsRejected,
        _ if guards_versions(operation) && missing.is_empty() => ErrorKind::Locked,
        _ => ErrorKind::Unauthorized { missing },
    }
}

/// A 403 is a cap, a customer's key that does not fit, or a lock that may not be changed so: by its retention, or by this key.
fn forbidden(operation: &str, code: &str, missing: Vec<Capability>) -> Option<ErrorKind> {
    match code {
        _ if code.ends_with("cap_exceeded") => Some(ErrorKind::CapExceeded),
        "unauthorized" => Some(ErrorKind::Unauthorized { missing }),
        "access_denied" | "" if !missing.is_empty() => Some(ErrorKind::Unauthorized { missing }),
        "access_denied" | "" if guards_versions(operation) => Some(ErrorKind::Locked),
        "access_denied" | "" => Some(ErrorKind::AccessDenied),
        _ => None,
    }
}

/// Whether the operation meets the locks of versions.
fn guards_versions(operation: &str) -> bool {
    matches!(operation, "b2_delete_file_version" | "b2_update_file_retention" | "b2_update_file_legal_hold")
}
