//! Writing relative to open folders.

use std::ffi::OsString;
use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, linkat, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;

use super::{
    Existing, Half, Missing, Replace, Temporary, claim, claim_alone, in_the_way, is_abandoned, mark_of,
    marked_name, temporary_name,
};

const OPEN_FOLDER: OFlags =
    OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::RDONLY).union(OFlags::CLOEXEC);
const OPEN_FILE: OFlags =
    OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::RDONLY).union(OFlags::CLOEXEC);
const CREATE_FILE: OFlags =
    OFlags::CREATE.union(OFlags::EXCL).union(OFlags::NOFOLLOW).union(OFlags::WRONLY).union(OFlags::CLOEXEC);

const OPEN_TO_GO_ON: OFlags =
    OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::RDWR).union(OFlags::APPEND).union(OFlags::CLOEXEC);

/// Device and inode: the same file on a disk that does not tell names apart by case or by Unicode form.
pub(in super::super) type Id = (u64, u64);

/// A file that is being written.
pub(in super::super) type Unfinished = Temporary<OsString>;

/// See [`super`].
pub(in super::super) struct Target {
    root: OwnedFd,
    /// The folder that was entered last.
    current: Option<(Vec<u8>, OwnedFd)>,
    /// Stands in for a disk that does not tell names apart by case.
    #[cfg(test)]
    pub(in super::super) case_blind: bool,
}

