//! Writes files: whole or not at all, for nobody but their owner, and never over what is of another kind.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::error::{FileError, FileErrorKind};
use super::read::{self, Limit};
use super::text::decode;

/// A kind of file that the program writes, and may write again.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// As it is named in errors, such as `a saved plan`.
    pub name: &'static str,
    /// Whether a text is of this kind: the whole text for [`Replacement`], its first line for [`Appended`].
    pub is: fn(&str) -> bool,
}

/// A place where a file is to be written that may replace one of its own kind.
#[derive(Debug)]
pub struct Replacement {
    path: PathBuf,
    kind: Kind,
    limit: Limit,
}

impl Replacement {
    /// Looks at the place, and writes nothing: a program asks this before it does anything else. An empty file is of every
    /// kind.
    ///
    /// # Errors
    /// A link, a folder, a file of another kind, and a folder that is not there.
    pub fn at(path: &Path, kind: Kind, limit: Limit) -> Result<Self, FileError> {
        let place = Self { path: path.to_owned(), kind, limit };
        place.stands()?;
        fs::metadata(folder(path)).map_err(io(path, "cannot be written, since its folder is not there"))?;
        Ok(place)
    }

    /// Looks at what stands there, if anything does; its folder need not be there.
    ///
    /// # Errors
    /// As [`Replacement::at`].
    pub(crate) fn at_if_there(path: &Path, kind: Kind, limit: Limit) -> Result<(), FileError> {
        Self { path: path.to_owned(), kind, limit }.stands().map(drop)
    }

    /// Writes the file: what stands there stays until all of it is on the disk.
    ///
    /// # Errors
    /// As [`Replacement::at`], and every error of writing, a full disk included; nothing is changed then.
    pub fn write(&self, text: &str) -> Result<(), FileError> {
        let partial = Partial::write(&self.path, text.as_bytes())?;
        if self.stands()? { partial.replace() } else { partial.create() }
    }

    /// Whether a file stands there, which is of this kind.
    fn stands(&self) -> Result<bool, FileError> {
        if !stands_regular(&self.path)? {
            return Ok(false);
        }
        let another = || FileError::new(&self.path, FileErrorKind::AnotherKind { wanted: self.kind.name });
        let (file, _) = read::open(&self.path, None)?;
        let bytes = read::read_bytes(&self.path, file, self.limit).map_err(|error| match error.kind() {
            FileErrorKind::TooLarge { .. } => another(),
            _ => error,
        })?;
        let text = decode(&bytes).map_err(|_| another())?;
        if text.trim().is_empty() || (self.kind.is)(&text) { Ok(true) } else { Err(another()) }
    }
}

/// Writes a new file.
///
/// # Errors
/// [`FileErrorKind::Exists`] when something stands there, and every error of writing; nothing is left behind then.
pub fn write_new(path: &Path, text: &str) -> Result<(), FileError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(FileError::new(path, FileErrorKind::Exists));
    }
    Partial::write(path, text.as_bytes())?.create()
}

/// Looks whether a new file can be written, and writes nothing: a program asks this before it does anything else.
///
/// # Errors
/// [`FileErrorKind::Exists`] when something stands there, and a folder that is not there.
pub fn check_new(path: &Path) -> Result<(), FileError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(FileError::new(path, FileErrorKind::Exists));
    }
    fs::metadata(folder(path)).map_err(io(path, "cannot be written, since its folder is not there")).map(drop)
}

/// Makes a folder and those above it, where they are not there: on Unix for nobody but their owner.
///
/// # Errors
/// What the operating system refuses.
pub fn create_folder(path: &Path) -> Result<(), FileError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(io(path, "cannot be made"))
}

/// A file that grows line by line; or a pipe, whose reader gets the lines as they are written.
#[derive(Debug)]
pub struct Appended {
    file: File,
    path: PathBuf,
}

