//! Decrypting a stream with constant memory.

use std::io::{self, Read, Write};

use crate::error::{Error, ErrorKind};
use crate::key::Keys;
use crate::opening::Opening;
use crate::step::{self, Step};

/// Reads an encrypted file and gives out its plain bytes, each block only after its tag was verified.
///
/// The format has no end mark: an object cut at a block boundary, and an empty one, decrypt without an error under any
/// circumstances. A file is whole only when its length is known from elsewhere: say it with [`Decryptor::expect_len`].
#[derive(Debug)]
pub struct Decryptor<R> {
    reader: R,
    file: Opening,
}

impl<R: Read> Decryptor<R> {
    /// Begins: reads and checks the header.
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

    /// States how many plain bytes there must be; a file of another length ends in [`ErrorKind::WrongLength`].
    pub fn expect_len(mut self, plain_len: u64) -> Self {
        self.file.expect_len(plain_len);
        self
    }

    /// The next block's plain bytes, verified, or `None` at the end. Faster than `Read`: nothing is copied.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TruncatedBlock`], [`ErrorKind::FailedBlock`], [`ErrorKind::WrongLength`], [`ErrorKind::Read`].
    pub fn next_block(&mut self) -> Result<Option<&[u8]>, Error> {
        step::pull(&mut self.file, &mut self.reader)?;
        let block = self.file.take_ready();
        Ok((!block.is_empty()).then_some(block))
    }

    /// How many plain bytes have been verified so far.
    pub fn verified_len(&self) -> u64 {
        self.file.plain_len()
    }
}

impl<R: Read> Read for Decryptor<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        step::read(&mut self.file, &mut self.reader, buf)
    }
}

/// Takes an encrypted file's bytes and writes the plain ones underneath, each block after its tag was verified.
///
/// As with [`Decryptor`], only a known length shows that a file is whole: give it to [`DecryptWriter::finish`].
#[derive(Debug)]
pub struct DecryptWriter<W> {
    writer: W,
    file: Opening,
}

impl<W: Write> DecryptWriter<W> {
    /// Begins; the header is the first thing to be written.
    pub fn new(keys: &Keys, writer: W) -> Self {
        Self { writer, file: Opening::new(keys) }
    }

    /// The writer underneath: to take what has been verified so far out of a buffer.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Verifies and writes the last block, compares the length with what is known from elsewhere, and gives the writer back.
    ///
    /// # Errors
    ///
    /// Every verdict on contents, [`ErrorKind::WrongLength`] when `plain_len` is given and another, [`ErrorKind::Write`].
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

    /// Flushes what is underneath; the block being filled stays until it is whole.
    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
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
