//! Reading and writing local files on blocking threads, in portions large enough to make the switch of threads worthwhile.

use std::collections::VecDeque;
use std::fs::{File, Metadata};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, stream};
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};

/// The bytes that are read or written in one blocking task.
const PORTION: usize = 1 << 20;
/// The largest chunk that a stream yields. Smaller than a portion, so that slow transfers report progress more often.
const PIECE: usize = 256 * 1024;

/// Runs blocking work on a blocking thread.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// A file to read: opened by its path each time, or open already.
#[derive(Clone, Debug)]
pub(super) enum OnDisk {
    Path(PathBuf),
    Open(Arc<File>),
}

impl OnDisk {
    pub(super) fn open(&self) -> io::Result<Arc<File>> {
        match self {
            Self::Path(path) => File::open(path).map(Arc::new),
            Self::Open(file) => Ok(Arc::clone(file)),
        }
    }

    /// Looks at the file as it is now. A path is not opened, because opening a pipe would wait for its writer.
    pub(super) async fn metadata(&self) -> io::Result<Metadata> {
        let file = self.clone();
        let look = move || match file {
            Self::Path(path) => std::fs::metadata(path),
            Self::Open(file) => file.metadata(),
        };
        aside(look).await
    }
}

/// Reads some bytes from this position, wherever the file's own position is: others may share it.
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, position);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, position);
}

