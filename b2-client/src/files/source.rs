//! Where an upload's content comes from.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http_core::ByteStream;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncSeekExt as _};

use super::progress::Meter;
use super::sha1sum::{Hasher, Sha1};

/// So much is read of a file at a time.
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
            Self::File(path) => read_file(path.clone(), range).boxed(),
        }
    }

    /// The checksums of these parts and of the whole, in one pass.
    pub(super) async fn sums(
        &self,
        parts: impl Iterator<Item = Range<u64>>,
        meter: &Meter,
    ) -> io::Result<(Vec<Sha1>, Sha1)> {
        let mut whole = Hasher::default();
        let mut sums = Vec::new();
        for part in parts {
            let mut sum = Hasher::default();
            let mut pieces = self.read(part);
            while let Some(piece) = pieces.next().await {
                let piece = piece?;
                let length = piece.len() as u64;
                (whole, sum) = hash_both(whole, sum, piece).await?;
                meter.hashed(length);
            }
            sums.push(sum.finish());
        }
        Ok((sums, whole.finish()))
    }
}

/// Hashing is work for a thread of its own, in portions worth the journey.
async fn hash_both(mut whole: Hasher, mut part: Hasher, content: Bytes) -> io::Result<(Hasher, Hasher)> {
    let hashed = tokio::task::spawn_blocking(move || {
        whole.update(&content);
        part.update(&content);
        (whole, part)
    });
    hashed.await.map_err(io::Error::other)
}

/// The checksum of content in memory, computed beside the runtime where it is large.
pub(super) async fn sum_of(content: Bytes) -> io::Result<Sha1> {
    if content.len() < PIECE {
        return Ok(Sha1::of(&content));
    }
    tokio::task::spawn_blocking(move || Sha1::of(&content)).await.map_err(io::Error::other)
}

fn clamp(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn read_file(path: PathBuf, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold((None::<File>, range), move |(file, rest)| {
        let path = path.clone();
        async move {
            if rest.is_empty() {
                return Ok(None);
            }
            let mut file = match file {
                Some(file) => file,
                None => open_at(&path, rest.start).await?,
            };
            let wanted = clamp(rest.end - rest.start).min(PIECE);
            let mut piece = Vec::with_capacity(wanted);
            let read = (&mut file).take(wanted as u64).read_buf(&mut piece).await? as u64;
            if read == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter"));
            }
            Ok(Some((Bytes::from(piece), (Some(file), rest.start + read..rest.end))))
        }
    })
}

async fn open_at(path: &Path, position: u64) -> io::Result<File> {
    let mut file = File::open(path).await?;
    if position > 0 {
        file.seek(io::SeekFrom::Start(position)).await?;
    }
    Ok(file)
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
