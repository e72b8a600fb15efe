//! Encrypting a stream with constant memory.

use std::io::{self, Read, Write};

use crate::error::Error;
use crate::key::Keys;
use crate::lengths::encrypted_len;
use crate::nonce::Nonce;
use crate::sealing::Sealing;
use crate::step::{self, Step};

/// Reads plain bytes and gives out the encrypted file: the header, then block by block.
#[derive(Debug)]
pub struct Encryptor<R> {
    reader: R,
    file: Sealing,
}

impl<R: Read> Encryptor<R> {
    /// Begins under `nonce`: a random one for a new upload, an existing object's to compare with it.
    pub fn new(keys: &Keys, nonce: Nonce, reader: R) -> Self {
        Self { reader, file: Sealing::new(keys, nonce) }
    }

    /// The next stored bytes (the header first, then a block at a time), or `None` at the end. Nothing is copied.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Read`](crate::ErrorKind::Read) when the reader fails.
    pub fn next_chunk(&mut self) -> Result<Option<&[u8]>, Error> {
        step::pull(&mut self.file, &mut self.reader)?;
        let chunk = self.file.take_ready();
        Ok((!chunk.is_empty()).then_some(chunk))
    }
}

impl<R: Read> Read for Encryptor<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        step::read(&mut self.file, &mut self.reader, buf)
    }
}

/// Takes plain bytes and writes the encrypted file underneath; [`EncryptWriter::finish`] writes the last block.
#[derive(Debug)]
pub struct EncryptWriter<W> {
    writer: W,
    file: Sealing,
}

impl<W: Write> EncryptWriter<W> {
    /// Begins under `nonce`. The header is written with the first block, or at the end.
    pub fn new(keys: &Keys, nonce: Nonce, writer: W) -> Self {
        Self { writer, file: Sealing::new(keys, nonce) }
    }

    /// Writes the last block and gives the writer back. Without this the file is cut.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Write`](crate::ErrorKind::Write) when the writer fails.
    pub fn finish(mut self) -> Result<W, Error> {
        step::finish(&mut self.file, &mut self.writer)?;
        Ok(self.writer)
    }
}

impl<W: Write> Write for EncryptWriter<W> {
    fn write(&mut self, plain: &[u8]) -> io::Result<usize> {
        step::write(&mut self.file, &mut self.writer, plain)
    }

    /// Flushes what is underneath; the block being filled stays, since only the last may be short.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
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
