//! What a catalogue tells while it works, and how it is stopped.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::Entry;
use crate::error::{Error, ErrorKind};

/// What a catalogue tells while it works; to answer with [`ControlFlow::Break`] stops it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// This many more bytes were written or compared.
    Bytes(u64),
    /// A file is done with.
    File(&'a Entry),
}

type Teller<'t> = dyn FnMut(Progress<'_>) -> ControlFlow<()> + 't;

/// Tells of a file.
pub(super) fn file(progress: &mut Teller<'_>, entry: &Entry) -> Result<(), Error> {
    stop_if(progress(Progress::File(entry)))
}

/// Tells of bytes.
pub(super) fn bytes(progress: &mut Teller<'_>, count: usize) -> Result<(), Error> {
    stop_if(progress(Progress::Bytes(count as u64)))
}

fn stop_if(answer: ControlFlow<()>) -> Result<(), Error> {
    match answer {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ErrorKind::Stopped.into()),
    }
}

/// A reader that tells of what is read, and fails once it is to stop.
pub(super) struct Told<'r, 'p> {
    pub(super) reader: &'r mut dyn Read,
    pub(super) progress: &'r mut Teller<'p>,
}

impl Read for Told<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.reader.read(buf)?;
        bytes(self.progress, len)?;
        Ok(len)
    }
}
