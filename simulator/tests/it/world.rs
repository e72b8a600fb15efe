//! What a simulation holds when nobody says otherwise, and what it holds when somebody does.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::ninja::Entity;
use simulator::truenas::{Release, ServiceState};
use simulator::{Builder, DEFAULT_ID, ErrorKind, Fault, Simulator, b2, itglue, ninja, technician};

use crate::{seeded, simulation, tiny};

/// The identifiers of seed 7, recorded before a simulation could hold several of anything.
#[tokio::test]
async fn the_default_world_keeps_its_identifiers() {
    let sim = seeded().start().await.unwrap();
    let mut addresses = serde_json::to_value(sim.addresses()).unwrap();
    let ports = ["b2", "truenas", "ninja", "itglue", "halo", "connect"]
        .map(|service| addresses[service]["url"].take());
    assert!(ports.iter().all(Value::is_string));
    assert_eq!(addresses["truenas"]["fingerprint"].take().as_str().map(str::len), Some(64));
    // It is offered since later.
    let read_only =
        addresses["truenas"].as_object_mut().and_then(|fields| fields.remove("read_only_api_key"));
    assert_eq!(read_only, Some(sim.truenas().read_only_api_key().into()));
    assert_eq!(addresses["halo"].as_object().map(serde_json::Map::len), Some(4));
    assert_eq!(addresses["connect"].as_object().map(serde_json::Map::len), Some(2));
    for later in ["halo", "connect"] {
        addresses.as_object_mut().and_then(|fields| fields.remove(later));
    }
    let expected = json!({
        "b2": {
            "url": null, "key_id": "005e3c1a160203b0000000001",
            "application_key": "K005half5+RtBKjI1on4tcPNiibls6w",
        },
        "truenas": {
            "url": null, "fingerprint": null, "release": "25.10",
            "api_key": "1-bgQnvN5K4lmITN9TActOKYGeZEBZBWXQueIzmkYsunKwkpgIG3pzRO9HJLlsbKzo",
        },
        "ninja": {
            "url": null, "client_id": "0d83EDAUD5At1KKy3GddFqCs0si",
            "client_secret": "tHkndrjEzjdOQ7l0cMlY8IhLS1YrrBboG3qMUitt7qhoxhIPfKuzKq",
        },
        "itglue": {"url": null, "api_key": "ITG.simulated-d2e605356cb260795b6032d12f40bbdd"},
    });
    assert_eq!(addresses, expected);
    let request = json!({"bucketName": "first-bucket", "bucketType": "allPrivate"});
    let bucket = sim.b2().call("b2_create_bucket", request).unwrap();
    assert_eq!(
        (&bucket["accountId"], &bucket["bucketId"]),
        (&json!("e3c1a160203b"), &json!("ae34ef25b220d2f3e08d8c90"))
    );
    assert_eq!((sim.ninja().organization_id(), sim.ninja().location_id()), (3, 4));
    assert_eq!(sim.itglue().organization_id(), 4_107_000_000_001_538);
}

/// A page that had its name resolved to this machine gets nothing, and leaves no trace.
#[tokio::test]
async fn a_request_for_another_machine_is_not_answered() {
    let sim = seeded().start().await.unwrap();
    let at = sim.addresses();
    for url in [&at.b2.url, &at.ninja.url, &at.itglue.url, &at.halo.url, &at.connect.url] {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let rebound = client.get(url).header("host", "evil.example").send().await.unwrap();
        assert_eq!(rebound.status().as_u16(), 421, "{url}");
        let named = url.replace("127.0.0.1", "localhost");
        assert_ne!(client.get(named).send().await.unwrap().status().as_u16(), 421, "{url}");
    }
    assert_eq!(sim.transcript().lines().len(), 5);
}

/// Two appliances, two accounts, and two tenants of each kind; the second appliance's technician works in the second
/// tenants.
fn two_of_each() -> Builder {
    let away =
        technician::Settings::default().ninja_tenant("north").itglue_tenant("north").delay(Duration::ZERO);
    seeded()
        .truenas("nas01", Release::Scale25_10, tiny(1))
        .truenas("nas02", Release::Scale25_10, tiny(2))
        .b2_account("ours", b2::Settings::default())
        .b2_account("theirs", b2::Settings::default())
        .ninja_tenant("south", ninja::Settings::default())
        .ninja_tenant("north", ninja::Settings::default())
        .itglue_tenant("south", itglue::Settings::default())
        .itglue_tenant("north", itglue::Settings::default())
        .technician("nas01", technician::Settings::default().delay(Duration::ZERO))
        .technician("nas02", away)
}

#[tokio::test]
async fn the_others_follow_the_first_in_lists_of_their_own() {
    let sim = two_of_each().start().await.unwrap();
    let json = serde_json::to_value(sim.addresses()).unwrap();
    let fields: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let lists = ["other_appliances", "other_b2_accounts", "other_itglue_tenants", "other_ninja_tenants"];
    assert_eq!(fields, [&["b2", "connect", "halo", "itglue", "ninja"][..], &lists, &["truenas"]].concat());
    assert_eq!(json["other_appliances"][0]["id"], "nas02");
    let addresses = sim.addresses();
    assert_eq!(json["other_appliances"][0]["url"], addresses.appliance("nas02").unwrap().url);
    assert_eq!(addresses.appliance("nas01").unwrap().url, addresses.truenas.url);
    assert!(addresses.appliance("main").is_none());
    // Every account is behind one address; a tenant has one of its own.
    assert_eq!(addresses.b2_account("theirs").unwrap().url, addresses.b2.url);
    assert_ne!(addresses.ninja_tenant("north").unwrap().url, addresses.ninja.url);
    assert_ne!(addresses.itglue_tenant("north").unwrap().url, addresses.itglue.url);
}