impl Target {
    /// Opens the folder, and makes it if it is not there. A link given as the folder itself is followed: somebody named it.
    pub(in super::super) fn open(root: &Path) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(root)?;
        let root = File::open(root)?.into();
        Ok(Self {
            root,
            current: None,
            #[cfg(test)]
            case_blind: false,
        })
    }

    /// The same folder, by itself.
    pub(in super::super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            root: self.root.try_clone()?,
            current: None,
            #[cfg(test)]
            case_blind: self.case_blind,
        })
    }

    /// Removes incomplete files of the entered folder that nobody is writing, but for those with a mark that is kept. A journal without
    /// its file goes.
    pub(in super::super) fn remove_unfinished(&self, is_kept: &dyn Fn(u64) -> bool) -> io::Result<()> {
        for entry in Dir::read_from(self.folder())? {
            let entry = entry?;
            let name = entry.file_name();
            let Some((mark, half)) = mark_of(name.to_bytes()) else { continue };
            if is_kept(mark) && (half == Half::Content || self.is_there(&marked_name(mark, Half::Content))) {
                continue;
            }
            let Ok(file) = openat(self.folder(), name, OPEN_FILE, Mode::empty()) else { continue };
            let file: File = file.into();
            if file.metadata().is_ok_and(|found| found.is_file()) && is_abandoned(&file) {
                unlinkat(self.folder(), name, AtFlags::empty())?;
            }
        }
        Ok(())
    }

    /// Enters the folder of a path. Returns the path's last segment.
    pub(in super::super) fn enter<'p>(
        &mut self,
        segments: &[&'p [u8]],
        missing: Missing,
    ) -> io::Result<&'p [u8]> {
        let Some((name, folders)) = segments.split_last() else {
            return Err(io::ErrorKind::InvalidFilename.into());
        };
        let path = folders.join(&b'/');
        if self.current.as_ref().is_some_and(|(current, _)| *current == path) {
            return Ok(name);
        }
        let mut folder = self.root.try_clone()?;
        for segment in folders {
            let segment = self.on_disk(segment);
            folder = enter_one(&folder, &segment, missing)?;
        }
        self.current = Some((path, folder));
        Ok(name)
    }

    /// What stands under a name in the entered folder.
    pub(in super::super) fn existing(&self, name: &[u8]) -> io::Result<Option<Existing>> {
        let name = self.on_disk(name);
        let status = match statat(self.folder(), &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(status) => status,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let what = match FileType::from_raw_mode(status.st_mode) {
            FileType::RegularFile => {
                let file: File = openat(self.folder(), &name, OPEN_FILE, Mode::empty())?.into();
                let id = Some(id(&file)?);
                return Ok(Some(Existing { file: Some(file), id, what: "a file" }));
            }
            FileType::Directory => "a folder",
            FileType::Symlink => "a symbolic link",
            FileType::Fifo => "a named pipe",
            FileType::Socket => "a socket",
            _ => "a device",
        };
        Ok(Some(Existing { file: None, id: None, what }))
    }

    /// Begins a file in the entered folder.
    pub(in super::super) fn create(&self) -> io::Result<Temporary<OsString>> {
        loop {
            let name = OsString::from(temporary_name()?);
            match openat(self.folder(), &name, CREATE_FILE, Mode::from_raw_mode(0o600)) {
                Ok(file) => {
                    let file: File = file.into();
                    claim(&file);
                    return Ok(Temporary { file, name });
                }
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Opens one of the two files with this mark in the entered folder, or begins it.
    pub(in super::super) fn go_on(&self, mark: u64, half: Half) -> io::Result<Temporary<OsString>> {
        let name = OsString::from(marked_name(mark, half));
        let mut flags = OPEN_TO_GO_ON;
        if half == Half::Content {
            // Linux writes at the end of what is open for appending, whatever position is given.
            flags.remove(OFlags::APPEND);
        }
        loop {
            let new = flags | OFlags::CREATE | OFlags::EXCL;
            let file: File = match openat(self.folder(), &name, new, Mode::from_raw_mode(0o600)) {
                Ok(file) => file.into(),
                Err(Errno::EXIST) => openat(self.folder(), &name, flags, Mode::empty())?.into(),
                Err(error) => return Err(error.into()),
            };
            let metadata = file.metadata()?;
            if !metadata.is_file() {
                return Err(in_the_way("something that is no file"));
            }
            claim_alone(&file)?;
            if metadata.nlink() == 1 {
                return Ok(Temporary { file, name });
            }
            // What is written to it would change a file of another name too.
            unlinkat(self.folder(), &name, AtFlags::empty())?;
        }
    }

    fn is_there(&self, name: &str) -> bool {
        statat(self.folder(), name, AtFlags::SYMLINK_NOFOLLOW).is_ok()
    }

    /// Gives a complete file its name.
    pub(in super::super) fn keep(
        &self,
        written: Temporary<OsString>,
        name: &[u8],
        replace: Replace,
    ) -> io::Result<Id> {
        let id = id(&written.file)?;
        let name = self.on_disk(name);
        let kept = match replace {
            Replace::Never => self.rename_new(&written.name, &name),
            Replace::File => self.rename_over_file(&written.name, &name),
        };
        match kept {
            Ok(()) => Ok(id),
            Err(error) => {
                self.discard(written);
                Err(if error == Errno::EXIST { in_the_way("something") } else { error.into() })
            }
        }
    }

    /// Removes an incomplete file. A failure to do so is ignored; the first error is the one to report.
    pub(in super::super) fn discard(&self, written: Temporary<OsString>) {
        let Temporary { file, name } = written;
        drop(file);
        let _ = unlinkat(self.folder(), name, AtFlags::empty());
    }

    fn rename_new(&self, from: &OsString, to: &OsString) -> Result<(), Errno> {
        let folder = self.folder();
        #[cfg(any(target_os = "linux", target_vendor = "apple"))]
        match rustix::fs::renameat_with(folder, from, folder, to, rustix::fs::RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
            done => return done,
        }
        match linkat(folder, from, folder, to, AtFlags::empty()) {
            Ok(()) => unlinkat(folder, from, AtFlags::empty()),
            Err(Errno::PERM | Errno::NOSYS | Errno::OPNOTSUPP) => {
                match statat(folder, to, AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(_) => Err(Errno::EXIST),
                    Err(Errno::NOENT) => renameat(folder, from, folder, to),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn rename_over_file(&self, from: &OsString, to: &OsString) -> Result<(), Errno> {
        let folder = self.folder();
        match statat(folder, to, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(status) if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile => {
                Err(Errno::EXIST)
            }
            Ok(_) | Err(Errno::NOENT) => renameat(folder, from, folder, to),
            Err(error) => Err(error),
        }
    }

    fn folder(&self) -> &OwnedFd {
        self.current.as_ref().map_or(&self.root, |(_, folder)| folder)
    }

    #[cfg_attr(not(test), expect(clippy::unused_self, reason = "tests stand in for another disk"))]
    fn on_disk(&self, segment: &[u8]) -> OsString {
        #[cfg(test)]
        if self.case_blind {
            return OsString::from_vec(segment.to_ascii_lowercase());
        }
        OsString::from_vec(segment.to_vec())
    }
}

/// Opens a folder in a folder.
fn enter_one(folder: &OwnedFd, name: &OsString, missing: Missing) -> io::Result<OwnedFd> {
    if missing == Missing::Make {
        match mkdirat(folder, name, Mode::from_raw_mode(0o700)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    openat(folder, name, OPEN_FOLDER, Mode::empty()).map_err(|error| match error {
        Errno::NOTDIR | Errno::LOOP | Errno::MLINK => {
            in_the_way(&format!("{}, which is no folder,", name.display()))
        }
        error => error.into(),
    })
}

/// Writes all of it at this position.
pub(in super::super) fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    file.write_all_at(bytes, at)
}

/// Fills it from this position on.
pub(in super::super) fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    file.read_exact_at(bytes, at)
}

fn id(file: &File) -> io::Result<Id> {
    let metadata = file.metadata()?;
    Ok((metadata.dev(), metadata.ino()))
}
