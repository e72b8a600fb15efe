//! NinjaOne over its socket.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulator::ninja::{ApiPermission, Clearing, Entity, NewDevice, UnknownFields};
use simulator::truenas::ServiceState;
use simulator::{DEFAULT_ID, Fault, Simulator};

const LOCATION_GUID: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";

/// A tenant and somebody with a token.
struct Console {
    sim: Simulator,
    http: reqwest::Client,
    token: String,
}

impl Console {
    async fn open() -> Self {
        Self::at(crate::simulation()).await
    }

    async fn at(simulation: simulator::Builder) -> Self {
        let sim = simulation.start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut console = Self { sim, http, token: String::new() };
        let address = &console.sim.addresses().ninja;
        let (status, body) = console.token(&address.client_id, &address.client_secret).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(3600)));
        body["access_token"].as_str().unwrap().clone_into(&mut console.token);
        console
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sim.addresses().ninja.url)
    }

    async fn token(&self, id: &str, secret: &str) -> (StatusCode, Value) {
        self.scoped_token(id, secret, "").await
    }

    async fn scoped_token(&self, id: &str, secret: &str, scope: &str) -> (StatusCode, Value) {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
            ("scope", scope),
        ];
        let answer = self.http.post(self.url("/ws/oauth/token")).form(&form).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, self.url(path)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn patch(&self, path: &str, body: Value) -> StatusCode {
        self.call(Method::PATCH, path, Some(body)).await.0
    }

    fn location(&self) -> Entity {
        Entity::Location(self.sim.ninja().location_id())
    }

    fn fields_of_location(&self) -> String {
        let ninja = self.sim.ninja();
        format!("/v2/organization/{}/location/{}/custom-fields", ninja.organization_id(), ninja.location_id())
    }
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|row| row["systemName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_three_ways_of_not_being_let_in_differ() {
    let console = Console::open().await;
    let (status, body) = console.token("nobody", "nothing").await;
    assert_eq!((status, &body["resultCode"]), (StatusCode::NOT_FOUND, &json!("Client app not exist")));

    let without = console.http.get(console.url("/v2/organizations")).send().await.unwrap();
    assert_eq!(without.status(), StatusCode::BAD_REQUEST);
    assert!(without.headers().contains_key("x-nj-request-id"));
    assert_eq!(without.json::<Value>().await.unwrap()["error"], "missing_header");

    console.sim.clock().advance(Duration::from_secs(3601));
    let (status, body) = console.call(Method::GET, "/v2/organizations", None).await;
    assert_eq!((status, &body["error_code"]), (StatusCode::UNAUTHORIZED, &json!(10)));
}

