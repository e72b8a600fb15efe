//! From the bytes that an editor or a shell leaves behind to the text that a person meant.

use zeroize::Zeroizing;

/// Why bytes are not text as a person writes it. The text itself is not repeated: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextProblem {
    /// It is written in an encoding that is not read, and that is known by its first bytes.
    #[error("is written in {0}")]
    Encoding(&'static str),
    /// It is neither UTF-8 nor marked as UTF-16.
    #[error("is not UTF-8: line {line}, column {column}")]
    NotUtf8 {
        /// The line, counted from one.
        line: usize,
        /// The column, counted from one.
        column: usize,
    },
    /// It is marked as UTF-16 and is not well-formed.
    #[error("is marked as UTF-16 and is cut off or damaged")]
    BrokenUtf16,
    /// A character that no editor shows.
    #[error("holds {what}: line {line}, column {column}")]
    Hidden {
        /// Which: `a NUL character`, …
        what: &'static str,
        /// The line, counted from one.
        line: usize,
        /// The column, counted from one.
        column: usize,
    },
    /// A value of one line begins or ends with a space.
    #[error("{0} with a space or an invisible character, which is easily there by mistake")]
    OuterSpace(&'static str),
    /// A value of one line has several.
    #[error("has {0} lines, and one is wanted")]
    SeveralLines(usize),
    /// There is nothing.
    #[error("is empty")]
    Empty,
}

impl TextProblem {
    /// What a person can do about it, where that is known.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Encoding(_) | Self::NotUtf8 { .. } | Self::BrokenUtf16 => Some("save it as UTF-8"),
            Self::Hidden { .. } => Some("delete that character, or type the text anew"),
            Self::OuterSpace(_) => Some("delete it"),
            Self::SeveralLines(_) => Some("leave the one line that is meant"),
            Self::Empty => None,
        }
    }
}

/// The text that these bytes stand for: UTF-8 with or without a byte-order mark, or UTF-16 with one; line ends become `\n`.
///
/// # Errors
/// Another encoding, damaged text, and characters that no editor shows.
pub(super) fn decode(bytes: &[u8]) -> Result<Zeroizing<String>, TextProblem> {
    let text = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(TextProblem::Encoding("UTF-32")),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest)?,
        [_, 0, _, 0, ..] | [0, _, 0, _, ..] => {
            return Err(TextProblem::Encoding("UTF-16 without a byte-order mark"));
        }
        _ => utf8(bytes)?,
    };
    let text = if text.contains('\r') { Zeroizing::new(text.replace("\r\n", "\n")) } else { text };
    match hidden(&text) {
        None => Ok(text),
        Some(problem) => Err(problem),
    }
}