impl Appended {
    /// Opens the file, or makes it. A last line that was cut off is ended first.
    ///
    /// # Errors
    /// A link, a folder, a device, a file whose first line is of another kind, and a pipe that nobody reads.
    pub fn open(path: &Path, kind: Kind) -> Result<Self, FileError> {
        let new = match fs::symlink_metadata(path) {
            Ok(found) if is_pipe(&found) => return Self::pipe(path),
            _ => !stands_regular(path)?,
        };
        let mut options = private();
        let opened = options.read(true).append(true).create_new(new).open(path);
        let file = opened.map_err(io(path, "cannot be opened"))?;
        let mut appended = Self { file, path: path.to_owned() };
        if !new {
            appended.go_on(kind)?;
        }
        Ok(appended)
    }

    /// Looks whether lines could be appended, and changes nothing.
    ///
    /// # Errors
    /// As [`Appended::open`]; a pipe is not opened.
    pub fn check(path: &Path, kind: Kind) -> Result<(), FileError> {
        let found = fs::symlink_metadata(path);
        if !found.is_ok_and(|found| is_pipe(&found)) && stands_regular(path)? {
            let (mut file, _) = read::open(path, None)?;
            is_of(kind, path, &mut file)?;
        }
        fs::metadata(folder(path)).map_err(io(path, "cannot be written, since its folder is not there"))?;
        Ok(())
    }

    /// Claims the file for this process as long as it is open. A file system without locks has nobody else there.
    ///
    /// # Errors
    /// Another process has claimed it.
    pub fn claim(&self) -> Result<(), FileError> {
        match self.file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => {
                Err(io(&self.path, "is in use by another run")(io::ErrorKind::WouldBlock.into()))
            }
            _ => Ok(()),
        }
    }

    /// Appends a line.
    ///
    /// # Errors
    /// What the operating system refuses, a full disk included.
    pub fn line(&mut self, line: &str) -> Result<(), FileError> {
        let written = self.file.write_all(format!("{line}\n").as_bytes());
        written.map_err(io(&self.path, "cannot be written"))
    }

    /// Waits until all lines are on the disk.
    ///
    /// # Errors
    /// As [`Appended::line`].
    pub fn end(self) -> Result<(), FileError> {
        match self.file.sync_all() {
            Ok(()) => Ok(()),
            // A pipe has no disk.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            Err(error) => Err(io(&self.path, "cannot be written")(error)),
        }
    }

    fn go_on(&mut self, kind: Kind) -> Result<(), FileError> {
        let path = self.path.clone();
        let failed = io(&path, "cannot be read");
        read::regular(&self.path, self.file.metadata().map_err(&failed)?.file_type())?;
        is_of(kind, &self.path, &mut self.file)?;
        keep_private(&self.file).map_err(io(&self.path, "cannot be kept from others"))?;
        if self.file.metadata().map_err(&failed)?.len() > 0 {
            self.file.seek(SeekFrom::End(-1)).map_err(&failed)?;
            let mut last = [0];
            self.file.read_exact(&mut last).map_err(&failed)?;
            if last != *b"\n" {
                self.line("")?;
            }
        }
        Ok(())
    }

    #[cfg(unix)]
    fn pipe(path: &Path) -> Result<Self, FileError> {
        use rustix::fs::{OFlags, fcntl_setfl};
        use std::os::unix::fs::OpenOptionsExt as _;
        // Without a reader opening would wait for one; afterwards writing may wait for it.
        let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
        let opened = OpenOptions::new().write(true).custom_flags(flags).open(path);
        let file = opened.map_err(io(path, "cannot be opened (does anybody read this pipe?)"))?;
        fcntl_setfl(&file, OFlags::empty()).map_err(|error| io(path, "cannot be opened")(error.into()))?;
        Ok(Self { file, path: path.to_owned() })
    }

    #[cfg(not(unix))]
    fn pipe(path: &Path) -> Result<Self, FileError> {
        Err(FileError::new(path, FileErrorKind::NotAFile { is: "a pipe" }))
    }
}

