//! Credentials and cloud sync tasks: what is kept, and what is refused.

use serde_json::{Value, json};
use simulator::Simulator;

use crate::socket::{Socket, start};

/// A credential made of the account's own key.
pub(crate) async fn credential(sim: &Simulator, socket: &mut Socket) -> i64 {
    let b2 = &sim.addresses().b2;
    let provider = json!({"type": "B2", "account": b2.key_id, "key": b2.application_key});
    let made =
        socket.ok("cloudsync.credentials.create", json!([{"name": "bucket", "provider": provider}])).await;
    made["id"].as_i64().unwrap()
}

/// A task as the standard wants it.
pub(crate) fn task(credential: i64, bucket: &str) -> Value {
    json!({"description": "Pool0 Cloud Backup", "direction": "PUSH", "transfer_mode": "SYNC", "path": "/mnt/pool0",
        "credentials": credential,
        "attributes": {"bucket": bucket, "folder": "/guid/pool0", "fast_list": true, "chunk_size": 96},
        "schedule": {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}, "encryption": true,
        "filename_encryption": false, "encryption_password": "correct horse", "encryption_salt": "battery staple",
        "exclude": ["/Archive/**", "/archive/**"], "follow_symlinks": false, "snapshot": false, "transfers": null,
        "bwlimit": [{"time": "00:00", "bandwidth": 10_000_000}, {"time": "08:00", "bandwidth": null}],
        "pre_script": "", "post_script": "", "args": "", "enabled": false})
}

#[tokio::test]
async fn a_task_is_kept_as_sent_with_its_credential_spelled_out() {
    let sim = start("a_task_is_kept_as_sent").await;
    let mut socket = Socket::admin(&sim).await;
    let credential = credential(&sim, &mut socket).await;
    let made = socket.ok("cloudsync.create", json!([task(credential, "bucket")])).await;
    assert_eq!(made["credentials"]["name"], "bucket");
    assert_eq!((&made["encryption_password"], &made["locked"]), (&json!("correct horse"), &json!(false)));
    assert_eq!((&made["job"], &made["include"]), (&Value::Null, &json!([])));
    let id = made["id"].clone();
    assert_eq!(socket.ok("cloudsync.get_instance", json!([id])).await, made);
    assert_eq!(
        socket.ok("cloudsync.query", json!([[["credentials.id", "=", credential]]])).await,
        json!([made])
    );
    let changed = socket.ok("cloudsync.update", json!([id, {"enabled": true}])).await;
    assert_eq!((&changed["enabled"], &changed["exclude"]), (&json!(true), &made["exclude"]));
    assert_eq!(socket.refused("cloudsync.credentials.delete", json!([credential])).await["code"], -32001);
    assert_eq!(socket.ok("cloudsync.abort", json!([id])).await, false);
    assert_eq!(socket.ok("cloudsync.delete", json!([id])).await, true);
    assert_eq!(socket.refused("cloudsync.get_instance", json!([id])).await["data"]["extra"][0][2], 2);
    assert_eq!(socket.ok("cloudsync.credentials.delete", json!([credential])).await, true);
}

