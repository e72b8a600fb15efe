//! NinjaOne: whose appliance this is, and where it stands (I1).

use async_trait::async_trait;
use dtc_naming::DeviceGuid;
use serde::{Deserialize, Serialize};

use super::{DeviceId, FieldName, LocationId, OrganizationId, PortError};

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id in the inventory.
    pub id: OrganizationId,
    /// Its name, for people; neither unique nor stable.
    pub name: String,
}

/// A client's site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// Its id in the inventory.
    pub id: LocationId,
    /// Its name, for people.
    pub name: String,
}

/// A device as the inventory knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its id in the inventory.
    pub id: DeviceId,
    /// The name shown to people.
    pub display_name: String,
    /// Every name it goes by (system, DNS, display), as reported.
    pub names: Vec<String>,
    /// Its IP addresses, as reported.
    pub addresses: Vec<String>,
    /// Its MAC addresses, as reported.
    pub macs: Vec<String>,
}

/// Reads the inventory.
#[async_trait]
pub trait InventoryView: Send + Sync {
    /// Every organisation.
    async fn organizations(&self) -> Result<Vec<Organization>, PortError>;
    /// Every location of an organisation.
    async fn locations(&self, organization: &OrganizationId) -> Result<Vec<Location>, PortError>;
    /// Every device of a location, those awaiting approval included (I9).
    async fn devices(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
    ) -> Result<Vec<Device>, PortError>;
    /// An organisation's custom field; `None` when it has no value.
    async fn organization_field(
        &self,
        organization: &OrganizationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError>;
    /// A location's custom field; `None` when it has no value.
    async fn location_field(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError>;
    /// A device's own custom field, not an inherited one; `None` when it has no value.
    async fn device_field(&self, device: &DeviceId, field: &FieldName) -> Result<Option<String>, PortError>;
    /// Every device of the whole inventory whose field holds this GUID, in any spelling (I8).
    async fn holders(&self, field: &FieldName, guid: DeviceGuid) -> Result<Vec<DeviceId>, PortError>;
}

/// Writes the inventory: one field of one device.
#[async_trait]
pub trait Inventory: InventoryView {
    /// Sets the Device GUID field of a device.
    async fn set_device_guid(
        &self,
        device: &DeviceId,
        field: &FieldName,
        guid: DeviceGuid,
    ) -> Result<(), PortError>;
}
