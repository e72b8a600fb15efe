//! Bringing a catalogue up to date.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::listing::entry;
use super::progress::{self, Callback, Progress};
use super::report::{Failed, Skipped, WriteReport};
use super::target::{Missing, Replace, Target};
use super::tree::{Found, open, plain_path, segments, tree};
use super::{Catalogue, copied, failed, shown};
use crate::encryptor::Encryptor;
use crate::error::{Error, ErrorKind};
use crate::lengths::encrypted_len;
use crate::local_name;
use crate::nonce::Nonce;

impl Catalogue<'_> {
    /// Encrypts the files of `source` that are new or whose length or modification time has changed. Calls `progress` meanwhile.
    ///
    /// Each encryption uses a new nonce, so every byte of a changed file changes in the catalogue. A file that cannot be encrypted is in
    /// [`WriteReport::failed`], and the others are not held up; links, pipes and devices are in [`WriteReport::skipped`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`] when the source or the catalogue itself cannot be read, [`ErrorKind::NoRandomness`], [`ErrorKind::Stopped`].
    /// Files written before the error remain and are complete.
    pub fn update_from(
        &self,
        source: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<WriteReport, Error> {
        let source = tree(source)?;
        let mut report = WriteReport { skipped: source.skipped, ..WriteReport::default() };
        let unreadable = source.unreadable.into_iter();
        report.failed.extend(unreadable.map(|(plain, error)| Failed { stored: plain.clone(), plain, error }));
        self.update(&source.files, &|_| true, report, progress)
    }

    /// Does what [`update_from`](Self::update_from) does for some of the files: those that are wanted, by their paths as rclone has them. The
    /// report is of these alone, and not of folders that cannot be read.
    ///
    /// # Errors
    ///
    /// As [`update_from`](Self::update_from).
    pub fn update_only(
        &self,
        source: &Path,
        wanted: &dyn Fn(&[u8]) -> bool,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<WriteReport, Error> {
        self.update(&tree(source)?.files, wanted, WriteReport::default(), progress)
    }

    fn update(
        &self,
        files: &[Found],
        wanted: &dyn Fn(&[u8]) -> bool,
        mut report: WriteReport,
        progress: &mut Callback<'_>,
    ) -> Result<WriteReport, Error> {
        let target = Target::open(&self.folder).map_err(|e| failed("make", &self.folder, e))?;
        let folder = fs::canonicalize(&self.folder).map_err(|e| failed("list", &self.folder, e))?;
        let mut updating = Updating { catalogue: self, folder, target, current: BTreeMap::new() };
        for found in files {
            let stored = self.stored(&found.path);
            if !wanted(&local_name::encode_here(&found.path)) {
                updating.current.extend(stored.ok().map(|stored| (stored, shown(&found.path))));
                continue;
            }
            let done = match &stored {
                Ok(stored) => updating.one(found, stored, progress),
                Err(error) => Err(error.kind().clone().into()),
            };
            match done {
                Ok(true) => {
                    report.written += 1;
                    report.bytes += found.metadata.len();
                }
                Ok(false) => report.unchanged += 1,
                Err(error) if error.ends_all() => return Err(error),
                Err(error) => {
                    let stored = stored.map(|stored| shown(&stored)).unwrap_or_default();
                    report.failed.push(Failed { stored, plain: shown(&found.path), error });
                }
            }
        }
        (report.foreign, report.stale) = self.left_over(&updating.current)?;
        Ok(report)
    }
}

/// What [`Catalogue::update_from`] would do, as far as names, lengths and times tell. Nothing was written.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Update {
    /// Files that are new or have changed, by their plain paths.
    pub changed: Vec<PathBuf>,
    /// Files that are in the catalogue as they are in the source.
    pub unchanged: usize,
    /// The plain length of the changed files, in bytes.
    pub bytes: u64,
    /// Files and folders that would fail, such as a name that becomes too long.
    pub failed: Vec<Failed>,
    /// Links, pipes, sockets and devices, which are not encrypted.
    pub skipped: Vec<Skipped>,
    /// Files in the catalogue whose names cannot be decoded.
    pub foreign: Vec<PathBuf>,
    /// Files in the catalogue whose source no longer exists, by their stored paths.
    pub stale: Vec<PathBuf>,
}

/// The longest name of a file on the usual disks, in bytes.
const LONGEST_NAME: usize = 255;

