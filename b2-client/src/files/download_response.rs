//! The response to a download: resumed after a broken connection, verified against the checksum at the end.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http_core::{ByteStream, Method, Service as _, Wait};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::download::Access;
use super::sha1sum::Hasher;
use super::{Download, DownloadHead, Files, Sha1};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::service::B2;

/// The response to a download: the file's metadata, and its content as a stream.
pub struct DownloadResponse {
    client: Client,
    access: Access,
    download: Download,
    head: DownloadHead,
    /// The position in the file of the first byte.
    start: u64,
    expected: Option<Sha1>,
    response: http_core::Response,
}

impl Files<'_> {
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
}

impl DownloadResponse {
    pub(super) fn new(
        client: Client,
        access: Access,
        download: &Download,
        response: http_core::Response,
    ) -> Self {
        let head = DownloadHead::read(response.head());
        let expected = head.whole_sha1().filter(|_| download.range.is_none());
        let start = download.range.as_ref().map_or(0, |range| *range.start());
        Self { client, access, download: download.clone(), head, start, expected, response }
    }

    /// Returns the file's metadata.
    pub fn head(&self) -> &DownloadHead {
        &self.head
    }

    /// The request, and what the answer said of the file.
    pub(super) fn about(&self) -> (Download, DownloadHead) {
        (self.download.clone(), self.head.clone())
    }

    /// Whether the content will be verified against a checksum. `true` for a whole file with a checksum, `false` for a range.
    pub fn is_verified(&self) -> bool {
        self.expected.is_some()
    }

    /// Returns the content as a stream of chunks.
    ///
    /// If the connection breaks, the download resumes at that position of the same version. It fails after the configured number of
    /// attempts without any progress, and when more comes than was announced. If [`is_verified`](Self::is_verified) is `true` and the content does not match its checksum, the
    /// last item is [`ErrorKind::ChecksumMismatch`]. The stream ends after an error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send + Unpin {
        let flow = Flow {
            client: self.client,
            access: self.access,
            download: self.download,
            end: self.start + self.head.content_length,
            head: self.head,
            position: self.start,
            expected: self.expected,
            hasher: Hasher::default(),
            failures: 0,
            source: Some(self.response.into_stream()),
        };
        stream::unfold(flow, |mut flow| async move { flow.next().await.map(|piece| (piece, flow)) }).boxed()
    }

    /// Reads the whole content into memory.
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

    /// Writes the content to `writer`, flushes it, and returns the number of bytes. Bytes written before an error remain written.
    ///
    /// # Errors
    /// [`ErrorKind::DestinationFailed`] when the writer fails; else as [`into_stream`](Self::into_stream).
    pub async fn write_to(self, writer: &mut (impl AsyncWrite + Unpin)) -> Result<u64, Error> {
        let (download, head) = self.about();
        let failed = |cause: std::io::Error| {
            let text = format!("the downloaded content could not be written: {cause}");
            download.failed(Some(&head), ErrorKind::DestinationFailed, text).because(cause)
        };
        let mut pieces = self.into_stream();
        let mut written = 0;
        while let Some(piece) = pieces.try_next().await? {
            writer.write_all(&piece).await.map_err(failed)?;
            written += piece.len() as u64;
        }
        writer.flush().await.map_err(failed)?;
        Ok(written)
    }
}

impl fmt::Debug for DownloadResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadResponse").field("head", &self.head).finish_non_exhaustive()
    }
}

struct Flow {
    client: Client,
    access: Access,
    download: Download,
    head: DownloadHead,
    /// The position in the file of the next byte, and the position after the last one.
    position: u64,
    end: u64,
    expected: Option<Sha1>,
    hasher: Hasher,
    /// Connections that broke since the last byte was received.
    failures: u32,
    /// `None` after the end of the stream.
    source: Option<ByteStream<http_core::Error>>,
}

impl Flow {
    async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        loop {
            match self.source.as_mut()?.next().await {
                Some(Ok(piece)) => {
                    self.failures = 0;
                    self.position += piece.len() as u64;
                    if self.position > self.end {
                        self.source = None;
                        let text = "more content came than was announced";
                        return Some(Err(self.failed(ErrorKind::NotUnderstood, text)));
                    }
                    if self.expected.is_some() {
                        self.hasher.update(&piece);
                    }
                    return Some(Ok(piece));
                }
                Some(Err(cause)) => {
                    let error = Error::from_core(cause, Vec::new());
                    let error = error.on(self.download.subject(Some(&self.head)));
                    let error = self.client.with_address(self.download.operation(), error).await;
                    if let Err(error) = self.resume(error).await {
                        self.source = None;
                        return Some(Err(error));
                    }
                }
                None => {
                    self.source = None;
                    return self.verify().map(Err);
                }
            }
        }
    }

    /// Requests the rest of the content. Possible only if the version's id is known, because the name may have a new version by now.
    async fn resume(&mut self, mut error: Error) -> Result<(), Error> {
        loop {
            self.failures += 1;
            let Some(id) = self.head.id.clone().filter(|_| self.position < self.end) else {
                return Err(error);
            };
            if !error.is_retryable() || self.failures >= self.client.retry.attempts {
                return Err(error);
            }
            tracing::warn!(position = self.position, %error, "resuming a download");
            self.wait(&error).await;
            let rest = self.download.of_version(id, self.position..=self.end - 1, &self.access);
            match self.client.fetch(&rest, Method::Get, &self.access).await {
                Ok(response)
                    if DownloadHead::read(response.head()).content_length == self.end - self.position =>
                {
                    self.source = Some(response.into_stream());
                    return Ok(());
                }
                Ok(_) => {
                    let text = "the length of the rest of the file is not the announced one";
                    return Err(self.failed(ErrorKind::NotUnderstood, text));
                }
                Err(again) => error = again,
            }
        }
    }

    /// Waits before the rest is requested. Each request for it has a deadline, so that their number limits the time.
    async fn wait(&mut self, error: &Error) {
        let policy = self.client.retry;
        let left = policy.deadline.saturating_add(policy.max_delay);
        let left = left.saturating_mul(policy.attempts.saturating_sub(self.failures));
        let subject = self.download.subject(Some(&self.head)).to_string();
        let wait = Wait::new(B2::NAME, self.download.operation(), self.failures + 1, error.reason());
        let wait = wait.on(Some(subject)).of(policy.attempts);
        self.client.wait(wait.lasting(policy.random_backoff(self.failures), left)).await;
    }

    fn failed(&self, kind: ErrorKind, text: impl Into<String>) -> Error {
        self.download.failed(Some(&self.head), kind, text)
    }

    fn verify(&mut self) -> Option<Error> {
        let expected = self.expected.take()?;
        let found = std::mem::take(&mut self.hasher).finish();
        (found != expected).then(|| mismatch(&self.download, &self.head, found, expected))
    }
}

pub(super) fn mismatch(download: &Download, head: &DownloadHead, found: Sha1, expected: Sha1) -> Error {
    let text = format!("the SHA-1 of the content is {found}, and the service reports {expected}");
    download.failed(Some(head), ErrorKind::ChecksumMismatch, text)
}
