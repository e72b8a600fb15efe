//! A file-like object that a restored file is written to.

use std::io::{self, Write};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{Borrowed, intern};

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo as _, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use crate::rt::call_python;

/// Something with a `write` for bytes.
pub(crate) struct Writable(Py<PyAny>);

impl FromPyObject<'_, '_> for Writable {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("_typeshed", "SupportsWrite"), PyBytes::TYPE_HINT);

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if object.hasattr(intern!(object.py(), "write"))? {
            return Ok(Self(object.to_owned().unbind()));
        }
        Err(PyTypeError::new_err(
            "the output has no write(): give a file opened in binary mode, or io.BytesIO()",
        ))
    }
}

/// Writes to it, and remembers what it raised.
pub(super) struct Output {
    object: Writable,
    pub(super) raised: Option<PyErr>,
}

impl Output {
    pub(super) fn new(object: Writable) -> Self {
        Self { object, raised: None }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = call_python(|py| {
            let object = self.object.0.bind(py);
            let written = object.call_method1(intern!(py, "write"), (PyBytes::new(py, bytes),))?;
            // Some writers take everything and say nothing.
            let count: Option<usize> = written.extract()?;
            Ok(count.unwrap_or(bytes.len()).min(bytes.len()))
        });
        written.map_err(|raised| {
            self.raised = Some(raised);
            io::Error::other("the output raised an exception")
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
