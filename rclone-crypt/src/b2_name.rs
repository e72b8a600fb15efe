//! Object names in B2, as rclone's b2 backend writes them with its default encoding.

use crate::replacement::Replacement;

/// `Slash,BackSlash,Del,Ctl,InvalidUtf8,Dot`: the b2 backend's default (rclone 1.70.2).
const B2: Replacement = Replacement { backslash: true, invalid: true };

/// The object name that rclone gives to a stored path: segment by segment; the path's bytes need not be UTF-8.
///
/// ```
/// use rclone_crypt::b2_name;
///
/// assert_eq!(b2_name::encode(b"a\\b/tab\tc.bin"), "a\u{FF3C}b/tab\u{2409}c.bin");
/// assert_eq!(b2_name::decode("a\u{FF3C}b/tab\u{2409}c.bin"), b"a\\b/tab\tc.bin");
/// ```
///
/// A name that holds U+201B itself is quoted here, while rclone fails to open such a source at all (1.70.2).
pub fn encode(path: &[u8]) -> String {
    String::from_utf8_lossy(&B2.encode(path)).into_owned()
}

/// The stored path, in bytes, behind an object name.
pub fn decode(object: &str) -> Vec<u8> {
    B2.decode(object.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs made with rclone 1.70.2 and 1.75.2 over a remote with this encoding.
    #[test]
    fn pairs_made_by_rclone() {
        let pairs: [(&[u8], &str); 9] = [
            (b"plain: *?\"<>|%#.txt. ", "plain: *?\"<>|%#.txt. "),
            (b"back\\slash", "back\u{FF3C}slash"),
            (b"ctl\x01\x1f\x7f", "ctl\u{2401}\u{241F}\u{2421}"),
            ("\u{FF41}\u{FF3C} already".as_bytes(), "\u{FF41}\u{201B}\u{FF3C} already"),
            ("\u{240A} already".as_bytes(), "\u{201B}\u{240A} already"),
            ("\u{FF0E}".as_bytes(), "\u{FF0E}"),
            ("\u{FF0F} slash".as_bytes(), "\u{FF0F} slash"),
            (b"...", "..."),
            (b"bad\xff\xfe.txt", "bad\u{201B}FF\u{201B}FE.txt"),
        ];
        for (plain, object) in pairs {
            assert_eq!(encode(plain), object);
            assert_eq!(decode(object), plain);
        }
        assert_eq!(encode(b"../x/."), "\u{FF0E}\u{FF0E}/x/\u{FF0E}");
    }
}
