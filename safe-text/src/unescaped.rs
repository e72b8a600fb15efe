//! A text with its escapes resolved, in every order that matters, and where each byte of that came from.

use std::ops::Range;
use std::sync::LazyLock;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding};
use zeroize::Zeroizing;

/// A text that is cut off ends within a byte.
static BASE64_LOOSE: LazyLock<Encoding> = LazyLock::new(|| loose(&BASE64_NOPAD));
static BASE64URL_LOOSE: LazyLock<Encoding> = LazyLock::new(|| loose(&BASE64URL_NOPAD));

fn loose(encoding: &Encoding) -> Encoding {
    let mut specification = encoding.specification();
    specification.check_trailing_bits = false;
    specification.encoding().unwrap_or_else(|_| encoding.clone())
}

/// As deep as services nest escapes: JSON in JSON, in a form, shown by a program.
const DEEPEST: usize = 3;
/// More readings than any text of a service has, so that a hostile one costs no more. Each may be followed by two without its line ends.
const MOST: usize = 24;

/// One reading of a text.
pub(crate) struct Reading {
    pub(crate) bytes: Vec<u8>,
    /// Where each byte came from; empty where nothing was resolved.
    places: Vec<(usize, usize)>,
}

impl Reading {
    /// Where these bytes stand in the text.
    pub(crate) fn in_text(&self, range: Range<usize>) -> Range<usize> {
        if self.places.is_empty() {
            return range;
        }
        self.place(range.start).0..self.place(range.end - 1).1
    }

    /// Whether two neighbours of the reading are neighbours in the text: no line end was taken out between them.
    pub(crate) fn touch(&self, at: usize, next: usize) -> bool {
        self.places.is_empty() || self.place(next).0 <= self.place(at).1
    }

    fn place(&self, at: usize) -> (usize, usize) {
        self.places.get(at).copied().unwrap_or((at, at + 1))
    }

    /// This reading with one kind of escape resolved; `None` where there is none of it.
    fn resolve(&self, escape: Escape) -> Option<Self> {
        let mut resolved = Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::new() };
        let (mut at, mut any) = (0, false);
        while let Some(byte) = self.bytes.get(at) {
            if let Some((character, length)) = escape(&self.bytes[at..]) {
                any = true;
                let place = (self.place(at).0, self.place(at + length - 1).1);
                let bytes = character.bytes();
                resolved.places.extend(std::iter::repeat_n(place, bytes.len()));
                resolved.bytes.extend(bytes);
                at += length;
            } else {
                resolved.places.push(self.place(at));
                resolved.bytes.push(*byte);
                at += 1;
            }
        }
        any.then_some(resolved)
    }

    /// This reading with each line end, and the white space around it, as `instead`; `None` where there is none.
    fn joined(&self, instead: &[u8]) -> Option<Self> {
        if !self.bytes.iter().enumerate().any(|(at, _)| line_end(&self.bytes[at..]) > 0) {
            return None;
        }
        let mut joined = Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::new() };
        let mut at = 0;
        while at < self.bytes.len() {
            let (length, breaks) = white_space(&self.bytes[at..]);
            let kept = if breaks { instead } else { &self.bytes[at..at + length.max(1)] };
            for (nth, byte) in kept.iter().enumerate() {
                let whole = (self.place(at).0, self.place(at + length.max(1) - 1).1);
                joined.places.push(if breaks { whole } else { self.place(at + nth) });
                joined.bytes.push(*byte);
            }
            at += length.max(1);
        }
        Some(joined)
    }

    /// This reading with each base64 text in it decoded that says something readable; `None` where there is none.
    fn decoded(&self) -> Option<Self> {
        let mut decoded = Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::new() };
        let (mut at, mut any) = (0, false);
        while at < self.bytes.len() {
            let length = self.bytes[at..].iter().take_while(|byte| is_base64(**byte)).count();
            if let Some(text) = readable(&self.bytes[at..at + length]) {
                any = true;
                let place = (self.place(at).0, self.place(at + length - 1).1);
                decoded.places.extend(std::iter::repeat_n(place, text.len()));
                decoded.bytes.extend(text);
                at += length;
            }
            // A text that is none, and what ends it, stay.
            let end = self
                .bytes
                .len()
                .min(at + if self.bytes.get(at).is_some_and(|byte| is_base64(*byte)) { length } else { 1 });
            decoded.places.extend((at..end).map(|at| self.place(at)));
            decoded.bytes.extend(&self.bytes[at..end]);
            at = end;
        }
        any.then_some(decoded)
    }
}

