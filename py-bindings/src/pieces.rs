//! Contents that arrive in pieces, for Python to read once.

use std::sync::Arc;

use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, Stream, TryStreamExt as _};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{Borrowed, intern};
use tokio::sync::Mutex;

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo as _, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use crate::rt::{Access, Home, Limits, call_python};

/// Bytes for Python.
pub(crate) struct Piece(pub(crate) Bytes);

impl<'py> IntoPyObject<'py> for Piece {
    type Target = PyBytes;
    type Output = Bound<'py, PyBytes>;
    type Error = std::convert::Infallible;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: PyStaticExpr = PyBytes::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> Result<Self::Output, Self::Error> {
        Ok(PyBytes::new(py, &self.0))
    }
}

/// What has a `write`.
pub(crate) struct Writer(Py<PyAny>);

impl FromPyObject<'_, '_> for Writer {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr =
        type_hint_subscript!(type_hint_identifier!("_typeshed", "SupportsWrite"), PyBytes::TYPE_HINT);

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        if object.hasattr(intern!(object.py(), "write"))? {
            return Ok(Self(object.to_owned().unbind()));
        }
        Err(PyTypeError::new_err("it has no write()"))
    }
}

/// What has arrived of a download and was not read yet, and what is still to come.
pub(crate) struct Open<F> {
    /// `None` after the end, and once it is closed.
    stream: Option<BoxStream<'static, Result<Bytes, F>>>,
    arrived: Bytes,
    closed: bool,
}

impl<F: From<PyErr>> Open<F> {
    /// The next bytes, or none at the end.
    pub(crate) async fn piece(&mut self) -> Result<Bytes, F> {
        if self.closed {
            return Err(PyValueError::new_err("I/O operation on closed file").into());
        }
        while self.arrived.is_empty() {
            let Some(stream) = &mut self.stream else { return Ok(Bytes::new()) };
            match stream.next().await.transpose()? {
                Some(piece) => self.arrived = piece,
                None => self.stream = None,
            }
        }
        Ok(std::mem::take(&mut self.arrived))
    }

    /// Up to this many bytes, or everything; fewer only at the end.
    pub(crate) async fn read(&mut self, most: Option<usize>) -> Result<Bytes, F> {
        let mut all = BytesMut::new();
        while most.is_none_or(|most| all.len() < most) {
            let mut piece = self.piece().await?;
            if piece.is_empty() {
                break;
            }
            let wanted = most.map_or(piece.len(), |most| piece.len().min(most - all.len()));
            all.extend_from_slice(&piece[..wanted]);
            piece.advance(wanted);
            self.arrived = piece;
        }
        Ok(all.freeze())
    }
}

/// Contents that are read once, in the process that asked for them.
pub(crate) struct Reading<F> {
    open: Arc<Mutex<Open<F>>>,
    home: Home,
}

impl<F: From<PyErr> + 'static> Reading<F> {
    pub(crate) fn new<E: Into<F> + 'static>(
        pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    ) -> Self {
        let stream = Some(pieces.map_err(Into::into).boxed());
        let open = Open { stream, arrived: Bytes::new(), closed: false };
        Self { open: Arc::new(Mutex::new(open)), home: Home::here() }
    }

    pub(crate) fn ready(&self) -> PyResult<Arc<Mutex<Open<F>>>> {
        self.home.check()?;
        Ok(Arc::clone(&self.open))
    }

    pub(crate) fn close(&self) {
        // Whoever reads at this moment goes on to its end.
        if let Ok(mut open) = self.open.try_lock() {
            open.stream = None;
            open.arrived = Bytes::new();
            open.closed = true;
        }
    }
}

pub(crate) const READ: Limits = Limits { operation: "download", access: Access::Read, timeout: None };

/// How many bytes to read: all of them where the number is none or negative, as of any Python file.
pub(crate) fn most(size: Option<i64>) -> Option<usize> {
    size.and_then(|size| usize::try_from(size).ok())
}

impl Writer {
    /// Writes all bytes; a writer may take fewer at a time, and some take everything and say nothing.
    pub(crate) fn write_all(&self, bytes: &[u8]) -> PyResult<()> {
        call_python(|py| written(self.0.bind(py), bytes))
    }
}

