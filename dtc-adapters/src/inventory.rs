//! NinjaOne.

use std::collections::BTreeSet;

use async_trait::async_trait;
use dtc_naming::DeviceGuid;
use dtc_provision::ids::{DeviceId, FieldName, LocationId, OrganizationId};
use dtc_provision::ports::{
    Device, FieldNames, FieldValues, Inventory, InventoryView, Location, Organization,
    OrganizationWithLocations,
};
use dtc_provision::{PortError, PortErrorKind, Service};
use futures_util::{TryStreamExt as _, future};
use ninja_client::{
    ApprovalStatus, Client, CustomFields, Entity, FieldPatch, FieldValue, OrganizationDetail, Scope,
};

use crate::error::{Attempt as _, parsed};

/// NinjaOne as an inventory.
pub(crate) struct NinjaInventory(pub(crate) Client);

fn organization_id(id: &OrganizationId) -> Result<ninja_client::OrganizationId, PortError> {
    parsed(id.as_str(), "an organisation in NinjaOne").map(ninja_client::OrganizationId::new)
}

fn location_id(id: &LocationId) -> Result<ninja_client::LocationId, PortError> {
    parsed(id.as_str(), "a location in NinjaOne").map(ninja_client::LocationId::new)
}

fn device_id(id: &DeviceId) -> Result<ninja_client::DeviceId, PortError> {
    parsed(id.as_str(), "a device in NinjaOne").map(ninja_client::DeviceId::new)
}

fn field_name(field: &FieldName) -> Result<ninja_client::FieldName, PortError> {
    ninja_client::FieldName::new(field.as_str()).attempting("name a custom field of NinjaOne")
}

fn value(fields: &CustomFields, field: &FieldName) -> Result<Option<String>, PortError> {
    Ok(fields.get(&field_name(field)?).map(FieldValue::to_string))
}

/// What is attempted, in errors.
const LIST: &str = "list the organisations in NinjaOne with their locations";

/// Whether an appliance at this location may be this device: one that was taken out of service is not.
fn may_be_here(detail: &ninja_client::DeviceDetail, here: ninja_client::LocationId) -> bool {
    let device = &detail.device;
    device.location_id == here && device.approval_status != ApprovalStatus::Decommissioned
}

fn device(found: ninja_client::DeviceDetail) -> Device {
    let id = DeviceId::new(found.device.id.to_string());
    let names: Vec<String> = found.device.names().map(str::to_owned).collect();
    Device {
        display_name: names.first().cloned().unwrap_or_else(|| format!("device {id}")),
        id,
        names,
        addresses: found.ip_addresses,
        macs: found.mac_addresses,
    }
}

/// Collects the report's rows.
///
/// Whether the report resolves inheritance for devices is not documented. Where it does, a value that a device inherits
/// is in the row of the location or organisation that it comes from, too: such a value is not taken for the device's own.
fn values(
    fields: &FieldNames,
    rows: impl IntoIterator<Item = (Entity, CustomFields)>,
) -> Result<FieldValues, PortError> {
    let mut values = FieldValues::default();
    let mut inheritable = BTreeSet::new();
    for (entity, row) in rows {
        let own = |field| value(&row, field);
        match entity {
            Entity::Organization(id) => {
                let id = OrganizationId::new(id.to_string());
                values.organizations.extend(own(&fields.organization)?.map(|value| (id, value)));
                inheritable.extend(own(&fields.device)?);
            }
            Entity::Location(id) => {
                let id = LocationId::new(id.to_string());
                values.locations.extend(own(&fields.location)?.map(|value| (id, value)));
                inheritable.extend(own(&fields.device)?);
            }
            Entity::Device(id) => {
                let id = DeviceId::new(id.to_string());
                values.devices.extend(own(&fields.device)?.map(|value| (id, value)));
            }
            _ => {}
        }
    }
    values.devices.retain(|_, value| !inheritable.contains(value));
    Ok(values)
}

fn with_locations(found: OrganizationDetail) -> OrganizationWithLocations {
    let location = |location: ninja_client::Location| Location {
        id: LocationId::new(location.id.to_string()),
        name: location.name,
    };
    OrganizationWithLocations {
        organization: Organization {
            id: OrganizationId::new(found.organization.id.to_string()),
            name: found.organization.name,
        },
        locations: found.locations.into_iter().map(location).collect(),
    }
}

#[async_trait]
impl InventoryView for NinjaInventory {
    async fn organizations(&self) -> Result<Vec<OrganizationWithLocations>, PortError> {
        let found = self.0.organizations().list_detailed().map_ok(with_locations).try_collect().await;
        let found: Vec<OrganizationWithLocations> = found.attempting(LIST)?;
        // A tenant has at least the client whom all this is for: an empty list is how NinjaOne refuses to show any.
        if found.is_empty() {
            let answer = "it shows no organisation at all: the application may lack the right to see them";
            return Err(
                PortError::new(PortErrorKind::Unauthorized, LIST, answer).from_service(Service::Inventory)
            );
        }
        Ok(found)
    }

