//! `dtc.ninjaone`: the face of `ninja_client`, as far as provisioning and scripts use it, and every operation by its name.

mod client;
mod devices;
mod failure;
mod fields;
mod found;
mod locations;
mod organizations;

use pyo3::prelude::*;

/// NinjaOne's public API: organisations, locations, devices and their custom fields, and every other operation by its name.
#[pymodule(name = "ninjaone", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::devices::Devices;
    #[pymodule_export]
    use super::fields::{FieldHolder, Written};
    #[pymodule_export]
    use super::found::{Device, ListedDevices, ListedOrganizations, Location, Operation, Organization};
    #[pymodule_export]
    use super::locations::Locations;
    #[pymodule_export]
    use super::operations;
    #[pymodule_export]
    use super::organizations::Organizations;
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::ninjaone::client::AioClient;
        #[pymodule_export]
        use crate::ninjaone::devices::AioDevices;
        #[pymodule_export]
        use crate::ninjaone::found::{AioListedDevices, AioListedOrganizations};
        #[pymodule_export]
        use crate::ninjaone::locations::AioLocations;
        #[pymodule_export]
        use crate::ninjaone::organizations::AioOrganizations;
    }
}

/// Every operation of the public API, which ``Client.call`` sends by its name.
///
/// >>> next(operation.path for operation in operations() if operation.name == "list_organizations")
/// 'v2/organizations'
#[pyfunction]
fn operations() -> Vec<found::Operation> {
    ninja_client::operations::all().map(found::Operation::from).collect()
}
