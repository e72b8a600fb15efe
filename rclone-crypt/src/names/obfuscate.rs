//! Mode *obfuscate*: characters are rotated within their ranges. This is not encryption.

/// Marks the next character as not rotated.
const QUOTE: char = '!';

/// Rotates the characters of a segment by the sum of its characters and of the bytes of the name key.
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

/// Reverses [`encode`]; `None` if the segment does not begin with a number and a dot. The number is not checked against the text.
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

/// The range within which a character is rotated: `len` positions from `start`.
struct Ring {
    start: i64,
    len: i64,
    /// The rotation is the distance modulo this, plus one, so it is never zero.
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

/// The code points between `Z` and `a`, which are not part of the range of letters.
const CASE_GAP: i64 = 6;

impl Ring {
    fn turn(&self, c: char, by: i64) -> Option<char> {
        self.character((self.position(c) + by) % self.len)
    }

    /// As in rclone, a negative number at the beginning can rotate by more than the range, to any character.
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
