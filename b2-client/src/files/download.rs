//! Downloads of a file or a range of it, verified if the service has a checksum.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use http_core::{Call, Method, Response};

use super::{DownloadHead, DownloadToken, Files, HeaderOverrides};
use crate::bucket_ref::BucketRef;
use crate::client::Client;
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;
use crate::names::{FileName, encode};
use crate::operations;
use crate::service;
use crate::subject::Subject;

/// A request to download a file: a version by its id or the newest version of a name, the whole file or a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    target: Target,
    pub(super) range: Option<RangeInclusive<u64>>,
    pub(super) parallel: usize,
    overrides: HeaderOverrides,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(FileId),
    Name(BucketRef, FileName),
    /// The newest version of a name, provided that it is this one.
    Pinned(BucketRef, FileName, FileId),
}

/// The secrets of a download besides the client's session.
pub(super) struct Access {
    pub(super) key: Option<CustomerKey>,
    pub(super) token: Option<DownloadToken>,
}

impl Download {
    /// Downloads this version. Use this for several downloads of one file, so that all of them read the same version.
    pub fn by_id(id: FileId) -> Self {
        Self { target: Target::Id(id), range: None, parallel: 1, overrides: HeaderOverrides::new() }
    }

    /// Downloads the newest version of this name. This takes the bucket's name; if its id is given, the name is looked up.
    pub fn by_name(bucket: impl Into<BucketRef>, name: FileName) -> Self {
        let target = Target::Name(bucket.into(), name);
        Self { target, range: None, parallel: 1, overrides: HeaderOverrides::new() }
    }

    /// Downloads only this range of bytes, counted from 0. An empty file has no range.
    pub fn range(mut self, range: RangeInclusive<u64>) -> Self {
        self.range = Some(range);
        self
    }

    /// Sets how many ranges [`Files::save`] downloads at the same time (default 1). All ranges are of the same version.
    pub fn parallel(mut self, ranges: NonZeroUsize) -> Self {
        self.parallel = ranges.get();
        self
    }

    /// Sets headers of the response.
    pub fn overrides(mut self, overrides: HeaderOverrides) -> Self {
        self.overrides = overrides;
        self
    }

    /// A download of this range of the version that this download returned. Download tokens are valid for names, so with a token the
    /// version is requested by its name and checked against `id`.
    pub(super) fn of_version(&self, id: FileId, range: RangeInclusive<u64>, access: &Access) -> Self {
        let target = match &self.target {
            Target::Name(bucket, name) | Target::Pinned(bucket, name, _) if access.token.is_some() => {
                Target::Pinned(bucket.clone(), name.clone(), id)
            }
            _ => Target::Id(id),
        };
        Self { target, range: Some(range), parallel: 1, overrides: self.overrides.clone() }
    }

    pub(super) fn operation(&self) -> &'static str {
        match self.target {
            Target::Id(_) => "b2_download_file_by_id",
            Target::Name(..) | Target::Pinned(..) => "b2_download_file_by_name",
        }
    }

    /// What errors name: the file and its bucket, as the request names them and as the answer does.
    pub(super) fn subject<'a>(&'a self, head: Option<&'a DownloadHead>) -> Subject<'a> {
        let subject = match &self.target {
            Target::Id(id) => Subject::version(id),
            Target::Name(bucket, name) => Subject::file(name).inside(bucket),
            Target::Pinned(bucket, name, id) => Subject::file(name).with_id(id).inside(bucket),
        };
        subject.or(head.and_then(|head| head.name.as_ref()), head.and_then(|head| head.id.as_ref()))
    }

    /// A failure of this download, whose answer began with `head`.
    pub(super) fn failed(
        &self,
        head: Option<&DownloadHead>,
        kind: ErrorKind,
        text: impl Into<String>,
    ) -> Error {
        Error::new(self.operation(), kind, text).on(self.subject(head))
    }

    async fn call(&self, client: &Client, method: Method, access: &Access) -> Result<Call, Error> {
        let call = match &self.target {
            Target::Id(id) => service::download_by_id(method).query("fileId", id),
            Target::Name(bucket, name) | Target::Pinned(bucket, name, _) => {
                let bucket = client.name_of(operations::DOWNLOAD_FILE_BY_NAME, bucket).await?;
                let path = format!("file/{bucket}/{}", encode(name.as_str()));
                service::download_by_name(method, path)
            }
        };
        let mut call = call.subject(self.subject(None));
        if let Some(key) = &access.key {
            call = key.on(call);
        }
        let mut overrides = &self.overrides;
        if let Some(token) = &access.token {
            call = token.on(call);
            if *overrides == HeaderOverrides::new() {
                overrides = token.overrides();
            }
        }
        for (name, value) in overrides.pairs() {
            call = call.query(name, value);
        }
        Ok(match &self.range {
            Some(range) => call.header("range", &format!("bytes={}-{}", range.start(), range.end())),
            None => call,
        })
    }
}

impl Files<'_> {
    /// Returns the metadata of the file that a download would return, without its content.
    ///
    /// # Errors
    /// As [`download`](Self::download). The service sends no error code in answer to this request, so some kinds are less specific.
    pub async fn head(&self, download: &Download) -> Result<DownloadHead, Error> {
        let response = self.client.fetch(download, Method::Head, &self.access()).await?;
        Ok(DownloadHead::read(response.head()))
    }

    pub(super) fn access(&self) -> Access {
        Access { key: self.key.map(CustomerKey::share), token: self.token.map(DownloadToken::share) }
    }
}

impl Client {
    pub(super) async fn fetch(
        &self,
        download: &Download,
        method: Method,
        access: &Access,
    ) -> Result<Response, Error> {
        match self.core.send_raw(download.call(self, method, access).await?).await {
            // A proxy may answer in place of the service, and its page is not the file.
            Ok(response) if response.head().headers().any(|(name, _)| name.starts_with("x-bz-")) => {
                match &download.target {
                    Target::Pinned(_, _, id)
                        if response.head().header("x-bz-file-id") != Some(id.as_str()) =>
                    {
                        let text = "the name has a new version: download it again";
                        Err(download.failed(None, ErrorKind::ChecksumMismatch, text))
                    }
                    _ => Ok(response),
                }
            }
            Ok(_) => {
                let text = "the answer has none of the service's headers: a proxy may have sent it";
                let error = download.failed(None, ErrorKind::NotUnderstood, text);
                Err(self.with_address(download.operation(), error).await)
            }
            Err(cause)
                if access.token.is_some() && cause.refusal().is_some_and(|said| said.status == 401) =>
            {
                let text =
                    "the download token has expired, or is for other names or headers: request another one";
                let kind = ErrorKind::Unauthorized { missing: vec![] };
                Err(self.explain(cause, &[]).await.reclassified(kind, text))
            }
            Err(cause) => {
                let error = self.explain(cause, &[]).await;
                Err(match (error.kind(), &access.key) {
                    (ErrorKind::AccessDenied, Some(_)) => {
                        error.reclassified(ErrorKind::AccessDenied, OTHER_KEY)
                    }
                    _ => error,
                })
            }
        }
    }
}

/// Why a file is not read that was asked for with a customer's key. Without one, the service says that one is needed.
const OTHER_KEY: &str = "access is denied: the encryption key that was given is not that of the file";
