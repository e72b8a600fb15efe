//! The characters that rclone's b2 backend replaces in object names, with its default encoding.

/// Quotes a character that would otherwise read as a replacement (rclone's U+201B).
const QUOTE: char = '\u{201B}';
const FULL_STOP: char = '\u{FF0E}';
const BACKSLASH: char = '\u{FF3C}';
const DELETE: char = '\u{2421}';
const CONTROL_PICTURES: u32 = 0x2400;

/// The object name that rclone gives to a stored path: segment by segment; the path's bytes need not be UTF-8.
///
/// rclone's default for b2: `Slash,BackSlash,Del,Ctl,InvalidUtf8,Dot` (rclone 1.70.2).
///
/// ```
/// use rclone_crypt::b2_name;
///
/// assert_eq!(b2_name::encode(br"a\b/..//tab"), "a\u{FF3C}b/\u{FF0E}\u{FF0E}//tab");
/// assert_eq!(b2_name::decode("a\u{FF3C}b"), br"a\b");
/// ```
pub fn encode(path: &[u8]) -> String {
    path.split(|byte| *byte == b'/').map(encode_segment).collect::<Vec<_>>().join("/")
}

/// The path, in bytes, behind an object name.
pub fn decode(object: &str) -> Vec<u8> {
    object.split('/').map(decode_segment).collect::<Vec<_>>().join(&b'/')
}

fn encode_segment(segment: &[u8]) -> String {
    match segment {
        b"." => return FULL_STOP.to_string(),
        b".." => return [FULL_STOP; 2].iter().collect(),
        _ => {}
    }
    let mut name = String::with_capacity(segment.len());
    if is_quoted_dots(segment) {
        name.push(QUOTE);
    }
    for chunk in segment.utf8_chunks() {
        for c in chunk.valid().chars() {
            match replacement(c) {
                Some(picture) => name.push(picture),
                None if original(c).is_some() || c == QUOTE => name.extend([QUOTE, c]),
                None => name.push(c),
            }
        }
        for byte in chunk.invalid() {
            name.push(QUOTE);
            name.extend([byte >> 4, byte & 15].map(hex_digit));
        }
    }
    name
}

/// A segment that is one or two full-width full stops already: the first is quoted.
fn is_quoted_dots(segment: &[u8]) -> bool {
    matches!(str::from_utf8(segment), Ok("\u{FF0E}" | "\u{FF0E}\u{FF0E}"))
}

fn decode_segment(segment: &str) -> Vec<u8> {
    match segment {
        "\u{FF0E}" => return b".".to_vec(),
        "\u{FF0E}\u{FF0E}" => return b"..".to_vec(),
        _ => {}
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.chars();
    while let Some(c) = rest.next() {
        if c == QUOTE {
            if let Some(byte) = hex_byte(rest.as_str()) {
                bytes.push(byte);
                rest = rest.as_str()[2..].chars();
                continue;
            }
            if let Some(quoted) = rest.clone().next().filter(|c| is_quotable(*c)) {
                push(&mut bytes, quoted);
                rest.next();
                continue;
            }
        }
        push(&mut bytes, original(c).unwrap_or(c));
    }
    bytes
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn is_quotable(c: char) -> bool {
    c == QUOTE || c == FULL_STOP || original(c).is_some()
}

/// What stands for a character that may not be in an object name.
fn replacement(c: char) -> Option<char> {
    match c {
        '\0'..='\u{1F}' => char::from_u32(CONTROL_PICTURES + u32::from(c)),
        '\u{7F}' => Some(DELETE),
        '\\' => Some(BACKSLASH),
        _ => None,
    }
}

/// Which character a replacement stands for.
fn original(c: char) -> Option<char> {
    match c {
        '\u{2400}'..='\u{241F}' => char::from_u32(u32::from(c) - CONTROL_PICTURES),
        DELETE => Some('\u{7F}'),
        BACKSLASH => Some('\\'),
        '\u{FF0F}' => Some('/'),
        _ => None,
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(nibble)])
}

fn hex_byte(text: &str) -> Option<u8> {
    let pair = text.get(..2)?;
    let upper = pair.bytes().all(|c| matches!(c, b'0'..=b'9' | b'A'..=b'F'));
    upper.then(|| u8::from_str_radix(pair, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs made with rclone 1.70.2 over a remote with this encoding.
    #[test]
    fn pairs_made_by_rclone() {
        let pairs: [(&[u8], &str); 8] = [
            (b"plain: *?\"<>|%#.txt. ", "plain: *?\"<>|%#.txt. "),
            (b"back\\slash", "back\u{FF3C}slash"),
            (b"ctl\x01\x1f\x7f", "ctl\u{2401}\u{241F}\u{2421}"),
            ("\u{FF41}\u{FF3C} already".as_bytes(), "\u{FF41}\u{201B}\u{FF3C} already"),
            ("\u{240A} already".as_bytes(), "\u{201B}\u{240A} already"),
            (b"dot..name", "dot..name"),
            (b"...", "..."),
            (b"bad\xff\xfe.txt", "bad\u{201B}FF\u{201B}FE.txt"),
        ];
        for (plain, object) in pairs {
            assert_eq!(encode(plain), object);
            assert_eq!(decode(object), plain);
        }
    }
}
