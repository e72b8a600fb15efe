//! Paths of local files in rclone's standard form, in which control characters are replaced by Unicode symbols.
//!
//! This is the form in which rclone passes names to the `crypt` backend, so encrypted names are encrypted in this form.

use crate::replacement::Replacement;

/// The standard form: `Slash,Del,Ctl,Dot` (rclone 1.75.2, `lib/encoder`).
const STANDARD: Replacement = Replacement { backslash: false, invalid: false };

/// Converts a path on disk to rclone's standard form.
///
/// ```
/// assert_eq!(rclone_crypt::local_name::encode(b"tab\tname"), "tab\u{2409}name".as_bytes());
/// ```
pub fn encode(disk: &[u8]) -> Vec<u8> {
    STANDARD.encode(disk)
}

/// Converts a path in rclone's standard form to the path on disk.
pub fn decode(path: &[u8]) -> Vec<u8> {
    STANDARD.decode(path)
}
