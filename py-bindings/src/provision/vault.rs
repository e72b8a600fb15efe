//! A vault that is written in Python: four methods, of which nothing is trusted.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use dtc_adapters::{ChangedSecret, ListedSecret, NewSecret, SecretStore};
use dtc_provision::{PortError, PortErrorKind, Service};
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use safe_text::SecretString;

use crate::crypt::Secret;
use crate::errors::python;
use crate::rt::Access;
use crate::secret::AnySecret;
use crate::values::value_class;

/// How long a method may take that is given no other time.
pub(super) const LIMIT: Duration = Duration::from_mins(1);

value_class! {
    in "dtc.provision";
    /// A record as a vault of one's own lists it, without its value.
    VaultRecord {
        /// What the vault knows it by.
        id: String,
        /// Its label, as it was created.
        label: String,
        /// Its notes, to the letter: by them it is found again.
        notes: String,
        /// The user name beside the value.
        user_name: Option<String> = None,
        /// The page that shows it, for tickets and reports.
        url: Option<String> = None,
    }
}

/// An object with the methods ``list``, ``read``, ``create`` and ``update``.
pub(crate) struct PythonVault {
    object: Arc<Py<PyAny>>,
    limit: Duration,
}

const METHODS: [&str; 4] = ["list", "read", "create", "update"];

impl PythonVault {
    pub(super) fn new(object: &Bound<'_, PyAny>, limit: Option<Duration>) -> PyResult<Self> {
        for method in METHODS {
            if !object.getattr(method).is_ok_and(|method| method.is_callable()) {
                let problem =
                    format!("a vault has the methods {}; this one has no {method}", METHODS.join(", "));
                return Err(PyTypeError::new_err(problem));
            }
        }
        Ok(Self { object: Arc::new(object.clone().unbind()), limit: limit.unwrap_or(LIMIT) })
    }

    /// Calls a method on a thread of its own. One that does not come back in time is no longer waited for; what becomes of a write is
    /// unknown then, as it is when it raises what does not say otherwise, or returns what was not promised.
    async fn call<T: Send + 'static>(
        &self,
        access: Access,
        attempted: String,
        call: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T> + Send + 'static,
    ) -> Result<T, PortError> {
        let object = Arc::clone(&self.object);
        let called = tokio::task::spawn_blocking(move || Python::try_attach(|py| call(object.bind(py))));
        let lost = match access {
            Access::Read => PortErrorKind::Unreachable,
            Access::Write => PortErrorKind::OutcomeUnknown,
        };
        let failed = |kind, answer: String| {
            PortError::new(kind, attempted.clone(), answer).from_service(Service::Vault)
        };
        match tokio::time::timeout(self.limit, called).await {
            Ok(Ok(Some(Ok(value)))) => Ok(value),
            Ok(Ok(Some(Err(raised)))) => {
                let kind = Python::attach(|py| kind_of(py, &raised, access));
                Err(failed(kind, format!("the vault raised {raised}")).caused_by(raised))
            }
            Ok(_) => Err(failed(lost, "the interpreter is shutting down".to_owned())),
            Err(_) => {
                let seconds = self.limit.as_secs_f64();
                Err(failed(lost, format!("the vault has not come back within {seconds} s")))
            }
        }
    }
}

/// What an exception of the vault's means to whoever called.
fn kind_of(py: Python<'_>, raised: &PyErr, access: Access) -> PortErrorKind {
    let kinds = [
        (raised.is_instance_of::<python::OutcomeUnknown>(py), PortErrorKind::OutcomeUnknown),
        (raised.is_instance_of::<python::TransportError>(py), PortErrorKind::Unreachable),
        (raised.is_instance_of::<python::AuthError>(py), PortErrorKind::CredentialsRejected),
        (raised.is_instance_of::<python::NotFound>(py), PortErrorKind::NotFound),
        (raised.is_instance_of::<python::Conflict>(py), PortErrorKind::Conflict),
        (raised.is_instance_of::<python::RateLimited>(py), PortErrorKind::RateLimited),
        (raised.is_instance_of::<python::Refused>(py), PortErrorKind::Refused),
        (matches!(access, Access::Write), PortErrorKind::OutcomeUnknown),
        (raised.is_instance_of::<PyOSError>(py), PortErrorKind::Unreachable),
    ];
    kinds.into_iter().find(|(is, _)| *is).map_or(PortErrorKind::NotUnderstood, |(_, kind)| kind)
}

#[async_trait]
impl SecretStore for PythonVault {
    async fn list(&self, organization: &str) -> Result<Vec<ListedSecret>, PortError> {
        let attempted = format!("list the vault's records of {organization:?}");
        let organization = organization.to_owned();
        self.call(Access::Read, attempted, move |vault| {
            let listed = vault.call_method1(intern!(vault.py(), "list"), (organization,))?;
            let record = |item: PyResult<Bound<'_, PyAny>>| {
                let VaultRecord { id, label, notes, user_name, url } =
                    item?.extract().map_err(PyErr::from)?;
                let url = url.unwrap_or_else(|| format!("record {id}"));
                Ok(ListedSecret { id, label, notes, user_name, url })
            };
            listed.try_iter()?.map(record).collect()
        })
        .await
    }

    async fn read(&self, organization: &str, id: &str) -> Result<(Option<String>, SecretString), PortError> {
        let attempted = format!("read the value of the vault's record {id}");
        let (organization, id) = (organization.to_owned(), id.to_owned());
        self.call(Access::Read, attempted, move |vault| {
            let read = vault.call_method1(intern!(vault.py(), "read"), (organization, id))?;
            // What PyO3 says of a value of another type does not hold it.
            let (user_name, value): (Option<String>, AnySecret) = read.extract()?;
            Ok((user_name, SecretString::from(value.text().to_owned())))
        })
        .await
    }

    async fn create(&self, organization: &str, record: NewSecret<'_>) -> Result<(String, String), PortError> {
        let attempted = format!("create the record {:?}", record.label);
        let (organization, label, notes) =
            (organization.to_owned(), record.label.to_owned(), record.notes.to_owned());
        let (user_name, value) =
            (record.user_name.map(str::to_owned), Secret::of(record.value.expose_secret()));
        self.call(Access::Write, attempted, move |vault| {
            let py = vault.py();
            let given = PyDict::new(py);
            given.set_item(intern!(py, "label"), label)?;
            given.set_item(intern!(py, "notes"), notes)?;
            given.set_item(intern!(py, "user_name"), user_name)?;
            given.set_item(intern!(py, "value"), value)?;
            let made = vault.call_method(intern!(py, "create"), (organization,), Some(&given))?;
            let VaultRecord { id, url, .. } = made.extract().map_err(PyErr::from)?;
            let url = url.unwrap_or_else(|| format!("record {id}"));
            Ok((id, url))
        })
        .await
    }

    async fn update(&self, organization: &str, id: &str, change: ChangedSecret<'_>) -> Result<(), PortError> {
        let attempted = format!("change the vault's record {id}");
        let (organization, id, notes) = (organization.to_owned(), id.to_owned(), change.notes.to_owned());
        let user_name = change.user_name.map(str::to_owned);
        let value = change.value.map(|value| Secret::of(value.expose_secret()));
        self.call(Access::Write, attempted, move |vault| {
            let py = vault.py();
            let given = PyDict::new(py);
            given.set_item(intern!(py, "notes"), notes)?;
            given.set_item(intern!(py, "user_name"), user_name)?;
            given.set_item(intern!(py, "value"), value)?;
            vault.call_method(intern!(py, "update"), (organization, id), Some(&given)).map(drop)
        })
        .await
    }
}
