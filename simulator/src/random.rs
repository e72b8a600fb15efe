//! Identifiers and secrets that look random and are the same for the same seed.

use std::sync::{Arc, Mutex, PoisonError};

/// A seeded source of identifiers (`SplitMix64`); clones share their position.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: Arc<Mutex<u64>>,
}

impl Random {
    /// Makes a source of its own for one part of the simulation, so that parts do not shift each other's values.
    pub(crate) fn new(seed: u64, part: &str) -> Self {
        let salt = part.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { state: Arc::new(Mutex::new(seed ^ salt)) }
    }

    /// Returns the next 64 bits.
    pub(crate) fn next(&self) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns `length` characters, each drawn from `alphabet` (ASCII).
    pub(crate) fn text(&self, length: usize, alphabet: &[u8]) -> String {
        let size = alphabet.len() as u64;
        (0..length)
            .map(|_| {
                let index = usize::try_from(self.next() % size).unwrap_or_default();
                char::from(alphabet[index])
            })
            .collect()
    }

    /// Returns `digits` lower-case hexadecimal digits.
    pub(crate) fn hex(&self, digits: usize) -> String {
        self.text(digits, b"0123456789abcdef")
    }

    /// Returns `length` letters and digits.
    pub(crate) fn alphanumeric(&self, length: usize) -> String {
        self.text(length, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    }

    /// Returns a UUID.
    pub(crate) fn uuid(&self) -> String {
        let bits = u128::from(self.next()) << 64 | u128::from(self.next());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    /// Fills `bytes`.
    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_part_give_the_same_values() {
        let values = |seed, part| Random::new(seed, part).hex(24);
        assert_eq!(values(7, "b2"), values(7, "b2"));
        assert_ne!(values(7, "b2"), values(8, "b2"));
        assert_ne!(values(7, "b2"), values(7, "ninja"));
    }
}