fn written(writer: &Bound<'_, PyAny>, mut bytes: &[u8]) -> PyResult<()> {
    let py = writer.py();
    while !bytes.is_empty() {
        py.check_signals()?;
        let written = writer.call_method1(intern!(py, "write"), (PyBytes::new(py, bytes),))?;
        let count: Option<usize> = written.extract()?;
        match count.unwrap_or(bytes.len()) {
            0 => return Err(PyValueError::new_err("write() took no bytes")),
            count => bytes = bytes.get(count..).unwrap_or_default(),
        }
    }
    Ok(())
}

/// Two classes for contents that are read once: a file-like one, and one for asyncio. What they hold has `ready` and `close` as [`Reading`] has them.
macro_rules! reading_twins {
    (
        $(#[$doc:meta])+
        $python:literal in $module:literal and $aio_module:literal, $failure:ty, $operation:literal:
        $name:ident / $aio:ident($inner:ty) { both { $($both:tt)* } }
    ) => {
        $crate::twins::twins! {
            $(#[$doc])+
            $python in $module and $aio_module, $failure: $name / $aio($inner) {
                both { $($both)* }
                blocking {
                    /// Whether it can be read: always.
                    fn readable(&self) -> bool {
                        true
                    }

                    fn __iter__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                        slf
                    }

                    fn __next__(&self, py: pyo3::Python<'_>) -> pyo3::PyResult<Option<$crate::pieces::Piece>> {
                        let open = self.0.ready()?;
                        let piece = $crate::rt::block(py, &$crate::pieces::READ, async move { open.lock().await.piece().await })?;
                        Ok((!piece.is_empty()).then_some($crate::pieces::Piece(piece)))
                    }

                    fn __enter__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                        slf
                    }

                    #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
                    fn __exit__(
                        &self,
                        _kind: Option<pyo3::Py<pyo3::PyAny>>,
                        _error: Option<pyo3::Py<pyo3::PyAny>>,
                        _trace: Option<pyo3::Py<pyo3::PyAny>>,
                    ) {
                        self.0.close();
                    }
                }
                asyncio {
                    fn __aiter__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                        slf
                    }

                    fn __anext__(&self) -> pyo3::PyResult<$crate::rt::Awaitable<$crate::pieces::Piece>> {
                        let open = self.0.ready()?;
                        Ok($crate::rt::awaitable::<_, $failure, _>($crate::pieces::READ, async move {
                            let piece = open.lock().await.piece().await?;
                            if piece.is_empty() {
                                return Err(pyo3::exceptions::PyStopAsyncIteration::new_err(()).into());
                            }
                            Ok($crate::pieces::Piece(piece))
                        }))
                    }

                    fn __aenter__(slf: pyo3::Py<Self>) -> $crate::rt::Awaitable<pyo3::Py<Self>> {
                        $crate::rt::awaitable($crate::pieces::READ, async move { Ok::<_, $failure>(slf) })
                    }

                    #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
                    fn __aexit__(
                        &self,
                        _kind: Option<pyo3::Py<pyo3::PyAny>>,
                        _error: Option<pyo3::Py<pyo3::PyAny>>,
                        _trace: Option<pyo3::Py<pyo3::PyAny>>,
                    ) -> $crate::rt::Awaitable<$crate::values::Nothing> {
                        self.0.close();
                        $crate::rt::awaitable($crate::pieces::READ, async move { Ok::<_, $failure>($crate::values::Nothing) })
                    }
                }

                /// Reads up to ``size`` bytes, or everything that is left; fewer only at the end, and none after it.
                #[pyo3(signature = (size = None, *, timeout = None))]
                Read $operation
                fn read(size: Option<i64>) -> $crate::pieces::Piece = |open| {
                    Ok($crate::pieces::Piece(open.lock().await.read($crate::pieces::most(size)).await?))
                }

                /// Writes everything that is left to a file-like object, and returns the number of bytes. What was written before an error stays.
                #[pyo3(signature = (writer, *, timeout = None))]
                Read $operation
                fn write_to(writer: $crate::pieces::Writer) -> u64 = |open| {
                    let (mut open, mut written) = (open.lock().await, 0);
                    loop {
                        let piece = open.piece().await?;
                        if piece.is_empty() {
                            return Ok(written);
                        }
                        writer.write_all(&piece)?;
                        written += piece.len() as u64;
                    }
                }
            }
        }
    };
}

pub(crate) use reading_twins;
