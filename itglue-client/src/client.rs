//! The client and the handles on its resources.

use http_core::ServiceClient;

use crate::config::Config;
use crate::configurations::Configurations;
use crate::error::Error;
use crate::organizations::Organizations;
use crate::password_categories::PasswordCategories;
use crate::passwords::Passwords;
use crate::service::ItGlue;

/// Speaks to one IT Glue account with one API key. A clone is a pointer and shares connections.
#[derive(Clone, Debug)]
pub struct Client {
    service: ServiceClient<ItGlue>,
}

impl Client {
    /// A client as configured. Nothing is sent before the first call.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Invalid`] when the address cannot be used, [`crate::ErrorKind::Unreachable`] when TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Error> {
        let base_url = config.parsed_base_url()?;
        let options = config.options(&base_url);
        let service = ServiceClient::new(ItGlue::new(config, base_url), &options)?;
        Ok(Self { service })
    }

    /// Clients.
    pub fn organizations(&self) -> Organizations<'_> {
        Organizations { service: &self.service }
    }

    /// Devices, as IT Glue knows them.
    pub fn configurations(&self) -> Configurations<'_> {
        Configurations { service: &self.service }
    }

    /// What passwords are filed under.
    pub fn password_categories(&self) -> PasswordCategories<'_> {
        PasswordCategories { service: &self.service }
    }

    /// Passwords: records with one masked value each.
    pub fn passwords(&self) -> Passwords<'_> {
        Passwords { service: &self.service }
    }
}
