//! Writing by paths, each folder checked before it is used.

use std::fs::{self, File};
use std::io;
use std::os::windows::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::super::tree::what;
use super::super::windows_name::folded;
use super::{
    Existing, Half, Missing, Replace, Temporary, claim, claim_alone, in_the_way, is_abandoned, mark_of,
    marked_name, temporary_name,
};

/// The path in one case: Windows' disks do not tell names apart by it.
pub(in super::super) type Id = String;

/// A file that is being written.
pub(in super::super) type Unfinished = Temporary<PathBuf>;

/// See [`super`].
pub(in super::super) struct Target {
    /// In verbatim form on Windows, so that paths may be long and names reserved.
    root: PathBuf,
    folder: PathBuf,
}

impl Target {
    /// Opens the folder, and makes it if it is not there.
    pub(in super::super) fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root)?;
        let root = fs::canonicalize(root)?;
        Ok(Self { folder: root.clone(), root })
    }

    /// The same folder, by itself.
    #[expect(clippy::unnecessary_wraps, reason = "elsewhere it takes a further handle of the folder")]
    pub(in super::super) fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { root: self.root.clone(), folder: self.root.clone() })
    }

    /// Removes incomplete files of the entered folder that nobody is writing, but for those with a mark that is kept. A journal without
    /// its file goes.
    pub(in super::super) fn remove_unfinished(&self, is_kept: &dyn Fn(u64) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let Some((mark, half)) = mark_of(entry.file_name().as_encoded_bytes()) else { continue };
            let content = self.folder.join(marked_name(mark, Half::Content));
            if is_kept(mark) && (half == Half::Content || fs::symlink_metadata(content).is_ok()) {
                continue;
            }
            let is_file = entry.file_type().is_ok_and(|found| found.is_file());
            let Some(file) = is_file.then(|| File::open(entry.path()).ok()).flatten() else { continue };
            if is_abandoned(&file) {
                drop(file);
                fs::remove_file(entry.path())?;
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
        let mut folder = self.root.clone();
        for segment in folders {
            folder.push(text(segment)?);
            if missing == Missing::Make {
                match fs::create_dir(&folder) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                    _ => {}
                }
            }
            let metadata = fs::symlink_metadata(&folder)?;
            if !metadata.is_dir() {
                return Err(in_the_way(what(&metadata)));
            }
        }
        self.folder = folder;
        Ok(name)
    }

    /// What stands under a name in the entered folder.
    pub(in super::super) fn existing(&self, name: &[u8]) -> io::Result<Option<Existing>> {
        let path = self.folder.join(text(name)?);
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
            Ok(metadata) if metadata.is_file() => {
                Ok(Some(Existing { file: Some(File::open(&path)?), id: Some(id(&path)), what: "a file" }))
            }
            Ok(metadata) => Ok(Some(Existing { file: None, id: None, what: what(&metadata) })),
        }
    }

    /// Begins a file in the entered folder.
    pub(in super::super) fn create(&self) -> io::Result<Temporary<PathBuf>> {
        loop {
            let name = self.folder.join(temporary_name()?);
            match File::options().write(true).create_new(true).open(&name) {
                Ok(file) => {
                    claim(&file);
                    return Ok(Temporary { file, name });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens one of the two files with this mark in the entered folder, or begins it.
    pub(in super::super) fn go_on(&self, mark: u64, half: Half) -> io::Result<Temporary<PathBuf>> {
        let name = self.folder.join(marked_name(mark, half));
        match fs::symlink_metadata(&name) {
            Ok(found) if !found.is_file() => return Err(in_the_way(what(&found))),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = match half {
            Half::Content => {
                File::options().read(true).write(true).create(true).truncate(false).open(&name)?
            }
            Half::Journal => File::options().read(true).append(true).create(true).open(&name)?,
        };
        claim_alone(&file)?;
        Ok(Temporary { file, name })
    }

    /// Gives a complete file its name.
    pub(in super::super) fn keep(
        &self,
        written: Temporary<PathBuf>,
        name: &[u8],
        replace: Replace,
    ) -> io::Result<Id> {
        let Temporary { file, name: from } = written;
        // Windows refuses to rename what is open.
        drop(file);
        let to = self.folder.join(text(name)?);
        match rename(&from, &to, replace) {
            Ok(()) => Ok(id(&to)),
            Err(error) => {
                let _ = fs::remove_file(&from);
                Err(error)
            }
        }
    }

    /// Removes an incomplete file. A failure to do so is ignored; the first error is the one to report.
    pub(in super::super) fn discard(&self, written: Temporary<PathBuf>) {
        drop(written.file);
        let _ = fs::remove_file(&written.name);
    }
}

fn rename(from: &Path, to: &Path, replace: Replace) -> io::Result<()> {
    // A new link to the file is refused where the name is taken; a renaming would replace.
    if replace == Replace::Never && fs::hard_link(from, to).is_ok() {
        return fs::remove_file(from);
    }
    match fs::symlink_metadata(to) {
        Ok(metadata) if replace == Replace::Never || !metadata.is_file() => Err(in_the_way(what(&metadata))),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(from, to),
    }
}

/// Writes all of it at this position.
pub(in super::super) fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, at)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

/// Fills it from this position on.
pub(in super::super) fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = file.seek_read(bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, at) = (&mut bytes[read..], at + read as u64);
    }
    Ok(())
}

fn text(segment: &[u8]) -> io::Result<&str> {
    str::from_utf8(segment).map_err(|_| io::ErrorKind::InvalidFilename.into())
}

fn id(path: &Path) -> Id {
    folded(&path.to_string_lossy())
}
