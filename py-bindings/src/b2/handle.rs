//! What every handle holds: a client that can be closed, and the secrets that it adds to calls.

use std::sync::Arc;

use b2_client::files::{DownloadToken, Files};
use b2_client::{Client, CustomerKey};
use pyo3::prelude::*;

use crate::held::Held;

/// A client with the secrets that a handle adds to its calls.
#[derive(Clone)]
pub(crate) struct Handle {
    client: Held<Client>,
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
        Self { client: Held::new("client", client), key: None, token: None }
    }

    pub(super) fn with_key(&self, key: Arc<CustomerKey>) -> Self {
        Self { key: Some(key), ..self.clone() }
    }

    pub(super) fn with_token(&self, token: Arc<DownloadToken>) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    pub(super) fn ready(&self) -> PyResult<Ready> {
        Ok(Ready { client: self.client.ready()?, key: self.key.clone(), token: self.token.clone() })
    }

    pub(super) fn close(&self) {
        self.client.close();
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
