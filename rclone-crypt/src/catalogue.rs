//! A catalogue: a folder with the encrypted copy of a plain folder.

mod compare;
mod destination;
mod listing;
mod progress;
mod report;
mod restore;
mod target;
mod tree;
mod trial;
mod update;
mod windows_name;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub use compare::{CheckReport, RestoreTestReport};
pub use destination::{Destination, Incomplete, Partial, Present, PresentFile, PresentId};
pub use listing::{Entry, Listing};
pub use progress::Progress;
pub use report::{Failed, Renamed, Skipped, WriteReport};
pub use trial::KeyTrial;
pub use update::Update;

use crate::error::{Error, ErrorKind};
use crate::key::Keys;
use crate::local_name;
use crate::names::Names;
use crate::proof::prove_content;
use progress::ReportingReader;
use tree::{Found, Tree, open, plain_path, segments, tree};

/// A folder of encrypted files that rclone can read as a `crypt` remote. Creates and updates it from a folder of plain files, and
/// restores and checks it.
///
/// ```no_run
/// use std::ops::ControlFlow::Continue;
/// use std::path::Path;
/// use rclone_crypt::{Catalogue, Keys, Names, Password, Salt};
///
/// let keys = Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple"))?;
/// let names = Names::off();
/// let catalogue = Catalogue::new(&keys, &names, Path::new("/srv/catalogue"));
/// let update = catalogue.update_from(Path::new("/srv/documents"), &mut |_| Continue(()))?;
/// println!("{} encrypted, {} unchanged", update.written, update.unchanged);
/// let test = catalogue.restore_test(Path::new("/srv/documents"), Path::new("/srv/scratch"), &mut |_| Continue(()))?;
/// assert!(test.passed());
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug)]
pub struct Catalogue<'a> {
    keys: &'a Keys,
    names: &'a Names,
    folder: PathBuf,
    passed_over: Option<Unfinished>,
}

/// Whether a file of a catalogue is one that another program has left unfinished, by its stored path, and its plain one if it has one.
pub type Unfinished = fn(&[u8], Option<&[u8]>) -> bool;

impl<'a> Catalogue<'a> {
    /// A catalogue in `folder`, which need not exist yet.
    pub fn new(keys: &'a Keys, names: &'a Names, folder: &Path) -> Self {
        Self { keys, names, folder: folder.to_owned(), passed_over: None }
    }

    /// The same catalogue without the files that are unfinished: they are neither restored nor compared, and no report has them.
    #[must_use]
    pub fn passing_over(self, unfinished: Unfinished) -> Self {
        Self { passed_over: Some(unfinished), ..self }
    }

    /// The files in it, as far as they are readable.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`] when the catalogue itself cannot be read.
    pub fn listing(&self) -> Result<Listing, Error> {
        Ok(Listing::of_tree(self.names, self.tree()?))
    }

    fn tree(&self) -> Result<Tree, Error> {
        let mut tree = tree(&self.folder)?;
        if let Some(unfinished) = self.passed_over {
            let is_unfinished = |found: &Found| {
                let plain = plain_path(self.names, &found.path);
                unfinished(&found.path, plain.as_deref())
            };
            tree.files.retain(|found| !is_unfinished(found));
        }
        Ok(tree)
    }

    /// Returns the plain and the stored path of each file, like `rclone ls --crypt-show-mapping` (rule Y1). Files whose names cannot be
    /// decoded are omitted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`] when the catalogue cannot be read.
    pub fn mapping(&self) -> Result<Vec<Entry>, Error> {
        Ok(self.listing()?.entries)
    }

    /// Returns the path in the catalogue of a file with this plain path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for a name that cannot be encoded, [`ErrorKind::File`] for one that is not a valid file name.
    pub fn stored_path(&self, plain: &Path) -> Result<PathBuf, Error> {
        let bytes = plain.as_os_str().as_encoded_bytes();
        let with_slashes: Vec<u8>;
        let bytes = if cfg!(windows) {
            with_slashes = bytes.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
            &with_slashes
        } else {
            bytes
        };
        let stored = self.stored(bytes)?;
        match segments(&stored) {
            Some(_) => Ok(shown(&stored)),
            None => Err(failed("use", &shown(&stored), io::ErrorKind::InvalidFilename.into())),
        }
    }

    /// Compares one stored file with its source. Writes nothing.
    ///
    /// # Errors
    ///
    /// As [`prove_content`].
    pub fn prove(&self, stored: &Path, source: &Path) -> Result<crate::proof::Proven, Error> {
        let source_file = File::open(source).map_err(|e| failed("read", source, e))?;
        prove_content(self.keys, open(&self.folder.join(stored))?, BufReader::new(source_file))
    }

    /// The stored path on a disk of this system, for a plain path on one.
    fn stored(&self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(local_name::decode_here(&self.names.encode_bytes(&local_name::encode_here(plain))?))
    }
}

/// Copies a file's content, and sets its modification time.
fn copied(
    content: &mut dyn Read,
    to: &mut File,
    modified: Option<SystemTime>,
    progress: &mut progress::Callback<'_>,
) -> io::Result<()> {
    io::copy(&mut ReportingReader { reader: content, progress }, to)?;
    if let Some(modified) = modified {
        // A time that this disk cannot hold is no reason to lose the file.
        let _ = to.set_modified(modified);
    }
    Ok(())
}

/// A path for people and for reports.
fn shown(path: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        std::ffi::OsString::from_vec(path.to_vec()).into()
    }
    #[cfg(not(unix))]
    String::from_utf8_lossy(path).into_owned().into()
}

/// An error of the system, or the one of this crate that it carries.
fn failed(action: &'static str, path: &Path, source: io::Error) -> Error {
    match source.downcast::<Error>() {
        Ok(error) => error,
        Err(source) => Error::with_source(ErrorKind::File { action, path: path.to_owned() }, source),
    }
}
