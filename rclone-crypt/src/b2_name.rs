//! Names of objects in B2, as rclone's b2 backend encodes them by default.

use crate::local_name::UNIX;
use crate::replacement::{Replacement, convert};

/// `Slash,BackSlash,Del,Ctl,InvalidUtf8,Dot`: the default of the b2 backend (rclone 1.70.2).
const B2: Replacement =
    Replacement { control: true, delete: true, backslash: true, invalid: true, windows: false };

/// Returns the object name for a stored path, as it is on a disk of Linux or FreeBSD. The path need not be UTF-8.
///
/// ```
/// use rclone_crypt::b2_name;
///
/// assert_eq!(b2_name::encode(b"a\\b/tab\tc.bin"), "a\u{FF3C}b/tab\u{2409}c.bin");
/// assert_eq!(b2_name::decode("a\u{FF3C}b/tab\u{2409}c.bin"), b"a\\b/tab\tc.bin");
/// ```
///
/// A U+201B in the path is quoted. rclone itself fails to open such a source (1.70.2), and reads two of them as one.
pub fn encode(path: &[u8]) -> String {
    String::from_utf8_lossy(&convert(path, UNIX, B2)).into_owned()
}

/// Returns the stored path for an object name, as on a disk of Linux or FreeBSD.
pub fn decode(object: &str) -> Vec<u8> {
    convert(object.as_bytes(), B2, UNIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs made with rclone 1.70.2 and 1.75.2 over a remote with this encoding.
    #[test]
    fn pairs_made_by_rclone() {
        let pairs: [(&[u8], &str); 11] = [
            (b"plain: *?\"<>|%#.txt. ", "plain: *?\"<>|%#.txt. "),
            (b"back\\slash", "back\u{FF3C}slash"),
            (b"ctl\x01\x1f\x7f", "ctl\u{2401}\u{241F}\u{2421}"),
            ("\u{FF41}\u{FF3C} already".as_bytes(), "\u{FF41}\u{201B}\u{FF3C} already"),
            ("\u{240A} already".as_bytes(), "\u{201B}\u{240A} already"),
            ("\u{FF0E}".as_bytes(), "\u{FF0E}"),
            ("\u{FF0F} slash".as_bytes(), "\u{FF0F} slash"),
            (b"...", "..."),
            ("\u{2400}x".as_bytes(), "\u{2400}x"),
            ("\u{201B}\u{2400}x".as_bytes(), "\u{201B}\u{2400}x"),
            (b"bad\xff\xfe.txt", "bad\u{201B}FF\u{201B}FE.txt"),
        ];
        for (plain, object) in pairs {
            assert_eq!(encode(plain), object);
            assert_eq!(decode(object), plain);
        }
        assert_eq!(encode(b"../x/."), "\u{FF0E}\u{FF0E}/x/\u{FF0E}");
    }
}
