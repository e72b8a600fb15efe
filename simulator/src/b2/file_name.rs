//! File names: what is a legal one, and how they are written in headers and URLs.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::refusal::{Refusal, Result};

const LONGEST: usize = 1024;
const LONGEST_SEGMENT: usize = 250;

/// What is written as it is in headers and URLs; everything else is percent-encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'_')
    .remove(b'-')
    .remove(b'/')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Writes a name or a value for a header.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Reads a name or a value from a header or a URL; `+` is a space.
pub(crate) fn decode(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Refusal::bad_request("File names must be percent-encoded UTF-8"))
}

/// Refuses names that the service does not store.
pub(crate) fn check(name: &str) -> Result<()> {
    let refuse = |why: &str| Err(Refusal::bad_request(format!("File name {why}")));
    if name.is_empty() || name.len() > LONGEST {
        return refuse("must be 1 to 1024 bytes of UTF-8");
    }
    if name.chars().any(|c| c < ' ' || c == '\u{7f}') {
        return refuse("must not contain control characters");
    }
    if name.starts_with('/') {
        return refuse("must not start with '/'");
    }
    if name.ends_with('/') {
        return refuse("must not end with '/'");
    }
    if name.contains("//") {
        return refuse("must not contain '//'");
    }
    if name.split('/').any(|segment| segment.len() > LONGEST_SEGMENT) {
        return refuse("segment must not be longer than 250 bytes");
    }
    Ok(())
}

/// Returns the first text, in byte order, after everything that starts with `prefix`.
pub(crate) fn after_prefix(prefix: &str) -> Option<String> {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            end.push(next);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_their_encoding() {
        let name = "Пример/a b+c%20\\~!$'()*;=:@é.txt";
        assert_eq!(decode(&encode(name)).unwrap(), name);
        assert_eq!(encode("a b+c"), "a%20b%2Bc");
        assert_eq!(decode("a+b").unwrap(), "a b");
    }

    #[test]
    fn illegal_names_are_refused() {
        let long = "x".repeat(251);
        for name in ["", "/a", "a/", "a//b", "a\nb", "a\u{7f}", &long] {
            assert!(check(name).is_err(), "{name:?}");
        }
        for name in ["a", "a/b", "a\\b", ".", "é"] {
            assert!(check(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn the_end_of_a_prefix_comes_after_all_of_it() {
        assert_eq!(after_prefix("a/").as_deref(), Some("a0"));
        assert_eq!(after_prefix("\u{d7ff}").as_deref(), Some("\u{e000}"));
        assert_eq!(after_prefix("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(after_prefix("\u{10ffff}"), None);
    }
}
