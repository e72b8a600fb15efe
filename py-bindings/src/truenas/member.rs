//! One of the calls of a bulk.

use pyo3::prelude::*;
use serde_json::Value;
use truenas_client::Member as MemberThere;

use super::failure::raised;
use crate::json::Json;

/// One of the calls of a ``bulk``.
#[pyclass(frozen, get_all, module = "dtc.truenas")]
pub(crate) struct Member {
    /// The number of its job, where the method is one.
    job: Option<i64>,
    /// What it came to; ``None`` where it failed.
    result: Option<Json>,
    /// Why it failed: an exception of ``dtc.exceptions``; ``None`` where it did not.
    error: Option<Py<PyAny>>,
}

#[pymethods]
impl Member {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let failed = match &self.error {
            Some(error) => error.bind(py).repr()?.to_string(),
            None => "None".to_owned(),
        };
        Ok(format!(
            "Member(job={}, error={failed})",
            self.job.map_or("None".to_owned(), |job| job.to_string())
        ))
    }
}

impl From<MemberThere<Value>> for Member {
    fn from(member: MemberThere<Value>) -> Self {
        let job = member.job.map(truenas_client::JobId::get);
        match member.outcome {
            Ok(result) => Self { job, result: Some(Json(result)), error: None },
            Err(error) => {
                let error = Python::attach(|py| raised(&error).into_value(py).into_any());
                Self { job, result: None, error: Some(error) }
            }
        }
    }
}
