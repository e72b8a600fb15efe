//! A folder that files from elsewhere are restored into.

mod partial;

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use partial::Partial;

use super::target::{Existing, Id, Missing, Replace, Target, Unfinished};
use super::tree::segments;
use super::{failed, shown, windows_name};
use crate::error::Error;
use crate::local_name;

/// A folder that decrypted files are written into one by one, by whoever fetches them from somewhere else than a folder. It is what
/// [`Catalogue::restore_to`](super::Catalogue::restore_to) writes into.
///
/// Nothing that is there is replaced, and no link below the folder is followed. A file appears under its name when it is complete; until
/// then it has a random name, which begins with `.dtc-restore-`. Files and folders are readable by their owner only (on Unix).
///
/// ```
/// use std::io::Write as _;
/// use rclone_crypt::{Destination, Present};
///
/// let folder = std::env::temp_dir().join(format!("destination-{}", std::process::id()));
/// let mut destination = Destination::open(&folder)?;
/// let mut file = destination.begin(b"docs/letter.txt")?;
/// file.write_all(b"Dear reader")?;
/// destination.keep(file, None)?;
/// assert!(matches!(destination.present(b"docs/letter.txt")?, Present::File(file) if file.len == 11));
/// assert!(destination.begin(b"../letter.txt").is_err());
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Destination {
    target: Target,
    root: PathBuf,
}

/// What stands under a path of a [`Destination`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Present {
    /// Nothing.
    Nothing,
    /// A regular file.
    File(PresentFile),
    /// Something else, in words, such as `a symbolic link`.
    Other(&'static str),
}

/// A regular file that is there.
#[derive(Debug)]
#[non_exhaustive]
pub struct PresentFile {
    /// Which it is.
    pub id: PresentId,
    /// Its length in bytes.
    pub len: u64,
    /// When it was last modified, where the file system says so.
    pub modified: Option<SystemTime>,
    /// The file, open for reading.
    pub content: File,
}

/// Which file it is, whatever path it was reached by: on a disk that does not tell names apart by case, two paths can lead to one file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PresentId(Id);

/// A file that is being written. One that is dropped stays under its random name until [`Destination::remove_unfinished`] finds it.
#[must_use = "it has no name until it is kept"]
pub struct Incomplete {
    written: Unfinished,
    path: Vec<u8>,
}

impl Write for Incomplete {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.written.file.flush()
    }
}

impl Destination {
    /// Opens the folder, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when it cannot be made or opened.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let target = Target::open(root).map_err(|e| failed("make", root, e))?;
        Ok(Self { target, root: root.to_owned() })
    }

    /// Opens the folder if it is there, and makes nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when it is there and cannot be opened.
    pub fn open_if_there(root: &Path) -> Result<Option<Self>, Error> {
        match std::fs::metadata(root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("look at", root, error)),
            Ok(_) => Self::open(root).map(Some),
        }
    }

    /// The same folder, for work that goes on at the same time.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when the system gives no further handle.
    pub fn try_clone(&self) -> Result<Self, Error> {
        let target = self.target.try_clone().map_err(|e| failed("open", &self.root, e))?;
        Ok(Self { target, root: self.root.clone() })
    }

    /// For each path on an appliance, the path below a folder of this system that stands for it, as rclone would write it. On Windows, names
    /// that it cannot hold are changed, and no two files get the same one.
    pub fn safe_paths(plain: &[&[u8]]) -> Vec<Vec<u8>> {
        if cfg!(windows) {
            return windows_name::safe_paths(plain);
        }
        plain.iter().map(|plain| local_name::decode_here(&local_name::encode(plain))).collect()
    }

    /// What stands under a path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) for a path that would lead out of the folder, or below something that is no folder.
    pub fn present(&mut self, path: &[u8]) -> Result<Present, Error> {
        let unusable = |error| failed("look at", &self.root.join(shown(path)), error);
        let segments = segments(path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        let existing = match self.target.enter(&segments, Missing::Report) {
            Ok(name) => self.target.existing(name).map_err(unusable)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(error)),
        };
        Ok(match existing {
            None => Present::Nothing,
            Some(Existing { file: Some(content), id: Some(id), .. }) => {
                let metadata = content.metadata().map_err(unusable)?;
                let (len, modified) = (metadata.len(), metadata.modified().ok());
                Present::File(PresentFile { id: PresentId(id), len, modified, content })
            }
            Some(Existing { what, .. }) => Present::Other(what),
        })
    }

    /// Begins a file that [`keep`](Self::keep) will give this path. Folders that are not there are made.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) for a path that would lead out of the folder, and where nothing can be written.
    pub fn begin(&mut self, path: &[u8]) -> Result<Incomplete, Error> {
        let unusable = |error| failed("write", &self.root.join(shown(path)), error);
        let segments = segments(path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        self.target.enter(&segments, Missing::Make).map_err(unusable)?;
        let written = self.target.create().map_err(unusable)?;
        Ok(Incomplete { written, path: path.to_owned() })
    }

    /// Gives a complete file its path, and its modification time where that is known.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when something has that path already. What was written is then removed.
    pub fn keep(&mut self, file: Incomplete, modified: Option<SystemTime>) -> Result<PresentId, Error> {
        let Incomplete { written, path } = file;
        let unusable = |error| failed("write", &self.root.join(shown(&path)), error);
        let segments = segments(&path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        let name = self.target.enter(&segments, Missing::Report).map_err(unusable)?;
        if let Some(modified) = modified {
            // A time that this disk cannot hold is no reason to lose the file.
            let _ = written.file.set_modified(modified);
        }
        self.target.keep(written, name, Replace::Never).map(PresentId).map_err(unusable)
    }

    /// Removes a file that was begun.
    pub fn discard(&mut self, file: Incomplete) {
        let folder =
            segments(&file.path).map(|segments| self.target.enter(&segments, Missing::Report).is_ok());
        if folder == Some(true) {
            self.target.discard(file.written);
        }
    }

    /// Removes what killed runs left in the folder of this path: files with a name of [`Destination::begin`]'s that nobody is writing, and
    /// those of [`Destination::go_on`] with a mark that is not to be kept.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when the folder cannot be read. That it is not there is none.
    pub fn remove_unfinished(&mut self, path: &[u8], is_kept: &dyn Fn(u64) -> bool) -> Result<(), Error> {
        let unusable = |error| failed("clear up", &self.root.join(shown(path)), error);
        let segments = segments(path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        match self.target.enter(&segments, Missing::Report) {
            Ok(_) => self.target.remove_unfinished(is_kept).map_err(unusable),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(unusable(error)),
        }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destination").field("root", &self.root).finish_non_exhaustive()
    }
}

impl fmt::Debug for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incomplete").field("path", &shown(&self.path)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
