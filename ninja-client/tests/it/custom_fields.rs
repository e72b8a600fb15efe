//! Custom fields.

use futures_util::TryStreamExt as _;
use ninja_client::{
    DeviceId, Entity, EntityFields, ErrorKind, FieldName, FieldOwner, FieldPatch, FieldValue, LocationId,
    OrganizationId, Scope,
};
use serde_json::json;
use wiremock::ResponseTemplate;
use wiremock::matchers::{body_json, header, query_param, query_param_is_missing};

use crate::{asked, failure, ok, queries, tenant};

fn name(name: &str) -> FieldName {
    FieldName::new(name).unwrap()
}

#[tokio::test]
async fn i1_each_level_has_its_path_and_shows_its_own_values_only() {
    let (server, client) = tenant().await;
    let body =
        json!({ "guid": "a1b2", "ticked": true, "count": 7, "empty": null, "rich": { "html": "<b>" } });
    for to in [
        "/v2/organization/2/custom-fields",
        "/v2/organization/2/location/4/custom-fields",
        "/v2/device/10/custom-fields",
    ] {
        asked("GET", to).respond_with(ok(&body)).expect(1).mount(&server).await;
    }
    let organization = OrganizationId::new(2);
    let fields = client.organizations().custom_fields(organization).await.unwrap();
    assert_eq!(fields.get(&name("guid")).and_then(FieldValue::as_text), Some("a1b2"));
    assert_eq!(fields.get(&name("count")), Some(&FieldValue::Integer(7)));
    assert_eq!(fields.get(&name("empty")), None);
    assert_eq!(fields.iter().count(), 4, "a value of an unknown kind is kept");
    let location = client.locations().custom_fields(organization, LocationId::new(4)).await.unwrap();
    let device = client.devices().custom_fields(DeviceId::new(10)).await.unwrap();
    assert_eq!((&location, &device), (&fields, &fields));
    assert_eq!(queries(&server, "/v2/device/10/custom-fields").await, ["withInheritance=false"]);
    assert_eq!(queries(&server, "/v2/organization/2/custom-fields").await, [""]);
}

#[tokio::test]
async fn a_patch_sends_what_it_names_and_wants_no_answer() {
    let (server, client) = tenant().await;
    let body = json!({ "deviceGuid": "3c1e", "siteContact": null });
    for to in [
        "/v2/organization/2/custom-fields",
        "/v2/organization/2/location/4/custom-fields",
        "/v2/device/10/custom-fields",
    ] {
        asked("PATCH", to)
            .and(header("content-type", "application/json"))
            .and(body_json(&body))
            .respond_with(ResponseTemplate::new(204))
            .expect(1)
            .mount(&server)
            .await;
    }
    let patch = FieldPatch::new().text(&name("deviceGuid"), "3c1e").clear(&name("siteContact"));
    let organization = OrganizationId::new(2);
    client.organizations().set_custom_fields(organization, &patch).await.unwrap();
    client.locations().set_custom_fields(organization, LocationId::new(4), &patch).await.unwrap();
    client.devices().set_custom_fields(DeviceId::new(10), &patch).await.unwrap();
}

#[tokio::test]
async fn a_value_that_is_not_taken_differs_from_a_field_that_may_not_be_written() {
    let (server, client) = tenant().await;
    let to = "/v2/device/10/custom-fields";
    asked("PATCH", to)
        .respond_with(failure(400, "INVALID_ATTRIBUTE_VALUE"))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    asked("PATCH", to).respond_with(failure(403, "nope")).mount(&server).await;
    let patch = FieldPatch::new().text(&name("deviceGuid"), "x");
    let set = async || client.devices().set_custom_fields(DeviceId::new(10), &patch).await.unwrap_err();
    let error = set().await;
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Rejected, Some("incident-7")));
    let text = error.to_string();
    assert!(text.contains("device 10") && text.contains("INVALID_ATTRIBUTE_VALUE"), "{text}");
    assert_eq!(set().await.kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn i8_one_report_over_scopes_and_fields_shows_who_holds_a_value() {
    let (server, client) = tenant().await;
    let report = || {
        asked("GET", "/v2/queries/scoped-custom-fields")
            .and(query_param("scopes", "node,organization"))
            .and(query_param("fields", "deviceGuid,dtcOrgGuid"))
            .and(query_param("pageSize", "1000"))
    };
    let cursor =
        |offset: u32, count: u32| json!({ "name": "c1", "offset": offset, "count": count, "expires": 1.5 });
    let first = json!({ "cursor": cursor(0, 2), "results": [
        { "scope": "NODE", "entityId": 10, "fields": { "deviceGuid": "3C1E" } },
        { "scope": "ORGANIZATION", "entityId": 2, "fields": { "dtcOrgGuid": "a1b2" } } ] });
    let second =
        json!({ "cursor": cursor(2, 1), "results": [{ "scope": "PLANET", "entityId": 3, "fields": {} }] });
    let last = json!({ "cursor": cursor(3, 0), "results": [] });
    report().and(query_param_is_missing("cursor")).respond_with(ok(&first)).expect(1).mount(&server).await;
    let next = || report().and(query_param("cursor", "c1"));
    next().respond_with(ok(&second)).up_to_n_times(1).mount(&server).await;
    next().respond_with(ok(&last)).expect(1).mount(&server).await;

    let fields = [name("deviceGuid"), name("dtcOrgGuid")];
    let report = client.custom_fields().report(&[Scope::Device, Scope::Organization], &fields);
    let rows: Vec<EntityFields> = report.try_collect().await.unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].entity, Entity::Device(DeviceId::new(10)));
    assert_eq!(rows[0].fields.get(&fields[0]).and_then(FieldValue::as_text), Some("3C1E"));
    assert_eq!(rows[2].entity, Entity::Other("PLANET".into(), 3));
}

