//! Listings: iterators that fetch page after page when they are asked for more.

use std::sync::Arc;
use std::task::Poll;

use b2_client::Error;
use futures_util::stream::{BoxStream, Stream, StreamExt as _};
use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use tokio::sync::Mutex;

use super::failure::Failure;
use super::found::{Entry, FileVersion, Key, Part};
use crate::rt::{self, Access, Awaitable, Home, Limits};

/// A listing of the client. Nothing is asked for ahead: the service bills every page.
pub(super) struct Rows<T> {
    state: Arc<Mutex<State<T>>>,
    home: Home,
    operation: &'static str,
}

/// `None` after the end.
type State<T> = Option<BoxStream<'static, Result<T, Error>>>;

async fn next<T>(state: &Mutex<State<T>>) -> Option<Result<T, Error>> {
    let mut state = state.lock().await;
    let row = state.as_mut()?.next().await;
    if row.is_none() {
        *state = None;
    }
    row
}

impl<T: Send + 'static> Rows<T> {
    pub(super) fn new(
        operation: &'static str,
        stream: impl Stream<Item = Result<T, Error>> + Send + 'static,
    ) -> Self {
        Self { state: Arc::new(Mutex::new(Some(stream.fuse().boxed()))), home: Home::here(), operation }
    }

    fn limits(&self) -> Limits {
        Limits { operation: self.operation, access: Access::Read, timeout: None }
    }

    /// The next row, which most often has arrived already.
    fn next<P: From<T>>(&self, py: Python<'_>) -> PyResult<Option<P>> {
        self.home.check()?;
        if let Ok(mut state) = self.state.try_lock()
            && let Some(stream) = state.as_mut()
            && let Poll::Ready(Some(row)) = rt::poll_once(py, |context| stream.poll_next_unpin(context))?
        {
            return Ok(Some(row.map_err(Failure::from)?.into()));
        }
        let state = Arc::clone(&self.state);
        let row =
            rt::block(py, &self.limits(), async move { Ok::<_, Failure>(next(&state).await.transpose()?) });
        Ok(row?.map(P::from))
    }

    fn next_async<P>(&self) -> PyResult<Awaitable<P>>
    where
        P: From<T> + for<'py> IntoPyObject<'py> + Send + 'static,
    {
        self.home.check()?;
        let state = Arc::clone(&self.state);
        Ok(rt::awaitable(self.limits(), async move {
            match next(&state).await.transpose()? {
                Some(row) => Ok(P::from(row)),
                None => Err(Failure::Python(PyStopAsyncIteration::new_err(()))),
            }
        }))
    }
}

macro_rules! listings {
    ($($(#[$doc:meta])+ $python:literal: $name:ident / $aio:ident of $client:ty => $item:ty;)+) => {$(
        $(#[$doc])+
        #[pyclass(frozen, name = $python, module = "dtc.b2")]
        pub(crate) struct $name(pub(super) Rows<$client>);

        #[pymethods]
        impl $name {
            fn __iter__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            fn __next__(&self, py: Python<'_>) -> PyResult<Option<$item>> {
                self.0.next(py)
            }
        }

        $(#[$doc])+
        #[pyclass(frozen, name = $python, module = "dtc.b2.aio")]
        pub(crate) struct $aio(pub(super) Rows<$client>);

        #[pymethods]
        impl $aio {
            fn __aiter__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            fn __anext__(&self) -> PyResult<Awaitable<$item>> {
                self.0.next_async()
            }
        }
    )+};
}

listings! {
    /// Versions of files, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "FileVersions": FileVersions / AioFileVersions of b2_client::files::FileVersion => FileVersion;
    /// Files and folders of a listing with a delimiter, page after page as they are asked for.
    "Entries": Entries / AioEntries of b2_client::files::Entry => Entry;
    /// Parts of an unfinished large file, page after page as they are asked for.
    "Parts": Parts / AioParts of b2_client::files::Part => Part;
    /// Application keys, page after page as they are asked for. A key that cannot be read is raised in its place; the next ones follow.
    "ListedKeys": ListedKeys / AioListedKeys of b2_client::keys::Key => Key;
}
