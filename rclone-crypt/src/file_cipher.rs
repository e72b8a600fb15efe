//! The cipher of one file, block by block, for callers that read and write the bytes themselves.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::key::Keys;
use crate::lengths::{BLOCK_LEN, HEADER_LEN, MAGIC, TAG_LEN};
use crate::nonce::Nonce;
use crate::secretbox;

/// Encrypts and decrypts the blocks of one file, in place and in any order.
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
    /// The cipher of a file with this initial nonce.
    pub fn new(keys: &Keys, nonce: Nonce) -> Self {
        Self { key: Zeroizing::new(*keys.data()), nonce }
    }

    /// The cipher of an existing object. `header` is the first 32 bytes of the object; further bytes are ignored.
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

    /// Returns the header: the first 32 bytes of the encrypted file.
    pub fn header(&self) -> [u8; HEADER_LEN] {
        let mut header = [0; HEADER_LEN];
        let (magic, nonce) = header.split_at_mut(MAGIC.len());
        magic.copy_from_slice(&MAGIC);
        nonce.copy_from_slice(self.nonce.as_bytes());
        header
    }

    /// Returns the initial nonce.
    pub fn nonce(&self) -> Nonce {
        self.nonce
    }

    /// Verifies block number `block` (counted from 0), decrypts it in place and returns the plain part.
    ///
    /// `stored` is a complete block: 65552 bytes, or fewer for the last block of the object. After an error nothing has been decrypted.
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

    /// Encrypts block number `block` (counted from 0) in place. `stored` is 16 bytes of space for the tag, followed by the plain bytes.
    ///
    /// Every block except the last one of a file must have 65536 plain bytes.
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

/// Checks the magic bytes of a header and returns the nonce. Bytes after the first 32 are ignored.
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
