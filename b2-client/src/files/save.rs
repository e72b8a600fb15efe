//! Downloads to a path: written to a temporary file in the same folder, verified, synced and renamed.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use futures_util::future::try_join;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use tokio::sync::Mutex;

use super::contiguous_prefix::ContiguousPrefix;
use super::disk::{OnDisk, Shared, Writer, aside};
use super::download_response::mismatch;
use super::progress::{Meter, Progress, follow};
use super::source::Rereadable;
use super::{Download, DownloadHead, DownloadResponse, Files, parts};
use crate::error::{Error, ErrorKind};

/// The minimum length of a range that is downloaded in parallel: for shorter ones the requests cost more time than they save.
const LEAST_RANGE: u64 = 8 * 1024 * 1024;

/// The result of [`Files::save`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedFile {
    /// The metadata of the file.
    pub head: DownloadHead,
    /// Whether the content was verified against a checksum; `false` if the service has none, and for a range.
    pub verified: bool,
}

impl Files<'_> {
    /// Downloads a file to a path, replacing an existing file atomically once the content is complete and verified.
    ///
    /// After a failure, or if this future is dropped, the path is unchanged and no temporary file is left. If the future is dropped during
    /// the final rename, the path may already hold the complete new file.
    ///
    /// # Errors
    /// [`ErrorKind::DestinationFailed`] when it cannot be written, [`ErrorKind::ChecksumMismatch`], and those of
    /// [`download`](Self::download).
    pub async fn save(&self, download: &Download, path: impl AsRef<Path>) -> Result<SavedFile, Error> {
        let path = path.as_ref();
        let failed = |cause| destination_failed(download, None, path, cause);
        let temporary = Arc::new(Temporary::new(path).map_err(failed)?);
        let whole = download.range.is_none() && download.parallel > 1;
        let pinned = if whole { Some(self.head(download).await?) } else { None };
        let saved = match pinned.filter(|head| head.id.is_some() && head.content_length > LEAST_RANGE) {
            Some(head) => self.save_ranges(download, head, &temporary).await?,
            None => save_stream(self.download(download).await?, &temporary, self.meter).await?,
        };
        temporary.put_in_place().await.map_err(failed)?;
        Ok(saved)
    }

    /// [Saves](Self::save) a file and reports the progress. The last item is [`Progress::Done`] or an error. Dropping the stream stops
    /// the download and leaves the path unchanged.
    pub fn save_with_progress<'s>(
        self,
        download: &'s Download,
        path: impl Into<PathBuf>,
    ) -> impl Stream<Item = Result<Progress<SavedFile>, Error>> + Send + 's
    where
        Self: 's,
    {
        let path = path.into();
        follow(move |meter| async move { self.with_progress(&meter).save(download, path).await })
    }

    /// Downloads ranges of one version in parallel, and computes the checksum of the whole file meanwhile.
    async fn save_ranges(
        &self,
        download: &Download,
        head: DownloadHead,
        temporary: &Arc<Temporary>,
    ) -> Result<SavedFile, Error> {
        let failed = |cause| destination_failed(download, Some(&head), &temporary.destination, cause);
        let Some(id) = head.id.clone() else {
            return Err(download.failed(Some(&head), ErrorKind::NotUnderstood, "the answer has no file id"));
        };
        let (length, access) = (head.content_length, self.access());
        self.meter.set_total(length);
        let each = length.div_ceil(download.parallel as u64).clamp(LEAST_RANGE, LEAST_RANGE * 8);
        let prefix = ContiguousPrefix::new(parts::cut(length, each));
        let file = temporary.create(length).await.map_err(failed)?;
        let written = Rereadable::File(OnDisk::Path(temporary.path().to_owned()));
        let fetched = async {
            let ranges = parts::cut(length, each).enumerate().map(|(index, range)| {
                let prefix = prefix.clone();
                let to = Writer::new(Arc::clone(&file), range.start);
                self.save_range(
                    download.of_version(id.clone(), range.start..=range.end - 1, &access),
                    range.end - range.start,
                    to.on_written(move |bytes| prefix.advance(index, bytes)),
                    temporary,
                )
            });
            stream::iter(ranges).buffer_unordered(download.parallel).try_collect::<Vec<()>>().await?;
            let file = file.lock_owned().await;
            aside(move || file.sync_all()).await.map_err(failed)
        };
        let Some(expected) = head.whole_sha1() else {
            fetched.await?;
            return Ok(SavedFile { head, verified: false });
        };
        let summed = async { prefix.sum(&written, length, self.meter).await.map_err(failed) };
        let ((), found) = try_join(fetched, summed).await?;
        if found != expected {
            return Err(mismatch(download, &head, found, expected));
        }
        Ok(SavedFile { head, verified: true })
    }

    async fn save_range(
        &self,
        part: Download,
        length: u64,
        to: Writer,
        temporary: &Temporary,
    ) -> Result<(), Error> {
        let content = self.download(&part).await?;
        let written = write(content, to, &temporary.destination, self.meter, |_| Ok(())).await?;
        let text = "a range is shorter than it was announced";
        let whole = written == length;
        if whole { Ok(()) } else { Err(part.failed(None, ErrorKind::NotUnderstood, text)) }
    }
}

