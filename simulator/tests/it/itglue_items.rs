//! IT Glue's resources beside passwords, and what its API does that surprises.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulator::itglue::{Alteration, Meanwhile, Settings};
use simulator::{DEFAULT_ID, Simulator};

/// An account and somebody with its key.
struct Desk {
    sim: Simulator,
    http: reqwest::Client,
}

impl Desk {
    async fn of(settings: Settings) -> Self {
        let sim = Simulator::builder().itglue_tenant(DEFAULT_ID, settings).start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { sim, http: http.build().unwrap() }
    }

    async fn call(&self, method: Method, path: &str, sent: Value) -> reqwest::Response {
        let address = &self.sim.addresses().itglue;
        let request = self.http.request(method, format!("{}{path}", address.url));
        let request = request.header("x-api-key", &address.api_key);
        let request = match sent {
            Value::Null => request,
            sent => request.header("content-type", "application/vnd.api+json").body(sent.to_string()),
        };
        request.send().await.unwrap()
    }

    async fn answered(&self, method: Method, path: &str, sent: Value) -> (u16, Value) {
        let answer = self.call(method, path, sent).await;
        let status = answer.status().as_u16();
        (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.answered(Method::GET, path, Value::Null).await
    }

    fn organization(&self) -> u64 {
        self.sim.itglue().organization_id()
    }
}

fn document(kind: &str, attributes: &Value) -> Value {
    json!({ "data": { "type": kind, "attributes": attributes } })
}

#[tokio::test]
async fn filters_are_spelt_with_hyphens_for_flexible_assets_alone() {
    let desk = Desk::of(Settings::default()).await;
    let kind = desk.sim.itglue().add_asset_type("Backup", &[("Site", "Text", true)]);
    let asset = desk.sim.itglue().add_asset(kind, desk.organization(), &json!({ "site": "x" }));
    for (path, status) in [
        (format!("/flexible_assets?filter[flexible-asset-type-id]={kind}"), 200),
        (format!("/flexible_assets?filter[flexible_asset_type_id]={kind}"), 400),
        ("/flexible_assets".to_owned(), 400),
        ("/configurations?filter[organization_id]=1".to_owned(), 200),
        ("/configurations?filter[organization-id]=1".to_owned(), 400),
        ("/organizations?filter[psa_id]=1".to_owned(), 400),
        ("/configurations?filter[rmm_integration_type]=ninja-rmm".to_owned(), 400),
        ("/documents".to_owned(), 404),
        (format!("/organizations/{}/relationships/flexible_asset_types", desk.organization()), 404),
        ("/organizations/7/relationships/locations".to_owned(), 404),
    ] {
        assert_eq!(desk.get(&path).await.0, status, "{path}");
    }
    let (_, list) = desk.get(&format!("/flexible_assets?filter[flexible-asset-type-id]={kind}")).await;
    assert_eq!(list["data"][0]["id"], asset.to_string());
    assert_eq!(list["meta"]["total-count"], 1);
}

#[tokio::test]
async fn a_patch_of_traits_replaces_all_of_them() {
    let desk = Desk::of(Settings::default()).await;
    let fields = [("Site", "Text", true), ("Bucket", "Text", false), ("Devices", "Tag", false)];
    let kind = desk.sim.itglue().add_asset_type("Backup", &fields);
    let device = desk.sim.itglue().sync_device(7, "nas");
    let patch = async |id: u64, attributes: Value| {
        let sent = document("flexible-assets", &attributes);
        desk.answered(Method::PATCH, &format!("/flexible_assets/{id}"), sent).await
    };
    let traits = json!({ "site": "a", "bucket": "b", "devices": [device] });
    let made =
        json!({ "organization-id": desk.organization(), "flexible-asset-type-id": kind, "traits": traits });
    let (status, made) =
        desk.answered(Method::POST, "/flexible_assets", document("flexible-assets", &made)).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["data"]["attributes"]["traits"]["devices"]["values"][0]["name"], "nas");
    let id: u64 = made["data"]["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(patch(id, json!({ "traits": { "site": "c" } })).await.0, 200);
    let left = desk.sim.itglue().traits(id).unwrap();
    assert_eq!(Value::from(left), json!({ "site": "c" }), "the others are wiped");
    for (attributes, status) in [
        (json!({ "traits": { "bucket": "no site" } }), 422),
        (json!({ "traits": { "site": "c", "unknown": 1 } }), 422),
        (json!({ "traits": { "site": "c", "devices": "7" } }), 422),
        (json!({ "traits": { "site": { "an": "object" } } }), 422),
        (json!({ "name": "n", "traits": { "site": "c" } }), 400),
        (json!({}), 422),
    ] {
        let (answered, body) = patch(id, attributes).await;
        assert_eq!(answered, status, "{body}");
    }
    assert_eq!(patch(7, json!({ "traits": {} })).await.0, 404);
}

#[tokio::test]
async fn what_a_configuration_may_carry() {
    let desk = Desk::of(Settings::default()).await;
    let kind = desk.sim.itglue().add_configuration_type("Managed Server");
    let whole = json!({ "organization_id": desk.organization(), "configuration_type_id": kind, "name": "n" });
    let path = "/configurations";
    let (status, made) = desk.answered(Method::POST, path, document("configurations", &whole)).await;
    assert_eq!(
        (status, &made["data"]["attributes"]["configuration-type-name"]),
        (201, &json!("Managed Server"))
    );
    for (attribute, value, status) in [
        ("name", json!(null), 422),
        ("configuration-type-id", json!(1), 422),
        ("organization-id", json!(1), 422),
        ("mac-address", json!("0".repeat(18)), 422),
        ("archived", json!("yes"), 422),
        ("location-id", json!("here"), 422),
        ("resource-url", json!("x"), 400),
    ] {
        let mut attributes =
            json!({ "organization-id": desk.organization(), "configuration-type-id": kind, "name": "n" });
        attributes[attribute] = value;
        let (answered, body) =
            desk.answered(Method::POST, path, document("configurations", &attributes)).await;
        assert_eq!(answered, status, "{attribute}: {body}");
    }
    let other = document("passwords", &whole);
    assert_eq!(desk.answered(Method::POST, path, other).await.0, 400, "a document of another type");
    let mut related = document("configurations", &whole);
    related["data"]["relationships"] = json!({});
    assert_eq!(desk.answered(Method::POST, path, related).await.0, 400);
}

#[tokio::test]
async fn a_redirect_and_a_refusal_at_the_limit_have_their_headers() {
    let desk = Desk::of(Settings::default()).await;
    desk.sim.itglue().redirect_requests(1);
    let answer = desk.call(Method::GET, "/organizations", Value::Null).await;
    assert_eq!(answer.status(), StatusCode::MOVED_PERMANENTLY);
    assert!(answer.headers()["location"].to_str().unwrap().starts_with("https://"));
    desk.sim.itglue().limit_requests(0);
    for (seconds, header) in [(None, None), (Some(7), Some("7"))] {
        desk.sim.itglue().retry_after(seconds);
        let answer = desk.call(Method::GET, "/organizations", Value::Null).await;
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers().get("retry-after").map(|it| it.to_str().unwrap()), header);
    }
}

