//! What went wrong with a call to B2, as the exceptions that Python knows.

use std::io;

use b2_client::{Error, ErrorKind};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

use crate::errors::{self, python};

/// What went wrong while the interpreter was released.
pub(crate) enum Failure {
    Service(Error),
    /// Something that Python raised: a file-like object or a callback.
    Python(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Service(error)
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
            Failure::Service(error) => raised(&error),
            Failure::Python(raised) => raised,
        }
    }
}

fn raised(error: &Error) -> PyErr {
    if matches!(error.kind(), ErrorKind::SourceFailed | ErrorKind::DestinationFailed) {
        for cause in errors::causes(error) {
            let Some(cause) = cause.downcast_ref::<io::Error>() else { continue };
            return match cause.get_ref().and_then(|inner| inner.downcast_ref::<PyErr>()) {
                Some(raised) => Python::attach(|py| raised.clone_ref(py)),
                None => of_the_system(error, cause),
            };
        }
    }
    let made = of_the_service(error);
    match Python::attach(|py| noted(py, &made, error)) {
        Ok(()) => made,
        Err(failed) => failed,
    }
}

fn of_the_system(error: &Error, cause: &io::Error) -> PyErr {
    let text = errors::shown(error);
    match cause.raw_os_error() {
        Some(number) => PyOSError::new_err((number, text)),
        None => PyOSError::new_err(text),
    }
}

fn of_the_service(error: &Error) -> PyErr {
    let (text, kind) = (errors::chain(error), errors::snake_case(&format!("{:?}", error.kind())));
    if *error.kind() == ErrorKind::InvalidRequest && error.status().is_none() {
        let subject = error.subject().unwrap_or_default().to_owned();
        let problem = text.clone();
        return python::ValidationError::new_err((text, kind, subject, "", "", (0, 0), problem, ""));
    }
    let code = error.service_code().map(str::to_owned);
    let arguments = (text, kind, error.operation(), error.is_retryable(), code);
    match error.kind() {
        ErrorKind::ReadOnly => python::Refused::new_err(arguments),
        ErrorKind::NameTaken
        | ErrorKind::BucketNotEmpty
        | ErrorKind::RevisionConflict
        | ErrorKind::LockConflict
        | ErrorKind::AlreadyHidden => python::Conflict::new_err(arguments),
        ErrorKind::Unauthorized { .. }
        | ErrorKind::CredentialsRejected
        | ErrorKind::KeyTooNew
        | ErrorKind::AccessDenied => python::AuthError::new_err(arguments),
        ErrorKind::RateLimited => python::RateLimited::new_err(arguments),
        ErrorKind::Unreachable => python::TransportError::new_err(arguments),
        ErrorKind::OutcomeUnknown => python::OutcomeUnknown::new_err(arguments),
        ErrorKind::NotFound | ErrorKind::LargeFileGone => python::NotFound::new_err(arguments),
        _ => python::ApiError::new_err(arguments),
    }
}

/// The code by which the program names the same failure, where the exception's class does not say it.
fn code_of(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Unauthorized { .. } | ErrorKind::AccessDenied => "DTC-SERVICE-UNAUTHORIZED",
        ErrorKind::TooManyBuckets | ErrorKind::CapExceeded | ErrorKind::AccountNotReady => {
            "DTC-SERVICE-ACCOUNT-LIMIT"
        }
        ErrorKind::ChecksumMismatch => "DTC-SERVICE-DAMAGED",
        ErrorKind::NotUnderstood => "DTC-SERVICE-NOT-UNDERSTOOD",
        _ => return None,
    })
}

/// What to do, where the kind says so after its colon.
fn remedy_of(kind: &ErrorKind) -> Option<String> {
    match kind {
        ErrorKind::Unauthorized { .. } => {
            Some("use a key that may do this, for this bucket and prefix".to_owned())
        }
        ErrorKind::Unclassified { .. } => None,
        kind => kind.to_string().split_once(": ").map(|(_, remedy)| remedy.to_owned()),
    }
}

/// Sets what the constructors do not take.
fn noted(py: Python<'_>, made: &PyErr, error: &Error) -> PyResult<()> {
    let value = made.value(py);
    value.setattr("operation", error.operation())?;
    if let Some(code) = code_of(error.kind()) {
        value.setattr("code", code)?;
    }
    if let Some(remedy) = remedy_of(error.kind()) {
        value.setattr("remedy", remedy)?;
    }
    if let Some(status) = error.status() {
        value.setattr("status", status)?;
    }
    if let Some(id) = error.request_id() {
        value.setattr("request_id", id)?;
    }
    if let (ErrorKind::RateLimited, Some(wait)) = (error.kind(), error.retry_after()) {
        value.setattr("retry_after", wait.as_secs_f64())?;
    }
    Ok(())
}
