//! Configurations: devices, as IT Glue knows them.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, Operation, ServiceClient};
use serde::Serialize;

use crate::error::Error;
use crate::ids::{ConfigurationId, ConfigurationTypeId, LocationId, OrganizationId};
use crate::json_api::{self, Query};
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// A device, as IT Glue knows it.
    Configuration, ConfigurationId;
    {
        /// The organisation that it belongs to.
        organization_id = "organization-id": OrganizationId,
        /// Its name.
        name = "name": String,
    }
    {
        /// Its name on the network.
        hostname = "hostname": Option<String>,
        /// Its serial number.
        serial_number = "serial-number": Option<String>,
        /// Its MAC address, as it was entered.
        mac_address = "mac-address": Option<String>,
        /// The number on its sticker.
        asset_tag = "asset-tag": Option<String>,
        /// Its address on the network.
        primary_ip = "primary-ip": Option<String>,
        /// Its type.
        configuration_type_id = "configuration-type-id": Option<ConfigurationTypeId>,
        /// Its type's name.
        configuration_type_name = "configuration-type-name": Option<String>,
        /// Its status, such as `Active`; each account has its own.
        configuration_status_name = "configuration-status-name": Option<String>,
        /// Where it stands.
        location_id = "location-id": Option<LocationId>,
        /// Its notes.
        notes = "notes": Option<String>,
        /// Whether it is archived.
        archived = "archived": bool,
        /// When it was last changed, as IT Glue writes it.
        updated_at = "updated-at": Option<String>,
        /// The page that shows it to people.
        page = "resource-url": Option<String>,
    }
}

json_api::resource_type! {
    /// A type of configurations; each account has its own beside those that IT Glue brings.
    ConfigurationType, ConfigurationTypeId;
    {
        /// Its name, such as `Managed Server`.
        name = "name": String,
    }
    {}
}

/// A device in a remote monitoring system that is synchronised with IT Glue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RmmDevice {
    id: String,
    integration: &'static str,
}

impl RmmDevice {
    /// The NinjaOne device of this id.
    pub fn ninja_one(id: i32) -> Self {
        Self { id: id.to_string(), integration: "ninja-rmm" }
    }
}

/// Which configurations a list is to show: those that fit everything that is said here.
///
/// A text with a comma is not looked for by IT Glue, which would take it for several: the list shows what it would show without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter does nothing until something is listed by it"]
pub struct ConfigurationFilter {
    organization: Option<OrganizationId>,
    device: Option<RmmDevice>,
    texts: Query,
    archived: Option<bool>,
}

impl ConfigurationFilter {
    /// All configurations.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of this organisation.
    pub fn organization(mut self, id: OrganizationId) -> Self {
        self.organization = Some(id);
        self
    }

    /// Those that stand for this device.
    pub fn device(mut self, device: RmmDevice) -> Self {
        self.device = Some(device);
        self
    }

    /// Those of this name, in whatever letter case IT Glue takes for the same.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.text("filter[name]", name)
    }

    /// Those of this serial number.
    pub fn serial_number(self, number: impl Into<String>) -> Self {
        self.text("filter[serial_number]", number)
    }

    /// Those of this MAC address, spelt as it was entered.
    pub fn mac_address(self, address: impl Into<String>) -> Self {
        self.text("filter[mac_address]", address)
    }

    /// Those with this asset tag.
    pub fn asset_tag(self, tag: impl Into<String>) -> Self {
        self.text("filter[asset_tag]", tag)
    }

    /// Those that are archived, or those that are not.
    pub fn archived(mut self, archived: bool) -> Self {
        self.archived = Some(archived);
        self
    }

    fn text(mut self, filter: &'static str, text: impl Into<String>) -> Self {
        json_api::set_filter(&mut self.texts, filter, text.into());
        self
    }

    fn query(&self) -> Query {
        let mut query = self.texts.clone();
        query.extend(self.organization.map(|id| ("filter[organization_id]", id.to_string())));
        query.extend(self.archived.map(|archived| ("filter[archived]", archived.to_string())));
        // The two filters go together or not at all (IT Glue's developer pages, configurations).
        if let Some(RmmDevice { id, integration }) = &self.device {
            query.push(("filter[rmm_id]", id.clone()));
            query.push(("filter[rmm_integration_type]", (*integration).to_owned()));
        }
        query
    }
}

/// A configuration to be created. A synchronisation with a remote monitoring system may make a second one of the same device later:
/// where there is one, prefer to find it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[must_use = "a request does nothing until it is sent"]
pub struct CreateConfiguration {
    organization_id: OrganizationId,
    #[serde(flatten)]
    changes: UpdateConfiguration,
}

/// What of a configuration is to change; everything else stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[must_use = "a request does nothing until it is sent"]
pub struct UpdateConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    configuration_type_id: Option<ConfigurationTypeId>,
    #[serde(flatten)]
    texts: std::collections::BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_id: Option<LocationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
}

/// The most characters of a MAC address (IT Glue's developer pages, configurations): the one limit that is documented.
const LONGEST_MAC: usize = 17;

impl CreateConfiguration {
    /// A configuration of this type and name in this organisation.
    pub fn new(
        organization_id: OrganizationId,
        configuration_type_id: ConfigurationTypeId,
        name: impl Into<String>,
    ) -> Self {
        let changes = UpdateConfiguration::new().name(name);
        let changes = UpdateConfiguration { configuration_type_id: Some(configuration_type_id), ..changes };
        Self { organization_id, changes }
    }

