//! Files and their versions: list, inspect, hide, delete, lock, upload, download, copy.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use b2_client::files::{self, Governance, HideOutcome, ListFiles, ShareFiles, UploadFile};
use b2_client::{FileId, UnixMillis};
use futures_util::{Stream, StreamExt as _};
use pyo3::prelude::*;

use super::arguments::{AnyBucket, file_name};
use super::body::{AioDownloadResponse, Body, DownloadResponse};
use super::failure::Failure;
use super::found::{DownloadHead, FileVersion, Progress, ReplicationCounts, SavedFile};
use super::handle::Handle;
use super::listing::{AioEntries, AioFileVersions, AioParts, Entries, FileVersions, Parts};
use super::requests::{CopyFile, Download, parallel};
use super::secrets::{CustomerKey, DownloadToken};
use super::settings::{FileRetention, HeaderOverrides, encryption, legal_hold};
use super::transfer;
use crate::content::Content;
use crate::errors;
use crate::listener::Listener;
use crate::rows::Rows;
use crate::rt::{self, Access, Awaitable, Limits, Timeout};
use crate::twins::twins;
use crate::values::{Nothing, Time};

fn governance(bypass: bool) -> Governance {
    if bypass { Governance::Bypass } else { Governance::Respect }
}

/// Which files to list, and from where on.
fn listed(
    bucket: &AnyBucket,
    prefix: Option<String>,
    start_at: Option<String>,
    start_at_id: Option<String>,
    page_size: u16,
) -> PyResult<ListFiles> {
    let mut request = ListFiles::new(bucket.parse()?);
    if let Some(prefix) = prefix {
        request = request.prefix(prefix);
    }
    match (start_at, start_at_id) {
        (None, None) => {}
        (Some(name), None) => request = request.start_at(name),
        (Some(name), Some(id)) => request = request.start_at_version(&file_name(&name)?, FileId::new(id)),
        (None, Some(id)) => {
            let problem = "is an id without a name";
            return Err(errors::argument("start", &id, problem, "give start_at as well"));
        }
    }
    let entries = NonZeroU16::new(page_size)
        .ok_or_else(|| errors::argument("page size", "0", "is no number of entries", "use 1 to 10000"))?;
    Ok(request.page_size(entries))
}

/// An upload with everything that it may have.
struct Upload {
    content_type: Option<String>,
    info: BTreeMap<String, String>,
    source_modified: Option<Time>,
    encryption: Option<String>,
    retention: Option<FileRetention>,
    legal_hold: Option<String>,
    custom_upload_timestamp: Option<Time>,
    part_size: Option<u64>,
    parallel: u32,
    resume: bool,
    in_locked_bucket: bool,
}

impl Upload {
    fn wire(self, bucket: &AnyBucket, name: &str) -> PyResult<UploadFile> {
        let mut upload =
            UploadFile::new(bucket.parse()?, file_name(name)?).parallel(parallel(self.parallel)?);
        for (name, value) in self.info {
            upload = upload.info(name, value);
        }
        if let Some(media_type) = self.content_type {
            upload = upload.content_type(media_type);
        }
        if let Some(at) = self.source_modified {
            upload = upload.source_modified(UnixMillis::new(at.0));
        }
        if let Some(at) = self.custom_upload_timestamp {
            upload = upload.custom_upload_timestamp(UnixMillis::new(at.0));
        }
        if let Some(mode) = &self.encryption {
            upload = upload.encryption(encryption(mode)?);
        }
        if let Some(retention) = &self.retention {
            upload = upload.retention(retention.wire()?);
        }
        if let Some(hold) = &self.legal_hold {
            upload = upload.legal_hold(legal_hold(hold)?);
        }
        if let Some(bytes) = self.part_size {
            upload = upload.part_size(bytes);
        }
        if self.resume {
            upload = upload.resume();
        }
        Ok(if self.in_locked_bucket { upload.in_locked_bucket() } else { upload })
    }
}

/// Follows a transfer to its end.
async fn followed<T>(
    transfer: impl Stream<Item = Result<files::Progress<T>, b2_client::Error>>,
    progress: &Listener<Progress>,
) -> Result<T, Failure> {
    let mut transfer = std::pin::pin!(transfer);
    let mut last = Err(Failure::Python(pyo3::exceptions::PyRuntimeError::new_err("the transfer has no end")));
    while let Some(step) = transfer.next().await {
        let step = step?;
        if let Some(shown) = Progress::of(&step) {
            progress.call(shown)?;
        }
        if let files::Progress::Done(value) = step {
            last = Ok(value);
        }
    }
    last
}

