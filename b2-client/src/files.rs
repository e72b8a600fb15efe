//! Files and their versions: list, look at, hide, delete, lock, send, fetch.
//!
//! ```no_run
//! use b2_client::files::{Download, ListFiles, Source, UploadFile};
//! use b2_client::{BucketId, Client, FileName};
//! use futures_util::TryStreamExt as _;
//! # async fn example(b2: Client, bucket: BucketId) -> Result<(), b2_client::Error> {
//! let upload = UploadFile::new(bucket.clone(), FileName::new("reports/2026.pdf")?);
//! let version = b2.files().upload(&upload, Source::path("2026.pdf")).await?;
//! let mut reports = std::pin::pin!(b2.files().list_names(&ListFiles::new(bucket).prefix("reports/")));
//! while let Some(file) = reports.try_next().await? {
//!     assert!(file.content_length > 0);
//! }
//! let saved = b2.files().save(&Download::by_id(version.id), "copy.pdf").await?;
//! assert!(saved.verified, "compared with the SHA-1 that the service keeps");
//! # Ok(()) }
//! ```

mod content;
mod copy;
mod disk;
mod download;
mod download_head;
mod front;
mod info;
mod large;
mod list;
mod lock;
mod multipart;
mod outgoing;
mod overrides;
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
use http_core::{Call, Idempotency};
use serde::{Deserialize, Serialize};

pub use content::Content;
pub use copy::CopyFile;
pub use download::Download;
pub use download_head::DownloadHead;
pub use large::Part;
pub use list::{Entry, ListFiles};
pub use lock::{FileRetention, LegalHold};
pub use overrides::Overrides;
#[doc(hidden)]
pub use parts::cut;
pub use progress::Progress;
pub(crate) use progress::{Meter, SILENT};
pub use replication::ReplicationCounts;
pub use save::Saved;
pub use sha1sum::{ContentSha1, NoSha1, Sha1};
pub use share::{DownloadToken, ShareFiles};
pub use source::Source;
pub use upload::UploadFile;
pub(crate) use upload_url::IdleUrls;
pub use version::{Action, FileVersion, ReplicationStatus};

use crate::client::{Client, done_before};
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::{BucketId, FileId};
use crate::names::FileName;
use crate::service::call;

/// The files of an account, from [`Client::files`].
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    pub(crate) client: &'a Client,
    pub(crate) key: Option<&'a CustomerKey>,
    pub(crate) token: Option<&'a DownloadToken>,
    pub(crate) meter: &'a Meter,
}

/// What hiding a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "it is looked at once")]
pub enum Hidden {
    /// It is hidden by this marker, made now.
    Now(FileVersion),
    /// It was hidden already.
    Already,
}

/// Whether deleting may override governance retention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Governance {
    /// Retention holds.
    #[default]
    Respect,
    /// Governance retention gives way, if the key has `bypassGovernance`; compliance never does.
    Bypass,
}

impl Governance {
    fn flag(self) -> Option<bool> {
        (self == Self::Bypass).then_some(true)
    }
}

impl<'a> Files<'a> {
    /// The same files, with this key on every upload, download and copy: files are encrypted under it, and opened with it.
    pub fn under(self, key: &'a CustomerKey) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same files, downloaded by this permission instead of the client's key, under the headers that it is bound to. Permissions
    /// are for names: download [by name](Download::by_name).
    pub fn lent(self, token: &'a DownloadToken) -> Self {
        Self { token: Some(token), ..self }
    }

    /// The same files, whose transfers write down how far they are.
    fn told<'m>(self, meter: &'m Meter) -> Files<'m>
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
    /// What the service knows about a version.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn get(&self, id: &FileId) -> Result<FileVersion, Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Get<'a> {
            file_id: &'a FileId,
        }
        let call = call("b2_get_file_info", Idempotency::Read, &Get { file_id: id });
        self.client.send(call.subject(format!("file {id}"))).await
    }

    /// Hides a file: its versions stay, and listings by name and downloads by name no longer show it. Locked versions do not
    /// hinder it. A name that there is no file of is an error, not a file well hidden: it may be misspelt.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no file of this name, [`ErrorKind::Unauthorized`].
    pub async fn hide(&self, bucket: &BucketId, name: &FileName) -> Result<Hidden, Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Hide<'a> {
            bucket_id: &'a BucketId,
            file_name: &'a FileName,
        }
        let request = Hide { bucket_id: bucket, file_name: name };
        let call = call("b2_hide_file", Idempotency::Idempotent, &request);
        match self.client.send(call.subject(format!("file {:?}", name.as_str()))).await {
            Ok(marker) => Ok(Hidden::Now(marker)),
            Err(error) if *error.kind() == ErrorKind::AlreadyHidden => Ok(Hidden::Already),
            Err(error) => Err(error),
        }
    }

    /// Deletes every version of a name for good, the newest last, so that no older one is uncovered meanwhile; returns how many.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] at the first version that is protected; what was deleted before stays deleted.
    pub async fn delete_all_versions(
        &self,
        bucket: &BucketId,
        name: &FileName,
        governance: Governance,
    ) -> Result<usize, Error> {
        let request = ListFiles::new(bucket.clone()).prefix(name.as_str()).start_at(name.as_str());
        let mut listed = std::pin::pin!(self.list_versions(&request));
        let mut ids = Vec::new();
        while let Some(version) = listed.try_next().await?.filter(|version| version.name == *name) {
            ids.push(version.id);
        }
        for id in ids.iter().rev() {
            self.delete_version(name, id, governance).await?;
        }
        Ok(ids.len())
    }

    /// Deletes one version for good, and uncovers an older one if it was the newest. One that an earlier attempt of this call
    /// deleted counts as deleted.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] while retention or a hold protects it, [`ErrorKind::NotFound`], [`ErrorKind::Unauthorized`].
    pub async fn delete_version(
        &self,
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
        let call = call("b2_delete_file_version", Idempotency::Idempotent, &request);
        match self.client.send::<Deleted>(call.subject(format!("file {:?}", name.as_str()))).await {
            Ok(_) => Ok(()),
            Err(error) if done_before(&error, &ErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
