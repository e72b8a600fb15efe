//! Errors of the Rust crates as the exceptions of `dtc.exceptions`.

use pyo3::PyErr;

mod python {
    pyo3::import_exception!(dtc.exceptions, ValidationError);
}

/// What `dtc_naming` refuses: a `ValidationError`, its span in characters as Python counts.
pub(crate) fn validation(error: &dtc_naming::Error) -> PyErr {
    let span = error.char_span();
    python::ValidationError::new_err((
        error.to_string(),
        error.kind().as_str(),
        error.subject(),
        error.input().to_owned(),
        error.rule().as_str(),
        (span.start, span.end),
        error.problem().to_owned(),
        error.remedy(),
    ))
}
