//! In which spellings a secret is sought. What is escaped in a text is unescaped before the search and is not listed here.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};
use zeroize::Zeroizing;

use crate::printable::is_seen;

/// One spelling of a secret.
pub(crate) struct Spelling {
    pub(crate) text: Zeroizing<Vec<u8>>,
    /// Whether its neighbours in the text belong to the same encoded value.
    pub(crate) in_base64: bool,
}

/// Every spelling of a secret that is sought in a text.
pub(crate) fn spellings(secret: &str) -> Vec<Spelling> {
    let raw = secret.as_bytes();
    let plain = |text: String| Spelling { text: Zeroizing::new(text.into_bytes()), in_base64: false };
    let mut all = vec![
        plain(secret.to_owned()),
        plain(HEXLOWER.encode(raw)),
        plain(HEXUPPER.encode(raw)),
        plain(numbers(raw)),
    ];
    for inner in escaped(secret) {
        for (encoding, before) in [
            (&BASE64_NOPAD, 0),
            (&BASE64_NOPAD, 1),
            (&BASE64_NOPAD, 2),
            (&BASE64URL_NOPAD, 0),
            (&BASE64URL_NOPAD, 1),
            (&BASE64URL_NOPAD, 2),
        ] {
            let text = Zeroizing::new(core(encoding, before, inner.as_bytes()).into_bytes());
            if !all.iter().any(|known| known.text == text) {
                all.push(Spelling { text, in_base64: true });
            }
        }
    }
    all
}

/// As a program prints the bytes that it holds: `[104, 117]`, without the brackets.
fn numbers(raw: &[u8]) -> String {
    raw.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}

/// How a secret may be written before all of it is encoded: as it is, as JSON, in a URL, in a form.
fn escaped(secret: &str) -> Vec<Zeroizing<String>> {
    let percent = |kept: &[u8], space: Option<char>| {
        let spelled = |byte: u8| match byte {
            b' ' if space.is_some() => space.map(String::from).unwrap_or_default(),
            byte if byte.is_ascii_alphanumeric() || kept.contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        secret.bytes().map(spelled).collect::<String>()
    };
    let all = [secret.to_owned(), json_escaped(secret), percent(b"-._~", None), percent(b"*-._", Some('+'))];
    let mut distinct: Vec<Zeroizing<String>> = Vec::new();
    for text in all.map(Zeroizing::new) {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

/// The text as a JSON string has it, without the quotation marks; what nobody sees is escaped.
pub(crate) fn json_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            unseen if !is_seen(unseen) => {
                let mut units = [0; 2];
                for unit in unseen.encode_utf16(&mut units) {
                    escaped.extend(["\\u", &HEXLOWER.encode(&unit.to_be_bytes())]);
                }
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// The characters of a base64 text that depend on the secret alone, where `before` bytes (modulo three) stand before it.
fn core(encoding: &Encoding, before: usize, secret: &[u8]) -> String {
    let bytes = Zeroizing::new([&[0; 2][..before], secret].concat());
    let text = Zeroizing::new(encoding.encode(&bytes));
    let (first, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    text[first..end].to_owned()
}
