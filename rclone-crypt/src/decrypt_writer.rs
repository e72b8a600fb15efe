//! Decrypting what is pushed, for callers to whom the stored bytes come in pieces.

use std::io::{self, Write};

use crate::error::{Error, ErrorKind};
use crate::file_cipher::FileCipher;
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, HEADER_LEN};

/// Takes an encrypted file's bytes and writes the plain ones underneath, each block after its tag was verified.
///
/// As with [`Decryptor`](crate::Decryptor), only a known length shows that a file is whole: give it to
/// [`DecryptWriter::finish`].
#[derive(Debug)]
pub struct DecryptWriter<'k, W> {
    writer: W,
    keys: &'k Keys,
    /// Known once the header has come.
    cipher: Option<FileCipher>,
    buffer: Vec<u8>,
    next_block: u64,
    plain_len: u64,
}

impl<'k, W: Write> DecryptWriter<'k, W> {
    /// Begins; the header is the first thing to be written.
    pub fn new(keys: &'k Keys, writer: W) -> Self {
        Self {
            writer,
            keys,
            cipher: None,
            buffer: Vec::with_capacity(BLOCK_LEN),
            next_block: 0,
            plain_len: 0,
        }
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
        // A header cut short, or a foreign one, is reported again.
        if self.cipher.is_none() || !self.buffer.is_empty() {
            self.write_block()?;
        }
        match plain_len {
            Some(expected) if expected != self.plain_len => {
                Err(ErrorKind::WrongLength { expected, found: self.plain_len }.into())
            }
            _ => self.writer.flush().map_err(write_failed).map(|()| self.writer),
        }
    }

    fn write_block(&mut self) -> Result<(), Error> {
        let Some(cipher) = &self.cipher else {
            self.cipher = Some(FileCipher::from_header(self.keys, &self.buffer)?);
            self.buffer.clear();
            return Ok(());
        };
        let plain = cipher.open_block(self.next_block, &mut self.buffer)?;
        self.writer.write_all(plain).map_err(write_failed)?;
        self.plain_len += plain.len() as u64;
        self.next_block += 1;
        self.buffer.clear();
        Ok(())
    }
}

impl<W: Write> Write for DecryptWriter<'_, W> {
    fn write(&mut self, stored: &[u8]) -> io::Result<usize> {
        let whole = if self.cipher.is_some() { BLOCK_LEN } else { HEADER_LEN };
        let len = stored.len().min(whole - self.buffer.len());
        self.buffer.extend_from_slice(&stored[..len]);
        if self.buffer.len() == whole {
            self.write_block()?;
        }
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn write_failed(source: io::Error) -> Error {
    Error::with_source(ErrorKind::Write { what: "plain file" }, source)
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
}
