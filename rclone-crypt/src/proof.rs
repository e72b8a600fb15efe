//! Proofs that an object can be recovered.

use std::io::{self, Read};
use std::ops::Range;

use sha1::{Digest, Sha1};

use crate::decryptor::Decryptor;
use crate::encryptor::EncryptWriter;
use crate::error::{Error, ErrorKind};
use crate::file_cipher::{FileCipher, parse_header};
use crate::key::Keys;
use crate::lengths::{BLOCK_DATA_LEN, BLOCK_LEN, HEADER_LEN, encrypted_len};
use crate::step::read_full;

/// What has been proven about an object. Nothing beyond the description of the variant has been proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proven {
    /// Nothing: the object is empty, and decrypts with any password.
    Nothing,
    /// Password and salt are those of the object: its first block is authentic. Not proven: the rest of the object, and whether it is
    /// equal to its source.
    Keys {
        /// The number of plain bytes that were authenticated.
        authenticated: u64,
    },
    /// The SHA-1 that the store reports is that of the source encrypted with these keys and the object's nonce. Not proven: that the
    /// store still returns those bytes, since only 32 were read.
    SameHash {
        /// The length of the source in bytes.
        plain_len: u64,
    },
    /// The whole object was decrypted and is equal to its source.
    SameContent {
        /// The length of the source in bytes.
        plain_len: u64,
    },
}

/// The range of stored bytes that [`prove_keys`] needs: the header and the first block, or the whole of a smaller object.
pub const KEY_PROOF_RANGE: Range<u64> = 0..(HEADER_LEN + BLOCK_LEN) as u64;

/// Proves that an object was encrypted with these keys, by authenticating its first block.
///
/// `beginning` is the bytes of [`KEY_PROOF_RANGE`]: the first 65584 bytes of the object, or all of a smaller one.
///
/// # Errors
///
/// [Content errors](Error::is_content_error). [`ErrorKind::FailedBlock`] for every object of a bucket means a wrong password or salt; for
/// some objects only, it means damage.
pub fn prove_keys(keys: &Keys, beginning: &[u8]) -> Result<Proven, Error> {
    let cipher = FileCipher::from_header(keys, beginning)?;
    let block = &beginning[HEADER_LEN..];
    if block.is_empty() {
        return Ok(Proven::Nothing);
    }
    let mut block = block[..block.len().min(BLOCK_LEN)].to_vec();
    let plain = cipher.open_block(0, &mut block)?;
    Ok(Proven::Keys { authenticated: plain.len() as u64 })
}

/// The SHA-1 of an object's stored bytes, as the store reports it.
///
/// In B2: `contentSha1`, or for a large file the file info `large_file_sha1`, which rclone writes for local sources since 1.52.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSha1([u8; 20]);

impl StoredSha1 {
    /// Creates it from the 20 bytes.
    pub const fn from_bytes(digest: [u8; 20]) -> Self {
        Self(digest)
    }

    /// Parses 40 hexadecimal digits, with or without B2's prefix `unverified:`. `None` for any other text, such as `none`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("unverified:").unwrap_or(text);
        if digits.len() != 40 || !digits.bytes().all(|c| c.is_ascii_hexdigit()) {
            return None;
        }
        let mut digest = [0; 20];
        for (byte, pair) in digest.iter_mut().zip(digits.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(digest))
    }
}

/// Compares an object with its source by the object's SHA-1, downloading only the object's header.
///
/// Encrypts the source again with the object's nonce and compares the SHA-1, as `rclone cryptcheck` does. Push the bytes of the source,
/// then call [`finish`](Self::finish):
///
/// ```
/// use rclone_crypt::{Keys, Nonce, Password, Proven, Salt, SourceProof, StoredSha1, encrypt_all};
/// use sha1::{Digest, Sha1};
///
/// let keys = Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple"))?;
/// let object = encrypt_all(&keys, Nonce::random()?, b"quarterly report");
/// let stored = StoredSha1::from_bytes(Sha1::digest(&object).into());
///
/// let mut proof = SourceProof::new(&keys, &object[..32])?;
/// proof.push(b"quarterly ");
/// proof.push(b"report");
/// assert_eq!(proof.finish(&stored)?, Proven::SameHash { plain_len: 16 });
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug)]
pub struct SourceProof {
    encrypted: EncryptWriter<Hasher>,
    plain_len: u64,
}

#[derive(Debug, Clone)]
struct Hasher(Sha1);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl SourceProof {
    /// Starts a proof. `header` is the first 32 bytes of the object.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooShort`] and [`ErrorKind::BadMagic`].
    pub fn new(keys: &Keys, header: &[u8]) -> Result<Self, Error> {
        let encrypted = EncryptWriter::new(keys, parse_header(header)?, Hasher(Sha1::new()));
        Ok(Self { encrypted, plain_len: 0 })
    }

