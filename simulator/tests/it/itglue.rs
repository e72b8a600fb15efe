//! IT Glue over its socket.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulator::itglue::{ListNotes, PasswordAccess};
use simulator::{Fault, Simulator};

const MEDIA_TYPE: &str = "application/vnd.api+json";

/// An account and somebody with its key.
struct Desk {
    sim: Simulator,
    http: reqwest::Client,
}

impl Desk {
    async fn open() -> Self {
        let sim = crate::simulation().start().await.unwrap();
        Self { sim, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let address = &self.sim.addresses().itglue;
        let request = self.http.request(method, format!("{}{path}", address.url));
        let mut request = request.header("x-api-key", &address.api_key);
        if let Some(body) = body {
            request = request.header("content-type", MEDIA_TYPE).body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn create(&self, attributes: Value) -> (StatusCode, Value) {
        let organization = self.sim.itglue().organization_id();
        let path = format!("/organizations/{organization}/relationships/passwords");
        self.call(Method::POST, &path, Some(password(attributes))).await
    }

    async fn patch(&self, id: &str, attributes: Value) -> (StatusCode, Value) {
        self.call(Method::PATCH, &format!("/passwords/{id}"), Some(password(attributes))).await
    }

    async fn value(&self, id: &str) -> Value {
        self.get(&format!("/passwords/{id}")).await["data"]["attributes"]["password"].clone()
    }
}

fn password(attributes: impl Into<Value>) -> Value {
    let attributes: Value = attributes.into();
    json!({ "data": { "type": "passwords", "attributes": attributes } })
}

fn id(answer: &Value) -> String {
    answer["data"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_list_never_shows_a_value_and_a_record_does() {
    let desk = Desk::open().await;
    let (status, made) = desk.create(json!({ "name": "N", "password": "s3cret", "notes": "A: b" })).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(made["data"]["attributes"].get("password"), None, "create shows it only when asked");
    let id = id(&made);
    assert!(id.len() >= 15);
    assert_eq!(desk.value(&id).await, "s3cret");
    let hidden = desk.get(&format!("/passwords/{id}?show_password=false")).await;
    assert_eq!(hidden["data"]["attributes"].get("password"), None);

    let organization = desk.sim.itglue().organization_id();
    let path =
        format!("/passwords?filter[organization_id]={organization}&show_password=true&page[size]=1000");
    let (shown, null) = (json!("A: b"), json!(null));
    for (habit, notes) in
        [(ListNotes::Absent, None), (ListNotes::Shown, Some(&shown)), (ListNotes::Null, Some(&null))]
    {
        desk.sim.itglue().list_notes(habit);
        let list = desk.get(&path).await;
        let row = &list["data"].as_array().unwrap()[1]["attributes"];
        assert_eq!((row.get("password"), row.get("notes")), (None, notes));
    }
}

#[tokio::test]
async fn a_patch_is_partial_and_keeps_versions() {
    let desk = Desk::open().await;
    let (_, made) = desk.create(json!({ "name": "N", "password": "one", "username": "u" })).await;
    let id = id(&made);
    let (status, patched) = desk.patch(&id, json!({ "password": "two" })).await;
    assert_eq!((status, &patched["data"]["attributes"]["username"]), (StatusCode::OK, &json!("u")));
    assert_eq!(desk.value(&id).await, "two");
    let versions = desk.sim.itglue().record(id.parse().unwrap()).unwrap().versions;
    let old = desk.get(&format!("/passwords/{id}?version_id={}", versions[0])).await;
    assert_eq!(old["data"]["attributes"]["password"], "one");
    desk.patch(&id, json!({ "archived": true })).await;
    let kept = desk.get("/passwords?filter[archived]=false").await;
    assert!(kept["data"].as_array().unwrap().iter().all(|row| row["id"] != id.as_str()));
    let (status, _) = desk.patch(&id, json!({ "resource-id": 1, "resource-type": "Configuration" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_refused_and_how() {
    let desk = Desk::open().await;
    let (status, body) = desk.create(json!({ "name": "N" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body["errors"][0]["source"]["pointer"], "data/attributes/password");
    let (status, _) = desk.create(json!({ "name": "x".repeat(256), "password": "p" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, body) =
        desk.call(Method::POST, "/passwords", Some(password(json!({ "name": "N", "password": "p" })))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(body["errors"][0]["detail"], "Valid organization_id is required");

    let address = &desk.sim.addresses().itglue;
    let url = format!("{}/passwords", address.url);
    let plain = desk
        .http
        .post(&url)
        .header("x-api-key", &address.api_key)
        .json(&password(json!({})))
        .send()
        .await
        .unwrap();
    assert_eq!(plain.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let wrong = desk.http.get(&url).header("x-api-key", "ITG.wrong").send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::FORBIDDEN);

    desk.sim.itglue().limit_requests(2);
    desk.get("/organizations").await;
    desk.get("/password_categories").await;
    let (status, _) = desk.call(Method::GET, "/organizations", None).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    desk.sim.clock().advance(Duration::from_secs(301));
    desk.get("/organizations").await;
}

#[tokio::test]
async fn a_configuration_is_found_by_its_ninjaone_device_and_embeds_a_password() {
    let desk = Desk::open().await;
    let configuration = desk.sim.itglue().sync_device(77, "truenas");
    let path = "/configurations?filter[rmm_id]=77";
    assert_eq!(desk.call(Method::GET, path, None).await.0, StatusCode::BAD_REQUEST);
    let found = desk.get(&format!("{path}&filter[rmm_integration_type]=ninja-rmm")).await;
    assert_eq!(found["data"][0]["id"], configuration.to_string());
    let embedded = |kind: &str| json!({ "name": "N", "password": "p", "resource-id": configuration, "resource-type": kind });
    let (_, made) = desk.create(embedded("Configuration")).await;
    assert_eq!(made["data"]["attributes"]["cached-resource-name"], "truenas");
    let (_, general) = desk.create(embedded("configurations")).await;
    assert_eq!(
        general["data"]["attributes"]["resource-id"],
        Value::Null,
        "the wrong word makes a general one"
    );
}

#[tokio::test]
async fn an_attribute_of_another_type_is_refused_by_its_name() {
    let desk = Desk::open().await;
    let (_, made) = desk.create(json!({ "name": "N", "password": "p" })).await;
    let id = id(&made);
    for (attribute, value) in [
        ("password", json!("")),
        ("password", json!(null)),
        ("password", json!(7)),
        ("name", json!("")),
        ("name", json!(null)),
        ("username", json!(7)),
        ("url", json!("u".repeat(256))),
        ("notes", json!(["a"])),
        ("archived", json!("true")),
        ("restricted", json!(null)),
        ("otp-secret", json!("not base 32!")),
        ("password-category-id", json!(1)),
        ("password-folder-id", json!("seven")),
    ] {
        let (status, body) = desk.patch(&id, json!({ attribute: value })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{attribute}: {body}");
        let pointer = format!("data/attributes/{attribute}");
        assert_eq!(body["errors"][0]["source"]["pointer"], pointer, "{body}");
    }
    for read_only in ["organization-name", "created-at", "my-glue", "no-such-attribute", "organization-id"] {
        let (status, _) = desk.patch(&id, json!({ read_only: "x" })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{read_only}");
    }
    assert_eq!(desk.value(&id).await, "p");
}

#[tokio::test]
async fn what_is_not_the_organisations_is_not_found_there() {
    let desk = Desk::open().await;
    let itglue = desk.sim.itglue();
    let other = itglue.add_organization("Other");
    let (_, made) = desk.create(json!({ "name": "N", "password": "p" })).await;
    let below = |organization: u64| format!("/organizations/{organization}/relationships/passwords");
    let elsewhere = format!("{}/{}", below(other), id(&made));
    assert_eq!(desk.call(Method::GET, &elsewhere, None).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.call(Method::GET, &below(7), None).await.0, StatusCode::NOT_FOUND);
    let (status, _) = desk.create(json!({ "name": "N", "password": "p", "organization-id": other })).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "two organisations in one request");
    let draft = json!({ "name": "N", "password": "p", "resource-id": 7, "resource-type": "Document" });
    assert_eq!(desk.create(draft).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_number_is_shown_as_one_and_only_a_new_value_is_a_new_value() {
    let desk = Desk::open().await;
    let category = desk.sim.itglue().backup_category_id();
    let draft = json!({ "name": "N", "password": "p", "password-category-id": category.to_string() });
    let (_, made) = desk.create(draft).await;
    let shown = &made["data"]["attributes"];
    assert_eq!(shown["password-category-id"], category);
    assert_eq!(shown["password-category-name"], "Backup Credentials");
    desk.sim.clock().advance(Duration::from_mins(1));
    let (_, after) = desk.patch(&id(&made), json!({ "notes": "n" })).await;
    let after = &after["data"]["attributes"];
    assert_eq!(after["password-updated-at"], shown["password-updated-at"]);
    assert_ne!(after["updated-at"], shown["updated-at"]);
}

#[tokio::test]
async fn a_parameter_that_would_be_passed_over_is_refused() {
    let desk = Desk::open().await;
    for path in [
        "/passwords?show_password=1",
        "/passwords?filter[organization-id]=1",
        "/passwords?sort=notes",
        "/passwords?page[size]=0",
        "/organizations?sort=username",
        "/organizations?filter[short_name]=a",
        "/configurations?filter[rmm_integration_type]=ninja-rmm",
    ] {
        assert_eq!(desk.call(Method::GET, path, None).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
    desk.sim.faults().on("itglue", "list_organizations").after_effect(Fault::ExpireToken);
    let (status, _) = desk.call(Method::GET, "/organizations", None).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "there is no token that expires, only a key that is revoked");
}

#[tokio::test]
async fn several_are_created_at_once_and_pages_are_counted() {
    let desk = Desk::open().await;
    let organization = desk.sim.itglue().organization_id();
    let one = |name: &str| {
        let attributes = json!({ "organization-id": organization, "name": name, "password": "p" });
        password(attributes)["data"].clone()
    };
    let body = json!({ "data": [one("A"), one("B"), one("C")] });
    let (status, made) = desk.call(Method::POST, "/passwords", Some(body)).await;
    assert_eq!((status, made["data"].as_array().unwrap().len()), (StatusCode::CREATED, 3));
    let path =
        format!("/organizations/{organization}/relationships/passwords?sort=-name&page[size]=3&page[number]");
    let first = desk.get(&format!("{path}=1")).await;
    assert_eq!(first["data"][1]["attributes"]["name"], "C");
    assert_eq!(first["meta"]["next-page"], 2);
    let last = desk.get(&format!("{path}=2")).await;
    assert_eq!((&last["meta"]["next-page"], &last["meta"]["total-count"]), (&Value::Null, &json!(4)));
}

#[tokio::test]
async fn e2_the_ways_in_which_a_vault_can_lie() {
    let desk = Desk::open().await;
    let itglue = desk.sim.itglue();
    itglue.corrupt_writes(1);
    let (_, made) = desk.create(json!({ "name": "N", "password": "p@ss" })).await;
    let id = id(&made);
    assert_eq!(desk.value(&id).await, "p@xs");

    itglue.stale_reads(2);
    desk.patch(&id, json!({ "password": "new" })).await;
    assert_eq!(desk.value(&id).await, "p@xs");
    assert_eq!(desk.value(&id).await, "p@xs");
    assert_eq!(desk.value(&id).await, "new");

    itglue.password_access(PasswordAccess::Withheld);
    assert_eq!(desk.value(&id).await, Value::Null);
    desk.patch(&id, json!({ "password": "not taken" })).await;
    assert_eq!(itglue.record(id.parse().unwrap()).unwrap().value, "new");
}
