//! What NinjaOne shows when its clock is another, when rights are missing, and by which filter; on a simulation that was written without the
//! client.

use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use ninja_client::shapes::{NewFieldDefinition, NewFieldDefinitions, NewStagedDevice};
use ninja_client::{
    ApprovalStatus, Client, DeviceFilter, DeviceId, ErrorKind, FieldOwner, FieldPatch, GroupId, LocationId,
    NodeRoleId, OrganizationId, Parameters, Scope,
};
use simulator::ninja::{self as console, ApiPermission, NewDevice};

use crate::ninja_fleet::{builder, client, config, name, simulation};

/// Tokens live as long as NinjaOne says, by either clock; what has expired by its clock is renewed, and no row is lost or doubled.
#[tokio::test]
async fn another_clock_costs_tokens_and_no_row() {
    let sim = simulation().await;
    sim.clock().advance(Duration::from_hours(24 * 400));
    sim.ninja().limit_page_size(1);
    let client = client(&sim);
    let mut devices = pin!(client.devices().list_where(&DeviceFilter::new()));
    let mut found = BTreeSet::new();
    while let Some(device) = devices.try_next().await.unwrap() {
        assert!(found.insert(device.id));
        sim.clock().advance(Duration::from_secs(3601));
    }
    assert_eq!(found.len(), 5);
    let tokens = sim.faults().request_log().iter().filter(|request| request.operation == "token").count();
    assert_eq!(tokens, 6, "one for each of six pages");
}

#[tokio::test]
async fn a_report_whose_cursor_has_died_is_an_error_and_not_the_end() {
    let settings = console::Settings::default().fleet(60, 20);
    let sim = builder().ninja_tenant("fleet", settings).start().await.unwrap();
    let client = Client::new(config(sim.addresses().ninja_tenant("fleet").unwrap())).unwrap();
    let mut rows = pin!(client.reports().disks(&Parameters::new()));
    rows.try_next().await.unwrap().unwrap();
    sim.clock().advance(Duration::from_secs(601));
    let rest: Vec<_> = rows.collect().await;
    let error = rest.last().unwrap().as_ref().unwrap_err();
    assert_eq!((rest.len(), error.kind()), (1000, ErrorKind::Rejected), "{error}");
}

