//! JSON values as Python has them: `dict`, `list`, `str`, `int`, `float`, `bool` and `None`.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyMapping, PySequence, PyString};
use pyo3::{Borrowed, IntoPyObjectExt as _, intern};
use serde::Serialize;
use serde_json::{Map, Number, Value};

#[cfg(feature = "stubs")]
use pyo3::{inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use crate::errors;
use crate::values::Dictionary;

/// How deep a value may be nested.
const DEEPEST: usize = 64;

/// Any JSON value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Json(pub(crate) Value);

/// A JSON object: names with values.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Members(pub(crate) Map<String, Value>);

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl<'py> IntoPyObject<'py> for Json {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = type_hint_identifier!("typing", "Any");

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        to_python(py, &self.0)
    }
}

impl FromPyObject<'_, '_> for Json {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_identifier!("typing", "Any");

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        from_python(&object).map(Self)
    }
}

impl<'py> IntoPyObject<'py> for Members {
    type Target = PyDict;
    type Output = Bound<'py, PyDict>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("builtins", "dict"),
        type_hint_identifier!("builtins", "str"),
        type_hint_identifier!("typing", "Any")
    );

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        members_to_python(py, &self.0)
    }
}

impl FromPyObject<'_, '_> for Members {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Mapping"),
        type_hint_identifier!("builtins", "str"),
        type_hint_identifier!("typing", "Any")
    );

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let other: Other<'_> = &mut |_, object| Err(refused(object, "is no JSON"));
        members_from_python(object.cast::<PyMapping>()?.as_borrowed(), "", 0, other).map(Self)
    }
}

pub(crate) fn to_python<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(value) => value.into_bound_py_any(py),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => number.into_bound_py_any(py),
            (_, Some(number)) => number.into_bound_py_any(py),
            _ => number.as_f64().into_bound_py_any(py),
        },
        Value::String(text) => text.into_bound_py_any(py),
        Value::Array(items) => {
            let items = items.iter().map(|item| to_python(py, item)).collect::<PyResult<Vec<_>>>()?;
            Ok(PyList::new(py, items)?.into_any())
        }
        Value::Object(members) => Ok(members_to_python(py, members)?.into_any()),
    }
}

fn members_to_python<'py>(py: Python<'py>, members: &Map<String, Value>) -> PyResult<Bound<'py, PyDict>> {
    let all = PyDict::new(py);
    for (name, value) in members {
        all.set_item(name, to_python(py, value)?)?;
    }
    Ok(all)
}

fn refused(object: &Bound<'_, PyAny>, problem: &str) -> PyErr {
    let kind = object.get_type().to_string();
    errors::argument("JSON value", &kind, problem, "give dict, list, str, int, float, bool or None")
}

/// A value of ours as a dictionary, its members in their own order.
pub(crate) fn dictionary<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Dictionary<'py>> {
    let text = serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(Dictionary(py.import(intern!(py, "json"))?.call_method1(intern!(py, "loads"), (text,))?.cast_into()?))
}

/// What stands for an object that JSON has no form for; it is given where the object stands, such as `b2.application_key`.
type Other<'a> = &'a mut dyn FnMut(&str, &Bound<'_, PyAny>) -> PyResult<Value>;

/// The same as JSON; `other` says what stands for what JSON has no form for. `at` is where the object stands.
pub(crate) fn read(object: &Bound<'_, PyAny>, at: &str, other: Other<'_>) -> PyResult<Value> {
    read_at(object, at, 0, other)
}

fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    read(object, "", &mut |_, object| Err(refused(object, "is no JSON")))
}

fn read_at(object: &Bound<'_, PyAny>, at: &str, depth: usize, other: Other<'_>) -> PyResult<Value> {
    if depth > DEEPEST {
        return Err(refused(object, "is nested too deep"));
    }
    if object.is_none() {
        Ok(Value::Null)
    } else if let Ok(value) = object.cast::<PyBool>() {
        Ok(Value::Bool(value.is_true()))
    } else if object.is_instance_of::<PyInt>() {
        let signed = object.extract::<i64>().map(Value::from);
        signed.or_else(|_| object.extract::<u64>().map(Value::from))
    } else if let Ok(value) = object.cast::<PyFloat>() {
        let number = Number::from_f64(value.extract()?);
        number.map(Value::Number).ok_or_else(|| refused(object, "is not a number that JSON has"))
    } else if let Ok(text) = object.cast::<PyString>() {
        Ok(Value::String(text.to_str()?.to_owned()))
    } else if let Ok(mapping) = object.cast::<PyMapping>() {
        members_from_python(mapping.as_borrowed(), at, depth, other).map(Value::Object)
    } else if object.is_instance_of::<PyBytes>() {
        other(at, object)
    } else if let Ok(items) = object.cast::<PySequence>() {
        let items = items.try_iter()?.enumerate();
        let items = items.map(|(index, item)| {
            let at = if at.is_empty() { String::new() } else { format!("{at}[{index}]") };
            read_at(&item?, &at, depth + 1, &mut *other)
        });
        items.collect::<PyResult<Vec<_>>>().map(Value::Array)
    } else {
        other(at, object)
    }
}

fn members_from_python(
    mapping: Borrowed<'_, '_, PyMapping>,
    at: &str,
    depth: usize,
    other: Other<'_>,
) -> PyResult<Map<String, Value>> {
    let mut members = Map::new();
    for item in mapping.items()?.iter() {
        let (name, value): (String, Bound<'_, PyAny>) = item.extract()?;
        let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        members.insert(name, read_at(&value, &at, depth + 1, &mut *other)?);
    }
    Ok(members)
}
