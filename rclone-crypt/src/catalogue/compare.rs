//! Comparison of a catalogue with its source.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::listing::entry;
use super::progress::{self, Callback, Progress, ReportingReader};
use super::report::{Failed, Skipped, WriteReport};
use super::restore::{Trust, stopped};
use super::tree::{Found, Tree, open, plain_path, tree};
use super::{Catalogue, failed, shown};
use crate::error::{Error, ErrorKind};
use crate::filter::Filter;
use crate::lengths::decrypted_len;
use crate::local_name;
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
    /// Files that could not be read, could not be decrypted, differ from their source, or have the plain path of another file
    /// ([`ErrorKind::SamePath`]), and folders that could not be read: plain path and error.
    pub failed: Vec<(PathBuf, Error)>,
    /// Files of the source that are not in the catalogue.
    pub missing: Vec<PathBuf>,
    /// Files of the catalogue that are not in the source, by their plain paths.
    pub extra: Vec<PathBuf>,
    /// Files in the catalogue whose names cannot be decoded, and what is no file there.
    pub foreign: Vec<PathBuf>,
    /// Links, pipes, sockets and devices of the source, which rclone skips.
    pub skipped: Vec<Skipped>,
    /// Files that the filter excludes and that were not compared, wherever they are.
    pub left_out: usize,
}

impl CheckReport {
    /// Whether the catalogue and the source hold the same files with the same content.
    pub fn passed(&self) -> bool {
        self.failed.is_empty() && self.missing.is_empty() && self.extra.is_empty() && self.foreign.is_empty()
    }
}

/// The result of [`Catalogue::restore_test`]. All paths are plain paths.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct RestoreTestReport {
    /// Files whose restored content is equal to the source's.
    pub same: usize,
    /// Files whose restored content differs from the source's.
    pub different: Vec<PathBuf>,
    /// Files of the source that were not restored, except those in `failed` of `restored`.
    pub missing: Vec<PathBuf>,
    /// Restored files that are not in the source.
    pub extra: Vec<PathBuf>,
    /// Links, pipes, sockets and devices of the source, which rclone skips.
    pub skipped: Vec<Skipped>,
    /// What was restored, and what could not be restored or compared.
    pub restored: WriteReport,
}

impl RestoreTestReport {
    /// Whether the restored files are those of the source, with the same content.
    pub fn passed(&self) -> bool {
        self.different.is_empty()
            && self.missing.is_empty()
            && self.extra.is_empty()
            && self.restored.failed.is_empty()
    }
}

/// The files of a source by their plain paths, as on an appliance.
type Expected = BTreeMap<Vec<u8>, Found>;

