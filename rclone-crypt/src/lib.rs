//! Encrypts and decrypts rclone's `crypt` format: file contents, file names and the keys they are encrypted with.
//!
//! TrueNAS Cloud Sync tasks with encryption write this format. With a task's password and salt, this crate reads the objects in the
//! bucket without rclone and without the appliance, and checks that they match their sources.
//!
//! ```
//! use rclone_crypt::{Keys, Names, Nonce, Password, Salt, decrypt_all, encrypt_all};
//!
//! let keys = Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple"))?;
//! let stored = encrypt_all(&keys, Nonce::random()?, b"quarterly report");
//! assert_eq!(decrypt_all(&keys, &stored)?, b"quarterly report");
//! assert_eq!(Names::off().encode("tank/report.txt")?, "tank/report.txt.bin");
//! # Ok::<(), rclone_crypt::Error>(())
//! ```
//!
//! # What it does not do
//!
//! It makes no network requests and reads no clock. Only [`Catalogue`], [`Listing`], [`KeyTrial`] and [`Destination`] access files.
//!
//! # Invariants
//!
//! - Plain bytes are returned only after the authentication tag of their block has been verified.
//! - Memory use is constant: one block of 64 KiB, regardless of the size of the file.
//! - Keys and passwords are zeroed when dropped, and `Debug` does not print them.
//! - The format has no end mark, so a file that was truncated at a block boundary decrypts without an error. Pass the expected length
//!   to detect this ([`Decryptor::expect_len`]). An empty object has no block, so it proves nothing about the keys ([`Proven`]).

#[cfg(feature = "tokio")]
mod async_io;
pub mod b2_name;
mod catalogue;
mod config;
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
pub use catalogue::{
    Catalogue, CheckReport, Destination, Entry, Failed, Incomplete, KeyTrial, Listing, Partial, Present,
    PresentFile, PresentId, Progress, Renamed, RestoreTestReport, Skipped, Unfinished, Update, WriteReport,
};
pub use config::{Config, ConfigPassword, CryptRemote};
pub use decryptor::{DecryptWriter, Decryptor, decrypt_all};
pub use encryptor::{EncryptWriter, Encryptor, encrypt_all};
pub use error::{ConfigProblem, Error, ErrorKind, FilterProblem, NameProblem};
pub use file_cipher::{FileCipher, parse_header};
pub use filter::{Filter, FilterAction, TrueNasTask};
pub use key::{Keys, Password, Salt};
pub use lengths::{BLOCK_DATA_LEN, BLOCK_LEN, HEADER_LEN, MAGIC, TAG_LEN, decrypted_len, encrypted_len};
pub use mapping::{Mapping, Origin};
pub use names::{DirectoryNames, NameEncoding, NameEncryption, NameForm, Names, Suffix};
pub use nonce::Nonce;
pub use obscure::{Obscured, Revealed, looks_obscured, obscure, obscure_with_iv, reveal};
pub use proof::{KEY_PROOF_RANGE, Proven, SourceProof, StoredSha1, prove_content, prove_keys};
pub use range::{PlainRange, decrypt_range};
pub use sample::{Candidate, Sample, SampleReason, sample};

const _: () = {
    const fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Error>();
    assert_send_sync::<Keys>();
    assert_send_sync::<FileCipher>();
    assert_send_sync::<Names>();
};
