//! `dtc.b2`: the face of `b2_client`.

mod arguments;
mod body;
mod buckets;
mod client;
mod failure;
mod files;
mod found;
mod handle;
mod keys;
mod listing;
mod notifications;
mod readable;
mod requests;
mod secrets;
mod settings;
mod transfer;
mod wire;

use pyo3::prelude::*;

pub(crate) use client::listening;
pub(crate) use found::Wait;

/// Backblaze B2's native API: buckets, application keys, files.
#[pymodule(name = "b2", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::arguments::BucketRef;
    #[pymodule_export]
    use super::body::DownloadResponse;
    #[pymodule_export]
    use super::buckets::Buckets;
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::files::Files;
    #[pymodule_export]
    use super::found::{
        Account, AllowedBucket, Bucket, DownloadHead, FileVersion, Folder, Key, Part, Progress,
        ReplicationCounts, SavedFile, Wait,
    };
    #[pymodule_export]
    use super::keys::Keys;
    #[pymodule_export]
    use super::listing::{Entries, FileVersions, ListedKeys, Parts};
    #[pymodule_export]
    use super::notifications::{Event, NotificationRule, SetNotificationRule, verify_notification};
    #[pymodule_export]
    use super::readable::Unreadable;
    #[pymodule_export]
    use super::requests::{CopyFile, Download, UpdateBucket};
    #[pymodule_export]
    use super::secrets::{CustomerKey, DownloadToken, NewKey};
    #[pymodule_export]
    use super::settings::{
        CorsRule, DefaultRetention, FileLock, FileRetention, HeaderOverrides, LifecycleRule, Replication,
        ReplicationDestination, ReplicationRule, ReplicationSource,
    };
    #[pymodule_export]
    use super::{is_allowed_on_restricted_key, reads, writes};
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::b2::body::AioDownloadResponse;
        #[pymodule_export]
        use crate::b2::buckets::AioBuckets;
        #[pymodule_export]
        use crate::b2::client::AioClient;
        #[pymodule_export]
        use crate::b2::files::AioFiles;
        #[pymodule_export]
        use crate::b2::keys::AioKeys;
        #[pymodule_export]
        use crate::b2::listing::{AioEntries, AioFileVersions, AioListedKeys, AioParts};
    }
}

/// The operations that change nothing: the only ones that a read-only client sends.
#[pyfunction]
fn reads() -> Vec<&'static str> {
    b2_client::operations::READS.to_vec()
}

/// The operations that a read-only client refuses.
#[pyfunction]
fn writes() -> Vec<&'static str> {
    b2_client::operations::WRITES.to_vec()
}

/// Whether a key that is restricted to a bucket can have this capability.
///
/// >>> is_allowed_on_restricted_key("listFiles"), is_allowed_on_restricted_key("deleteKeys")
/// (True, False)
#[pyfunction]
fn is_allowed_on_restricted_key(capability: &str) -> bool {
    b2_client::Capability::from_name(capability).is_allowed_on_restricted_key()
}
