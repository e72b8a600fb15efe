//! The state of decrypting a file: the header, then block by block.

use crate::error::{Error, ErrorKind};
use crate::file_cipher::FileCipher;
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, HEADER_LEN};
use crate::nonce::Nonce;
use crate::step::{Buffer, Step};

#[derive(Debug)]
pub(crate) struct Opening {
    /// Holds the file's nonce once the header has been read.
    cipher: FileCipher,
    begun: bool,
    buffer: Buffer,
    next_block: u64,
    plain_len: u64,
    expected: Option<u64>,
    ended: bool,
}

impl Opening {
    pub(crate) fn new(keys: &Keys) -> Self {
        Self {
            cipher: FileCipher::new(keys, Nonce::from_bytes([0; 24])),
            begun: false,
            buffer: Buffer::new(BLOCK_LEN),
            next_block: 0,
            plain_len: 0,
            expected: None,
            ended: false,
        }
    }

    pub(crate) fn expect_len(&mut self, plain_len: u64) {
        self.expected = Some(plain_len);
    }

    /// Whether the header has been read.
    pub(crate) fn begun(&self) -> bool {
        self.begun
    }

    pub(crate) fn plain_len(&self) -> u64 {
        self.plain_len
    }

    fn whole(&self) -> usize {
        if self.begun { BLOCK_LEN } else { HEADER_LEN }
    }

    fn advance(&mut self, len: usize) -> Result<(), Error> {
        self.ended = len == 0;
        self.buffer.filled += len;
        if self.buffer.filled < self.whole() && !self.ended {
            return Ok(());
        }
        let stored = &mut self.buffer.bytes[..std::mem::take(&mut self.buffer.filled)];
        if !self.begun {
            self.cipher.read_header(stored)?;
            self.begun = true;
        } else if !stored.is_empty() {
            let plain = self.cipher.open_block(self.next_block, stored)?.len();
            self.buffer.ready = stored.len() - plain..stored.len();
            self.plain_len += plain as u64;
            self.next_block += 1;
        }
        match self.expected {
            Some(expected) if self.plain_len > expected || (self.ended && self.plain_len < expected) => {
                Err(ErrorKind::WrongLength { expected, found: self.plain_len }.into())
            }
            _ => Ok(()),
        }
    }
}

impl Step for Opening {
    fn room(&mut self) -> &mut [u8] {
        let whole =
            if self.ended || !self.buffer.ready.is_empty() { self.buffer.filled } else { self.whole() };
        &mut self.buffer.bytes[self.buffer.filled..whole]
    }

    fn took(&mut self, len: usize) -> Result<(), Error> {
        self.advance(len).inspect_err(|_| {
            self.ended = true;
            self.buffer.ready = 0..0;
        })
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