/// An empty list is no refusal, so what reads one says what else it may mean.
#[tokio::test]
async fn an_application_that_may_see_nothing_gets_empty_lists() {
    let sim = simulation().await;
    let organization = OrganizationId::new(sim.ninja().organization_id());
    let (client, device) = (client(&sim), DeviceId::new(sim.ninja().devices()[1].0));
    sim.ninja().hide_everything();
    assert_eq!(client.organizations().find("Harbour Dental Group").await.unwrap(), []);
    assert_eq!(client.organizations().list_detailed().count().await, 0);
    assert_eq!(client.locations().list_all().count().await, 0);
    assert_eq!(client.devices().list(organization).count().await, 0);
    assert_eq!(client.reports().disks(&Parameters::new()).count().await, 0);
    assert_eq!(client.field_definitions().list().count().await, 0);
    assert_eq!(client.devices().search("DENTAL").await.unwrap(), []);
    assert_eq!(client.devices().get(device).await.unwrap_err().kind(), ErrorKind::NotFound);
    let found =
        client.custom_fields().find_by_field(&[Scope::Organization], &name("dtcOrgGuid"), |_| true).await;
    assert_eq!(found.unwrap(), [], "which proves nothing");

    let fields = client.checked_fields().await.unwrap();
    let patch = FieldPatch::new().text(&name("siteContact"), "Ada");
    let set = fields.set(FieldOwner::Organization(organization), &patch).await.unwrap_err();
    let found = fields.find(&[Scope::Organization], &name("dtcOrgGuid"), |_| true).await.unwrap_err();
    for error in [set, found] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("may lack the right"), "{error}");
    }
    assert_eq!(sim.transcript().writes().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_says_what_an_empty_list_of_organisations_may_mean() {
    let bed = dtc_tests::TestBed::new(31).await;
    bed.sim.ninja().hide_everything();
    let error = bed.plan().await.unwrap_err().to_string();
    assert!(error.contains("NinjaOne") && error.contains("may lack the right"), "{error}");
}

/// The report leaves the field out without a word; looking at the definition first tells that from a field without values.
#[tokio::test]
async fn i8_a_field_that_is_hidden_from_the_api_is_not_a_field_without_values() {
    let sim = simulation().await;
    let client = client(&sim);
    let find = async || {
        let fields = client.checked_fields().await.unwrap();
        fields.find(&[Scope::Device], &name("deviceGuid"), |_| true).await
    };
    assert_eq!(find().await.unwrap().len(), 1);
    sim.ninja().set_api_permission("deviceGuid", ApiPermission::ReadOnly);
    assert_eq!(find().await.unwrap().len(), 1, "reading is enough");
    for hidden in [ApiPermission::None, ApiPermission::WriteOnly] {
        sim.ninja().set_api_permission("deviceGuid", hidden);
        let unchecked =
            client.custom_fields().find_by_field(&[Scope::Device], &name("deviceGuid"), |_| true).await;
        assert_eq!(unchecked.unwrap(), []);
        assert_eq!(find().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn a_filter_chooses_by_role_group_and_day_in_lists_and_reports() {
    let sim = simulation().await;
    let client = client(&sim);
    sim.clock().advance(Duration::from_hours(24 * 30));
    let (organization, location) = (sim.ninja().organization_id(), sim.ninja().location_id());
    let new = DeviceId::new(sim.ninja().add_device(NewDevice::new(organization, location, "truenas")));
    let other_role = ninja_client::shapes::DeviceChange::new().node_role_id(NodeRoleId::new(304));
    client.devices().update(new, &other_role).await.unwrap();
    let devices = async |filter: &DeviceFilter| -> Vec<DeviceId> {
        client.devices().list_where(filter).map_ok(|device| device.id).try_collect().await.unwrap()
    };
    let of_role = DeviceFilter::new().roles(&[NodeRoleId::new(304)]);
    assert_eq!(devices(&of_role).await, [new]);
    assert_eq!(devices(&DeviceFilter::new().roles(&[NodeRoleId::new(211)])).await.len(), 5);
    let group = GroupId::new(7);
    let of_group = devices(&DeviceFilter::new().group(group)).await;
    assert_eq!(of_group, client.tenant().group_devices(group).await.unwrap());
    assert_eq!(of_group.len(), 4, "all but the two servers");
    let error =
        client.devices().list_where(&DeviceFilter::new().group(GroupId::new(8))).try_collect::<Vec<_>>();
    assert_eq!(error.await.unwrap_err().kind(), ErrorKind::Rejected);

    let created = client.devices().get(new).await.unwrap().device.created.unwrap().milliseconds().unwrap();
    let day = jiff::Timestamp::from_millisecond(created.get() - 86_400_000).unwrap().to_string();
    let (day, _) = day.split_once('T').unwrap();
    assert_eq!(devices(&DeviceFilter::new().created_after(day)).await, [new]);
    assert_eq!(devices(&DeviceFilter::new().created_before(day)).await.len(), 5);
    let reported = client.reports().disks(&Parameters::new().devices(&of_role));
    assert_eq!(reported.count().await, 1, "a report is about the devices of its filter");
}

#[tokio::test]
async fn a_placeholder_and_a_device_out_of_service_are_listed_as_such() {
    let sim = simulation().await;
    let (client, id) = (client(&sim), DeviceId::new(sim.ninja().devices()[1].0));
    let (organization, location) = (sim.ninja().organization_id(), sim.ninja().location_id());
    let (organization, location) = (OrganizationId::new(organization), LocationId::new(location));
    let new = NewStagedDevice::new("nas".into(), organization, location, NodeRoleId::new(211));
    let staged = client.devices().create_staged(&new).await.unwrap().node_id.unwrap();
    client.devices().decommission(id).await.unwrap();
    let listed: Vec<_> = client.devices().list(organization).try_collect().await.unwrap();
    let status = |id| listed.iter().find(|device| device.id == id).map(|device| &device.approval_status);
    assert_eq!(status(staged), Some(&ApprovalStatus::Staged));
    assert_eq!(status(id), Some(&ApprovalStatus::Decommissioned));
}

#[tokio::test]
async fn what_is_changed_of_an_organisation_or_a_location_is_there_afterwards() {
    use ninja_client::Members;
    use ninja_client::shapes::{LocationProperties, NewOrganization, OrganizationChange};
    let sim = simulation().await;
    let client = client(&sim);
    let place =
        LocationProperties::new().name("Quay").address("1 Quay").user_data(Members::new().with("a", 1));
    let new = NewOrganization::new().name("Harbour Dental Group").description("moved").locations(vec![place]);
    let made = client.organizations().create(&new, &Parameters::new()).await.unwrap();
    let (id, location) = (made.organization.id, made.locations[0].id);
    client.organizations().update(id, &OrganizationChange::new().description("sold")).await.unwrap();
    let change = LocationProperties::new().description("upstairs");
    client.locations().update(id, location, &change).await.unwrap();
    let found = client.organizations().get_detailed(id).await.unwrap();
    assert_eq!(found.organization.name, "Harbour Dental Group");
    assert_eq!(found.organization.description.as_deref(), Some("sold"));
    let [place] = found.locations.as_slice() else { panic!("one location: {found:?}") };
    assert_eq!((place.name.as_str(), place.address.as_deref()), ("Quay", Some("1 Quay")));
    assert_eq!(place.description.as_deref(), Some("upstairs"));
    assert_eq!(place.user_data, Some(Members::new().with("a", 1)));
    assert_eq!(client.organizations().find("Harbour Dental Group").await.unwrap().len(), 2);
}

#[tokio::test]
async fn definitions_of_several_pages_are_read_to_the_last() {
    let sim = simulation().await;
    let client = client(&sim);
    let new =
        (0..600).map(|number| NewFieldDefinition::new(format!("Rack {number}"), format!("rack{number}")));
    let new = NewFieldDefinitions::new().custom_fields(new.collect::<Vec<_>>());
    assert_eq!(client.field_definitions().create_all(&new).await.unwrap().len(), 600);
    assert_eq!(client.field_definitions().list().count().await, 609);
}
