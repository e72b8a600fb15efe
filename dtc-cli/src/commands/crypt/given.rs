//! The paths that a command of `dtc crypt` is given, looked at before anything else is done: one that is not there was mistyped.

use std::io;
use std::path::Path;

use crate::failure::Failure;
use crate::view::shown;

/// A folder to read.
///
/// # Errors
/// What is not there, and what is no folder.
pub(super) fn folder(path: &Path) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(refused(format!("{} is not a folder", shown(path)))),
        Err(error) => mistyped("folder", path, error),
    }
}

/// A folder or a file to read.
///
/// # Errors
/// What is not there.
pub(super) fn anything(path: &Path) -> Result<(), Failure> {
    std::fs::metadata(path).map(drop).or_else(|error| mistyped("file or folder", path, error))
}

/// A folder to write to, which is made if it is not there.
///
/// # Errors
/// What is there and is no folder, and what no folder can be called.
pub(crate) fn target(path: &Path) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(refused(format!("{} is not a folder, and is left as it is", shown(path)))),
        // Below a file is no folder; Windows says of such a path only that it is not there.
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_below_a_file(path) => Ok(()),
        Err(error) => mistyped("folder", path, error),
    }
}

/// Whether the nearest part of the path that is there is no folder.
fn is_below_a_file(path: &Path) -> bool {
    let nearest = path.ancestors().skip(1).find_map(|above| std::fs::metadata(above).ok());
    nearest.is_some_and(|nearest| !nearest.is_dir())
}

/// A stored file, which is opened at `path`, shown as `stored`, and `named` so by whoever asks for it.
///
/// # Errors
/// What is not there, and a folder.
pub(super) fn file(path: &Path, stored: &Path, named: &str) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(refused(format!("{named} is a folder: name a file in it"))),
        Ok(_) => Ok(()),
        Err(error) => mistyped("file", stored, error).map_err(|failure| {
            failure.remedy(format!("{named} is not in the folder: dtc crypt ls lists what is"))
        }),
    }
}

fn refused(sentence: String) -> Failure {
    Failure::usage(sentence).code("DTC-CRYPT-PATH").remedy("correct the path")
}

/// Refuses a path that names nothing. Other errors, such as one of the disk, are left to whoever reads.
fn mistyped(what: &str, path: &Path, error: io::Error) -> Result<(), Failure> {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    match error.kind() {
        NotFound => Err(refused(format!("there is no {what} {}", shown(path)))),
        NotADirectory | InvalidFilename | InvalidInput => {
            Err(refused(format!("there is no {what} {}", shown(path))).caused_by(error))
        }
        _ => Ok(()),
    }
}
