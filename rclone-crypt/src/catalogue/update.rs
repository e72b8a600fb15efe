//! Bringing a catalogue up to date.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::listing::entry;
use super::progress::{self, Callback, Progress};
use super::report::{Failed, WriteReport};
use super::target::{Missing, Replace, Target};
use super::tree::{Found, open, plain_path, segments, tree};
use super::{Catalogue, copied, failed, shown};
use crate::encryptor::Encryptor;
use crate::error::{Error, ErrorKind};
use crate::lengths::encrypted_len;
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
        let target = Target::open(&self.folder).map_err(|e| failed("make", &self.folder, e))?;
        let folder = fs::canonicalize(&self.folder).map_err(|e| failed("list", &self.folder, e))?;
        let mut updating = Updating { catalogue: self, folder, target, current: BTreeMap::new() };
        for found in &source.files {
            let stored = self.stored(&found.path);
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
        for found in tree(&self.folder)?.files {
            match plain_path(self.names, &found.path) {
                None => report.foreign.push(shown(&found.path)),
                Some(_) if !updating.current.contains_key(&found.path) => {
                    report.stale.push(shown(&found.path));
                }
                Some(_) => {}
            }
        }
        Ok(report)
    }
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
