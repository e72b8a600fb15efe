//! `dtc.restore`: the face of `dtc_provision::restore`.

mod arguments;
mod getting;
mod source;
mod tree;
mod versions;
mod writing;

use pyo3::prelude::*;

use crate::errors;
use crate::values::Time;

/// Getting it back: files of a backup, as of any moment that the bucket still holds.
#[pymodule(name = "restore", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::getting::{FailedFile, Foreseen, GetReport, OlderVersion, Progress, RenamedFile};
    #[pymodule_export]
    use super::instant;
    #[pymodule_export]
    use super::source::RestoreSource;
    #[pymodule_export]
    use super::tree::{BackedUp, Tree};
    #[pymodule_export]
    use super::versions::{Burst, FileVersion};
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::restore::source::AioRestoreSource;
    }
}

/// Reads an instant as people write it: RFC 3339, the same without a zone for this computer's time, a date for its beginning, or a span of
/// time ``ago``.
///
/// >>> instant("2026-11-27T03:00-05:00").isoformat()
/// '2026-11-27T08:00:00+00:00'
/// >>> instant("yesterday")
/// Traceback (most recent call last):
/// dtc.exceptions.ValidationError: "yesterday" is no instant: write 2026-11-27T03:00 in local time, 2026-11-27T03:00Z or with an offset, or 3 days ago
#[pyfunction]
fn instant(text: &str) -> PyResult<Time> {
    let now = dtc_provision::jiff::Zoned::now();
    let read = dtc_provision::restore::instant(text, &now);
    Ok(read.map_err(|error| errors::invalid("instant", text, &error))?.into())
}
