//! Progress reports of catalogue operations.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::Entry;
use crate::error::{Error, ErrorKind};

/// A progress report of a catalogue operation. The callback can stop the operation by returning [`ControlFlow::Break`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// This many more bytes were written or compared.
    Bytes(u64),
    /// A file has been processed.
    File(&'a Entry),
}

pub(super) type Callback<'t> = dyn FnMut(Progress<'_>) -> ControlFlow<()> + 't;

/// Reports a processed file.
pub(super) fn file(progress: &mut Callback<'_>, entry: &Entry) -> Result<(), Error> {
    stop_if(progress(Progress::File(entry)))
}

/// Reports processed bytes.
pub(super) fn bytes(progress: &mut Callback<'_>, count: u64) -> Result<(), Error> {
    stop_if(progress(Progress::Bytes(count)))
}

fn stop_if(answer: ControlFlow<()>) -> Result<(), Error> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ErrorKind::Stopped.into()),
    }
}

/// A reader that reports the bytes read, and fails with [`ErrorKind::Stopped`] when the callback says so.
pub(super) struct ReportingReader<'r, 'p> {
    pub(super) reader: &'r mut dyn Read,
    pub(super) progress: &'r mut Callback<'p>,
}

impl Read for ReportingReader<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.reader.read(buf)?;
        bytes(self.progress, len as u64)?;
        Ok(len)
    }
}
