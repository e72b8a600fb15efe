//! Just enough of Rust's lexical grammar to tell code from comments and literals.

use std::ops::Range;

/// A source as two texts of its own length: the same byte stands at the same offset in each.
#[derive(Debug)]
pub(super) struct Masked {
    /// The code: comments are blank, and what stands between the quotes of a literal is `_`.
    pub(super) code: String,
    /// The comments alone: all else is blank.
    pub(super) comments: String,
}

/// Splits a source into code and comments.
pub(super) fn mask(source: &str) -> Masked {
    let bytes = source.as_bytes();
    let mut code = bytes.to_vec();
    let mut comments = blank(bytes, 0..bytes.len(), b' ');
    let mut at = 0;
    while at < bytes.len() {
        let (piece, end) = next(bytes, at);
        match piece {
            Piece::Code => {}
            Piece::Comment => {
                comments[at..end].copy_from_slice(&bytes[at..end]);
                code[at..end].copy_from_slice(&blank(bytes, at..end, b' '));
            }
            Piece::Literal(inside) => {
                let hidden = blank(bytes, inside.clone(), b'_');
                code[inside].copy_from_slice(&hidden);
            }
        }
        at = end;
    }
    Masked { code: String::from_utf8(code).unwrap(), comments: String::from_utf8(comments).unwrap() }
}

enum Piece {
    Code,
    Comment,
    /// A string or character, with the range between its quotes.
    Literal(Range<usize>),
}

/// What begins at `at`, and where it ends.
fn next(bytes: &[u8], at: usize) -> (Piece, usize) {
    match &bytes[at..] {
        [b'/', b'/', ..] => (Piece::Comment, line_end(bytes, at)),
        [b'/', b'*', ..] => (Piece::Comment, block_comment_end(bytes, at)),
        [b'"', ..] => quoted(bytes, at, b'"'),
        [b'\'', ..] if is_character(&bytes[at..]) => quoted(bytes, at, b'\''),
        [first, ..] if is_word(*first) => word(bytes, at),
        _ => (Piece::Code, at + 1),
    }
}

/// A word; or, where it is the prefix of one (`r`, `br`, `cr`), a raw string.
fn word(bytes: &[u8], at: usize) -> (Piece, usize) {
    let end = at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
    if !matches!(&bytes[at..end], b"r" | b"br" | b"cr") {
        return (Piece::Code, end);
    }
    let hashes = bytes[end..].iter().take_while(|byte| **byte == b'#').count();
    let open = end + hashes;
    if bytes.get(open) != Some(&b'"') {
        return (Piece::Code, end);
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let inside = bytes[open + 1..]
        .windows(close.len())
        .position(|window| window == close)
        .map_or(open + 1..bytes.len(), |length| open + 1..open + 1 + length);
    let end = (inside.end + close.len()).min(bytes.len());
    (Piece::Literal(inside), end)
}

/// A string or character with escapes, from its opening quote.
fn quoted(bytes: &[u8], at: usize, quote: u8) -> (Piece, usize) {
    let mut end = at + 1;
    while end < bytes.len() && bytes[end] != quote {
        end += if bytes[end] == b'\\' { 2 } else { 1 };
    }
    let end = end.min(bytes.len());
    (Piece::Literal(at + 1..end), (end + 1).min(bytes.len()))
}

/// Whether a quote opens a character; else it opens a lifetime or a label.
fn is_character(rest: &[u8]) -> bool {
    let Ok(rest) = std::str::from_utf8(&rest[..rest.len().min(8)]).or_else(|error| {
        // The window may end inside a character: what stands before it is enough.
        std::str::from_utf8(&rest[..error.valid_up_to()])
    }) else {
        return false;
    };
    let mut after = rest.chars().skip(1);
    match after.next() {
        Some('\\') => true,
        Some(_) => after.next() == Some('\''),
        None => false,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut end) = (0_usize, at);
    while end < bytes.len() {
        match &bytes[end..] {
            [b'/', b'*', ..] => (depth, end) = (depth + 1, end + 2),
            [b'*', b'/', ..] => (depth, end) = (depth - 1, end + 2),
            _ => end += 1,
        }
        if depth == 0 {
            return end;
        }
    }
    bytes.len()
}

/// The range with every byte but line ends replaced.
fn blank(bytes: &[u8], range: Range<usize>, with: u8) -> Vec<u8> {
    bytes[range].iter().map(|byte| if *byte == b'\n' { b'\n' } else { with }).collect()
}

/// The end of a bracketed run, past its closing bracket, from the opening one.
pub(super) fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(offset + 1);
        }
    }
    None
}

#[test]
fn comments_and_literals_are_distinguished_from_code() {
    let cases = [
        ("a // } b\nc", "a       \nc"),
        ("a /*{/*}*/{*/ b", "a             b"),
        (r#"f("}{ \" }")"#, r#"f("_______")"#),
        ("r#\"a \" } \"# }", "r#\"______\"# }"),
        ("br\"\\\" }", "br\"_\" }"),
        ("b\"}\" c\"{\"", "b\"_\" c\"_\""),
        ("['{', '\\'', '\\u{7d}', b'}']", "['_', '__', '______', b'_']"),
        ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
        ("'outer: loop { break 'outer; }", "'outer: loop { break 'outer; }"),
        ("r#type + for\"x\"", "r#type + for\"_\""),
        ("'é' 'x", "'__' 'x"),
        ("\"never closed {", "\"______________"),
    ];
    for (source, code) in cases {
        assert_eq!(mask(source).code, code, "{source}");
    }
}

#[test]
fn comments_keep_their_place() {
    let masked = mask("/// N1\nfn f() { \"//\" } // end");
    assert_eq!(masked.comments, "/// N1\n                // end");
    assert_eq!(masked.code.len(), masked.comments.len());
}

#[test]
fn brackets_are_matched() {
    assert_eq!(closing("f(a[1]) {}", 1), Some(7));
    assert_eq!(closing("{ { }", 0), None);
}
