//! A typed client for Backblaze B2's native API: buckets, application keys and files, including object lock, retention,
//! server-side encryption, event notifications and replication settings.
//!
//! Create a [`Client`] from a [`Config`], then call [`Client::buckets`], [`Client::keys`] or [`Client::files`]. Every failure is an
//! [`Error`] whose [`ErrorKind`] says how the caller can react.
//!
//! ```
//! use b2_client::files::{Download, ListFiles, UploadFile};
//! use b2_client::{ApplicationKey, BucketName, Client, Config, FileName, KeyId};
//! use futures_util::TryStreamExt as _;
//! # mod scripted { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/front_page/server.rs")); }
//! # async fn example() -> Result<(), b2_client::Error> {
//! # let (server, key_id, key) = scripted::server().await;
//! # let realm = server.uri();
//!
//! let key = Config::new(KeyId::new(key_id), ApplicationKey::new(key));
//! let b2 = Client::new(key.realm(realm))?; // without a realm: Backblaze
//! let photos = BucketName::new("my-photos")?;
//! let name = FileName::new("2026/island.jpg")?;
//! let version = b2.files().upload(&UploadFile::new(&photos, name.clone()), b"bytes, a path or a file").await?;
//! let listed: Vec<_> = b2.files().list_names(&ListFiles::new(&photos).prefix("2026/")).try_collect().await?;
//! assert_eq!(listed, [version]);
//! let content = b2.files().download(&Download::by_name(&photos, name)).await?.bytes().await?;
//! assert_eq!(content, "bytes, a path or a file");
//! # Ok(()) }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! Buckets are named by their names or by their ids ([`BucketRef`]). The modules show how to [create and lock a bucket](buckets),
//! [make a key](keys) for it, and [transfer files](files) from and to disk. `examples/b2_tour.rs` does all of it.
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
//! - An error names the operation, the file and the bucket, and the address that was called. Whoever waits before another attempt tells
//!   of it first ([`Config::on_wait`]).
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
mod idle_urls;
mod ids;
mod in_bucket;
pub mod keys;
mod members;
mod names;
pub mod notifications;
pub mod operations;
mod readable;
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
