//! The state of encrypting a file: the header, then block by block.

use crate::error::Error;
use crate::file_cipher::FileCipher;
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, TAG_LEN};
use crate::nonce::Nonce;
use crate::step::{Buffer, Step};

#[derive(Debug)]
pub(crate) struct Sealing {
    cipher: FileCipher,
    /// The plain bytes are placed after the space for the tag.
    buffer: Buffer,
    next_block: u64,
    ended: bool,
}

impl Sealing {
    /// Starts with the header ready.
    pub(crate) fn new(keys: &Keys, nonce: Nonce) -> Self {
        let cipher = FileCipher::new(keys, nonce);
        let mut buffer = Buffer::new(BLOCK_LEN);
        let header = cipher.header();
        buffer.bytes[..header.len()].copy_from_slice(&header);
        buffer.ready = 0..header.len();
        Self { cipher, buffer, next_block: 0, ended: false }
    }
}

impl Step for Sealing {
    fn room(&mut self) -> &mut [u8] {
        let from = TAG_LEN + self.buffer.filled;
        let to = if self.ended || !self.buffer.ready.is_empty() { from } else { BLOCK_LEN };
        &mut self.buffer.bytes[from..to]
    }

    fn took(&mut self, len: usize) -> Result<(), Error> {
        self.ended = len == 0;
        self.buffer.filled += len;
        let stored = TAG_LEN + self.buffer.filled;
        // All blocks except the last one are complete; there is no empty block.
        if stored == BLOCK_LEN || (self.ended && self.buffer.filled > 0) {
            self.cipher.seal_block(self.next_block, &mut self.buffer.bytes[..stored])?;
            self.buffer.filled = 0;
            self.buffer.ready = 0..stored;
            self.next_block += 1;
        }
        Ok(())
    }

    fn ready(&self) -> &[u8] {
        self.buffer.ready()
    }

    fn take_ready(&mut self) -> &[u8] {
        self.buffer.take_ready()
    }

    fn handed_out(&mut self, len: usize) {
        self.buffer.handed_out(len);
    }

    fn ended(&self) -> bool {
        self.ended
    }
}
