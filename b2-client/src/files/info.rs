//! What may be noted on a file, and how much of it.

use std::collections::BTreeMap;

use crate::buckets::Encryption;
use crate::customer_key::CustomerKey;
use crate::names::FileName;

/// Where uploaders of large files note the checksum of the whole.
pub(super) const WHOLE_SHA1: &str = "large_file_sha1";

/// The names beginning `b2-` that mean something; the others are kept for later (reference: Backblaze, *File information*).
const MEANINGFUL: [&str; 5] = [
    "b2-content-disposition",
    "b2-content-language",
    "b2-expires",
    "b2-cache-control",
    "b2-content-encoding",
];

/// So many bytes may name and info have together: fewer where the file is encrypted, or may be locked (reference: Backblaze, *Files*).
pub(super) fn room(encrypted_or_locked: bool) -> usize {
    if encrypted_or_locked { 2048 } else { 7000 }
}

/// Why the service would refuse this info on a file of this name.
pub(super) fn check(name: &FileName, info: &BTreeMap<String, String>, room: usize) -> Result<(), String> {
    if info.len() > 10 {
        return Err(format!("{} entries of file info are more than 10", info.len()));
    }
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if let Some(bad) = info.keys().find(|key| !(1..=50).contains(&key.len()) || !key.bytes().all(token)) {
        return Err(format!("the file info name {bad:?} is not 1 to 50 letters, digits and dashes"));
    }
    let lower = info.keys().map(|key| key.to_ascii_lowercase());
    if let Some(kept) = lower.into_iter().find(|key| key.starts_with("b2-") && !MEANINGFUL.contains(&&**key))
    {
        return Err(format!("the file info name {kept:?} begins with b2-, which Backblaze keeps for itself"));
    }
    let used = name.as_str().len() + info.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
    if used > room {
        return Err(format!("name and file info have {used} bytes; this file may have {room}"));
    }
    Ok(())
}

/// Why a file cannot be encrypted both ways, or with a key that is not there.
pub(super) fn one_key(mode: Option<&Encryption>, key: Option<&CustomerKey>) -> Result<(), String> {
    match (mode, key) {
        (Some(Encryption::SseC), None) => {
            Err("a customer's key is missing: give it with Files::under".to_owned())
        }
        (Some(Encryption::SseB2), Some(_)) => {
            Err("a file has Backblaze's key or a customer's, not both".to_owned())
        }
        _ => Ok(()),
    }
}
