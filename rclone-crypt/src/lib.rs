//! rclone's `crypt` format, both ways: contents, names, keys.
//!
//! What lies in a bucket behind an rclone `crypt` remote — every TrueNAS cloud sync task with encryption is one — opens
//! with this crate, without rclone and without the appliance.
//!
//! ```
//! use rclone_crypt::{Keys, Names, Nonce, Password, Salt, decrypt_all, encrypt_all};
//!
//! let keys = Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple"))?;
//! let stored = encrypt_all(&keys, Nonce::random()?, b"every pool has its story");
//! assert_eq!(decrypt_all(&keys, &stored)?, b"every pool has its story");
//! assert_eq!(Names::off().encode("tank/story.txt")?, "tank/story.txt.bin");
//! # Ok::<(), rclone_crypt::Error>(())
//! ```
//!
//! It does not talk to any service and knows no clock; only [`Catalogue`] and [`Listing`] touch files.
//!
//! # Invariants
//!
//! - No plain byte is handed out before the tag of its block was verified.
//! - Memory is constant: one block of 64 KiB, whatever the file's size.
//! - Keys and passwords are wiped when dropped and never printed.
//! - What the format cannot prove is never claimed: an empty object authenticates nothing, and a cut at a block boundary
//!   shows only against a length known from elsewhere ([`Decryptor::expect_len`]).

#[cfg(feature = "tokio")]
mod async_io;
pub mod b2_name;
mod catalogue;
mod decryptor;
mod encryptor;
mod error;
mod file_cipher;
mod filter;
mod key;
mod lengths;
pub mod local_name;
mod mapping;
mod names;
mod nonce;
mod obscure;
mod opening;
mod proof;
mod radix;
mod range;
mod replacement;
mod salsa;
mod sample;
mod sealing;
mod secretbox;
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
mod simd;
mod step;

#[cfg(feature = "tokio")]
pub use async_io::{AsyncDecryptWriter, AsyncDecryptor, AsyncEncryptWriter, AsyncEncryptor};
pub use catalogue::{Catalogue, Check, Entry, Listing, Progress, RestoreTest, Update};
pub use decryptor::{DecryptWriter, Decryptor, decrypt_all};
pub use encryptor::{EncryptWriter, Encryptor, encrypt_all};
pub use error::{Error, ErrorKind, FilterFault, NameFault};
pub use file_cipher::{FileCipher, parse_header};
pub use filter::{Effect, Filter, TaskRoot};
pub use key::{Keys, Password, Salt};
pub use lengths::{BLOCK_DATA_LEN, BLOCK_LEN, HEADER_LEN, MAGIC, TAG_LEN, decrypted_len, encrypted_len};
pub use mapping::{Mapping, Source};
pub use names::{DirectoryNames, NameEncoding, NameEncryption, Names, Suffix};
pub use nonce::Nonce;
pub use obscure::{Obscured, Revealed, looks_obscured, obscure, obscure_with_iv, reveal};
pub use proof::{KEY_PROOF_RANGE, Proven, SourceProof, StoredSha1, prove_content, prove_keys};
pub use range::{PlainRange, decrypt_range};
pub use sample::{Candidate, Reason, Sample, sample};

const _: () = {
    const fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Error>();
    assert_send_sync::<Keys>();
    assert_send_sync::<FileCipher>();
    assert_send_sync::<Names>();
};
