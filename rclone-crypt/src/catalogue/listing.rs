//! Listing of an encrypted folder.

use std::path::{Path, PathBuf};

use super::shown;
use super::tree::{files, on_disk};
use crate::error::Error;
use crate::lengths::decrypted_len;
use crate::local_name;
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// The files, sorted by their stored paths.
    pub entries: Vec<Entry>,
    /// Files that are not encrypted files of this remote: the name cannot be decoded, or no encrypted file has this length.
    pub foreign: Vec<PathBuf>,
}

/// A file in a catalogue: its path in the source and its path in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Entry {
    /// The plain path, as on disk; bytes that are not UTF-8 are replaced by U+FFFD.
    pub plain: String,
    /// The stored path.
    pub stored: String,
    /// The plain length in bytes.
    pub plain_len: u64,
}

impl Listing {
    /// Lists a folder.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when it cannot be read.
    pub fn of(names: &Names, folder: &Path) -> Result<Self, Error> {
        let mut listing = Self::default();
        for found in files(folder)? {
            match (plain_path(names, &found.path), decrypted_len(found.metadata.len())) {
                (Some(plain), Ok(len)) => listing.entries.push(entry(&plain, &found.path, len)),
                _ => listing.foreign.push(shown(&found.path)),
            }
        }
        Ok(listing)
    }
}

/// The plain path on disk for a stored path; `None` if the name cannot be decoded or would lead out of the folder.
pub(super) fn plain_path(names: &Names, stored: &[u8]) -> Option<Vec<u8>> {
    let plain = local_name::decode(&names.decode_bytes(&local_name::encode(stored)).ok()?);
    on_disk(Path::new(""), &plain).map(|_| plain)
}

pub(super) fn entry(plain: &[u8], stored: &[u8], plain_len: u64) -> Entry {
    let text = |path| String::from_utf8_lossy(path).into_owned();
    Entry { plain: text(plain), stored: text(stored), plain_len }
}
