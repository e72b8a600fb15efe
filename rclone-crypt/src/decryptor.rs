//! Decryption of a stream with constant memory.

use std::io::{self, Read, Write};

use crate::error::{Error, ErrorKind};
use crate::key::Keys;
use crate::opening::Opening;
use crate::step::{self, Step};

/// A reader that decrypts an encrypted file. Returns the plain bytes of a block only after its tag has been verified.
///
/// The format has no end mark: an object that was truncated at a block boundary, or to the header, decrypts without an error. To detect
/// this, pass the length known from another source to [`Decryptor::expect_len`].
#[derive(Debug)]
pub struct Decryptor<R> {
    reader: R,
    file: Opening,
}

impl<R: Read> Decryptor<R> {
    /// Reads and checks the header.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooShort`], [`ErrorKind::BadMagic`], or [`ErrorKind::Read`] when the reader fails.
    pub fn new(keys: &Keys, mut reader: R) -> Result<Self, Error> {
        let mut file = Opening::new(keys);
        while !file.begun() {
            step::pull_once(&mut file, &mut reader)?;
        }
        Ok(Self { reader, file })
    }

    /// Sets the expected plain length. A file with another length ends with [`ErrorKind::WrongLength`].
    pub fn expect_len(mut self, plain_len: u64) -> Self {
        self.file.expect_len(plain_len);
        self
    }

    /// Returns the verified plain bytes of the next block, or `None` at the end. Faster than `Read`, because nothing is copied.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TruncatedBlock`], [`ErrorKind::FailedBlock`], [`ErrorKind::WrongLength`], [`ErrorKind::Read`].
    pub fn next_block(&mut self) -> Result<Option<&[u8]>, Error> {
        step::pull(&mut self.file, &mut self.reader)?;
        let block = self.file.take_ready();
        Ok((!block.is_empty()).then_some(block))
    }

    /// Returns the number of plain bytes that have been verified so far.
    pub fn verified_len(&self) -> u64 {
        self.file.plain_len()
    }
}

impl<R: Read> Read for Decryptor<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        step::read(&mut self.file, &mut self.reader, buf)
    }
}

/// A writer that decrypts what is written to it, and writes the plain bytes of each block to another writer after its tag has been
/// verified.
///
/// As with [`Decryptor`], truncation is only detected against a known length: pass it to [`DecryptWriter::finish`].
#[derive(Debug)]
pub struct DecryptWriter<W> {
    writer: W,
    file: Opening,
}

impl<W: Write> DecryptWriter<W> {
    /// Creates a writer that writes plain bytes to `writer`.
    pub fn new(keys: &Keys, writer: W) -> Self {
        Self { writer, file: Opening::new(keys) }
    }

    /// Returns the underlying writer, for example to take the verified bytes out of a buffer.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Verifies and writes the last block, compares the length with `plain_len` if it is given, and returns the underlying writer.
    ///
    /// # Errors
    ///
    /// [Content errors](Error::is_content_error), including [`ErrorKind::WrongLength`], and [`ErrorKind::Write`].
    pub fn finish(mut self, plain_len: Option<u64>) -> Result<W, Error> {
        step::finish(&mut self.file, &mut self.writer)?;
        let found = self.file.plain_len();
        match plain_len {
            Some(expected) if expected != found => Err(ErrorKind::WrongLength { expected, found }.into()),
            _ => Ok(self.writer),
        }
    }
}

impl<W: Write> Write for DecryptWriter<W> {
    fn write(&mut self, stored: &[u8]) -> io::Result<usize> {
        step::write(&mut self.file, &mut self.writer, stored)
    }

    /// Flushes the underlying writer. The current block remains buffered until it is complete.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// Decrypts an object in memory.
///
/// An object that was truncated at a block boundary, or to the header, gives no error: compare the length with one known from another
/// source.
///
/// # Errors
///
/// [`ErrorKind::TooShort`], [`ErrorKind::BadMagic`], [`ErrorKind::TruncatedBlock`], [`ErrorKind::FailedBlock`].
pub fn decrypt_all(keys: &Keys, stored: &[u8]) -> Result<Vec<u8>, Error> {
    let mut decryptor = Decryptor::new(keys, stored)?;
    let mut plain = Vec::with_capacity(stored.len());
    while let Some(block) = decryptor.next_block()? {
        plain.extend_from_slice(block);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Nonce, Password, Salt, encrypt_all};

    #[test]
    fn pieces_of_any_size() {
        let keys = Keys::derive(&Password::new("p"), &Salt::none()).unwrap();
        let plain: Vec<u8> = (0..200_000_u32).map(|i| i.to_le_bytes()[0]).collect();
        let stored = encrypt_all(&keys, Nonce::from_bytes([1; 24]), &plain);
        for size in [7, 32, 4096, 65_552, 65_584, 300_000] {
            let mut writer = DecryptWriter::new(&keys, Vec::new());
            stored.chunks(size).for_each(|piece| writer.write_all(piece).unwrap());
            assert_eq!(writer.finish(Some(200_000)).unwrap(), plain);
        }
        let mut cut = DecryptWriter::new(&keys, Vec::new());
        cut.write_all(&stored[..65_584]).unwrap();
        let verdict = cut.finish(Some(200_000)).unwrap_err();
        assert_eq!(verdict.kind(), &ErrorKind::WrongLength { expected: 200_000, found: 65_536 });
        let mut short = DecryptWriter::new(&keys, Vec::new());
        short.write_all(&stored[..31]).unwrap();
        assert_eq!(short.finish(None).unwrap_err().kind(), &ErrorKind::TooShort { len: 31 });
    }

    /// A reader that fails once in the middle: nothing is lost when it is asked again.
    #[test]
    fn a_failed_read_can_be_repeated() {
        struct Shaky<'a>(&'a [u8], bool);
        impl Read for Shaky<'_> {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                if self.0.len() < 100_000 && !std::mem::replace(&mut self.1, true) {
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                let piece = buf.len().min(1000);
                self.0.read(&mut buf[..piece])
            }
        }
        let keys = Keys::derive(&Password::new("p"), &Salt::none()).unwrap();
        let stored = encrypt_all(&keys, Nonce::from_bytes([1; 24]), &vec![5; 150_000]);
        let mut file = Decryptor::new(&keys, Shaky(&stored, false)).unwrap().expect_len(150_000);
        let mut plain = Vec::new();
        assert!(file.read_to_end(&mut plain).is_err());
        file.read_to_end(&mut plain).unwrap();
        assert_eq!(plain, vec![5; 150_000]);
    }
}