    /// Adds the next bytes of the source.
    pub fn push(&mut self, plain: &[u8]) {
        self.plain_len += plain.len() as u64;
        // Writing to the hasher cannot fail.
        let _ = io::Write::write_all(&mut self.encrypted, plain);
    }

    /// Returns the stored length that the object must have, by the source pushed so far. If it differs, no hash is needed.
    pub fn stored_len(&self) -> u64 {
        encrypted_len(self.plain_len)
    }

    /// Compares with the SHA-1 that the store reports.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Differs`]: the source has changed, the keys are wrong, or the object is damaged.
    pub fn finish(self, stored: &StoredSha1) -> Result<Proven, Error> {
        let plain_len = self.plain_len;
        let digest: [u8; 20] = self.encrypted.finish()?.0.finalize().into();
        match plain_len {
            _ if digest != stored.0 => Err(ErrorKind::Differs { at: None }.into()),
            0 => Ok(Proven::Nothing),
            _ => Ok(Proven::SameHash { plain_len }),
        }
    }
}

/// Decrypts a whole object and compares it with its source.
///
/// # Errors
///
/// [Content errors](Error::is_content_error), including [`ErrorKind::Differs`] with the position of the first byte that differs, and
/// [`ErrorKind::Read`].
pub fn prove_content(keys: &Keys, stored: impl Read, mut source: impl Read) -> Result<Proven, Error> {
    let mut object = Decryptor::new(keys, stored)?;
    let mut expected = vec![0; BLOCK_DATA_LEN];
    let mut plain_len = 0;
    loop {
        let plain = object.next_block()?.unwrap_or_default();
        let len = read_full(&mut source, &mut expected)?;
        if plain != &expected[..len] {
            let same = plain.iter().zip(&expected[..len]).take_while(|(a, b)| a == b).count();
            return Err(ErrorKind::Differs { at: Some(plain_len + same as u64) }.into());
        }
        plain_len += len as u64;
        if len < BLOCK_DATA_LEN {
            break;
        }
    }
    Ok(if plain_len == 0 { Proven::Nothing } else { Proven::SameContent { plain_len } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encryptor::encrypt_all;
    use crate::key::{Password, Salt};
    use crate::nonce::Nonce;

    fn keys() -> Keys {
        Keys::derive(&Password::new("p"), &Salt::none()).unwrap()
    }

    #[test]
    fn key_proof_by_one_range() {
        let keys = keys();
        let object = encrypt_all(&keys, Nonce::from_bytes([7; 24]), &vec![1; 200_000]);
        let beginning = &object[..usize::try_from(KEY_PROOF_RANGE.end).unwrap()];
        assert_eq!(prove_keys(&keys, beginning).unwrap(), Proven::Keys { authenticated: 65_536 });
        assert_eq!(prove_keys(&keys, &object[..32]).unwrap(), Proven::Nothing);
        let other = Keys::derive(&Password::new("q"), &Salt::none()).unwrap();
        assert_eq!(prove_keys(&other, beginning).unwrap_err().kind(), &ErrorKind::FailedBlock { block: 0 });
    }

    #[test]
    fn source_proof_by_the_header() {
        let keys = keys();
        for len in [1, 65_535, 65_536, 65_537, 200_000] {
            let source = vec![3; len];
            let object = encrypt_all(&keys, Nonce::from_bytes([7; 24]), &source);
            let digest =
                Sha1::digest(&object).iter().fold("unverified:".to_owned(), |t, b| t + &format!("{b:02x}"));
            let stored = StoredSha1::parse(&digest).unwrap();
            let mut proof = SourceProof::new(&keys, &object[..32]).unwrap();
            source.chunks(10_000).for_each(|chunk| proof.push(chunk));
            assert_eq!(proof.stored_len(), object.len() as u64);
            assert_eq!(proof.finish(&stored).unwrap(), Proven::SameHash { plain_len: len as u64 });
            let mut changed = SourceProof::new(&keys, &object[..32]).unwrap();
            changed.push(&source[1..]);
            assert_eq!(changed.finish(&stored).unwrap_err().kind(), &ErrorKind::Differs { at: None });
        }
        assert_eq!(StoredSha1::parse("none"), None);
    }

    #[test]
    fn content_proof_says_where() {
        let keys = keys();
        let mut source = vec![3; 131_072];
        let object = encrypt_all(&keys, Nonce::from_bytes([7; 24]), &source);
        let whole = prove_content(&keys, &*object, &*source).unwrap();
        assert_eq!(whole, Proven::SameContent { plain_len: 131_072 });
        let cut = prove_content(&keys, &object[..65_584], &*source).unwrap_err();
        assert_eq!(cut.kind(), &ErrorKind::Differs { at: Some(65_536) });
        source[70_000] ^= 1;
        let changed = prove_content(&keys, &*object, &*source).unwrap_err();
        assert_eq!(changed.kind(), &ErrorKind::Differs { at: Some(70_000) });
        assert!(prove_content(&keys, &*object, &source[..65_536]).is_err());
    }
}
