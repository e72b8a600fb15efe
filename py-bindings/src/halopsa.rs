//! `dtc.halopsa`: the face of `halo_client`.

mod actions;
mod client;
mod customers;
mod failure;
mod found;
mod tickets;

use pyo3::prelude::*;

/// HaloPSA: tickets and their notes, customers, sites and assets, and their custom fields.
#[pymodule(name = "halopsa", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::actions::Actions;
    #[pymodule_export]
    use super::aio::module as aio;
    #[pymodule_export]
    use super::client::Client;
    #[pymodule_export]
    use super::customers::{Assets, Customers, Sites};
    #[pymodule_export]
    use super::found::{
        Action, Asset, Customer, ListedAssets, ListedCustomers, ListedSites, ListedTickets, Noted, Outcome,
        Site, Status, Ticket,
    };
    #[pymodule_export]
    use super::tickets::Tickets;
}

mod aio {
    use pyo3::prelude::*;

    /// The same calls for asyncio: each returns a coroutine.
    #[pymodule(name = "aio", submodule)]
    pub(crate) mod module {
        #[pymodule_export]
        use crate::halopsa::actions::AioActions;
        #[pymodule_export]
        use crate::halopsa::client::AioClient;
        #[pymodule_export]
        use crate::halopsa::customers::{AioAssets, AioCustomers, AioSites};
        #[pymodule_export]
        use crate::halopsa::found::{AioListedAssets, AioListedCustomers, AioListedSites, AioListedTickets};
        #[pymodule_export]
        use crate::halopsa::tickets::AioTickets;
    }
}
