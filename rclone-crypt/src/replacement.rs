//! Characters that rclone replaces in names by similar ones, and the quoting of such characters in the original name
//! (rclone 1.75.2, `lib/encoder`).

/// Quotes a character that would otherwise read as a replacement.
const QUOTE: char = '\u{201B}';
const DELETE: char = '\u{2421}';
const CONTROL_PICTURES: u32 = 0x2400;
/// Added to a printable ASCII character, this gives its full-width form.
const FULL_WIDTH: u32 = 0xFEE0;

/// The full-width forms of whole names that only directories have, and what is written for a file with such a name.
const DOTS: [(&str, &str); 4] = [
    (".", "\u{FF0E}"),
    ("..", "\u{FF0E}\u{FF0E}"),
    ("\u{FF0E}", "\u{201B}\u{FF0E}"),
    ("\u{FF0E}\u{FF0E}", "\u{201B}\u{FF0E}\u{201B}\u{FF0E}"),
];

/// The characters that a system cannot have in names, in addition to NUL, `/` and the names `.` and `..`.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "rclone's own flags, each independent of the others")]
pub(crate) struct Replacement {
    /// Control characters.
    pub(crate) control: bool,
    /// The delete character.
    pub(crate) delete: bool,
    pub(crate) backslash: bool,
    /// Bytes that are not UTF-8; hexadecimal digits stand for them.
    pub(crate) invalid: bool,
    /// What Windows refuses: `:?"*<>|`, and a space or a dot at the end.
    pub(crate) windows: bool,
}

/// Converts a path between two systems' names, segment by segment.
pub(crate) fn convert(path: &[u8], from: Replacement, to: Replacement) -> Vec<u8> {
    if is_plain(path) {
        return path.to_vec();
    }
    path.split(|byte| *byte == b'/')
        .map(|segment| to.encode_segment(&from.decode_segment(segment)))
        .collect::<Vec<_>>()
        .join(&b'/')
}

/// Whether every system writes the path as it is, as most are: printable ASCII that not even Windows refuses.
fn is_plain(path: &[u8]) -> bool {
    path.iter().all(|byte| matches!(byte, b' '..=b'~') && !b":?\"*<>|\\".contains(byte))
        && path.split(|byte| *byte == b'/').all(|segment| !matches!(segment, [.., b' ' | b'.']))
}

impl Replacement {
    fn encode_segment(self, segment: &[u8]) -> Vec<u8> {
        if let Some((_, written)) = DOTS.iter().find(|(name, _)| name.as_bytes() == segment) {
            return written.as_bytes().to_vec();
        }
        let (segment, end) = self.encode_end(segment);
        let mut name = Vec::with_capacity(segment.len());
        for chunk in segment.utf8_chunks() {
            for c in chunk.valid().chars() {
                if let Some(replaced) = self.replace(c) {
                    push(&mut name, replaced);
                    continue;
                }
                if c == QUOTE || self.original(c).is_some() {
                    push(&mut name, QUOTE);
                }
                push(&mut name, c);
            }
            if self.invalid {
                for byte in chunk.invalid() {
                    name.extend(format!("{QUOTE}{byte:02X}").bytes());
                }
            } else {
                name.extend(chunk.invalid());
            }
        }
        name.extend(end.as_bytes());
        name
    }

    /// Takes off a last character that Windows refuses there, and returns what is written for it.
    fn encode_end(self, segment: &[u8]) -> (&[u8], &'static str) {
        let ends = [
            (" ", "\u{2420}"),
            ("\u{2420}", "\u{201B}\u{2420}"),
            (".", "\u{FF0E}"),
            ("\u{FF0E}", "\u{201B}\u{FF0E}"),
        ];
        ends.into_iter()
            .filter(|_| self.windows)
            .find_map(|(end, written)| Some((segment.strip_suffix(end.as_bytes())?, written)))
            .unwrap_or((segment, ""))
    }

    fn decode_segment(self, segment: &[u8]) -> Vec<u8> {
        if let Some((name, _)) = DOTS.iter().find(|(_, written)| written.as_bytes() == segment) {
            return name.as_bytes().to_vec();
        }
        let (segment, end) = self.decode_end(segment);
        let mut bytes = Vec::with_capacity(segment.len());
        for chunk in segment.utf8_chunks() {
            self.decode_text(&mut bytes, chunk.valid());
            bytes.extend(chunk.invalid());
        }
        bytes.extend(end.as_bytes());
        bytes
    }

    /// Reverses [`Replacement::encode_end`].
    fn decode_end(self, segment: &[u8]) -> (&[u8], &'static str) {
        let ends = [
            ("\u{201B}\u{2420}", "\u{2420}"),
            ("\u{2420}", " "),
            ("\u{201B}\u{FF0E}", "\u{FF0E}"),
            ("\u{FF0E}", "."),
        ];
        ends.into_iter()
            .filter(|_| self.windows)
            .find_map(|(written, end)| Some((segment.strip_suffix(written.as_bytes())?, end)))
            .unwrap_or((segment, ""))
    }

