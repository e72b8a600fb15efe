//! Restoring a catalogue.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use super::listing::entry;
use super::progress::{self, Callback, Progress};
use super::report::{Failed, Renamed, WriteReport};
use super::target::{Existing, Id, Missing, Replace, Target};
use super::tree::{Found, Tree, open, plain_path, segments};
use super::{Catalogue, Destination, ReportingReader, copied, failed, shown};
use crate::decryptor::Decryptor;
use crate::error::{Error, ErrorKind};
use crate::lengths::{BLOCK_DATA_LEN, decrypted_len};
use crate::proof::{KEY_PROOF_RANGE, Proven, prove_content, prove_keys};

/// When a file that is there already counts as restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// By its length and modification time, as in rclone; where the time differs, by its content.
    LengthAndTime,
    /// Only by its content.
    Content,
}

/// A file of the catalogue.
struct Member {
    found: Found,
    /// The plain path, as on the appliance.
    plain: Vec<u8>,
    /// The path below the target.
    written: Vec<u8>,
}

/// What happened to a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Written,
    Unchanged,
}

/// What came of restoring: the report, and the restored files by their plain paths with their paths below the target.
pub(super) struct Restored {
    pub(super) report: WriteReport,
    pub(super) files: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Catalogue<'_> {
    /// Decrypts all files into `target`, a folder that is made if it is not there. Calls `progress` meanwhile.
    ///
    /// Nothing that is in `target` is replaced, and no link in it is followed; each file appears under its name when it is complete and
    /// verified, readable by its owner only. A file that cannot be restored is in [`WriteReport::failed`], and the others are not held up
    /// (rule X8). When it is run again, it goes on: files with the right length and modification time are left as they are.
    ///
    /// Names are those that rclone would write. On Windows, names that it cannot hold are changed and listed in [`WriteReport::renamed`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongKeys`] when nothing opens; [`ErrorKind::File`] when the catalogue or the target itself cannot be used, or the target lies in the catalogue;
    /// [`ErrorKind::Stopped`]. Files written before the error remain and are verified.
    pub fn restore_to(
        &self,
        target: &Path,
        progress: &mut dyn FnMut(Progress<'_>) -> ControlFlow<()>,
    ) -> Result<WriteReport, Error> {
        Ok(self.restored(target, Trust::LengthAndTime, progress)?.report)
    }

    pub(super) fn restored(
        &self,
        target: &Path,
        trust: Trust,
        progress: &mut Callback<'_>,
    ) -> Result<Restored, Error> {
        let stored = self.tree()?;
        if is_within(target, &self.folder) {
            // Plain files among the encrypted ones would be damaged objects to whoever restores next.
            let reason = format!("it lies in the encrypted folder {}", self.folder.display());
            return Err(failed("restore into", target, std::io::Error::other(reason)));
        }
        let open = Target::open(target).map_err(|e| failed("make", target, e))?;
        self.restored_into(open, target, stored, trust, progress)
    }

    pub(super) fn restored_into(
        &self,
        target: Target,
        root: &Path,
        stored: Tree,
        trust: Trust,
        progress: &mut Callback<'_>,
    ) -> Result<Restored, Error> {
        let mut report = WriteReport { skipped: stored.skipped, ..WriteReport::default() };
        let unreadable = stored.unreadable.into_iter();
        report.failed.extend(unreadable.map(|(stored, error)| Failed {
            plain: stored.clone(),
            stored,
            error,
        }));
        let members = self.members(stored.files, &mut report);
        let mut restoring = Restoring {
            catalogue: self,
            target,
            root,
            trust,
            members: &members,
            shared: shared_paths(&members),
            claimed: HashMap::new(),
            opened: false,
        };
        let mut files = BTreeMap::new();
        for (number, member) in members.iter().enumerate() {
            match restoring.one(number, progress) {
                Ok(done) => {
                    let plain_len = decrypted_len(member.found.metadata.len()).unwrap_or_default();
                    report.restored(member, done, plain_len);
                    files.insert(member.plain.clone(), member.written.clone());
                    progress::file(progress, &entry(&member.plain, &member.found.path, plain_len))?;
                }
                Err(error) if error.ends_all() => return Err(error),
                Err(error) => {
                    let (stored, plain) = (shown(&member.found.path), shown(&member.plain));
                    report.failed.push(Failed { stored, plain, error });
                }
            }
        }
        Ok(Restored { report, files })
    }

    /// The files with a plain path, and where each is written.
    fn members(&self, files: Vec<Found>, report: &mut WriteReport) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        for found in files {
            match plain_path(self.names, &found.path) {
                Some(plain) => members.push(Member { found, plain, written: Vec::new() }),
                None => report.foreign.push(shown(&found.path)),
            }
        }
        let plain: Vec<&[u8]> = members.iter().map(|member| &member.plain[..]).collect();
        let written = Destination::safe_paths(&plain);
        for (member, written) in members.iter_mut().zip(written) {
            member.written = written;
        }
        members
    }
}

