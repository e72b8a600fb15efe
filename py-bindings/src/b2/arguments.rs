//! Arguments as scripts have them: buckets, names, changes.

use b2_client as b2;
use pyo3::Borrowed;
use pyo3::prelude::*;

#[cfg(feature = "stubs")]
use pyo3::{
    PyTypeInfo as _, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript, type_hint_union,
};

use super::found::Bucket;
use super::requests::UpdateBucket;
use crate::errors;
use crate::listener::callable;
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
