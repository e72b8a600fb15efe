//! What the clients of NinjaOne, HaloPSA and IT Glue have in common: their settings, their errors, and what values keep beside their fields.

use serde::Serialize;
use serde_json::Value;

use crate::json::Members;
use crate::rt::Timeout;

/// The settings of a client beside its address and its credentials.
pub(crate) struct Settings {
    pub(crate) attempts: Option<u32>,
    pub(crate) backoff: Option<(Timeout, Timeout)>,
    pub(crate) deadline: Option<Timeout>,
    pub(crate) read_only: bool,
}

/// A client's configuration with these settings.
macro_rules! configured {
    ($config:expr, $settings:expr) => {{
        let (mut config, settings) = ($config, $settings);
        if let Some(attempts) = settings.attempts {
            config = config.attempts(attempts);
        }
        if let Some((first, longest)) = settings.backoff {
            config = config.backoff(first.get(), longest.get());
        }
        if let Some(deadline) = settings.deadline {
            config = config.deadline(deadline.get());
        }
        if settings.read_only {
            config = config.read_only();
        }
        config
    }};
}

/// The failures of one client, as the exceptions that Python knows. The kinds of every client that mean the same have the same names; `with`
/// names the classes of those that this one has alone.
macro_rules! service_failure {
    ($error:ty, $kind:ident; with $($own:ident => $class:ident),* $(,)?) => {
        /// What went wrong while the interpreter was released.
        pub(crate) enum Failure {
            Service($error),
            /// Something that Python raised, or an argument.
            Python(pyo3::PyErr),
        }

        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Service(error)
            }
        }

        impl From<pyo3::PyErr> for Failure {
            fn from(raised: pyo3::PyErr) -> Self {
                Self::Python(raised)
            }
        }

        impl From<Failure> for pyo3::PyErr {
            fn from(failure: Failure) -> Self {
                match failure {
                    Failure::Service(error) => raised(&error),
                    Failure::Python(raised) => raised,
                }
            }
        }

        fn raised(error: &$error) -> pyo3::PyErr {
            use $crate::errors::{self, python};
            let (text, kind) = (errors::chain(error), errors::snake_case(&format!("{:?}", error.kind())));
            if error.kind() == $kind::InvalidRequest && error.status().is_none() {
                let subject = error.subject().unwrap_or_default().to_owned();
                let problem = text.clone();
                return python::ValidationError::new_err((text, kind, subject, "", "", (0, 0), problem, ""));
            }
            let arguments = (text, kind, error.operation(), error.is_retryable());
            let (made, code) = match error.kind() {
                $kind::ReadOnly => (python::Refused::new_err(arguments), None),
                $kind::CredentialsRejected => (python::AuthError::new_err(arguments), None),
                $kind::Unauthorized => {
                    (python::AuthError::new_err(arguments), Some("DTC-SERVICE-UNAUTHORIZED"))
                }
                $kind::NotFound => (python::NotFound::new_err(arguments), None),
                $kind::RateLimited => (python::RateLimited::new_err(arguments), None),
                $kind::Unreachable => (python::TransportError::new_err(arguments), None),
                $kind::OutcomeUnknown => (python::OutcomeUnknown::new_err(arguments), None),
                $kind::NotUnderstood => {
                    (python::ApiError::new_err(arguments), Some("DTC-SERVICE-NOT-UNDERSTOOD"))
                }
                $($kind::$own => (python::$class::new_err(arguments), None),)*
                _ => (python::ApiError::new_err(arguments), None),
            };
            $crate::service::answered(made, code, error.status(), error.request_id(), error.retry_after())
        }
    };
}

pub(crate) use {configured, service_failure};

/// The exception with what a service answered beside its words.
pub(crate) fn answered(
    made: pyo3::PyErr,
    code: Option<&str>,
    status: Option<u16>,
    request_id: Option<&str>,
    retry_after: Option<std::time::Duration>,
) -> pyo3::PyErr {
    let set = pyo3::Python::attach(|py| {
        use pyo3::types::PyAnyMethods as _;
        let value = made.value(py);
        if let Some(code) = code {
            value.setattr("code", code)?;
        }
        if let Some(status) = status {
            value.setattr("status", status)?;
        }
        if let Some(id) = request_id {
            value.setattr("request_id", id)?;
        }
        if let (Some(wait), true) = (retry_after, value.hasattr("retry_after")?) {
            value.setattr("retry_after", wait.as_secs_f64())?;
        }
        pyo3::PyResult::Ok(())
    });
    set.map_or_else(|failed| failed, |()| made)
}

/// The members of a value that its class has no field for.
pub(crate) fn rest(value: &impl Serialize, known: &[&str]) -> Members {
    let Ok(Value::Object(mut members)) = serde_json::to_value(value) else { return Members::default() };
    members.retain(|name, _| !known.contains(&name.as_str()));
    Members(members)
}
