//! NinjaOne: organisations, devices, and the fields that hold UUIDs.

use dtc_provision::PortErrorKind;
use dtc_provision::ids::{DeviceId, LocationId, OrganizationId};
use dtc_provision::ports::{FieldNames, OrganizationWithLocations};

use super::outside::Outside;
use super::{device, kind, other_device};

contract!(
    i1_an_organisation_comes_with_its_locations,
    i9_a_device_is_listed_at_its_location,
    i1_the_report_has_what_a_location_says_now,
    i1_a_device_without_a_guid_is_not_in_the_report,
    i8_holders_are_found_in_any_spelling,
    i5_a_guid_that_is_written_is_read,
    i1_what_is_not_there_is_not_found,
);

async fn client(world: &impl Outside) -> OrganizationWithLocations {
    let all = world.ports().inventory.organizations().await.unwrap();
    assert!(all.len() >= 2, "{all:?}");
    let mut named = all.into_iter().filter(|found| found.organization.name == world.client());
    let client = named.next().unwrap();
    assert_eq!(named.count(), 0);
    client
}

async fn place(world: &impl Outside) -> (OrganizationId, LocationId) {
    let client = client(world).await;
    let location = client.locations.into_iter().find(|found| found.name == world.location()).unwrap();
    (client.organization.id, location.id)
}

async fn i1_an_organisation_comes_with_its_locations(world: &impl Outside) {
    let client = client(world).await;
    let named = client.locations.iter().filter(|found| found.name == world.location());
    assert_eq!((named.count(), client.locations.len()), (1, 2), "{client:?}");
}

async fn i9_a_device_is_listed_at_its_location(world: &impl Outside) {
    let client = client(world).await;
    let added = world.add_device("nas-new");
    for location in client.locations {
        let devices = world.ports().inventory.devices(&client.organization.id, &location.id).await.unwrap();
        let found: Vec<_> = devices.iter().filter(|found| found.id == added).collect();
        assert_eq!(found.len(), usize::from(location.name == world.location()));
        assert!(found.iter().all(|found| found.display_name == "nas-new"), "{found:?}");
    }
}

async fn i1_the_report_has_what_a_location_says_now(world: &impl Outside) {
    let ((organization, location), fields) = (place(world).await, FieldNames::default());
    let inventory = &world.ports().inventory;
    let now = inventory.location_field(&organization, &location, &fields.location).await.unwrap();
    let report = inventory.field_values(&fields).await.unwrap();
    assert!(now.is_some());
    assert_eq!(report.locations.get(&location), now.as_ref());
    assert!(report.organizations.contains_key(&organization));
}

async fn i1_a_device_without_a_guid_is_not_in_the_report(world: &impl Outside) {
    let (added, fields) = (world.add_device("nas-new"), FieldNames::default());
    let inventory = &world.ports().inventory;
    assert_eq!(inventory.device_field(&added, &fields.device).await.unwrap(), None);
    assert!(!inventory.field_values(&fields).await.unwrap().devices.contains_key(&added));
}

async fn i8_holders_are_found_in_any_spelling(world: &impl Outside) {
    let added = world.add_device("nas-new");
    for spelling in
        [format!(" {{{}}}", device().to_string().to_uppercase()), device().to_string().replace('-', "")]
    {
        world.set_device_field(&added, &spelling);
        let report = world.ports().inventory.field_values(&FieldNames::default()).await.unwrap();
        assert_eq!(report.holders(device()).collect::<Vec<_>>(), [&added], "{spelling}");
        assert_eq!(report.holders(other_device()).count(), 0);
    }
}

async fn i5_a_guid_that_is_written_is_read(world: &impl Outside) {
    let (added, fields) = (world.add_device("nas-new"), FieldNames::default());
    let inventory = &world.ports().inventory;
    for guid in [device(), device(), other_device()] {
        inventory.set_device_guid(&added, &fields.device, guid).await.unwrap();
        let now = inventory.device_field(&added, &fields.device).await.unwrap();
        assert_eq!(now, Some(guid.to_string()));
    }
    let report = inventory.field_values(&fields).await.unwrap();
    assert_eq!(report.holders(other_device()).collect::<Vec<_>>(), [&added]);
    assert_eq!(report.holders(device()).count(), 0);
}

async fn i1_what_is_not_there_is_not_found(world: &impl Outside) {
    let (inventory, fields) = (&world.ports().inventory, FieldNames::default());
    let (organization, _) = place(world).await;
    let (no_device, no_location) = (DeviceId::new("999999"), LocationId::new("999999"));
    let location = inventory.location_field(&organization, &no_location, &fields.location).await;
    assert_eq!(kind(location), PortErrorKind::NotFound);
    assert_eq!(kind(inventory.device_field(&no_device, &fields.device).await), PortErrorKind::NotFound);
    let written = inventory.set_device_guid(&no_device, &fields.device, device()).await;
    assert_eq!(kind(written), PortErrorKind::NotFound);
}
