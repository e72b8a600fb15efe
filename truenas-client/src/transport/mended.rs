//! JSON as Python writes it, where that is more than JSON allows.

use std::borrow::Cow;

/// Numbers that JSON has no words for, and Python's `json` writes all the same.
const NO_NUMBERS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];

/// The text with `null` for what is no number, and U+FFFD for half a surrogate pair: Python has one for each byte of a file name that is
/// not UTF-8.
pub(super) fn mended(text: &str) -> Cow<'_, str> {
    let (mut out, mut copied, mut at, mut in_string) = (String::new(), 0, 0, false);
    while let Some(byte) = text.as_bytes().get(at) {
        let (length, instead) = match (byte, in_string) {
            (b'"', _) => {
                in_string = !in_string;
                (1, None)
            }
            (b'\\', true) => escape(&text[at..]),
            (b'N' | b'I' | b'-', false) => {
                let found = NO_NUMBERS.iter().find(|word| text[at..].starts_with(**word));
                found.map_or((1, None), |word| (word.len(), Some("null")))
            }
            _ => (1, None),
        };
        if let Some(instead) = instead {
            out.push_str(&text[copied..at]);
            out.push_str(instead);
            copied = at + length;
        }
        at += length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// How long the escape is that `rest` begins with, in bytes, and what stands for it if it is half a pair.
fn escape(rest: &str) -> (usize, Option<&'static str>) {
    match (code_unit(rest), rest.get(6..).and_then(code_unit)) {
        (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => (12, None),
        (Some(0xD800..0xE000), _) => (6, Some("\\ufffd")),
        (Some(_), _) => (6, None),
        // The escaped character may be a quote or another backslash.
        (None, _) => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), None),
    }
}

fn code_unit(escape: &str) -> Option<u32> {
    let digits = escape.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_has_no_words_for_is_replaced_and_nothing_else() {
        for (text, expected) in [
            (r#"{"a": 1}"#, r#"{"a": 1}"#),
            (
                r#"["NaN \\ Infinity \" -Infinity", NaN, -Infinity]"#,
                r#"["NaN \\ Infinity \" -Infinity", null, null]"#,
            ),
            (r#"{"percent":NaN,"rate":Infinity,"n":-1}"#, r#"{"percent":null,"rate":null,"n":-1}"#),
            (
                r#"["caf\udce9", "\ud83d\ude00", "\ud83d", "\ud83d\u0041"]"#,
                r#"["caf\ufffd", "\ud83d\ude00", "\ufffd", "\ufffd\u0041"]"#,
            ),
            (r#"["\\udce9", "\uDCE9\udce9"]"#, r#"["\\udce9", "\ufffd\ufffd"]"#),
            (r#"["é\"#, r#"["é\"#),
            (r#"["\u12"#, r#"["\u12"#),
            (r#"["\é", NaN]"#, r#"["\é", null]"#),
        ] {
            assert_eq!(mended(text), expected, "{text}");
        }
    }
}
