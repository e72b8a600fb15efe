//! Comparison of a catalogue with its source.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::listing::{entry, plain_path};
use super::progress::{self, Progress, ReportingReader};
use super::tree::files;
use super::{Catalogue, failed, open, place, shown};
use crate::error::{Error, ErrorKind};
use crate::lengths::decrypted_len;
use crate::proof::{Proven, prove_content};
use crate::step::read_full;

/// The result of [`Catalogue::check`].
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct CheckReport {
    /// Files whose content is equal to the source's.
    pub same: usize,
    /// Files that are empty in both places; they prove nothing about the keys.
    pub empty: usize,
    /// The plain length of the equal files, in bytes.
    pub bytes: u64,
    /// Files that could not be decrypted or differ from their source: plain path and error.
    pub failed: Vec<(PathBuf, Error)>,
    /// Files of the source that are not in the catalogue.
    pub missing: Vec<PathBuf>,
    /// Files of the catalogue that are not in the source, by their plain paths.
    pub extra: Vec<PathBuf>,
    /// Files in the catalogue whose names cannot be decoded.
    pub foreign: Vec<PathBuf>,
}

impl CheckReport {
    /// Whether the catalogue and the source hold the same files with the same content.
    pub fn passed(&self) -> bool {
        self.failed.is_empty() && self.missing.is_empty() && self.extra.is_empty() && self.foreign.is_empty()
    }
}

/// The result of [`Catalogue::restore_test`]. All paths are plain paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestoreTestReport {
    /// Files whose restored content is equal to the source's.
    pub same: usize,
    /// Files whose restored content differs from the source's.
    pub different: Vec<PathBuf>,
    /// Files of the source that were not restored.
    pub missing: Vec<PathBuf>,
    /// Restored files that are not in the source.
    pub extra: Vec<PathBuf>,
}

impl RestoreTestReport {
    /// Whether the restored files are those of the source, with the same content.
    pub fn passed(&self) -> bool {
        self.different.is_empty() && self.missing.is_empty() && self.extra.is_empty()
    }
}

impl Catalogue<'_> {
    /// Decrypts all files and compares them with their sources. Writes nothing; calls `progress` meanwhile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`], [`ErrorKind::Read`] and [`ErrorKind::Stopped`]. [Content errors](Error::is_content_error) are part of the
    /// result, in [`CheckReport::failed`].
    pub fn check(
        &self,
        source: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<CheckReport, Error> {
        let mut check = CheckReport::default();
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
                Err(error) if error.is_content_error() => check.failed.push((shown(&plain), error)),
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
        let mut report = |item: Progress<'_>| {
            let answer = progress(item);
            stopped = answer.is_break();
            answer
        };
        let source = ReportingReader { reader: &mut open(source)?, progress: &mut report };
        let proven = prove_content(self.keys, open(stored)?, source);
        if stopped { Err(ErrorKind::Stopped.into()) } else { proven }
    }

    /// Restores the catalogue into an empty scratch folder and compares the result with the source (rule Y3).
    ///
    /// Reports each byte to `progress` twice: when it is restored and when it is compared.
    ///
    /// # Errors
    ///
    /// As [`Catalogue::restore_to`]; [`ErrorKind::File`] when the scratch folder contains files.
    pub fn restore_test(
        &self,
        source: &Path,
        scratch: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<RestoreTestReport, Error> {
        if scratch.exists() && !files(scratch)?.is_empty() {
            let taken = io::Error::new(io::ErrorKind::AlreadyExists, "it is not empty");
            return Err(failed("restore into", scratch, taken));
        }
        self.restore_to(scratch, progress)?;
        let paths = |folder| -> Result<BTreeSet<Vec<u8>>, Error> {
            Ok(files(folder)?.into_iter().map(|found| found.path).collect())
        };
        let (expected, restored) = (paths(source)?, paths(scratch)?);
        let mut test = RestoreTestReport {
            missing: expected.difference(&restored).map(|path| shown(path)).collect(),
            extra: restored.difference(&expected).map(|path| shown(path)).collect(),
            ..RestoreTestReport::default()
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
