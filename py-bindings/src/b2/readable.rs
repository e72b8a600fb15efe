//! Settings that a key may not be allowed to read.

use b2_client::Readable as Stated;
use pyo3::prelude::*;
use pyo3::{Borrowed, IntoPyObjectExt as _};

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo as _, inspect::PyStaticExpr, type_hint_union};

use crate::values::{no_truth, value_class};

value_class! {
    /// Stands in the place of a setting that could not be read. It must not be taken for "off", and so it has no truth value.
    ///
    /// >>> hidden = Unreadable(reason="not_authorized")
    /// >>> hidden.reason
    /// 'not_authorized'
    /// >>> bool(hidden)
    /// Traceback (most recent call last):
    /// TypeError: a setting that could not be read is neither true nor false: look at what it is
    Unreadable {
        /// ``"not_authorized"`` where the key may not read it or the answer lacks it, ``"not_understood"`` where it has an unknown form.
        reason: String,
    }

    #[expect(clippy::unused_self, reason = "Python asks it")]
    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("a setting that could not be read"))
    }
}

/// A setting, or why it could not be read.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Readable<T> {
    Known(T),
    Not(Unreadable),
}

impl<T> Readable<T> {
    /// Converts what the client returned.
    pub(super) fn of<S>(stated: Stated<S>, convert: impl FnOnce(S) -> T) -> Self {
        let reason = match stated {
            Stated::Known(value) => return Self::Known(convert(value)),
            Stated::NotAuthorized => "not_authorized",
            _ => "not_understood",
        };
        Self::Not(Unreadable { reason: reason.to_owned() })
    }
}

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Readable<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = type_hint_union!(T::OUTPUT_TYPE, Unreadable::TYPE_HINT);

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Known(value) => value.into_bound_py_any(py),
            Self::Not(unreadable) => unreadable.into_bound_py_any(py),
        }
    }
}

impl<'a, 'py, T: FromPyObject<'a, 'py>> FromPyObject<'a, 'py> for Readable<T> {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_union!(T::INPUT_TYPE, Unreadable::TYPE_HINT);

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(unreadable) = object.extract::<Unreadable>() {
            return Ok(Self::Not(unreadable));
        }
        object.extract().map(Self::Known).map_err(Into::into)
    }
}
