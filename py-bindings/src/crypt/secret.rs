//! Secrets as Python holds them, and how rclone's configuration spells them.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use safe_text::SecretString;

use super::failure::Failure;

/// A password, a salt, or a text that gives one away. It is not shown, not pickled, and read only by ``expose()``.
///
/// It is taken as it is: a line end or a space at its end makes another password.
///
/// >>> password = Secret("correct horse")
/// >>> password, f"{password}"
/// (Secret('***'), "Secret('***')")
/// >>> password.expose()
/// 'correct horse'
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Secret(SecretString);

#[pymethods]
impl Secret {
    #[new]
    fn new(text: &Bound<'_, PyString>) -> PyResult<Self> {
        // Python's own error would hold the text.
        match text.to_str() {
            Ok(text) => Ok(Self(text.into())),
            Err(_) => Err(PyValueError::new_err(
                "a secret must be text that UTF-8 can write; this one holds half of a surrogate pair",
            )),
        }
    }

    /// Reads the secret.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the secret, of which it shows nothing")]
    fn __repr__(&self) -> &'static str {
        "Secret('***')"
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the secret, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

/// What tells that a secret stays where it is.
pub(crate) fn not_pickled() -> PyErr {
    PyTypeError::new_err("secrets and keys are neither pickled nor copied; hand over the object itself")
}

impl Secret {
    /// A secret that a service or the simulator has given.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.into())
    }

    pub(super) fn password(&self) -> rclone_crypt::Password {
        rclone_crypt::Password::new(self.expose())
    }

    pub(super) fn salt(&self) -> rclone_crypt::Salt {
        rclone_crypt::Salt::new(self.expose())
    }
}

/// Obscures a secret for rclone's configuration, as ``rclone obscure`` does: anybody can reveal it.
///
/// >>> reveal(obscure(Secret("correct horse"))).expose()
/// 'correct horse'
#[pyfunction]
pub(crate) fn obscure(secret: &Secret) -> PyResult<Secret> {
    let obscured = rclone_crypt::obscure(secret.expose()).map_err(Failure::from)?;
    Ok(Secret(obscured.expose().into()))
}

/// Reveals a secret of rclone's configuration, as ``rclone reveal`` does.
///
/// >>> reveal(Secret("Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA")).expose()
/// 'password'
#[pyfunction]
pub(crate) fn reveal(obscured: &Secret) -> PyResult<Secret> {
    let revealed = rclone_crypt::reveal(obscured.expose()).map_err(Failure::from)?;
    Ok(Secret(revealed.expose().into()))
}

/// Whether a secret that should be clear is suspected to be obscured. A suspicion and no more: ask, do not guess.
///
/// >>> looks_obscured(Secret("Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA")), looks_obscured(Secret("correct horse"))
/// (True, False)
#[pyfunction]
pub(crate) fn looks_obscured(secret: &Secret) -> bool {
    rclone_crypt::looks_obscured(secret.expose())
}
