//! Organisations, locations and devices.

use futures_util::{StreamExt as _, TryStreamExt as _};
use ninja_client::{
    ApprovalStatus, Device, DeviceDetail, DeviceFilter, DeviceId, ErrorKind, NodeClass, OrganizationDetail,
    OrganizationId, Parameters,
};
use serde_json::{Value, json};
use wiremock::matchers::query_param;

use crate::{asked, ok, queries, tenant};

fn organization(id: i32, name: &str) -> Value {
    json!({ "id": id, "name": name, "description": "", "userData": {}, "nodeApprovalMode": "AUTOMATIC" })
}

fn device(id: i32, organization: i32, status: &str) -> Value {
    json!({
        "id": id, "uid": "7d8f1c5e-6a0b-4c3d-9e2f-1a2b3c4d5e6f", "organizationId": organization, "locationId": 4,
        "nodeClass": "NMS_SERVER", "approvalStatus": status, "offline": false, "displayName": format!("d{id}"),
        "systemName": "truenas", "created": 1_735_689_600.25, "tags": [],
    })
}

#[tokio::test]
async fn gotcha_06_a_list_is_read_until_a_page_is_empty() {
    let (server, client) = tenant().await;
    let list = || asked("GET", "/v2/organizations").and(query_param("pageSize", "1000"));
    for (after, rows) in [("2", json!([organization(7, "B")])), ("7", json!([]))] {
        list().and(query_param("after", after)).respond_with(ok(&rows)).expect(1).mount(&server).await;
    }
    let first = json!([organization(1, "A"), organization(2, "B")]);
    list().respond_with(ok(&first)).expect(1).mount(&server).await;
    let found = client.organizations().find("B").await.unwrap();
    assert_eq!(
        found.iter().map(|it| it.id.get()).collect::<Vec<_>>(),
        [2, 7],
        "a short page is not the last"
    );
}

#[tokio::test]
async fn a_tenant_that_ignores_where_to_go_on_is_an_error() {
    let (server, client) = tenant().await;
    asked("GET", "/v2/organizations").respond_with(ok(&json!([organization(1, "A")]))).mount(&server).await;
    let error = client.organizations().find("A").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
}

#[tokio::test]
async fn locations_come_in_one_answer() {
    let (server, client) = tenant().await;
    let rows = json!([{ "id": 4, "name": "Main Office", "address": "1 Harbour Road" }, { "id": 5, "name": "Annexe" }]);
    asked("GET", "/v2/organization/2/locations").respond_with(ok(&rows)).mount(&server).await;
    let found = client.locations().list(OrganizationId::new(2)).await.unwrap();
    assert_eq!((found[0].name.as_str(), found[1].address.as_deref()), ("Main Office", None));
    asked("GET", "/v2/organization/2").respond_with(ok(&organization(2, "B"))).mount(&server).await;
    assert_eq!(client.organizations().get(OrganizationId::new(2)).await.unwrap().name, "B");
}

#[tokio::test]
async fn organisations_come_with_their_locations_in_one_list() {
    let (server, client) = tenant().await;
    let mut first = organization(2, "B");
    first["locations"] =
        json!([{ "id": 4, "name": "Main Office", "address": "1 Harbour Road", "userData": {} }]);
    first["policies"] = json!([{ "nodeRoleId": 1, "policyId": 2 }]);
    first["settings"] = json!({});
    let rows = json!([first, organization(5, "C")]);
    let list = || asked("GET", "/v2/organizations-detailed").and(query_param("pageSize", "1000"));
    list().and(query_param("after", "5")).respond_with(ok(&json!([]))).expect(1).mount(&server).await;
    list().respond_with(ok(&rows)).expect(1).mount(&server).await;
    let found: Vec<OrganizationDetail> = client.organizations().list_detailed().try_collect().await.unwrap();
    assert_eq!((found[0].organization.name.as_str(), found[0].locations[0].id.get()), ("B", 4));
    assert_eq!((found[1].organization.id, found[1].locations.len()), (OrganizationId::new(5), 0));
}

