//! The body of an answer: whole within bounds, or as a stream.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, stream};

use crate::body::ByteStream;
use crate::budget::{Lost, Pace};
use crate::error::{Error, ErrorKind};
use crate::head::ResponseHead;

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
        let operation = head.operation();
        let pieces = stream::unfold(Some((content, pace)), move |state| async move {
            let (mut content, mut pace) = state?;
            match pace.next(&mut content).await {
                Ok(piece) => piece.map(|piece| (Ok(piece), Some((content, pace)))),
                Err(lost) => {
                    let error = Error::new(ErrorKind::Unreachable, service, operation, lost.as_str());
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