fn utf8(bytes: &[u8]) -> Result<Zeroizing<String>, TextProblem> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let (line, column) = position_after(&String::from_utf8_lossy(before));
            Err(TextProblem::NotUtf8 { line, column })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Zeroizing<String>, TextProblem> {
    let (units, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(units.iter().copied().map(unit)).collect::<Result<String, _>>();
    match text {
        Ok(text) if rest.is_empty() => Ok(Zeroizing::new(text)),
        _ => Err(TextProblem::BrokenUtf16),
    }
}

/// The first character that no editor shows; tabs and line ends are shown.
fn hidden(text: &str) -> Option<TextProblem> {
    let is_hidden = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{feff}';
    let (at, found) = text.char_indices().find(|(_, c)| is_hidden(*c))?;
    let (line, column) = position_after(text.get(..at).unwrap_or_default());
    let what = match found {
        '\0' => "a NUL character",
        '\r' => "a carriage return that ends no line",
        '\u{feff}' => "a byte-order mark within the text",
        _ => "a control character",
    };
    Some(TextProblem::Hidden { what, line, column })
}

/// The place behind this text: line and column, both counted from one.
pub(crate) fn position_after(before: &str) -> (usize, usize) {
    let line = before.matches('\n').count() + 1;
    (line, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// A text from a variable, without the byte-order mark that a shell may have put before it and without line ends at its end.
///
/// ```
/// assert_eq!(dtc_adapters::files::unmarked("\u{feff}K001secret\r\n"), "K001secret");
/// ```
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text).trim_end_matches(['\r', '\n'])
}

/// The value that a text of one line holds: byte-order mark and line ends at the end are not part of it, spaces within it are.
///
/// ```
/// use dtc_adapters::files::one_line;
///
/// assert_eq!(one_line("\u{feff}two words\r\n").unwrap(), "two words");
/// assert!(one_line(" K001secret").is_err());
/// ```
///
/// # Errors
/// Nothing, several lines, characters that no editor shows, and a space at either end: whether that belongs to the value
/// nobody can see.
pub fn one_line(text: &str) -> Result<&str, TextProblem> {
    let value = unmarked(text);
    if value.is_empty() {
        return Err(TextProblem::Empty);
    }
    if value.contains('\n') {
        return Err(TextProblem::SeveralLines(value.lines().count()));
    }
    let outer = |c: Option<char>| c.is_some_and(|c| c.is_whitespace() || is_invisible(c));
    if outer(value.chars().next()) {
        return Err(TextProblem::OuterSpace("begins"));
    }
    if outer(value.chars().next_back()) {
        return Err(TextProblem::OuterSpace("ends"));
    }
    match value.char_indices().find(|(_, c)| *c == '\t') {
        Some((at, _)) => {
            let (line, column) = position_after(value.get(..at).unwrap_or_default());
            Err(TextProblem::Hidden { what: "a tab", line, column })
        }
        None => hidden(value).map_or(Ok(value), Err),
    }
}

/// Whether a character takes no room on a screen, or turns the direction of what follows it.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf16_bytes(mark: [u8; 2], text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    /// The text as each editor and shell saves it.
    fn saved(text: &str) -> Vec<(&'static str, Vec<u8>)> {
        let windows = text.replace('\n', "\r\n");
        let mut all = Vec::new();
        for text in [text, &windows] {
            all.push(("UTF-8", text.as_bytes().to_vec()));
            all.push(("UTF-8 with a mark", [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()));
            all.push(("UTF-16 LE", utf16_bytes([0xff, 0xfe], text, u16::to_le_bytes)));
            all.push(("UTF-16 BE", utf16_bytes([0xfe, 0xff], text, u16::to_be_bytes)));
        }
        all
    }

    proptest! {
        #[test]
        fn a_text_is_the_same_however_it_is_saved(
            text in "([ -~äé€漢😀\t]|\n){0,60}",
        ) {
            for (how, bytes) in saved(&text) {
                prop_assert_eq!(&**decode(&bytes).unwrap(), &*text, "{}", how);
            }
        }

        #[test]
        fn a_value_is_the_same_however_it_is_saved_and_ended(
            value in "[!-~äé€漢😀]([ -~äé€漢😀]{0,40}[!-~äé€漢😀])?",
            end in "\n{0,3}",
        ) {
            for (how, bytes) in saved(&format!("{value}{end}")) {
                let text = decode(&bytes).unwrap();
                prop_assert_eq!(one_line(&text), Ok(&*value), "{}", how);
            }
            // As a shell passes it on in a variable.
            for marked in [format!("\u{feff}{value}\r"), format!("{value}\r\n"), format!("\u{feff}{value}")] {
                prop_assert_eq!(one_line(&marked), Ok(&*value));
            }
        }

        #[test]
        fn no_bytes_make_it_fail_and_no_value_has_hidden_characters(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            if let Ok(text) = decode(&bytes) {
                let hidden = text.contains(['\0', '\r', '\u{feff}', '\u{1b}']);
                prop_assert!(!hidden);
                if let Ok(value) = one_line(&text) {
                    prop_assert!(!value.is_empty() && value.trim() == value);
                    prop_assert!(!value.chars().any(char::is_control));
                }
            }
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        let cases: [(&[u8], TextProblem); 11] = [
            (b"\xff\xfe\0\0K\0\0\0", TextProblem::Encoding("UTF-32")),
            (b"\0\0\xfe\xff\0\0\0K", TextProblem::Encoding("UTF-32")),
            (b"K\x000\x00", TextProblem::Encoding("UTF-16 without a byte-order mark")),
            (b"\0K\x000", TextProblem::Encoding("UTF-16 without a byte-order mark")),
            (b"\xff\xfeK\x000", TextProblem::BrokenUtf16),
            (b"\xff\xfe\x00\xd8K\0", TextProblem::BrokenUtf16),
            (b"a\nM\xfcller", TextProblem::NotUtf8 { line: 2, column: 2 }),
            (b"K001\0", TextProblem::Hidden { what: "a NUL character", line: 1, column: 5 }),
            (
                b"a\rb",
                TextProblem::Hidden { what: "a carriage return that ends no line", line: 1, column: 2 },
            ),
            (b"a\n\x1b[2J", TextProblem::Hidden { what: "a control character", line: 2, column: 1 }),
            (
                b"a\xef\xbb\xbfb",
                TextProblem::Hidden { what: "a byte-order mark within the text", line: 1, column: 2 },
            ),
        ];
        for (bytes, problem) in cases {
            assert_eq!(decode(bytes).unwrap_err(), problem, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_value_of_one_line_is_named() {
        for (text, problem) in [
            ("", TextProblem::Empty),
            ("\u{feff}\r\n", TextProblem::Empty),
            (" K001", TextProblem::OuterSpace("begins")),
            ("K001 \n", TextProblem::OuterSpace("ends")),
            ("\tK001", TextProblem::OuterSpace("begins")),
            ("K001\u{a0}", TextProblem::OuterSpace("ends")),
            ("\u{200b}K001", TextProblem::OuterSpace("begins")),
            ("K001\nK002\n", TextProblem::SeveralLines(2)),
            ("\nK001", TextProblem::SeveralLines(2)),
            ("K0\t01", TextProblem::Hidden { what: "a tab", line: 1, column: 3 }),
            ("K0\0", TextProblem::OuterSpace("ends")),
            ("K\0K", TextProblem::Hidden { what: "a NUL character", line: 1, column: 2 }),
        ] {
            assert_eq!(one_line(text), Err(problem), "{text:?}");
        }
    }
}