/// Whether a path, which need not exist yet, is a folder or lies in it.
fn is_within(path: &Path, folder: &Path) -> bool {
    let Ok(folder) = std::fs::canonicalize(folder) else { return false };
    let Ok(path) = std::path::absolute(path) else { return false };
    path.ancestors()
        .find_map(|above| std::fs::canonicalize(above).ok())
        .is_some_and(|nearest| nearest.starts_with(folder))
}

fn shared_paths(members: &[Member]) -> HashSet<&[u8]> {
    let mut seen = HashSet::new();
    members.iter().map(|member| &member.plain[..]).filter(|plain| !seen.insert(*plain)).collect()
}

impl WriteReport {
    fn restored(&mut self, member: &Member, done: Done, plain_len: u64) {
        match done {
            Done::Written => {
                self.written += 1;
                self.bytes += plain_len;
            }
            Done::Unchanged => self.unchanged += 1,
        }
        if member.written != member.plain {
            self.renamed.push(Renamed { plain: shown(&member.plain), written: shown(&member.written) });
        }
    }
}

struct Restoring<'r> {
    catalogue: &'r Catalogue<'r>,
    target: Target,
    root: &'r Path,
    trust: Trust,
    members: &'r [Member],
    /// The plain paths that several members have: what is there may have come from another one.
    shared: HashSet<&'r [u8]>,
    /// The files on disk that this run has written or found restored, with the number of their member.
    claimed: HashMap<Id, usize>,
    /// Whether a block was authenticated with these keys.
    opened: bool,
}

