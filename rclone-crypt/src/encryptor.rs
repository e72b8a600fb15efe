//! Encryption of a stream with constant memory.

use std::io::{self, Read, Write};

use crate::error::Error;
use crate::key::Keys;
use crate::lengths::encrypted_len;
use crate::nonce::Nonce;
use crate::sealing::Sealing;
use crate::step::{self, Step};

/// A reader that encrypts: returns the header, then the encrypted blocks.
#[derive(Debug)]
pub struct Encryptor<R> {
    reader: R,
    file: Sealing,
}

impl<R: Read> Encryptor<R> {
    /// Creates a reader of the encrypted content of `reader`.
    ///
    /// Use a random nonce for a new file, and the nonce of an existing object to compare with that object.
    pub fn new(keys: &Keys, nonce: Nonce, reader: R) -> Self {
        Self { reader, file: Sealing::new(keys, nonce) }
    }

    /// Returns the next stored bytes (the header, then one block at a time), or `None` at the end. Nothing is copied.
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

/// A writer that encrypts what is written to it and writes the encrypted file to another writer. Call [`EncryptWriter::finish`] to write
/// the last block.
#[derive(Debug)]
pub struct EncryptWriter<W> {
    writer: W,
    file: Sealing,
}

impl<W: Write> EncryptWriter<W> {
    /// Creates a writer that writes the encrypted file to `writer`. The header is written with the first block.
    pub fn new(keys: &Keys, nonce: Nonce, writer: W) -> Self {
        Self { writer, file: Sealing::new(keys, nonce) }
    }

    /// Writes the last block and returns the underlying writer. Without this call the file is truncated.
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

    /// Flushes the underlying writer. The current block remains buffered until it is complete.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Encrypts content in memory.
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
