//! A file that is written in any order, and over several runs.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::super::target::{Existing, Half, Missing, Replace, Unfinished, marked_name, read_at, write_at};
use super::{Destination, PresentId, failed, segments, shown};
use crate::error::Error;

/// A file that is written in any order, with a journal beside it of what is known of its content. Both stay when it is dropped or its process
/// is killed, and [`Destination::go_on`] opens them again. What a journal says must be checked against the content: after a loss of power
/// a line can be there whose content is not.
#[must_use = "it has no name until it is kept"]
pub struct Partial {
    content: Unfinished,
    journal: Unfinished,
    /// One line at a time.
    noting: Mutex<()>,
    path: Vec<u8>,
}

impl Partial {
    /// Writes bytes at this position.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        write_at(&self.content.file, bytes, at)
    }

    /// Reads bytes from this position on.
    ///
    /// # Errors
    ///
    /// Those of the file, and [`io::ErrorKind::UnexpectedEof`] where there are fewer.
    pub fn read_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        read_at(&self.content.file, bytes, at)
    }

    /// Adds a line to the journal.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn note(&self, line: &str) -> io::Result<()> {
        let _alone = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        (&self.journal.file).write_all(format!("{line}\n").as_bytes())
    }

    /// The journal's lines. What was not written to its end is none of them, and is ended, so that the next line is one.
    ///
    /// # Errors
    ///
    /// Those of the file.
    pub fn notes(&self) -> io::Result<Vec<String>> {
        let _alone = self.noting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut journal = &self.journal.file;
        journal.rewind()?;
        let (lines, rest) = lines(journal)?;
        if !rest.is_empty() {
            journal.write_all(b"\n")?;
        }
        Ok(lines)
    }
}

/// The lines of a journal, and what was not written to its end.
fn lines(mut journal: &File) -> io::Result<(Vec<String>, String)> {
    let mut text = Vec::new();
    journal.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let rest = lines.pop().unwrap_or_default();
    Ok((lines, rest))
}

impl Destination {
    /// Goes on with the file that [`keep_partial`](Self::keep_partial) will give this path, or begins it. `mark` is what a later run finds it by:
    /// another one for any other content.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) for a path that would lead out of the folder, where nothing can be written, and when
    /// another run is writing it.
    pub fn go_on(&mut self, path: &[u8], mark: u64) -> Result<Partial, Error> {
        let unusable = |error| failed("write", &self.root.join(shown(path)), error);
        let segments = segments(path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        self.target.enter(&segments, Missing::Make).map_err(unusable)?;
        // The content first: a journal without it was left over.
        let content = self.target.go_on(mark, Half::Content).map_err(unusable)?;
        let journal = self.target.go_on(mark, Half::Journal).map_err(unusable)?;
        Ok(Partial { content, journal, noting: Mutex::default(), path: path.to_owned() })
    }

    /// The journal's lines of the file that [`go_on`](Self::go_on) would go on with; none where it would begin one. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) for a path that would lead out of the folder, and where nothing can be read.
    pub fn notes_of(&mut self, path: &[u8], mark: u64) -> Result<Vec<String>, Error> {
        let unusable = |error| failed("look at", &self.root.join(shown(path)), error);
        let segments = segments(path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        match self.target.enter(&segments, Missing::Report) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unusable(error)),
        }
        let half = |half| self.target.existing(marked_name(mark, half).as_bytes()).map_err(unusable);
        match (half(Half::Content)?, half(Half::Journal)?) {
            (Some(Existing { file: Some(_), .. }), Some(Existing { file: Some(journal), .. })) => {
                lines(&journal).map(|(lines, _)| lines).map_err(unusable)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Gives a complete file its path, and its modification time where that is known. The journal goes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::File`](crate::ErrorKind::File) when something has that path already. What was written is then removed.
    pub fn keep_partial(&mut self, file: Partial, modified: Option<SystemTime>) -> Result<PresentId, Error> {
        let Partial { content, journal, path, .. } = file;
        let unusable = |error| failed("write", &self.root.join(shown(&path)), error);
        let segments = segments(&path).ok_or_else(|| unusable(io::ErrorKind::InvalidFilename.into()))?;
        let name = self.target.enter(&segments, Missing::Report).map_err(unusable)?;
        if let Some(modified) = modified {
            // A time that this disk cannot hold is no reason to lose the file.
            let _ = content.file.set_modified(modified);
        }
        let kept = self.target.keep(content, name, Replace::Never).map(PresentId).map_err(unusable);
        self.target.discard(journal);
        kept
    }

    /// Removes a file that was begun, and its journal.
    pub fn discard_partial(&mut self, file: Partial) {
        let entered =
            segments(&file.path).map(|segments| self.target.enter(&segments, Missing::Report).is_ok());
        if entered == Some(true) {
            self.target.discard(file.content);
            self.target.discard(file.journal);
        }
    }
}

impl fmt::Debug for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial").field("path", &shown(&self.path)).finish_non_exhaustive()
    }
}