#[tokio::test]
async fn a_report_that_does_not_go_on_is_an_error() {
    let (server, client) = tenant().await;
    let stuck = json!({ "cursor": { "name": "c1", "offset": 0, "count": 1 },
        "results": [{ "scope": "NODE", "entityId": 10, "fields": {} }] });
    asked("GET", "/v2/queries/scoped-custom-fields").respond_with(ok(&stuck)).mount(&server).await;
    let report = client.custom_fields().report(&[Scope::Device], &[name("deviceGuid")]);
    let error = report.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
}

fn definitions() -> serde_json::Value {
    let field = |name: &str, kind: &str, permission: &str| json!({ "name": name, "type": kind, "definitionScope": ["NODE"], "apiPermission": permission });
    json!([
        field("rack", "DECIMAL", "READ_WRITE"),
        field("services", "MULTI_SELECT", "READ_WRITE"),
        field("deviceGuid", "TEXT", "READ_WRITE"),
        field("hidden", "TEXT", "NONE"),
        field("blind", "TEXT", "WRITE_ONLY"),
        field("pin", "TEXT_ENCRYPTED", "READ_WRITE"),
    ])
}

#[tokio::test]
async fn a_value_that_comes_back_in_another_form_is_the_same_value() {
    let (server, client) = tenant().await;
    asked("GET", "/v2/device-custom-fields").respond_with(ok(&definitions())).mount(&server).await;
    let to = "/v2/device/10/custom-fields";
    let held = json!({ "rack": 7.0, "services": ["b", "a"], "deviceGuid": "x" });
    asked("GET", to).respond_with(ok(&held)).mount(&server).await;
    asked("PATCH", to).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let fields = client.checked_fields().await.unwrap();
    let owner = FieldOwner::Device(DeviceId::new(10));
    let same = FieldPatch::new()
        .set(&name("rack"), 7)
        .set(&name("services"), json!(["a", "b"]))
        .text(&name("deviceGuid"), "x");
    assert_eq!(fields.set(owner, &same).await.unwrap().unchanged.len(), 3);
    for (field, value) in [
        ("rack", json!(8)),
        ("rack", json!(7.5)),
        ("services", json!(["a"])),
        ("services", json!(["a", "a"])),
        ("deviceGuid", json!("X")),
    ] {
        let error = fields.set(owner, &FieldPatch::new().set(&name(field), value)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
    }
}

#[tokio::test]
async fn i8_what_the_report_would_leave_out_is_not_looked_for() {
    let (server, client) = tenant().await;
    asked("GET", "/v2/device-custom-fields").respond_with(ok(&definitions())).mount(&server).await;
    let report =
        json!({ "results": [{ "scope": "NODE", "entityId": 10, "fields": { "deviceGuid": "3C1E" } }] });
    asked("GET", "/v2/queries/scoped-custom-fields").respond_with(ok(&report)).expect(1).mount(&server).await;
    let fields = client.checked_fields().await.unwrap();
    let find = async |scope: Scope, field: &str| fields.find(&[scope], &name(field), |_| true).await;
    assert_eq!(find(Scope::Device, "deviceGuid").await.unwrap().len(), 1);
    for (scope, field, why) in [
        (Scope::Device, "noSuchField", "no such field"),
        (Scope::Location, "deviceGuid", "the level LOCATION"),
        (Scope::Device, "hidden", "does not show it"),
        (Scope::Device, "blind", "does not show it"),
        (Scope::Device, "pin", "does not show it"),
    ] {
        let error = find(scope, field).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[test]
fn e8_a_patch_shows_no_value() {
    let patch = FieldPatch::new().text(&name("pin"), "hunter2").clear(&name("rack"));
    assert_eq!(format!("{patch:?}"), r#"FieldPatch {"pin", "rack"}"#);
}
