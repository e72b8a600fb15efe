//! What can go wrong with contents and names, as the exceptions that Python knows.

use std::error::Error as _;
use std::io;
use std::path::{Path, PathBuf};

use pyo3::exceptions::PyOSError;
use pyo3::{PyErr, Python};
use rclone_crypt::{Error, ErrorKind};

use crate::errors;

/// What went wrong while the interpreter was released.
pub(super) enum Failure {
    /// The format, or the bytes.
    Crypt(Error),
    /// A file of Python's caller.
    File { error: io::Error, path: PathBuf },
    /// Something that Python raised: a file-like object, a callback, Ctrl-C.
    Python(PyErr),
}

impl Failure {
    /// An error of the operating system, about this file.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| match from_python(&error) {
            Some(raised) => Self::Python(raised),
            None => Self::File { error, path },
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let beneath = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        match beneath.and_then(from_python) {
            Some(raised) => Self::Python(raised),
            None => Self::Crypt(error),
        }
    }
}

/// What a file-like object raised, and an `io::Error` carried.
fn from_python(error: &io::Error) -> Option<PyErr> {
    let raised = error.get_ref()?.downcast_ref::<PyErr>()?;
    Some(Python::attach(|py| raised.clone_ref(py)))
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Python(raised) => raised,
            Failure::File { error, path } => of_the_system(&error, &path),
            Failure::Crypt(error) => of_the_format(&error),
        }
    }
}

/// The number of a name that is taken, to Python on every system.
const EEXIST: i32 = 17;

/// `OSError` makes itself the subclass that its number calls for.
fn of_the_system(error: &io::Error, path: &Path) -> PyErr {
    let is_taken = error.kind() == io::ErrorKind::AlreadyExists;
    match error.raw_os_error().filter(|_| !is_taken).or(is_taken.then_some(EEXIST)) {
        Some(number) => PyOSError::new_err((number, error.kind().to_string(), path.to_owned())),
        None => PyOSError::new_err(errors::shown(&format!("{}: {error}", path.display()))),
    }
}

fn of_the_format(error: &Error) -> PyErr {
    let beneath = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    if let (ErrorKind::File { path, .. }, Some(beneath)) = (error.kind(), beneath) {
        return of_the_system(beneath, path);
    }
    let (kind, subject, input) = match error.kind() {
        ErrorKind::TooShort { .. } => return errors::data_at_risk(error, "too_short"),
        ErrorKind::BadMagic => return errors::data_at_risk(error, "bad_magic"),
        ErrorKind::TruncatedBlock { .. } => return errors::data_at_risk(error, "truncated_block"),
        ErrorKind::FailedBlock { .. } => return errors::data_at_risk(error, "failed_block"),
        ErrorKind::WrongLength { .. } => return errors::data_at_risk(error, "wrong_length"),
        ErrorKind::Differs { .. } => return errors::data_at_risk(error, "differs"),
        ErrorKind::WrongKeys { .. } => return errors::data_at_risk(error, "wrong_keys"),
        ErrorKind::Name { name, .. } => ("name", "name", name.as_str()),
        ErrorKind::Filter { rule, .. } => ("filter", "filter rule", rule.as_str()),
        ErrorKind::BeyondEnd { .. } => ("beyond_end", "offset", ""),
        ErrorKind::EmptyPassword => ("empty_password", "encryption password", ""),
        ErrorKind::NotObscured { .. } => {
            return errors::not_of_the_format(error, "not_obscured", "obscured secret", "");
        }
        _ => return PyOSError::new_err(errors::shown(error)),
    };
    errors::not_of_the_format_as(error, kind, subject, input)
}
