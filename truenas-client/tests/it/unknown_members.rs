//! What the appliance replaces as a whole is sent back with the members that this crate does not know, and what it does not replace is
//! not sent.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use truenas_client::cloud_syncs::{
    CloudSync, CloudSyncSecrets, CreateCloudSync, EncryptionPassword, EncryptionSalt, Target, UpdateCloudSync,
};
use truenas_client::snmp::{
    Authentication, AuthenticationPassword, Privacy, PrivacyPassphrase, SnmpSecrets, UpdateSnmp,
};
use truenas_client::{CloudCredentialId, CloudSyncId};

use crate::nas::{CORE_13_3, Nas, SCALE_24_10};

/// One of each release, by its version or by the newest version of its interface.
const RELEASES: [&str; 5] = [CORE_13_3, SCALE_24_10, "v25.04.2", "v25.10.5", "v26.0.0"];

async fn nas_of(release: &str) -> Nas {
    if release.starts_with('v') { Nas::with_versions(&[release]).await } else { Nas::older(release).await }
}

/// A credential as this release has it in a task.
fn credential(release: &str, provider: &Value) -> Value {
    let mut attributes = provider.clone();
    match attributes.as_object_mut().and_then(|members| members.remove("type")) {
        Some(name) if !release.starts_with('v') => {
            json!({"id": 5, "name": "backup", "provider": name, "attributes": attributes})
        }
        _ => json!({"id": 5, "name": "backup", "provider": provider}),
    }
}

fn entry(provider: &Value, attributes: &Value) -> Value {
    json!({"id": 9, "description": "", "direction": "PUSH", "transfer_mode": "SYNC", "path": "/mnt/tank",
        "credentials": {"id": 5, "name": "backup", "provider": provider}, "attributes": attributes,
        "schedule": {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}})
}

fn task(target: Target) -> CreateCloudSync {
    CreateCloudSync::new("/mnt/tank", CloudCredentialId::new(5), target, "0 0 * * *".parse().unwrap())
}

fn secrets() -> CloudSyncSecrets {
    CloudSyncSecrets::new(EncryptionPassword::new("the-password"), EncryptionSalt::new("the-salt"))
}

fn extra() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z ü]{0,8}".prop_map(Value::from),
        Just(json!({"nested": [1, {"deep": true}]})),
    ];
    prop::collection::btree_map("new_[a-z]{1,6}", value, 0..4)
        .prop_map(|members| members.into_iter().collect())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn c4_what_a_target_has_is_sent_back_whole(extra in extra(), release in prop::sample::select(RELEASES.to_vec())) {
        let b2 = json!({"type": "B2", "account": "0051", "key": "k"});
        let mut attributes = json!({"bucket": "old", "folder": "/old", "fast_list": false});
        attributes.as_object_mut().unwrap().extend(extra.clone());
        let mut expected = Value::from(extra);
        (expected["bucket"], expected["folder"], expected["fast_list"]) = (json!("bucket-1"), json!("/guid/tank"), json!(true));
        let (matching, narrow) = block_on(async {
            let nas = nas_of(release).await;
            let mut stored = entry(&b2, &attributes);
            stored["credentials"] = credential(release, &b2);
            nas.answers("cloudsync.query", json!([stored])).answers("cloudsync.update", stored);
            let (client, id) = (nas.client().await, CloudSyncId::new(9));
            let found: CloudSync = client.cloud_syncs().get(id).await.unwrap();
            let wanted = task(Target::new("bucket-1", "/guid/tank").fast_list(truenas_client::Switch::On));
            let update = UpdateCloudSync::matching(&wanted, &found);
            client.cloud_syncs().update(id, &update, Some(&secrets())).await.unwrap();
            let mut target = found.target.clone();
            (target.bucket, target.folder) = ("bucket-1".to_owned(), "/guid/tank".to_owned());
            let target = target.fast_list(truenas_client::Switch::On);
            client.cloud_syncs().update(id, &UpdateCloudSync::new().target(&target), None).await.unwrap();
            let sent = nas.asked("cloudsync.update");
            (sent[0][1]["attributes"].clone(), sent[1][1]["attributes"].clone())
        });
        prop_assert_eq!(&matching, &expected, "{}", release);
        prop_assert_eq!(&narrow, &expected, "{}", release);
    }
}

/// What another provider knows, B2 refuses.
#[tokio::test]
async fn c4_what_is_another_providers_does_not_come_along() {
    let attributes = json!({"bucket": "old", "folder": "/old", "storage_class": "GLACIER"});
    let found: CloudSync = serde_json::from_value(entry(&json!({"type": "S3"}), &attributes)).unwrap();
    let nas = Nas::start().await;
    nas.answers("cloudsync.update", entry(&json!({"type": "S3"}), &attributes));
    let update = UpdateCloudSync::matching(&task(Target::new("b", "f")), &found);
    nas.client().await.cloud_syncs().update(CloudSyncId::new(9), &update, None).await.unwrap();
    assert_eq!(nas.asked_once("cloudsync.update")[1]["attributes"], json!({"bucket": "b", "folder": "f"}));
}

#[test]
fn e8_what_is_not_known_is_shown_by_its_name_only() {
    let attributes = json!({"bucket": "b", "folder": "f", "client_secret": "hush"});
    let found: CloudSync = serde_json::from_value(entry(&json!({"type": "S3"}), &attributes)).unwrap();
    let shown = format!("{:?}", found.target);
    assert!(shown.contains("client_secret") && !shown.contains("hush"), "{shown}");
}

/// The appliance keeps the settings of SNMP that an update does not name: so none is named that is not meant, the free `options` least.
#[tokio::test]
async fn s1_an_update_of_snmp_names_what_it_sets_and_nothing_else() {
    let nas = Nas::start().await;
    let config = json!({"location": "", "contact": "", "community": "", "traps": false, "v3": true, "v3_username": "u",
        "v3_authtype": "SHA", "v3_password": "p", "v3_privproto": "AES", "v3_privpassphrase": "q",
        "options": "rocommunity x", "loglevel": 3, "zilstat": true, "brand_new": {"a": 1}});
    nas.answers("snmp.update", config);
    let changes = UpdateSnmp::new().v3_only("abcdefghijkl", &Authentication::Sha, &Privacy::Aes);
    let secrets =
        SnmpSecrets::new(AuthenticationPassword::new("pppppppp"), PrivacyPassphrase::new("qqqqqqqq"));
    nas.client().await.snmp().update(&changes, Some(&secrets)).await.unwrap();
    let expected = json!([{"community": "", "v3": true, "v3_username": "abcdefghijkl", "v3_authtype": "SHA", "v3_privproto": "AES",
        "v3_password": "pppppppp", "v3_privpassphrase": "qqqqqqqq"}]);
    assert_eq!(nas.asked_once("snmp.update"), expected);
}