    fn decode_text(self, bytes: &mut Vec<u8>, text: &str) {
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c == QUOTE {
                let quoted = rest.clone().next().filter(|c| *c == QUOTE || self.original(*c).is_some());
                if let Some(quoted) = quoted {
                    push(bytes, quoted);
                    rest.next();
                    continue;
                }
                if let Some(byte) = self.hex_byte(rest.as_str()) {
                    bytes.push(byte);
                    rest = rest.as_str()[2..].chars();
                    continue;
                }
            }
            push(bytes, self.original(c).unwrap_or(c));
        }
    }

    /// The replacement of a character.
    fn replace(self, c: char) -> Option<char> {
        match c {
            '\0' => char::from_u32(CONTROL_PICTURES),
            '\u{1}'..='\u{1F}' if self.control => char::from_u32(CONTROL_PICTURES + u32::from(c)),
            '\u{7F}' if self.delete => Some(DELETE),
            ' '..='~' if self.has(c) => char::from_u32(FULL_WIDTH + u32::from(c)),
            _ => None,
        }
    }

    /// The character that a replacement stands for.
    fn original(self, c: char) -> Option<char> {
        match c {
            '\u{2400}' => Some('\0'),
            '\u{2401}'..='\u{241F}' if self.control => char::from_u32(u32::from(c) - CONTROL_PICTURES),
            DELETE if self.delete => Some('\u{7F}'),
            '\u{FF00}'..='\u{FF5E}' => {
                char::from_u32(u32::from(c) - FULL_WIDTH).filter(|original| self.has(*original))
            }
            _ => None,
        }
    }

    /// Whether a printable ASCII character is replaced.
    fn has(self, c: char) -> bool {
        match c {
            '/' => true,
            '\\' => self.backslash,
            ':' | '?' | '"' | '*' | '<' | '>' | '|' => self.windows,
            _ => false,
        }
    }

    fn hex_byte(self, text: &str) -> Option<u8> {
        let pair =
            text.get(..2).filter(|pair| self.invalid && pair.bytes().all(|c| c.is_ascii_hexdigit()))?;
        u8::from_str_radix(pair, 16).ok()
    }
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_plain_is_written_as_it_is_by_every_system(path in "[ -~]{0,6}(/[ -~]{0,6}){0,2}") {
            prop_assume!(is_plain(path.as_bytes()));
            for flags in 0..32 {
                let flag = |bit: u8| flags >> bit & 1 == 1;
                let system = Replacement {
                    control: flag(0),
                    delete: flag(1),
                    backslash: flag(2),
                    invalid: flag(3),
                    windows: flag(4),
                };
                for segment in path.as_bytes().split(|byte| *byte == b'/') {
                    prop_assert_eq!(system.encode_segment(segment), segment);
                    prop_assert_eq!(system.decode_segment(segment), segment);
                }
            }
        }
    }

    #[test]
    fn what_some_system_writes_in_another_way_is_not_plain() {
        for path in
            ["a.", "a ", ".", "..", "a/../b", "a./b", "a\\b", "a:b", "a\"", "a\u{e9}", "a\n", "\u{7f}"]
        {
            assert!(!is_plain(path.as_bytes()), "{path:?}");
        }
        for path in ["", "a/b.txt", "/a//b", "~$ a(1).x"] {
            assert!(is_plain(path.as_bytes()), "{path:?}");
        }
    }

    /// rclone has more flags than fit a table of pairs; these are the ends of names, where its code is a case apart.
    #[test]
    fn ends_that_windows_refuses() {
        let windows = Replacement {
            control: true,
            backslash: true,
            invalid: true,
            windows: true,
            ..Replacement::default()
        };
        for (name, written) in [
            ("a.", "a\u{FF0E}"),
            ("a ", "a\u{2420}"),
            ("a. .", "a. \u{FF0E}"),
            ("a\u{FF0E}", "a\u{201B}\u{FF0E}"),
            ("a\u{2420}", "a\u{201B}\u{2420}"),
            ("a\u{FF0E}b", "a\u{FF0E}b"),
            (".", "\u{FF0E}"),
            ("...", "..\u{FF0E}"),
            ("q?:*<>|\"\\", "q\u{FF1F}\u{FF1A}\u{FF0A}\u{FF1C}\u{FF1E}\u{FF5C}\u{FF02}\u{FF3C}"),
        ] {
            assert_eq!(windows.encode_segment(name.as_bytes()), written.as_bytes(), "{name}");
            assert_eq!(windows.decode_segment(written.as_bytes()), name.as_bytes(), "{written}");
        }
        assert_eq!(windows.encode_segment(b"bad\xff"), "bad\u{201B}FF".as_bytes());
    }
}