/// Whether a byte can be part of a base64 text, its padding apart.
pub(crate) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// What a base64 text of twelve characters or more says, where it is text.
fn readable(run: &[u8]) -> Option<Vec<u8>> {
    let whole = &run[..run.len() - usize::from(run.len() % 4 == 1)];
    if whole.len() < 12 {
        return None;
    }
    let bytes = [&BASE64_LOOSE, &BASE64URL_LOOSE].iter().find_map(|encoding| encoding.decode(whole).ok())?;
    let text = str::from_utf8(&bytes).ok()?;
    (!text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace())).then(|| text.as_bytes().to_vec())
}

/// How long the white space is that the bytes begin with, and whether a line ends in it.
fn white_space(bytes: &[u8]) -> (usize, bool) {
    let (mut at, mut breaks) = (0, false);
    loop {
        let end = line_end(&bytes[at..]);
        match bytes.get(at) {
            _ if end > 0 => (at, breaks) = (at + end, true),
            Some(b' ' | b'\t') => at += 1,
            _ => return (at, breaks),
        }
    }
}

/// How long the line end is that the bytes begin with: each that Unicode knows.
fn line_end(bytes: &[u8]) -> usize {
    match bytes {
        [b'\n' | b'\r' | 0x0b | 0x0c, ..] => 1,
        [0xc2, 0x85, ..] => 2,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// A text without its line ends, and without the white space around them; `None` where it has none.
pub(crate) fn in_one_line(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = text.as_bytes();
    let mut line = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut at = 0;
    while at < bytes.len() {
        let (length, breaks) = white_space(&bytes[at..]);
        let kept = if breaks { &[] } else { &bytes[at..at + length.max(1)] };
        line.extend_from_slice(kept);
        at += length.max(1);
    }
    (line.len() < bytes.len()).then_some(line)
}

/// Every reading of a text: as it is, with its escapes resolved, and with what was broken over lines joined again.
pub(crate) fn readings(text: &str) -> Vec<Reading> {
    let whole = Reading { bytes: text.as_bytes().to_vec(), places: Vec::new() };
    // An escape may be broken itself.
    let joined = whole.joined(b"");
    let mut all = resolved(whole);
    let broken: Vec<Reading> = all
        .iter()
        .flat_map(|reading| [b"".as_slice(), b" "].map(|instead| reading.joined(instead)))
        .flatten()
        .collect();
    all.extend(joined.into_iter().flat_map(resolved));
    for reading in broken {
        if !all.iter().any(|known| known.bytes == reading.bytes) {
            all.push(reading);
        }
    }
    all
}

/// A text, and with its escapes resolved.
fn resolved(whole: Reading) -> Vec<Reading> {
    let mut all = vec![whole];
    let mut new = 0;
    for _ in 0..DEEPEST {
        let end = all.len();
        for outer in new..end {
            let escapes = [backslash as Escape, percent, form, entity];
            let inner: Vec<Reading> =
                escapes.iter().filter_map(|escape| all[outer].resolve(*escape)).collect();
            for inner in inner.into_iter().chain(all[outer].decoded()) {
                if all.len() < MOST && !all.iter().any(|known| known.bytes == inner.bytes) {
                    all.push(inner);
                }
            }
        }
        new = end;
    }
    all
}

/// A text with the escapes of JSON resolved, once.
pub(crate) fn from_backslashes(text: &str) -> String {
    let reading = Reading { bytes: text.as_bytes().to_vec(), places: Vec::new() };
    let bytes = reading.resolve(backslash).map_or(reading.bytes, |resolved| resolved.bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What one escape at the start of the bytes stands for, and how long it is.
type Escape = fn(&[u8]) -> Option<(Resolved, usize)>;

/// What an escape stands for.
#[derive(Clone, Copy)]
enum Resolved {
    Nothing,
    Byte(u8),
    Character(char),
}

impl Resolved {
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Byte(byte) => vec![byte],
            Self::Character(character) => character.to_string().into_bytes(),
        }
    }
}

fn hex(bytes: &[u8], digits: Range<usize>) -> Option<u32> {
    let text = str::from_utf8(bytes.get(digits)?).ok()?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(text, 16).ok()
}

fn character(code: u32, length: usize) -> Option<(Resolved, usize)> {
    char::from_u32(code).map(|character| (Resolved::Character(character), length))
}

/// The escapes of JSON, of Python's `repr`, of Rust's `Debug`, of C and of shells.
fn backslash(bytes: &[u8]) -> Option<(Resolved, usize)> {
    if bytes.first() != Some(&b'\\') {
        return None;
    }
    let byte = |byte| Some((Resolved::Byte(byte), 2));
    match bytes.get(1)? {
        b'n' => byte(b'\n'),
        b'r' => byte(b'\r'),
        b't' => byte(b'\t'),
        b'b' => byte(8),
        b'f' => byte(12),
        b'a' => byte(7),
        b'v' => byte(11),
        b'0'..=b'3' => octal(bytes).or_else(|| (bytes[1] == b'0').then_some((Resolved::Byte(0), 2))),
        same if same.is_ascii_punctuation() || *same == b' ' => byte(*same),
        b'\n' => Some((Resolved::Nothing, 2)),
        b'x' => {
            hex(bytes, 2..4).and_then(|code| u8::try_from(code).ok()).map(|code| (Resolved::Byte(code), 4))
        }
        b'U' => character(hex(bytes, 2..10)?, 10),
        b'u' if bytes.get(2) == Some(&b'{') => {
            let digits = bytes[3..].iter().take(7).position(|byte| *byte == b'}')?;
            character(hex(bytes, 3..3 + digits)?, 4 + digits)
        }
        b'u' => utf16(bytes),
        _ => None,
    }
}

/// `\303`: three digits in base eight.
fn octal(bytes: &[u8]) -> Option<(Resolved, usize)> {
    let digits = bytes.get(1..4).filter(|digits| digits.iter().all(|digit| (b'0'..=b'7').contains(digit)))?;
    let code = digits.iter().fold(0_u32, |code, digit| code * 8 + u32::from(digit - b'0'));
    Some((Resolved::Byte(u8::try_from(code).ok()?), 4))
}

/// `\u` with four digits, or two of them that are one character.
fn utf16(bytes: &[u8]) -> Option<(Resolved, usize)> {
    let high = hex(bytes, 2..6)?;
    if !(0xd800..0xdc00).contains(&high) {
        return character(high, 6);
    }
    let low = bytes.get(6..8).filter(|next| *next == b"\\u").and_then(|_| hex(bytes, 8..12))?;
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    character(0x1_0000 + ((high - 0xd800) << 10) + low, 12)
}

/// `%41`, as in a URL.
fn percent(bytes: &[u8]) -> Option<(Resolved, usize)> {
    if bytes.first() != Some(&b'%') {
        return None;
    }
    hex(bytes, 1..3).and_then(|code| u8::try_from(code).ok()).map(|code| (Resolved::Byte(code), 3))
}

/// `%41` and `+`, as in a form.
fn form(bytes: &[u8]) -> Option<(Resolved, usize)> {
    match bytes.first()? {
        b'+' => Some((Resolved::Byte(b' '), 1)),
        _ => percent(bytes),
    }
}

/// `&amp;`, `&#38;` and `&#x26;`, as in HTML.
fn entity(bytes: &[u8]) -> Option<(Resolved, usize)> {
    if bytes.first() != Some(&b'&') {
        return None;
    }
    let end = bytes.iter().take(10).position(|byte| *byte == b';')?;
    let name = str::from_utf8(&bytes[1..end]).ok()?;
    let code = match name {
        "amp" => u32::from('&'),
        "lt" => u32::from('<'),
        "gt" => u32::from('>'),
        "quot" => u32::from('"'),
        "apos" => u32::from('\''),
        _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => name.strip_prefix('#')?.parse().ok()?,
        },
    };
    character(code, end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        readings(text)
            .into_iter()
            .map(|reading| String::from_utf8_lossy(&reading.bytes).into_owned())
            .collect()
    }

    #[test]
    fn each_kind_of_escape_is_resolved() {
        for (text, meant) in [
            (r#"a\"b\\c\/d\u003ce"#, r#"a"b\c/d<e"#),
            (r"a\'b\x41\u{1f600}", "a'bA\u{1f600}"),
            (r"\ud83d\ude00 \U0001f600", "\u{1f600} \u{1f600}"),
            ("a%2Fb%2b+c", "a/b++c"),
            ("a%2Fb+c%2B", "a/b c+"),
            ("&lt;a&#38;b&#x3e;&quot;", "<a&b>\""),
            (r#"{\"a\":\"x\\\"y\"}"#, r#"{"a":"x"y"}"#),
            ("Basic YVwvYg%3D%3D, YWJjXC9kZWZnaA==", "Basic YVwvYg==, abc/defgh=="),
            ("%7B%22a%22%3A%22x%5C%22y%22%7D", r#"{"a":"x"y"}"#),
        ] {
            assert!(all(text).iter().any(|reading| reading == meant), "{text} → {:?}", all(text));
        }
        for text in
            ["", "nothing of the kind", "100%", "a & b", "C:\\", r"\ud800", r"\u12", "%4", "&;", r"\u{}"]
        {
            assert_eq!(all(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_hostile_text_has_few_readings() {
        assert!(readings(&"%255C%26amp;+".repeat(100)).len() <= MOST);
    }

    #[test]
    fn each_byte_knows_where_it_came_from() {
        let text = r"ab\u003cc%2Fd";
        for reading in readings(text) {
            if let Some(at) = reading.bytes.iter().position(|byte| *byte == b'<') {
                assert_eq!(&text[reading.in_text(at..at + 1)], r"\u003c");
            }
            let whole = reading.in_text(0..reading.bytes.len());
            assert_eq!(whole, 0..text.len());
        }
    }
}