const DOWNLOAD: &str = "b2_download_file";

twins! {
    /// The files of an account, and their versions.
    "Files" in "dtc.b2" and "dtc.b2.aio", Failure: Files / AioFiles(Handle) {
        both {
            /// The same handle, with a key that encrypts uploads and copies and decrypts downloads and the sources of copies.
            fn with_customer_key(&self, key: &CustomerKey) -> Self {
                Self(self.0.with_key(key.share()))
            }

            /// The same handle, whose downloads by name are authorised with this token instead of the client's key.
            fn with_token(&self, token: &DownloadToken) -> Self {
                Self(self.0.with_token(token.share()))
            }
        }
        blocking {
            /// Lists the newest version of each file that is not hidden, sorted by the bytes of the names, page after page as they are asked for.
            ///
            /// The service bills a listing per 1000 entries asked for, which is what ``page_size`` says.
            #[pyo3(signature = (bucket, *, prefix = None, start_at = None, page_size = 1000))]
            fn list_names(
                &self, bucket: AnyBucket, prefix: Option<String>, start_at: Option<String>, page_size: u16,
            ) -> PyResult<FileVersions> {
                let request = listed(&bucket, prefix, start_at, None, page_size)?;
                Ok(FileVersions(Rows::new("b2_list_file_names", self.0.ready()?.files().list_names(&request))))
            }

            /// Lists every version of every file, the newest first within a name, with hide markers and unfinished large files.
            #[pyo3(signature = (bucket, *, prefix = None, start_at = None, start_at_id = None, page_size = 1000))]
            fn list_versions(
                &self, bucket: AnyBucket, prefix: Option<String>, start_at: Option<String>,
                start_at_id: Option<String>, page_size: u16,
            ) -> PyResult<FileVersions> {
                let request = listed(&bucket, prefix, start_at, start_at_id, page_size)?;
                let rows = self.0.ready()?.files().list_versions(&request);
                Ok(FileVersions(Rows::new("b2_list_file_versions", rows)))
            }

            /// Lists files as ``list_names``, with one folder for all whose names are the same up to the next delimiter after the prefix.
            #[pyo3(signature = (bucket, delimiter = "/", *, prefix = None, start_at = None, page_size = 1000))]
            fn list_names_with_delimiter(
                &self, bucket: AnyBucket, delimiter: &str, prefix: Option<String>, start_at: Option<String>,
                page_size: u16,
            ) -> PyResult<Entries> {
                let request = listed(&bucket, prefix, start_at, None, page_size)?;
                let rows = self.0.ready()?.files().list_names_with_delimiter(&request, delimiter);
                Ok(Entries(Rows::new("b2_list_file_names", rows)))
            }

            /// Lists versions as ``list_versions``, with folders as in ``list_names_with_delimiter``.
            #[pyo3(signature = (bucket, delimiter = "/", *, prefix = None, start_at = None, page_size = 1000))]
            fn list_versions_with_delimiter(
                &self, bucket: AnyBucket, delimiter: &str, prefix: Option<String>, start_at: Option<String>,
                page_size: u16,
            ) -> PyResult<Entries> {
                let request = listed(&bucket, prefix, start_at, None, page_size)?;
                let rows = self.0.ready()?.files().list_versions_with_delimiter(&request, delimiter);
                Ok(Entries(Rows::new("b2_list_file_versions", rows)))
            }

            /// Lists the unfinished large files, the oldest first. Their parts are billed until they are finished or cancelled.
            #[pyo3(signature = (bucket, prefix = ""))]
            fn list_unfinished(&self, bucket: AnyBucket, prefix: &str) -> PyResult<FileVersions> {
                let rows = self.0.ready()?.files().list_unfinished(bucket.parse()?, prefix);
                Ok(FileVersions(Rows::new("b2_list_unfinished_large_files", rows)))
            }

            /// Lists the uploaded parts of an unfinished large file.
            fn list_parts(&self, file_id: String) -> PyResult<Parts> {
                Ok(Parts(Rows::new("b2_list_parts", self.0.ready()?.files().list_parts(&FileId::new(file_id)))))
            }

            /// Starts a download and returns its answer, whose content is read in pieces. Nothing is decoded: it comes as it was uploaded.
            #[pyo3(signature = (download, *, timeout = None))]
            fn download(
                &self, py: Python<'_>, download: Download, timeout: Option<Timeout>,
            ) -> PyResult<DownloadResponse> {
                let (b2, wire) = (self.0.ready()?, download.wire()?);
                let limits = Limits { operation: DOWNLOAD, access: Access::Read, timeout };
                let answer = rt::block(py, &limits, async move {
                    Ok::<_, Failure>(Body::new(b2.files().download(&wire).await?))
                });
                answer.map(DownloadResponse)
            }
        }
        asyncio {
            /// Lists the newest version of each file that is not hidden, sorted by the bytes of the names, page after page as they are asked for.
            ///
            /// The service bills a listing per 1000 entries asked for, which is what ``page_size`` says.
            #[pyo3(signature = (bucket, *, prefix = None, start_at = None, page_size = 1000))]
            fn list_names(
                &self, bucket: AnyBucket, prefix: Option<String>, start_at: Option<String>, page_size: u16,
            ) -> PyResult<AioFileVersions> {
                let request = listed(&bucket, prefix, start_at, None, page_size)?;
                Ok(AioFileVersions(Rows::new("b2_list_file_names", self.0.ready()?.files().list_names(&request))))
            }

            /// Lists every version of every file, the newest first within a name, with hide markers and unfinished large files.
            #[pyo3(signature = (bucket, *, prefix = None, start_at = None, start_at_id = None, page_size = 1000))]
            fn list_versions(
                &self, bucket: AnyBucket, prefix: Option<String>, start_at: Option<String>,
                start_at_id: Option<String>, page_size: u16,
            ) -> PyResult<AioFileVersions> {
                let request = listed(&bucket, prefix, start_at, start_at_id, page_size)?;
                let rows = self.0.ready()?.files().list_versions(&request);
                Ok(AioFileVersions(Rows::new("b2_list_file_versions", rows)))
            }

            /// Lists files as ``list_names``, with one folder for all whose names are the same up to the next delimiter after the prefix.
            #[pyo3(signature = (bucket, delimiter = "/", *, prefix = None, start_at = None, page_size = 1000))]
            fn list_names_with_delimiter(
                &self, bucket: AnyBucket, delimiter: &str, prefix: Option<String>, start_at: Option<String>,
                page_size: u16,
            ) -> PyResult<AioEntries> {
                let request = listed(&bucket, prefix, start_at, None, page_size)?;
                let rows = self.0.ready()?.files().list_names_with_delimiter(&request, delimiter);
                Ok(AioEntries(Rows::new("b2_list_file_names", rows)))
            }

            /// Lists versions as ``list_versions``, with folders as in ``list_names_with_delimiter``.
            #[pyo3(signature = (bucket, delimiter = "/", *, prefix = None, start_at = None, page_size = 1000))]
            fn list_versions_with_delimiter(
                &self, bucket: AnyBucket, delimiter: &str, prefix: Option<String>, start_at: Option<String>,
                page_size: u16,
            ) -> PyResult<AioEntries> {
                let request = listed(&bucket, prefix, start_at, None, page_size)?;
                let rows = self.0.ready()?.files().list_versions_with_delimiter(&request, delimiter);
                Ok(AioEntries(Rows::new("b2_list_file_versions", rows)))
            }

            /// Lists the unfinished large files, the oldest first. Their parts are billed until they are finished or cancelled.
            #[pyo3(signature = (bucket, prefix = ""))]
            fn list_unfinished(&self, bucket: AnyBucket, prefix: &str) -> PyResult<AioFileVersions> {
                let rows = self.0.ready()?.files().list_unfinished(bucket.parse()?, prefix);
                Ok(AioFileVersions(Rows::new("b2_list_unfinished_large_files", rows)))
            }

            /// Lists the uploaded parts of an unfinished large file.
            fn list_parts(&self, file_id: String) -> PyResult<AioParts> {
                let rows = self.0.ready()?.files().list_parts(&FileId::new(file_id));
                Ok(AioParts(Rows::new("b2_list_parts", rows)))
            }

            /// Starts a download and returns its answer, whose content is read in pieces. Nothing is decoded: it comes as it was uploaded.
            #[pyo3(signature = (download, *, timeout = None))]
            fn download(
                &self, download: Download, timeout: Option<Timeout>,
            ) -> PyResult<Awaitable<AioDownloadResponse>> {
                let (b2, wire) = (self.0.ready()?, download.wire()?);
                let limits = Limits { operation: DOWNLOAD, access: Access::Read, timeout };
                Ok(rt::awaitable(limits, async move {
                    let answer = b2.files().download(&wire).await?;
                    Ok::<_, Failure>(AioDownloadResponse(Body::new(answer)))
                }))
            }
        }

        /// Returns what the service says of a version.
        #[pyo3(signature = (file_id, *, timeout = None))]
        Read "b2_get_file_info"
        fn get(file_id: String) -> FileVersion = |b2| {
            Ok(b2.files().get(&FileId::new(file_id)).await?.into())
        }

        /// Returns what the service says of the file that a download would return, without its content.
        #[pyo3(signature = (download, *, timeout = None))]
        Read "b2_download_file"
        fn head(download: Download) -> DownloadHead = |b2| {
            Ok(b2.files().head(&download.wire()?).await?.into())
        }

        /// Hides a file and returns the new hide marker; ``None`` if it was hidden before. Its versions remain.
        #[pyo3(signature = (bucket, name, *, timeout = None))]
        Write "b2_hide_file"
        fn hide(bucket: AnyBucket, name: String) -> Option<FileVersion> = |b2| {
            match b2.files().hide(bucket.parse()?, &file_name(&name)?).await? {
                HideOutcome::Hidden(marker) => Ok(Some(marker.into())),
                HideOutcome::AlreadyHidden => Ok(None),
            }
        }

        /// Permanently deletes one version. ``ApiError`` of the kind ``locked`` while retention or a legal hold protects it.
        #[pyo3(signature = (name, file_id, *, bypass_governance = false, timeout = None))]
        Write "b2_delete_file_version"
        fn delete_version(name: String, file_id: String, bypass_governance: bool) -> Nothing = |b2| {
            let (name, id) = (file_name(&name)?, FileId::new(file_id));
            b2.files().delete_version(&name, &id, governance(bypass_governance)).await?;
            Ok(Nothing)
        }

        /// Permanently deletes every version of a name, the newest last, and returns their number. Ends at the first protected one.
        #[pyo3(signature = (bucket, name, *, bypass_governance = false, timeout = None))]
        Write "b2_delete_file_version"
        fn delete_all_versions(bucket: AnyBucket, name: String, bypass_governance: bool) -> usize = |b2| {
            let (bucket, name) = (bucket.parse()?, file_name(&name)?);
            Ok(b2.files().delete_all_versions(bucket, &name, governance(bypass_governance)).await?)
        }

        /// Changes the retention of a version, with ``None`` to none, and returns the new one. In compliance mode it can only be extended.
        #[pyo3(signature = (name, file_id, retention, *, bypass_governance = false, timeout = None))]
        Write "b2_update_file_retention"
        fn update_retention(
            name: String,
            file_id: String,
            retention: Option<FileRetention>,
            bypass_governance: bool,
        ) -> Option<FileRetention> = |b2| {
            let (name, id) = (file_name(&name)?, FileId::new(file_id));
            let wanted = match &retention {
                Some(retention) => retention.wire()?,
                None => files::FileRetention::None,
            };
            let changed = b2.files().update_retention(&name, &id, &wanted, governance(bypass_governance)).await?;
            Ok(FileRetention::of(changed))
        }

        /// Sets the legal hold of a version to ``"on"`` or ``"off"``, and returns the new state.
        #[pyo3(signature = (name, file_id, hold, *, timeout = None))]
        Write "b2_update_file_legal_hold"
        fn update_legal_hold(name: String, file_id: String, hold: String) -> String = |b2| {
            let (name, id) = (file_name(&name)?, FileId::new(file_id));
            Ok(b2.files().update_legal_hold(&name, &id, &legal_hold(&hold)?).await?.as_str().to_owned())
        }

        /// Uploads bytes, the file at a path, or what a file-like object reads, in one request or in parts, and returns the version.
        ///
        /// Every request carries a checksum, which the service verifies. ``part_size`` is in bytes (usually what the account recommends), and
        /// ``parallel`` parts are sent at once. ``resume`` goes on with an unfinished upload of the same content from bytes or a path.
        /// ``progress`` is called now and then, in ``aio`` on another thread; what it raises ends the upload.
        ///
        /// ``OSError`` when the source cannot be read; what a file-like object raises passes through.
        #[pyo3(signature = (
            bucket, name, source, *, content_type = None, info = BTreeMap::new(), source_modified = None, encryption = None,
            retention = None, legal_hold = None, custom_upload_timestamp = None, part_size = None, parallel = 4,
            resume = false, in_locked_bucket = false, progress = None, timeout = None
        ))]
        Write "b2_upload_file"
        fn upload(
            bucket: AnyBucket,
            name: String,
            source: Content,
            content_type: Option<String>,
            info: BTreeMap<String, String>,
            source_modified: Option<Time>,
            encryption: Option<String>,
            retention: Option<FileRetention>,
            legal_hold: Option<String>,
            custom_upload_timestamp: Option<Time>,
            part_size: Option<u64>,
            parallel: u32,
            resume: bool,
            in_locked_bucket: bool,
            progress: Option<Listener<Progress>>,
        ) -> FileVersion = |b2| {
            let upload = Upload {
                content_type, info, source_modified, encryption, retention, legal_hold, custom_upload_timestamp,
                part_size, parallel, resume, in_locked_bucket,
            };
            let request = upload.wire(&bucket, &name)?;
            let uploaded = match &progress {
                None => b2.files().upload(&request, transfer::source(source)).await?,
                Some(progress) => {
                    followed(b2.files().upload_with_progress(&request, transfer::source(source)), progress).await?
                }
            };
            Ok(uploaded.into())
        }

        /// Downloads to a path, whose file is replaced at once when the content is complete and verified. After a failure it is unchanged.
        ///
        /// ``progress`` is called now and then, in ``aio`` on another thread; what it raises ends the download.
        #[pyo3(signature = (download, path, *, progress = None, timeout = None))]
        Read "b2_download_file"
        fn save(download: Download, path: PathBuf, progress: Option<Listener<Progress>>) -> SavedFile = |b2| {
            let download = download.wire()?;
            let saved = match &progress {
                None => b2.files().save(&download, &path).await?,
                Some(progress) => followed(b2.files().save_with_progress(&download, path), progress).await?,
            };
            Ok(saved.into())
        }

        /// Makes a token that authorises downloads of files whose names begin with a prefix, for a second to seven days.
        #[pyo3(signature = (bucket, prefix, valid_for, *, overrides = None, timeout = None))]
        Write "b2_get_download_authorization"
        fn share(
            bucket: AnyBucket,
            prefix: String,
            valid_for: Duration,
            overrides: Option<HeaderOverrides>,
        ) -> DownloadToken = |b2| {
            let overrides = overrides.unwrap_or_else(HeaderOverrides::none);
            let request = ShareFiles::new(bucket.parse()?, prefix, valid_for).overrides(overrides.wire());
            Ok(DownloadToken::of(b2.files().share(&request).await?, overrides))
        }

        /// Copies a version within the service, in parts where it is large. ``OutcomeUnknown`` when the answer was lost: the copy may exist.
        #[pyo3(signature = (copy, *, timeout = None))]
        Write "b2_copy_file"
        fn copy(copy: CopyFile) -> FileVersion = |b2| {
            Ok(b2.files().copy(&copy.wire()?).await?.into())
        }

        /// Copies a version whose encryption differs from that of the copy: ``source_key`` is the customer's key of the source, or ``None``.
        #[pyo3(signature = (source_key, copy, *, timeout = None))]
        Write "b2_copy_file"
        fn copy_with_source_key(source_key: Option<Py<CustomerKey>>, copy: CopyFile) -> FileVersion = |b2| {
            let key = source_key.as_ref().map(|key| key.get().share());
            let copied = b2.files().copy_with_source_key(key.as_ref().map(Arc::as_ref), &copy.wire()?).await?;
            Ok(copied.into())
        }

        /// Cancels an unfinished large file and deletes its parts.
        #[pyo3(signature = (file_id, *, timeout = None))]
        Write "b2_cancel_large_file"
        fn cancel_large_file(file_id: String) -> Nothing = |b2| {
            b2.files().cancel_large_file(&FileId::new(file_id)).await?;
            Ok(Nothing)
        }

        /// Counts versions by the state of their replication, which reads the whole listing.
        #[pyo3(signature = (bucket, *, prefix = None, timeout = None))]
        Read "b2_list_file_versions"
        fn count_replication(bucket: AnyBucket, prefix: Option<String>) -> ReplicationCounts = |b2| {
            let request = listed(&bucket, prefix, None, None, 1000)?;
            Ok(b2.files().count_replication(&request).await?.into())
        }
    }
}
