//! A catalogue and its source, held against each other.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::listing::{entry, plain_path};
use super::progress::{self, Progress, Told};
use super::tree::files;
use super::{Catalogue, failed, open, place, shown};
use crate::error::{Error, ErrorKind};
use crate::lengths::decrypted_len;
use crate::proof::{Proven, prove_content};
use crate::step::read_full;

/// What comparing a catalogue with its source found; the catalogue is whole when the last four lists are empty.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Check {
    /// Files whose content is the source's, byte for byte.
    pub same: usize,
    /// Files that are empty on both sides, of which nothing can be proven.
    pub empty: usize,
    /// Plain bytes of the files that are the same.
    pub bytes: u64,
    /// Files that do not open or are not their source, by their plain paths, with the verdict.
    pub failed: Vec<(PathBuf, Error)>,
    /// Files of the source that the catalogue does not hold.
    pub missing: Vec<PathBuf>,
    /// Files of the catalogue that the source does not hold, by their plain paths.
    pub extra: Vec<PathBuf>,
    /// Files in the catalogue that are no name of this remote.
    pub foreign: Vec<PathBuf>,
}

impl Check {
    /// Whether the catalogue holds the source, all of it and nothing else.
    pub fn passed(&self) -> bool {
        self.failed.is_empty() && self.missing.is_empty() && self.extra.is_empty() && self.foreign.is_empty()
    }
}

/// What a restore test found, by plain paths; the catalogue is proven when all three lists are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreTest {
    /// Files that came back byte for byte.
    pub same: usize,
    /// Files that came back with another content.
    pub different: Vec<PathBuf>,
    /// Files of the source that the catalogue does not hold.
    pub missing: Vec<PathBuf>,
    /// Files of the catalogue that the source does not hold.
    pub extra: Vec<PathBuf>,
}

impl RestoreTest {
    /// Whether the catalogue gives back the source, all of it and nothing else.
    pub fn passed(&self) -> bool {
        self.different.is_empty() && self.missing.is_empty() && self.extra.is_empty()
    }
}

impl Catalogue<'_> {
    /// Decrypts the whole catalogue and compares it with its source; writes nothing, and tells `progress` of it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`], [`ErrorKind::Read`] and [`ErrorKind::Stopped`]. Verdicts on contents are what is found.
    pub fn check(
        &self,
        source: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Check, Error> {
        let mut check = Check::default();
        let mut expected: BTreeMap<Vec<u8>, u64> =
            files(source)?.into_iter().map(|found| (found.path, found.metadata.len())).collect();
        for found in files(&self.folder)? {
            let Some(plain) = plain_path(self.names, &found.path) else {
                check.foreign.push(shown(&found.path));
                continue;
            };
            if expected.remove(&plain).is_none() {
                check.extra.push(shown(&plain));
                continue;
            }
            let (stored, origin) = (place(&self.folder, &found.path)?, place(source, &plain)?);
            match self.compared(&stored, &origin, progress) {
                Ok(Proven::SameContent { plain_len }) => {
                    check.same += 1;
                    check.bytes += plain_len;
                }
                Ok(_) => check.empty += 1,
                Err(error) if error.is_verdict() => check.failed.push((shown(&plain), error)),
                Err(error) => return Err(error),
            }
            let plain_len = decrypted_len(found.metadata.len()).unwrap_or_default();
            progress::file(progress, &entry(&plain, &found.path, plain_len))?;
        }
        check.missing = expected.into_keys().map(|path| shown(&path)).collect();
        Ok(check)
    }

    fn compared(
        &self,
        stored: &Path,
        source: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<Proven, Error> {
        let mut stopped = false;
        let mut tell = |told: Progress<'_>| {
            let answer = progress(told);
            stopped = answer.is_break();
            answer
        };
        let told = Told { reader: &mut open(source)?, progress: &mut tell };
        let proven = prove_content(self.keys, open(stored)?, told);
        if stopped { Err(ErrorKind::Stopped.into()) } else { proven }
    }

    /// Restores the catalogue into an empty scratch folder and compares the result with the source (rule Y3).
    ///
    /// Bytes are told twice, when they are restored and when they are compared.
    ///
    /// # Errors
    ///
    /// As [`Catalogue::restore_to`]; a scratch folder that holds files already is [`ErrorKind::File`].
    pub fn restore_test(
        &self,
        source: &Path,
        scratch: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<RestoreTest, Error> {
        if scratch.exists() && !files(scratch)?.is_empty() {
            let taken = io::Error::new(io::ErrorKind::AlreadyExists, "it is not empty");
            return Err(failed("restore into", scratch, taken));
        }
        self.restore_to(scratch, progress)?;
        let paths = |folder| -> Result<BTreeSet<Vec<u8>>, Error> {
            Ok(files(folder)?.into_iter().map(|found| found.path).collect())
        };
        let (expected, restored) = (paths(source)?, paths(scratch)?);
        let mut test = RestoreTest {
            missing: expected.difference(&restored).map(|path| shown(path)).collect(),
            extra: restored.difference(&expected).map(|path| shown(path)).collect(),
            ..RestoreTest::default()
        };
        for path in expected.intersection(&restored) {
            if same(&place(source, path)?, &place(scratch, path)?, progress)? {
                test.same += 1;
            } else {
                test.different.push(shown(path));
            }
        }
        Ok(test)
    }
}

fn same(
    a: &Path,
    b: &Path,
    progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
) -> Result<bool, Error> {
    let (mut one, mut other) = (open(a)?, open(b)?);
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let len = read_full(&mut one, &mut left)?;
        if read_full(&mut other, &mut right)? != len || left[..len] != right[..len] {
            return Ok(false);
        }
        if len == 0 {
            return Ok(true);
        }
        progress::bytes(progress, len)?;
    }
}
