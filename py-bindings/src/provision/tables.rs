//! The tables of a site file, as they are given in Python.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use serde_json::Value;

use crate::crypt::Secret;
use crate::{errors, json};

/// What stands where a secret was given as an object.
const GIVEN: &str = "env:DTC_GIVEN_BY_THE_PROGRAM";

/// The tables of a site file as JSON. What is `None` is left out; secrets are put aside, with the field that each was given for.
pub(crate) fn tables(
    object: &Bound<'_, PyAny>,
    at: &str,
    secrets: &mut Vec<(String, Py<Secret>)>,
) -> PyResult<Value> {
    let mut read = json::read(object, at, &mut |at, object| {
        if let Ok(secret) = object.cast::<Secret>() {
            secrets.push((at.to_owned(), secret.clone().unbind()));
            return Ok(GIVEN.into());
        }
        let module: String = object.get_type().module()?.extract()?;
        if module == "dtc.naming" || object.hasattr(intern!(object.py(), "__fspath__"))? {
            return Ok(object.str()?.extract::<String>()?.into());
        }
        let (kind, fits) = (object.get_type().name()?, "give text, a number, a list or a dictionary");
        Err(PyTypeError::new_err(format!("{at}: a {kind} has no place in a site; {fits}")))
    })?;
    leave_out_null(&mut read);
    Ok(read)
}

fn leave_out_null(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(leave_out_null);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_null),
        _ => {}
    }
}

pub(crate) fn no_secret(at: &str) -> PyErr {
    errors::argument("site", at, "takes no secret", "give the secret to the table of a service")
}