/// Refuses a file whose first line is of another kind.
fn is_of(kind: Kind, path: &Path, file: &mut File) -> Result<(), FileError> {
    let mut start = Vec::new();
    Read::by_ref(file)
        .take(Limit::SETTINGS.bytes())
        .read_to_end(&mut start)
        .map_err(io(path, "cannot be read"))?;
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let of_kind = std::str::from_utf8(first).is_ok_and(|line| (kind.is)(line.trim_end()));
    if start.is_empty() || of_kind {
        Ok(())
    } else {
        Err(FileError::new(path, FileErrorKind::AnotherKind { wanted: kind.name }))
    }
}

/// A file that is written beside its place, and is removed again unless it gets there.
struct Partial {
    at: PathBuf,
    path: PathBuf,
}

impl Partial {
    fn write(path: &Path, bytes: &[u8]) -> Result<Self, FileError> {
        let failed = io(path, "cannot be written");
        let name = path.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
        let (at, mut file) = loop {
            let mut unique = [0; 8];
            getrandom::fill(&mut unique).map_err(|error| failed(io::Error::other(error)))?;
            let end = format!(".{:016x}.partial", u64::from_ne_bytes(unique));
            let mut hidden = std::ffi::OsString::from(".");
            // A name may have 255 bytes; the beginning says enough.
            hidden.push(name.to_string_lossy().chars().take(50).collect::<String>());
            hidden.push(end);
            let at = path.with_file_name(hidden);
            match private().write(true).create_new(true).open(&at) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                opened => break (at, opened.map_err(&failed)?),
            }
        };
        let partial = Self { at, path: path.to_owned() };
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&failed)?;
        Ok(partial)
    }

    /// Puts it where nothing stands.
    fn create(self) -> Result<(), FileError> {
        match fs::hard_link(&self.at, &self.path) {
            Ok(()) => self.settle(),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(FileError::new(&self.path, FileErrorKind::Exists))
            }
            // A file system without hard links.
            Err(_) if fs::symlink_metadata(&self.path).is_ok() => {
                Err(FileError::new(&self.path, FileErrorKind::Exists))
            }
            Err(_) => self.replace(),
        }
    }

    /// Puts it in the place of what stands there; a link that was put there meanwhile is replaced and not followed.
    fn replace(self) -> Result<(), FileError> {
        fs::rename(&self.at, &self.path).map_err(io(&self.path, "cannot be written"))?;
        self.settle()
    }

    /// Waits until the folder's new entry is on the disk, where a folder can be waited for: not every file system has that,
    /// and a folder that may be written to need not be readable.
    fn settle(self) -> Result<(), FileError> {
        #[cfg(unix)]
        if let Ok(folder) = File::open(folder(&self.path))
            && let Err(error) = folder.sync_all()
            && !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
        {
            return Err(io(&self.path, "cannot be written")(error));
        }
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.at);
    }
}

/// Whether a regular file stands there. A link is refused, wherever it leads.
fn stands_regular(path: &Path) -> Result<bool, FileError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(FileError::new(path, FileErrorKind::Link)),
        Ok(found) => read::regular(path, found.file_type()).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(io(path, "cannot be looked at")(error)),
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn io(path: &Path, attempted: &'static str) -> impl Fn(io::Error) -> FileError {
    move |source| FileError::new(path, FileErrorKind::Io { attempted, source })
}

/// Opens files for nobody but their owner, and follows no link.
#[cfg(unix)]
fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    options
}

/// Opens files; who may open them is what their folder says.
#[cfg(not(unix))]
fn private() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(unix)]
fn keep_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let open_to_others = file.metadata()?.permissions().mode() & 0o077;
    if open_to_others == 0 {
        return Ok(());
    }
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn keep_private(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_pipe(found: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests;
