//! Downloads of a file or a range of it, verified if the service has a checksum.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use http_core::{Call, Method, Response};

use super::download_response::DownloadResponse;
use super::{DownloadHead, DownloadToken, Files, HeaderOverrides};
use crate::client::Client;
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;
use crate::names::{BucketName, FileName, encode};
use crate::service;

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
    Name(BucketName, FileName),
    /// The newest version of a name, provided that it is this one.
    Pinned(BucketName, FileName, FileId),
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

    /// Downloads the newest version of this name.
    pub fn by_name(bucket: BucketName, name: FileName) -> Self {
        let target = Target::Name(bucket, name);
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

    fn subject(&self) -> String {
        match &self.target {
            Target::Id(id) => format!("file {id}"),
            Target::Name(_, name) | Target::Pinned(_, name, _) => format!("file {:?}", name.as_str()),
        }
    }

    fn call(&self, method: Method, access: &Access) -> Call {
        let call = match &self.target {
            Target::Id(id) => service::download_by_id(method).query("fileId", id),
            Target::Name(bucket, name) | Target::Pinned(bucket, name, _) => {
                let path = format!("file/{bucket}/{}", encode(name.as_str()));
                service::download_by_name(method, path)
            }
        };
        let mut call = call.subject(self.subject());
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
        match &self.range {
            Some(range) => call.header("range", &format!("bytes={}-{}", range.start(), range.end())),
            None => call,
        }
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

    /// Starts a download and returns the response, whose content can be read as a stream. The content is not decoded: it is returned
    /// exactly as it was uploaded.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound), [`RangeNotSatisfiable`](crate::ErrorKind::RangeNotSatisfiable),
    /// [`Unauthorized`](crate::ErrorKind::Unauthorized), [`CapExceeded`](crate::ErrorKind::CapExceeded),
    /// [`AccessDenied`](crate::ErrorKind::AccessDenied) for a file that is encrypted with another customer's key.
    pub async fn download(&self, download: &Download) -> Result<DownloadResponse, Error> {
        let access = self.access();
        let response = self.client.fetch(download, Method::Get, &access).await?;
        Ok(DownloadResponse::new(self.client.clone(), access, download, response))
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
        let failed =
            |kind, text: &str| Err(Error::new(download.operation(), kind, text).on(download.subject()));
        match self.core.send_raw(download.call(method, access)).await {
            // A proxy may answer in place of the service, and its page is not the file.
            Ok(response) if response.head().headers().any(|(name, _)| name.starts_with("x-bz-")) => {
                match &download.target {
                    Target::Pinned(_, _, id)
                        if response.head().header("x-bz-file-id") != Some(id.as_str()) =>
                    {
                        let text = "the name has a new version: download it again";
                        failed(ErrorKind::ChecksumMismatch, text)
                    }
                    _ => Ok(response),
                }
            }
            Ok(_) => {
                let text = "the answer has none of the service's headers: a proxy may have sent it";
                failed(ErrorKind::NotUnderstood, text)
            }
            Err(cause)
                if access.token.is_some() && cause.refusal().is_some_and(|said| said.status == 401) =>
            {
                let text =
                    "the download token has expired, or is for other names or headers: request another one";
                Err(Error::from_core(cause, Vec::new())
                    .reclassified(ErrorKind::Unauthorized { missing: vec![] }, text))
            }
            Err(cause) => Err(self.explain(cause, &[]).await),
        }
    }
}
