//! Decrypting a stream with constant memory.

use std::io::{self, Read};

use crate::error::{Error, ErrorKind};
use crate::file_cipher::FileCipher;
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, HEADER_LEN};

/// Reads an encrypted file and gives out its plain bytes, each block only after its tag was verified.
///
/// The format has no end mark: an object cut at a block boundary, and an empty one, decrypt without an error under any
/// circumstances. A file is whole only when its length is known from elsewhere: say it with [`Decryptor::expect_len`].
#[derive(Debug)]
pub struct Decryptor<R> {
    reader: R,
    cipher: FileCipher,
    buffer: Box<[u8]>,
    /// The verified plain bytes not yet given out, as a part of `buffer`.
    ready: std::ops::Range<usize>,
    next_block: u64,
    plain_len: u64,
    expected: Option<u64>,
    ended: bool,
}

impl<R: Read> Decryptor<R> {
    /// Begins: reads and checks the header.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooShort`], [`ErrorKind::BadMagic`], or [`ErrorKind::Read`] when the reader fails.
    pub fn new(keys: &Keys, mut reader: R) -> Result<Self, Error> {
        let mut header = [0; HEADER_LEN];
        let len = read_full(&mut reader, &mut header)?;
        let cipher = FileCipher::from_header(keys, &header[..len])?;
        let buffer = vec![0; BLOCK_LEN].into_boxed_slice();
        Ok(Self {
            reader,
            cipher,
            buffer,
            ready: 0..0,
            next_block: 0,
            plain_len: 0,
            expected: None,
            ended: false,
        })
    }

    /// States how many plain bytes there must be; a file of another length ends in [`ErrorKind::WrongLength`].
    pub fn expect_len(mut self, plain_len: u64) -> Self {
        self.expected = Some(plain_len);
        self
    }

    /// The next block's plain bytes, verified, or `None` at the end. Faster than `Read`: nothing is copied.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TruncatedBlock`], [`ErrorKind::FailedBlock`], [`ErrorKind::WrongLength`], [`ErrorKind::Read`].
    pub fn next_block(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.ready.is_empty() {
            self.fill()?;
        }
        let block = std::mem::take(&mut self.ready);
        Ok((!block.is_empty()).then(|| &self.buffer[block]))
    }

    /// How many plain bytes have been verified so far.
    pub fn verified_len(&self) -> u64 {
        self.plain_len
    }

    fn fill(&mut self) -> Result<(), Error> {
        if self.ended {
            return Ok(());
        }
        let len = read_full(&mut self.reader, &mut self.buffer)?;
        // A short block is the last one; there is no use in asking the reader again.
        self.ended = len < BLOCK_LEN;
        if len > 0 {
            let plain = self
                .cipher
                .open_block(self.next_block, &mut self.buffer[..len])
                .inspect_err(|_| self.ended = true)?;
            self.plain_len += plain.len() as u64;
            self.ready = len - plain.len()..len;
            self.next_block += 1;
        }
        match self.expected {
            Some(expected) if self.plain_len > expected || (self.ended && self.plain_len < expected) => {
                (self.ended, self.ready) = (true, 0..0);
                Err(ErrorKind::WrongLength { expected, found: self.plain_len }.into())
            }
            _ => Ok(()),
        }
    }
}

impl<R: Read> Read for Decryptor<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() && !buf.is_empty() {
            self.fill()?;
        }
        let len = self.ready.len().min(buf.len());
        let from = self.ready.start;
        buf[..len].copy_from_slice(&self.buffer[from..from + len]);
        self.ready.start += len;
        Ok(len)
    }
}

/// Decrypts a small object held in memory.
///
/// # Errors
///
/// Every verdict: [`ErrorKind::TooShort`], [`ErrorKind::BadMagic`], [`ErrorKind::TruncatedBlock`], [`ErrorKind::FailedBlock`].
/// An object cut at a block boundary and an empty one give none: compare the length with what is known from elsewhere.
pub fn decrypt_all(keys: &Keys, stored: &[u8]) -> Result<Vec<u8>, Error> {
    let mut decryptor = Decryptor::new(keys, stored)?;
    let mut plain = Vec::with_capacity(stored.len());
    while let Some(block) = decryptor.next_block()? {
        plain.extend_from_slice(block);
    }
    Ok(plain)
}

/// Fills `buf` as far as the reader goes.
pub(crate) fn read_full(reader: &mut impl Read, buf: &mut [u8]) -> Result<usize, Error> {
    let mut len = 0;
    while len < buf.len() {
        match reader.read(&mut buf[len..]) {
            Ok(0) => break,
            Ok(n) => len += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(Error::with_source(ErrorKind::Read { what: "input" }, source)),
        }
    }
    Ok(len)
}
