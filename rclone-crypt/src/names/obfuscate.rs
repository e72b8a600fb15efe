//! Mode *obfuscate*: characters rotated within their ranges. A disguise, not encryption.

/// Marks the next character as not rotated.
const QUOTE: char = '!';

/// Rotates a segment, by its own characters' sum and by that of the name key's bytes.
pub(super) fn encode(segment: &[u8], key_sum: i64) -> Vec<u8> {
    let Ok(text) = str::from_utf8(segment) else {
        return [b"!.", segment].concat();
    };
    let rotation = text.chars().map(i64::from_char).sum::<i64>() % 256;
    let mut name = format!("{rotation}.");
    let distance = rotation + key_sum;
    for c in text.chars() {
        match ring(c) {
            _ if c == QUOTE => name.extend([QUOTE, QUOTE]),
            None => name.push(c),
            Some(ring) => match ring.turn(c, distance % ring.modulus + 1) {
                Some(turned) => name.push(turned),
                None => name.extend([QUOTE, c]),
            },
        }
    }
    name.into_bytes()
}

/// Undoes [`encode`]; `None` where there is no number and dot in front. The number is not checked against the text.
pub(super) fn decode(segment: &[u8], key_sum: i64) -> Option<Vec<u8>> {
    let dot = segment.iter().position(|byte| *byte == b'.')?;
    let (number, rest) = (&segment[..dot], &segment[dot + 1..]);
    if number == b"!" {
        return Some(rest.to_vec());
    }
    let rotation: i64 = str::from_utf8(number).ok()?.parse().ok()?;
    let distance = rotation.wrapping_add(key_sum);
    let mut plain = String::with_capacity(rest.len());
    let text = String::from_utf8_lossy(rest);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match ring(c) {
            _ if c == QUOTE => plain.extend(chars.next()),
            None => plain.push(c),
            Some(ring) => plain.push(ring.turn_back(c, distance % ring.modulus + 1)),
        }
    }
    Some(plain.into_bytes())
}

/// The characters among which one rotates: `len` positions from `start` on.
struct Ring {
    start: i64,
    len: i64,
    /// The rotation is the distance modulo this, plus one: never none at all.
    modulus: i64,
    letters: bool,
}

fn ring(c: char) -> Option<Ring> {
    let code = i64::from_char(c);
    match c {
        '0'..='9' => Some(Ring { start: 0x30, len: 10, modulus: 9, letters: false }),
        'A'..='Z' | 'a'..='z' => Some(Ring { start: 0x41, len: 52, modulus: 25, letters: true }),
        '\u{A0}'..='\u{FF}' => Some(Ring { start: 0xA0, len: 96, modulus: 95, letters: false }),
        '\u{100}'.. => Some(Ring { start: code - code % 256, len: 256, modulus: 127, letters: false }),
        _ => None,
    }
}

/// From `Z` to `a` in code points: what lies between is no part of the letters' ring.
const CASE_GAP: i64 = 6;

impl Ring {
    fn turn(&self, c: char, by: i64) -> Option<char> {
        self.character((self.position(c) + by) % self.len)
    }

    /// A negative number in front can turn further than once around, to any character, as in rclone.
    fn turn_back(&self, c: char, by: i64) -> char {
        let position = self.position(c) - by;
        let position = if position < 0 { position + self.len } else { position };
        self.character(position).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn position(&self, c: char) -> i64 {
        let position = i64::from_char(c) - self.start;
        if self.letters && position >= 26 { position - CASE_GAP } else { position }
    }

    fn character(&self, position: i64) -> Option<char> {
        let offset = if self.letters && position >= 26 { position + CASE_GAP } else { position };
        u32::try_from(self.start + offset).ok().and_then(char::from_u32)
    }
}

trait FromChar {
    fn from_char(c: char) -> Self;
}

impl FromChar for i64 {
    fn from_char(c: char) -> Self {
        Self::from(u32::from(c))
    }
}
