//! The client and the handles on its resources.

use std::sync::Arc;

use http_core::ServiceClient;

use crate::alerts::Alerts;
use crate::api_operation::ApiOperation;
use crate::ask::Ask;
use crate::backups::Backups;
use crate::checked_fields::CheckedFields;
use crate::config::Config;
use crate::contacts::Contacts;
use crate::custom_fields::CustomFieldReports;
use crate::devices::Devices;
use crate::error::Error;
use crate::field_definitions::FieldDefinitions;
use crate::locations::Locations;
use crate::organizations::Organizations;
use crate::policies::Policies;
use crate::reports::Reports;
use crate::secret::RefreshToken;
use crate::service::Ninja;
use crate::tenant::Tenant;
use crate::users::Users;

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

    /// Definitions of custom fields.
    pub fn field_definitions(&self) -> FieldDefinitions<'_> {
        FieldDefinitions { service: &self.service }
    }

    /// Technicians, end users and their roles.
    pub fn users(&self) -> Users<'_> {
        Users { service: &self.service }
    }

    /// Contacts.
    pub fn contacts(&self) -> Contacts<'_> {
        Contacts { service: &self.service }
    }

    /// Policies and their conditions.
    pub fn policies(&self) -> Policies<'_> {
        Policies { service: &self.service }
    }

    /// Alerts.
    pub fn alerts(&self) -> Alerts<'_> {
        Alerts { service: &self.service }
    }

    /// Backups.
    pub fn backups(&self) -> Backups<'_> {
        Backups { service: &self.service }
    }

    /// The reports over all devices.
    pub fn reports(&self) -> Reports<'_> {
        Reports { service: &self.service }
    }

    /// What belongs to the tenant as a whole: groups, roles, tasks, scripts, jobs, activities, the webhook.
    pub fn tenant(&self) -> Tenant<'_> {
        Tenant { service: &self.service }
    }

    /// Reads the definitions of all custom fields once, to write fields by them: checked before, and read back after.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn checked_fields(&self) -> Result<CheckedFields, Error> {
        CheckedFields::load(&self.service).await
    }

    /// The refresh token that came with the last token, where one did: keep it, and a later client needs no log-in by a person
    /// ([`crate::Grant::RefreshToken`]). NinjaOne may issue another one with each token.
    pub fn refresh_token(&self) -> Option<Arc<RefreshToken>> {
        self.service.service().refresh_token()
    }

    /// A call of any operation of the public API, with types of the caller's: the way to those for which there is no method here.
    pub fn call(&self, operation: ApiOperation) -> Ask {
        Ask::new(&self.service, operation)
    }
}