impl Catalogue<'_> {
    /// Says what [`Catalogue::update_from`] would do, and writes nothing. The catalogue's folder need not exist.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`] when the source or the catalogue itself cannot be read.
    pub fn update_of(&self, source: &Path) -> Result<Update, Error> {
        let source = tree(source)?;
        let mut update = Update { skipped: source.skipped, ..Update::default() };
        let unreadable = source.unreadable.into_iter();
        update.failed.extend(unreadable.map(|(plain, error)| Failed { stored: plain.clone(), plain, error }));
        let folder = fs::canonicalize(&self.folder).unwrap_or_else(|_| self.folder.clone());
        let mut current: BTreeMap<Vec<u8>, PathBuf> = BTreeMap::new();
        for found in &source.files {
            let plain = shown(&found.path);
            let stored = match self.stored(&found.path).and_then(storable) {
                Ok(stored) => stored,
                Err(error) => {
                    update.failed.push(Failed { stored: PathBuf::new(), plain, error });
                    continue;
                }
            };
            if let Some(other) = current.get(&stored) {
                let error = ErrorKind::SameName { other: other.clone() }.into();
                update.failed.push(Failed { stored: shown(&stored), plain, error });
                continue;
            }
            if is_current(found, &folder.join(shown(&stored))) {
                update.unchanged += 1;
            } else {
                update.bytes += found.metadata.len();
                update.changed.push(plain.clone());
            }
            current.insert(stored, plain);
        }
        if folder.is_dir() {
            (update.foreign, update.stale) = self.left_over(&current)?;
        }
        Ok(update)
    }

    /// What the catalogue holds beside the files of the source: what is none of this remote's, and what has no source any more.
    fn left_over(&self, current: &BTreeMap<Vec<u8>, PathBuf>) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Error> {
        let (mut foreign, mut stale) = (Vec::new(), Vec::new());
        for found in self.tree()?.files {
            match plain_path(self.names, &found.path) {
                None => foreign.push(shown(&found.path)),
                Some(_) if !current.contains_key(&found.path) => stale.push(shown(&found.path)),
                Some(_) => {}
            }
        }
        Ok((foreign, stale))
    }
}

/// A stored path whose names a disk can hold.
fn storable(stored: Vec<u8>) -> Result<Vec<u8>, Error> {
    if stored.split(|byte| *byte == b'/').all(|segment| segment.len() <= LONGEST_NAME) {
        return Ok(stored);
    }
    Err(failed("write", &shown(&stored), io::ErrorKind::InvalidFilename.into()))
}

struct Updating<'u> {
    catalogue: &'u Catalogue<'u>,
    /// The catalogue's folder, in a form in which every name can be opened.
    folder: PathBuf,
    target: Target,
    /// The stored paths of this run, with the source of each.
    current: BTreeMap<Vec<u8>, PathBuf>,
}

impl Updating<'_> {
    /// Encrypts a file if it has changed; whether it has.
    fn one(&mut self, found: &Found, stored: &[u8], progress: &mut Callback<'_>) -> Result<bool, Error> {
        if let Some(other) = self.current.get(stored) {
            return Err(ErrorKind::SameName { other: other.clone() }.into());
        }
        self.current.insert(stored.to_vec(), shown(&found.path));
        let path = self.folder.join(shown(stored));
        let changed = !is_current(found, &path);
        if changed {
            self.write(found, stored, progress).map_err(|error| failed("write", &path, error))?;
        }
        progress::file(progress, &entry(&found.path, stored, found.metadata.len()))?;
        Ok(changed)
    }

    fn write(&mut self, found: &Found, stored: &[u8], progress: &mut Callback<'_>) -> io::Result<()> {
        let folders = segments(stored).ok_or(io::ErrorKind::InvalidFilename)?;
        let mut sealed = Encryptor::new(self.catalogue.keys, Nonce::random()?, open(&found.disk)?);
        let name = self.target.enter(&folders, Missing::Make)?;
        let mut written = self.target.create()?;
        match copied(&mut sealed, &mut written.file, found.metadata.modified().ok(), progress) {
            Ok(()) => self.target.keep(written, name, Replace::File).map(drop),
            Err(error) => {
                self.target.discard(written);
                Err(error)
            }
        }
    }
}

/// Whether the stored file has the source's length and modification time, which is what rclone compares.
fn is_current(source: &Found, stored: &Path) -> bool {
    let Ok(stored) = fs::symlink_metadata(stored) else { return false };
    let same_time = matches!((stored.modified(), source.metadata.modified()), (Ok(a), Ok(b)) if a == b);
    stored.is_file() && same_time && stored.len() == encrypted_len(source.metadata.len())
}