#[tokio::test]
async fn values_are_altered_and_records_archived_as_a_test_asks() {
    let desk = Desk::of(Settings::default()).await;
    let create = async || {
        let attributes =
            json!({ "organization-id": desk.organization(), "name": "N", "password": "a<&>\"'z" });
        let (_, made) = desk.answered(Method::POST, "/passwords", document("passwords", &attributes)).await;
        let id: u64 = made["data"]["id"].as_str().unwrap().parse().unwrap();
        desk.sim.itglue().record(id).unwrap()
    };
    for (alteration, stored) in [
        (Alteration::MarkupEscaped, "a&lt;&amp;&gt;&quot;&#39;z"),
        (Alteration::LastCharacterDropped, "a<&>\"'"),
        (Alteration::OneCharacter, "a<&x\"'z"),
    ] {
        desk.sim.itglue().alter_writes(alteration, 1);
        assert_eq!(create().await.value, stored);
        assert_eq!(create().await.value, "a<&>\"'z", "one write only");
    }
    desk.sim.itglue().meanwhile(Meanwhile::ArchiveAfterWrite);
    assert!(create().await.archived);
    let before = desk.sim.itglue().records().len();
    desk.sim.itglue().meanwhile(Meanwhile::CreateTheSame);
    assert!(!create().await.archived);
    assert_eq!(desk.sim.itglue().records().len(), before + 2);
    desk.sim.itglue().meanwhile(Meanwhile::ArchiveAfterList);
    desk.get("/passwords?page[size]=1000").await;
    assert!(desk.sim.itglue().records().iter().all(|record| record.archived));
}

#[tokio::test]
async fn versions_and_files_stand_beside_a_record_that_is_asked_for_with_them() {
    let desk = Desk::of(Settings::default()).await;
    let id = desk.sim.itglue().add_record(desk.organization(), "N", "u", "one", "");
    let path = format!("/passwords/{id}");
    for value in ["two", "three"] {
        let sent = document("passwords", &json!({ "password": value }));
        assert_eq!(desk.answered(Method::PATCH, &path, sent).await.0, 200);
    }
    let file = document("attachments", &json!({ "attachment": { "content": "AAE=", "file_name": "a" } }));
    let (status, made) =
        desk.answered(Method::POST, &format!("{path}/relationships/attachments"), file).await;
    assert_eq!((status, &made["data"]["attributes"]["attachment-file-size"]), (201, &json!(2)));
    let (_, shown) = desk.get(&format!("{path}?include=recent_versions,attachments")).await;
    let kinds: Vec<&str> =
        shown["included"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["versions", "versions", "attachments"]);
    assert_eq!(shown["included"][0]["attributes"].get("password"), None);
    assert_eq!(desk.get(&path).await.1.get("included"), None);
    assert_eq!(desk.get(&format!("{path}?include=secrets")).await.0, 400);
    for content in [json!("not base 64!"), json!(null)] {
        let file =
            document("attachments", &json!({ "attachment": { "content": content, "file_name": "a" } }));
        assert_eq!(
            desk.answered(Method::POST, &format!("{path}/relationships/attachments"), file).await.0,
            422
        );
    }
    assert_eq!(desk.sim.itglue().files()[0].content, [0, 1]);
}

#[tokio::test]
async fn a_fleet_is_listed_by_pages_and_searched() {
    let desk = Desk::of(Settings::default().fleet(500, 10_000).ids_above(1 << 53)).await;
    for page in 1..=20 {
        let (_, list) = desk.get(&format!("/configurations?page[size]=500&page[number]={page}")).await;
        assert_eq!(list["meta"]["total-count"], 10_002);
    }
    let (_, found) =
        desk.get("/configurations?filter[rmm_id]=104711&filter[rmm_integration_type]=ninja-rmm").await;
    assert_eq!(found["data"][0]["attributes"]["name"], "device-04711");
    assert!(found["data"][0]["id"].as_str().unwrap().parse::<u64>().unwrap() > 1 << 53);
}
