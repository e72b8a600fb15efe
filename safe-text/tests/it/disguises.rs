//! The spellings in which services and programs repeat a text.

use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use data_encoding::{
    BASE32, BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER,
};

/// Writes a text in another way.
type Escape = fn(&str) -> String;

/// Each spelling by name. Escapes are written here in their own way, so that one mistake is not on both sides.
pub(super) fn disguises(secret: &str) -> Vec<(String, String)> {
    let bytes = secret.as_bytes();
    let mut all = vec![
        ("itself".to_owned(), secret.to_owned()),
        ("base64".to_owned(), BASE64.encode(bytes)),
        ("base64 without padding".to_owned(), BASE64_NOPAD.encode(bytes)),
        ("URL-safe base64".to_owned(), BASE64URL.encode(bytes)),
        ("URL-safe base64 without padding".to_owned(), BASE64URL_NOPAD.encode(bytes)),
        ("hex".to_owned(), HEXLOWER.encode(bytes)),
        ("upper-case hex".to_owned(), HEXUPPER.encode(bytes)),
        ("bytes".to_owned(), format!("{bytes:?}").trim_matches(['[', ']']).to_owned()),
        ("base64 of a form".to_owned(), BASE64.encode(form(secret).as_bytes())),
        ("base64 of JSON".to_owned(), BASE64.encode(json(secret).as_bytes())),
        ("base32".to_owned(), BASE32.encode(bytes)),
        ("base32 in small letters, without padding".to_owned(), BASE32_NOPAD.encode(bytes).to_lowercase()),
        ("capitals".to_owned(), secret.to_uppercase()),
        ("small letters".to_owned(), secret.to_lowercase()),
        (
            "bytes without spaces".to_owned(),
            format!("{bytes:?}").replace(' ', "").trim_matches(['[', ']']).to_owned(),
        ),
    ];
    for (name, between) in [("colons", ":"), ("spaces", " "), ("0x", ", 0x")] {
        let each = |spelled: fn(&u8) -> String| bytes.iter().map(spelled).collect::<Vec<_>>().join(between);
        all.push((format!("hex with {name}"), each(|byte| format!("{byte:02x}"))));
        all.push((format!("upper-case hex with {name}"), each(|byte| format!("{byte:02X}"))));
    }
    for (name, quote) in quotes() {
        let once = quote(secret);
        all.push((format!("{name} in JSON"), json(&once)));
        all.push((format!("{name} in repr"), repr(&once)));
        all.push((format!("{name} in a URL"), percent(&once, "-._~", |code| format!("%{code:02X}"))));
        all.push((format!("JSON in {name}"), quote(&secret.replace('\\', "\\\\").replace('"', "\\\""))));
        all.push((name.to_owned(), once));
    }
    let escapes: [(&str, Escape); 9] = [
        ("JSON", json),
        ("JSON in ASCII", ascii_json),
        ("JSON for HTML", html_json),
        ("repr", repr),
        ("Debug", |text| text.escape_debug().to_string()),
        ("URL", |text| percent(text, "-._~", |code| format!("%{code:02X}"))),
        ("URL in lower case", |text| percent(text, "-._~", |code| format!("%{code:02x}"))),
        ("form", form),
        ("HTML", html),
    ];
    for (outer, escape) in escapes {
        let once = escape(secret);
        all.extend(escapes.map(|(inner, again)| (format!("{outer} in {inner}"), again(&once))));
        all.push((format!("{outer} in JSON in JSON"), json(&json(&once))));
        all.push((outer.to_owned(), once));
    }
    all
}

/// As Python's `shlex.quote` does.
fn in_shell(text: &str) -> String {
    text.replace('\'', r#"'"'"'"#)
}

/// Ways to write a text between quotation marks, or where a sign has a meaning.
fn quotes() -> [(&'static str, Escape); 9] {
    [
        ("Python's quotes for a shell", in_shell),
        ("quotes for a shell", |text| text.replace('\'', r"'\''")),
        ("quotes for a shell in a shell", |text| in_shell(&in_shell(text))),
        ("backslashes for a shell", |text| {
            let escaped =
                |c: char| if c.is_ascii_punctuation() || c == ' ' { format!("\\{c}") } else { c.into() };
            text.chars().map(escaped).collect()
        }),
        ("YAML", |text| text.replace('\'', "''")),
        ("CSV", |text| text.replace('"', "\"\"")),
        ("INI", |text| text.replace('%', "%%")),
        ("a unit file", |text| text.replace('$', "$$")),
        ("C", |text| text.bytes().map(|byte| format!("\\{byte:03o}")).collect::<Vec<_>>().concat()),
    ]
}

fn json(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('/', "\\/")
}

fn units(text: &str, plain: impl Fn(char) -> bool) -> String {
    let spelled = |character: char| {
        if plain(character) {
            return character.to_string();
        }
        let mut units = [0; 2];
        let units = character.encode_utf16(&mut units).iter();
        units.map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
    };
    text.chars().map(spelled).collect()
}

fn ascii_json(text: &str) -> String {
    json(text)
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { units(&c.to_string(), |_| false) })
        .collect()
}

fn html_json(text: &str) -> String {
    units(text, |c| !"<>&\"\\'".contains(c))
}

fn repr(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\'', "\\'")
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\U{:08x}", u32::from(c)) })
        .collect()
}

fn percent(text: &str, kept: &str, escape: fn(u8) -> String) -> String {
    let spelled = |byte: u8| {
        let plain = byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte);
        if plain { char::from(byte).to_string() } else { escape(byte) }
    };
    text.bytes().map(spelled).collect()
}

fn form(text: &str) -> String {
    percent(text, "*-._ ", |code| format!("%{code:02X}")).replace(' ', "+")
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// As rclone writes a password into its configuration (`fs/config/obscure/obscure.go`).
pub(super) fn obscured(clear: &str, iv: [u8; 16]) -> String {
    let key = HEXLOWER.decode(b"9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638").unwrap();
    let mut hidden = clear.as_bytes().to_vec();
    ctr::Ctr128BE::<aes::Aes256>::new_from_slices(&key, &iv).unwrap().apply_keystream(&mut hidden);
    BASE64URL_NOPAD.encode(&[&iv[..], &hidden].concat())
}
