//! The client and the handles on its resources.

use http_core::ServiceClient;

use crate::attachments::Attachments;
use crate::budget::Budget;
use crate::config::Config;
use crate::configurations::Configurations;
use crate::contacts::Contacts;
use crate::documents::Documents;
use crate::error::Error;
use crate::flexible_assets::FlexibleAssets;
use crate::locations::Locations;
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

    /// Locations of organisations.
    pub fn locations(&self) -> Locations<'_> {
        Locations { service: &self.service }
    }

    /// Contacts: people of organisations.
    pub fn contacts(&self) -> Contacts<'_> {
        Contacts { service: &self.service }
    }

    /// Documents of organisations.
    pub fn documents(&self) -> Documents<'_> {
        Documents { service: &self.service }
    }

    /// Flexible assets: records whose fields the account defines.
    pub fn flexible_assets(&self) -> FlexibleAssets<'_> {
        FlexibleAssets { service: &self.service }
    }

    /// Attachments: files at records.
    pub fn attachments(&self) -> Attachments<'_> {
        Attachments { service: &self.service }
    }

    /// How many requests the API key has left, shared by all clients of this process that have the same key.
    pub fn budget(&self) -> Budget {
        self.service.service().budget().clone()
    }
}
