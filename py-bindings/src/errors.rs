//! Errors of the Rust crates as the exceptions of `dtc.exceptions`.

use pyo3::types::PyAnyMethods as _;
use pyo3::{PyErr, Python};

mod python {
    pyo3::import_exception!(dtc.exceptions, DataAtRisk);
    pyo3::import_exception!(dtc.exceptions, Incomplete);
    pyo3::import_exception!(dtc.exceptions, ValidationError);
}

/// What `dtc_naming` refuses: a `ValidationError`, its span in characters as Python counts.
pub(crate) fn validation(error: &dtc_naming::Error) -> PyErr {
    let span = error.char_span();
    python::ValidationError::new_err((
        shown(error),
        error.kind().as_str(),
        error.subject(),
        error.input().to_owned(),
        error.rule().as_str(),
        (span.start, span.end),
        error.problem().to_owned(),
        error.remedy(),
    ))
}

/// An input that the encrypted format has no place for (Y1), with its error's own code; `input` is empty where it is secret, or a number.
pub(crate) fn not_of_the_format_as(
    error: &rclone_crypt::Error,
    kind: &'static str,
    subject: &'static str,
    input: &str,
) -> PyErr {
    let raised = not_of_the_format(error, kind, subject, input);
    match Python::attach(|py| raised.value(py).setattr("code", error.code())) {
        Ok(()) => raised,
        Err(failed) => failed,
    }
}

/// The same, of what has no error and so only the rule's code.
pub(crate) fn not_of_the_format(
    problem: &(impl ToString + ?Sized),
    kind: &'static str,
    subject: &'static str,
    input: &str,
) -> PyErr {
    let problem = problem.to_string();
    let span = (0, input.chars().count());
    let message = shown(&problem);
    python::ValidationError::new_err((message, kind, subject, input.to_owned(), "Y1", span, problem, ""))
}

/// A verdict on an object's contents: it does not open under these keys, or is not what it should be (V3).
pub(crate) fn data_at_risk(verdict: &(impl ToString + ?Sized), kind: &'static str) -> PyErr {
    python::DataAtRisk::new_err((shown(verdict), kind))
}

/// An error's text on one line, without secrets and without what cannot be seen, such as in a file's name.
pub(crate) fn shown(error: &(impl ToString + ?Sized)) -> String {
    safe_text::safe(&error.to_string()).into_owned()
}

/// Part of bulk work could not be done, and no data is at risk by that (X8).
pub(crate) fn incomplete(problem: &(impl ToString + ?Sized), kind: &'static str) -> PyErr {
    python::Incomplete::new_err((problem.to_string(), kind))
}