#[tokio::test]
async fn lists_come_in_pages_after_an_id() {
    let console = Console::open().await;
    console.sim.ninja().limit_page_size(2);
    let first = console.get("/v2/organizations?pageSize=500").await;
    assert_eq!(first.as_array().unwrap().len(), 2);
    let second = console.get(&format!("/v2/organizations?pageSize=500&after={}", first[1]["id"])).await;
    assert_eq!(second.as_array().unwrap().len(), 1);
    let organization =
        console.get(&format!("/v2/organization/{}", console.sim.ninja().organization_id())).await;
    assert_eq!(organization["locations"][0]["name"], "Main Office");
    let locations = console.get(&format!("/v2/organization/{}/locations", organization["id"])).await;
    assert_eq!(locations.as_array().unwrap().len(), 2);
    console.sim.ninja().limit_page_size(100);
    assert_eq!(console.get("/v2/locations").await[0]["organizationId"], 1);
    assert_eq!(console.call(Method::GET, "/v2/organizations?page=2", None).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn organizations_detailed_are_what_each_is_by_itself() {
    let console = Console::open().await;
    let all = console.get("/v2/organizations-detailed?pageSize=500").await;
    assert_eq!(all.as_array().unwrap().len(), 3);
    for one in all.as_array().unwrap() {
        assert_eq!(console.get(&format!("/v2/organization/{}", one["id"])).await, *one);
    }
    let page = console.get(&format!("/v2/organizations-detailed?pageSize=1&after={}", all[0]["id"])).await;
    assert_eq!(page, json!([all[1]]));
    assert_eq!(
        console.call(Method::GET, "/v2/organizations-detailed?of=x", None).await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn pending_devices_are_hidden_until_asked_for() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    let (organization, location) = (ninja.organization_id(), ninja.location_id());
    let waiting = NewDevice::new(organization, location, "truenas").pending().ip_addresses(["10.0.0.5"]);
    let id = ninja.add_device(waiting);
    let plain = console.get(&format!("/v2/devices?df=org%20%3D%20{organization}")).await;
    assert_eq!(names(&plain), ["DENTAL-DC01", "core-switch", "annexe-ap"]);
    let df = format!("org%20%3D%20{organization}%20AND%20status%20%3D%20PENDING");
    let pending = console.get(&format!("/v2/devices?df={df}")).await;
    assert_eq!(names(&pending), ["truenas"]);
    assert_eq!(console.get("/v2/devices/search?q=truenas").await["devices"], json!([]));

    ninja.approve_device(id);
    let found = console.get("/v2/devices/search?q=10.0.0&limit=5").await;
    assert_eq!(found["devices"][0]["matchAttrValue"], "10.0.0.5");
    let detail = console.get(&format!("/v2/device/{id}")).await;
    assert_eq!((&detail["nodeClass"], &detail["ipAddresses"]), (&json!("NMS_SERVER"), &json!(["10.0.0.5"])));
    console.get(&format!("/v2/organization/{organization}/devices?pageSize=10")).await;
    console.get("/v2/devices-detailed?pageSize=10&df=class%20in%20(NMS_SERVER)").await;
    assert_eq!(console.patch(&format!("/v2/device/{id}"), json!({ "displayName": "NAS" })).await, 204);
    assert_eq!(console.patch(&format!("/v2/device/{id}"), json!({ "name": "NAS" })).await, 400);
    assert_eq!(console.get(&format!("/v2/device/{id}")).await["displayName"], "NAS");
}

#[tokio::test]
async fn custom_fields_are_patched_whole_or_not_at_all() {
    let console = Console::open().await;
    let path = console.fields_of_location();
    assert_eq!(console.get(&path).await, json!({ "dtcLocationGuid": LOCATION_GUID }));
    assert_eq!(console.patch(&path, json!({ "siteContact": "Ada", "seats": 3 })).await, 204);
    let (status, body) =
        console.call(Method::PATCH, &path, Some(json!({ "siteContact": "B", "seats": "3" }))).await;
    assert_eq!((status, &body["errorMessage"]), (StatusCode::BAD_REQUEST, &json!("INVALID_ATTRIBUTE_VALUE")));
    assert_eq!(console.patch(&path, json!({ "siteContact": "x".repeat(201) })).await, 400);
    assert_eq!(console.patch(&path, json!({ "dtcOrgGuid": "of another scope" })).await, 400);
    assert_eq!(console.get(&path).await["siteContact"], "Ada");

    let ninja = console.sim.ninja();
    ninja.unknown_fields(UnknownFields::Ignored);
    assert_eq!(console.patch(&path, json!({ "noSuchField": "x", "siteContact": "C" })).await, 204);
    assert_eq!(ninja.field(console.location(), "siteContact"), Some(json!("C")));
    ninja.clearing(Clearing::Ignored);
    assert_eq!(console.patch(&path, json!({ "siteContact": null })).await, 204);
    assert_eq!(console.get(&path).await["siteContact"], "C");
    ninja.clearing(Clearing::Honoured);
    assert_eq!(console.patch(&path, json!({ "siteContact": null })).await, 204);
    assert_eq!(console.get(&path).await.get("siteContact"), None);
}

#[tokio::test]
async fn the_definition_says_what_the_api_may_do() {
    let console = Console::open().await;
    let path = console.fields_of_location();
    let ninja = console.sim.ninja();
    ninja.set_api_permission("dtcLocationGuid", ApiPermission::ReadOnly);
    assert_eq!(console.patch(&path, json!({ "dtcLocationGuid": "x" })).await, 403);
    ninja.set_api_permission("dtcLocationGuid", ApiPermission::None);
    assert_eq!(console.get(&path).await, json!({}));
    let definitions = console.get("/v2/device-custom-fields?scopes=location").await;
    assert_eq!(definitions[0]["name"], "dtcLocationGuid");
    assert_eq!(definitions[0]["apiPermission"], "NONE");
}

#[tokio::test]
async fn a_report_finds_who_holds_a_guid() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    for number in 0..12 {
        let id = ninja.add_device(NewDevice::new(ninja.organization_id(), ninja.location_id(), "pc"));
        ninja.set_field(Entity::Device(id), "deviceGuid", format!("guid {number}"));
    }
    let path = "/v2/queries/scoped-custom-fields?scopes=node&fields=deviceGuid&pageSize=10";
    let first = console.get(path).await;
    assert_eq!(first["cursor"]["count"], 10);
    assert_eq!(first["results"][0]["scope"], "NODE");
    let next = format!("{path}&cursor={}", first["cursor"]["name"].as_str().unwrap());
    let second = console.get(&next).await;
    assert_eq!((&second["cursor"]["offset"], &second["cursor"]["count"]), (&json!(10), &json!(3)));
    assert_eq!(console.get(&next).await["results"], json!([]));
    console.sim.clock().advance(Duration::from_secs(601));
    let (status, _) = console.call(Method::GET, &next, None).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "the cursor has expired");
}

#[tokio::test]
async fn inheritance_is_only_shown_when_asked_for() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    ninja.set_field(Entity::Organization(ninja.organization_id()), "siteContact", "Grace");
    let path = console.fields_of_location();
    assert_eq!(console.get(&path).await.get("siteContact"), None);
    assert_eq!(console.get(&format!("{path}?withInheritance=true")).await["siteContact"], "Grace");
    let other = format!("/v2/organization/1/location/{}/custom-fields", ninja.location_id());
    assert_eq!(console.call(Method::GET, &other, None).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_duplicate_has_everything_but_the_id() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    let copy = ninja.duplicate_organization(ninja.organization_id()).unwrap();
    let original = Entity::Organization(ninja.organization_id());
    assert_eq!(ninja.field(Entity::Organization(copy), "dtcOrgGuid"), ninja.field(original, "dtcOrgGuid"));
    let locations = console.get(&format!("/v2/organization/{copy}/locations")).await;
    let id = i32::try_from(locations[0]["id"].as_i64().unwrap()).unwrap();
    assert_eq!(ninja.field(Entity::Location(id), "dtcLocationGuid"), Some(json!(LOCATION_GUID)));
}

#[tokio::test]
async fn an_expired_token_and_a_refusal_have_the_services_own_shape() {
    let console = Console::open().await;
    let faults = console.sim.faults();
    faults.on("ninja", "list_organizations").before_effect(Fault::ExpireToken);
    let (status, body) = console.call(Method::GET, "/v2/organizations", None).await;
    assert_eq!((status, &body["error"]), (StatusCode::UNAUTHORIZED, &json!("not_authenticated")));
    faults.on("ninja", "token").before_effect(Fault::refuse(503, "BUSY", "later"));
    let (status, body) = console.token("x", "y").await;
    assert_eq!((status, &body["resultCode"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("BUSY")));
}

#[tokio::test]
async fn a_token_is_good_for_what_was_asked_and_no_more() {
    let mut console = Console::open().await;
    let address = console.sim.addresses().ninja.clone();
    let ask = async |scope| console.scoped_token(&address.client_id, &address.client_secret, scope).await;
    assert_eq!(ask("control").await, (StatusCode::BAD_REQUEST, json!({ "error": "invalid_scope" })));
    let (_, body) = ask("monitoring").await;
    assert_eq!(body["scope"], "monitoring");
    body["access_token"].as_str().unwrap().clone_into(&mut console.token);
    let path = console.fields_of_location();
    console.get(&path).await;
    assert_eq!(console.patch(&path, json!({ "siteContact": "Ada" })).await, 403);
    assert_eq!(console.get(&path).await.get("siteContact"), None);
}

#[tokio::test]
async fn a_device_keeps_what_is_patched_and_refuses_what_it_cannot() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    let id = ninja.add_device(NewDevice::new(ninja.organization_id(), ninja.location_id(), "truenas"));
    let path = format!("/v2/device/{id}");
    let changes = json!({
        "displayName": "NAS", "nodeRoleId": 304, "policyId": 41, "userData": { "a": 1 }, "warranty": { "endDate": 1.5 },
    });
    assert_eq!(console.patch(&path, changes).await, 204);
    let shown = console.get(&path).await;
    assert_eq!((&shown["displayName"], &shown["nodeRoleId"]), (&json!("NAS"), &json!(304)));
    assert_eq!((&shown["policyId"], &shown["userData"]), (&json!(41), &json!({ "a": 1 })));
    assert_eq!(shown["references"]["warranty"]["endDate"], 1.5);
    for wrong in [
        json!([]),
        json!({ "displayName": null }),
        json!({ "nodeRoleId": "304" }),
        json!({ "nodeRoleId": 9 }),
        json!({ "policyId": 9 }),
        json!({ "userData": "a" }),
        json!({ "warranty": { "end": 1 } }),
        json!({ "locationId": 1 }),
        json!({ "displayName": "taken whole or not at all", "systemName": "x" }),
    ] {
        assert_eq!(console.patch(&path, wrong.clone()).await, 400, "{wrong}");
    }
    assert_eq!(console.get(&path).await["displayName"], "NAS");
}

#[tokio::test]
async fn a_value_is_of_its_fields_type_or_refused() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    let path = format!("/v2/organization/{}/custom-fields", ninja.organization_id());
    let definitions = console.get("/v2/device-custom-fields?scopes=organization").await;
    let services = definitions.as_array().unwrap().iter().find(|it| it["name"] == "services").unwrap();
    let option = services["content"]["values"][0]["id"].clone();
    assert_eq!(services["content"].get("advancedSettings"), None, "only texts have a longest");
    assert_eq!(console.patch(&path, json!({ "services": [option], "seats": 3 })).await, 204);
    for wrong in [
        json!({ "services": ["Backup"] }),
        json!({ "services": "" }),
        json!({ "seats": "" }),
        json!({ "seats": 1.5 }),
        json!({ "managedBackup": "true" }),
        json!({ "contractStart": "2026-01-01" }),
        json!({ "dtcOrgGuid": 7 }),
    ] {
        assert_eq!(console.patch(&path, wrong.clone()).await, 400, "{wrong}");
    }
    ninja.unknown_fields(UnknownFields::Ignored);
    ninja.set_api_permission("seats", ApiPermission::ReadOnly);
    assert_eq!(console.patch(&path, json!({ "seats": 9 })).await, 204, "the other thing that may happen");
    assert_eq!(console.get(&path).await["seats"], 3);
}

