//! An answer: its head, and its body whole within bounds or as a stream.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use reqwest::header::HeaderMap;

use crate::body::ByteStream;
use crate::error::{Error, ErrorKind};
use crate::{redact, retry};

/// The most that is read of an answer that is to be decoded.
pub(crate) const LIMIT: usize = 16 * 1024 * 1024;

/// Status and headers of an answer, and the operation they answer.
#[derive(Clone)]
pub struct ResponseHead {
    operation: &'static str,
    status: u16,
    headers: HeaderMap,
}

impl ResponseHead {
    pub(crate) fn new(operation: &'static str, response: &reqwest::Response) -> Self {
        Self { operation, status: response.status().as_u16(), headers: response.headers().clone() }
    }

    /// A head of these parts, to test a `classify` without a network.
    pub fn from_parts(
        operation: &'static str,
        status: u16,
        headers: &[(&'static str, &'static str)],
    ) -> Self {
        let headers = headers.iter().filter_map(|(name, value)| crate::call::header(name, value, false).ok());
        Self { operation, status, headers: headers.collect() }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's value, where it is there and readable as text; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers that are readable as text, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// How long the service asks to wait: `Retry-After` in seconds or as a date; junk asks for nothing.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.header("retry-after")?, self.header("date"))
    }
}

impl fmt::Debug for ResponseHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseHead")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("headers", &redact::Headers(&self.headers))
            .finish()
    }
}

/// An accepted answer whose body has not been read.
pub struct Response {
    pub(crate) service: &'static str,
    pub(crate) head: ResponseHead,
    pub(crate) content: reqwest::Response,
    pub(crate) idle_timeout: Duration,
}

impl Response {
    /// Status and headers.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The body, piece by piece as it arrives. Ends with an error of kind [`ErrorKind::Unreachable`] when the connection breaks or
    /// nothing comes within the idle time-out; after an error the stream is over.
    pub fn into_stream(self) -> ByteStream<Error> {
        let Self { service, head, content, idle_timeout } = self;
        let broken = move |text: &str| Error::new(ErrorKind::Unreachable, service, head.operation, text);
        let pieces = stream::unfold(Some(content), move |content| async move {
            let mut content = content?;
            match tokio::time::timeout(idle_timeout, content.chunk()).await {
                Ok(Ok(piece)) => piece.map(|piece| (Ok(piece), Some(content))),
                Ok(Err(cause)) => {
                    let error = broken("the connection broke within the answer").because(cause.without_url());
                    Some((Err(error), None))
                }
                Err(_) => {
                    Some((Err(broken("nothing more of the answer came within the idle time-out")), None))
                }
            }
        });
        pieces.boxed()
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("head", &self.head).finish_non_exhaustive()
    }
}

/// How reading a whole body ended.
pub(crate) enum Whole {
    Read(Bytes),
    TooLong,
    Broken(Option<reqwest::Error>),
}

pub(crate) async fn read_whole(mut content: reqwest::Response, idle_timeout: Duration) -> Whole {
    let mut whole = BytesMut::new();
    loop {
        match tokio::time::timeout(idle_timeout, content.chunk()).await {
            Ok(Ok(None)) => return Whole::Read(whole.freeze()),
            Ok(Ok(Some(piece))) if whole.len() + piece.len() > LIMIT => return Whole::TooLong,
            Ok(Ok(Some(piece))) => whole.extend_from_slice(&piece),
            Ok(Err(cause)) => return Whole::Broken(Some(cause)),
            Err(_) => return Whole::Broken(None),
        }
    }
}
