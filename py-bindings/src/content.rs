//! Contents as arguments: where uploads come from.

use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyMemoryView;
use pyo3::{Borrowed, intern};

#[cfg(feature = "stubs")]
use pyo3::types::{PyByteArray, PyBytes};
#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript, type_hint_union};

use crate::rt::call_python;

/// How much is read of a file-like object at a time.
const PIECE: usize = 1024 * 1024;

/// Bytes, a file's path, or a file-like object.
pub(crate) enum Content {
    Bytes(PyBackedBytes),
    Path(PathBuf),
    /// Has a `read`.
    Object(Py<PyAny>),
}

impl FromPyObject<'_, '_> for Content {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_union!(
        PyBytes::TYPE_HINT,
        PyByteArray::TYPE_HINT,
        PyMemoryView::TYPE_HINT,
        <PathBuf as FromPyObject<'_, '_>>::INPUT_TYPE,
        type_hint_subscript!(type_hint_identifier!("_typeshed", "SupportsRead"), PyBytes::TYPE_HINT)
    );

    /// Of bytes nothing is copied; of what can change meanwhile everything is.
    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        if let Ok(bytes) = object.extract() {
            return Ok(Self::Bytes(bytes));
        }
        if object.is_instance_of::<PyMemoryView>() {
            return Ok(Self::Bytes(object.call_method0(intern!(py, "tobytes"))?.extract()?));
        }
        if object.hasattr(intern!(py, "read"))? {
            return Ok(Self::Object(object.to_owned().unbind()));
        }
        object.extract().map(Self::Path)
    }
}

/// What is read of a file-like object, piece by piece.
pub(crate) fn pieces(object: Py<PyAny>) -> BoxStream<'static, io::Result<Bytes>> {
    let pieces = stream::try_unfold(object, |object| async move {
        let piece = call_python(|py| read(object.bind(py))).map_err(io::Error::other)?;
        Ok((!piece.is_empty()).then_some((piece, object)))
    });
    pieces.boxed()
}

fn read(object: &Bound<'_, PyAny>) -> PyResult<Bytes> {
    object.py().check_signals()?;
    let read = object.call_method1(intern!(object.py(), "read"), (PIECE,))?;
    let bytes: PyBackedBytes = read.extract().map_err(|_| {
        PyTypeError::new_err(format!("read() gave {}, not bytes: open files in binary mode", read.get_type()))
    })?;
    if bytes.len() > PIECE {
        return Err(PyValueError::new_err(format!("read() gave {} bytes, more than asked for", bytes.len())));
    }
    Ok(Bytes::from_owner(bytes))
}