impl Catalogue<'_> {
    /// Decrypts all files and compares them with their sources. Writes nothing; calls `progress` meanwhile.
    ///
    /// What `filter` excludes is not looked at, whether it is in the source, in the catalogue, or in both.
    ///
    /// A file that cannot be compared is in [`CheckReport::failed`], and the others are not held up.
    ///
    /// # Errors
    ///
    /// [`File`](crate::ErrorKind::File) when the catalogue or the source itself cannot be read, and [`Stopped`](crate::ErrorKind::Stopped).
    pub fn check(
        &self,
        source: &Path,
        filter: &Filter,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<CheckReport, Error> {
        let (source, stored) = (tree(source)?, self.tree()?);
        let mut left_out = BTreeSet::new();
        let mut check = CheckReport::default();
        let is_seen = |path: &Path| includes_below(filter, path);
        check.skipped.extend(source.skipped.into_iter().filter(|skipped| is_seen(&skipped.path)));
        check.failed.extend(source.unreadable.into_iter().filter(|(path, _)| is_seen(path)));
        check.failed.extend(stored.unreadable);
        check.foreign.extend(stored.skipped.into_iter().map(|skipped| skipped.path));
        let (mut expected, excluded) =
            by_plain_path(source.files).into_iter().partition(|(plain, _)| includes(filter, plain));
        left_out.extend(Expected::into_keys(excluded));
        // By plain path: the first file of that path, and its source.
        let mut compared: BTreeMap<Vec<u8>, (PathBuf, PathBuf)> = BTreeMap::new();
        for found in stored.files {
            let Some(plain) = plain_path(self.names, &found.path) else {
                check.foreign.push(shown(&found.path));
                continue;
            };
            if !includes(filter, &plain) {
                left_out.insert(plain);
                continue;
            }
            let first = compared.get(&plain).map(|(stored, _)| stored.clone());
            if let Some(origin) = Expected::remove(&mut expected, &plain) {
                compared.insert(plain.clone(), (shown(&found.path), origin.disk));
            }
            let Some((_, origin)) = compared.get(&plain) else {
                check.extra.push(shown(&plain));
                continue;
            };
            let proven = self.compared(&found.disk, origin, progress);
            match first.map_or(Ok(()), |other| one_of_two(&proven, other)).and(proven) {
                Ok(Proven::SameContent { plain_len }) => {
                    check.same += 1;
                    check.bytes += plain_len;
                }
                Ok(_) => check.empty += 1,
                Err(error) if error.ends_all() => return Err(error),
                Err(error) => check.failed.push((shown(&plain), error)),
            }
            let plain_len = decrypted_len(found.metadata.len()).unwrap_or_default();
            progress::file(progress, &entry(&plain, &found.path, plain_len))?;
        }
        check.missing = expected.into_keys().map(|path| shown(&path)).collect();
        check.left_out = left_out.len();
        Ok(check)
    }

    fn compared(&self, stored: &Path, source: &Path, progress: &mut Callback<'_>) -> Result<Proven, Error> {
        let source = ReportingReader { reader: &mut open(source)?, progress };
        prove_content(self.keys, open(stored)?, source).map_err(stopped)
    }

    /// Restores the catalogue into a scratch folder and compares the result with the source (rule Y3).
    ///
    /// As [`Catalogue::restore_to`], it replaces nothing and can be run again; a file that is in the scratch folder already counts only if
    /// the catalogue's content is equal to it. Reports each byte to `progress` twice: when it is restored and when it is compared.
    ///
    /// # Errors
    ///
    /// As [`Catalogue::restore_to`]; [`File`](crate::ErrorKind::File) when the scratch folder is the source or the catalogue.
    pub fn restore_test(
        &self,
        source: &Path,
        scratch: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<RestoreTestReport, Error> {
        for other in [source, &self.folder] {
            if is_same_folder(scratch, other) {
                let reason = format!("it is {} itself", other.display());
                return Err(failed("restore into", scratch, std::io::Error::other(reason)));
            }
        }
        let Tree { files, skipped, unreadable } = tree(source)?;
        let restored = self.restored(scratch, Trust::Content, progress)?;
        let mut test =
            RestoreTestReport { skipped, restored: restored.report, ..RestoreTestReport::default() };
        let unreadable = unreadable.into_iter();
        test.restored.failed.extend(unreadable.map(|(plain, error)| Failed {
            stored: PathBuf::new(),
            plain,
            error,
        }));
        let mut expected = by_plain_path(files);
        for (plain, written) in restored.files {
            let Some(origin) = expected.remove(&plain) else {
                test.extra.push(shown(&plain));
                continue;
            };
            match same(&origin.disk, &on_disk(scratch, &written)?, progress) {
                Ok(true) => test.same += 1,
                Ok(false) => test.different.push(shown(&plain)),
                Err(error) if error.ends_all() => return Err(error),
                Err(error) => {
                    let plain = shown(&plain);
                    test.restored.failed.push(Failed { stored: PathBuf::new(), plain, error });
                }
            }
        }
        let missing = expected.into_keys().map(|path| shown(&path));
        test.missing =
            missing.filter(|path| !test.restored.failed.iter().any(|f| &f.plain == path)).collect();
        Ok(test)
    }
}

/// The error of a stored file whose plain path another one has, unless it is damaged: whatever it holds, it is one too many.
fn one_of_two(proven: &Result<Proven, Error>, other: PathBuf) -> Result<(), Error> {
    match proven {
        Err(error) if !matches!(error.kind(), ErrorKind::Differs { .. }) => Ok(()),
        _ => Err(ErrorKind::SamePath { other }.into()),
    }
}

/// Whether a filter includes a file with this plain path.
fn includes(filter: &Filter, plain: &[u8]) -> bool {
    filter.includes(&String::from_utf8_lossy(&local_name::encode(plain)))
}

/// Whether a filter includes what has this path in a source, be it a folder or not.
fn includes_below(filter: &Filter, path: &Path) -> bool {
    let path = local_name::encode_here(path.as_os_str().as_encoded_bytes());
    let path = String::from_utf8_lossy(&path);
    filter.includes(&path) && filter.includes(&format!("{path}/"))
}

fn by_plain_path(files: Vec<Found>) -> Expected {
    let plain = |found: &Found| local_name::decode(&local_name::encode_here(&found.path));
    files.into_iter().map(|found| (plain(&found), found)).collect()
}

/// Where a restored file is, in a form that can be opened whatever its length and name.
fn on_disk(scratch: &Path, written: &[u8]) -> Result<PathBuf, Error> {
    let mut path = std::fs::canonicalize(scratch).map_err(|e| failed("look at", scratch, e))?;
    path.extend(written.split(|byte| *byte == b'/').map(shown));
    Ok(path)
}

fn is_same_folder(one: &Path, other: &Path) -> bool {
    matches!((std::fs::canonicalize(one), std::fs::canonicalize(other)), (Ok(a), Ok(b)) if a == b)
}

fn same(a: &Path, b: &Path, progress: &mut Callback<'_>) -> Result<bool, Error> {
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
        progress::bytes(progress, len as u64)?;
    }
}
