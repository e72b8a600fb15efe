//! Fetching a file or a part of one, verified where there is something to verify it with.

use std::fmt;
use std::ops::RangeInclusive;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, stream};
use http_core::{Call, Method};

use super::sha1sum::Hasher;
use super::{DownloadHead, Files, Sha1};
use crate::error::{Error, ErrorKind};
use crate::ids::FileId;
use crate::names::{BucketName, FileName, encode};
use crate::service;

/// What to fetch: a version by its id, or the newest version of a name; whole or a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    target: Target,
    range: Option<RangeInclusive<u64>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(FileId),
    Name(BucketName, FileName),
}

impl Download {
    /// Fetches this version. Several reads of one file should go by id, so that an overwrite between them cannot mix versions.
    pub fn by_id(id: FileId) -> Self {
        Self { target: Target::Id(id), range: None }
    }

    /// Fetches the newest version of this name.
    pub fn by_name(bucket: BucketName, name: FileName) -> Self {
        Self { target: Target::Name(bucket, name), range: None }
    }

    /// Fetches these bytes only, counted from 0, both ends included. An empty file has no range.
    pub fn range(mut self, range: RangeInclusive<u64>) -> Self {
        self.range = Some(range);
        self
    }

    fn call(&self, method: Method) -> Call {
        let call = match &self.target {
            Target::Id(id) => {
                service::download_by_id(method).query("fileId", id).subject(format!("file {id}"))
            }
            Target::Name(bucket, name) => {
                let path = format!("file/{bucket}/{}", encode(name.as_str()));
                service::download_by_name(method, path).subject(format!("file {name:?}"))
            }
        };
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
        match self.client.core.send_raw(download.call(Method::Head)).await {
            Ok(response) => Ok(DownloadHead::read(response.head())),
            Err(cause) => Err(self.client.explain(cause).await),
        }
    }

    /// Begins to fetch a file; its content follows as a stream. Nothing is decoded on the way: what was stored is what comes.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`], [`ErrorKind::RangeNotSatisfiable`], [`ErrorKind::Unauthorized`],
    /// [`ErrorKind::CapExceeded`], [`ErrorKind::AccessDenied`] for a file under a customer's key.
    pub async fn download(&self, download: &Download) -> Result<Content, Error> {
        let call = download.call(Method::Get);
        let operation = match download.target {
            Target::Id(_) => "b2_download_file_by_id",
            Target::Name(..) => "b2_download_file_by_name",
        };
        match self.client.core.send_raw(call).await {
            Ok(response) => {
                let head = DownloadHead::read(response.head());
                let whole = download.range.is_none();
                Ok(Content { expected: head.whole_sha1().filter(|_| whole), head, operation, response })
            }
            Err(cause) => Err(self.client.explain(cause).await),
        }
    }
}

/// A file on its way: what the service says about it, then its bytes.
pub struct Content {
    head: DownloadHead,
    operation: &'static str,
    expected: Option<Sha1>,
    response: http_core::Response,
}

impl Content {
    /// What the service says about the file.
    pub fn head(&self) -> &DownloadHead {
        &self.head
    }

    /// Whether the bytes will be compared with a checksum at their end: so for a whole file that has one, and never for a range.
    pub fn is_verified(&self) -> bool {
        self.expected.is_some()
    }

    /// The bytes as they arrive. Where [`is_verified`](Self::is_verified) says so, content that does not fit its checksum ends
    /// in [`ErrorKind::ChecksumMismatch`] instead of plainly; a broken connection ends in [`ErrorKind::Unavailable`]. The stream
    /// is over after an error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send + Unpin {
        let Self { operation, expected, response, head } = self;
        let name = head.name;
        let state = (Some(response.into_stream()), Hasher::default());
        let pieces = stream::unfold(state, move |(content, mut hasher)| {
            let name = name.clone();
            async move {
                let mut content = content?;
                match content.next().await {
                    Some(Ok(piece)) => {
                        if expected.is_some() {
                            hasher.update(&piece);
                        }
                        Some((Ok(piece), (Some(content), hasher)))
                    }
                    Some(Err(cause)) => Some((Err(Error::from_core(cause, None)), (None, hasher))),
                    None => {
                        let expected = expected?;
                        let found = std::mem::take(&mut hasher).finish();
                        let text = format!("the content's SHA-1 is {found}, the service says {expected}");
                        let error = Error::new(operation, ErrorKind::ChecksumMismatch, text);
                        let error = match &name {
                            Some(name) => error.on(format_args!("file {name:?}")),
                            None => error,
                        };
                        (found != expected).then_some((Err(error), (None, hasher)))
                    }
                }
            }
        });
        pieces.boxed()
    }

    /// All bytes at once, held in memory.
    ///
    /// # Errors
    /// As [`into_stream`](Self::into_stream).
    pub async fn bytes(self) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        let mut pieces = self.into_stream();
        while let Some(piece) = pieces.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all.freeze())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content").field("head", &self.head).finish_non_exhaustive()
    }
}
