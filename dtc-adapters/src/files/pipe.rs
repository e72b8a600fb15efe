//! Secrets that come through a pipe: `<(op read …)`, a named pipe, standard input.
//!
//! A pipe is waited for, by opening it and by reading it, and it is read once. Whoever reads one does so where waiting is allowed.

use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;

use super::access::{self, Guard};
use super::error::{FileError, FileErrorKind};

/// Opens the pipe at this path; `None` where there is none, and the path is to be read as a file.
///
/// A named pipe is held to the same owner and mode as a file. One that was handed over when the program was started, such as
/// `/dev/fd/63`, has no name by which others could reach it, and its mode says nothing.
///
/// # Errors
/// What cannot be opened, and a named pipe that others may read, write or replace.
pub(super) fn open(path: &Path) -> Result<Option<(File, Metadata)>, FileError> {
    let failed = |source| FileError::new(path, FileErrorKind::Io { attempted: "cannot be opened", source });
    if is_standard_input(path) {
        let input = io::stdin().as_fd().try_clone_to_owned().map_err(failed)?;
        let input = File::from(input);
        let found = input.metadata().map_err(failed)?;
        let kind = found.file_type();
        return Ok((kind.is_fifo() || kind.is_socket()).then_some((input, found)));
    }
    let found = std::fs::metadata(path).map_err(failed)?;
    if !found.file_type().is_fifo() {
        return Ok(None);
    }
    let named = !is_handed_over(path);
    if named {
        access::check(path, &found, Guard::Secret)?;
    }
    let pipe = File::open(path).map_err(failed)?;
    let opened = pipe.metadata().map_err(failed)?;
    if named {
        // Another may have been put in its place.
        access::check(path, &opened, Guard::Secret)?;
    }
    Ok(opened.file_type().is_fifo().then_some((pipe, opened)))
}

fn is_standard_input(path: &Path) -> bool {
    ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].iter().any(|name| path == Path::new(name))
}

/// Whether the path is that of an open file of a process, and not of a name on a disk.
fn is_handed_over(path: &Path) -> bool {
    path.starts_with("/dev/fd")
        || (path.starts_with("/proc") && path.components().any(|part| part.as_os_str() == "fd"))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions, Permissions};
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::*;
    use crate::files::{Limit, read_text};

    fn read(path: &Path) -> Result<String, FileError> {
        read_text(path, Guard::Secret, Limit::SECRET).map(|text| text.to_string())
    }

    fn fifo(folder: &Path, mode: u32) -> PathBuf {
        let path = folder.join(format!("pipe-{mode:o}"));
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        path
    }

    /// Writes to a pipe, as long as somebody reads.
    fn written(path: &Path, pieces: impl Iterator<Item = Vec<u8>> + Send + 'static) {
        let path = path.to_owned();
        std::thread::spawn(move || {
            let mut pipe = OpenOptions::new().write(true).open(path).unwrap();
            let _ = pieces.map(|piece| pipe.write_all(&piece)).find(Result::is_err);
        });
    }

    #[test]
    fn e7_a_secret_comes_through_a_named_pipe_as_from_a_file() {
        let scratch = tempfile::tempdir().unwrap();
        let pipe = fifo(scratch.path(), 0o600);
        written(&pipe, [&b"\xef\xbb\xbfK001"[..], b"secret\r", b"\n"].map(<[u8]>::to_vec).into_iter());
        assert_eq!(read(&pipe).unwrap(), "K001secret\n");
        written(&pipe, std::iter::empty());
        assert_eq!(read(&pipe).unwrap(), "");
        written(&pipe, std::iter::repeat_with(|| vec![b'y'; 1000]));
        let endless = read(&pipe).unwrap_err();
        assert!(matches!(endless.kind(), FileErrorKind::TooLarge { limit: 65536 }), "{endless}");
    }

    /// Nobody writes to these pipes: they are refused without being waited for.
    #[test]
    fn e7_a_named_pipe_that_others_may_use_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        for mode in [0o644, 0o620, 0o602, 0o666] {
            let error = read(&fifo(scratch.path(), mode)).unwrap_err();
            assert!(
                matches!(error.kind(), FileErrorKind::Exposed { mode: found } if *found == mode),
                "{error}"
            );
        }
        let pipe = fifo(scratch.path(), 0o600);
        let settings = read_text(&pipe, Guard::Settings, Limit::SECRET).unwrap_err();
        assert!(matches!(settings.kind(), FileErrorKind::NotAFile { is: "a pipe" }), "{settings}");
        fs::set_permissions(scratch.path(), Permissions::from_mode(0o777)).unwrap();
        let error = read(&pipe).unwrap_err();
        assert!(matches!(error.kind(), FileErrorKind::Replaceable { mode: 0o777, .. }), "{error}");
    }

    /// What a shell's `<(…)` hands over; its mode is that of no file.
    #[test]
    fn e7_a_secret_comes_through_a_pipe_that_was_handed_over() {
        for folder in ["/dev/fd", "/proc/self/fd"] {
            let (reader, mut writer) = io::pipe().unwrap();
            writer.write_all(b"K001secret\n").unwrap();
            drop(writer);
            let path = Path::new(folder).join(reader.as_raw_fd().to_string());
            if path.exists() {
                assert_eq!(read(&path).unwrap(), "K001secret\n");
            }
        }
        assert!(is_standard_input(Path::new("/dev/stdin")) && !is_standard_input(Path::new("/dev/fd/63")));
    }
}
