//! Encrypting a stream with constant memory.

use std::io::{self, Read, Write};

use crate::decryptor::read_full;
use crate::error::{Error, ErrorKind};
use crate::file_cipher::FileCipher;
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, TAG_LEN, encrypted_len};
use crate::nonce::Nonce;

/// Reads plain bytes and gives out the encrypted file: the header, then block by block.
#[derive(Debug)]
pub struct Encryptor<R> {
    reader: R,
    cipher: FileCipher,
    buffer: Box<[u8]>,
    ready: std::ops::Range<usize>,
    next_block: u64,
    ended: bool,
}

impl<R: Read> Encryptor<R> {
    /// Begins under `nonce`: a random one for a new upload, an existing object's to compare with it.
    pub fn new(keys: &Keys, nonce: Nonce, reader: R) -> Self {
        let cipher = FileCipher::new(keys, nonce);
        let mut buffer = vec![0; BLOCK_LEN].into_boxed_slice();
        let header = cipher.header();
        buffer[..header.len()].copy_from_slice(&header);
        Self { reader, cipher, buffer, ready: 0..header.len(), next_block: 0, ended: false }
    }

    /// The next stored bytes (the header first, then a block at a time), or `None` at the end. Nothing is copied.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Read`] when the reader fails.
    pub fn next_chunk(&mut self) -> Result<Option<&[u8]>, Error> {
        if self.ready.is_empty() {
            self.fill()?;
        }
        let chunk = std::mem::take(&mut self.ready);
        Ok((!chunk.is_empty()).then(|| &self.buffer[chunk]))
    }

    fn fill(&mut self) -> Result<(), Error> {
        if self.ended {
            return Ok(());
        }
        let len = TAG_LEN + read_full(&mut self.reader, &mut self.buffer[TAG_LEN..])?;
        self.ended = len < BLOCK_LEN;
        if len > TAG_LEN {
            self.cipher.seal_block(self.next_block, &mut self.buffer[..len])?;
            self.ready = 0..len;
            self.next_block += 1;
        }
        Ok(())
    }
}

impl<R: Read> Read for Encryptor<R> {
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

/// Takes plain bytes and writes the encrypted file underneath; [`EncryptWriter::finish`] writes the last block.
#[derive(Debug)]
pub struct EncryptWriter<W> {
    writer: W,
    cipher: FileCipher,
    buffer: Vec<u8>,
    next_block: u64,
}

impl<W: Write> EncryptWriter<W> {
    /// Begins: writes the header.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Write`] when the writer fails.
    pub fn new(keys: &Keys, nonce: Nonce, mut writer: W) -> Result<Self, Error> {
        let cipher = FileCipher::new(keys, nonce);
        writer.write_all(&cipher.header()).map_err(write_failed)?;
        let mut buffer = Vec::with_capacity(BLOCK_LEN);
        buffer.resize(TAG_LEN, 0);
        Ok(Self { writer, cipher, buffer, next_block: 0 })
    }

    /// Writes the last block and gives the writer back. Without this the file is cut.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Write`] when the writer fails.
    pub fn finish(mut self) -> Result<W, Error> {
        self.write_block()?;
        self.writer.flush().map_err(write_failed)?;
        Ok(self.writer)
    }

    fn write_block(&mut self) -> Result<(), Error> {
        if self.buffer.len() > TAG_LEN {
            self.cipher.seal_block(self.next_block, &mut self.buffer)?;
            self.writer.write_all(&self.buffer).map_err(write_failed)?;
            self.next_block += 1;
            self.buffer.truncate(TAG_LEN);
        }
        Ok(())
    }
}

impl<W: Write> Write for EncryptWriter<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        if self.buffer.len() == BLOCK_LEN {
            self.write_block()?;
        }
        let len = plain.len().min(BLOCK_LEN - self.buffer.len());
        self.buffer.extend_from_slice(&plain[..len]);
        Ok(len)
    }

    /// Flushes what is underneath; the block being filled stays, since only the last may be short.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn write_failed(source: io::Error) -> Error {
    Error::with_source(ErrorKind::Write { what: "encrypted file" }, source)
}

/// Encrypts small contents held in memory, under `nonce`.
pub fn encrypt_all(keys: &Keys, nonce: Nonce, plain: &[u8]) -> Vec<u8> {
    let capacity = usize::try_from(encrypted_len(plain.len() as u64)).unwrap_or_default();
    let mut stored = Vec::with_capacity(capacity);
    let mut encryptor = Encryptor::new(keys, nonce, plain);
    // Reading from memory cannot fail.
    while let Ok(Some(chunk)) = encryptor.next_chunk() {
        stored.extend_from_slice(chunk);
    }
    stored
}
