//! Secrets beside the application key: customers' encryption keys, download tokens, and the secret of a new key.

use std::sync::Arc;

use b2_client::files;
use pyo3::prelude::*;

use super::arguments::{bucket_name, file_name};
use super::failure::Failure;
use super::found::Key;
use super::settings::HeaderOverrides;
use crate::crypt::{Secret, not_pickled};
use crate::errors;
use crate::secret::AnySecret;

/// A key with which the service encrypts and decrypts files, and which it does not store: without it they cannot be read.
///
/// >>> key = CustomerKey(bytes(32))
/// >>> key
/// CustomerKey('***')
#[pyclass(frozen, module = "dtc.b2")]
pub(crate) struct CustomerKey(Arc<b2_client::CustomerKey>);

#[pymethods]
impl CustomerKey {
    #[new]
    fn new(key: &[u8]) -> PyResult<Self> {
        let key = key.try_into().map_err(|_| {
            errors::argument("customer key", "", "has not 32 bytes", "make one with secrets.token_bytes(32)")
        })?;
        Ok(Self(Arc::new(b2_client::CustomerKey::new(key))))
    }

    /// Makes a key of its base64 text.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
    fn from_base64(text: AnySecret) -> PyResult<Self> {
        let key = b2_client::CustomerKey::from_base64(text.text()).map_err(Failure::from)?;
        Ok(Self(Arc::new(key)))
    }

    /// Reads the key, in base64.
    fn expose(&self) -> &str {
        self.0.expose()
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the key, of which it shows nothing")]
    fn __repr__(&self) -> &'static str {
        "CustomerKey('***')"
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the key, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl CustomerKey {
    pub(super) fn share(&self) -> Arc<b2_client::CustomerKey> {
        Arc::clone(&self.0)
    }
}

/// What authorises downloads of files whose names begin with a prefix, for a time. Whoever has it can use it.
///
/// >>> token = DownloadToken("a token", "f001.backblazeb2.com")
/// >>> token
/// DownloadToken('***')
/// >>> token.expose_url("my-photos", "island.jpg")
/// 'f001.backblazeb2.com/file/my-photos/island.jpg?Authorization=a+token'
#[pyclass(frozen, module = "dtc.b2")]
pub(crate) struct DownloadToken {
    token: Arc<files::DownloadToken>,
    overrides: HeaderOverrides,
}

#[pymethods]
impl DownloadToken {
    #[new]
    #[pyo3(signature = (token, download_url, overrides = None))]
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
    fn new(token: AnySecret, download_url: String, overrides: Option<HeaderOverrides>) -> Self {
        let overrides = overrides.unwrap_or_else(HeaderOverrides::none);
        Self::of(files::DownloadToken::new(token.text(), download_url, overrides.wire()), overrides)
    }

    /// Reads the token, for an ``Authorization`` header.
    fn expose(&self) -> &str {
        self.token.expose()
    }

    /// The URL from which a browser can download a file. It contains the token.
    fn expose_url(&self, bucket: &str, name: &str) -> PyResult<String> {
        Ok(self.token.expose_url(&bucket_name(bucket)?, &file_name(name)?))
    }

    /// The base URL of the downloads, which contains no secret.
    #[getter]
    fn download_url(&self) -> &str {
        self.token.download_url()
    }

    /// The response headers that the token is bound to.
    #[getter]
    fn overrides(&self) -> HeaderOverrides {
        self.overrides.clone()
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the token, of which it shows nothing")]
    fn __repr__(&self) -> &'static str {
        "DownloadToken('***')"
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the token, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl DownloadToken {
    pub(super) fn of(token: files::DownloadToken, overrides: HeaderOverrides) -> Self {
        Self { token: Arc::new(token), overrides }
    }

    pub(super) fn share(&self) -> Arc<files::DownloadToken> {
        Arc::clone(&self.token)
    }
}

/// A new key and its secret, which the service shows only once: put it away before anything else.
#[pyclass(frozen, get_all, module = "dtc.b2")]
pub(crate) struct NewKey {
    /// The key.
    key: Key,
    /// Its secret half.
    secret: Py<Secret>,
}

#[pymethods]
impl NewKey {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!(
            "NewKey(key={}, secret=Secret('***'))",
            crate::values::object(py, self.key.clone())?.repr()?
        ))
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the key, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl NewKey {
    pub(super) fn of(key: Key, secret: Py<Secret>) -> Self {
        Self { key, secret }
    }
}
