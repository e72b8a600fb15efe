//! EME, the wide-block mode of Halevi and Rogaway ("A Parallelizable Enciphering Mode", 2003), on AES-256.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};

type Block = [u8; 16];

/// AES-256 with the key of names, and the tweak.
pub(super) struct Eme {
    aes: aes::Aes256,
    tweak: Block,
}

#[derive(Clone, Copy)]
enum Direction {
    Encrypt,
    Decrypt,
}

impl Eme {
    pub(super) fn new(key: &[u8; 32], tweak: Block) -> Self {
        Self { aes: aes::Aes256::new(key.into()), tweak }
    }

    /// Encrypts up to 128 blocks in place; each output bit depends on all input bits.
    pub(super) fn encrypt(&self, blocks: &mut [Block]) {
        self.transform(Direction::Encrypt, blocks);
    }

    /// Reverses [`Eme::encrypt`].
    pub(super) fn decrypt(&self, blocks: &mut [Block]) {
        self.transform(Direction::Decrypt, blocks);
    }

    fn transform(&self, direction: Direction, blocks: &mut [Block]) {
        let mask = self.mask();
        let mut first = mask;
        for block in &mut *blocks {
            xor(block, first);
            self.aes(direction, block);
            double(&mut first);
        }
        let Some((head, tail)) = blocks.split_first_mut() else { return };
        let mut mixed = self.tweak;
        xor(&mut mixed, *head);
        for block in &*tail {
            xor(&mut mixed, *block);
        }
        let mut middle = mixed;
        self.aes(direction, &mut middle);
        let mut spread = mixed;
        xor(&mut spread, middle);
        *head = middle;
        xor(head, self.tweak);
        for block in tail {
            double(&mut spread);
            xor(block, spread);
            xor(head, *block);
        }
        let mut last = mask;
        for block in blocks {
            self.aes(direction, block);
            xor(block, last);
            double(&mut last);
        }
    }

    /// The mask of the first block: the encryption of zero, doubled. The same for both directions.
    fn mask(&self) -> Block {
        let mut mask = [0; 16];
        self.aes(Direction::Encrypt, &mut mask);
        double(&mut mask);
        mask
    }

    fn aes(&self, direction: Direction, block: &mut Block) {
        match direction {
            Direction::Encrypt => self.aes.encrypt_block(block.into()),
            Direction::Decrypt => self.aes.decrypt_block(block.into()),
        }
    }
}

fn xor(block: &mut Block, with: Block) {
    block.iter_mut().zip(with).for_each(|(byte, other)| *byte ^= other);
}

/// Multiplies by two in GF(2^128), the bytes in little-endian order.
fn double(block: &mut Block) {
    let value = u128::from_le_bytes(*block);
    *block = ((value << 1) ^ ((value >> 127) * 0x87)).to_le_bytes();
}
