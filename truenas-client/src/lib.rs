//! TrueNAS middleware: one typed API over one connection, for every release from CORE 13.0 on.
//!
//! The crate finds out which release an appliance is, speaks JSON-RPC or the older protocol over one WebSocket with TLS, logs in, and gives every
//! resource that a cloud backup touches as types: pools, datasets and their user properties, snapshot tasks and snapshots, cloud
//! credentials and cloud sync tasks, SNMP, services, files, and the jobs that long work runs as. Whatever else there is,
//! [`Client::call`] calls by name.
//!
//! | release | protocol | pinned to | logging in | what it lacks |
//! | --- | --- | --- | --- | --- |
//! | CORE 13.0, 13.3 | legacy | — | key, password, token | [`Feature`]s that it does not [support](Client::supports) |
//! | SCALE 24.04, 24.10 | legacy | — | key, password, token | nothing |
//! | 25.04 | JSON-RPC | newest `v25.04` | the same, and one-time codes | nothing |
//! | 25.10 | JSON-RPC | newest `v25.10` | the same | nothing |
//! | 26 | JSON-RPC | newest `v26` | the same, and keys by proof | nothing |
//! | newer | JSON-RPC | newest `v26` or `v25.10` that it offers | keys with their user's name | what it dropped |
//!
//! All of them are asked and answer in one form here, that of 25.10; what differs is made up for in `dialect`, row by row.
//!
//! ```no_run
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! use truenas_client::{Address, ApiKey, Client, Config, Credentials, Trust};
//!
//! let config = Config::new("nas.example.net".parse::<Address>()?, Credentials::api_key(ApiKey::new("1-…")))
//!     .trust(Trust::Fingerprint("9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B:2B:0B:82:2C:D1:5D:6C:15:B0:F0:0A:08".parse()?));
//! let nas = Client::connect(config).await?;
//! for pool in nas.pools().list().await? {
//!     println!("{} {}", pool.name, pool.status);
//! }
//! # Ok(()) }
//! ```
//!
//! An address is checked before anything is sent, so this needs no appliance:
//!
//! ```
//! use truenas_client::Address;
//!
//! assert!("wss://nas.example.net:8443".parse::<Address>().is_ok());
//! assert!("ws://nas.example.net".parse::<Address>().is_err()); // TrueNAS revokes a key that it sees in clear
//! assert!("https://169.254.169.254".parse::<Address>().is_err());
//! ```
//!
//! # What it does not do
//!
//! It does not speak REST, which 26 dropped: every release has a socket. It does not speak to releases before CORE 13.0 and SCALE 24.04. It
//! has types for the resources named above only. It decides nothing: names, retention and order belong to its callers.
//!
//! # Invariants
//!
//! - A key, password or token leaves the process only over TLS to an appliance whose certificate the [`Trust`] accepts, or to this machine
//!   itself. There is no way to accept any certificate. Redirects are never followed.
//! - One task owns the connection; answers are matched by id; at most ten calls are under way; a ping goes out every twenty seconds.
//! - A call that reads is asked again on a new connection. A call that changes something is sent once: when its answer is lost, the
//!   error is [`ErrorKind::OutcomeUnknown`].
//! - `"********"`, which the middleware shows in place of a secret, is never sent back.
//! - No error, `Debug` or span of this crate holds a secret. The WebSocket library writes whole messages to the `log` facade at
//!   TRACE: do not install a logger there that listens to `tungstenite` at that level.
//!
//! Facts about the middleware in these pages were read in its source at the tags they name.

mod address;
mod call;
mod client;
pub mod cloud_credentials;
pub mod cloud_syncs;
mod config;
mod connect;
pub mod datasets;
mod dialect;
mod ejson;
mod error;
mod fields;
pub mod filesystem;
mod ids;
pub mod interfaces;
pub mod jobs;
mod login;
pub mod operations;
pub mod pools;
mod probe;
mod query;
mod raw;
mod redactable;
mod refusal;
mod schedule;
pub mod services;
pub mod snapshot_tasks;
pub mod snapshots;
pub mod snmp;
mod switch;
pub mod system;
mod transport;
mod trust;

pub use address::Address;
pub use client::Client;
pub use config::{ApiKey, Config, Credentials, OneTimeCode, Password, Token};
pub use dialect::{Feature, Release, Support, Version};
pub use error::{Error, ErrorKind, FieldError};
pub use ids::{CloudCredentialId, CloudSyncId, DatasetId, JobId, PoolId, SnapshotTaskId};
pub use jobs::{Job, JobStatus};
pub use query::{Filter, Operand, Order, Query};
pub use raw::Method;
pub use redactable::Redactable;
pub use schedule::{Schedule, TimeOfDay};
pub use switch::Switch;
pub use trust::{Sha256Fingerprint, Trust};

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Client>();
    shared::<Error>();
    shared::<Config>();
    shared::<Job<()>>();
};
