//! `dtc.locks`: the face of `dtc_provision::locks`.

mod calls;
mod found;

use pyo3::prelude::*;

/// Locks of current versions, kept from running out.
#[pymodule(name = "locks", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::calls::{extend, status};
    #[pymodule_export]
    use super::found::{FailedExtension, FolderLocks, Forecast, LockReport, LockStatus, LockTerms, Progress};
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::locks::calls::{extend_async, status_async};
    }
}
