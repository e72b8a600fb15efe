//! Files below a target: what is there already, and what is written.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rclone_crypt::{Destination, Incomplete, Present, PresentFile, PresentId};

use super::open::Sink;
use super::tree::{BackedUp, Tree};
use crate::error::{Error, ErrorKind};
use crate::port_error::{PortError, PortErrorKind};

/// Modification times count as equal within this: B2 holds milliseconds.
const TIME_TOLERANCE_MS: u128 = 1;

/// Where each file of a tree is written.
pub(super) struct Layout {
    /// The paths below the target, in the order of the tree.
    pub(super) paths: Vec<Vec<u8>>,
    /// The files that other ones share their path with, on a disk that does not tell names apart by case.
    ambiguous: HashSet<u64>,
}

impl Layout {
    /// Of one pool its paths, of several each below a folder of the pool's name.
    pub(super) fn new(tree: &Tree) -> Self {
        let several = tree.files.windows(2).any(|pair| pair[0].pool != pair[1].pool);
        let plain = |file: &BackedUp| {
            let pool = file.pool.as_str().as_bytes();
            if several { [pool, b"/", &file.path].concat() } else { file.path.clone() }
        };
        let plain: Vec<Vec<u8>> = tree.files.iter().map(plain).collect();
        let paths = Destination::safe_paths(&plain.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut seen = HashSet::with_capacity(paths.len());
        let ambiguous = paths.iter().map(|path| folded(path)).filter(|path| !seen.insert(*path)).collect();
        Self { paths, ambiguous }
    }

    pub(super) fn is_ambiguous(&self, number: usize) -> bool {
        self.ambiguous.contains(&folded(&self.paths[number]))
    }

    /// One path of each folder.
    pub(super) fn folders(&self) -> impl Iterator<Item = &[u8]> {
        let mut seen = HashSet::new();
        let folder = |path: &[u8]| {
            let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or_default();
            hashed(&path[..end])
        };
        self.paths.iter().map(Vec::as_slice).filter(move |path| seen.insert(folder(path)))
    }
}

fn folded(path: &[u8]) -> u64 {
    hashed(String::from_utf8_lossy(path).to_lowercase().as_bytes())
}

fn hashed(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// The files on disk that this run has written or found, each with its number in the tree.
#[derive(Default)]
pub(super) struct Claimed(Mutex<HashMap<PresentId, usize>>);

impl Claimed {
    /// Claims a file on disk; the number of the file that has claimed it before, if it is another one.
    pub(super) fn claim(&self, id: PresentId, number: usize) -> Option<usize> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(id) {
            Entry::Occupied(held) => Some(*held.get()).filter(|holder| *holder != number),
            Entry::Vacant(free) => {
                free.insert(number);
                None
            }
        }
    }
}

/// What stands under a file's path.
pub(super) enum Found {
    Nothing,
    /// A file of the right length and time.
    Equal(PresentId),
    /// A file of the right length; its time is another, or says too little.
    Similar(PresentFile),
    /// Something else, in words.
    Other(String),
}

/// What a file has to be that is there already.
#[derive(Clone, Copy)]
pub(super) struct Expected {
    len: Option<u64>,
    modified: SystemTime,
    /// Whether its length and its time show that it is the file.
    trusts_time: bool,
}

impl Expected {
    pub(super) fn new(file: &BackedUp, trusts_time: bool) -> Self {
        Self { len: file.len(), modified: file.modified().into(), trusts_time }
    }
}

/// Looks for a file under its path.
pub(super) fn find(
    destination: &mut Destination,
    path: &[u8],
    expected: Expected,
) -> Result<Found, rclone_crypt::Error> {
    let Expected { len, modified, trusts_time } = expected;
    let is_same_time = |there| is_same_time(there, modified);
    Ok(match destination.present(path)? {
        Present::Nothing => Found::Nothing,
        Present::File(there) if Some(there.len) != len => Found::Other("another file".to_owned()),
        Present::File(there) if trusts_time && is_same_time(there.modified) => Found::Equal(there.id),
        Present::File(there) => Found::Similar(there),
        Present::Other(what) => Found::Other(what.to_owned()),
        _ => Found::Other("something".to_owned()),
    })
}

fn is_same_time(there: Option<SystemTime>, wanted: SystemTime) -> bool {
    there.is_some_and(|there| {
        let apart = there.duration_since(wanted).or_else(|_| wanted.duration_since(there));
        apart.is_ok_and(|apart| apart.as_millis() <= TIME_TOLERANCE_MS)
    })
}

/// Handles of the target, one for each file that is worked on: a handle remembers its folder.
pub(super) struct Destinations {
    first: Mutex<Destination>,
    free: Mutex<Vec<Destination>>,
}

impl Destinations {
    /// Opens the target.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let first = Destination::open(path).map_err(|error| unusable(&error))?;
        Ok(Self { first: Mutex::new(first), free: Mutex::default() })
    }