    /// With these further attributes.
    pub fn with(mut self, further: UpdateConfiguration) -> Self {
        let UpdateConfiguration { configuration_type_id, texts, location_id, archived } = further;
        let changes = &mut self.changes;
        changes.texts.extend(texts);
        changes.configuration_type_id = configuration_type_id.or(changes.configuration_type_id);
        changes.location_id = location_id.or(changes.location_id);
        changes.archived = archived.or(changes.archived);
        self
    }
}

impl UpdateConfiguration {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.text("name", name)
    }

    /// Another name on the network.
    pub fn hostname(self, name: impl Into<String>) -> Self {
        self.text("hostname", name)
    }

    /// Another serial number.
    pub fn serial_number(self, number: impl Into<String>) -> Self {
        self.text("serial-number", number)
    }

    /// Another MAC address, of 17 characters at most.
    pub fn mac_address(self, address: impl Into<String>) -> Self {
        self.text("mac-address", address)
    }

    /// Another asset tag.
    pub fn asset_tag(self, tag: impl Into<String>) -> Self {
        self.text("asset-tag", tag)
    }

    /// Another address on the network.
    pub fn primary_ip(self, address: impl Into<String>) -> Self {
        self.text("primary-ip", address)
    }

    /// Other notes, which replace all notes that it has.
    pub fn notes(self, notes: impl Into<String>) -> Self {
        self.text("notes", notes)
    }

    /// Another place.
    pub fn location(mut self, id: LocationId) -> Self {
        self.location_id = Some(id);
        self
    }

    /// Archives it. Nothing is ever deleted.
    pub fn archive(mut self) -> Self {
        self.archived = Some(true);
        self
    }

    fn text(mut self, attribute: &'static str, text: impl Into<String>) -> Self {
        self.texts.insert(attribute, text.into());
        self
    }

    fn check(&self, operation: Operation) -> Result<(), Error> {
        let address = self.texts.get("mac-address");
        match address.filter(|address| address.chars().count() > LONGEST_MAC) {
            Some(address) => {
                let why = format!("the MAC address {address:?} has more than {LONGEST_MAC} characters");
                Err(Error::invalid(operation.name(), why))
            }
            None => Ok(()),
        }
    }
}

/// Reads and writes configurations; from [`crate::Client::configurations`].
#[derive(Clone, Copy, Debug)]
pub struct Configurations<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl Configurations<'_> {
    /// Every configuration that fits the filter, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(
        &self,
        filter: &ConfigurationFilter,
    ) -> impl Stream<Item = Result<Configuration, Error>> + Send + use<> {
        let organization = filter.organization;
        json_api::list(self.service, operations::LIST_CONFIGURATIONS, "configurations", filter.query())
            // A filter that a server ignores would show every client's devices.
            .try_filter(move |found: &Configuration| {
                std::future::ready(organization.is_none_or(|wanted| found.organization_id == wanted))
            })
    }

    /// Every configuration that stands for this device; none until the synchronisation has seen it.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn of_device(&self, device: &RmmDevice) -> Result<Vec<Configuration>, Error> {
        self.list(&ConfigurationFilter::new().device(device.clone())).try_collect().await
    }

    /// The configuration of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: ConfigurationId) -> Result<Configuration, Error> {
        let call = Call::new(operations::GET_CONFIGURATION, Method::Get, format!("configurations/{id}"));
        let call = call.subject(format_args!("configuration {id}"));
        json_api::this(self.service, operations::GET_CONFIGURATION, id, call).await
    }

    /// The types that a configuration can be of.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn types(&self) -> Result<Vec<ConfigurationType>, Error> {
        let operation = operations::LIST_CONFIGURATION_TYPES;
        json_api::list(self.service, operation, "configuration_types", vec![]).try_collect().await
    }

    /// Creates a configuration. Sent at most once: IT Glue would make a second one.
    ///
    /// # Errors
    /// [`crate::ErrorKind::OutcomeUnknown`] when the answer was lost: look for it before creating it again. Else any kind that a write
    /// can end in.
    pub async fn create(&self, request: &CreateConfiguration) -> Result<Configuration, Error> {
        let operation = operations::CREATE_CONFIGURATION;
        request.changes.check(operation)?;
        let call = Call::new(operation, Method::Post, "configurations")
            .subject(format_args!("organisation {}", request.organization_id));
        let call = json_api::with_attributes(call, "configurations", request);
        json_api::one(self.service, call).await.map_err(Error::of_a_create)
    }

    /// Changes what the request names, and nothing else. What a synchronisation keeps up to date, it sets back.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such configuration, else any kind that a write can end in.
    pub async fn update(
        &self,
        id: ConfigurationId,
        request: &UpdateConfiguration,
    ) -> Result<Configuration, Error> {
        let operation = operations::UPDATE_CONFIGURATION;
        request.check(operation)?;
        let call = Call::new(operation, Method::Patch, format!("configurations/{id}"))
            .subject(format_args!("configuration {id}"));
        let call = json_api::with_attributes(call, "configurations", request);
        json_api::this(self.service, operation, id, call).await
    }
}