impl Restoring<'_> {
    fn one(&mut self, number: usize, progress: &mut Callback<'_>) -> Result<Done, Error> {
        let member = &self.members[number];
        let plain_len = self.plain_len(member)?;
        let path = self.root.join(shown(&member.written));
        let unusable = |e| failed("write", &path, e);
        let segments =
            segments(&member.written).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        let existing = match self.target.enter(&segments, Missing::Report) {
            Ok(name) => self.target.existing(name).map_err(unusable)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unusable(error)),
        };
        let (id, done) = if let Some(existing) = existing {
            (self.already_there(member, existing, plain_len, progress)?, Done::Unchanged)
        } else {
            let mut plain = self.decrypted(member, plain_len, progress)?;
            let name = self.target.enter(&segments, Missing::Make).map_err(unusable)?;
            let mut written = self.target.create().map_err(unusable)?;
            let modified = member.found.metadata.modified().ok();
            if let Err(error) = copied(&mut plain, &mut written.file, modified, progress) {
                self.target.discard(written);
                return Err(unusable(error));
            }
            (Some(self.target.keep(written, name, Replace::Never).map_err(unusable)?), Done::Written)
        };
        if let Some(id) = id {
            self.claimed.insert(id, number);
        }
        Ok(done)
    }

    /// The plain length by the stored one. What is not encrypted at all is told as that, not as an impossible length.
    fn plain_len(&self, member: &Member) -> Result<u64, Error> {
        let len = decrypted_len(member.found.metadata.len());
        if matches!(&len, Err(error) if !matches!(error.kind(), ErrorKind::TooShort { .. })) {
            Decryptor::new(self.catalogue.keys, open(&member.found.disk)?)?;
        }
        len
    }

    /// The content of a file, its first block verified. Tells wrong keys from a damaged file.
    fn decrypted(
        &mut self,
        member: &Member,
        plain_len: u64,
        progress: &mut Callback<'_>,
    ) -> Result<BufReader<Decryptor<BufReader<File>>>, Error> {
        let opened = Decryptor::new(self.catalogue.keys, open(&member.found.disk)?)?.expect_len(plain_len);
        let mut plain = BufReader::with_capacity(BLOCK_DATA_LEN, opened);
        match plain.fill_buf() {
            Ok(block) => self.opened |= !block.is_empty(),
            Err(error) => {
                let error = failed("read", &member.found.disk, error);
                if !self.opened && error.kind() == &(ErrorKind::FailedBlock { block: 0 }) {
                    self.refuse_wrong_keys(progress)?;
                }
                return Err(error);
            }
        }
        Ok(plain)
    }

    /// An error if no file opens with these keys.
    fn refuse_wrong_keys(&mut self, progress: &mut Callback<'_>) -> Result<(), Error> {
        let mut tried = 0;
        let mut first = None;
        for member in self.members {
            progress::bytes(progress, 0)?;
            match self.keys_open(member) {
                Ok(Proven::Keys { .. }) => {
                    self.opened = true;
                    return Ok(());
                }
                Err(error) if matches!(error.kind(), ErrorKind::FailedBlock { .. }) => {
                    tried += 1;
                    first.get_or_insert_with(|| shown(&member.found.path));
                }
                _ => {}
            }
        }
        Err(ErrorKind::WrongKeys { tried, first: first.unwrap_or_default() }.into())
    }

    fn keys_open(&self, member: &Member) -> Result<Proven, Error> {
        let mut beginning = Vec::new();
        let reader = open(&member.found.disk)?;
        io::Read::read_to_end(&mut io::Read::take(reader, KEY_PROOF_RANGE.end), &mut beginning)
            .map_err(|e| failed("read", &member.found.disk, e))?;
        prove_keys(self.catalogue.keys, &beginning)
    }

    /// Whether what is there is this file, restored before.
    fn already_there(
        &self,
        member: &Member,
        existing: Existing,
        plain_len: u64,
        progress: &mut Callback<'_>,
    ) -> Result<Option<Id>, Error> {
        let Existing { file: Some(mut file), id, what } = existing else {
            return Err(ErrorKind::Occupied { what: existing.what }.into());
        };
        if let Some(other) = id.as_ref().and_then(|id| self.claimed.get(id)) {
            let Member { found, plain, .. } = &self.members[*other];
            let other = shown(&found.path);
            let is_same_path = *plain == member.plain;
            return Err(if is_same_path {
                ErrorKind::SamePath { other }
            } else {
                ErrorKind::SameName { other }
            }
            .into());
        }
        let metadata =
            file.metadata().map_err(|e| failed("look at", &self.root.join(shown(&member.written)), e))?;
        if metadata.len() != plain_len {
            return Err(ErrorKind::Occupied { what }.into());
        }
        let same_time =
            matches!((metadata.modified(), member.found.metadata.modified()), (Ok(a), Ok(b)) if a == b);
        let is_shared = self.shared.contains(&member.plain[..]);
        if same_time && self.trust == Trust::LengthAndTime && !is_shared {
            progress::bytes(progress, plain_len)?;
            return Ok(id);
        }
        let source = ReportingReader { reader: &mut file, progress };
        match prove_content(self.catalogue.keys, open(&member.found.disk)?, source) {
            Ok(_) => Ok(id),
            Err(error) => match error.kind() {
                ErrorKind::Differs { .. } => Err(ErrorKind::Occupied { what }.into()),
                _ => Err(stopped(error)),
            },
        }
    }
}

/// The request to stop, if a reader carries it; else the error.
pub(super) fn stopped(error: Error) -> Error {
    let beneath = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<io::Error>());
    let carried = beneath.and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<Error>());
    match carried.map(Error::kind) {
        Some(ErrorKind::Stopped) => ErrorKind::Stopped.into(),
        _ => error,
    }
}

#[cfg(test)]
mod tests;
