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
//! A process that is killed can leave a file named `.dtc-restore-` and 16 hexadecimal digits, and beside it a journal of the same name with
//! `.journal`. While it lives it holds a lock on them, where the file system has locks: without one they were left behind.

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

use std::fs::{File, TryLockError};
use std::io;

#[cfg(not(unix))]
pub(super) use portable::{Id, Target, Unfinished, read_at, write_at};
#[cfg(unix)]
pub(super) use unix::{Id, Target, Unfinished, read_at, write_at};

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
/// What the name of a journal has after the name of its incomplete file.
const JOURNAL: &str = ".journal";

/// Which file of a pair that a later run goes on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Content,
    /// What is known of the content, a line each.
    Journal,
}

/// The name that a later run finds a half by.
pub(super) fn marked_name(mark: u64, half: Half) -> String {
    let ending = match half {
        Half::Content => "",
        Half::Journal => JOURNAL,
    };
    format!("{PREFIX}{mark:016x}{ending}")
}

/// A new random name. It cannot be that of another file: it is created exclusively.
fn temporary_name() -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(random.iter().fold(PREFIX.to_owned(), |name, byte| name + &format!("{byte:02x}")))
}

/// The mark in the name of an incomplete file or its journal; every random name is one.
fn mark_of(name: &[u8]) -> Option<(u64, Half)> {
    let rest = str::from_utf8(name).ok()?.strip_prefix(PREFIX)?;
    let (digits, half) = match rest.strip_suffix(JOURNAL) {
        Some(digits) => (digits, Half::Journal),
        None => (rest, Half::Content),
    };
    let is_digit = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    let digits = Some(digits).filter(|digits| digits.len() == 16 && digits.bytes().all(is_digit))?;
    u64::from_str_radix(digits, 16).ok().map(|mark| (mark, half))
}

/// Says that somebody is writing the file, until it is closed. A file system without locks is written to all the same.
fn claim(file: &File) {
    let _ = file.try_lock();
}

/// Whether nobody is writing the file. Where the file system has no locks, nobody knows.
fn is_abandoned(file: &File) -> bool {
    file.try_lock().is_ok()
}

/// Claims a file that a later run goes on with. Where the file system has no locks, nobody knows whether another one does.
fn claim_alone(file: &File) -> io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::ResourceBusy, "another run is writing it"))
        }
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

fn in_the_way(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("{what} is there already, and nothing is replaced"))
}
