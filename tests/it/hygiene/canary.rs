//! Looks for known secrets in bytes, whatever they are disguised as.

use std::collections::HashSet;

use aho_corasick::AhoCorasick;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

/// A piece of a secret this long is a leak.
const PIECE: usize = 8;

/// Known secrets.
#[derive(Default)]
pub(super) struct Canaries(Vec<(String, String)>);

impl Canaries {
    /// Takes in a secret and what it is called.
    pub(super) fn add(&mut self, name: &str, secret: &str) {
        if secret.len() >= PIECE && !self.0.iter().any(|(_, known)| known == secret) {
            self.0.push((name.to_owned(), secret.to_owned()));
        }
    }

    /// Takes in a token, less the public identifiers that a service puts into its tokens.
    pub(super) fn add_token(&mut self, name: &str, token: &str, public: &[String]) {
        let bare = public.iter().fold(token.to_owned(), |token, id| token.replace(id.as_str(), "\n"));
        for part in bare.lines() {
            self.add(name, part);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Fails if `bytes` hold a secret, or a piece of one, in clear or in a disguise.
    pub(super) fn assert_absent(&self, place: &str, bytes: &[u8]) {
        let found = self.leaks(bytes);
        assert!(found.is_empty(), "{place} holds {}", found.join(", "));
    }

    /// What of the secrets is in `bytes`, by name and disguise; never the secret itself.
    fn leaks(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = self.spelled(bytes);
        found.extend(self.obscured(bytes));
        found.sort();
        found.dedup();
        found
    }

    /// Pieces in clear, forwards and backwards, and whole secrets in any other spelling; in one pass over the bytes.
    fn spelled(&self, bytes: &[u8]) -> Vec<String> {
        let mut sought: Vec<(String, Vec<u8>)> = Vec::new();
        for (name, secret) in &self.0 {
            let reversed: Vec<u8> = secret.bytes().rev().collect();
            let pieces = secret.as_bytes().windows(PIECE).chain(reversed.windows(PIECE));
            sought.extend(pieces.map(|piece| (format!("a piece of {name}"), piece.to_vec())));
            let spelled = disguises(secret).into_iter();
            sought.extend(spelled.map(|(how, text)| (format!("{name}, {how}"), text.into_bytes())));
        }
        let automaton =
            AhoCorasick::new(sought.iter().map(|(_, text)| text)).expect("few enough to look for");
        let found = automaton.find_overlapping_iter(bytes);
        found.map(|found| sought[found.pattern().as_usize()].0.clone()).collect()
    }

    /// Secrets that rclone's obscuring hides: whatever looks obscured is revealed.
    fn obscured(&self, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let words: HashSet<&str> =
            text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).collect();
        let mut found = Vec::new();
        for word in words.into_iter().filter(|word| word.len() >= 22) {
            let Ok(revealed) = rclone_crypt::reveal(word) else { continue };
            let known = self.0.iter().find(|(_, secret)| revealed.expose() == secret);
            found.extend(known.map(|(name, _)| format!("{name}, obscured")));
        }
        found
    }
}

/// The spellings a secret could be printed in.
fn disguises(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let percent = |keep: fn(u8) -> bool| {
        let spelled = |&byte: &u8| {
            if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        };
        bytes.iter().map(spelled).collect::<String>()
    };
    let json = serde_json::to_string(secret).unwrap_or_default();
    vec![
        ("base64", BASE64.encode(bytes)),
        ("base64 without padding", BASE64_NOPAD.encode(bytes)),
        ("URL-safe base64", BASE64URL.encode(bytes)),
        ("URL-safe base64 without padding", BASE64URL_NOPAD.encode(bytes)),
        ("hex", HEXLOWER.encode(bytes)),
        ("upper-case hex", HEXUPPER.encode(bytes)),
        ("URL-escaped", percent(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))),
        ("form-escaped", percent(|byte| byte.is_ascii_alphanumeric() || b"*-._".contains(&byte))),
        ("JSON-escaped", json.trim_matches('"').to_owned()),
        ("debug-escaped", format!("{secret:?}").trim_matches('"').to_owned()),
        ("bytes", format!("{bytes:?}").trim_matches(['[', ']']).to_owned()),
    ]
}

/// Plants a secret in each disguise and looks for it.
pub(super) fn finds_every_disguise() {
    let secret = r#"a"quoted\ <secret> & 100% of it"#;
    let mut canaries = Canaries::default();
    canaries.add("the secret", secret);
    let around = |text: &str| format!("before {text} after").into_bytes();
    assert!(canaries.leaks(&around("nothing of the kind, at all")).is_empty());
    for (disguise, text) in disguises(secret) {
        assert!(!canaries.leaks(&around(&text)).is_empty(), "{disguise} is not seen");
    }
    let obscured = rclone_crypt::obscure(secret).unwrap();
    for text in [secret, &secret[3..11], obscured.expose()] {
        assert!(!canaries.leaks(&around(text)).is_empty(), "{text} is not seen");
    }
}
