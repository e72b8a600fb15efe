//! Reads a file that a person wrote.

use std::fs::{File, FileType};
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use super::access::{self, Guard};
use super::error::{FileError, FileErrorKind};
use super::text::decode;

/// The largest file that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u64);

impl Limit {
    /// 64 KiB: a secret.
    pub const SECRET: Self = Self(64 << 10);
    /// 1 MiB: site files, consents, certificates, tickets.
    pub const SETTINGS: Self = Self(1 << 20);
    /// 32 MiB: a plan, which grows with pools and findings.
    pub const PLAN: Self = Self(32 << 20);

    /// The limit in bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

/// The text of a file that a person wrote, whatever editor saved it: without a byte-order mark, with `\n` at the end of
/// each line. It is overwritten in memory when it is dropped.
///
/// # Errors
/// A file that cannot be opened, is none (a pipe is waited for where it may hold a secret, else refused), is larger than `limit`, may be opened or changed by
/// others than `guard` permits, or is not text.
pub fn read_text(path: &Path, guard: Guard, limit: Limit) -> Result<Zeroizing<String>, FileError> {
    let (file, _) = open(path, Some(guard))?;
    let bytes = read_bytes(path, file, limit)?;
    decode(&bytes).map_err(|problem| FileError::new(path, problem))
}

/// Opens a regular file. Anything else is refused without being waited for, a pipe with a secret excepted.
pub(super) fn open(path: &Path, guard: Option<Guard>) -> Result<(File, std::fs::Metadata), FileError> {
    #[cfg(unix)]
    if guard == Some(Guard::Secret)
        && let Some(pipe) = super::pipe::open(path)?
    {
        return Ok(pipe);
    }
    let failed = |source| FileError::new(path, FileErrorKind::Io { attempted: "cannot be opened", source });
    // Opening a device or a pipe may already do something: first it is looked at.
    regular(path, std::fs::metadata(path).map_err(failed)?.file_type())?;
    let file = opened(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    regular(path, metadata.file_type())?;
    if let Some(guard) = guard {
        access::check(path, &metadata, guard)?;
    }
    Ok((file, metadata))
}

/// What is in it, up to the limit.
pub(super) fn read_bytes(path: &Path, file: File, limit: Limit) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let failed = |source| FileError::new(path, FileErrorKind::Io { attempted: "cannot be read", source });
    let size = file.metadata().map_err(failed)?.len();
    let too_large = || Err(FileError::new(path, FileErrorKind::TooLarge { limit: limit.0 }));
    if size > limit.0 {
        return too_large();
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1));
    file.take(limit.0 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit.0 { too_large() } else { Ok(bytes) }
}

#[cfg(unix)]
fn opened(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // A pipe that was put there since it was looked at is not waited for either.
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    File::options().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn opened(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Refuses what is no regular file, and says what it is.
pub(super) fn regular(path: &Path, kind: FileType) -> Result<(), FileError> {
    if kind.is_file() {
        return Ok(());
    }
    let is = if kind.is_dir() { "a folder" } else { special(kind) };
    Err(FileError::new(path, FileErrorKind::NotAFile { is }))
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "a device"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(path: &Path) -> Result<Zeroizing<String>, FileError> {
        read_text(path, Guard::Settings, Limit::SECRET)
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("a");
        fs::write(&path, vec![b'x'; 64 << 10]).unwrap();
        assert_eq!(read(&path).unwrap().len(), 64 << 10);
        fs::write(&path, vec![b'x'; (64 << 10) + 1]).unwrap();
        assert!(matches!(read(&path).unwrap_err().kind(), FileErrorKind::TooLarge { limit: 65536 }));
        // A size that is larger than the memory is refused without being read.
        File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(read(&path).unwrap_err().kind(), FileErrorKind::TooLarge { .. }));
    }

    #[test]
    fn what_is_absent_or_no_file_is_named() {
        let scratch = tempfile::tempdir().unwrap();
        let absent = read(&scratch.path().join("absent")).unwrap_err();
        assert!(absent.is_not_found() && absent.to_string().contains("absent"), "{absent}");
        let folder = read(scratch.path()).unwrap_err();
        assert!(matches!(folder.kind(), FileErrorKind::NotAFile { is: "a folder" }), "{folder}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_or_a_device_is_not_waited_for() {
        let scratch = tempfile::tempdir().unwrap();
        let pipe = scratch.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let socket = scratch.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, what) in
            [(pipe.as_path(), "a pipe"), (&socket, "a socket"), (Path::new("/dev/zero"), "a device")]
        {
            let error = read(path).unwrap_err();
            assert!(matches!(error.kind(), FileErrorKind::NotAFile { is } if *is == what), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn e7_a_file_that_everybody_may_change_or_replace_is_refused() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let scratch = tempfile::tempdir().unwrap();
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let folder = scratch.path().join("folder");
        fs::create_dir_all(folder.join("below")).unwrap();
        let path = folder.join("below/site.toml");
        fs::write(&path, "x").unwrap();
        mode(&path, 0o666);
        let error = read(&path).unwrap_err();
        assert!(matches!(error.kind(), FileErrorKind::Alterable { mode: 0o666 }), "{error}");
        assert!(error.is_access() && error.remedy().unwrap().contains("chmod"), "{error}");
        mode(&path, 0o664);
        assert_eq!(**read(&path).unwrap(), *"x");
        // The folder itself, or one above it; seen by the path that was given, or behind a link.
        symlink(&path, scratch.path().join("link.toml")).unwrap();
        for open in [folder.join("below"), folder.clone()] {
            mode(&open, 0o777);
            for seen in [path.clone(), scratch.path().join("link.toml")] {
                let error = read(&seen).unwrap_err();
                assert!(matches!(error.kind(), FileErrorKind::Replaceable { mode: 0o777, .. }), "{error}");
            }
            mode(&open, 0o1777);
            assert!(read(&path).is_ok());
            mode(&open, 0o755);
        }
    }
}
