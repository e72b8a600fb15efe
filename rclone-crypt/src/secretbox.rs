//! `NaCl`'s secretbox (`XSalsa20` and Poly1305, the tag first), in place.

use poly1305::universal_hash::{KeyInit, UniversalHash};
use poly1305::{Block, Poly1305, Tag};
use salsa20::cipher::consts::U10;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::lengths::TAG_LEN;
use crate::salsa;

/// Encrypts `data` in place and returns its tag.
pub(crate) fn seal(key: &[u8; 32], nonce: &[u8; 24], data: &mut [u8]) -> [u8; TAG_LEN] {
    let stream = Stream::new(key, nonce);
    stream.apply(data);
    stream.tag(data).into()
}

/// Decrypts `data` in place if `tag` is its tag, and returns `true`; else returns `false` and leaves `data` unchanged.
#[must_use]
pub(crate) fn open(key: &[u8; 32], nonce: &[u8; 24], tag: &[u8; TAG_LEN], data: &mut [u8]) -> bool {
    let stream = Stream::new(key, nonce);
    let computed: [u8; TAG_LEN] = stream.tag(data).into();
    if !bool::from(computed.ct_eq(tag)) {
        return false;
    }
    stream.apply(data);
    true
}

/// The key stream of one box: the first 32 bytes are the key of the tag, the rest encrypts the data.
struct Stream {
    subkey: Zeroizing<[u8; 32]>,
    nonce: [u8; 8],
    first: Zeroizing<[u8; 64]>,
}

impl Stream {
    fn new(key: &[u8; 32], nonce: &[u8; 24]) -> Self {
        let (for_key, for_stream) = nonce.split_at(16);
        let mut halves = ([0; 16], [0; 8]);
        halves.0.copy_from_slice(for_key);
        halves.1.copy_from_slice(for_stream);
        let subkey = Zeroizing::new(salsa20::hsalsa::<U10>(key.into(), (&halves.0).into()).into());
        let mut first = Zeroizing::new([0; 64]);
        salsa::apply(&subkey, halves.1, 0, first.as_mut_slice());
        Self { subkey, nonce: halves.1, first }
    }

    fn apply(&self, data: &mut [u8]) {
        let (head, rest) = data.split_at_mut(data.len().min(32));
        head.iter_mut().zip(&self.first[32..]).for_each(|(byte, key)| *byte ^= key);
        salsa::apply(&self.subkey, self.nonce, 1, rest);
    }

    fn tag(&self, data: &[u8]) -> Tag {
        let mut key = Zeroizing::new(poly1305::Key::default());
        key.copy_from_slice(&self.first[..32]);
        let mut mac = Poly1305::new(&key);
        let (blocks, rest) = Block::slice_as_chunks(data);
        mac.update(blocks);
        mac.compute_unpadded(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of `NaCl`'s own tests (`tests/secretbox.c`): first bytes of the box.
    #[test]
    fn the_worked_example_of_nacl() {
        let key = [
            0x1b, 0x27, 0x55, 0x64, 0x73, 0xe9, 0x85, 0xd4, 0x62, 0xcd, 0x51, 0x19, 0x7a, 0x9a, 0x46, 0xc7,
            0x60, 0x09, 0x54, 0x9e, 0xac, 0x64, 0x74, 0xf2, 0x06, 0xc4, 0xee, 0x08, 0x44, 0xf6, 0x83, 0x89,
        ];
        let nonce = [
            0x69, 0x69, 0x6e, 0xe9, 0x55, 0xb6, 0x2b, 0x73, 0xcd, 0x62, 0xbd, 0xa8, 0x75, 0xfc, 0x73, 0xd6,
            0x82, 0x19, 0xe0, 0x03, 0x6b, 0x7a, 0x0b, 0x37,
        ];
        let mut data = [0xbe, 0x07, 0x5f, 0xc5, 0x3c, 0x81, 0xf2, 0xd5, 0xcf, 0x14, 0x13, 0x16, 0xeb, 0xeb];
        let plain = data;
        let tag = seal(&key, &nonce, &mut data);
        assert_eq!(data[..4], [0x8e, 0x99, 0x3b, 0x9f]);
        assert!(open(&key, &nonce, &tag, &mut data));
        assert_eq!(data, plain);
        data[3] ^= 1;
        assert!(!open(&key, &nonce, &tag, &mut data));
    }
}
