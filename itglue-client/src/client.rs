//! The client and the handles on its resources.

use http_core::ServiceClient;

use crate::config::Config;
use crate::configurations::Configurations;
use crate::error::Error;
use crate::organizations::Organizations;
use crate::password_categories::PasswordCategories;
use crate::passwords::Passwords;
use crate::service::ItGlue;

/// A client of one IT Glue account, with one API key. A clone is a pointer and shares connections.
#[derive(Clone, Debug)]
pub struct Client {
    service: ServiceClient<ItGlue>,
}

impl Client {
    /// A client as configured. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the address cannot be used, or TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let (endpoint, options) = (config.endpoint()?, config.options.clone());
        let service = ServiceClient::new(ItGlue::new(config, endpoint.clone()), &endpoint, &options)?;
        Ok(Self { service })
    }

    /// Organisations: the clients of the managed service provider.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations { service: &self.service }
    }

    /// Configurations: devices, as IT Glue knows them.
    pub fn configurations(&self) -> Configurations<'_> {
        Configurations { service: &self.service }
    }

    /// Password categories: what passwords are filed under.
    pub fn password_categories(&self) -> PasswordCategories<'_> {
        PasswordCategories { service: &self.service }
    }

    /// Passwords: records with one masked value each.
    pub fn passwords(&self) -> Passwords<'_> {
        Passwords { service: &self.service }
    }
}
