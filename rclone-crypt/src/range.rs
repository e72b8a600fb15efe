//! Decryption of a range of a file without reading the rest.

use std::io;
use std::ops::Range;

use crate::error::{Error, ErrorKind};
use crate::file_cipher::FileCipher;
use crate::key::Keys;
use crate::lengths::{BLOCK_DATA_LEN, BLOCK_LEN, HEADER_LEN, TAG_LEN, decrypted_len};

const DATA: u64 = BLOCK_DATA_LEN as u64;
const BLOCK: u64 = BLOCK_LEN as u64;
const HEADER: u64 = HEADER_LEN as u64;

/// A range of plain bytes, and the range of stored bytes that contains it.
///
/// Read the stored bytes [`PlainRange::HEADER`] and [`PlainRange::stored`], then call [`PlainRange::open`]. Blocking callers can use
/// [`decrypt_range`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainRange {
    first_block: u64,
    stored: Range<u64>,
    /// The position of the range within the plain bytes of those blocks.
    skip: usize,
    len: u64,
}

impl PlainRange {
    /// The range of the header, which is needed for every range.
    pub const HEADER: Range<u64> = 0..HEADER;

    /// The range of up to `count` plain bytes from `offset`, in an object of `stored_len` bytes. With a `count` of `u64::MAX`, the range
    /// extends to the end of the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BeyondEnd`] when `offset` is greater than the length of the file, and the errors of [`decrypted_len`].
    pub fn new(offset: u64, count: u64, stored_len: u64) -> Result<Self, Error> {
        let plain_len = decrypted_len(stored_len)?;
        let Some(rest) = plain_len.checked_sub(offset) else {
            return Err(ErrorKind::BeyondEnd { offset, len: plain_len }.into());
        };
        let len = count.min(rest);
        let first_block = offset / DATA;
        let skip = offset % DATA;
        let start = HEADER + first_block * BLOCK;
        let blocks = if len == 0 { 0 } else { (skip + len).div_ceil(DATA) };
        let end = start.saturating_add(blocks.saturating_mul(BLOCK)).min(stored_len).max(start);
        let skip = usize::try_from(skip).unwrap_or(BLOCK_DATA_LEN);
        Ok(Self { first_block, stored: start..end, skip, len })
    }

    /// Returns the range of stored bytes of the blocks; empty if there is nothing to read.
    pub fn stored(&self) -> Range<u64> {
        self.stored.clone()
    }

    /// Returns the number of plain bytes in the range.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the range is empty, so that nothing needs to be read.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Verifies and decrypts the blocks. `stored` is exactly the bytes of [`PlainRange::stored`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FailedBlock`] and [`ErrorKind::TruncatedBlock`]; [`ErrorKind::WrongLength`] when `stored` has another length.
    pub fn open(&self, cipher: &FileCipher, mut stored: Vec<u8>) -> Result<Vec<u8>, Error> {
        let expected = self.stored.end - self.stored.start;
        if stored.len() as u64 != expected {
            return Err(ErrorKind::WrongLength { expected, found: stored.len() as u64 }.into());
        }
        let mut filled = 0;
        let mut from = 0;
        for block in self.first_block.. {
            let to = stored.len().min(from + BLOCK_LEN);
            if from == to {
                break;
            }
            let len = cipher.open_block(block, &mut stored[from..to])?.len();
            stored.copy_within(from + TAG_LEN..from + TAG_LEN + len, filled);
            filled += len;
            from = to;
        }
        stored.truncate(filled);
        stored.drain(..self.skip.min(filled));
        stored.truncate(usize::try_from(self.len).unwrap_or(usize::MAX));
        Ok(stored)
    }
}

/// Decrypts a range of a file. Calls `fetch` with the range of stored bytes to read: that of the header, then that of the blocks.
///
/// The whole range is held in memory: divide a long one.
///
/// # Errors
///
/// [`ErrorKind::Read`] when `fetch` fails, and [content errors](Error::is_content_error).
pub fn decrypt_range(
    keys: &Keys,
    range: &PlainRange,
    mut fetch: impl FnMut(Range<u64>) -> io::Result<Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    let mut fetch = |bytes| {
        fetch(bytes).map_err(|source| Error::with_source(ErrorKind::Read { what: "stored object" }, source))
    };
    let cipher = FileCipher::from_header(keys, &fetch(PlainRange::HEADER)?)?;
    if range.is_empty() {
        return Ok(Vec::new());
    }
    range.open(&cipher, fetch(range.stored())?)
}