    /// Does something with a handle that nobody else uses meanwhile.
    pub(super) fn with<T, E: From<rclone_crypt::Error>>(
        &self,
        work: impl FnOnce(&mut Destination) -> Result<T, E>,
    ) -> Result<T, E> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut destination = match free {
            Some(destination) => destination,
            None => self.first.lock().unwrap_or_else(PoisonError::into_inner).try_clone()?,
        };
        let done = work(&mut destination);
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(destination);
        done
    }
}

/// Writes a file that is being fetched.
pub(super) struct Writing<'a> {
    destination: &'a mut Destination,
    path: &'a [u8],
    file: Option<Incomplete>,
}

impl Sink for Writing<'_> {
    fn begin(&mut self) -> io::Result<()> {
        self.clear();
        self.file = Some(self.destination.begin(self.path)?);
        Ok(())
    }

    fn write(&mut self, plain: &[u8]) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(plain))
    }
}

impl<'a> Writing<'a> {
    pub(super) fn new(destination: &'a mut Destination, path: &'a [u8]) -> Self {
        Self { destination, path, file: None }
    }

    /// Removes what was written.
    pub(super) fn clear(&mut self) {
        if let Some(file) = self.file.take() {
            self.destination.discard(file);
        }
    }

    /// Gives what was written its path and its time.
    pub(super) fn keep(&mut self, modified: SystemTime) -> io::Result<PresentId> {
        let file = match self.file.take() {
            Some(file) => file,
            None => self.destination.begin(self.path)?,
        };
        Ok(self.destination.keep(file, Some(modified))?)
    }
}

/// Holds what is fetched against a file that is there.
pub(super) struct Comparing {
    there: Arc<PresentFile>,
    differs: bool,
}

impl Comparing {
    pub(super) fn new(there: Arc<PresentFile>) -> Self {
        Self { there, differs: false }
    }

    /// Whether all that was fetched is the file's content.
    pub(super) fn is_same(&self) -> bool {
        !self.differs
    }
}

impl Sink for Comparing {
    fn begin(&mut self) -> io::Result<()> {
        self.differs = false;
        io::Seek::rewind(&mut &self.there.content)
    }

    fn write(&mut self, plain: &[u8]) -> io::Result<()> {
        if self.differs {
            return Ok(());
        }
        let mut beside = vec![0; plain.len()];
        match (&self.there.content).read_exact(&mut beside) {
            Ok(()) => self.differs = beside != plain,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.differs = true,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// The error of a target that cannot be used at all.
pub(super) fn unusable(error: &rclone_crypt::Error) -> Error {
    let kind = io_kind_of(error).map_or(PortErrorKind::NotUnderstood, PortErrorKind::of_io);
    ErrorKind::from(PortError::new(kind, "restore into the target", chain(error))).into()
}

/// An error with what lies beneath it.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let beneath = std::iter::successors(error.source(), |&cause| cause.source());
    beneath.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// The system's error beneath one of a destination.
fn io_kind_of(error: &rclone_crypt::Error) -> Option<io::ErrorKind> {
    let source = std::error::Error::source(error)?;
    source.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// What the system says about a failed write, also where a destination's error carries it.
pub(super) fn io_kind(error: &io::Error) -> io::ErrorKind {
    let carried = error.get_ref().and_then(|inner| inner.downcast_ref::<rclone_crypt::Error>());
    carried.and_then(io_kind_of).unwrap_or_else(|| error.kind())
}
