//! Listing of an encrypted folder.

use std::path::{Path, PathBuf};

use super::report::Skipped;
use super::shown;
use super::tree::{Tree, plain_path, tree};
use crate::error::Error;
use crate::lengths::decrypted_len;
use crate::names::Names;

/// The files in an encrypted folder. Reads names and lengths only, so no keys are needed if the names are not encrypted.
///
/// ```no_run
/// use std::path::Path;
/// use rclone_crypt::{Listing, Names};
///
/// let listing = Listing::of(&Names::off(), Path::new("/srv/catalogue"))?;
/// for entry in &listing.entries {
///     println!("{:>9} {}", entry.plain_len, entry.plain);
/// }
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Listing {
    /// The files, sorted by their stored paths.
    pub entries: Vec<Entry>,
    /// Files that are not encrypted files of this remote: the name cannot be decoded, or no encrypted file has this length.
    pub foreign: Vec<PathBuf>,
    /// Links, pipes, sockets and devices, which rclone skips.
    pub skipped: Vec<Skipped>,
    /// Folders that could not be read, and why.
    pub unreadable: Vec<(PathBuf, Error)>,
}

/// A file in a catalogue: its path in the source and its path in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Entry {
    /// The plain path, as on a disk of Linux or FreeBSD; bytes that are not UTF-8 are replaced by U+FFFD.
    /// [`Entry::plain_path`] has them.
    pub plain: String,
    /// The stored path; bytes that are not UTF-8 are replaced by U+FFFD.
    pub stored: String,
    /// The plain length in bytes.
    pub plain_len: u64,
    /// Both paths, where one of them is not UTF-8.
    exact: Option<Box<[PathBuf; 2]>>,
}

impl Entry {
    /// The plain path with all its bytes.
    pub fn plain_path(&self) -> &Path {
        self.exact.as_ref().map_or(Path::new(&self.plain), |exact| &exact[0])
    }

    /// The stored path with all its bytes.
    pub fn stored_path(&self) -> &Path {
        self.exact.as_ref().map_or(Path::new(&self.stored), |exact| &exact[1])
    }
}

impl Listing {
    /// Lists a folder.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when the folder itself cannot be read.
    pub fn of(names: &Names, folder: &Path) -> Result<Self, Error> {
        Ok(Self::of_tree(names, tree(folder)?))
    }

    pub(super) fn of_tree(names: &Names, tree: Tree) -> Self {
        let mut listing = Self { skipped: tree.skipped, unreadable: tree.unreadable, ..Self::default() };
        for found in tree.files {
            match (plain_path(names, &found.path), decrypted_len(found.metadata.len())) {
                (Some(plain), Ok(len)) => listing.entries.push(entry(&plain, &found.path, len)),
                _ => listing.foreign.push(shown(&found.path)),
            }
        }
        listing
    }
}

pub(super) fn entry(plain: &[u8], stored: &[u8], plain_len: u64) -> Entry {
    let text = |path| String::from_utf8_lossy(path).into_owned();
    let is_text = |path| str::from_utf8(path).is_ok();
    let exact = (!is_text(plain) || !is_text(stored)).then(|| Box::new([plain, stored].map(shown)));
    Entry { plain: text(plain), stored: text(stored), plain_len, exact }
}
