//! A folder of encrypted files, kept beside a plain one: made, shown, opened again and compared.

mod compare;
mod listing;
mod progress;
mod tree;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

pub use compare::{Check, RestoreTest};
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
use progress::Told;
use tree::{Found, files, on_disk};

/// What a file is called while it is being written; it gets its name once it is whole.
const PARTIAL: &str = ".partial";

/// Turns a tree of plain files into a catalogue of encrypted ones, which `rclone` reads as a `crypt` remote, and back.
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
/// println!("{} encrypted, {} as they were", update.written, update.unchanged);
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

/// What bringing a catalogue up to date, or opening it, did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// Files written.
    pub written: usize,
    /// Files left as they were, of the same length and modification time.
    pub unchanged: usize,
    /// Plain bytes of the written files.
    pub bytes: u64,
    /// Files in the catalogue that are no name of this remote: left alone.
    pub foreign: Vec<PathBuf>,
    /// Files in the catalogue without a source any more: reported, never deleted.
    pub stale: Vec<PathBuf>,
}

impl<'a> Catalogue<'a> {
    /// The catalogue in `folder`, which need not exist yet.
    pub fn new(keys: &'a Keys, names: &'a Names, folder: &Path) -> Self {
        Self { keys, names, folder: folder.to_owned() }
    }

    /// Which stored path stands for which plain one, as `rclone ls --crypt-show-mapping` shows it (rule Y1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`] when the catalogue cannot be read. Files with foreign names are left out.
    pub fn mapping(&self) -> Result<Vec<Entry>, Error> {
        Ok(Listing::of(self.names, &self.folder)?.entries)
    }

    /// Where a file with this plain path lies, relative to the catalogue.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`] for a name that cannot be encoded, [`ErrorKind::File`] for one that no file has.
    pub fn stored_path(&self, plain: &Path) -> Result<PathBuf, Error> {
        let bytes = plain.as_os_str().as_encoded_bytes();
        place(Path::new(""), &self.stored(bytes)?)
    }

    /// Encrypts what is new or changed in `source`, by length and modification time, and tells `progress` of it.
    ///
    /// A file gets a new nonce each time it is encrypted, so that all its bytes change.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`], [`ErrorKind::Name`], [`ErrorKind::NoRandomness`], [`ErrorKind::Stopped`]. Files written so far
    /// stay, each of them whole.
    pub fn update_from(
        &self,
        source: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Update, Error> {
        let mut update = Update::default();
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

    /// Decrypts the whole catalogue into `target`, and tells `progress` of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`], [`ErrorKind::Stopped`], and the verdicts on contents. Files written so far stay, each of them
    /// verified to its end.
    pub fn restore_to(
        &self,
        target: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Update, Error> {
        let mut update = Update::default();
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

    /// Compares one stored file with its source without writing anything.
    ///
    /// # Errors
    ///
    /// As [`prove_content`].
    pub fn prove(&self, stored: &Path, source: &Path) -> Result<crate::proof::Proven, Error> {
        prove_content(self.keys, open(&self.folder.join(stored))?, open(source)?)
    }

    /// The stored path on disk of a plain one.
    fn stored(&self, plain: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(local_name::decode(&self.names.encode_bytes(&local_name::encode(plain))?))
    }
}

fn place(root: &Path, path: &[u8]) -> Result<PathBuf, Error> {
    let unusable = || failed("use", &shown(path), io::ErrorKind::InvalidFilename.into());
    on_disk(root, path).ok_or_else(unusable)
}

/// Whether the stored file is the source's by length and modification time, as rclone decides.
fn is_current(source: &Found, stored: &Path) -> bool {
    let Ok(stored) = fs::metadata(stored) else { return false };
    let same_time = matches!((stored.modified(), source.metadata.modified()), (Ok(a), Ok(b)) if a == b);
    same_time && stored.len() == encrypted_len(source.metadata.len())
}

/// Writes a file under another name, with its source's time, and renames it once it is whole.
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
        io::copy(&mut Told { reader: content, progress }, &mut file)?;
        file.set_modified(source.metadata.modified()?)?;
        fs::rename(&partial, to)
    })();
    written.map_err(|e| {
        // What is left of it would only be in the way; the error that matters is the first.
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
