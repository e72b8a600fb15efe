//! Where an upload's content comes from.

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

/// So much is read, or handed on, at a time.
const PIECE: usize = 256 * 1024;

/// Where an upload's content comes from. Bytes and files can be read again, so that they survive a lost connection without being
/// held in memory; a stream is read once, a part at a time.
pub struct Source(pub(super) Kind);

pub(super) enum Kind {
    Again(Rereadable),
    Once(ByteStream<io::Error>),
}

impl Source {
    /// These bytes.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self(Kind::Again(Rereadable::Bytes(content.into())))
    }

    /// The file at this path, which must stay as it is during the upload.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self(Kind::Again(Rereadable::File(path.into())))
    }

    /// What this stream yields, of any length.
    pub fn stream(content: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Kind::Once(Box::pin(content)))
    }

    /// What this reader yields, of any length.
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

/// Content that can be read more than once, from any place.
#[derive(Clone)]
pub(super) enum Rereadable {
    Bytes(Bytes),
    File(PathBuf),
}

/// What a source looked like; a file that looks different later has changed.
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
                    return Err(io::Error::other("it is not a regular file"));
                }
                Ok(Look { length: found.len(), modified: found.modified().ok() })
            }
        }
    }

    /// The bytes of a range, as a stream that fails where the source has become shorter.
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

    /// The checksums of these parts, which follow each other from the start, and of the whole, in one pass.
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

/// So much is hashed without a pause: some milliseconds.
pub(super) const STRETCH: u64 = 4 << 20;

fn stretches(length: u64) -> impl Iterator<Item = u64> {
    (0..length.div_ceil(STRETCH)).map(move |index| STRETCH.min(length - index * STRETCH))
}

/// Content being read from its start, on a thread that may wait.
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

    /// Reads the next `length` bytes, and hands them to `take` piece by piece.
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

/// The checksum of content in memory, computed beside the runtime where it is large.
pub(super) async fn sum_of(content: Bytes) -> io::Result<Sha1> {
    if content.len() < PIECE {
        return Ok(Sha1::of(&content));
    }
    aside(move || Ok(Sha1::of(&content))).await
}

fn clamp(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// The content followed by the forty digits of its checksum, for uploads that announce `hex_digits_at_end`.
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
