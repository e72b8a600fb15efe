//! Errors of the Rust crates as the exceptions of `dtc.exceptions`.

use pyo3::types::PyAnyMethods as _;
use pyo3::{PyErr, Python};

pub(crate) mod python {
    pyo3::import_exception!(dtc.exceptions, ApiError);
    pyo3::import_exception!(dtc.exceptions, AuthError);
    pyo3::import_exception!(dtc.exceptions, Conflict);
    pyo3::import_exception!(dtc.exceptions, DataAtRisk);
    pyo3::import_exception!(dtc.exceptions, DtcError);
    pyo3::import_exception!(dtc.exceptions, Incomplete);
    pyo3::import_exception!(dtc.exceptions, NotFound);
    pyo3::import_exception!(dtc.exceptions, OutcomeUnknown);
    pyo3::import_exception!(dtc.exceptions, ProvisionError);
    pyo3::import_exception!(dtc.exceptions, RateLimited);
    pyo3::import_exception!(dtc.exceptions, Refused);
    pyo3::import_exception!(dtc.exceptions, TransportError);
    pyo3::import_exception!(dtc.exceptions, ValidationError);
}

/// An argument that is not what it should be: which, what it was, and what to do.
pub(crate) fn argument(subject: &'static str, input: &str, problem: &str, remedy: &'static str) -> PyErr {
    let message = shown(&format!("the {subject} {input:?} {problem}; {remedy}"));
    let span = (0, input.chars().count());
    let kind = "argument";
    python::ValidationError::new_err((
        message,
        kind,
        subject,
        input.to_owned(),
        "",
        span,
        problem.to_owned(),
        remedy,
    ))
}

/// An input that is not what it was taken for, in the words of an error that says all of it; `input` is empty where it may be secret.
pub(crate) fn invalid(subject: &'static str, input: &str, error: &(impl ToString + ?Sized)) -> PyErr {
    let message = shown(error);
    let span = (0, input.chars().count());
    let problem = message.clone();
    python::ValidationError::new_err((message, "argument", subject, input.to_owned(), "", span, problem, ""))
}

/// The same exception, with a code of its own and what to do.
pub(crate) fn explained(made: PyErr, code: &str, remedy: Option<&str>) -> PyErr {
    let set = Python::attach(|py| {
        let value = made.value(py);
        value.setattr("code", code)?;
        remedy.map_or(Ok(()), |remedy| value.setattr("remedy", remedy))
    });
    set.map_or_else(|failed| failed, |()| made)
}

/// A call whose time was over: a read has changed nothing, and what became of a write is not known.
pub(crate) fn timed_out(operation: &'static str, seconds: f64, is_write: bool) -> PyErr {
    if is_write {
        let message = format!(
            "{operation} has not ended within {seconds} s; look what has become of it before doing it again"
        );
        return python::OutcomeUnknown::new_err((message, "timeout", operation));
    }
    let message = format!("{operation} has not ended within {seconds} s; try again, or wait longer");
    python::TransportError::new_err((message, "timeout", operation, true))
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

/// The causes of an error, beneath one another.
pub(crate) fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    let mut next = error.source();
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

/// An error's text with those of every cause beneath it.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = causes(error).map(ToString::to_string);
    let texts: Vec<String> = std::iter::once(error.to_string()).chain(causes).collect();
    shown(&texts.join(": "))
}

/// The name of a variant as `Debug` shows it, `InvalidRequest { … }`, in the form that Python has it: `invalid_request`.
pub(crate) fn snake_case(shown: &str) -> String {
    let name = shown.split([' ', '{', '(']).next().unwrap_or_default();
    let mut kind = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kind.is_empty() {
            kind.push('_');
        }
        kind.push(letter.to_ascii_lowercase());
    }
    kind
}
