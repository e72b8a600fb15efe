//! Object lock over the wire, and lifecycle under it.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Account, column, text};

const DAY: Duration = Duration::from_hours(24);

fn days(mode: &str, duration: u32) -> Value {
    json!({"mode": mode, "period": {"duration": duration, "unit": "days"}})
}

fn delete(file: &Value) -> Value {
    json!({"fileName": file["fileName"], "fileId": file["fileId"]})
}

#[tokio::test]
async fn new_versions_bear_the_default_counted_from_their_upload() {
    let (sim, account) = Account::open().await;
    let id = account.locked_bucket("compliance-bucket", days("compliance", 14)).await;
    let file = account.upload(&id, "x", b"1").await;
    let retention = &file["fileRetention"]["value"];
    let uploaded = file["uploadTimestamp"].as_i64().unwrap();
    assert_eq!(retention["mode"], "compliance");
    assert_eq!(retention["retainUntilTimestamp"], uploaded + 14 * 86_400_000);
    let refusal = account.refused("b2_delete_file_version", delete(&file)).await;
    assert_eq!(refusal, (401, "access_denied".to_owned()));
    let mut forced = delete(&file);
    forced["bypassGovernance"] = json!(true);
    assert_eq!(account.refused("b2_delete_file_version", forced).await.0, 401);
    account.granted("b2_hide_file", json!({"bucketId": id, "fileName": "x"})).await;
    let again = account.upload(&id, "x", b"2").await;
    assert_ne!(again["fileId"], file["fileId"]);
    account.granted("b2_update_bucket", json!({"bucketId": id, "defaultRetention": {"mode": null}})).await;
    let free = account.upload(&id, "free", b"1").await;
    assert!(free["fileRetention"]["value"]["mode"].is_null());
    assert_eq!(account.refused("b2_delete_file_version", delete(&file)).await.0, 401);
    sim.clock().advance(DAY * 14);
    let b2 = &sim.addresses().b2;
    let account = Account::authorized(&b2.url, &b2.key_id, &b2.application_key).await;
    account.granted("b2_delete_file_version", delete(&file)).await;
}

#[tokio::test]
async fn the_lock_of_a_bucket_goes_one_way() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("later-locked").await;
    let update = async |request: Value| {
        let mut request = request;
        request["bucketId"] = json!(id);
        account.call("b2_update_bucket", request).await
    };
    let code = |(status, answer): (u16, Value)| (status, text(&answer["code"]));
    let refused = code(update(json!({"defaultRetention": days("compliance", 1)})).await);
    assert_eq!(refused, (400, "bucket_missing_file_lock".to_owned()));
    assert_eq!(update(json!({"fileLockEnabled": true})).await.0, 200);
    let refused = code(update(json!({"fileLockEnabled": false})).await);
    assert_eq!(refused, (400, "file_lock_conflict".to_owned()));
    let (_, bucket) = update(json!({"defaultRetention": days("compliance", 14)})).await;
    let lock = &bucket["fileLockConfiguration"]["value"];
    assert_eq!(
        (&lock["isFileLockEnabled"], &lock["defaultRetention"]),
        (&json!(true), &days("compliance", 14))
    );
}

#[tokio::test]
async fn governance_yields_to_flag_and_capability_together() {
    let (_sim, account) = Account::open().await;
    let id = account.locked_bucket("governance-bucket", days("governance", 14)).await;
    let file = account.upload(&id, "x", b"1").await;
    assert_eq!(account.refused("b2_delete_file_version", delete(&file)).await.1, "access_denied");
    let mut forced = delete(&file);
    forced["bypassGovernance"] = json!(true);
    let weak = account.holding(&account.key(4, &id, &["deleteFiles"]).await).await;
    assert_eq!(
        weak.refused("b2_delete_file_version", forced.clone()).await,
        (401, "unauthorized".to_owned())
    );
    account.granted("b2_delete_file_version", forced).await;
}

#[tokio::test]
async fn retention_is_lengthened_and_a_hold_is_lifted() {
    let (sim, account) = Account::open().await;
    let id = account.locked_bucket("kept-longer", days("compliance", 14)).await;
    let file = account.upload(&id, "x", b"1").await;
    let until = file["fileRetention"]["value"]["retainUntilTimestamp"].as_i64().unwrap();
    let retain = |mode: &str, until: i64| {
        let mut request = delete(&file);
        request["fileRetention"] = json!({"mode": mode, "retainUntilTimestamp": until});
        request
    };
    let update = "b2_update_file_retention";
    assert_eq!(
        account.refused(update, retain("compliance", until - 1)).await,
        (403, "access_denied".to_owned())
    );
    assert_eq!(account.refused(update, retain("governance", until + 1)).await.0, 403);
    let longer = account.granted(update, retain("compliance", until + 1)).await;
    assert_eq!(longer["fileRetention"], json!({"mode": "compliance", "retainUntilTimestamp": until + 1}));
    let hold = |on: &str| {
        let mut request = delete(&file);
        request["legalHold"] = json!(on);
        request
    };
    account.granted("b2_update_file_legal_hold", hold("on")).await;
    sim.clock().advance(DAY * 15);
    let b2 = &sim.addresses().b2;
    let account = Account::authorized(&b2.url, &b2.key_id, &b2.application_key).await;
    assert_eq!(account.refused("b2_delete_file_version", delete(&file)).await.0, 401);
    account.granted("b2_update_file_legal_hold", hold("off")).await;
    account.granted("b2_delete_file_version", delete(&file)).await;
    let plain = account.bucket("without-lock").await;
    let file = account.upload(&plain, "x", b"1").await;
    let mut request = delete(&file);
    request["legalHold"] = json!("on");
    assert_eq!(account.refused("b2_update_file_legal_hold", request).await.1, "bucket_missing_file_lock");
}

#[tokio::test]
async fn lifecycle_hides_deletes_and_cancels_but_waits_for_retention() {
    let (sim, account) = Account::open().await;
    let id = account.locked_bucket("with-lifecycle", days("compliance", 5)).await;
    let rule = json!([{"fileNamePrefix": "", "daysFromUploadingToHiding": null, "daysFromHidingToDeleting": 2,
        "daysFromStartingToCancelingUnfinishedLargeFiles": 1}, {"fileNamePrefix": "tmp/", "daysFromUploadingToHiding": 1}]);
    account.granted("b2_update_bucket", json!({"bucketId": id, "lifecycleRules": rule})).await;
    account.upload(&id, "doc", b"1").await;
    account.upload(&id, "doc", b"2").await;
    account.upload(&id, "tmp/x", b"1").await;
    let large = json!({"bucketId": id, "fileName": "large", "contentType": "text/plain"});
    account.granted("b2_start_large_file", large).await;
    let left = || {
        let rows = Value::from(sim.b2().versions("with-lifecycle"));
        let pairs = column(&rows, "fileName").into_iter().zip(column(&rows, "action"));
        pairs.map(|(name, action)| format!("{name} {action}")).collect::<Vec<_>>()
    };
    assert_eq!(left(), ["doc upload", "doc upload", "large start", "tmp/x upload"]);
    sim.clock().advance(DAY + Duration::from_secs(1));
    assert_eq!(left(), ["doc upload", "doc upload", "tmp/x hide", "tmp/x upload"]);
    sim.clock().advance(DAY * 2);
    assert_eq!(left(), ["doc upload", "doc upload", "tmp/x hide", "tmp/x upload"]);
    sim.clock().advance(DAY * 3);
    assert_eq!(left(), ["doc upload"]);
}
