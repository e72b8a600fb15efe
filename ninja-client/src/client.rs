//! The client and the handles on its resources.

use http_core::ServiceClient;

use crate::config::Config;
use crate::custom_fields::CustomFieldReports;
use crate::devices::Devices;
use crate::error::Error;
use crate::locations::Locations;
use crate::organizations::Organizations;
use crate::service::Ninja;

/// Speaks to one NinjaOne tenant as one application. A clone is a pointer and shares connections and token.
#[derive(Clone, Debug)]
pub struct Client {
    service: ServiceClient<Ninja>,
}

impl Client {
    /// A client as configured. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] when the address cannot be used, [`crate::ErrorKind::Unreachable`] when TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let base_url = config.parsed_base_url()?;
        let options = config.options(&base_url);
        let service = ServiceClient::new(Ninja::new(config, base_url), &options)?;
        Ok(Self { service })
    }

    /// Clients.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations { service: &self.service }
    }

    /// Their sites.
    pub fn locations(&self) -> Locations<'_> {
        Locations { service: &self.service }
    }

    /// Devices.
    pub fn devices(&self) -> Devices<'_> {
        Devices { service: &self.service }
    }

    /// Custom fields of the whole tenant at once: who holds a value.
    pub fn custom_fields(&self) -> CustomFieldReports<'_> {
        CustomFieldReports { service: &self.service }
    }
}
