//! Paths and file-like objects, as readers and writers that work while the interpreter is released and heed Ctrl-C.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use pyo3::{Borrowed, intern};

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript, type_hint_union};

use super::failure::Failure;

/// How long Ctrl-C may go unnoticed.
const TICK: Duration = Duration::from_millis(50);
/// What the name of a file begins with while it is being written, before sixteen hexadecimal digits.
const PARTIAL: &str = ".dtc-partial-";

/// Where bytes come from.
pub(crate) enum Source {
    Path(PathBuf),
    /// Has a `read`.
    Object(Py<PyAny>),
}

/// Where bytes go.
pub(crate) enum Target {
    Path(PathBuf),
    /// Has a `write`.
    Object(Py<PyAny>),
}

impl FromPyObject<'_, '_> for Source {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        <PathBuf as FromPyObject<'_, '_>>::INPUT_TYPE,
        type_hint_subscript!(type_hint_identifier!("_typeshed", "SupportsRead"), PyBytes::TYPE_HINT)
    );

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if object.hasattr(intern!(object.py(), "read"))? {
            return Ok(Self::Object(object.to_owned().unbind()));
        }
        object.extract().map(Self::Path)
    }
}

impl FromPyObject<'_, '_> for Target {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        <PathBuf as FromPyObject<'_, '_>>::INPUT_TYPE,
        type_hint_subscript!(type_hint_identifier!("_typeshed", "SupportsWrite"), PyBytes::TYPE_HINT)
    );

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if object.hasattr(intern!(object.py(), "write"))? {
            return Ok(Self::Object(object.to_owned().unbind()));
        }
        object.extract().map(Self::Path)
    }
}

/// Lets Python handle what was signalled, every now and then.
pub(super) struct Signals(Instant);

impl Signals {
    pub(super) fn new() -> Self {
        Self(Instant::now())
    }

    /// What a signal's handler raised, `KeyboardInterrupt` above all.
    pub(super) fn check(&mut self) -> PyResult<()> {
        if self.0.elapsed() < TICK {
            return Ok(());
        }
        self.0 = Instant::now();
        Python::attach(|py| {
            py.check_signals()?;
            Ok(())
        })
    }
}

impl Source {
    pub(super) fn open(self) -> Result<Input, Failure> {
        match self {
            Self::Path(path) => {
                let file = File::open(&path).map_err(Failure::file(&path))?;
                Ok(Input::File(file, Signals::new()))
            }
            Self::Object(object) => Ok(Input::Object(object)),
        }
    }
}

/// An open source.
pub(super) enum Input {
    File(File, Signals),
    Object(Py<PyAny>),
}

impl Read for Input {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file, signals) => {
                signals.check()?;
                file.read(buf)
            }
            Self::Object(object) => Ok(Python::attach(|py| read_object(object.bind(py), buf))?),
        }
    }
}

fn read_object(object: &Bound<'_, PyAny>, buf: &mut [u8]) -> PyResult<usize> {
    object.py().check_signals()?;
    let read = object.call_method1(intern!(object.py(), "read"), (buf.len(),))?;
    let bytes: PyBackedBytes = read.extract().map_err(|_| {
        PyTypeError::new_err(format!("read() gave {}, not bytes: open files in binary mode", read.get_type()))
    })?;
    let room = buf.get_mut(..bytes.len()).ok_or_else(|| {
        PyValueError::new_err(format!("read() gave {} bytes, more than asked for", bytes.len()))
    })?;
    room.copy_from_slice(&bytes);
    Ok(bytes.len())
}

impl Target {
    /// Writes all that `fill` gives. A file gets its name when it is whole, and none if anything goes wrong or the name is taken: nothing is
    /// replaced, and no link is written through.
    pub(super) fn write<T>(
        self,
        fill: impl FnOnce(&mut dyn Write) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let path = match self {
            Self::Object(object) => return fill(&mut Output(object)),
            Self::Path(path) => path,
        };
        // Before anything is read: most often it was there all along.
        if fs::symlink_metadata(&path).is_ok() {
            return Err(Failure::file(&path)(taken()));
        }
        let (mut out, partial) = begun(&path).map_err(Failure::file(&path))?;
        let filled = fill(&mut out)
            .and_then(|filled| named(&partial, &path).map(|()| filled).map_err(Failure::file(&path)));
        // What is left of it would only be in the way; the error that matters is the first.
        let _ = fs::remove_file(&partial);
        filled
    }
}

fn taken() -> io::Error {
    io::ErrorKind::AlreadyExists.into()
}

/// A file of nobody's name beside `path`, readable by its owner only, as what is in it may be.
fn begun(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    loop {
        // Seeded at random, and another one each time.
        let name = format!("{PARTIAL}{:016x}", RandomState::new().hash_one(path));
        let partial = path.with_file_name(name);
        match options.open(&partial) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return Ok((opened?, partial)),
        }
    }
}

/// Gives a whole file its name, unless the name is taken by now. On most disks it then has both names.
fn named(partial: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(partial, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // A disk without hard links: looked at directly before.
            if fs::symlink_metadata(path).is_ok() { Err(taken()) } else { fs::rename(partial, path) }
        }
        linked => linked,
    }
}

/// A file-like object to write to.
struct Output(Py<PyAny>);

impl Write for Output {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(Python::attach(|py| {
            py.check_signals()?;
            let written = self.0.bind(py).call_method1(intern!(py, "write"), (PyBytes::new(py, buf),))?;
            // Some writers take everything and say nothing.
            let count: Option<usize> = written.extract()?;
            PyResult::Ok(count.unwrap_or(buf.len()).min(buf.len()))
        })?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
