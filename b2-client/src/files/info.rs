//! The rules for file info.

use std::collections::BTreeMap;

use crate::buckets::Encryption;
use crate::customer_key::CustomerKey;
use crate::names::FileName;

/// The file info in which clients store the checksum of a whole large file.
pub(super) const WHOLE_SHA1: &str = "large_file_sha1";

/// The names with the prefix `b2-` that are allowed; the others are reserved (reference: Backblaze, *File information*).
const ALLOWED_B2_NAMES: [&str; 5] = [
    "b2-content-disposition",
    "b2-content-language",
    "b2-expires",
    "b2-cache-control",
    "b2-content-encoding",
];

/// The limit in bytes of file name and file info together. It is lower for files that are encrypted or may be locked (reference:
/// Backblaze, *Files*).
pub(super) fn size_limit(encrypted_or_locked: bool) -> usize {
    if encrypted_or_locked { 2048 } else { 7000 }
}

/// Checks the rules of the service for the info of a file with this name.
pub(super) fn check(name: &FileName, info: &BTreeMap<String, String>, limit: usize) -> Result<(), String> {
    if info.len() > 10 {
        return Err(format!("file info may have at most 10 entries, not {}", info.len()));
    }
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if let Some(bad) = info.keys().find(|key| !(1..=50).contains(&key.len()) || !key.bytes().all(token)) {
        return Err(format!("the file info name {bad:?} is not 1 to 50 letters, digits and dashes"));
    }
    let lower = info.keys().map(|key| key.to_ascii_lowercase());
    let mut reserved = lower.filter(|key| key.starts_with("b2-") && !ALLOWED_B2_NAMES.contains(&&**key));
    if let Some(name) = reserved.next() {
        return Err(format!("the file info name {name:?} begins with b2-, which is reserved for Backblaze"));
    }
    let used = name.as_str().len() + info.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
    if used > limit {
        return Err(format!("name and file info have {used} bytes; the limit for this file is {limit}"));
    }
    Ok(())
}

/// Checks that the encryption mode and the customer's key do not contradict each other.
pub(super) fn check_encryption(mode: Option<&Encryption>, key: Option<&CustomerKey>) -> Result<(), String> {
    match (mode, key) {
        (Some(Encryption::SseC), None) => {
            Err("SSE-C requires a customer's key: set it with Files::with_customer_key".to_owned())
        }
        (Some(Encryption::SseB2), Some(_)) => {
            Err("SSE-B2 cannot be combined with a customer's key".to_owned())
        }
        _ => Ok(()),
    }
}