async fn save_stream(
    content: DownloadResponse,
    temporary: &Arc<Temporary>,
    meter: &Meter,
) -> Result<SavedFile, Error> {
    let saved = SavedFile { head: content.head().clone(), verified: content.is_verified() };
    let (download, head) = content.about();
    let failed = |cause| destination_failed(&download, Some(&head), &temporary.destination, cause);
    meter.set_total(content.head().content_length);
    let file = temporary.create(0).await.map_err(failed)?;
    write(content, Writer::new(file, 0), &temporary.destination, meter, File::sync_all).await?;
    Ok(saved)
}

/// Writes the content, calls `last` after the last write, and returns the number of bytes.
async fn write(
    content: DownloadResponse,
    mut to: Writer,
    path: &Path,
    meter: &Meter,
    last: fn(&File) -> io::Result<()>,
) -> Result<u64, Error> {
    let (download, head) = content.about();
    let failed = |cause| destination_failed(&download, Some(&head), path, cause);
    let mut pieces = content.into_stream();
    let mut written = 0;
    while let Some(piece) = pieces.try_next().await? {
        written += piece.len() as u64;
        meter.transferred(piece.len() as u64);
        to.take(piece).await.map_err(failed)?;
    }
    to.finish(last).await.map_err(failed)?;
    Ok(written)
}

fn destination_failed(
    download: &Download,
    head: Option<&DownloadHead>,
    path: &Path,
    cause: io::Error,
) -> Error {
    let text = format!("{} could not be written: {cause}", path.display());
    download.failed(head, ErrorKind::DestinationFailed, text).because(cause)
}

/// A temporary file in the destination's folder. Dropping it removes the file, unless it was renamed to the destination.
struct Temporary {
    destination: PathBuf,
    /// The path of the temporary file, once it was created.
    created: OnceLock<PathBuf>,
}

impl Temporary {
    fn new(destination: &Path) -> io::Result<Self> {
        destination.file_name().ok_or_else(|| io::Error::other("the path does not name a file"))?;
        Ok(Self { destination: destination.to_owned(), created: OnceLock::new() })
    }

    /// The path of the temporary file, once it was created.
    fn path(&self) -> &Path {
        self.created.get().unwrap_or(&self.destination)
    }

    /// Creates the file on a blocking thread that keeps `self` alive, so that the file is removed even if nobody awaits the result.
    async fn create(self: &Arc<Self>, length: u64) -> io::Result<Shared> {
        let temporary = Arc::clone(self);
        let make = move || {
            let file = loop {
                // The name is short, so that it does not exceed the length limit where the destination's name does not.
                let name = format!(".b2-{:016x}.part", RandomState::new().hash_one(&temporary.destination));
                let path = temporary.destination.with_file_name(name);
                match OpenOptions::new().write(true).create_new(true).open(&path) {
                    Ok(file) => {
                        temporary.created.get_or_init(|| path);
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

    /// Renames the file to the destination, and syncs the folder.
    async fn put_in_place(self: &Arc<Self>) -> io::Result<()> {
        let temporary = Arc::clone(self);
        let put = move || {
            fs::rename(temporary.path(), &temporary.destination)?;
            #[cfg(unix)]
            if let Some(folder) = temporary.destination.parent() {
                let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                File::open(folder)?.sync_all()?;
            }
            Ok(())
        };
        aside(put).await
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the rename there is no file at this path.
        if let Some(path) = self.created.get() {
            let _ = fs::remove_file(path);
        }
    }
}
