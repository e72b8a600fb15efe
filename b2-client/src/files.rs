//! Files and their versions: list, inspect, hide, delete, lock, upload, download, copy.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use b2_client::files::{Download, ListFiles, UploadFile};
//! use b2_client::{BucketName, Client, FileName};
//! use futures_util::TryStreamExt as _;
//! # async fn example(b2: Client, bucket: BucketName) -> Result<(), b2_client::Error> {
//! let upload = UploadFile::new(&bucket, FileName::new("reports/2026.pdf")?);
//! let version = b2.files().upload(&upload, Path::new("2026.pdf")).await?;
//! let mut reports = std::pin::pin!(b2.files().list_names(&ListFiles::new(bucket).prefix("reports/")));
//! while let Some(file) = reports.try_next().await? {
//!     assert!(file.content_length > 0);
//! }
//! let saved = b2.files().save(&Download::by_id(version.id), "copy.pdf").await?;
//! assert!(saved.verified, "the content was compared with the SHA-1 that the service stores");
//! # Ok(()) }
//! ```

mod contiguous_prefix;
mod copy;
mod disk;
mod download;
mod download_head;
mod download_response;
mod header_overrides;
mod info;
mod large;
mod list;
mod lock;
mod multipart;
mod outgoing;
mod parts;
mod progress;
mod replication;
mod save;
mod sha1sum;
mod share;
mod source;
mod upload;
mod upload_url;
mod version;

use futures_util::TryStreamExt as _;
use http_core::Call;
use serde::{Deserialize, Serialize};

pub use copy::CopyFile;
pub use download::Download;
pub use download_head::DownloadHead;
pub use download_response::DownloadResponse;
pub use header_overrides::HeaderOverrides;
pub use large::Part;
pub use list::{Entry, ListFiles};
pub use lock::{FileRetention, LegalHold};
#[doc(hidden)]
pub use parts::cut;
pub(crate) use progress::Meter;
use progress::NO_PROGRESS;
pub use progress::Progress;
pub use replication::ReplicationCounts;
pub use save::SavedFile;
pub use sha1sum::{ContentSha1, InvalidSha1, Sha1};
pub use share::{DownloadToken, ShareFiles};
pub use source::Source;
pub use upload::UploadFile;
pub use version::{Action, FileVersion, ReplicationStatus};

use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::capability::Capability;
use crate::client::{Client, done_before};
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;
use crate::names::FileName;
use crate::operations;
use crate::service::call;
use crate::subject::Subject;

/// Operations on files; returned by [`Client::files`].
///
/// A value is a lightweight handle. [`with_customer_key`](Self::with_customer_key) and [`with_token`](Self::with_token) return a
/// handle with another setting and leave this one unchanged.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    pub(crate) client: &'a Client,
    pub(crate) key: Option<&'a CustomerKey>,
    pub(crate) token: Option<&'a DownloadToken>,
    pub(crate) meter: &'a Meter,
}

/// The result of [`Files::hide`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "short-lived")]
pub enum HideOutcome {
    /// The file is now hidden, by this new hide marker.
    Hidden(FileVersion),
    /// The file had been hidden before; nothing was changed.
    AlreadyHidden,
}

/// Whether a request bypasses governance retention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Governance {
    /// Does not bypass it.
    #[default]
    Respect,
    /// Bypasses it, which requires the capability `bypassGovernance`. Compliance retention cannot be bypassed.
    Bypass,
}

impl Governance {
    fn flag(self) -> Option<bool> {
        (self == Self::Bypass).then_some(true)
    }

    /// The capability that it requires beside that of the operation.
    fn needs(self) -> &'static [Capability] {
        match self {
            Self::Respect => &[],
            Self::Bypass => &[Capability::BypassGovernance],
        }
    }
}

impl Client {
    /// Returns the handle for files and their versions.
    pub fn files(&self) -> Files<'_> {
        Files { client: self, key: None, token: None, meter: &NO_PROGRESS }
    }
}

