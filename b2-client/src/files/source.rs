//! The sources of uploads.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use http_core::ByteStream;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::disk::{self, OnDisk, aside};
use super::progress::Meter;
use super::sha1sum::{Hasher, Sha1};

/// The size of a chunk that is read or sent at a time.
const PIECE: usize = 256 * 1024;

/// The content of an upload. Whatever takes an `impl Into<Source>` also takes bytes, a path or an open file.
///
/// Bytes and files can be read again, so a failed request is repeated without buffering the content. A stream is read once; a part of it
/// at a time is buffered.
///
/// ```
/// use std::fs::File;
/// use std::path::Path;
///
/// use b2_client::files::Source;
///
/// let bytes: [Source; 2] = [b"some bytes".into(), vec![0; 1000].into()];
/// let paths: [Source; 2] = [Path::new("2026.pdf").into(), Source::path("2026.pdf")];
/// let open: Source = File::open(std::env::current_exe()?)?.into();
/// # let _ = (bytes, paths, open);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A text is not taken, because it does not say whether it is the content or a path: use [`Source::bytes`] or [`Source::path`], which
/// take one.
///
/// ```compile_fail,E0277
/// # use b2_client::files::Source;
/// let source: Source = "2026.pdf".into();
/// ```
///
/// ```
/// # use b2_client::files::Source;
/// let source: Source = b"2026.pdf".into();
/// ```
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
        Self(Kind::Again(Rereadable::File(OnDisk::Path(path.into()))))
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

impl From<Bytes> for Source {
    /// Uploads these bytes. Nothing is copied.
    fn from(content: Bytes) -> Self {
        Self::bytes(content)
    }
}

impl From<Vec<u8>> for Source {
    /// Uploads these bytes. Nothing is copied.
    fn from(content: Vec<u8>) -> Self {
        Self::bytes(content)
    }
}

impl From<&'static [u8]> for Source {
    /// Uploads these bytes. Nothing is copied. Bytes that are borrowed for a shorter time are given as a `Vec`.
    fn from(content: &'static [u8]) -> Self {
        Self::bytes(content)
    }
}

impl<const N: usize> From<&'static [u8; N]> for Source {
    /// Uploads these bytes, such as `b"abc"` or those of `include_bytes!`. Nothing is copied.
    fn from(content: &'static [u8; N]) -> Self {
        Self::bytes(content.as_slice())
    }
}

impl From<PathBuf> for Source {
    /// Uploads the file at this path, as [`Source::path`] does.
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&PathBuf> for Source {
    /// Uploads the file at this path, as [`Source::path`] does.
    fn from(path: &PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for Source {
    /// Uploads the file at this path, as [`Source::path`] does.
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<File> for Source {
    /// Uploads the whole file from its beginning, wherever its position is. It must be a regular file and must not be modified during the
    /// upload. Anything else that is open, such as a pipe, is given as a [reader](Source::reader). On Windows the upload moves the position
    /// of the file.
    fn from(file: File) -> Self {
        Self(Kind::Again(Rereadable::File(OnDisk::Open(Arc::new(file)))))
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Again(Rereadable::Bytes(bytes)) => write!(f, "Source({} bytes)", bytes.len()),
            Kind::Again(Rereadable::File(OnDisk::Path(path))) => write!(f, "Source({path:?})"),
            Kind::Again(Rereadable::File(OnDisk::Open(_))) => f.write_str("Source(open file)"),
            Kind::Once(_) => f.write_str("Source(stream)"),
        }
    }
}

/// Content that can be read more than once, from any position.
#[derive(Clone)]
pub(super) enum Rereadable {
    Bytes(Bytes),
    File(OnDisk),
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
            Self::File(file) => {
                let found = file.metadata().await?;
                if !found.is_file() {
                    return Err(io::Error::other("it is not a regular file"));
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
            Self::File(file) => disk::read(file.clone(), range).boxed(),
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
    File { origin: OnDisk, file: Option<Arc<File>>, position: u64, buffer: Vec<u8> },
}

impl Reading {
    pub(super) fn new(source: &Rereadable) -> Self {
        match source {
            Rereadable::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Rereadable::File(origin) => {
                Self::File { origin: origin.clone(), file: None, position: 0, buffer: vec![0; PIECE] }
            }
        }
    }

    /// Reads the next `length` bytes and passes them to `take` in pieces.
    pub(super) fn feed(&mut self, length: u64, mut take: impl FnMut(&[u8])) -> io::Result<()> {
        match self {
            Self::Bytes(rest) => take(&rest.split_to(rest.len().min(clamp(length)))),
            Self::File { origin, file, position, buffer } => {
                let file = match file {
                    Some(file) => file,
                    none => none.insert(origin.open()?),
                };
                let mut left = clamp(length);
                while left > 0 {
                    let wanted = left.min(buffer.len());
                    let read = disk::read_some(file, &mut buffer[..wanted], *position)?;
                    *position += read as u64;
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
