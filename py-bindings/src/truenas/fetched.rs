//! Contents that are being fetched.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::Stream;
use pyo3::prelude::*;
use tokio::sync::Mutex;
use truenas_client::Error;

use super::failure::Failure;
use crate::pieces::{Open, Reading};

/// Contents that are being fetched.
pub(crate) struct Fetched {
    pub(super) length: Option<u64>,
    reading: Reading<Failure>,
}

impl Fetched {
    pub(super) fn new(
        length: Option<u64>,
        pieces: impl Stream<Item = Result<Bytes, Error>> + Send + 'static,
    ) -> Self {
        Self { length, reading: Reading::new(pieces) }
    }

    pub(super) fn ready(&self) -> PyResult<Arc<Mutex<Open<Failure>>>> {
        self.reading.ready()
    }

    pub(super) fn close(&self) {
        self.reading.close();
    }
}
