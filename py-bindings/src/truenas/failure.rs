//! What went wrong with a call to an appliance, as the exceptions that Python knows.

use std::io;

use pyo3::prelude::*;
use truenas_client::{Error, ErrorKind, FieldError};

use crate::errors::{self, python};

/// What went wrong while the interpreter was released.
pub(crate) enum Failure {
    Appliance(Error),
    /// Something that Python raised: a file-like object, or an argument.
    Python(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Appliance(error)
    }
}

impl From<PyErr> for Failure {
    fn from(raised: PyErr) -> Self {
        Self::Python(raised)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Appliance(error) => raised(&error),
            Failure::Python(raised) => raised,
        }
    }
}

/// What a file-like object has raised is raised again; any other failure is the service's.
pub(crate) fn raised(error: &Error) -> PyErr {
    for cause in errors::causes(error) {
        let inner = cause.downcast_ref::<io::Error>().and_then(|cause| cause.get_ref());
        if let Some(raised) = inner.and_then(|inner| inner.downcast_ref::<PyErr>()) {
            return Python::attach(|py| raised.clone_ref(py));
        }
    }
    let (made, code) = of_the_appliance(error);
    match Python::attach(|py| noted(py, &made, code, error)) {
        Ok(()) => made,
        Err(failed) => failed,
    }
}

/// The exception, and its code where the class does not say it.
fn of_the_appliance(error: &Error) -> (PyErr, Option<&'static str>) {
    let (text, kind) = (errors::chain(error), errors::snake_case(&format!("{:?}", error.kind())));
    let code = service_code(error.kind());
    let arguments = (text.clone(), kind.clone(), error.operation(), error.is_retryable(), code);
    match error.kind() {
        ErrorKind::InvalidRequest { .. } | ErrorKind::RedactedSecret { .. } | ErrorKind::TooLong { .. } => {
            let subject = error.subject().unwrap_or_default().to_owned();
            let problem = text.clone();
            let made = python::ValidationError::new_err((text, kind, subject, "", "", (0, 0), problem, ""));
            (made, None)
        }
        ErrorKind::ReadOnly => (python::Refused::new_err(arguments), None),
        ErrorKind::PinMismatch { .. }
        | ErrorKind::Untrusted
        | ErrorKind::NotTrueNas
        | ErrorKind::NotProven
        | ErrorKind::Standby { .. } => {
            (python::Refused::new_err(arguments), Some("DTC-SERVICE-WRONG-MACHINE"))
        }
        ErrorKind::CredentialsRejected | ErrorKind::CredentialsExpired | ErrorKind::OneTimeCodeRequired => {
            (python::AuthError::new_err(arguments), None)
        }
        ErrorKind::Unauthorized | ErrorKind::ApiAccessDenied | ErrorKind::AddressNotAllowed => {
            (python::AuthError::new_err(arguments), Some("DTC-SERVICE-UNAUTHORIZED"))
        }
        ErrorKind::NotFound | ErrorKind::JobVanished { .. } => (python::NotFound::new_err(arguments), None),
        ErrorKind::NotStarted { .. } => (python::Conflict::new_err(arguments), None),
        ErrorKind::RateLimited => (python::RateLimited::new_err(arguments), None),
        ErrorKind::Unreachable | ErrorKind::SocketBlocked { .. } => {
            (python::TransportError::new_err(arguments), None)
        }
        ErrorKind::OutcomeUnknown | ErrorKind::JobUnfinished { .. } => {
            (python::OutcomeUnknown::new_err(arguments), None)
        }
        ErrorKind::Unsupported { .. } => {
            (python::ApiError::new_err(arguments), Some("DTC-SERVICE-UNSUPPORTED"))
        }
        ErrorKind::Validation { .. }
        | ErrorKind::JobFailed { .. }
        | ErrorKind::JobAborted { .. }
        | ErrorKind::Rejected { .. } => (python::ApiError::new_err(arguments), None),
        // One that is not understood, and any kind that is added later.
        _ => (python::ApiError::new_err(arguments), Some("DTC-SERVICE-NOT-UNDERSTOOD")),
    }
}

/// The appliance's own name of the failure.
fn service_code(kind: &ErrorKind) -> Option<String> {
    match kind {
        ErrorKind::Rejected { errname, .. } => Some(errname.clone()),
        _ => None,
    }
}

/// Which fields the appliance refuses, a sentence each.
fn fields(kind: &ErrorKind) -> Vec<String> {
    let said = |field: &FieldError| format!("{}: {}", field.attribute, field.message);
    match kind {
        ErrorKind::Validation { fields } | ErrorKind::JobFailed { fields, .. } => {
            fields.iter().map(said).collect()
        }
        _ => Vec::new(),
    }
}

/// Sets what the constructors do not take.
fn noted(py: Python<'_>, made: &PyErr, code: Option<&str>, error: &Error) -> PyResult<()> {
    let value = made.value(py);
    value.setattr("operation", error.operation())?;
    value.setattr("also", pyo3::types::PyTuple::new(py, fields(error.kind()))?)?;
    if let Some(code) = code {
        value.setattr("code", code)?;
    }
    if let Some(status) = error.status() {
        value.setattr("status", status)?;
    }
    if let ErrorKind::Unsupported { instead: Some(instead), .. } = error.kind() {
        value.setattr("remedy", *instead)?;
    }
    Ok(())
}
