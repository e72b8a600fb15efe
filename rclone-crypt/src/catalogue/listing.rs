//! What lies in an encrypted folder, by its names.

use std::path::{Path, PathBuf};

use super::shown;
use super::tree::{files, on_disk};
use crate::error::Error;
use crate::lengths::decrypted_len;
use crate::local_name;
use crate::names::Names;

/// What lies in an encrypted folder, by names and lengths alone: where names are plain, that takes no keys.
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
    /// The files, in the order of their stored paths.
    pub entries: Vec<Entry>,
    /// Files that are none of this remote's: by their name, or by a length that no encrypted file has.
    pub foreign: Vec<PathBuf>,
}

/// A file's two paths, relative to the source and to the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Entry {
    /// The plain path, as on disk; bytes that are no UTF-8 are shown as U+FFFD.
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

/// The plain path on disk behind a stored one; `None` for a foreign name, or one that would lead out of a folder.
pub(super) fn plain_path(names: &Names, stored: &[u8]) -> Option<Vec<u8>> {
    let plain = local_name::decode(&names.decode_bytes(&local_name::encode(stored)).ok()?);
    on_disk(Path::new(""), &plain).map(|_| plain)
}

pub(super) fn entry(plain: &[u8], stored: &[u8], plain_len: u64) -> Entry {
    let text = |path| String::from_utf8_lossy(path).into_owned();
    Entry { plain: text(plain), stored: text(stored), plain_len }
}
