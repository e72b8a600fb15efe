//! The log of a job's runs: what the programs said, line by line.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use dtc_provision::ports::Clock as _;

use crate::clock_entropy::SystemClock;
use crate::files::{Appended, FileError, Kind};

const FIRST: &str = "# dtc copy: what its steps and programs said";

/// A log of copies.
pub const LOG: Kind = Kind { name: "a log of dtc copy", is: |line| line.starts_with("# dtc copy:") };

/// The log of a job's runs. Runs are appended; it holds no secret.
#[derive(Debug)]
pub struct RunLog {
    path: PathBuf,
    /// Why the log is not whole, after it could not be written.
    file: Mutex<Result<Appended, String>>,
}

impl RunLog {
    /// Opens the log, or makes it.
    ///
    /// # Errors
    /// A file of another kind, one that cannot be written, and one that another run is writing: two runs of a job would get in each other's way.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let is_new = std::fs::metadata(path).map_or(true, |found| found.len() == 0);
        let mut file = Appended::open(path, LOG)?;
        file.claim()?;
        if is_new {
            file.line(FIRST)?;
        }
        Ok(Self { path: path.to_owned(), file: Mutex::new(Ok(file)) })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line of a step or a program.
    pub fn line(&self, from: &str, text: &str) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let at = SystemClock.now().strftime("%FT%TZ").to_string();
        let written = match &mut *file {
            Ok(file) => file.line(&format!("{at} {from}: {}", safe_text::safe(text))),
            Err(_) => return,
        };
        if let Err(error) = written {
            *file = Err(error.to_string());
        }
    }

    /// Why the log is not whole, if it is not.
    pub fn lost(&self) -> Option<String> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner).as_ref().err().cloned()
    }
}
