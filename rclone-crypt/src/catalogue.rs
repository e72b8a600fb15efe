//! A catalogue: a folder with the encrypted copy of a plain folder.

mod compare;
mod listing;
mod progress;
mod tree;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub use compare::{CheckReport, RestoreTestReport};
pub use listing::{Entry, Listing};
pub use progress::Progress;

use crate::decryptor::Decryptor;
use crate::encryptor::Encryptor;
use crate::error::{Error, ErrorKind};
use crate::key::Keys;
use crate::lengths::{decrypted_len, encrypted_len};
use crate::local_name;
use crate::names::Names;
use crate::nonce::Nonce;
use crate::proof::prove_content;
use listing::{entry, plain_path};
use progress::ReportingReader;
use tree::{Found, files, on_disk};

/// The suffix of a file that is being written. It is renamed once it is complete.
const PARTIAL: &str = ".partial";

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
}

/// The result of [`Catalogue::update_from`] and [`Catalogue::restore_to`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriteReport {
    /// Files written.
    pub written: usize,
    /// Files that were not written because length and modification time are the same.
    pub unchanged: usize,
    /// The plain length of the written files, in bytes.
    pub bytes: u64,
    /// Files in the catalogue whose names cannot be decoded. They are not changed.
    pub foreign: Vec<PathBuf>,
    /// Files in the catalogue whose source no longer exists. They are not deleted.
    pub stale: Vec<PathBuf>,
}

impl<'a> Catalogue<'a> {
    /// A catalogue in `folder`, which need not exist yet.
    pub fn new(keys: &'a Keys, names: &'a Names, folder: &Path) -> Self {
        Self { keys, names, folder: folder.to_owned() }
    }

    /// Returns the plain and the stored path of each file, like `rclone ls --crypt-show-mapping` (rule Y1). Files whose names cannot be
    /// decoded are omitted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`] when the catalogue cannot be read.
    pub fn mapping(&self) -> Result<Vec<Entry>, Error> {
        Ok(Listing::of(self.names, &self.folder)?.entries)
    }

    /// Returns the path in the catalogue of a file with this plain path.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for a name that cannot be encoded, [`ErrorKind::File`] for one that is not a valid file name.
    pub fn stored_path(&self, plain: &Path) -> Result<PathBuf, Error> {
        let bytes = plain.as_os_str().as_encoded_bytes();
        place(Path::new(""), &self.stored(bytes)?)
    }

    /// Encrypts the files of `source` that are new or whose length or modification time has changed. Calls `progress` meanwhile.
    ///
    /// Each encryption uses a new nonce, so every byte of a changed file changes in the catalogue.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`], [`ErrorKind::Name`], [`ErrorKind::NoRandomness`], [`ErrorKind::Stopped`]. Files written before the error
    /// remain and are complete.
    pub fn update_from(
        &self,
        source: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<WriteReport, Error> {
        let mut update = WriteReport::default();
        let mut current = BTreeSet::new();
        for found in files(source)? {
            let stored = self.stored(&found.path)?;
            let (from, to) = (place(source, &found.path)?, place(&self.folder, &stored)?);
            if is_current(&found, &to) {
                update.unchanged += 1;
            } else {
                let mut sealed = Encryptor::new(self.keys, Nonce::random()?, open(&from)?);
                write_whole(&to, &found, &mut sealed, progress)?;
                update.written += 1;
                update.bytes += found.metadata.len();
            }
            progress::file(progress, &entry(&found.path, &stored, found.metadata.len()))?;
            current.insert(stored);
        }
        for found in files(&self.folder)? {
            match plain_path(self.names, &found.path) {
                None => update.foreign.push(shown(&found.path)),
                Some(_) if !current.contains(&found.path) => update.stale.push(shown(&found.path)),
                Some(_) => {}
            }
        }
        Ok(update)
    }

    /// Decrypts all files into `target`. Calls `progress` meanwhile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`], [`ErrorKind::Stopped`], and [content errors](Error::is_content_error). Files written before the error
    /// remain and are verified.
    pub fn restore_to(
        &self,
        target: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<WriteReport, Error> {
        let mut update = WriteReport::default();
        for found in files(&self.folder)? {
            let Some(plain) = plain_path(self.names, &found.path) else {
                update.foreign.push(shown(&found.path));
                continue;
            };
            let (from, to) = (place(&self.folder, &found.path)?, place(target, &plain)?);
            let plain_len = decrypted_len(found.metadata.len())?;
            let mut opened = Decryptor::new(self.keys, open(&from)?)?.expect_len(plain_len);
            write_whole(&to, &found, &mut opened, progress)?;
            update.written += 1;
            update.bytes += plain_len;
            progress::file(progress, &entry(&plain, &found.path, plain_len))?;
        }
        Ok(update)
    }

    /// Compares one stored file with its source. Writes nothing.
    ///
    /// # Errors
    ///
    /// As [`prove_content`].
    pub fn prove(&self, stored: &Path, source: &Path) -> Result<crate::proof::Proven, Error> {
        prove_content(self.keys, open(&self.folder.join(stored))?, open(source)?)
    }

    /// The stored path on disk for a plain path.
    fn stored(&self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(local_name::decode(&self.names.encode_bytes(&local_name::encode(plain))?))
    }
}

fn place(root: &Path, path: &[u8]) -> Result<PathBuf, Error> {
    let unusable = || failed("use", &shown(path), io::ErrorKind::InvalidFilename.into());
    on_disk(root, path).ok_or_else(unusable)
}

/// Whether the stored file has the source's length and modification time, which is what rclone compares.
fn is_current(source: &Found, stored: &Path) -> bool {
    let Ok(stored) = fs::metadata(stored) else { return false };
    let same_time = matches!((stored.modified(), source.metadata.modified()), (Ok(a), Ok(b)) if a == b);
    same_time && stored.len() == encrypted_len(source.metadata.len())
}

/// Writes a file with a temporary name and the modification time of its source, and renames it once it is complete.
fn write_whole(
    to: &Path,
    source: &Found,
    content: &mut dyn io::Read,
    progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
) -> Result<(), Error> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|e| failed("make", folder, e))?;
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(PARTIAL);
    let partial = PathBuf::from(partial);
    let written = (|| {
        let mut file = File::create(&partial)?;
        io::copy(&mut ReportingReader { reader: content, progress }, &mut file)?;
        file.set_modified(source.metadata.modified()?)?;
        fs::rename(&partial, to)
    })();
    written.map_err(|e| {
        // A failure to remove the incomplete file is ignored; the first error is the one to report.
        let _ = fs::remove_file(&partial);
        match e.downcast::<Error>() {
            Ok(verdict) => verdict,
            Err(e) => failed("write", to, e),
        }
    })
}

fn open(path: &Path) -> Result<BufReader<File>, Error> {
    File::open(path).map(BufReader::new).map_err(|e| failed("read", path, e))
}

fn shown(path: &[u8]) -> PathBuf {
    on_disk(Path::new(""), path).unwrap_or_else(|| PathBuf::from(String::from_utf8_lossy(path).into_owned()))
}

fn failed(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::with_source(ErrorKind::File { action, path: path.to_owned() }, source)
}
