//! What is not shown: secrets that the appliance tells or keeps back, and settings that are not known here.

use std::hash::{Hash, Hasher};

use pyo3::prelude::*;
use pyo3::{Borrowed, IntoPyObjectExt as _};
use safe_text::SecretString;
use serde_json::{Map, Value};
use truenas_client::api_keys::{ApiKeyHash, KeyMaterial};
use truenas_client::cloud_credentials::ApplicationKey;
use truenas_client::cloud_syncs::{EncryptionPassword, EncryptionSalt, Script};
use truenas_client::datasets::DatasetKey;
use truenas_client::keychain::PrivateKey;
use truenas_client::replications::EncryptionKey;
use truenas_client::snmp::{AuthenticationPassword, Community, FurtherConfiguration, PrivacyPassphrase};
use truenas_client::users::PasswordHash;
use truenas_client::{ApiKey, Password, Redactable as Answered, Token};

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo as _, inspect::PyStaticExpr, type_hint_union, types::PyNone};

use super::shown::Shown;
use crate::crypt::{Secret, not_pickled};
use crate::secret::AnySecret;
use crate::values::no_truth;

/// A secret within a value: to Python a `Secret`, or from Python also its text.
#[derive(Clone)]
pub(crate) struct Hidden(SecretString);

impl Hidden {
    /// As the crate takes it.
    pub(crate) fn given<T: From<String>>(&self) -> T {
        T::from(self.0.expose_secret().to_owned())
    }
}

impl PartialEq for Hidden {
    fn eq(&self, other: &Self) -> bool {
        safe_text::same_text(self.0.expose_secret(), other.0.expose_secret())
    }
}

impl Eq for Hidden {}

/// Nothing of a secret goes into a hash.
impl Hash for Hidden {
    fn hash<H: Hasher>(&self, state: &mut H) {
        "secret".hash(state);
    }
}

impl<'py> IntoPyObject<'py> for Hidden {
    type Target = Secret;
    type Output = Bound<'py, Secret>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = Secret::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Bound::new(py, Secret::of(self.0.expose_secret()))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Hidden {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = <AnySecret as FromPyObject<'_, '_>>::INPUT_TYPE;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(object.extract::<AnySecret>()?.text().into()))
    }
}

/// Secrets of the crate, which Python has in a class that hides them.
macro_rules! secrets {
    ($($kind:ty),* $(,)?) => {
        $(impl Shown<Hidden> for $kind {
            fn shown(self) -> Hidden {
                Hidden(self.expose().into())
            }
        })*
    };
}

secrets!(
    ApiKey,
    ApiKeyHash,
    ApplicationKey,
    AuthenticationPassword,
    Community,
    DatasetKey,
    EncryptionKey,
    EncryptionPassword,
    EncryptionSalt,
    FurtherConfiguration,
    KeyMaterial,
    Password,
    PasswordHash,
    PrivacyPassphrase,
    PrivateKey,
    Script,
    Token,
);

/// A key that stays where it is.
impl Shown<Hidden> for &DatasetKey {
    fn shown(self) -> Hidden {
        Hidden(self.expose().into())
    }
}

/// Stands in the place of a secret that the appliance holds and does not show to this user. It is unknown: it equals nothing, and has no truth value.
///
/// >>> Redacted() == Redacted(), Redacted()
/// (False, Redacted())
#[pyclass(frozen, module = "dtc.truenas")]
pub(crate) struct Redacted;

#[pymethods]
#[expect(clippy::unused_self, reason = "Python asks it")]
impl Redacted {
    #[new]
    fn new() -> Self {
        Self
    }

    fn __bool__(&self) -> PyResult<bool> {
        Err(no_truth("a secret that the appliance does not show"))
    }

    fn __eq__(&self, _other: &Bound<'_, PyAny>) -> bool {
        false
    }

    fn __hash__(&self) -> isize {
        0
    }

    fn __repr__(&self) -> &'static str {
        "Redacted()"
    }

    fn __reduce__(slf: &Bound<'_, Self>) -> (Py<PyAny>, ()) {
        (slf.get_type().into_any().unbind(), ())
    }
}

/// A secret as the appliance shows it: a `Secret`, `Redacted`, or none.
#[derive(Clone)]
pub(crate) enum Redactable {
    Clear(Hidden),
    Redacted,
    Absent,
}

/// What is hidden equals nothing.
impl PartialEq for Redactable {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Clear(one), Self::Clear(other)) => one == other,
            (Self::Absent, Self::Absent) => true,
            (Self::Clear(_) | Self::Redacted | Self::Absent, _) => false,
        }
    }
}

impl Eq for Redactable {}

impl Hash for Redactable {
    fn hash<H: Hasher>(&self, state: &mut H) {
        matches!(self, Self::Absent).hash(state);
    }
}

impl<S: Shown<Hidden>> Shown<Redactable> for Answered<S> {
    fn shown(self) -> Redactable {
        match self {
            Self::Clear(secret) => Redactable::Clear(secret.shown()),
            Self::Redacted => Redactable::Redacted,
            Self::Absent => Redactable::Absent,
        }
    }
}

impl<'py> IntoPyObject<'py> for Redactable {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr =
        type_hint_union!(Secret::TYPE_HINT, Redacted::TYPE_HINT, PyNone::TYPE_HINT);

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self {
            Self::Clear(secret) => secret.into_bound_py_any(py),
            Self::Redacted => Redacted.into_bound_py_any(py),
            Self::Absent => Ok(py.None().into_bound(py)),
        }
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Redactable {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr =
        type_hint_union!(Secret::TYPE_HINT, Redacted::TYPE_HINT, PyNone::TYPE_HINT);

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            return Ok(Self::Absent);
        }
        if object.is_instance_of::<Redacted>() {
            return Ok(Self::Redacted);
        }
        object.extract().map(Self::Clear)
    }
}

/// Settings of the appliance's that this version does not know. They go back to the appliance with whatever holds them. Their names are shown; their
/// values may be secrets, and are neither shown nor pickled.
#[pyclass(frozen, eq, from_py_object, module = "dtc.truenas")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OtherSettings(pub(crate) Map<String, Value>);

impl Hash for OtherSettings {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.keys().for_each(|name| name.hash(state));
    }
}

#[pymethods]
impl OtherSettings {
    /// Their names.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn __hash__(&self) -> u64 {
        let mut state = std::hash::DefaultHasher::new();
        self.hash(&mut state);
        state.finish()
    }

    fn __repr__(&self) -> String {
        format!("OtherSettings({})", self.names().join(", "))
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the settings, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl OtherSettings {
    /// The members of an object that its class has no field for; none where there are none.
    pub(crate) fn beside(known: &[&str], all: &impl serde::Serialize) -> Option<Self> {
        let other = crate::service::rest(all, known).0;
        (!other.is_empty()).then_some(Self(other))
    }
}
