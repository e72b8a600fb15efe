//! Whether a file could be written, told without writing.

use std::fs;
use std::io;
use std::path::Path;

use super::error::{FileError, FileErrorKind};
use super::read::Limit;
use super::write::{Kind, Replacement};

/// Looks whether a file of this kind could be written here, its folder made where it is not there; writes nothing.
///
/// # Errors
/// A link, a file of another kind, something else than a folder on the way, and a folder that this user may make no file in, or that is on
/// a disk that takes none. That a disk is full shows only when it is written to.
pub(crate) fn check_writable(path: &Path, kind: Kind, limit: Limit) -> Result<(), FileError> {
    let failed = |attempted: &'static str| {
        move |source: io::Error| FileError::new(path, FileErrorKind::Io { attempted, source })
    };
    Replacement::at_if_there(path, kind, limit)?;
    for folder in path.ancestors().skip(1) {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        match fs::metadata(folder) {
            Ok(found) if found.is_dir() => {
                return takes_files(folder, &found)
                    .map_err(failed("cannot be written, since its folder takes no file"));
            }
            Ok(_) => return Err(failed("cannot be written")(io::ErrorKind::NotADirectory.into())),
            // What is not there is made, unless a link that leads nowhere stands in its place.
            Err(error)
                if error.kind() == io::ErrorKind::NotFound && fs::symlink_metadata(folder).is_err() => {}
            Err(error) => return Err(failed("cannot be written, since its folder cannot be reached")(error)),
        }
    }
    Err(failed("cannot be written")(io::ErrorKind::NotFound.into()))
}

/// Whether this user may make files in a folder, and its disk takes them.
#[cfg(unix)]
fn takes_files(folder: &Path, _: &fs::Metadata) -> io::Result<()> {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    // By the effective user, as the write will be.
    Ok(accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS)?)
}

/// There, access lists decide, which only writing tries.
#[cfg(not(unix))]
fn takes_files(_: &Path, found: &fs::Metadata) -> io::Result<()> {
    if found.permissions().readonly() { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Kind = Kind { name: "a text", is: |_| true };

    fn check(path: &Path) -> Result<(), FileError> {
        check_writable(path, ANY, Limit::SETTINGS)
    }

    #[test]
    fn x1c_a_place_that_can_be_written_is_found_so_without_a_write() {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("text"), "text").unwrap();
        for path in ["new", "text", "a/b/c/new"] {
            check(&scratch.path().join(path)).unwrap();
        }
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1, "something was written");
    }

    #[test]
    fn x1c_a_place_that_cannot_be_written_is_named_before_anything_is() {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("text"), "text").unwrap();
        fs::create_dir(scratch.path().join("folder")).unwrap();
        for (path, said) in [("text/new", "text/new"), ("text/a/new", "text/a/new"), ("folder", "folder")] {
            let error = check(&scratch.path().join(path)).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn x1c_links_that_lead_nowhere_and_folders_that_take_no_file_are_named() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let scratch = tempfile::tempdir().unwrap();
        symlink("nowhere", scratch.path().join("link")).unwrap();
        for path in ["link", "link/new", "link/a/new"] {
            check(&scratch.path().join(path)).unwrap_err();
        }
        let closed = scratch.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
        // Root may write there all the same.
        let is_root = rustix::process::geteuid().is_root();
        assert_eq!(check(&closed.join("new")).is_ok(), is_root);
        assert_eq!(check(&closed.join("a/new")).is_ok(), is_root);
    }
}
