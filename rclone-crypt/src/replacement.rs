//! Characters that rclone replaces in names by similar ones, and the quoting of such characters in the original name.

/// Quotes a character that would otherwise read as a replacement.
const QUOTE: char = '\u{201B}';
const FULL_STOP: &str = "\u{FF0E}";
const BACKSLASH: char = '\u{FF3C}';
const DELETE: char = '\u{2421}';
const CONTROL_PICTURES: u32 = 0x2400;

/// The characters that are replaced in addition to control characters, DEL, `.` and `..`.
#[derive(Clone, Copy)]
pub(crate) struct Replacement {
    pub(crate) backslash: bool,
    /// Whether bytes that are not UTF-8 are replaced by hexadecimal digits.
    pub(crate) invalid: bool,
}

impl Replacement {
    /// Replaces characters, segment by segment.
    pub(crate) fn encode(self, path: &[u8]) -> Vec<u8> {
        path.split(|byte| *byte == b'/')
            .map(|segment| self.encode_segment(segment))
            .collect::<Vec<_>>()
            .join(&b'/')
    }

    /// Reverses [`Replacement::encode`]. Segments that stand for `.` or `..` are not decoded, because no file has such a name.
    pub(crate) fn decode(self, path: &[u8]) -> Vec<u8> {
        path.split(|byte| *byte == b'/')
            .map(|segment| self.decode_segment(segment))
            .collect::<Vec<_>>()
            .join(&b'/')
    }

    fn encode_segment(self, segment: &[u8]) -> Vec<u8> {
        match segment {
            b"." => return FULL_STOP.into(),
            b".." => return FULL_STOP.repeat(2).into(),
            _ => {}
        }
        let mut name = Vec::with_capacity(segment.len());
        for chunk in segment.utf8_chunks() {
            for c in chunk.valid().chars() {
                if let Some(picture) = self.replace(c) {
                    push(&mut name, picture);
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
        name
    }

    fn decode_segment(self, segment: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(segment.len());
        for chunk in segment.utf8_chunks() {
            self.decode_text(&mut bytes, chunk.valid());
            bytes.extend(chunk.invalid());
        }
        bytes
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
            '\0'..='\u{1F}' => char::from_u32(CONTROL_PICTURES + u32::from(c)),
            '\u{7F}' => Some(DELETE),
            '\\' if self.backslash => Some(BACKSLASH),
            _ => None,
        }
    }

    /// The character that a replacement stands for.
    fn original(self, c: char) -> Option<char> {
        match c {
            '\u{2400}'..='\u{241F}' => char::from_u32(u32::from(c) - CONTROL_PICTURES),
            DELETE => Some('\u{7F}'),
            BACKSLASH if self.backslash => Some('\\'),
            _ => None,
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
