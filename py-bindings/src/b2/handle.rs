//! What every handle holds: a client that can be closed, and the secrets that it adds to calls.

use std::sync::{Arc, Mutex};

use b2_client::files::{DownloadToken, Files};
use b2_client::{Client, CustomerKey};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::rt::{Home, locked};

/// A client that can be closed, and belongs to one process.
pub(crate) struct Shared {
    client: Mutex<Option<Client>>,
    home: Home,
}

/// A client with the secrets that a handle adds to its calls.
#[derive(Clone)]
pub(crate) struct Handle {
    shared: Arc<Shared>,
    key: Option<Arc<CustomerKey>>,
    token: Option<Arc<DownloadToken>>,
}

/// A handle of which a call can be made.
pub(super) struct Ready {
    pub(super) client: Client,
    key: Option<Arc<CustomerKey>>,
    token: Option<Arc<DownloadToken>>,
}

impl Handle {
    pub(super) fn new(client: Client) -> Self {
        let shared = Shared { client: Mutex::new(Some(client)), home: Home::here() };
        Self { shared: Arc::new(shared), key: None, token: None }
    }

    pub(super) fn with_key(&self, key: Arc<CustomerKey>) -> Self {
        Self { key: Some(key), ..self.clone() }
    }

    pub(super) fn with_token(&self, token: Arc<DownloadToken>) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    pub(super) fn ready(&self) -> PyResult<Ready> {
        self.shared.home.check()?;
        match &*locked(&self.shared.client) {
            Some(client) => {
                Ok(Ready { client: client.clone(), key: self.key.clone(), token: self.token.clone() })
            }
            None => Err(PyRuntimeError::new_err("the client is closed")),
        }
    }

    /// Lets go of the connections; calls that are under way end as they would.
    pub(super) fn close(&self) {
        drop(locked(&self.shared.client).take());
    }
}

impl Ready {
    pub(super) fn files(&self) -> Files<'_> {
        let mut files = self.client.files();
        if let Some(key) = &self.key {
            files = files.with_customer_key(key);
        }
        if let Some(token) = &self.token {
            files = files.with_token(token);
        }
        files
    }
}
