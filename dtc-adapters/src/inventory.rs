//! NinjaOne.

use async_trait::async_trait;
use dtc_naming::DeviceGuid;
use dtc_provision::PortError;
use dtc_provision::ports::{
    Device, DeviceId, FieldName, Inventory, InventoryView, Location, LocationId, Organization, OrganizationId,
};
use futures_util::{TryStreamExt as _, future};
use ninja_client::{Client, CustomFields, Entity, FieldPatch, FieldValue, Scope};

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

/// Whether a field's value is this GUID, in whatever spelling.
fn is(value: &FieldValue, guid: DeviceGuid) -> bool {
    value.as_text().and_then(|text| text.trim().parse::<DeviceGuid>().ok()) == Some(guid)
}

#[async_trait]
impl InventoryView for NinjaInventory {
    async fn organizations(&self) -> Result<Vec<Organization>, PortError> {
        let found = self.0.organizations().list().map_ok(|organization| Organization {
            id: OrganizationId::new(organization.id.to_string()),
            name: organization.name,
        });
        found.try_collect().await.attempting("list the organisations in NinjaOne")
    }

    async fn locations(&self, organization: &OrganizationId) -> Result<Vec<Location>, PortError> {
        let found = self.0.locations().list(organization_id(organization)?).await;
        let found = found.attempting(format_args!("list the locations of organisation {organization}"))?;
        let location = |location: ninja_client::Location| Location {
            id: LocationId::new(location.id.to_string()),
            name: location.name,
        };
        Ok(found.into_iter().map(location).collect())
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
            .try_filter(move |detail| future::ready(detail.device.location_id == here))
            .map_ok(device);
        found.try_collect().await.attempting(format_args!("list the devices of location {location}"))
    }

    async fn organization_field(
        &self,
        organization: &OrganizationId,
        field: &FieldName,
    ) -> Result<Option<String>, PortError> {
        let fields = self.0.organizations().custom_fields(organization_id(organization)?).await;
        value(
            &fields.attempting(format_args!("read the custom fields of organisation {organization}"))?,
            field,
        )
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

    async fn holders(&self, field: &FieldName, guid: DeviceGuid) -> Result<Vec<DeviceId>, PortError> {
        let name = field_name(field)?;
        let rows = self.0.custom_fields().report(&[Scope::Device], std::slice::from_ref(&name));
        let holders = rows.try_filter_map(|row| {
            let held = row.fields.get(&name).is_some_and(|value| is(value, guid));
            future::ok(match row.entity {
                Entity::Device(id) if held => Some(DeviceId::new(id.to_string())),
                _ => None,
            })
        });
        holders.try_collect().await.attempting(format_args!("ask which devices hold the {field} {guid}"))
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

    #[test]
    fn i8_a_holder_is_found_in_any_spelling() {
        let guid: DeviceGuid = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083".parse().unwrap();
        for spelling in [
            "3C1E5D70-92AB-4F0E-8D47-B6A9C2F1E083",
            "3c1e5d7092ab4f0e8d47b6a9c2f1e083",
            " {3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083}",
        ] {
            assert!(is(&FieldValue::Text(spelling.to_owned()), guid), "{spelling}");
        }
        assert!(!is(&FieldValue::Text("3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e084".to_owned()), guid));
        assert!(!is(&FieldValue::Text("to be entered".to_owned()), guid));
        assert!(!is(&FieldValue::Integer(7), guid));
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
