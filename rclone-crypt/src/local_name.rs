//! Paths of local files, as rclone hands them to `crypt`: control characters replaced by their pictures.
//!
//! With mode *off* this makes no difference to an object's name. Where names are encrypted, it is this form that is.

use crate::replacement::Replacement;

/// rclone's standard form: `Slash,Del,Ctl,Dot` (rclone 1.75.2, `lib/encoder`).
const STANDARD: Replacement = Replacement { backslash: false, invalid: false };

/// The path that rclone gives to a file whose path on disk is this.
///
/// ```
/// assert_eq!(rclone_crypt::local_name::encode(b"tab\tname"), "tab\u{2409}name".as_bytes());
/// ```
pub fn encode(disk: &[u8]) -> Vec<u8> {
    STANDARD.encode(disk)
}

/// The path on disk of a file that rclone calls so.
pub fn decode(path: &[u8]) -> Vec<u8> {
    STANDARD.decode(path)
}
