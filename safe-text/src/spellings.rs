//! In which spellings a secret is sought. What is escaped in a text is unescaped before the search and is not listed here.

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};
use zeroize::Zeroizing;

use crate::printable::is_seen;
use crate::unescaped::in_one_line;

/// One spelling of a secret.
pub(crate) struct Spelling {
    pub(crate) text: Zeroizing<Vec<u8>>,
    /// Whether its neighbours in the text belong to the same encoded value.
    pub(crate) is_encoded: bool,
}

/// Every spelling of a secret that is sought in a text.
pub(crate) fn spellings(secret: &str) -> Vec<Spelling> {
    let raw = secret.as_bytes();
    let mut all = Vec::new();
    let mut add = |text: Zeroizing<Vec<u8>>, is_encoded| {
        if !all.iter().any(|known: &Spelling| known.text == text) {
            all.push(Spelling { text, is_encoded });
        }
    };
    add(Zeroizing::new(raw.to_vec()), false);
    if let Some(text) = in_one_line(secret) {
        add(text, false);
    }
    for text in in_digits(raw) {
        add(Zeroizing::new(text.into_bytes()), false);
    }
    for inner in escaped(secret) {
        for text in quoted(&inner) {
            add(Zeroizing::new(text.into_bytes()), false);
        }
        for encoding in [&BASE64_NOPAD, &BASE64URL_NOPAD] {
            for before in 0..3 {
                add(core(encoding, before, inner.as_bytes()), true);
            }
        }
    }
    for before in 0..5 {
        let mut text = core(&BASE32_NOPAD, before, raw);
        add(text.clone(), true);
        text.make_ascii_lowercase();
        add(text, true);
    }
    all
}

/// Spellings that are sought and not undone where they are found, since each undoing is one more reading of every text: quotation marks as a
/// shell takes them within others, also twice; what is doubled in YAML, SQL and PowerShell, in CSV, in INI files and formats, and in unit files;
/// and everything in capitals, or nothing.
fn quoted(text: &str) -> Vec<String> {
    let in_shell = |text: &str| text.replace('\'', "'\"'\"'");
    vec![
        in_shell(text),
        in_shell(&Zeroizing::new(in_shell(text))),
        text.replace('\'', "'\\''"),
        text.replace('"', "\"'\"'\""),
        text.replace('\'', "''"),
        text.replace('"', "\"\""),
        text.replace('%', "%%"),
        text.replace('$', "$$"),
        text.to_uppercase(),
        text.to_lowercase(),
        text.to_ascii_uppercase(),
        text.to_ascii_lowercase(),
    ]
}

/// Its bytes in digits: as one number, each by itself, and as programs print lists of them, less what stands around.
fn in_digits(raw: &[u8]) -> Vec<String> {
    let decimal: Vec<String> = raw.iter().map(u8::to_string).collect();
    let mut all = vec![decimal.join(", "), decimal.join(",")];
    for encoding in [HEXLOWER, HEXUPPER] {
        let each: Vec<String> = raw.iter().map(|byte| encoding.encode(&[*byte])).collect();
        all.extend(["", ":", " ", "-", ", 0x", ",0x"].map(|between| each.join(between)));
    }
    all
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

/// The characters of an encoded text that depend on the secret alone, where `before` bytes stand before it in the group that it begins in.
fn core(encoding: &Encoding, before: usize, secret: &[u8]) -> Zeroizing<Vec<u8>> {
    let bits = encoding.bit_width();
    let bytes = Zeroizing::new([&[0; 4][..before], secret].concat());
    let text = Zeroizing::new(encoding.encode(&bytes));
    let (first, end) = ((before * 8).div_ceil(bits), bytes.len() * 8 / bits);
    Zeroizing::new(text.as_bytes()[first..end].to_vec())
}
