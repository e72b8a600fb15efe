//! Stored bytes: in memory up to a budget, beyond it in files that vanish with their last user.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use md5::Md5;
use sha1::{Digest as _, Sha1};
use tempfile::TempDir;

use crate::error::{Error, ErrorKind};

/// Up to this size a body stays in memory whatever the budget says.
const SMALL: u64 = 16 << 10;
/// How much is read from a file at once.
const CHUNK: u64 = 256 << 10;

/// Where bodies are kept.
#[derive(Debug)]
pub(crate) struct Store {
    folder: TempDir,
    next: AtomicU64,
    memory: Arc<Memory>,
    md5: bool,
}

/// The checksums of a body, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) sha1: String,
    pub(crate) md5: Option<String>,
}

/// Checksums being computed.
#[derive(Debug)]
struct Hashing {
    sha1: Sha1,
    md5: Option<Md5>,
}

impl Hashing {
    fn new(md5: bool) -> Self {
        Self { sha1: Sha1::new(), md5: md5.then(Md5::new) }
    }

    fn update(&mut self, data: &[u8]) {
        self.sha1.update(data);
        if let Some(md5) = &mut self.md5 {
            md5.update(data);
        }
    }

    fn finish(self) -> Sums {
        let hex = data_encoding::HEXLOWER;
        Sums { sha1: hex.encode(&self.sha1.finalize()), md5: self.md5.map(|md5| hex.encode(&md5.finalize())) }
    }
}

/// How much memory bodies have and may have, in bytes.
#[derive(Debug)]
struct Memory {
    used: AtomicU64,
    most: u64,
}

/// A share of the memory, given back with the body it was for.
#[derive(Debug)]
struct Share {
    memory: Arc<Memory>,
    length: u64,
}

impl Share {
    fn of(memory: &Arc<Memory>, length: u64) -> Option<Self> {
        let used = memory.used.fetch_add(length, Ordering::Relaxed);
        let share = Self { memory: Arc::clone(memory), length };
        // A share that is not granted is given back at once, by being dropped.
        (used + length <= memory.most || length <= SMALL).then_some(share)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.memory.used.fetch_sub(self.length, Ordering::Relaxed);
    }
}

impl Store {
    /// Makes a store that keeps up to `memory` bytes in memory, and computes MD5 beside SHA-1 or does not.
    pub(crate) fn new(memory: u64, md5: bool) -> Result<Self, Error> {
        let folder = tempfile::Builder::new().prefix("simulated-b2-").tempdir().map_err(|source| {
            Error::new(ErrorKind::Storage, "cannot make a folder for stored bodies").caused_by(source)
        })?;
        let memory = Arc::new(Memory { used: AtomicU64::new(0), most: memory });
        Ok(Self { folder, next: AtomicU64::new(0), memory, md5 })
    }

    /// Begins a body of `length` bytes.
    pub(crate) fn writer(&self, length: u64) -> io::Result<Writer> {
        let sink = if let Some(share) = Share::of(&self.memory, length) {
            Sink::Memory(Vec::with_capacity(usize::try_from(length).unwrap_or_default()), share)
        } else {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let path = self.folder.path().join(format!("{number:x}"));
            let file = File::create(&path)?;
            Sink::File(file, Blob::File(path))
        };
        Ok(Writer { sink, hash: Hashing::new(self.md5), length: 0 })
    }

    /// Hashes a stored body.
    pub(crate) fn sums(&self, body: &Body) -> io::Result<Sums> {
        let mut hash = Hashing::new(self.md5);
        body.read(|chunk| {
            hash.update(chunk);
            Ok(())
        })?;
        Ok(hash.finish())
    }
}

/// A body being written; it is hashed on the way.
#[derive(Debug)]
pub(crate) struct Writer {
    sink: Sink,
    hash: Hashing,
    length: u64,
}

#[derive(Debug)]
enum Sink {
    Memory(Vec<u8>, Share),
    File(File, Blob),
}

impl Writer {
    pub(crate) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.hash.update(data);
        self.length += data.len() as u64;
        match &mut self.sink {
            Sink::Memory(bytes, _) => {
                bytes.extend_from_slice(data);
                Ok(())
            }
            Sink::File(file, _) => file.write_all(data),
        }
    }

    /// Ends the body and returns it with its checksums.
    pub(crate) fn finish(self) -> (Body, Sums) {
        let sums = self.hash.finish();
        let blob = match self.sink {
            Sink::Memory(bytes, share) => Blob::Memory(Bytes::from(bytes), share),
            Sink::File(_, blob) => blob,
        };
        let segment = Segment { blob: Arc::new(blob), offset: 0, length: self.length };
        (Body(vec![segment]), sums)
    }
}

