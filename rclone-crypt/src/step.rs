//! The common interface of encrypting and decrypting a file: bytes in, complete blocks out.

use std::io::{self, Read, Write};
use std::ops::Range;

use crate::error::{Error, ErrorKind};

/// A file that is being encrypted or decrypted, one block at a time.
pub(crate) trait Step {
    /// The buffer for the next input bytes; empty while output is ready, and after the end.
    fn room(&mut self) -> &mut [u8];

    /// Processes the first `len` bytes of the input buffer; a `len` of 0 means that the input has ended.
    fn took(&mut self, len: usize) -> Result<(), Error>;

    /// The output that is ready.
    fn ready(&self) -> &[u8];

    /// Takes all output that is ready.
    fn take_ready(&mut self) -> &[u8];

    /// Removes the first `len` bytes of the output.
    fn handed_out(&mut self, len: usize);

    /// Whether the input has ended; output may still be ready.
    fn ended(&self) -> bool;
}

/// The buffer of a block, and the part of it that is ready output.
#[derive(Debug)]
pub(crate) struct Buffer {
    pub(crate) bytes: Box<[u8]>,
    pub(crate) filled: usize,
    pub(crate) ready: Range<usize>,
}

impl Buffer {
    pub(crate) fn new(len: usize) -> Self {
        Self { bytes: vec![0; len].into_boxed_slice(), filled: 0, ready: 0..0 }
    }

    pub(crate) fn ready(&self) -> &[u8] {
        &self.bytes[self.ready.clone()]
    }

    pub(crate) fn take_ready(&mut self) -> &[u8] {
        &self.bytes[std::mem::take(&mut self.ready)]
    }

    pub(crate) fn handed_out(&mut self, len: usize) {
        self.ready.start += len;
    }
}

/// Reads until output is ready or the input has ended.
pub(crate) fn pull(step: &mut impl Step, reader: &mut impl Read) -> Result<(), Error> {
    while step.ready().is_empty() && !step.ended() {
        pull_once(step, reader)?;
    }
    Ok(())
}

/// Reads once.
pub(crate) fn pull_once(step: &mut impl Step, reader: &mut impl Read) -> Result<(), Error> {
    match reader.read(step.room()) {
        Ok(len) => step.took(len),
        Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(()),
        Err(source) => Err(Error::with_source(ErrorKind::Read { what: "input" }, source)),
    }
}

/// `Read::read` over a step.
pub(crate) fn read(step: &mut impl Step, reader: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    if !buf.is_empty() {
        pull(step, reader)?;
    }
    Ok(copy_ready(step, buf))
}

/// Copies ready output to `buf`.
pub(crate) fn copy_ready(step: &mut impl Step, buf: &mut [u8]) -> usize {
    let len = step.ready().len().min(buf.len());
    buf[..len].copy_from_slice(&step.ready()[..len]);
    step.handed_out(len);
    len
}

/// Copies input from `buf`, as much as fits.
pub(crate) fn copy_into(step: &mut impl Step, buf: &[u8]) -> Result<usize, Error> {
    let room = step.room();
    let len = room.len().min(buf.len());
    room[..len].copy_from_slice(&buf[..len]);
    if len > 0 { step.took(len).map(|()| len) } else { Ok(0) }
}

/// `Write::write` over a step.
pub(crate) fn write(step: &mut impl Step, writer: &mut impl Write, buf: &[u8]) -> io::Result<usize> {
    push(step, writer)?;
    let len = copy_into(step, buf)?;
    push(step, writer)?;
    Ok(len)
}

/// Ends the input and writes the remaining output.
pub(crate) fn finish(step: &mut impl Step, writer: &mut impl Write) -> Result<(), Error> {
    push(step, writer)?;
    if !step.ended() {
        step.took(0)?;
    }
    push(step, writer)?;
    writer.flush().map_err(write_failed)
}

fn push(step: &mut impl Step, writer: &mut impl Write) -> Result<(), Error> {
    let ready = step.take_ready();
    if ready.is_empty() { Ok(()) } else { writer.write_all(ready).map_err(write_failed) }
}

fn write_failed(source: io::Error) -> Error {
    Error::with_source(ErrorKind::Write { what: "output" }, source)
}

/// Reads until `buf` is full or the reader ends.
pub(crate) fn read_full(reader: &mut impl Read, buf: &mut [u8]) -> Result<usize, Error> {
    let mut len = 0;
    while len < buf.len() {
        match reader.read(&mut buf[len..]) {
            Ok(0) => break,
            Ok(n) => len += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(Error::with_source(ErrorKind::Read { what: "input" }, source)),
        }
    }
    Ok(len)
}
