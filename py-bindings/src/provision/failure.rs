//! What went wrong with provisioning and what is built on it, as the exceptions that Python knows.

use std::error::Error as StdError;
use std::io;

use dtc_adapters::{Error as AdapterError, ErrorKind as AdapterErrorKind, Place};
use dtc_provision::{Error, ErrorKind, Outcome, PortError, PortErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::errors::{self, python};

/// What went wrong while the interpreter was released.
pub(crate) enum Failure {
    Provision(Error),
    Connection(AdapterError),
    /// Something that Python raised: a callback, or an argument that was looked at late.
    Python(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Provision(error)
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        Self::Provision(error.into())
    }
}

impl From<AdapterError> for Failure {
    fn from(error: AdapterError) -> Self {
        Self::Connection(error)
    }
}

impl From<PyErr> for Failure {
    fn from(raised: PyErr) -> Self {
        Self::Python(raised)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        let (made, noted) = match failure {
            Failure::Python(raised) => return raised,
            Failure::Provision(error) => {
                let made = of_provision(&error);
                let remedy = match error.kind() {
                    ErrorKind::Refused(refusal) => Some(refusal.remedy.as_str()),
                    _ => None,
                };
                let noted = Python::attach(|py| {
                    noted(py, &made, &error.code(), &error, error.also())?;
                    remedy.map_or(Ok(()), |remedy| made.value(py).setattr("remedy", errors::shown(remedy)))
                });
                (made, noted)
            }
            Failure::Connection(error) => {
                let made = of_connection(&error);
                let noted = Python::attach(|py| {
                    noted(py, &made, error.code(), &error, &[])?;
                    match error.remedy() {
                        Some(remedy) => made.value(py).setattr("remedy", errors::shown(&remedy)),
                        None => Ok(()),
                    }
                });
                (made, noted)
            }
        };
        noted.err().unwrap_or(made)
    }
}

fn of_provision(error: &Error) -> PyErr {
    let kind = errors::snake_case(&format!("{:?}", error.kind()));
    if let ErrorKind::Port(port) = error.kind() {
        return of_port(port, errors::chain(error));
    }
    let arguments = (errors::shown(error), kind);
    match error.outcome() {
        Outcome::DataAtRisk => python::DataAtRisk::new_err(arguments),
        Outcome::Incomplete => python::Incomplete::new_err(arguments),
        Outcome::Precondition | Outcome::Blocked => python::Refused::new_err(arguments),
        Outcome::AsItShouldBe | Outcome::Error | Outcome::Differs => {
            python::ProvisionError::new_err(arguments)
        }
    }
}

fn of_port(port: &PortError, text: String) -> PyErr {
    let kind = port.kind();
    let retryable =
        matches!(kind, PortErrorKind::Unreachable | PortErrorKind::RateLimited | PortErrorKind::Damaged);
    let arguments = (text, errors::snake_case(&format!("{kind:?}")), port.attempted().to_owned(), retryable);
    match kind {
        PortErrorKind::Unreachable => python::TransportError::new_err(arguments),
        PortErrorKind::RateLimited => python::RateLimited::new_err(arguments),
        PortErrorKind::CredentialsRejected | PortErrorKind::Unauthorized => {
            python::AuthError::new_err(arguments)
        }
        PortErrorKind::NotFound => python::NotFound::new_err(arguments),
        PortErrorKind::Conflict => python::Conflict::new_err(arguments),
        PortErrorKind::OutcomeUnknown => python::OutcomeUnknown::new_err(arguments),
        PortErrorKind::WrongMachine => python::Refused::new_err(arguments),
        _ => python::ApiError::new_err(arguments),
    }
}

fn of_connection(error: &AdapterError) -> PyErr {
    let kind = errors::snake_case(&format!("{:?}", error.kind()));
    match error.kind() {
        AdapterErrorKind::Port(port) => of_port(port, errors::chain(error)),
        AdapterErrorKind::SiteFileInvalid { place, problem } => {
            misplaced(error, kind, place, problem, "site")
        }
        AdapterErrorKind::JobFileInvalid { place, problem } => misplaced(error, kind, place, problem, "job"),
        AdapterErrorKind::SiteFileUnreadable { source, .. } => of_the_system(error, source),
        AdapterErrorKind::NotASecretSource { .. } => wrong(error, kind, "secret"),
        AdapterErrorKind::SavedRecordIncomplete { .. } => wrong(error, kind, "saved record"),
        AdapterErrorKind::NoSuchAppliance { .. } => wrong(error, kind, "appliance"),
        AdapterErrorKind::NoSuchReplication { .. } => wrong(error, kind, "replication"),
        AdapterErrorKind::FileRefused(file) if !file.is_access() => wrong(error, kind, "file"),
        AdapterErrorKind::RcloneConfig { .. } => wrong(error, kind, "rclone configuration"),
        // What is missing on this machine: a variable, a mode, a certificate.
        AdapterErrorKind::SecretMissing { .. }
        | AdapterErrorKind::SecretUnusable { .. }
        | AdapterErrorKind::SecretExposed { .. }
        | AdapterErrorKind::OnePassword { .. }
        | AdapterErrorKind::Secrets(_)
        | AdapterErrorKind::CertificateUnreadable { .. }
        | AdapterErrorKind::FileRefused(_) => python::Refused::new_err((errors::chain(error), kind)),
        // Of a kind that is added later, nothing is known but its text.
        _ => python::DtcError::new_err((errors::chain(error), kind)),
    }
}

/// What is not written as it should be in a file, by the field where it has one.
fn misplaced(error: &AdapterError, kind: String, place: &Place, problem: &str, file: &str) -> PyErr {
    let subject = place.field.clone().unwrap_or_else(|| file.to_owned());
    let problem = errors::shown(problem);
    python::ValidationError::new_err((errors::shown(error), kind, subject, "", "", (0, 0), problem, ""))
}

/// What was named by mistake, or is not written as it should be; it is not repeated, for it may be a secret.
fn wrong(error: &AdapterError, kind: String, subject: &'static str) -> PyErr {
    let problem = errors::chain(error);
    python::ValidationError::new_err((problem.clone(), kind, subject, "", "", (0, 0), problem, ""))
}

/// What the operating system says of a file, as the subclass of `OSError` that Python has for it.
fn of_the_system(error: &AdapterError, source: &io::Error) -> PyErr {
    io::Error::new(source.kind(), errors::chain(error)).into()
}

/// Sets what the constructors do not take, and what a custom port raised as the cause.
fn noted(
    py: Python<'_>,
    made: &PyErr,
    code: &str,
    error: &(dyn StdError + 'static),
    also: &[String],
) -> PyResult<()> {
    let value = made.value(py);
    value.setattr("code", code)?;
    let also: Vec<String> = also.iter().map(errors::shown).collect();
    value.setattr("also", PyTuple::new(py, also)?)?;
    for cause in errors::causes(error) {
        if let Some(raised) = cause.downcast_ref::<PyErr>() {
            made.set_cause(py, Some(raised.clone_ref(py)));
        }
    }
    Ok(())
}
