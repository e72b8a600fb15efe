//! The client and the handles on its resources.

use http_core::ServiceClient;

use crate::config::Config;
use crate::custom_fields::CustomFieldReports;
use crate::devices::Devices;
use crate::error::Error;
use crate::locations::Locations;
use crate::organizations::Organizations;
use crate::service::Ninja;

/// A client of one NinjaOne tenant, as one application. A clone is a pointer and shares connections and token.
#[derive(Clone, Debug)]
pub struct Client {
    service: ServiceClient<Ninja>,
}

impl Client {
    /// A client as configured. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the address cannot be used, or TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let (endpoint, options) = (config.endpoint()?, config.options.clone());
        let service = ServiceClient::new(Ninja::new(config, endpoint.clone()), &endpoint, &options)?;
        Ok(Self { service })
    }

    /// Organisations: the clients of the managed service provider.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations { service: &self.service }
    }

    /// Locations: their sites.
    pub fn locations(&self) -> Locations<'_> {
        Locations { service: &self.service }
    }

    /// Devices.
    pub fn devices(&self) -> Devices<'_> {
        Devices { service: &self.service }
    }

    /// Custom fields of the whole tenant at once: which entity holds a value.
    pub fn custom_fields(&self) -> CustomFieldReports<'_> {
        CustomFieldReports { service: &self.service }
    }
}
