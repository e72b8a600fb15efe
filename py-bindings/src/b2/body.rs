//! The content of a download, read in pieces.

use std::sync::Arc;

use b2_client::files::DownloadResponse as Answer;
use pyo3::prelude::*;
use tokio::sync::Mutex;

use super::failure::Failure;
use super::found::DownloadHead;
use crate::pieces::{Open, Reading, reading_twins};

/// A download that is under way.
pub(crate) struct Body {
    head: DownloadHead,
    is_verified: bool,
    reading: Reading<Failure>,
}

impl Body {
    pub(super) fn new(answer: Answer) -> Self {
        let (head, is_verified) = (answer.head().clone().into(), answer.is_verified());
        Self { head, is_verified, reading: Reading::new(answer.into_stream()) }
    }

    fn ready(&self) -> PyResult<Arc<Mutex<Open<Failure>>>> {
        self.reading.ready()
    }

    fn close(&self) {
        self.reading.close();
    }
}

reading_twins! {
    /// The answer to a download: what the service says of the file, and its content, to be read once. Where the connection breaks, it goes
    /// on at the same place of the same version. Content that does not match its checksum raises ``ApiError`` after the last byte.
    "DownloadResponse" in "dtc.b2" and "dtc.b2.aio", Failure, "b2_download_file": DownloadResponse / AioDownloadResponse(Body) {
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
    }
}
