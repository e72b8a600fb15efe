//! What the value classes have in common: their look, their dictionary, their pickles; and times.

use std::convert::Infallible;

use dtc_provision::jiff::Timestamp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDelta, PyDict, PyList, PyString, PyTzInfo};
use pyo3::{Borrowed, IntoPyObjectExt as _, intern};

#[cfg(feature = "stubs")]
use pyo3::{
    PyTypeInfo as _, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript, types::PyNone,
};

use crate::errors;

/// A frozen class of named fields: made from keywords, shown with every field, compared, hashed, pickled, and turned into a dictionary.
macro_rules! value_class {
    (in $module:literal; $(#[$doc:meta])+ $name:ident {
            $($(#[$note:meta])+ $field:ident : $ty:ty $(= $default:tt)?,)*
        } $($methods:tt)*
    ) => {
        $(#[$doc])+
        #[pyo3::pyclass(frozen, eq, hash, get_all, from_py_object, module = $module)]
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[allow(clippy::struct_field_names, reason = "the names are the service's own")]
        pub(crate) struct $name {
            $($(#[$note])+ pub(crate) $field: $ty,)*
        }

        #[pyo3::pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (*, $($field $(= $default)?),*))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            fn new($($field: $ty),*) -> Self {
                Self { $($field),* }
            }

            /// The fields by their names, with values in them turned into dictionaries as well.
            fn to_dict<'py>(
                &self,
                py: pyo3::Python<'py>,
            ) -> pyo3::PyResult<$crate::values::Dictionary<'py>> {
                $crate::values::dictionary(py, &self.fields(py)?)
            }

            fn __repr__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<String> {
                $crate::values::shown(stringify!($name), &self.fields(py)?)
            }

            fn __reduce__<'py>(
                slf: &pyo3::Bound<'py, Self>,
            ) -> pyo3::PyResult<(pyo3::Bound<'py, pyo3::PyAny>, ())> {
                $crate::values::reduced(&pyo3::types::PyAnyMethods::get_type(slf.as_any()), &slf.get().fields(slf.py())?)
            }

            $($methods)*
        }

        impl $name {
            fn fields<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<$crate::values::Fields<'py>> {
                Ok(vec![$((stringify!($field), $crate::values::object(py, self.$field.clone())?)),*])
            }
        }
    };
    ($($class:tt)+) => {
        $crate::values::value_class! { in "dtc.b2"; $($class)+ }
    };
}

pub(crate) use value_class;

/// A value's fields, in order.
pub(crate) type Fields<'py> = Vec<(&'static str, Bound<'py, PyAny>)>;

/// A value as a Python object.
pub(crate) fn object<'py, T: IntoPyObject<'py>>(py: Python<'py>, value: T) -> PyResult<Bound<'py, PyAny>> {
    value.into_bound_py_any(py)
}

/// `Name(field='value', …)`.
pub(crate) fn shown(name: &str, fields: &Fields<'_>) -> PyResult<String> {
    let mut texts = Vec::with_capacity(fields.len());
    for (field, value) in fields {
        texts.push(format!("{field}={}", value.repr()?.to_str()?));
    }
    Ok(format!("{name}({})", texts.join(", ")))
}

/// Values by their names.
pub(crate) struct Dictionary<'py>(pub(crate) Bound<'py, PyDict>);

impl<'py> IntoPyObject<'py> for Dictionary<'py> {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = Infallible;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("builtins", "dict"),
        type_hint_identifier!("builtins", "str"),
        type_hint_identifier!("typing", "Any")
    );

    fn into_pyobject(self, _: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(self.0)
    }
}

/// A list, of a method whose class has a method `list`: the stubs must not name the type by that word.
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<'py, T: IntoPyObject<'py>> IntoPyObject<'py> for Many<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("typing", "List"), T::OUTPUT_TYPE);

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        self.0.into_bound_py_any(py)
    }
}

/// `None`, which a coroutine returns as well.
pub(crate) struct Nothing;

impl<'py> IntoPyObject<'py> for Nothing {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = Infallible;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = PyNone::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(py.None().into_bound(py))
    }
}

/// The fields, and those of values in them.
pub(crate) fn dictionary<'py>(py: Python<'py>, fields: &Fields<'py>) -> PyResult<Dictionary<'py>> {
    let all = PyDict::new(py);
    for (field, value) in fields {
        all.set_item(field, plain(value)?)?;
    }
    Ok(Dictionary(all))
}

fn plain<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    if let Ok(list) = value.cast::<PyList>() {
        let items = list.iter().map(|item| plain(&item)).collect::<PyResult<Vec<_>>>()?;
        return Ok(PyList::new(py, items)?.into_any());
    }
    if value.hasattr(intern!(py, "to_dict"))? {
        return value.call_method0(intern!(py, "to_dict"));
    }
    Ok(value.clone())
}

/// What pickle makes a value of again: the class, called with its fields. A pickle of a version whose fields were others raises `TypeError`.
pub(crate) fn reduced<'py>(
    class: &Bound<'py, impl Sized>,
    fields: &Fields<'py>,
) -> PyResult<(Bound<'py, PyAny>, ())> {
    let py = class.py();
    let keywords = PyDict::new(py);
    for (field, value) in fields {
        keywords.set_item(field, value)?;
    }
    let made = py.import(intern!(py, "functools"))?.getattr(intern!(py, "partial"))?;
    Ok((made.call((class.as_any(),), Some(&keywords))?, ()))
}

/// A moment, in milliseconds since the Unix epoch; to Python an aware `datetime`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Time(pub(crate) i64);

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

impl Time {
    pub(crate) fn timestamp(self) -> PyResult<Timestamp> {
        Timestamp::from_millisecond(self.0).map_err(|_| {
            errors::argument("time", &self.0.to_string(), "is beyond the calendar", "give a year up to 9999")
        })
    }
}

/// What Python's calendar can hold: the years 1 to 9999.
const CALENDAR: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;
const DAY: i64 = 86_400_000;

fn epoch(py: Python<'_>) -> PyResult<Bound<'_, PyDateTime>> {
    PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&*PyTzInfo::utc(py)?))
}

impl<'py> IntoPyObject<'py> for Time {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = PyDateTime::TYPE_HINT;

    /// A time beyond the calendar is shown as its end.
    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let at = self.0.clamp(*CALENDAR.start(), *CALENDAR.end());
        let (days, rest) = (at.div_euclid(DAY), at.rem_euclid(DAY));
        let number = |value: i64| i32::try_from(value).unwrap_or(i32::MAX);
        let since = PyDelta::new(py, number(days), number(rest / 1000), number(rest % 1000 * 1000), false)?;
        epoch(py)?.add(since)
    }
}

impl FromPyObject<'_, '_> for Time {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = PyDateTime::TYPE_HINT;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let given = object.cast::<PyDateTime>()?;
        if given.call_method0(intern!(py, "utcoffset"))?.is_none() {
            let text = given.str()?.to_string();
            return Err(errors::argument(
                "time",
                &text,
                "has no time zone",
                "use datetime.now(timezone.utc)",
            ));
        }
        let since = given.sub(epoch(py)?)?;
        let part = |name: &Bound<'_, PyString>| since.getattr(name)?.extract::<i64>();
        let (days, seconds) = (part(intern!(py, "days"))?, part(intern!(py, "seconds"))?);
        Ok(Self(days * DAY + seconds * 1000 + part(intern!(py, "microseconds"))? / 1000))
    }
}

/// Refuses what is compared with nothing.
pub(crate) fn no_truth(what: &str) -> PyErr {
    PyTypeError::new_err(format!("{what} is neither true nor false: look at what it is"))
}
