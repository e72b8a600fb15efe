//! Arguments as scripts have them: buckets, secrets, callbacks.

use std::marker::PhantomData;

use b2_client as b2;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::{Borrowed, PyTypeInfo};

#[cfg(feature = "stubs")]
use pyo3::{inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript, type_hint_union};

use super::found::{Bucket, Wait};
use super::requests::UpdateBucket;
use crate::errors;
use crate::naming::BucketName;
use crate::rt::call_python;
use crate::values::value_class;

value_class! {
    /// A bucket by its name or by its id, of which one is enough. Where a bucket is asked for, its name as text does as well.
    ///
    /// >>> BucketRef(id="e73ede9969c64427a54a0e12")
    /// BucketRef(name=None, id='e73ede9969c64427a54a0e12')
    BucketRef {
        /// The bucket's name.
        name: Option<String> = None,
        /// The bucket's id.
        id: Option<String> = None,
    }
}

/// What names a bucket.
#[derive(FromPyObject)]
pub(crate) enum AnyBucket {
    Name(String),
    Computed(Py<BucketName>),
    Found(Py<Bucket>),
    Ref(Py<BucketRef>),
}

/// What is invalid in a name, as Python's exception.
pub(super) fn invalid_name(invalid: &b2::InvalidName) -> PyErr {
    errors::argument(invalid.name_kind, &invalid.name, invalid.rule, "choose another name")
}

pub(super) fn bucket_name(name: &str) -> PyResult<b2::BucketName> {
    b2::BucketName::new(name).map_err(|invalid| invalid_name(&invalid))
}

pub(super) fn file_name(name: &str) -> PyResult<b2::FileName> {
    b2::FileName::new(name).map_err(|invalid| invalid_name(&invalid))
}

impl AnyBucket {
    pub(super) fn parse(&self) -> PyResult<b2::BucketRef> {
        match self {
            Self::Name(name) => Ok(bucket_name(name)?.into()),
            Self::Computed(name) => Ok(bucket_name(name.get().text().as_str())?.into()),
            Self::Found(bucket) => Ok(b2::BucketId::new(bucket.get().id.clone()).into()),
            Self::Ref(bucket) => match bucket.get() {
                BucketRef { id: Some(id), .. } => Ok(b2::BucketId::new(id.clone()).into()),
                BucketRef { name: Some(name), .. } => Ok(bucket_name(name)?.into()),
                BucketRef { .. } => {
                    Err(errors::argument("bucket", "", "has neither name nor id", "give one"))
                }
            },
        }
    }
}

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

fn callable(object: Borrowed<'_, '_, PyAny>) -> PyResult<Py<PyAny>> {
    if object.is_callable() {
        return Ok(object.to_owned().unbind());
    }
    Err(PyTypeError::new_err("what is to be called cannot be called"))
}

impl<T: Send + for<'py> IntoPyObject<'py>> Listener<T> {
    /// Calls it; what it raises ends the call that it listens to.
    pub(super) fn call(&self, value: T) -> PyResult<()> {
        call_python(|py| self.0.call1(py, (value,)).map(drop))
    }
}

impl Listener<Wait> {
    /// Calls it from within a call to the service, which goes on whatever it raises.
    pub(super) fn notify(&self, wait: Wait) {
        if let Err(raised) = self.call(wait) {
            Python::attach(|py| raised.write_unraisable(py, Some(self.0.bind(py))));
        }
    }
}

/// What is called with a bucket and returns what is to be changed, or nothing.
pub(crate) struct Change(Py<PyAny>);

impl FromPyObject<'_, '_> for Change {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Callable"),
        PyStaticExpr::List { elts: &[Bucket::TYPE_HINT] },
        type_hint_union!(UpdateBucket::TYPE_HINT, pyo3::types::PyNone::TYPE_HINT)
    );

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        callable(object).map(Self)
    }
}

impl Change {
    pub(super) fn call(&self, bucket: Bucket) -> PyResult<Option<UpdateBucket>> {
        call_python(|py| self.0.call1(py, (bucket,))?.extract(py).map_err(Into::into))
    }
}