/// Reads at least one byte from this position; fails at the end of the file.
pub(super) fn read_some(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    loop {
        match read_at(file, buffer, position) {
            Ok(0) => {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file has become shorter"));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Returns a range of a file as a stream that reads one portion ahead.
pub(super) fn read(file: OnDisk, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let reader = Reader { origin: file, position: range.start, file: None, handed_out: VecDeque::new() };
    let ahead = ReadAhead { rest: range.end.saturating_sub(range.start), reader: Some(reader), next: None };
    stream::try_unfold((ahead, Bytes::new()), |(mut ahead, mut ready)| async move {
        if ready.is_empty() {
            match ahead.next().await? {
                Some(portion) => ready = portion,
                None => return Ok(None),
            }
        }
        let piece = ready.split_to(ready.len().min(PIECE));
        Ok(Some((piece, (ahead, ready))))
    })
}

type ReadTask = JoinHandle<io::Result<(Reader, Bytes)>>;

struct ReadAhead {
    rest: u64,
    /// `None` while a task reads with it.
    reader: Option<Reader>,
    next: Option<ReadTask>,
}

impl ReadAhead {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        self.begin();
        let Some(next) = self.next.take() else { return Ok(None) };
        let (reader, portion) = next.await.map_err(io::Error::other)??;
        self.reader = Some(reader);
        self.rest -= portion.len() as u64;
        self.begin();
        Ok(Some(portion))
    }

    fn begin(&mut self) {
        let most = usize::try_from(self.rest).unwrap_or(usize::MAX).min(PORTION);
        if most == 0 {
            return;
        }
        if let Some(mut reader) = self.reader.take() {
            self.next = Some(spawn_blocking(move || {
                let portion = reader.portion(most)?;
                Ok((reader, portion))
            }));
        }
    }
}

struct Reader {
    origin: OnDisk,
    position: u64,
    file: Option<Arc<File>>,
    /// Portions that were handed out. Their memory is reused once nobody else holds it.
    handed_out: VecDeque<Bytes>,
}

impl Reader {
    fn portion(&mut self, most: usize) -> io::Result<Bytes> {
        let mut buffer = self.buffer(most);
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(self.origin.open()?),
        };
        let read = read_some(file, &mut buffer[..most], self.position)?;
        self.position += read as u64;
        let buffer = buffer.freeze();
        if buffer.len() == PORTION {
            self.handed_out.push_back(buffer.clone());
        }
        Ok(buffer.slice(..read))
    }

    fn buffer(&mut self, length: usize) -> BytesMut {
        match self.handed_out.pop_front().map(Bytes::try_into_mut) {
            Some(Ok(buffer)) => buffer,
            Some(Err(in_use)) if self.handed_out.len() < 4 => {
                self.handed_out.push_front(in_use);
                BytesMut::zeroed(length)
            }
            _ => BytesMut::zeroed(length),
        }
    }
}

/// A file with several writers, each at a position of its own. They write one at a time; the kernel would serialise them anyway.
pub(super) type Shared = Arc<Mutex<File>>;

/// Writes bytes to a file from some position on: one portion is written while the next is collected.
pub(super) struct Writer {
    file: Shared,
    position: u64,
    collected: Vec<Bytes>,
    length: usize,
    writing: Option<JoinHandle<io::Result<()>>>,
    on_written: Arc<dyn Fn(u64) + Send + Sync>,
}

impl Writer {
    pub(super) fn new(file: Shared, position: u64) -> Self {
        Self { file, position, collected: Vec::new(), length: 0, writing: None, on_written: Arc::new(|_| ()) }
    }

    /// Calls `on_written` with the length of each portion after it was written.
    pub(super) fn on_written(self, on_written: impl Fn(u64) + Send + Sync + 'static) -> Self {
        Self { on_written: Arc::new(on_written), ..self }
    }

    /// Accepts a piece. Waits while the portion before the current one is still being written, and returns its error.
    pub(super) async fn take(&mut self, piece: Bytes) -> io::Result<()> {
        self.length += piece.len();
        self.collected.push(piece);
        if self.length < PORTION {
            return Ok(());
        }
        self.write(|_| Ok(())).await
    }

    /// Writes the rest, then calls `last` with the file.
    pub(super) async fn finish(mut self, last: fn(&File) -> io::Result<()>) -> io::Result<()> {
        self.write(last).await?;
        self.written().await
    }

    async fn write(&mut self, then: fn(&File) -> io::Result<()>) -> io::Result<()> {
        self.written().await?;
        let mut file = Arc::clone(&self.file).lock_owned().await;
        let (collected, position) = (std::mem::take(&mut self.collected), self.position);
        let length = std::mem::take(&mut self.length) as u64;
        self.position += length;
        let on_written = Arc::clone(&self.on_written);
        self.writing = Some(spawn_blocking(move || {
            file.seek(SeekFrom::Start(position))?;
            collected.iter().try_for_each(|piece| file.write_all(piece))?;
            on_written(length);
            then(&file)
        }));
        Ok(())
    }

    async fn written(&mut self) -> io::Result<()> {
        match self.writing.take() {
            Some(writing) => writing.await.map_err(io::Error::other)?,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::TryStreamExt as _;

    fn noise(length: usize) -> Vec<u8> {
        let mut state = 7_u32;
        let next = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        (0..length).map(next).collect()
    }

    #[tokio::test]
    async fn a_range_is_read_completely_wherever_portions_begin() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let content = noise(5 * PORTION + 1);
        std::fs::write(&path, &content).unwrap();
        for range in [0..0, 0..1, 3..PORTION + 3, PORTION..3 * PORTION, 1..5 * PORTION + 1] {
            let pieces = read(OnDisk::Path(path.clone()), range.start as u64..range.end as u64);
            let pieces: Vec<Bytes> = pieces.try_collect().await.unwrap();
            assert!(pieces.iter().all(|piece| (1..=PIECE).contains(&piece.len())));
            assert!(pieces.concat() == content[range]);
        }
        let beyond =
            read(OnDisk::Path(path), 0..content.len() as u64 + 1).try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(beyond.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn several_writers_write_one_file_each_at_its_position() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let file: Shared = Arc::new(Mutex::new(File::create(&path).unwrap()));
        let content = noise(3 * PORTION);
        let middle = PORTION + 17;
        let reported = Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut writers = [0, middle].map(|start| {
            let reported = Arc::clone(&reported);
            let report = move |bytes| reported.lock().unwrap().push(bytes);
            Writer::new(Arc::clone(&file), start as u64).on_written(report)
        });
        let (first, second) = content.split_at(middle);
        let pieces =
            |half: &[u8]| -> Vec<Bytes> { half.chunks(300_000).map(Bytes::copy_from_slice).collect() };
        for (place, half) in [first, second].into_iter().enumerate().rev() {
            for piece in pieces(half) {
                writers[place].take(piece).await.unwrap();
            }
        }
        for writer in writers {
            writer.finish(File::sync_all).await.unwrap();
        }
        assert!(std::fs::read(path).unwrap() == content);
        assert_eq!(reported.lock().unwrap().iter().sum::<u64>(), content.len() as u64);
    }
}