#[tokio::test]
async fn a_parameter_that_would_be_passed_over_is_refused() {
    let console = Console::open().await;
    let fields = console.fields_of_location();
    for path in [
        "/v2/organizations?of=name",
        "/v2/organizations?pageSize=0",
        "/v2/organizations?pageSize=all",
        "/v2/devices?df=status%20in%20(PENDING,APPROVED)",
        "/v2/devices?df=class%20=%20MAC%20OR%20class%20=%20NMS_SERVER",
        "/v2/devices/search?q=a&limit=-1",
        "/v2/device-custom-fields?scopes=site",
        "/v2/queries/scoped-custom-fields?updatedAfter=2026-01-01",
        "/v2/queries/scoped-custom-fields?showSecureValues=yes",
        "/v2/queries/scoped-custom-fields?pageSize=9",
        &format!("{fields}?withInheritance=1"),
    ] {
        assert_eq!(console.call(Method::GET, path, None).await.0, 400, "{path}");
    }
    console.get("/api/v2/organizations").await;
}

#[tokio::test]
async fn s3_the_technician_adds_the_appliance_once_it_answers() {
    let quick = simulator::technician::Settings::default().delay(Duration::ZERO);
    let console = Console::at(crate::simulation().technician(DEFAULT_ID, quick)).await;
    let (ninja, truenas) = (console.sim.ninja(), console.sim.truenas());
    let before = ninja.devices().len();
    truenas.change_snmp(&json!({ "v3": true }));
    truenas.run_service("snmp", ServiceState::On);
    let path = format!("/v2/devices-detailed?df=loc%20%3D%20{}", ninja.location_id());
    let found = loop {
        let devices = console.get(&path).await;
        let added =
            devices.as_array().unwrap().iter().find(|it| it["systemName"] == truenas.host_name()).cloned();
        match added {
            Some(added) => break added,
            None => tokio::task::yield_now().await,
        }
    };
    assert_eq!(found["approvalStatus"], "APPROVED");
    assert_eq!(
        (&found["ipAddresses"][0], &found["macAddresses"][0]),
        (&json!(truenas.address()), &json!(truenas.mac_address()))
    );
    assert_eq!(ninja.devices().len(), before + 1);
}

#[tokio::test]
async fn an_appliance_that_is_there_already_is_not_added_again() {
    let console = Console::open().await;
    let ninja = console.sim.ninja();
    let seen = simulator::ninja::DiscoveredAppliance {
        system_name: "truenas".to_owned(),
        ip_addresses: vec!["192.0.2.50".to_owned()],
        mac_addresses: vec!["00:00:5E:00:53:AA".to_owned()],
    };
    let id = ninja.discover(&seen);
    assert_eq!(ninja.discover(&seen), id);
}
