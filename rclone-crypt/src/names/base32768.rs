//! The encoding `base32768`: 15 bits per character of the Basic Multilingual Plane.

/// Ranges of the first characters of blocks of 32; both ends are included.
#[rustfmt::skip]
const RANGES: [(u16, u16); 54] = [
    (0x0180, 0x0180), (0x0240, 0x0280), (0x04a0, 0x04a0), (0x0500, 0x0500), (0x0680, 0x06a0), (0x0760, 0x0780),
    (0x07c0, 0x07c0), (0x1000, 0x1000), (0x10a0, 0x10a0), (0x1100, 0x1140), (0x1180, 0x1180), (0x11e0, 0x1220),
    (0x1260, 0x1260), (0x12e0, 0x12e0), (0x1320, 0x1320), (0x13a0, 0x13c0), (0x1420, 0x1640), (0x16a0, 0x16c0),
    (0x1780, 0x1780), (0x1820, 0x1840), (0x18c0, 0x18c0), (0x1980, 0x1980), (0x19e0, 0x19e0), (0x1a20, 0x1a20),
    (0x1bc0, 0x1bc0), (0x1c00, 0x1c00), (0x1d00, 0x1d00), (0x21e0, 0x21e0), (0x22c0, 0x22c0), (0x2340, 0x23c0),
    (0x2400, 0x2400), (0x2500, 0x2740), (0x2780, 0x27a0), (0x2800, 0x2960), (0x29a0, 0x29a0), (0x2a20, 0x2a40),
    (0x2a80, 0x2aa0), (0x2ae0, 0x2b40), (0x2c00, 0x2c00), (0x2c80, 0x2cc0), (0x2d00, 0x2d00), (0x2d40, 0x2d40),
    (0x2ea0, 0x2ec0), (0x31c0, 0x31c0), (0x3400, 0x4d80), (0x4dc0, 0x9fa0), (0xa000, 0xa460), (0xa4a0, 0xa4a0),
    (0xa500, 0xa5e0), (0xa640, 0xa640), (0xa6a0, 0xa6c0), (0xa700, 0xa740), (0xa780, 0xa780), (0xa840, 0xa840),
];
/// The number of blocks, the lowest ones, that encode a last group of 7 bits.
const SHORT_BLOCKS: usize = 4;
const LONG_BLOCKS: usize = 1024;

const BLOCKS: [u16; SHORT_BLOCKS + LONG_BLOCKS] = blocks();

const fn blocks() -> [u16; SHORT_BLOCKS + LONG_BLOCKS] {
    let mut blocks = [0; SHORT_BLOCKS + LONG_BLOCKS];
    let (mut filled, mut range) = (0, 0);
    while range < RANGES.len() {
        let (mut start, end) = RANGES[range];
        while start <= end {
            blocks[filled] = start;
            filled += 1;
            start += 32;
        }
        range += 1;
    }
    assert!(filled == blocks.len(), "the alphabet is complete");
    blocks
}

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    let (mut pool, mut filled) = (0_u32, 0_u32);
    for byte in bytes {
        pool = pool << 8 | u32::from(*byte);
        filled += 8;
        if filled >= 15 {
            filled -= 15;
            text.push(long(pool >> filled));
        }
    }
    // The remaining bits are padded with ones.
    match filled {
        0 => {}
        1..=7 => text.push(character(0, !(!pool << (7 - filled)) & 0x7f)),
        _ => text.push(long(!(!pool << (15 - filled)))),
    }
    text
}

/// `None` for a character outside the alphabet. As in rclone, text after a 7-bit character is ignored.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut pool, mut filled) = (0_u32, 0_u32);
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\n')) {
        let c = u16::try_from(u32::from(c)).ok()?;
        let block = BLOCKS.binary_search(&(c & !31)).ok()?;
        let low = u32::from(c & 31);
        let (value, bits) = match block.checked_sub(SHORT_BLOCKS) {
            Some(long) => (index(long) << 5 | low, 15),
            None => (index(block) << 5 | low, 7),
        };
        pool = pool << bits | value;
        filled += bits;
        while filled >= 8 {
            filled -= 8;
            bytes.push((pool >> filled).to_le_bytes()[0]);
        }
        if bits == 7 {
            break;
        }
    }
    Some(bytes)
}

fn long(value: u32) -> char {
    character(SHORT_BLOCKS, value & 0x7fff)
}

fn character(first_block: usize, value: u32) -> char {
    let block = BLOCKS[first_block + (value >> 5) as usize];
    // No block contains surrogates.
    char::from_u32(u32::from(block) + (value & 31)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[expect(clippy::cast_possible_truncation, reason = "there are 1028 blocks")]
const fn index(block: usize) -> u32 {
    block as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        for len in 0..100 {
            let bytes: Vec<u8> = (0..len).map(|i: u8| i.wrapping_mul(151) ^ 0x5a).collect();
            assert_eq!(decode(&encode(&bytes)).unwrap(), bytes, "{len}");
        }
        assert_eq!(decode("abc"), None);
        assert_eq!(decode("\u{1F600}"), None);
    }
}
