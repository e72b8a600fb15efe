//! `dtc.provision`: the face of `dtc_provision`, connected to services by `dtc_adapters`.

pub(crate) mod applying;
pub(crate) mod consents;
mod escrowed;
pub(crate) mod event;
pub(crate) mod failure;
pub(crate) mod plan;
pub(crate) mod replicated;
pub(crate) mod report;
pub(crate) mod services;
pub(crate) mod site;
mod tables;
pub(crate) mod vault;

use pyo3::prelude::*;

/// Provisioning of one appliance: observe, plan, apply, verify.
#[pymodule(name = "provision", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::applying::Applying;
    #[pymodule_export]
    use super::consents::{Question, RecordedConsent};
    #[pymodule_export]
    use super::escrowed::Escrowed;
    #[pymodule_export]
    use super::event::Event;
    #[pymodule_export]
    use super::plan::{Finding, Observation, Plan, Step, plan};
    #[pymodule_export]
    use super::report::{Completion, FirstRunResult, Item, PoolProof, Report, Sample};
    #[pymodule_export]
    use super::services::{Services, connect};
    #[pymodule_export]
    use super::site::{Site, SiteFile};
    #[pymodule_export]
    use super::vault::VaultRecord;
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::provision::applying::AioApplying;
        #[pymodule_export]
        use crate::provision::services::{AioServices, connect_async};
    }
}