#[tokio::test]
async fn i9_pending_devices_are_listed_too_and_nobody_elses() {
    let (server, client) = tenant().await;
    for (df, rows) in [
        ("org = 2", json!([device(10, 2, "APPROVED"), device(11, 3, "APPROVED"), device(12, 2, "PENDING")])),
        ("org = 2 AND status = PENDING", json!([device(10, 2, "APPROVED"), device(12, 2, "PENDING")])),
    ] {
        let list = || asked("GET", "/v2/devices").and(query_param("df", df));
        list().and(query_param("after", "12")).respond_with(ok(&json!([]))).mount(&server).await;
        list().respond_with(ok(&rows)).mount(&server).await;
    }
    let list = client.devices().list(OrganizationId::new(2));
    let found: Vec<Device> = list.try_collect().await.unwrap();
    assert_eq!(found.iter().map(|it| it.id.get()).collect::<Vec<_>>(), [10, 12]);
    assert_eq!(found[1].approval_status, ApprovalStatus::Pending);
    assert_eq!(found[0].names().collect::<Vec<_>>(), ["d10", "truenas"]);
    let sent = queries(&server, "/v2/devices").await;
    // Both lists are asked for at once: either may come first.
    let approved = "df=org%20%3D%202&pageSize=1000";
    assert!(sent.iter().any(|query| query == approved), "spaces are not written as a plus sign: {sent:?}");
}

#[tokio::test]
async fn a_detailed_list_brings_addresses() {
    let (server, client) = tenant().await;
    let mut detailed = device(10, 2, "STAGED");
    detailed["ipAddresses"] = json!(["192.0.2.5"]);
    detailed["macAddresses"] = json!(["00:00:5E:00:53:01"]);
    detailed["nodeClass"] = json!("NMS_TOASTER");
    let list = || asked("GET", "/v2/devices-detailed");
    list().and(query_param("after", "10")).respond_with(ok(&json!([]))).mount(&server).await;
    list().respond_with(ok(&json!([detailed]))).mount(&server).await;
    let found: Vec<DeviceDetail> =
        client.devices().list_detailed(OrganizationId::new(2)).try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].ip_addresses, ["192.0.2.5"]);
    assert_eq!(found[0].device.node_class, NodeClass::Unrecognized("NMS_TOASTER".into()));

    asked("GET", "/v2/device/10").respond_with(ok(&detailed)).mount(&server).await;
    assert_eq!(client.devices().get(DeviceId::new(10)).await.unwrap(), found[0]);
}

#[tokio::test]
async fn a_search_is_sent_as_it_was_typed() {
    let (server, client) = tenant().await;
    let body = json!({ "query": "a&b c", "devices": [device(10, 2, "APPROVED")] });
    asked("GET", "/v2/devices/search")
        .and(query_param("q", "a&b c"))
        .respond_with(ok(&body))
        .mount(&server)
        .await;
    assert_eq!(client.devices().search("a&b c").await.unwrap()[0].id, DeviceId::new(10));
    assert_eq!(queries(&server, "/v2/devices/search").await, ["q=a%26b%20c"]);
}

/// What a stream brings: ids, and what its errors say.
async fn outcome<T>(
    rows: impl futures_util::Stream<Item = Result<T, ninja_client::Error>>,
    id: impl Fn(T) -> i32,
) -> Vec<Result<i32, String>> {
    rows.map(|row| row.map(&id).map_err(|error| error.to_string())).collect().await
}

#[tokio::test]
async fn a_row_without_its_id_does_not_take_its_page_with_it() {
    let (server, client) = tenant().await;
    let odd = json!({ "displayName": "without an id", "organizationId": 2 });
    let mut moved = device(12, 2, "APPROVED");
    moved["locationId"] = json!(null);
    let page = json!([device(10, 2, "APPROVED"), odd, 7, null, device(11, 2, "APPROVED"), moved]);
    let list = || asked("GET", "/v2/devices");
    list().and(query_param("after", "12")).respond_with(ok(&json!([]))).expect(1).mount(&server).await;
    list().respond_with(ok(&page)).expect(1).mount(&server).await;
    let rows = outcome(client.devices().list_where(&DeviceFilter::new()), |row: Device| row.id.get()).await;
    let ids: Vec<_> = rows.iter().map(|row| row.as_ref().ok().copied()).collect();
    assert_eq!(ids, [Some(10), None, None, None, Some(11), None]);
    for (at, says) in [(1, "a row without an id"), (2, "a row without an id"), (5, "row 12")] {
        let error = rows[at].as_ref().unwrap_err();
        assert!(error.contains(says) && error.contains("the other rows are not affected"), "{error}");
    }
}

#[tokio::test]
async fn a_list_whose_last_rows_are_odd_still_ends() {
    let (server, client) = tenant().await;
    let list = || asked("GET", "/v2/organizations");
    let odd = json!({ "name": "B" });
    list().and(query_param("after", "1")).respond_with(ok(&json!([odd]))).mount(&server).await;
    list().respond_with(ok(&json!([organization(1, "A"), odd]))).mount(&server).await;
    let rows = outcome(client.organizations().list(), |row| row.id.get()).await;
    assert_eq!(rows.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(client.organizations().find("A").await.unwrap().len(), 1, "what is odd has another name");
    let error = client.organizations().find("B").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood, "it may be a second organisation of this name");
}

