//! Fetching a file or a part of one, verified where there is something to verify it with.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use http_core::{Call, Method, Response};

use super::content::Content;
use super::{DownloadHead, DownloadToken, Files, Overrides};
use crate::client::Client;
use crate::customer_key::CustomerKey;
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;
use crate::names::{BucketName, FileName, encode};
use crate::service;

/// What to fetch: a version by its id, or the newest version of a name; whole or a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    target: Target,
    pub(super) range: Option<RangeInclusive<u64>>,
    pub(super) parallel: usize,
    overrides: Overrides,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(FileId),
    Name(BucketName, FileName),
    /// The newest version of a name, if it still is this one.
    Still(BucketName, FileName, FileId),
}

/// What opens a download beside the client's login.
pub(super) struct Opened {
    pub(super) key: Option<CustomerKey>,
    pub(super) token: Option<DownloadToken>,
}

impl Download {
    /// Fetches this version. Several reads of one file should go by id, so that an overwrite between them cannot mix versions.
    pub fn by_id(id: FileId) -> Self {
        Self { target: Target::Id(id), range: None, parallel: 1, overrides: Overrides::new() }
    }

    /// Fetches the newest version of this name.
    pub fn by_name(bucket: BucketName, name: FileName) -> Self {
        let target = Target::Name(bucket, name);
        Self { target, range: None, parallel: 1, overrides: Overrides::new() }
    }

    /// Fetches these bytes only, counted from 0, both ends included. An empty file has no range.
    pub fn range(mut self, range: RangeInclusive<u64>) -> Self {
        self.range = Some(range);
        self
    }

    /// Fetches so many ranges at a time when it is [saved](Files::save) (default 1), all of the same version.
    pub fn parallel(mut self, ranges: NonZeroUsize) -> Self {
        self.parallel = ranges.get();
        self
    }

    /// Has the answer bear these headers.
    pub fn overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = overrides;
        self
    }

    /// These bytes of the version that this download has turned out to fetch. Permissions are for names, so what is fetched by one
    /// goes on by name.
    pub(super) fn of_version(&self, id: FileId, range: RangeInclusive<u64>, opened: &Opened) -> Self {
        let target = match &self.target {
            Target::Name(bucket, name) | Target::Still(bucket, name, _) if opened.token.is_some() => {
                Target::Still(bucket.clone(), name.clone(), id)
            }
            _ => Target::Id(id),
        };
        Self { target, range: Some(range), parallel: 1, overrides: self.overrides.clone() }
    }

    pub(super) fn operation(&self) -> &'static str {
        match self.target {
            Target::Id(_) => "b2_download_file_by_id",
            Target::Name(..) | Target::Still(..) => "b2_download_file_by_name",
        }
    }

    fn subject(&self) -> String {
        match &self.target {
            Target::Id(id) => format!("file {id}"),
            Target::Name(_, name) | Target::Still(_, name, _) => format!("file {:?}", name.as_str()),
        }
    }

    fn call(&self, method: Method, opened: &Opened) -> Call {
        let call = match &self.target {
            Target::Id(id) => service::download_by_id(method).query("fileId", id),
            Target::Name(bucket, name) | Target::Still(bucket, name, _) => {
                let path = format!("file/{bucket}/{}", encode(name.as_str()));
                service::download_by_name(method, path)
            }
        };
        let mut call = call.subject(self.subject());
        if let Some(key) = &opened.key {
            call = key.on(call);
        }
        let mut overrides = &self.overrides;
        if let Some(token) = &opened.token {
            call = token.on(call);
            if *overrides == Overrides::new() {
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
    /// What the service would say about the file when sending it, without sending it.
    ///
    /// # Errors
    /// As [`download`](Self::download); the answer to this question carries no code, so some kinds are less precise.
    pub async fn head(&self, download: &Download) -> Result<DownloadHead, Error> {
        let response = self.client.fetch(download, Method::Head, &self.opened()).await?;
        Ok(DownloadHead::read(response.head()))
    }

    /// Begins to fetch a file; its content follows as a stream. Nothing is decoded on the way: what was stored is what comes.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound), [`RangeNotSatisfiable`](crate::ErrorKind::RangeNotSatisfiable),
    /// [`Unauthorized`](crate::ErrorKind::Unauthorized), [`CapExceeded`](crate::ErrorKind::CapExceeded),
    /// [`AccessDenied`](crate::ErrorKind::AccessDenied) for a file under a customer's key.
    pub async fn download(&self, download: &Download) -> Result<Content, Error> {
        let opened = self.opened();
        let response = self.client.fetch(download, Method::Get, &opened).await?;
        Ok(Content::new(self.client.clone(), opened, download, response))
    }

    pub(super) fn opened(&self) -> Opened {
        Opened { key: self.key.map(CustomerKey::share), token: self.token.map(DownloadToken::share) }
    }
}

impl Client {
    pub(super) async fn fetch(
        &self,
        download: &Download,
        method: Method,
        opened: &Opened,
    ) -> Result<Response, Error> {
        let failed =
            |kind, text: &str| Err(Error::new(download.operation(), kind, text).on(download.subject()));
        match self.core.send_raw(download.call(method, opened)).await {
            // What stands between here and the service may answer in its place, and its page is no file.
            Ok(response) if response.head().headers().any(|(name, _)| name.starts_with("x-bz-")) => {
                match &download.target {
                    Target::Still(_, _, id)
                        if response.head().header("x-bz-file-id") != Some(id.as_str()) =>
                    {
                        let text = "the name has got another version meanwhile: download it again";
                        failed(ErrorKind::ChecksumMismatch, text)
                    }
                    _ => Ok(response),
                }
            }
            Ok(_) => {
                let text = "the answer bears none of the service's headers: something on the way gave it";
                failed(ErrorKind::NotUnderstood, text)
            }
            Err(cause)
                if opened.token.is_some() && cause.refusal().is_some_and(|said| said.status == 401) =>
            {
                let text = "the permission has expired, or is for other names or headers: ask for another";
                Err(Error::from_core(cause, None).seen_as(ErrorKind::Unauthorized { missing: vec![] }, text))
            }
            Err(cause) => Err(self.explain(cause).await),
        }
    }
}