#[tokio::test]
async fn the_seed_and_the_id_decide_an_instance_whatever_is_beside_it() {
    let secrets = |sim: &Simulator| {
        let at = sim.addresses();
        [
            at.b2_account("theirs").unwrap().application_key.clone(),
            at.appliance("nas02").unwrap().api_key.clone(),
            at.ninja_tenant("north").unwrap().client_secret.clone(),
            at.itglue_tenant("north").unwrap().api_key.clone(),
        ]
    };
    let both = two_of_each().start().await.unwrap();
    let alone = seeded()
        .truenas("nas02", Release::Scale25_10, tiny(2))
        .b2_account("theirs", b2::Settings::default())
        .ninja_tenant("north", ninja::Settings::default())
        .itglue_tenant("north", itglue::Settings::default());
    let alone = alone.start().await.unwrap();
    assert_eq!(secrets(&both), secrets(&alone));
    let other_seed = two_of_each().seed(8).start().await.unwrap();
    for (one, other) in secrets(&both).iter().zip(secrets(&other_seed)) {
        assert_ne!(*one, other);
    }
    let at = both.addresses();
    assert_ne!(at.b2.application_key, at.b2_account("theirs").unwrap().application_key);
    assert_ne!(at.truenas.api_key, at.appliance("nas02").unwrap().api_key);
}

#[tokio::test]
async fn an_id_is_given_once_and_a_technician_needs_what_it_names() {
    let settings = technician::Settings::default;
    for builder in [
        seeded().truenas("a", Release::Scale25_10, tiny(1)).truenas("a", Release::Scale25_10, tiny(2)),
        seeded().b2_account("a", b2::Settings::default()).b2_account("a", b2::Settings::default()),
        seeded().technician("nobody's", settings()),
        simulation().technician(DEFAULT_ID, settings().ninja_tenant("nobody's")),
        simulation().technician(DEFAULT_ID, settings().itglue_tenant("nobody's")),
    ] {
        assert_eq!(builder.start().await.unwrap_err().kind(), ErrorKind::Setup);
    }
}

#[tokio::test]
async fn each_technician_works_in_the_tenants_of_its_appliance() {
    let sim = two_of_each().start().await.unwrap();
    let (first, second) = (sim.appliance("nas01").unwrap(), sim.appliance("nas02").unwrap());
    let (south, north) = (sim.ninja_tenant("south").unwrap(), sim.ninja_tenant("north").unwrap());
    let has = |tenant: &ninja::Handle, host: &str| {
        tenant.devices().iter().any(|(_, device)| device.system_name() == host)
    };
    for appliance in [first, second] {
        appliance.change_snmp(&json!({"v3": true}));
        appliance.run_service("snmp", ServiceState::On);
    }
    while !(has(south, "nas01") && has(north, "nas02")) {
        tokio::task::yield_now().await;
    }
    assert!(!has(south, "nas02") && !has(north, "nas01"));
}

#[tokio::test]
async fn tenants_keep_their_data_apart() {
    let sim = two_of_each().start().await.unwrap();
    let (south, north) = (sim.ninja_tenant("south").unwrap(), sim.ninja_tenant("north").unwrap());
    let organization = Entity::Organization(south.organization_id());
    assert_eq!(south.organization_id(), north.organization_id());
    north.set_field(organization, "dtcOrgGuid", "changed");
    assert_ne!(south.field(organization, "dtcOrgGuid"), north.field(organization, "dtcOrgGuid"));
    let (south, north) = (sim.itglue_tenant("south").unwrap(), sim.itglue_tenant("north").unwrap());
    let before = north.records().len();
    south.add_record(south.organization_id(), "Backup", "u", "v", "n");
    assert_eq!(north.records().len(), before);
}

/// A token of one tenant is worth nothing in another, and a fault at one leaves the other alone.
#[tokio::test]
async fn a_request_concerns_one_tenant() {
    let sim = two_of_each().start().await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let passwords = async |id: &str, key: &str| {
        let url = format!("{}/passwords", sim.addresses().itglue_tenant(id).unwrap().url);
        http.get(url).header("x-api-key", key).send().await.unwrap().status().as_u16()
    };
    let key = |id: &str| sim.addresses().itglue_tenant(id).unwrap().api_key.clone();
    assert_eq!(passwords("south", &key("south")).await, 200);
    assert_eq!(passwords("north", &key("south")).await, 403);
    let down = || Fault::Html(502);
    sim.faults().on("itglue", "list_passwords").at("north").before_effect(down());
    assert_eq!(passwords("south", &key("south")).await, 200);
    assert_eq!(passwords("north", &key("north")).await, 502);
    sim.faults().on("itglue", "list_passwords").times(2).before_effect(down());
    assert_eq!(passwords("south", &key("south")).await, 502);
    assert_eq!(passwords("north", &key("north")).await, 502);
    let lines = sim.transcript().lines();
    let instances: Vec<Option<&str>> = lines.iter().map(|line| line.instance.as_deref()).collect();
    assert_eq!(instances, [Some("south"), Some("north"), Some("south")]);
    assert_eq!(lines[1].json()["instance"], "north");
    let counted = sim.faults().request_log();
    assert_eq!(counted.last().unwrap().instance.as_deref(), Some("north"));
}
