//! The keys of one encrypted remote.

use std::sync::Arc;

use pyo3::prelude::*;

use super::failure::Failure;
use super::secret::{Secret, not_pickled};

/// The keys of one encrypted remote, derived from its password and salt. They are neither shown nor pickled.
///
/// >>> keys = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
/// >>> keys
/// Keys('***')
/// >>> decrypt_bytes(keys, encrypt_bytes(keys, b"every pool has its story"))
/// b'every pool has its story'
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Keys(Arc<rclone_crypt::Keys>);

#[pymethods]
impl Keys {
    /// Derives the keys. Slow on purpose (some 50 ms): do it once for each pair, and keep them.
    ///
    /// ``salt`` is rclone's ``password2``; a remote without one has none here either.
    #[staticmethod]
    #[pyo3(signature = (*, password, salt = None))]
    fn derive(py: Python<'_>, password: &Secret, salt: Option<&Secret>) -> PyResult<Self> {
        let (password, salt) =
            (password.password(), salt.map_or_else(rclone_crypt::Salt::none, Secret::salt));
        let keys = py.detach(|| rclone_crypt::Keys::derive(&password, &salt)).map_err(Failure::from)?;
        Ok(Self(Arc::new(keys)))
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the keys, of which it shows nothing")]
    fn __repr__(&self) -> &'static str {
        "Keys('***')"
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the keys, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl Keys {
    /// The keys, to be used while the interpreter is released.
    pub(super) fn share(&self) -> Arc<rclone_crypt::Keys> {
        Arc::clone(&self.0)
    }
}
