//! Downloading to a path: written beside it, synced, and put in its place only when it is whole and good.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use futures_util::future::try_join;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::Mutex;

use super::content::mismatch;
use super::disk::{Shared, Writer, aside};
use super::front::Front;
use super::progress::{Meter, Progress, follow};
use super::source::Rereadable;
use super::{Content, Download, DownloadHead, Files, parts};
use crate::error::{Error, ErrorKind};

/// Ranges fetched side by side are at least this long: shorter ones cost more in requests than they gain.
const LEAST_RANGE: u64 = 8 * 1024 * 1024;

/// A file that was downloaded to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Saved {
    /// What the service says about the file.
    pub head: DownloadHead,
    /// Whether its content was compared with a checksum; `false` when the service has none, or for a range.
    pub verified: bool,
}

impl Files<'_> {
    /// Downloads to a path, replacing what is there in one step and only when all of it has come and fits its checksum. On any
    /// failure, and when this future is dropped, the path is as it was, with nothing beside it; dropped within that last step, it may
    /// be the new file, whole.
    ///
    /// # Errors
    /// [`ErrorKind::DestinationFailed`] when it cannot be written, [`ErrorKind::ChecksumMismatch`], and those of
    /// [`download`](Self::download).
    pub async fn save(&self, download: &Download, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let path = path.as_ref();
        let failed = |cause| destination_failed(download.operation(), path, cause);
        let beside = Arc::new(Beside::new(path).map_err(failed)?);
        let whole = download.range.is_none() && download.parallel > 1;
        let pinned = if whole { Some(self.head(download).await?) } else { None };
        let saved = match pinned.filter(|head| head.id.is_some() && head.content_length > LEAST_RANGE) {
            Some(head) => self.save_ranges(download, head, &beside).await?,
            None => save_stream(self.download(download).await?, &beside, self.meter).await?,
        };
        beside.put_in_place().await.map_err(failed)?;
        Ok(saved)
    }

    /// [Saves](Self::save) and tells how far it is; the last item is [`Progress::Done`] or an error. Dropping the stream drops the
    /// download, and the path is as it was.
    pub fn save_with_progress<'s>(
        self,
        download: &'s Download,
        path: impl Into<PathBuf>,
    ) -> impl Stream<Item = Result<Progress<Saved>, Error>> + Send + 's
    where
        Self: 's,
    {
        let path = path.into();
        follow(move |meter| async move { self.told(&meter).save(download, path).await })
    }

    /// Fetches ranges of one version side by side, and computes the checksum of the whole close behind them.
    async fn save_ranges(
        &self,
        download: &Download,
        head: DownloadHead,
        beside: &Arc<Beside>,
    ) -> Result<Saved, Error> {
        let operation = download.operation();
        let failed = |cause| destination_failed(operation, &beside.destination, cause);
        let Some(id) = head.id.clone() else {
            return Err(Error::new(operation, ErrorKind::NotUnderstood, "the answer names no file id"));
        };
        let (length, opened) = (head.content_length, self.opened());
        self.meter.of(length);
        let each = length.div_ceil(download.parallel as u64).clamp(LEAST_RANGE, LEAST_RANGE * 8);
        let front = Front::new(parts::cut(length, each));
        let file = beside.create(length).await.map_err(failed)?;
        let written = Rereadable::File(beside.path().to_owned());
        let fetched = async {
            let ranges = parts::cut(length, each).enumerate().map(|(index, range)| {
                let front = front.clone();
                let to = Writer::new(Arc::clone(&file), range.start);
                self.save_range(
                    download.of_version(id.clone(), range.start..=range.end - 1, &opened),
                    range.end - range.start,
                    to.telling(move |bytes| front.advance(index, bytes)),
                    beside,
                )
            });
            stream::iter(ranges).buffer_unordered(download.parallel).try_collect::<Vec<()>>().await?;
            let file = file.lock_owned().await;
            aside(move || file.sync_all()).await.map_err(failed)
        };
        let Some(expected) = head.whole_sha1() else {
            fetched.await?;
            return Ok(Saved { head, verified: false });
        };
        let summed = async { front.sum(&written, length, self.meter).await.map_err(failed) };
        let ((), found) = try_join(fetched, summed).await?;
        if found != expected {
            return Err(mismatch(operation, &head, found, expected));
        }
        Ok(Saved { head, verified: true })
    }

    async fn save_range(
        &self,
        part: Download,
        length: u64,
        to: Writer,
        beside: &Beside,
    ) -> Result<(), Error> {
        let content = self.download(&part).await?;
        let written = write(content, to, &beside.destination, self.meter, |_| Ok(())).await?;
        let text = "a range came shorter than it was announced";
        let whole = written == length;
        if whole { Ok(()) } else { Err(Error::new(part.operation(), ErrorKind::NotUnderstood, text)) }
    }
}

