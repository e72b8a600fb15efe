//! Fetching a file or a part of one, verified where there is something to verify it with.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use http_core::{Call, Method, Response};

use super::content::Content;
use super::{DownloadHead, Files};
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
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(FileId),
    Name(BucketName, FileName),
}

impl Download {
    /// Fetches this version. Several reads of one file should go by id, so that an overwrite between them cannot mix versions.
    pub fn by_id(id: FileId) -> Self {
        Self { target: Target::Id(id), range: None, parallel: 1 }
    }

    /// Fetches the newest version of this name.
    pub fn by_name(bucket: BucketName, name: FileName) -> Self {
        Self { target: Target::Name(bucket, name), range: None, parallel: 1 }
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

    pub(super) fn operation(&self) -> &'static str {
        match self.target {
            Target::Id(_) => "b2_download_file_by_id",
            Target::Name(..) => "b2_download_file_by_name",
        }
    }

    fn subject(&self) -> String {
        match &self.target {
            Target::Id(id) => format!("file {id}"),
            Target::Name(_, name) => format!("file {:?}", name.as_str()),
        }
    }

    fn call(&self, method: Method) -> Call {
        let call = match &self.target {
            Target::Id(id) => service::download_by_id(method).query("fileId", id),
            Target::Name(bucket, name) => {
                let path = format!("file/{bucket}/{}", encode(name.as_str()));
                service::download_by_name(method, path)
            }
        };
        let call = call.subject(self.subject());
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
        let response = self.client.fetch(download, Method::Head, self.key).await?;
        Ok(DownloadHead::read(response.head()))
    }

    /// Begins to fetch a file; its content follows as a stream. Nothing is decoded on the way: what was stored is what comes.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound), [`RangeNotSatisfiable`](crate::ErrorKind::RangeNotSatisfiable),
    /// [`Unauthorized`](crate::ErrorKind::Unauthorized), [`CapExceeded`](crate::ErrorKind::CapExceeded),
    /// [`AccessDenied`](crate::ErrorKind::AccessDenied) for a file under a customer's key.
    pub async fn download(&self, download: &Download) -> Result<Content, Error> {
        let response = self.client.fetch(download, Method::Get, self.key).await?;
        Ok(Content::new(self.client.clone(), self.key.map(CustomerKey::share), download, response))
    }
}

impl Client {
    pub(super) async fn fetch(
        &self,
        download: &Download,
        method: Method,
        key: Option<&CustomerKey>,
    ) -> Result<Response, Error> {
        let call = download.call(method);
        let call = match key {
            Some(key) => key.on(call),
            None => call,
        };
        match self.core.send_raw(call).await {
            // What stands between here and the service may answer in its place, and its page is no file.
            Ok(response) if response.head().headers().any(|(name, _)| name.starts_with("x-bz-")) => {
                Ok(response)
            }
            Ok(_) => {
                let text = "the answer bears none of the service's headers: something on the way gave it";
                Err(Error::new(download.operation(), ErrorKind::NotUnderstood, text).on(download.subject()))
            }
            Err(cause) => Err(self.explain(cause).await),
        }
    }
}
