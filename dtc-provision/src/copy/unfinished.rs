//! Files that a program which was killed has left unfinished in a catalogue, by their names. They are never taken for files of the source.

/// What rclone is to append to the name of a file until it is whole, behind a dot and at most eight digits and letters. It is encrypted like
/// any other name.
pub const UNFINISHED: &str = ".dtc-copy";

/// What names of our own engine's unfinished files begin with; 16 hexadecimal digits follow. They are not encrypted.
const OWN: &str = ".dtc-restore-";

/// Whether a file of a catalogue is unfinished, by its stored path, and its plain one if it has one.
pub fn is_unfinished(stored: &[u8], plain: Option<&[u8]>) -> bool {
    let stored = name(stored);
    is_own(stored)
        || match plain {
            Some(plain) => is_rclones(name(plain)),
            None => is_rsyncs(stored),
        }
}

fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

fn is_own(name: &[u8]) -> bool {
    name.strip_prefix(OWN.as_bytes())
        .is_some_and(|digits| digits.len() == 16 && digits.iter().all(u8::is_ascii_hexdigit))
}

fn is_rclones(name: &[u8]) -> bool {
    let Some(rest) = name.strip_suffix(UNFINISHED.as_bytes()) else { return false };
    let Some(dot) = rest.iter().rposition(|byte| *byte == b'.') else { return false };
    let digits = &rest[dot + 1..];
    dot > 0
        && (1..=8).contains(&digits.len())
        && digits.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// `.NAME.` and six characters, as a receiving rsync leaves it that is killed. Where such a name can be decoded it may be a file's own.
fn is_rsyncs(name: &[u8]) -> bool {
    name.len() > 8
        && name[0] == b'.'
        && name[name.len() - 7] == b'.'
        && name[name.len() - 6..].iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// rclone's as 1.65.2, 1.68.1 and 1.75.2 made them.
    #[test]
    fn x3_unfinished_files_are_known_by_their_names() {
        for plain in ["a.vowusen7.dtc-copy", "deep/b.txt.9a86ed31.dtc-copy", "c.1c87ca9.dtc-copy"] {
            assert!(is_unfinished(b"stored", Some(plain.as_bytes())), "{plain}");
        }
        for stored in ["deep/.dtc-restore-0123456789abcdef", "deep/.q4c1h2.a1B2c3"] {
            assert!(is_unfinished(stored.as_bytes(), None), "{stored}");
        }
        for whole in [
            "a.dtc-copy",
            "a.12345678.partial",
            "a.123456789.dtc-copy",
            ".12345678.dtc-copy",
            ".config.a1B2c3",
        ] {
            assert!(!is_unfinished(whole.as_bytes(), Some(whole.as_bytes())), "{whole}");
        }
        assert!(!is_unfinished(b"foreign.txt", None));
    }
}