impl<'a> Files<'a> {
    /// Uses a customer-provided key (SSE-C) to encrypt uploads and copies and to decrypt downloads and the sources of copies.
    pub fn with_customer_key(self, key: &'a CustomerKey) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Authorises downloads with a download token instead of the client's key. Requests the response headers that the token is bound to.
    ///
    /// A download token is valid for file names, so only downloads [by name](Download::by_name) can use it.
    pub fn with_token(self, token: &'a DownloadToken) -> Self {
        Self { token: Some(token), ..self }
    }

    /// Records the progress of transfers in `meter`.
    fn with_progress<'m>(self, meter: &'m Meter) -> Files<'m>
    where
        'a: 'm,
    {
        Files { meter, ..self }
    }

    fn keyed(&self, call: Call) -> Call {
        match self.key {
            Some(key) => key.on(call),
            None => call,
        }
    }
}

impl Files<'_> {
    /// Returns the metadata of a version.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn get(&self, id: &FileId) -> Result<FileVersion, Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Get<'a> {
            file_id: &'a FileId,
        }
        let call = call(operations::GET_FILE_INFO, &Get { file_id: id });
        self.client.send(call.subject(Subject::version(id))).await
    }

    /// Hides a file by adding a hide marker: its versions remain, and listings of names and downloads by name no longer show it.
    /// Locked versions do not prevent this.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no file of this name, [`ErrorKind::Unauthorized`].
    pub async fn hide(&self, bucket: impl Into<BucketRef>, name: &FileName) -> Result<HideOutcome, Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Hide<'a> {
            #[serde(flatten)]
            bucket: &'a BucketRef,
            file_name: &'a FileName,
        }
        let hide = |FoundBucket { bucket, .. }| async move {
            let call = call(operations::HIDE_FILE, &Hide { bucket: &bucket, file_name: name });
            self.client.send(call.subject(Subject::file(name).inside(&bucket))).await
        };
        match self.client.in_bucket(operations::HIDE_FILE, &bucket.into(), hide).await {
            Ok(marker) => Ok(HideOutcome::Hidden(marker)),
            Err(error) if *error.kind() == ErrorKind::AlreadyHidden => Ok(HideOutcome::AlreadyHidden),
            Err(error) => Err(error),
        }
    }

    /// Permanently deletes every version of a name and returns their number. Deletes the newest version last, so that no older version
    /// becomes the current one in between.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] at the first protected version. Versions deleted before it stay deleted.
    pub async fn delete_all_versions(
        &self,
        bucket: impl Into<BucketRef>,
        name: &FileName,
        governance: Governance,
    ) -> Result<usize, Error> {
        let bucket = bucket.into();
        let request = ListFiles::new(&bucket).prefix(name.as_str()).start_at(name.as_str());
        let mut listed = std::pin::pin!(self.list_versions(&request));
        let mut ids = Vec::new();
        while let Some(version) = listed.try_next().await?.filter(|version| version.name == *name) {
            ids.push(version.id);
        }
        for id in ids.iter().rev() {
            let subject = Subject::file(name).with_id(id).inside(&bucket);
            self.delete_one(subject, name, id, governance).await?;
        }
        Ok(ids.len())
    }

    /// Permanently deletes one version. If it was the newest, the next older version becomes the current one. Succeeds if an earlier
    /// attempt of the same call, whose answer was lost, may have deleted it.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] while retention or a legal hold protects it, [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn delete_version(
        &self,
        name: &FileName,
        id: &FileId,
        governance: Governance,
    ) -> Result<(), Error> {
        self.delete_one(Subject::file(name).with_id(id), name, id, governance).await
    }

    async fn delete_one(
        &self,
        subject: Subject<'_>,
        name: &FileName,
        id: &FileId,
        governance: Governance,
    ) -> Result<(), Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Delete<'a> {
            file_name: &'a FileName,
            file_id: &'a FileId,
            #[serde(skip_serializing_if = "Option::is_none")]
            bypass_governance: Option<bool>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Deleted {
            #[serde(rename = "fileId")]
            _file_id: FileId,
        }
        let request = Delete { file_name: name, file_id: id, bypass_governance: governance.flag() };
        let call = call(operations::DELETE_FILE_VERSION, &request).subject(subject);
        match self.client.send_needing::<Deleted>(call, governance.needs()).await {
            Ok(_) => Ok(()),
            Err(error) if done_before(&error, &ErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
