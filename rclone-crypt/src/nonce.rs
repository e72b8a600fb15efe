//! The nonce of a file and the nonces of its blocks.

use crate::error::{Error, ErrorKind};

/// The initial nonce of a file, 24 bytes in the header. Block `n` uses the nonce plus `n`.
///
/// Use a new random nonce for every upload: two different contents encrypted with the same key and nonce reveal each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nonce([u8; 24]);

impl Nonce {
    /// Creates a random nonce with the operating system's generator.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoRandomness`] when the operating system returns an error.
    pub fn random() -> Result<Self, Error> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(|source| Error::with_source(ErrorKind::NoRandomness, source))?;
        Ok(Self(bytes))
    }

    /// Creates a nonce from its bytes, for example to encrypt the content of an existing object again and compare.
    pub const fn from_bytes(bytes: [u8; 24]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes, as in the header.
    pub const fn as_bytes(&self) -> &[u8; 24] {
        &self.0
    }

    /// The nonce of a block: the sum as a little-endian number of 192 bits, which wraps around.
    pub(crate) fn of_block(self, block: u64) -> [u8; 24] {
        let mut bytes = self.0;
        let mut carry = u128::from(block);
        for byte in &mut bytes {
            carry += u128::from(*byte);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carry_goes_through_all_bytes() {
        assert_eq!(Nonce([0xff; 24]).of_block(1), [0; 24]);
        let mut carried = [0; 24];
        carried[8] = 2;
        let mut start = [0; 24];
        start[..8].fill(0xff);
        start[8] = 1;
        assert_eq!(Nonce(start).of_block(1), carried);
        assert_eq!(Nonce([0; 24]).of_block(u64::MAX)[..9], [255, 255, 255, 255, 255, 255, 255, 255, 0]);
    }
}
