#![doc = include_str!("front_page.md")]

mod address;
pub mod alerts;
pub mod api_keys;
mod binding;
mod call;
mod changes;
mod client;
pub mod cloud_credentials;
pub mod cloud_syncs;
mod config;
mod connect;
pub mod datasets;
mod dialect;
mod dialer;
mod ejson;
mod error;
mod fields;
pub mod filesystem;
mod fingerprint;
pub mod groups;
mod ids;
pub mod interfaces;
pub mod jobs;
pub mod keychain;
mod login;
pub mod operations;
pub mod pools;
mod probe;
mod query;
mod raw;
mod redactable;
mod refusal;
pub mod replications;
mod schedule;
mod scram;
pub mod services;
pub mod sessions;
pub mod snapshot_tasks;
pub mod snapshots;
pub mod snmp;
pub mod ssh;
mod suspects;
mod switch;
pub mod system;
mod task_status;
mod tls_error;
mod transport;
mod trust;
pub mod users;

pub use address::Address;
pub use changes::{Change, ChangeKind, Seen};
pub use client::Client;
pub use config::{ApiKey, Config, Credentials, OneTimeCode, Password, Token};
pub use dialect::{Feature, Release, Support, Version};
pub use error::{Error, ErrorKind, FieldError};
pub use fingerprint::Sha256Fingerprint;
pub use ids::{
    ApiKeyId, CloudCredentialId, CloudSyncId, DatasetId, GroupId, JobId, KeyPairId, PoolId, ReplicationId,
    SnapshotTaskId, SshConnectionId, UserId,
};
pub use jobs::{Job, JobStatus, Member};
pub use query::{Filter, Operand, Order, Query};
pub use raw::Method;
pub use redactable::Redactable;
pub use schedule::{Schedule, TimeOfDay};
pub use switch::Switch;
pub use task_status::{TaskState, TaskStatus};
pub use trust::Trust;

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<Client>();
    shared::<Error>();
    shared::<Config>();
    shared::<Job<()>>();
};
