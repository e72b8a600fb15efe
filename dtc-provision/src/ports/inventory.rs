//! NinjaOne: whose appliance this is, and where it stands (I1).

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::DeviceGuid;
use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, FieldName, FieldNames, LocationId, OrganizationId};
use crate::port_error::PortError;

/// A client, with its locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationWithLocations {
    /// The client.
    pub organization: Organization,
    /// Its locations.
    pub locations: Vec<Location>,
}

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

/// The values of the three fields over the whole inventory. An entity without a value is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldValues {
    /// The organisations' UUIDs.
    pub organizations: BTreeMap<OrganizationId, String>,
    /// The locations' UUIDs.
    pub locations: BTreeMap<LocationId, String>,
    /// The Device GUIDs; a device's own, not inherited ones.
    pub devices: BTreeMap<DeviceId, String>,
}

impl FieldValues {
    /// Every device whose field holds this GUID, in any spelling (I8).
    pub fn holders(&self, guid: DeviceGuid) -> impl Iterator<Item = &DeviceId> {
        let holds = move |(_, text): &(&DeviceId, &String)| text.trim().parse() == Ok(guid);
        self.devices.iter().filter(holds).map(|(device, _)| device)
    }
}

/// Reads the inventory.
#[async_trait]
pub trait InventoryView: Send + Sync {
    /// Every organisation with its locations.
    async fn organizations(&self) -> Result<Vec<OrganizationWithLocations>, PortError>;
    /// Every device of a location, those awaiting approval included (I9).
    async fn devices(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
    ) -> Result<Vec<Device>, PortError>;
    /// The values of these fields over the whole inventory, as its report has them. How fresh the report is, the vendor does
    /// not say: what must be so now is read with [`location_field`](Self::location_field) and
    /// [`device_field`](Self::device_field).
    async fn field_values(&self, fields: &FieldNames) -> Result<FieldValues, PortError>;
    /// A location's custom field now; `None` when it has no value.
    async fn location_field(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError>;
    /// A device's own custom field now, not an inherited one; `None` when it has no value.
    async fn device_field(&self, device: &DeviceId, field: &FieldName) -> Result<Option<String>, PortError>;
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
