//! What a handle holds: something that can be closed, and belongs to the process that made it.

use std::sync::{Arc, Mutex};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::rt::{Home, locked};

/// Something that several handles share until one of them closes it.
pub(crate) struct Held<T>(Arc<Shared<T>>);

struct Shared<T> {
    value: Mutex<Option<T>>,
    home: Home,
    /// What it is called in errors.
    what: &'static str,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> Held<T> {
    pub(crate) fn new(what: &'static str, value: T) -> Self {
        Self(Arc::new(Shared { value: Mutex::new(Some(value)), home: Home::here(), what }))
    }

    /// The value, for one call.
    pub(crate) fn ready(&self) -> PyResult<T> {
        self.0.home.check()?;
        match &*locked(&self.0.value) {
            Some(value) => Ok(value.clone()),
            None => Err(PyRuntimeError::new_err(format!("the {} is closed", self.0.what))),
        }
    }

    /// Lets go of the connections; calls that are under way end as they would.
    pub(crate) fn close(&self) {
        drop(locked(&self.0.value).take());
    }
}
