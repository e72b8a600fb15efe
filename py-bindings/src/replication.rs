//! `dtc.replication`: the face of `dtc_provision::replication`, connected to two appliances by `dtc_adapters`.

mod ends;
mod found;

use pyo3::prelude::*;

/// Encrypted datasets of one appliance on another, with the proof that they open there.
#[pymodule(name = "replication", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::ends::{Ends, connect};
    #[pymodule_export]
    use super::found::{Eligible, Item, Observed, Plan, Report, UnlockReport};
    #[pymodule_export]
    use crate::provision::replicated::Replication;

    /// Where TrueNAS keeps a key itself: a ``key_location``.
    #[pymodule_export]
    const IN_DATABASE: &str = dtc_provision::replication::IN_DATABASE;
    /// How snapshots are named unless it is said otherwise.
    #[pymodule_export]
    const SCHEMA: &str = dtc_provision::replication::SCHEMA;
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::replication::ends::{AioEnds, connect_async};
    }
}
