//! The client and the handles on its resources.

use http_core::ServiceClient;

use crate::actions::Actions;
use crate::assets::Assets;
use crate::config::Config;
use crate::customers::Customers;
use crate::error::Error;
use crate::reports::Reports;
use crate::service::Halo;
use crate::settings::{Outcomes, Statuses};
use crate::sites::Sites;
use crate::tickets::Tickets;

/// A client of one HaloPSA tenant, as one application. A clone is a pointer and shares connections and token.
#[derive(Clone, Debug)]
pub struct Client {
    service: ServiceClient<Halo>,
}

impl Client {
    /// A client as configured. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the address cannot be used, or TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let (endpoint, options) = (config.endpoint()?, config.options.clone());
        let service = ServiceClient::new(Halo::new(config, endpoint.clone()), &endpoint, &options)?;
        Ok(Self { service })
    }

    /// Tickets.
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets { service: &self.service }
    }

    /// Actions of tickets, notes among them.
    pub fn actions(&self) -> Actions<'_> {
        Actions { service: &self.service }
    }

    /// Customers: the organisations that are served. HaloPSA says *client*.
    pub fn customers(&self) -> Customers<'_> {
        Customers { service: &self.service }
    }

    /// Sites of customers.
    pub fn sites(&self) -> Sites<'_> {
        Sites { service: &self.service }
    }

    /// Statuses of tickets.
    pub fn statuses(&self) -> Statuses<'_> {
        Statuses { service: &self.service }
    }

    /// Outcomes: the kinds of action that the agent may run.
    pub fn outcomes(&self) -> Outcomes<'_> {
        Outcomes { service: &self.service }
    }

    /// Assets: devices of customers.
    pub fn assets(&self) -> Assets<'_> {
        Assets { service: &self.service }
    }

    /// Reports.
    pub fn reports(&self) -> Reports<'_> {
        Reports { service: &self.service }
    }
}
