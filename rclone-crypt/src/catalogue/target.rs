//! A folder that is written into without replacing or following anything that is there.
//!
//! # What is guaranteed
//!
//! - A file appears under its name only when it is complete. Until then it has a random name of its own, created exclusively.
//! - Nothing is replaced. On Unix the kernel refuses a taken name (`renameat2`, else `linkat`); on a file system with neither, and on Windows
//!   without hard links, the name is checked directly before.
//! - No link below the target is followed: on Unix every folder is opened relative to its parent with `O_NOFOLLOW`, so a link that is planted
//!   meanwhile leads nowhere. On Windows each folder is checked before it is used, which a program that plants a junction in between can defeat.
//! - New files are readable by their owner only (0600), new folders too (0700). Windows has no such modes; the parent's access list applies.
//!
//! A process that is killed can leave a file named `.dtc-restore-` and 16 hexadecimal digits. While it lives it holds a lock on the file, where
//! the file system has locks: without one it was left behind.

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

use std::fs::File;
use std::io;

#[cfg(not(unix))]
pub(super) use portable::{Id, Target, Unfinished};
#[cfg(unix)]
pub(super) use unix::{Id, Target, Unfinished};

/// What stands under a name.
pub(super) struct Existing {
    /// The open file, if it is a regular one.
    pub(super) file: Option<File>,
    /// What identifies it, whatever name it was reached by.
    pub(super) id: Option<Id>,
    /// What it is, in words.
    pub(super) what: &'static str,
}

/// A file that is being written.
pub(super) struct Temporary<N> {
    pub(super) file: File,
    name: N,
}

/// What happens to folders that are not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    Make,
    /// They are an error, [`io::ErrorKind::NotFound`].
    Report,
}

/// Whether a file of the same name is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Replace {
    Never,
    /// Only a regular file.
    File,
}

/// What names of incomplete files begin with.
const PREFIX: &str = ".dtc-restore-";

/// A new random name. It cannot be that of another file: it is created exclusively.
fn temporary_name() -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(random.iter().fold(PREFIX.to_owned(), |name, byte| name + &format!("{byte:02x}")))
}

/// Whether it is the name of an incomplete file.
fn is_temporary(name: &[u8]) -> bool {
    let digits = name.strip_prefix(PREFIX.as_bytes());
    digits.is_some_and(|digits| {
        digits.len() == 16 && digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Says that somebody is writing the file, until it is closed. A file system without locks is written to all the same.
fn claim(file: &File) {
    let _ = file.try_lock();
}

/// Whether nobody is writing the file. Where the file system has no locks, nobody knows.
fn is_abandoned(file: &File) -> bool {
    file.try_lock().is_ok()
}

fn in_the_way(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("{what} is there already, and nothing is replaced"))
}
