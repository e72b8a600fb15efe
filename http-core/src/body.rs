//! Request bodies that can be sent again, and the progress of sending one.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

/// A stream of bytes that can move between threads.
pub type ByteStream<E> = Pin<Box<dyn Stream<Item = Result<Bytes, E>> + Send>>;

/// Bodies longer than this are handed to the connection in pieces, so that a slow upload is distinguished from a dead one.
const PIECE: usize = 64 * 1024;

pub(crate) enum Body {
    Empty,
    Bytes(Bytes),
    Stream { length: u64, open: Box<dyn Fn() -> ByteStream<std::io::Error> + Send + Sync> },
}

impl Body {
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Empty => 0,
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Stream { length, .. } => *length,
        }
    }

    /// The body for one attempt, reporting to `progress`; `None` where there is nothing to send.
    pub(crate) fn open(&self, progress: &Progress) -> Option<reqwest::Body> {
        match self {
            Self::Empty => None,
            Self::Bytes(bytes) if bytes.len() <= PIECE => Some(bytes.clone().into()),
            Self::Bytes(bytes) => {
                let pieces = pieces(bytes.clone()).map(Ok::<_, std::io::Error>);
                Some(counted(pieces, progress.clone()))
            }
            Self::Stream { open, .. } => Some(counted(open(), progress.clone())),
        }
    }
}

fn pieces(bytes: Bytes) -> impl Stream<Item = Bytes> + Send {
    stream::unfold(bytes, |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        let piece = rest.split_to(rest.len().min(PIECE));
        Some((piece, rest))
    })
}

fn counted(
    content: impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
    progress: Progress,
) -> reqwest::Body {
    reqwest::Body::wrap_stream(content.inspect(move |_| progress.advance()))
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// How many pieces of a body were handed to the connection.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    pub(crate) fn advance(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn seen(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
