//! One file's cipher, block by block: for callers who move the bytes themselves, asynchronous ones above all.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, HEADER_LEN, MAGIC, TAG_LEN};
use crate::nonce::Nonce;
use crate::secretbox;

/// Opens and seals the blocks of one file, in any order and in place.
///
/// ```
/// use rclone_crypt::{FileCipher, Keys, Nonce, Password, Salt, TAG_LEN};
///
/// let keys = Keys::derive(&Password::new("correct horse"), &Salt::new("battery"))?;
/// let cipher = FileCipher::new(&keys, Nonce::random()?);
/// let mut block = [vec![0; TAG_LEN], b"plain bytes".to_vec()].concat();
/// cipher.seal_block(0, &mut block)?;
///
/// let reader = FileCipher::from_header(&keys, &cipher.header())?;
/// assert_eq!(reader.open_block(0, &mut block)?, b"plain bytes");
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
pub struct FileCipher {
    key: Zeroizing<[u8; 32]>,
    nonce: Nonce,
}

impl FileCipher {
    /// The cipher of a file that begins with `nonce`.
    pub fn new(keys: &Keys, nonce: Nonce) -> Self {
        Self { key: Zeroizing::new(*keys.data()), nonce }
    }

    /// The cipher of an existing object, of which `header` is the beginning; bytes after the first 32 are not looked at.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooShort`] and [`ErrorKind::BadMagic`].
    pub fn from_header(keys: &Keys, header: &[u8]) -> Result<Self, Error> {
        Ok(Self::new(keys, parse_header(header)?))
    }

    /// Takes the nonce of an existing object's header.
    pub(crate) fn read_header(&mut self, header: &[u8]) -> Result<(), Error> {
        self.nonce = parse_header(header)?;
        Ok(())
    }

    /// The 32 bytes with which the encrypted file begins.
    pub fn header(&self) -> [u8; HEADER_LEN] {
        let mut header = [0; HEADER_LEN];
        let (magic, nonce) = header.split_at_mut(MAGIC.len());
        magic.copy_from_slice(&MAGIC);
        nonce.copy_from_slice(self.nonce.as_bytes());
        header
    }

    /// The file's initial nonce.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// Verifies the stored block number `block` (from 0), decrypts it in place and returns the plain part.
    ///
    /// On an error nothing has been decrypted. `stored` is a whole block: 65552 bytes, or what is left of the object for
    /// the last one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TruncatedBlock`], [`ErrorKind::FailedBlock`], and [`ErrorKind::NotABlock`] for no bytes or too many.
    pub fn open_block<'b>(&self, block: u64, stored: &'b mut [u8]) -> Result<&'b mut [u8], Error> {
        let len = stored.len();
        let (tag, data) = match stored.split_first_chunk_mut::<TAG_LEN>() {
            _ if len == 0 || len > BLOCK_LEN => return Err(ErrorKind::NotABlock { len }.into()),
            Some((tag, data)) if !data.is_empty() => (tag, data),
            _ => return Err(ErrorKind::TruncatedBlock { block, len }.into()),
        };
        if !secretbox::open(&self.key, &self.nonce.of_block(block), tag, data) {
            return Err(ErrorKind::FailedBlock { block }.into());
        }
        Ok(data)
    }

    /// Encrypts block number `block` (from 0) in place: plain bytes behind 16 bytes of room for the tag, which is written.
    ///
    /// All blocks but a file's last hold exactly 65536 plain bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotABlock`] for fewer than 17 bytes or more than 65552.
    pub fn seal_block(&self, block: u64, stored: &mut [u8]) -> Result<(), Error> {
        let len = stored.len();
        match stored.split_first_chunk_mut::<TAG_LEN>() {
            Some((tag, data)) if !data.is_empty() && len <= BLOCK_LEN => {
                *tag = secretbox::seal(&self.key, &self.nonce.of_block(block), data);
                Ok(())
            }
            _ => Err(ErrorKind::NotABlock { len }.into()),
        }
    }
}

impl fmt::Debug for FileCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileCipher").field("nonce", &self.nonce).finish_non_exhaustive()
    }
}

/// Reads a file's header: checks the magic and returns the nonce; bytes after the first 32 are not looked at.
///
/// # Errors
///
/// [`ErrorKind::TooShort`] and [`ErrorKind::BadMagic`].
pub fn parse_header(header: &[u8]) -> Result<Nonce, Error> {
    let Some(header) = header.first_chunk::<HEADER_LEN>() else {
        return Err(ErrorKind::TooShort { len: header.len() as u64 }.into());
    };
    let (magic, nonce) = header.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(ErrorKind::BadMagic.into());
    }
    let mut bytes = [0; 24];
    bytes.copy_from_slice(nonce);
    Ok(Nonce::from_bytes(bytes))
}