#[tokio::test]
async fn what_all_stands_in_one_answer_is_shown_without_what_names_nothing() {
    let (server, client) = tenant().await;
    let rows = json!([{ "id": 4, "name": null }, { "name": "Annexe" }, null, { "id": 5, "name": "Annexe" }]);
    asked("GET", "/v2/organization/2/locations").respond_with(ok(&rows)).mount(&server).await;
    let found = client.locations().list(OrganizationId::new(2)).await.unwrap();
    assert_eq!(found.iter().map(|it| it.id.get()).collect::<Vec<_>>(), [4, 5]);
    let mut detailed = organization(2, "B");
    detailed["locations"] = rows;
    asked("GET", "/v2/organization/2").respond_with(ok(&detailed)).mount(&server).await;
    let found = client.organizations().get_detailed(OrganizationId::new(2)).await.unwrap();
    assert_eq!(found.locations.len(), 2, "an odd location does not hide the others");
    assert_eq!(found.more.names().collect::<Vec<_>>(), ["locations (not understood)"]);
    let body = json!({ "devices": [device(10, 2, "APPROVED"), { "score": 1 }] });
    asked("GET", "/v2/devices/search").respond_with(ok(&body)).mount(&server).await;
    assert_eq!(client.devices().search("nas").await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_odd_row_of_a_report_or_of_the_activities_stands_for_itself() {
    let (server, client) = tenant().await;
    let report = json!({ "results": [{ "deviceId": 10 }, "odd", { "deviceId": 11 }] });
    asked("GET", "/v2/queries/disks").respond_with(ok(&report)).mount(&server).await;
    let rows = outcome(client.reports().disks(&Parameters::new()), |_| 0).await;
    assert_eq!(rows.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    let activities = || asked("GET", "/v2/activities");
    activities()
        .and(query_param("olderThan", "7"))
        .respond_with(ok(&json!({ "activities": [] })))
        .mount(&server)
        .await;
    let page = json!({ "activities": [{ "id": 8 }, { "message": "x" }, { "id": 7 }] });
    activities().respond_with(ok(&page)).mount(&server).await;
    let rows = outcome(client.tenant().activities(&Parameters::new()), |_| 0).await;
    assert_eq!(rows.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
}

/// Read in the other order it would be in neither list.
#[tokio::test]
async fn a_device_that_is_approved_while_it_is_looked_for_is_found_once() {
    let (server, client) = tenant().await;
    let list = |df: &str| asked("GET", "/v2/devices").and(query_param("df", df));
    let pending = "org = 2 AND status = PENDING";
    for df in [pending, "org = 2"] {
        list(df).and(query_param("after", "10")).respond_with(ok(&json!([]))).mount(&server).await;
    }
    list(pending).respond_with(ok(&json!([device(10, 2, "PENDING")]))).mount(&server).await;
    list("org = 2").respond_with(ok(&json!([device(10, 2, "APPROVED")]))).mount(&server).await;
    let found: Vec<Device> = client.devices().list(OrganizationId::new(2)).try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].approval_status, ApprovalStatus::Approved);
    let sent = queries(&server, "/v2/devices").await;
    assert!(sent[0].contains("PENDING"), "{sent:?}");
}

#[tokio::test]
async fn a_filter_that_would_widen_is_not_sent() {
    let (server, client) = tenant().await;
    let by_class = DeviceFilter::new().classes(&[NodeClass::from("MAC AND org = 3".to_owned())]);
    for filter in [DeviceFilter::new().ids(&[]), by_class] {
        let list = client.devices().list_where(&filter).try_collect::<Vec<_>>().await;
        let report =
            client.reports().disks(&Parameters::new().devices(&filter)).try_collect::<Vec<_>>().await;
        let alerts = client.alerts().list(&Parameters::new().devices(&filter)).await.map(drop);
        for error in [list.unwrap_err(), report.unwrap_err(), alerts.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        }
    }
    let twice = Parameters::new().status("A").status("B");
    let error = client.devices().os_patches(DeviceId::new(10), &twice).await.unwrap_err();
    assert!(error.to_string().contains("given twice"), "{error}");
    let nothing = [
        client.custom_fields().report(&[], &[]).try_collect::<Vec<_>>().await.map(drop),
        client
            .custom_fields()
            .report(&[ninja_client::Scope::Device], &[])
            .try_collect::<Vec<_>>()
            .await
            .map(drop),
        client.field_definitions().delete_several_with_all_values(&[]).await.map(drop),
        client.devices().search("").await.map(drop),
    ];
    for error in nothing.map(Result::unwrap_err) {
        assert!(
            error.kind() == ErrorKind::InvalidRequest && error.to_string().contains("no value"),
            "{error}"
        );
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