    async fn devices(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
    ) -> Result<Vec<Device>, PortError> {
        let here = location_id(location)?;
        let found = self
            .0
            .devices()
            .list_detailed(organization_id(organization)?)
            .try_filter(move |detail| future::ready(may_be_here(detail, here)))
            .map_ok(device);
        let found: Result<Vec<Device>, _> = Box::pin(found.try_collect()).await;
        found.attempting(format_args!("list the devices of location {location}"))
    }

    async fn field_values(&self, fields: &FieldNames) -> Result<FieldValues, PortError> {
        let names = [&fields.organization, &fields.location, &fields.device];
        let names = names.map(field_name).into_iter().collect::<Result<Vec<_>, _>>()?;
        let scopes = [Scope::Organization, Scope::Location, Scope::Device];
        let rows = self.0.custom_fields().report(&scopes, &names).map_ok(|row| (row.entity, row.fields));
        let rows: Result<Vec<_>, _> = rows.try_collect().await;
        values(fields, rows.attempting("read NinjaOne's report of the UUID fields")?)
    }

    async fn location_field(
        &self,
        organization: &OrganizationId,
        location: &LocationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError> {
        let (organization, id) = (organization_id(organization)?, location_id(location)?);
        let fields = self.0.locations().custom_fields(organization, id).await;
        value(&fields.attempting(format_args!("read the custom fields of location {location}"))?, field)
    }

    async fn device_field(&self, device: &DeviceId, field: &FieldName) -> Result<Option<String>, PortError> {
        let fields = self.0.devices().custom_fields(device_id(device)?).await;
        value(&fields.attempting(format_args!("read the custom fields of device {device}"))?, field)
    }
}

#[async_trait]
impl Inventory for NinjaInventory {
    async fn set_device_guid(
        &self,
        device: &DeviceId,
        field: &FieldName,
        guid: DeviceGuid,
    ) -> Result<(), PortError> {
        let patch = FieldPatch::new().text(&field_name(field)?, guid.to_string());
        let written = self.0.devices().set_custom_fields(device_id(device)?, &patch).await;
        written.attempting(format_args!("set the {field} of device {device}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(entity: Entity, values: &serde_json::Value) -> (Entity, CustomFields) {
        (entity, serde_json::from_value(values.clone()).unwrap())
    }

    #[test]
    fn i1_each_entity_gives_the_value_of_its_own_field() {
        let all =
            serde_json::json!({"dtcOrgGuid": "o", "dtcLocationGuid": "l", "deviceGuid": "d", "other": 7});
        let rows = [
            row(
                Entity::Organization(ninja_client::OrganizationId::new(1)),
                &serde_json::json!({"dtcOrgGuid": "o"}),
            ),
            row(
                Entity::Location(ninja_client::LocationId::new(2)),
                &serde_json::json!({"dtcLocationGuid": "l"}),
            ),
            row(Entity::Device(ninja_client::DeviceId::new(3)), &all),
            row(Entity::Device(ninja_client::DeviceId::new(4)), &serde_json::json!({"deviceGuid": null})),
        ];
        let values = values(&FieldNames::default(), rows).unwrap();
        assert_eq!(values.organizations, [(OrganizationId::new("1"), "o".to_owned())].into());
        assert_eq!(values.locations, [(LocationId::new("2"), "l".to_owned())].into());
        assert_eq!(values.devices, [(DeviceId::new("3"), "d".to_owned())].into());
    }

    #[test]
    fn i1_a_value_that_a_location_hands_down_is_not_a_devices_own() {
        let held = serde_json::json!({"deviceGuid": "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083"});
        let rows = [
            row(Entity::Device(ninja_client::DeviceId::new(3)), &held),
            row(Entity::Location(ninja_client::LocationId::new(2)), &held),
        ];
        assert_eq!(values(&FieldNames::default(), rows).unwrap(), FieldValues::default());
    }

    #[test]
    fn i9_a_device_out_of_service_is_no_candidate() {
        let here = ninja_client::LocationId::new(2);
        for (location, status, is_one) in [
            (2, "APPROVED", true),
            (2, "PENDING", true),
            (2, "DECOMMISSIONED", false),
            (3, "APPROVED", false),
        ] {
            let found = serde_json::json!({ "id": 7, "organizationId": 1, "locationId": location, "approvalStatus": status });
            assert_eq!(may_be_here(&serde_json::from_value(found).unwrap(), here), is_one, "{status}");
        }
    }

    #[test]
    fn i9_a_device_keeps_every_name_and_address() {
        let found = serde_json::from_str(
            r#"{"id": 7, "organizationId": 1, "locationId": 2, "approvalStatus": "PENDING", "systemName": "nas01",
                "dnsName": "nas01.example.net", "ipAddresses": ["192.0.2.10"], "macAddresses": ["3C:EC:EF:01:02:03"]}"#,
        );
        let device = device(found.unwrap());
        assert_eq!(device.id.as_str(), "7");
        assert_eq!(device.display_name, "nas01");
        assert_eq!(device.names, ["nas01", "nas01.example.net"]);
        assert_eq!((device.addresses.len(), device.macs.len()), (1, 1));
    }
}