#[tokio::test]
async fn a_task_that_breaks_a_rule_is_refused_by_the_field() {
    let sim = start("a_task_that_breaks_a_rule_is_refused").await;
    let mut socket = Socket::admin(&sim).await;
    let credential = credential(&sim, &mut socket).await;
    let slot = |time: &str, bandwidth: i64| json!({"time": time, "bandwidth": bandwidth});
    let attributes = |name: &str, value: Value| {
        let mut attributes = task(0, "bucket")["attributes"].clone();
        attributes[name] = value;
        attributes
    };
    let cases = [
        ("encryption_password", json!(""), "cloud_sync_create.encryption_password"),
        ("credentials", json!(99), "cloud_sync_create.credentials"),
        ("args", json!("--x 'a"), "cloud_sync_create.args"),
        ("path", json!("/mnt/none"), "cloud_sync_create.path"),
        ("path", json!("/etc"), "cloud_sync_create.path"),
        ("path", json!("/mnt/pool0/.zfs/snapshot"), "cloud_sync_create.path"),
        ("bwlimit", json!([slot("08:00", 1), slot("08:00", 2)]), "cloud_sync_create.bwlimit.1.time"),
        ("bwlimit", json!([slot("8:60", 1)]), "cloud_sync_create.bwlimit.0.time"),
        // Times are compared as texts.
        ("bwlimit", json!([slot("8:00", 1), slot("10:00", 2)]), "cloud_sync_create.bwlimit.1.time"),
        ("bwlimit", json!([slot("08:00", 0)]), "cloud_sync_create.bwlimit.0.bandwidth"),
        ("exclude", json!([""]), "cloud_sync_create.exclude.0"),
        ("snapshot", json!(true), "cloud_sync_create.snapshot"),
        ("transfers", json!(0), "cloud_sync_create.transfers"),
        ("encryption", json!(1), "cloud_sync_create.encryption"),
        ("unheard_of", json!(1), "cloud_sync_create.unheard_of"),
        ("attributes", attributes("chunk_size", json!(4)), "chunk_size"),
        ("attributes", attributes("region", json!("eu")), "cloud_sync_create.attributes.region"),
        ("attributes", attributes("bucket", json!("")), "cloud_sync_create.attributes.bucket"),
        ("schedule", json!({"begin": "00:00"}), "cloud_sync_create.schedule.begin"),
    ];
    for (field, value, attribute) in cases {
        let mut task = task(credential, "bucket");
        task[field] = value;
        assert_eq!(socket.complaints("cloudsync.create", json!([task])).await, [attribute], "{field}");
    }
    assert!(sim.truenas().cloud_syncs().is_empty());
}

#[tokio::test]
async fn c1_verification_says_what_b2_says() {
    let sim = start("c1_verification_says_what_b2_says").await;
    let mut socket = Socket::admin(&sim).await;
    let b2 = &sim.addresses().b2;
    let verify = |key: &str| json!([{"type": "B2", "account": b2.key_id, "key": key}]);
    let method = "cloudsync.credentials.verify";
    assert_eq!(socket.ok(method, verify(&b2.application_key)).await["valid"], true);
    let wrong = socket.ok(method, verify("wrong")).await;
    assert_eq!(wrong["valid"], false);
    assert!(wrong["error"].as_str().unwrap().contains("401"), "{wrong}");
    sim.truenas().fail_verification(Some("CRITICAL: no route to host"));
    let verdict = socket.ok(method, verify(&b2.application_key)).await;
    assert_eq!(verdict["excerpt"], "no route to host");
    assert_eq!(socket.complaints(method, json!([{"type": "B2", "account": "a"}])).await.len(), 1);
}

#[tokio::test]
async fn credentials_have_names_of_their_own() {
    let sim = start("credentials_have_names_of_their_own").await;
    let mut socket = Socket::admin(&sim).await;
    let id = credential(&sim, &mut socket).await;
    let provider = json!({"type": "B2", "account": "a", "key": "b"});
    let twin = json!([{"name": "bucket", "provider": provider}]);
    let found = socket.complaints("cloudsync.credentials.create", twin).await;
    assert_eq!(found, ["cloud_sync_credentials_create.name"]);
    let changed = socket.ok("cloudsync.credentials.update", json!([id, {"provider": provider}])).await;
    assert_eq!((&changed["name"], &changed["provider"]), (&json!("bucket"), &provider));
    let old = json!([{"name": "x", "provider": "B2", "attributes": {}}]);
    let found = socket.complaints("cloudsync.credentials.create", old).await;
    assert!(found.contains(&"cloud_sync_credentials_create.attributes".to_owned()), "{found:?}");
}
