//! Paths of local files in rclone's standard form, in which control characters are replaced by Unicode symbols.
//!
//! This is the form in which rclone passes names to the `crypt` backend, so encrypted names are encrypted in this form. rclone's local
//! backend reads a name on disk by its own rules first: on a disk of Linux or FreeBSD, U+2400 stands for NUL, and U+FF0F for `/`.

use crate::replacement::{Replacement, convert};

/// The standard form: `Slash,Del,Ctl,Dot` (rclone 1.75.2, `lib/encoder`).
const STANDARD: Replacement =
    Replacement { control: true, delete: true, backslash: false, invalid: false, windows: false };
/// A disk of Linux or FreeBSD: `Slash,Dot` (rclone 1.75.2, `lib/encoder/os_other.go`).
pub(crate) const UNIX: Replacement =
    Replacement { control: false, delete: false, backslash: false, invalid: false, windows: false };
/// macOS refuses names that are not UTF-8 (`lib/encoder/os_darwin.go`).
const MACOS: Replacement = Replacement { invalid: true, ..UNIX };
/// Windows: `Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,BackSlash,Ctl,RightSpace,RightPeriod,InvalidUtf8,Dot`
/// (`lib/encoder/os_windows.go`).
pub(crate) const WINDOWS: Replacement =
    Replacement { control: true, delete: false, backslash: true, invalid: true, windows: true };
/// The disk of the system that this program runs on.
const THIS_SYSTEM: Replacement = if cfg!(windows) {
    WINDOWS
} else if cfg!(target_os = "macos") {
    MACOS
} else {
    UNIX
};

/// Converts a path on a disk of Linux or FreeBSD to rclone's standard form.
///
/// ```
/// assert_eq!(rclone_crypt::local_name::encode(b"tab\tname"), "tab\u{2409}name".as_bytes());
/// ```
///
/// As in rclone, U+201B is read as a quote, and two of it as one; rclone cannot open a file whose name has a single one.
pub fn encode(disk: &[u8]) -> Vec<u8> {
    convert(disk, UNIX, STANDARD)
}

/// Converts a path in rclone's standard form to the path on a disk of Linux or FreeBSD.
pub fn decode(path: &[u8]) -> Vec<u8> {
    convert(path, STANDARD, UNIX)
}

/// As [`encode`], from a path on a disk of this system.
pub(crate) fn encode_here(disk: &[u8]) -> Vec<u8> {
    convert(disk, THIS_SYSTEM, STANDARD)
}

/// As [`decode`], to a path on a disk of this system.
pub(crate) fn decode_here(path: &[u8]) -> Vec<u8> {
    convert(path, STANDARD, THIS_SYSTEM)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs made with `rclone lsf` of a folder and `rclone copy` into it (1.65.2, 1.70.2 and 1.75.2).
    #[test]
    fn x8_pairs_made_by_rclone() {
        let pairs: [(&[u8], &str); 9] = [
            (b"Icon\r", "Icon\u{240D}"),
            ("Icon\u{240D}".as_bytes(), "Icon\u{201B}\u{240D}"),
            ("\u{2400}x".as_bytes(), "\u{2400}x"),
            ("\u{201B}\u{2400}x".as_bytes(), "\u{201B}\u{2400}x"),
            ("a\u{201B}\u{201B}b".as_bytes(), "a\u{201B}\u{201B}b"),
            ("x\u{FF0F}y".as_bytes(), "x\u{FF0F}y"),
            ("\u{FF0E}\u{FF0E}".as_bytes(), "\u{FF0E}\u{FF0E}"),
            (b"\x7f\xff", "\u{2421}\u{FFFD}"),
            ("\u{2049}q".as_bytes(), "\u{2049}q"),
        ];
        for (disk, standard) in pairs {
            assert_eq!(String::from_utf8_lossy(&encode(disk)), standard);
            assert_eq!(decode(&encode(disk)), disk);
        }
    }
}