async fn save_stream(content: Content, beside: &Arc<Beside>, meter: &Meter) -> Result<Saved, Error> {
    let saved = Saved { head: content.head().clone(), verified: content.is_verified() };
    let operation = content.operation();
    let failed = |cause| destination_failed(operation, &beside.destination, cause);
    meter.of(content.head().content_length);
    let file = beside.create(0).await.map_err(failed)?;
    write(content, Writer::new(file, 0), &beside.destination, meter, File::sync_all).await?;
    Ok(saved)
}

/// Writes what comes, does what is last, and returns how many bytes they were.
async fn write(
    content: Content,
    mut to: Writer,
    path: &Path,
    meter: &Meter,
    last: fn(&File) -> io::Result<()>,
) -> Result<u64, Error> {
    let operation = content.operation();
    let failed = |cause| destination_failed(operation, path, cause);
    let mut pieces = content.into_stream();
    let mut written = 0;
    while let Some(piece) = pieces.try_next().await? {
        written += piece.len() as u64;
        meter.moved(piece.len() as u64);
        to.take(piece).await.map_err(failed)?;
    }
    to.finish(last).await.map_err(failed)?;
    Ok(written)
}

fn destination_failed(operation: &'static str, path: &Path, cause: io::Error) -> Error {
    Error::new(
        operation,
        ErrorKind::DestinationFailed,
        format!("{} could not be written: {cause}", path.display()),
    )
    .because(cause)
}

/// A file beside the destination, gone when it is dropped before it was put in place.
struct Beside {
    destination: PathBuf,
    /// What was made, which nobody else may have made.
    made: OnceLock<PathBuf>,
}

impl Beside {
    fn new(destination: &Path) -> io::Result<Self> {
        destination.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
        Ok(Self { destination: destination.to_owned(), made: OnceLock::new() })
    }

    /// Where it is, once it is made.
    fn path(&self) -> &Path {
        self.made.get().unwrap_or(&self.destination)
    }

    /// The file, made on a thread that holds on to `self` meanwhile: made or not, it is gone when nobody waits for it any more.
    async fn create(self: &Arc<Self>, length: u64) -> io::Result<Shared> {
        let beside = Arc::clone(self);
        let make = move || {
            let file = loop {
                // As short as it is, it fits where the destination's name fits.
                let name = format!(".b2-{:016x}.part", RandomState::new().hash_one(&beside.destination));
                let path = beside.destination.with_file_name(name);
                match OpenOptions::new().write(true).create_new(true).open(&path) {
                    Ok(file) => {
                        beside.made.get_or_init(|| path);
                        break file;
                    }
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
            };
            if length > 0 {
                file.set_len(length)?;
            }
            Ok(Arc::new(Mutex::new(file)))
        };
        aside(make).await
    }

    async fn put_in_place(self: &Arc<Self>) -> io::Result<()> {
        let beside = Arc::clone(self);
        let put = move || {
            fs::rename(beside.path(), &beside.destination)?;
            #[cfg(unix)]
            if let Some(folder) = beside.destination.parent() {
                let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                File::open(folder)?.sync_all()?;
            }
            Ok(())
        };
        aside(put).await
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After it was put in place there is nothing left to remove.
        if let Some(path) = self.made.get() {
            let _ = fs::remove_file(path);
        }
    }
}
