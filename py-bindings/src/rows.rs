//! Listings: iterators that fetch page after page when they are asked for more.

use std::sync::Arc;
use std::task::Poll;

use futures_util::stream::{BoxStream, Stream, StreamExt as _, TryStreamExt as _};
use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use tokio::sync::Mutex;

use crate::rt::{self, Access, Awaitable, Home, Limits};

/// A listing of a client. Nothing is asked for ahead: services count pages, and some bill them.
pub(crate) struct Rows<T, E> {
    state: Arc<Mutex<State<T, E>>>,
    home: Home,
    operation: &'static str,
}

/// `None` after the end.
type State<T, E> = Option<BoxStream<'static, Result<T, E>>>;

async fn next<T, E>(state: &Mutex<State<T, E>>) -> Option<Result<T, E>> {
    let mut state = state.lock().await;
    let row = state.as_mut()?.next().await;
    if row.is_none() {
        *state = None;
    }
    row
}

impl<T, E> Rows<T, E>
where
    T: Send + 'static,
    E: From<PyErr> + Into<PyErr> + Send + 'static,
{
    pub(crate) fn new<S: Into<E> + 'static>(
        operation: &'static str,
        stream: impl Stream<Item = Result<T, S>> + Send + 'static,
    ) -> Self {
        let stream = stream.map_err(Into::into).fuse().boxed();
        Self { state: Arc::new(Mutex::new(Some(stream))), home: Home::here(), operation }
    }

    fn limits(&self) -> Limits {
        Limits { operation: self.operation, access: Access::Read, timeout: None }
    }

    /// The next row, which most often has arrived already.
    pub(crate) fn next<P: From<T>>(&self, py: Python<'_>) -> PyResult<Option<P>> {
        self.home.check()?;
        if let Ok(mut state) = self.state.try_lock()
            && let Some(stream) = state.as_mut()
            && let Poll::Ready(Some(row)) = rt::poll_once(py, |context| stream.poll_next_unpin(context))?
        {
            return Ok(Some(row.map_err(Into::into)?.into()));
        }
        let state = Arc::clone(&self.state);
        let row = rt::block(py, &self.limits(), async move { next(&state).await.transpose() });
        Ok(row?.map(P::from))
    }

    pub(crate) fn next_async<P>(&self) -> PyResult<Awaitable<P>>
    where
        P: From<T> + for<'py> IntoPyObject<'py> + Send + 'static,
    {
        self.home.check()?;
        let state = Arc::clone(&self.state);
        Ok(rt::awaitable(self.limits(), async move {
            match next(&state).await.transpose()? {
                Some(row) => Ok(P::from(row)),
                None => Err(E::from(PyStopAsyncIteration::new_err(()))),
            }
        }))
    }
}

/// Two classes for a listing: an iterator, and one for `async for`.
macro_rules! listings {
    (
        in $module:literal and $aio_module:literal, $failure:ty;
        $($(#[$doc:meta])+ $python:literal: $name:ident / $aio:ident of $client:ty => $item:ty;)+
    ) => {$(
        $(#[$doc])+
        #[pyo3::pyclass(frozen, name = $python, module = $module)]
        pub(crate) struct $name(pub(super) $crate::rows::Rows<$client, $failure>);

        #[pyo3::pymethods]
        impl $name {
            fn __iter__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                slf
            }

            fn __next__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<Option<$item>> {
                self.0.next(py)
            }
        }

        $(#[$doc])+
        #[pyo3::pyclass(frozen, name = $python, module = $aio_module)]
        pub(crate) struct $aio(pub(super) $crate::rows::Rows<$client, $failure>);

        #[pyo3::pymethods]
        impl $aio {
            fn __aiter__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                slf
            }

            fn __anext__(&self) -> pyo3::PyResult<$crate::rt::Awaitable<$item>> {
                self.0.next_async()
            }
        }
    )+};
}

pub(crate) use listings;
