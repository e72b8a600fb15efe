//! The sources of uploads.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http_core::ByteStream;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::disk::{self, aside};
use super::progress::Meter;
use super::sha1sum::{Hasher, Sha1};

/// The size of a chunk that is read or sent at a time.
const PIECE: usize = 256 * 1024;

/// The content of an upload.
///
/// Bytes and files can be read again, so a failed request is repeated without buffering the content. A stream is read once; a part of it
/// at a time is buffered.
pub struct Source(pub(super) Kind);

pub(super) enum Kind {
    Again(Rereadable),
    Once(ByteStream<io::Error>),
}

impl Source {
    /// Uploads these bytes.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self(Kind::Again(Rereadable::Bytes(content.into())))
    }

    /// Uploads the file at this path. It must not be modified during the upload.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self(Kind::Again(Rereadable::File(path.into())))
    }

    /// Uploads a stream of any length.
    pub fn stream(content: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Kind::Once(Box::pin(content)))
    }

    /// Uploads the content of a reader, of any length.
    pub fn reader(reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self::stream(stream::try_unfold(reader, |mut reader| async move {
            let mut piece = Vec::with_capacity(PIECE);
            let read = reader.read_buf(&mut piece).await?;
            Ok((read > 0).then(|| (Bytes::from(piece), reader)))
        }))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Again(Rereadable::Bytes(bytes)) => write!(f, "Source({} bytes)", bytes.len()),
            Kind::Again(Rereadable::File(path)) => write!(f, "Source({path:?})"),
            Kind::Once(_) => f.write_str("Source(stream)"),
        }
    }
}

/// Content that can be read more than once, from any position.
#[derive(Clone)]
pub(super) enum Rereadable {
    Bytes(Bytes),
    File(PathBuf),
}

/// The length and modification time of a source. A file with different values later has been modified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) length: u64,
    pub(super) modified: Option<SystemTime>,
}

impl Rereadable {
    pub(super) async fn look(&self) -> io::Result<Look> {
        match self {
            Self::Bytes(bytes) => Ok(Look { length: bytes.len() as u64, modified: None }),
            Self::File(path) => {
                let found = tokio::fs::metadata(path).await?;
                if !found.is_file() {
                    return Err(io::Error::other("the path does not name a regular file"));
                }
                Ok(Look { length: found.len(), modified: found.modified().ok() })
            }
        }
    }

    /// Returns a range as a stream, which fails if the source has become shorter.
    pub(super) fn read(&self, range: Range<u64>) -> ByteStream<io::Error> {
        match self {
            Self::Bytes(bytes) => {
                let mut rest = bytes.slice(clamp(range.start)..clamp(range.end));
                let pieces = std::iter::from_fn(move || {
                    let piece = rest.split_to(rest.len().min(PIECE));
                    (!piece.is_empty()).then_some(Ok(piece))
                });
                stream::iter(pieces).boxed()
            }
            Self::File(path) => disk::read(path.clone(), range).boxed(),
        }
    }

    /// Computes the checksums of these consecutive parts and of the whole in one pass.
    pub(super) async fn sums(
        &self,
        parts: impl Iterator<Item = Range<u64>>,
        meter: &Meter,
    ) -> io::Result<(Vec<Sha1>, Sha1)> {
        let mut content = Reading::new(self);
        let mut whole = Hasher::default();
        let mut sums = Vec::new();
        for part in parts {
            let mut sum = Hasher::default();
            for stretch in stretches(part.end - part.start) {
                let hash = move || {
                    content.feed(stretch, |piece| whole.update_both(&mut sum, piece))?;
                    Ok((content, whole, sum))
                };
                (content, whole, sum) = aside(hash).await?;
                meter.hashed(stretch);
            }
            sums.push(sum.finish());
        }
        Ok((sums, whole.finish()))
    }
}

/// The bytes that are hashed in one blocking task, which takes a few milliseconds.
pub(super) const STRETCH: u64 = 4 << 20;

fn stretches(length: u64) -> impl Iterator<Item = u64> {
    (0..length.div_ceil(STRETCH)).map(move |index| STRETCH.min(length - index * STRETCH))
}

/// Content being read from its start, on a blocking thread.
pub(super) enum Reading {
    Bytes(Bytes),
    File { path: PathBuf, file: Option<File>, buffer: Vec<u8> },
}

impl Reading {
    pub(super) fn new(source: &Rereadable) -> Self {
        match source {
            Rereadable::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Rereadable::File(path) => Self::File { path: path.clone(), file: None, buffer: vec![0; PIECE] },
        }
    }

    /// Reads the next `length` bytes and passes them to `take` in pieces.
    pub(super) fn feed(&mut self, length: u64, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        match self {
            Self::Bytes(rest) => take(&rest.split_to(rest.len().min(clamp(length)))),
            Self::File { path, file, buffer } => {
                let file = match file {
                    Some(file) => file,
                    none => none.insert(disk::open_at(path, 0)?),
                };
                let mut left = clamp(length);
                while left > 0 {
                    let wanted = left.min(buffer.len());
                    let read = disk::read_some(file, &mut buffer[..wanted])?;
                    take(&buffer[..read]);
                    left -= read;
                }
            }
        }
        Ok(())
    }
}

/// Computes the checksum of content in memory; on a blocking thread if it is large.
pub(super) async fn sum_of(content: Bytes) -> io::Result<Sha1> {
    if content.len() < PIECE {
        return Ok(Sha1::of(&content));
    }
    aside(move || Ok(Sha1::of(&content))).await
}

fn clamp(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Returns the content followed by the 40 digits of its checksum, for uploads with `hex_digits_at_end`.
pub(super) fn with_digits_at_end(content: ByteStream<io::Error>) -> ByteStream<io::Error> {
    let state = Some((content, Hasher::default()));
    let digits = stream::try_unfold(state, |state| async move {
        let Some((mut content, mut hasher)) = state else { return Ok(None) };
        Ok(match content.next().await.transpose()? {
            Some(piece) => {
                hasher.update(&piece);
                Some((piece, Some((content, hasher))))
            }
            None => Some((Bytes::from(hasher.finish().to_hex()), None)),
        })
    });
    digits.boxed()
}
