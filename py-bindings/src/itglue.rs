//! `dtc.itglue`: the face of `itglue_client`.

mod client;
mod configurations;
mod failure;
mod found;
mod organizations;
mod passwords;

use pyo3::prelude::*;

/// IT Glue: organisations, locations, configurations, documents and passwords.
#[pymodule(name = "itglue", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::configurations::Configurations;
    #[pymodule_export]
    use super::found::{
        Configuration, ConfigurationType, Document, ListedConfigurations, ListedLocations,
        ListedOrganizations, Location, Organization, PasswordCategory,
    };
    #[pymodule_export]
    use super::organizations::Organizations;
    #[pymodule_export]
    use super::passwords::{ListedPasswords, Password, Passwords, Revealed, Upserted};
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::itglue::client::AioClient;
        #[pymodule_export]
        use crate::itglue::configurations::AioConfigurations;
        #[pymodule_export]
        use crate::itglue::found::{AioListedConfigurations, AioListedLocations, AioListedOrganizations};
        #[pymodule_export]
        use crate::itglue::organizations::AioOrganizations;
        #[pymodule_export]
        use crate::itglue::passwords::{AioListedPasswords, AioPasswords};
    }
}