#[derive(Debug)]
enum Blob {
    Memory(Bytes, #[expect(dead_code, reason = "given back when dropped")] Share),
    File(PathBuf),
}

impl Drop for Blob {
    fn drop(&mut self) {
        if let Self::File(path) = self {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[derive(Debug, Clone)]
struct Segment {
    blob: Arc<Blob>,
    offset: u64,
    length: u64,
}

/// Stored bytes: pieces of blobs, one after the other. A clone copies no bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Body(Vec<Segment>);

impl Body {
    pub(crate) fn length(&self) -> u64 {
        self.0.iter().map(|segment| segment.length).sum()
    }

    /// Joins bodies in order.
    pub(crate) fn join<'a>(bodies: impl IntoIterator<Item = &'a Self>) -> Self {
        Self(bodies.into_iter().flat_map(|body| body.0.clone()).collect())
    }

    /// Returns a part of the body.
    pub(crate) fn slice(&self, range: Range<u64>) -> Self {
        let (mut skip, mut want) = (range.start, range.end.saturating_sub(range.start));
        let mut segments = Vec::new();
        for segment in &self.0 {
            if skip >= segment.length {
                skip -= segment.length;
                continue;
            }
            let length = want.min(segment.length - skip);
            if length == 0 {
                break;
            }
            segments.push(Segment { blob: Arc::clone(&segment.blob), offset: segment.offset + skip, length });
            skip = 0;
            want -= length;
        }
        Self(segments)
    }

    /// Streams the bytes.
    pub(crate) fn stream(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        unfold(self.reader(), |mut reader| async move {
            let chunk = reader.next_chunk().transpose()?;
            Some((chunk, reader))
        })
    }

    /// Reads the bytes piece by piece into `take`.
    pub(crate) fn read(&self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut reader = self.reader();
        while let Some(chunk) = reader.next_chunk()? {
            take(&chunk)?;
        }
        Ok(())
    }

    fn reader(&self) -> Reader {
        Reader { segments: self.0.clone().into_iter(), current: None }
    }
}

struct Reader {
    segments: std::vec::IntoIter<Segment>,
    current: Option<Current>,
}

struct Current {
    file: File,
    left: u64,
    // Keeps the file until it has been read.
    _blob: Arc<Blob>,
}

impl Reader {
    fn next_chunk(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            if let Some(current) = self.current.as_mut().filter(|current| current.left > 0) {
                return current.chunk().map(Some);
            }
            let Some(segment) = self.segments.next() else {
                return Ok(None);
            };
            let Ok(length) = usize::try_from(segment.length) else {
                return Err(io::ErrorKind::FileTooLarge.into());
            };
            match &*segment.blob {
                Blob::Memory(bytes, _) if length > 0 => {
                    let start = usize::try_from(segment.offset).unwrap_or(usize::MAX);
                    return Ok(Some(bytes.slice(start..start + length)));
                }
                Blob::Memory(..) => {}
                Blob::File(path) => {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start(segment.offset))?;
                    self.current =
                        Some(Current { file, left: segment.length, _blob: Arc::clone(&segment.blob) });
                }
            }
        }
    }
}

impl Current {
    fn chunk(&mut self) -> io::Result<Bytes> {
        let want = self.left.min(CHUNK);
        let mut bytes = Vec::with_capacity(usize::try_from(want).unwrap_or_default());
        (&mut self.file).take(want).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= bytes.len() as u64;
        Ok(Bytes::from(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(store: &Store, data: &[u8]) -> (Body, Sums) {
        let mut writer = store.writer(data.len() as u64).unwrap();
        writer.write(data).unwrap();
        writer.finish()
    }

    fn whole(body: &Body) -> Vec<u8> {
        let mut bytes = Vec::new();
        body.read(|chunk| bytes.write_all(chunk)).unwrap();
        bytes
    }

    #[test]
    fn small_and_large_bodies_join_and_slice_alike() {
        let store = Store::new(0, true).unwrap();
        let large: Vec<u8> = (0..200_000_u32).map(|i| i.to_le_bytes()[0]).collect();
        let (first, sums) = stored(&store, b"abc");
        let (second, _) = stored(&store, &large);
        assert_eq!(sums.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(sums.md5.as_deref(), Some("900150983cd24fb0d6963f7d28e17f72"));
        let joined = Body::join([&first, &second, &first]);
        let expected = [b"abc", large.as_slice(), b"abc"].concat();
        assert_eq!(whole(&joined), expected);
        for range in [0..0, 1..2, 2..5, 100..200_004, 200_003..200_006] {
            let slice = joined.slice(range.clone());
            let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
            assert_eq!(whole(&slice), expected[range]);
        }
        assert_eq!(store.sums(&first).unwrap(), sums);
    }

    #[test]
    fn a_file_goes_with_its_last_user() {
        let store = Store::new(150_000, true).unwrap();
        let files = || std::fs::read_dir(store.folder.path()).unwrap().count();
        let (kept, _) = stored(&store, &vec![7; 100_000]);
        assert_eq!(files(), 0);
        let (body, _) = stored(&store, &vec![7; 100_000]);
        let copy = body.slice(5..10);
        drop(body);
        assert_eq!(files(), 1);
        drop(copy);
        assert_eq!(files(), 0);
        drop(kept);
        let (_again, _) = stored(&store, &vec![7; 100_000]);
        assert_eq!(files(), 0);
    }
}
