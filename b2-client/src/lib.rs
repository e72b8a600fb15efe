//! A typed client for Backblaze B2's native API: buckets, application keys and files, including object lock, retention,
//! server-side encryption, event notifications and replication settings.
//!
//! Create a [`Client`] from a [`Config`], then call [`Client::buckets`], [`Client::keys`] or [`Client::files`]. Every failure is an
//! [`Error`] whose [`ErrorKind`] says how the caller can react.
//!
//! ```no_run
//! use b2_client::{ApplicationKey, BucketName, Client, Config, KeyId};
//! use b2_client::buckets::{CreateBucket, DefaultRetention, Encryption, Period, UpdateBucket, Visibility};
//! # async fn example() -> Result<(), b2_client::Error> {
//! let b2 = Client::new(Config::new(KeyId::new("0012"), ApplicationKey::new(std::env::var("B2_KEY").unwrap_or_default())))?;
//! let name = BucketName::new("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9")?;
//! let request = CreateBucket::new(name, Visibility::Private).object_lock().encryption(Encryption::SseB2);
//! let bucket = b2.buckets().create(&request).await?;
//! let two_weeks = DefaultRetention::compliance(Period::Days(14));
//! let update = UpdateBucket::new(bucket.id).if_revision(bucket.revision).default_retention(two_weeks);
//! assert!(b2.buckets().update(&update).await?.file_lock.known().is_some());
//! # Ok(()) }
//! ```
//!
//! # What it does not do
//!
//! - It does not implement the S3-compatible API, partner groups or computer backup.
//! - It stores nothing on disk, except the files that [`files::Files::save`] downloads.
//! - It has no policy of its own: it creates, changes and deletes only what a call names.
//!
//! # Invariants
//!
//! - Calls that must happen at most once ([`keys::Keys::create`], [`files::Files::copy`]) are not retried after the request may have
//!   taken effect. If the answer is lost, the error is [`ErrorKind::OutcomeUnknown`].
//! - A setting that the key may not read is [`Readable::NotAuthorized`], never "off"; one of an unknown form is
//!   [`Readable::NotUnderstood`]. A member or a row of an unknown form fails neither the other rows of a page nor its own more than needed.
//! - What the service replaces as a whole keeps the members that this crate does not know.
//! - Tokens are sent only to hosts of the configured realm, over TLS. A realm on a loopback address may use plain HTTP.
//! - Secrets do not appear in errors, logs or `Debug` output. The only request type that holds one is
//!   [`notifications::SetNotificationRule`], which implements neither `Clone` nor `PartialEq`.
//! - Memory is bounded. A transfer from memory or from a file buffers a few megabytes per part in progress. An upload from a stream
//!   buffers the parts in progress, [`files::UploadFile::parallel`] times [`files::UploadFile::part_size`] (which grows after 5000
//!   parts), plus one chunk of the stream. A listing buffers one page.
//! - Every future is cancellation-safe: after a drop no further request is sent, and a large file that was started is shown by
//!   [`files::Files::list_unfinished`], from where it can be resumed or cancelled.

mod account;
mod bucket_ids;
mod bucket_ref;
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
mod members;
mod names;
pub mod notifications;
pub mod operations;
mod readable;
mod refusal;
mod secret;
mod service;
mod subject;

pub use account::{Account, AllowedBucket};
pub use bucket_ref::BucketRef;
pub use capability::Capability;
pub use client::Client;
pub use config::{Config, TestMode};
pub use customer_key::CustomerKey;
pub use error::{Error, ErrorKind};
pub use ids::{AccountId, BucketId, FileId, KeyId, Revision, UnixMillis};
pub use names::{BucketName, FileName, InvalidName, KeyName};
pub use readable::Readable;
pub use secret::ApplicationKey;

/// Internals that this crate's benchmarks measure. Not part of the public API.
#[doc(hidden)]
pub mod bench_internals {
    pub use crate::files::cut;
    pub use crate::names::{decode, encode};
}

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
