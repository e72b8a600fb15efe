//! Backblaze B2's native API, typed: buckets, application keys and files, with object lock, retention and encryption as types and
//! failures by what the caller would do about them.
//!
//! ```no_run
//! use b2_client::{ApplicationKey, BucketName, Client, Config, KeyId};
//! use b2_client::buckets::{CreateBucket, DefaultRetention, Encryption, Period, UpdateBucket, Visibility};
//! # async fn example() -> Result<(), b2_client::Error> {
//! let b2 = Client::new(Config::new(KeyId::new("0012"), ApplicationKey::new(std::env::var("B2_KEY").unwrap_or_default())))?;
//! let name = BucketName::new("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9")?;
//! let request = CreateBucket::new(name, Visibility::Private).object_lock().encryption(Encryption::SseB2);
//! let bucket = b2.buckets().create(&request).await?;
//! let fortnight = DefaultRetention::compliance(Period::Days(14));
//! let lock = UpdateBucket::new(bucket.id).if_revision(bucket.revision).default_retention(fortnight);
//! assert!(b2.buckets().update(&lock).await?.file_lock.known().is_some());
//! # Ok(()) }
//! ```
//!
//! # What it does not do
//!
//! It knows nothing of the S3-compatible API, of partner groups or of computer backup, and keeps nothing on disk. It decides nothing:
//! it never creates, deletes or changes more than it was asked to.
//!
//! # Invariants
//!
//! - What must happen at most once ([`keys::Keys::create`], [`files::Files::copy`]) is never repeated blindly: a lost answer is
//!   [`ErrorKind::OutcomeUnknown`].
//! - A setting that the key may not read is [`Readable::NotAuthorized`], never "off".
//! - A token goes only to the realm's own hosts, over TLS; loopback is the one exception, for realms on loopback.
//! - Secrets stand in no error, log or `Debug` text, and in no request type but [`notifications::SetNotificationRule`], which can be
//!   neither cloned nor compared.
//! - A transfer of bytes or of a file holds a few megabytes for each part under way; a stream of unknown length holds its parts
//!   under way, [`files::UploadFile::parallel`] times [`files::UploadFile::part_size`] (which grows after 5000 parts), and one piece
//!   of what it yields. A listing holds one page.
//! - Every future can be dropped at any time: nothing of it goes on, and what it had begun can be seen and taken up or cleared away.

mod account;
pub mod buckets;
mod capability;
mod client;
mod clock;
mod config;
mod customer_key;
mod error;
pub mod files;
mod ids;
pub mod keys;
mod names;
pub mod notifications;
mod readable;
mod refusal;
mod secret;
mod service;

pub use account::{Account, AllowedBucket};
pub use capability::Capability;
pub use client::Client;
pub use config::{Config, TestMode};
pub use customer_key::CustomerKey;
pub use error::{Error, ErrorKind};
pub use ids::{AccountId, BucketId, FileId, KeyId, Revision, UnixMillis};
pub use names::{BucketName, FileName, InvalidName, KeyName};
pub use readable::Readable;
pub use secret::ApplicationKey;

/// What this crate's own benches measure, and nobody else should name.
#[doc(hidden)]
pub mod measured {
    pub use crate::files::cut;
    pub use crate::names::{decode, encode};
}

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
