//! An answer: its head, and its body whole within bounds or as a stream.

use std::fmt;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};
use reqwest::header::HeaderMap;

use crate::body::ByteStream;
use crate::budget::{Lost, Pace};
use crate::error::{Error, ErrorKind};
use crate::{redact, retry};

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
    pub(crate) pace: Pace,
}

impl Response {
    /// Status and headers.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The body, piece by piece as it arrives. Ends with an error of kind [`ErrorKind::Unreachable`] when the connection breaks, when
    /// nothing comes within the idle time-out, or when it comes more slowly than the minimum rate; after an error the stream is over.
    pub fn into_stream(self) -> ByteStream<Error> {
        let Self { service, head, content, pace } = self;
        let pieces = stream::unfold(Some((content, pace)), move |state| async move {
            let (mut content, mut pace) = state?;
            match pace.next(&mut content).await {
                Ok(piece) => piece.map(|piece| (Ok(piece), Some((content, pace)))),
                Err(lost) => {
                    let error = Error::new(ErrorKind::Unreachable, service, head.operation, lost.as_str());
                    let error = match lost.cause() {
                        Some(cause) => error.because(cause),
                        None => error,
                    };
                    Some((Err(error), None))
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
    Lost(Lost),
}

/// Reads a body of at most `limit` bytes; of a longer one, nothing beyond, and nothing at all where its length is announced.
pub(crate) async fn read_whole(mut content: reqwest::Response, mut pace: Pace, limit: u64) -> Whole {
    if content.content_length().is_some_and(|announced| announced > limit) {
        return Whole::TooLong;
    }
    let mut whole = BytesMut::new();
    loop {
        match pace.next(&mut content).await {
            Ok(None) => return Whole::Read(whole.freeze()),
            Ok(Some(piece)) if (whole.len() + piece.len()) as u64 > limit => return Whole::TooLong,
            Ok(Some(piece)) => whole.extend_from_slice(&piece),
            Err(lost) => return Whole::Lost(lost),
        }
    }
}
