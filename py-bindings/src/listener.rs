//! Callables as arguments.

use std::marker::PhantomData;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

#[cfg(feature = "stubs")]
use pyo3::{inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use crate::rt::{self, call_python};

/// What is called with one value, and what it returns is of no interest.
pub(crate) struct Listener<T>(Py<PyAny>, PhantomData<fn(T)>);

impl<T: PyTypeInfo> FromPyObject<'_, '_> for Listener<T> {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Callable"),
        PyStaticExpr::List { elts: &[T::TYPE_HINT] },
        type_hint_identifier!("builtins", "object")
    );

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        callable(object).map(|callable| Self(callable, PhantomData))
    }
}

pub(crate) fn callable(object: Borrowed<'_, '_, PyAny>) -> PyResult<Py<PyAny>> {
    if object.is_callable() {
        return Ok(object.to_owned().unbind());
    }
    Err(PyTypeError::new_err("what is to be called cannot be called"))
}

impl<T: Send + for<'py> IntoPyObject<'py>> Listener<T> {
    /// Calls it; what it raises ends the call that it listens to.
    pub(crate) fn call(&self, value: T) -> PyResult<()> {
        call_python(|py| self.0.call1(py, (value,)).map(drop))
    }

    /// Calls it from within a call to the service; what it raises ends that call.
    pub(crate) fn notify(&self, value: T) {
        if let Err(raised) = self.call(value) {
            rt::end_call(raised);
        }
    }
}
