//! The sizes of the format, and the conversion between plain and stored lengths.

use crate::error::{Error, ErrorKind};

/// The first eight bytes of every encrypted file: `RCLONE` and two NULs.
pub const MAGIC: [u8; 8] = *b"RCLONE\0\0";
/// The length of the header in bytes: the magic bytes and the initial nonce.
pub const HEADER_LEN: usize = 32;
/// The length in bytes of the authentication tag before each block.
pub const TAG_LEN: usize = 16;
/// The number of plain bytes in a block. The last block of a file may have fewer.
pub const BLOCK_DATA_LEN: usize = 64 * 1024;
/// The number of stored bytes of a block: the tag and the encrypted data.
pub const BLOCK_LEN: usize = TAG_LEN + BLOCK_DATA_LEN;

const HEADER: u64 = HEADER_LEN as u64;
const TAG: u64 = TAG_LEN as u64;
const DATA: u64 = BLOCK_DATA_LEN as u64;
const BLOCK: u64 = BLOCK_LEN as u64;

/// Returns the stored length of a file of `plain_len` bytes. Saturates at `u64::MAX`.
pub const fn encrypted_len(plain_len: u64) -> u64 {
    let rest = plain_len % DATA;
    let tail = if rest == 0 { 0 } else { TAG + rest };
    (plain_len / DATA).saturating_mul(BLOCK).saturating_add(HEADER + tail)
}

/// Returns the plain length of an object of `stored_len` bytes.
///
/// # Errors
///
/// [`ErrorKind::TooShort`] for fewer than 32 bytes, [`ErrorKind::TruncatedBlock`] for a length that ends within a tag or directly after
/// one; no encrypted file has such a length.
pub fn decrypted_len(stored_len: u64) -> Result<u64, Error> {
    let Some(blocks) = stored_len.checked_sub(HEADER) else {
        return Err(ErrorKind::TooShort { len: stored_len }.into());
    };
    let (full, rest) = (blocks / BLOCK, blocks % BLOCK);
    match usize::try_from(rest) {
        Ok(0) => Ok(full * DATA),
        Ok(len @ 1..=TAG_LEN) => Err(ErrorKind::TruncatedBlock { block: full, len }.into()),
        _ => Ok(full * DATA + rest - TAG),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_around_every_boundary() {
        for (plain, stored) in [(0, 32), (1, 49), (65_535, 65_583), (65_536, 65_584), (65_537, 65_601)] {
            assert_eq!(encrypted_len(plain), stored);
            assert_eq!(decrypted_len(stored).unwrap(), plain);
        }
        assert_eq!(decrypted_len(31).unwrap_err().kind(), &ErrorKind::TooShort { len: 31 });
        assert_eq!(
            decrypted_len(65_584 + 16).unwrap_err().kind(),
            &ErrorKind::TruncatedBlock { block: 1, len: 16 }
        );
        assert_eq!(encrypted_len(u64::MAX), u64::MAX);
    }
}
