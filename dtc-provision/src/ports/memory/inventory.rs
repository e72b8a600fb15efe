//! NinjaOne, and the technician who adds the appliance once SNMP answers.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::DeviceGuid;

use super::{State, World, missing};
use crate::ids::{DeviceId, FieldName, LocationId, OrganizationId};
use crate::port_error::PortError;
use crate::ports::{
    Device, FieldNames, FieldValues, Inventory, InventoryView, Location, Organization,
    OrganizationWithLocations,
};

/// NinjaOne.
#[derive(Clone, Debug)]
pub struct InventoryState {
    /// Every client.
    pub organizations: Vec<OrganizationState>,
    /// Who adds the appliance.
    pub technician: Technician,
}

/// A client.
#[derive(Clone, Debug)]
pub struct OrganizationState {
    /// The client.
    pub organization: Organization,
    /// Its custom fields, by machine name.
    pub fields: BTreeMap<String, String>,
    /// Its locations.
    pub locations: Vec<LocationState>,
}

/// A location.
#[derive(Clone, Debug)]
pub struct LocationState {
    /// The location.
    pub location: Location,
    /// Its custom fields, by machine name.
    pub fields: BTreeMap<String, String>,
    /// Its devices.
    pub devices: Vec<DeviceState>,
}

/// A device.
#[derive(Clone, Debug)]
pub struct DeviceState {
    /// The device.
    pub device: Device,
    /// Its custom fields, by machine name.
    pub fields: BTreeMap<String, String>,
}

/// Who adds the appliance to NMS (S3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Technician {
    /// Adds it to the first location, once SNMP answers and somebody has looked this often.
    AddsAfter(u32),
    /// Has added it, or never will.
    Away,
}

impl InventoryState {
    fn organization(&self, id: &OrganizationId) -> Result<&OrganizationState, PortError> {
        let found = self.organizations.iter().find(|found| found.organization.id == *id);
        found.ok_or_else(|| missing("inventory", id))
    }

    fn location(&self, organization: &OrganizationId, id: &LocationId) -> Result<&LocationState, PortError> {
        let found = self.organization(organization)?.locations.iter().find(|found| found.location.id == *id);
        found.ok_or_else(|| missing("inventory", id))
    }

    fn values(&self, fields: &FieldNames) -> FieldValues {
        let mut values = FieldValues::default();
        for client in &self.organizations {
            let value = client.fields.get(fields.organization.as_str()).cloned();
            values.organizations.extend(value.map(|value| (client.organization.id.clone(), value)));
            for site in &client.locations {
                let value = site.fields.get(fields.location.as_str()).cloned();
                values.locations.extend(value.map(|value| (site.location.id.clone(), value)));
            }
        }
        for found in self.devices() {
            let value = found.fields.get(fields.device.as_str()).cloned();
            values.devices.extend(value.map(|value| (found.device.id.clone(), value)));
        }
        values
    }

    /// Every device there is.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceState> {
        self.organizations
            .iter()
            .flat_map(|organization| &organization.locations)
            .flat_map(|location| &location.devices)
    }

    /// Every device there is, to be changed.
    pub fn devices_mut(&mut self) -> impl Iterator<Item = &mut DeviceState> {
        self.organizations
            .iter_mut()
            .flat_map(|organization| &mut organization.locations)
            .flat_map(|location| &mut location.devices)
    }
}

impl State {
    /// Somebody looks at the devices: the technician may have been there meanwhile.
    fn technician_looks(&mut self) {
        let name = &self.appliance.system.host_name;
        if self.inventory.devices().any(|device| device.device.display_name == *name) {
            return;
        }
        let snmp = &self.appliance.snmp;
        let answers = snmp.running && snmp.v3 && snmp.community.is_empty() && !snmp.password.is_empty();
        match self.inventory.technician {
            Technician::AddsAfter(0) if answers => {
                let taken = self.inventory.devices().any(|device| device.device.id.as_str() == "71");
                self.add_device(if taken { "73" } else { "71" });
                self.inventory.technician = Technician::Away;
            }
            Technician::AddsAfter(looks) if answers => {
                self.inventory.technician = Technician::AddsAfter(looks - 1);
            }
            _ => {}
        }
    }

    /// Adds the appliance to the first location, its fields empty. A device of that id is replaced: no two have the same.
    pub fn add_device(&mut self, id: &str) {
        let system = &self.appliance.system;
        let device = Device {
            id: DeviceId::new(id),
            display_name: system.host_name.clone(),
            names: vec![system.host_name.clone()],
            addresses: system.addresses.clone(),
            macs: system.macs.iter().map(|mac| mac.to_uppercase().replace(':', "-")).collect(),
        };
        let devices = &mut self.inventory.organizations[0].locations[0].devices;
        devices.retain(|found| found.device.id != device.id);
        devices.push(DeviceState { device, fields: BTreeMap::new() });
    }
}

#[async_trait]
impl InventoryView for World {
    async fn organizations(&self) -> Result<Vec<OrganizationWithLocations>, PortError> {
        self.read("inventory.organizations", |state| {
            let shown = |found: &OrganizationState| OrganizationWithLocations {
                organization: found.organization.clone(),
                locations: found.locations.iter().map(|found| found.location.clone()).collect(),
            };
            Ok(state.inventory.organizations.iter().map(shown).collect())
        })
        .await
    }

    async fn devices(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
    ) -> Result<Vec<Device>, PortError> {
        self.read("inventory.devices", |state| {
            state.technician_looks();
            let found = state.inventory.location(organization, location)?;
            Ok(found.devices.iter().map(|found| found.device.clone()).collect())
        })
        .await
    }

    async fn field_values(&self, fields: &FieldNames) -> Result<FieldValues, PortError> {
        self.read("inventory.field_values", |state| Ok(state.inventory.values(fields))).await
    }

    async fn location_field(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError> {
        self.read("inventory.location_field", |state| {
            Ok(state.inventory.location(organization, location)?.fields.get(field.as_str()).cloned())
        })
        .await
    }

    async fn device_field(&self, device: &DeviceId, field: &FieldName) -> Result<Option<String>, PortError> {
        self.read("inventory.device_field", |state| {
            let found = state.inventory.devices().find(|found| found.device.id == *device);
            let found = found.ok_or_else(|| missing("inventory.device_field", device))?;
            Ok(found.fields.get(field.as_str()).cloned())
        })
        .await
    }
}

#[async_trait]
impl Inventory for World {
    async fn set_device_guid(
        &self,
        device: &DeviceId,
        field: &FieldName,
        guid: DeviceGuid,
    ) -> Result<(), PortError> {
        self.write("inventory.set_device_guid", |state| {
            let found = state.inventory.devices_mut().find(|found| found.device.id == *device);
            let found = found.ok_or_else(|| missing("inventory.set_device_guid", device))?;
            found.fields.insert(field.as_str().to_owned(), guid.to_string());
            Ok(())
        })
        .await
    }
}
