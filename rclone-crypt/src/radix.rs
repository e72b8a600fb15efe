//! base32hex and base64url without padding, which accept the same invalid input as Go's library does.

/// Digits of 5 or 6 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Radix {
    digits: &'static [u8],
    bits: u32,
}

/// RFC 4648 base32hex in lower case; reads both cases.
pub(crate) const BASE32_HEX: Radix = Radix { digits: b"0123456789abcdefghijklmnopqrstuv", bits: 5 };
/// RFC 4648 base64 with `-` and `_`.
pub(crate) const BASE64_URL: Radix =
    Radix { digits: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits: 6 };

/// RFC 4648 base64 with `+` and `/`.
pub(crate) const BASE64: Radix =
    Radix { digits: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bits: 6 };

impl Radix {
    pub(crate) fn encode(self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() * 8 / self.bits as usize + 1);
        let (mut pool, mut filled) = (0_u32, 0);
        for byte in bytes {
            pool = pool << 8 | u32::from(*byte);
            filled += 8;
            while filled >= self.bits {
                filled -= self.bits;
                text.push(self.digit(pool >> filled));
            }
        }
        if filled > 0 {
            text.push(self.digit(pool << (self.bits - filled)));
        }
        text
    }

    /// `None` for a character outside the alphabet or an impossible length. Unused bits are ignored.
    pub(crate) fn decode(self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(text.len() * self.bits as usize / 8);
        let (mut pool, mut filled) = (0_u32, 0);
        for digit in text.bytes() {
            // Go's base64 skips line ends anywhere.
            if self.bits == 6 && matches!(digit, b'\r' | b'\n') {
                continue;
            }
            pool = pool << self.bits | self.value(digit)?;
            filled += self.bits;
            if filled >= 8 {
                filled -= 8;
                bytes.push(pool.wrapping_shr(filled).to_le_bytes()[0]);
            }
        }
        // An unused digit means a length that is not that of any encoded bytes.
        (filled < self.bits).then_some(bytes)
    }

    fn digit(self, pool: u32) -> char {
        char::from(self.digits[pool as usize & (self.digits.len() - 1)])
    }

    fn value(self, digit: u8) -> Option<u32> {
        let digit = if self.bits == 5 { digit.to_ascii_lowercase() } else { digit };
        u32::try_from(self.digits.iter().position(|known| *known == digit)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10.
    #[test]
    fn the_vectors_of_the_rfc() {
        for (plain, text) in [("", ""), ("f", "co"), ("fo", "cpng"), ("foobar", "cpnmuoj1e8")] {
            assert_eq!(BASE32_HEX.encode(plain.as_bytes()), text);
            assert_eq!(BASE32_HEX.decode(&text.to_uppercase()).unwrap(), plain.as_bytes());
        }
        assert_eq!(BASE64_URL.encode(b"foobar"), "Zm9vYmFy");
        assert_eq!(BASE64_URL.decode("Zm9vYg").unwrap(), b"foob");
        assert_eq!(BASE64_URL.decode("Zm9vY"), None);
        assert_eq!(BASE64_URL.decode("Zm9v+A"), None);
        assert_eq!(BASE64_URL.decode("Zx").unwrap(), b"g");
        assert_eq!(BASE32_HEX.decode("abc"), None);
    }
}
