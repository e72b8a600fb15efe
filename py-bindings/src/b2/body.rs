//! The content of a download, read in pieces.

use std::sync::Arc;

use b2_client::Error;
use b2_client::files::DownloadResponse as Answer;
use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use pyo3::exceptions::{PyStopAsyncIteration, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3::{Borrowed, intern};
use tokio::sync::Mutex;

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo as _, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use super::failure::Failure;
use super::found::DownloadHead;
use crate::rt::{self, Access, Awaitable, Home, Limits, call_python};
use crate::twins::twins;
use crate::values::Nothing;

/// Bytes for Python.
pub(crate) struct Piece(Bytes);

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
        Err(PyTypeError::new_err("it has no write(): save to a path with files.save"))
    }
}

/// A download that is under way.
pub(crate) struct Body {
    head: DownloadHead,
    is_verified: bool,
    open: Arc<Mutex<Open>>,
    home: Home,
}

/// What has arrived of a download and was not read yet, and what is still to come.
pub(super) struct Open {
    /// `None` after the end, and once it is closed.
    stream: Option<BoxStream<'static, Result<Bytes, Error>>>,
    arrived: Bytes,
    closed: bool,
}

impl Open {
    /// The next bytes, or none at the end.
    async fn piece(&mut self) -> Result<Bytes, Failure> {
        if self.closed {
            return Err(Failure::Python(PyValueError::new_err("I/O operation on closed file")));
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
    async fn read(&mut self, most: Option<usize>) -> Result<Bytes, Failure> {
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

impl Body {
    pub(super) fn new(answer: Answer) -> Self {
        let (head, is_verified) = (answer.head().clone().into(), answer.is_verified());
        let stream = Some(answer.into_stream().boxed());
        let open = Open { stream, arrived: Bytes::new(), closed: false };
        Self { head, is_verified, open: Arc::new(Mutex::new(open)), home: Home::here() }
    }

    fn ready(&self) -> PyResult<Arc<Mutex<Open>>> {
        self.home.check()?;
        Ok(Arc::clone(&self.open))
    }

    fn close(&self) {
        // Whoever reads at this moment goes on to its end.
        if let Ok(mut open) = self.open.try_lock() {
            open.stream = None;
            open.arrived = Bytes::new();
            open.closed = true;
        }
    }
}

const READ: Limits = Limits { operation: "b2_download_file", access: Access::Read, timeout: None };

/// How many bytes to read: all of them where the number is none or negative, as of any Python file.
fn most(size: Option<i64>) -> Option<usize> {
    size.and_then(|size| usize::try_from(size).ok())
}

twins! {
    /// The answer to a download: what the service says of the file, and its content, to be read once. Where the connection breaks, it goes
    /// on at the same place of the same version. Content that does not match its checksum raises ``ApiError`` after the last byte.
    "DownloadResponse" in "dtc.b2" and "dtc.b2.aio", Failure: DownloadResponse / AioDownloadResponse(Body) {
        both {
            /// What the service says of the file.
            #[getter]
            fn head(&self) -> DownloadHead {
                self.0.head.clone()
            }

            /// Whether the content is compared with a checksum: of a whole file that has one, and not of a range.
            #[getter]
            fn is_verified(&self) -> bool {
                self.0.is_verified
            }

            /// Ends the download.
            fn close(&self) {
                self.0.close();
            }

            fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
                let head = crate::values::object(py, self.0.head.clone())?.repr()?;
                Ok(format!("DownloadResponse({head})"))
            }
        }
        blocking {
            /// Whether it can be read: always.
            #[expect(clippy::unused_self, reason = "as Python's files have it")]
            fn readable(&self) -> bool {
                true
            }

            fn __iter__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            fn __next__(&self, py: Python<'_>) -> PyResult<Option<Piece>> {
                let open = self.0.ready()?;
                let piece = rt::block(py, &READ, async move { open.lock().await.piece().await })?;
                Ok((!piece.is_empty()).then_some(Piece(piece)))
            }

            fn __enter__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
            fn __exit__(&self, _kind: Option<Py<PyAny>>, _error: Option<Py<PyAny>>, _trace: Option<Py<PyAny>>) {
                self.0.close();
            }
        }
        asyncio {
            fn __aiter__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            fn __anext__(&self) -> PyResult<Awaitable<Piece>> {
                let open = self.0.ready()?;
                Ok(rt::awaitable(READ, async move {
                    let piece = open.lock().await.piece().await?;
                    if piece.is_empty() {
                        return Err(Failure::Python(PyStopAsyncIteration::new_err(())));
                    }
                    Ok(Piece(piece))
                }))
            }

            fn __aenter__(slf: Py<Self>) -> Awaitable<Py<Self>> {
                rt::awaitable(READ, async move { Ok::<_, Failure>(slf) })
            }

            #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
            fn __aexit__(
                &self,
                _kind: Option<Py<PyAny>>,
                _error: Option<Py<PyAny>>,
                _trace: Option<Py<PyAny>>,
            ) -> Awaitable<Nothing> {
                self.0.close();
                rt::awaitable(READ, async move { Ok::<_, Failure>(Nothing) })
            }
        }

        /// Reads up to ``size`` bytes, or everything that is left; fewer only at the end, and none after it.
        #[pyo3(signature = (size = None, *, timeout = None))]
        Read "b2_download_file"
        fn read(size: Option<i64>) -> Piece = |open| {
            Ok(Piece(open.lock().await.read(most(size)).await?))
        }

        /// Writes everything that is left to a file-like object, and returns the number of bytes. What was written before an error stays.
        #[pyo3(signature = (writer, *, timeout = None))]
        Read "b2_download_file"
        fn write_to(writer: Writer) -> u64 = |open| {
            let (mut open, mut written) = (open.lock().await, 0);
            loop {
                let piece = open.piece().await?;
                if piece.is_empty() {
                    return Ok(written);
                }
                call_python(|py| write_all(writer.0.bind(py), &piece))?;
                written += piece.len() as u64;
            }
        }
    }
}

/// Writes all bytes; a writer may take fewer at a time, and some take everything and say nothing.
fn write_all(writer: &Bound<'_, PyAny>, mut bytes: &[u8]) -> PyResult<()> {
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
