//! Buckets, their settings and their revisions.

use serde_json::{Value, json};
use simulator::DEFAULT_ID;
use simulator::b2::Settings;

use super::{Account, column, text};

#[tokio::test]
async fn an_unknown_field_is_refused() {
    let (_sim, account) = Account::open().await;
    let request =
        json!({"bucketName": "some-bucket", "bucketType": "allPrivate", "defaultRetention": {"mode": null}});
    assert_eq!(account.refused("b2_create_bucket", request).await, (400, "bad_request".to_owned()));
    let request =
        json!({"bucketName": "some-bucket", "bucketType": "allPrivate", "lifecycleRules": [{"days": 1}]});
    assert_eq!(account.refused("b2_create_bucket", request).await.0, 400);
    assert_eq!(account.refused("b2_create_bucket", json!({"bucketName": "some-bucket"})).await.0, 400);
    assert!(account.granted("b2_list_buckets", json!({})).await["buckets"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_name_is_unique_in_the_world_whatever_its_case() {
    let (sim, account) = Account::open().await;
    sim.b2().reserve_bucket_name("taken-elsewhere");
    account.bucket("my-bucket").await;
    for name in ["my-bucket", "My-Bucket", "taken-elsewhere", "TAKEN-elsewhere"] {
        let request = json!({"bucketName": name, "bucketType": "allPrivate"});
        assert_eq!(
            account.refused("b2_create_bucket", request).await,
            (400, "duplicate_bucket_name".to_owned())
        );
    }
    let elsewhere = json!({"bucketName": "taken-elsewhere"});
    assert_eq!(account.granted("b2_list_buckets", elsewhere).await["buckets"], json!([]));
    for name in ["short", "b2-bucket", "under_score", "-"] {
        let request = json!({"bucketName": name, "bucketType": "allPrivate"});
        assert_eq!(account.refused("b2_create_bucket", request).await.0, 400, "{name}");
    }
}

#[tokio::test]
async fn the_account_has_a_limit_of_buckets() {
    let builder = crate::simulation().b2_account(DEFAULT_ID, Settings::default().bucket_limit(1));
    let (sim, account) = Account::open_with(builder).await;
    account.bucket("first-bucket").await;
    let request = json!({"bucketName": "second-bucket", "bucketType": "allPrivate"});
    assert_eq!(account.refused("b2_create_bucket", request).await, (400, "too_many_buckets".to_owned()));
    sim.b2().limit_buckets(2);
    account.bucket("second-bucket").await;
}

#[tokio::test]
async fn gotcha_23_a_new_bucket_is_listed_a_little_later() {
    let builder = crate::simulation().b2_account(DEFAULT_ID, Settings::default().new_buckets_unseen(2));
    let (sim, account) = Account::open_with(builder).await;
    let id = account.bucket("just-made").await;
    let listed = async |request: Value| {
        column(&account.granted("b2_list_buckets", request).await["buckets"], "bucketName")
    };
    assert!(sim.b2().bucket("just-made").is_some(), "it is there all the same");
    account.upload(&id, "a", b"x").await;
    assert!(listed(json!({"bucketName": "just-made"})).await.is_empty());
    assert!(listed(json!({})).await.is_empty());
    assert_eq!(listed(json!({"bucketId": id})).await, ["just-made"]);
}

#[tokio::test]
async fn a_shared_bucket_gets_no_file_lock() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("shared-bucket").await;
    assert!(sim.b2().set_bucket_type("shared-bucket", "shared"));
    let lock = json!({"bucketId": id, "fileLockEnabled": true});
    let refusal = account.refused("b2_update_bucket", lock).await;
    assert_eq!(refusal, (400, "restricted_bucket_conflict".to_owned()));
}

#[tokio::test]
async fn another_account_is_refused() {
    let (sim, account) = Account::open().await;
    let request = json!({"accountId": sim.addresses().b2.key_id});
    let response = account.request(4, "b2_list_buckets", &request).send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn settings_are_replaced_whole_under_a_revision() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("with-settings").await;
    let listed = |answer: Value| answer["buckets"][0].clone();
    let bucket = listed(account.granted("b2_list_buckets", json!({"bucketId": id})).await);
    let revision = bucket["revision"].as_i64().unwrap();
    let rules = json!([{"fileNamePrefix": "old/", "daysFromHidingToDeleting": 1,
        "daysFromUploadingToHiding": null, "daysFromStartingToCancelingUnfinishedLargeFiles": 7}]);
    let update = json!({"bucketId": id, "ifRevisionIs": revision, "lifecycleRules": rules,
        "bucketInfo": {"purpose": "test"}, "defaultServerSideEncryption": {"mode": "SSE-B2", "algorithm": "AES256"}});
    let updated = account.granted("b2_update_bucket", update.clone()).await;
    assert_eq!(updated["revision"], revision + 1);
    assert_eq!(updated["lifecycleRules"], rules);
    assert_eq!(updated["bucketInfo"], json!({"purpose": "test"}));
    assert_eq!(updated["defaultServerSideEncryption"]["value"]["mode"], "SSE-B2");
    assert_eq!(account.refused("b2_update_bucket", update).await, (409, "conflict".to_owned()));
    let again = account.granted("b2_update_bucket", json!({"bucketId": id, "bucketInfo": {}})).await;
    assert_eq!((&again["bucketInfo"], &again["lifecycleRules"]), (&json!({}), &rules));
}

#[tokio::test]
async fn a_bucket_goes_only_when_it_is_empty() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("not-empty").await;
    let file = account.upload(&id, "a", b"x").await;
    let delete = json!({"bucketId": id});
    let refusal = account.refused("b2_delete_bucket", delete.clone()).await;
    assert_eq!(refusal, (400, "cannot_delete_non_empty_bucket".to_owned()));
    account.granted("b2_delete_file_version", json!({"fileName": "a", "fileId": file["fileId"]})).await;
    account.granted("b2_delete_bucket", delete.clone()).await;
    assert_eq!(account.refused("b2_delete_bucket", delete).await, (400, "bad_bucket_id".to_owned()));
    account.bucket("not-empty").await;
}

#[tokio::test]
async fn notification_rules_are_kept_and_checked() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("with-events").await;
    let rules = |events: Value| {
        json!({"bucketId": id, "eventNotificationRules": [{"name": "some-rule", "eventTypes": events, "isEnabled": true,
            "objectNamePrefix": "", "targetConfiguration": {"targetType": "webhook", "url": "https://example.com/x"}}]})
    };
    let set = "b2_set_bucket_notification_rules";
    for (events, code) in [
        (json!([]), "event_types_empty"),
        (json!(["b2:ObjectEaten:*"]), "event_type_invalid"),
        (json!(["b2:ObjectCreated:*", "b2:ObjectCreated:Upload"]), "event_type_overlap"),
        (json!(["b2:ObjectCreated:Upload", "b2:ObjectCreated:Upload"]), "event_type_overlap"),
        (json!(["b2:ObjectCreated:*", "b2:ObjectDeleted:*"]), "event_type_categories"),
    ] {
        assert_eq!(account.refused(set, rules(events)).await, (400, code.to_owned()));
    }
    let rule = |name: &str, prefix: &str, headers: Value| {
        json!({"name": name, "eventTypes": ["b2:ObjectCreated:*"], "isEnabled": true, "objectNamePrefix": prefix,
            "targetConfiguration": {"targetType": "webhook", "url": "https://example.com/x", "customHeaders": headers}})
    };
    let header = json!([{"name": "X-One", "value": "1"}]);
    for two in [
        json!([rule("same-name", "a/", Value::Null), rule("same-name", "b/", Value::Null)]),
        json!([rule("wider-one", "a/", Value::Null), rule("narrower-one", "a/b/", Value::Null)]),
        json!([rule("b2-reserved", "", Value::Null)]),
        json!([rule("header-without-value", "", json!([{"name": "X-One"}]))]),
        json!([rule("header-of-text", "", json!(["X-One: 1"]))]),
        json!([rule("too-many-headers", "", Value::from(vec![header[0].clone(); 11]))]),
    ] {
        let request = json!({"bucketId": id, "eventNotificationRules": two});
        assert_eq!(account.refused(set, request).await.0, 400, "{two}");
    }
    let two = json!([rule("first-rule", "a/", header.clone()), rule("second-rule", "b/", Value::Null)]);
    let kept = account.granted(set, json!({"bucketId": id, "eventNotificationRules": two})).await;
    assert_eq!(kept["eventNotificationRules"][0]["targetConfiguration"]["customHeaders"], header);
    account.granted(set, rules(json!(["b2:ObjectCreated:*"]))).await;
    let kept = account.granted("b2_get_bucket_notification_rules", json!({"bucketId": id})).await;
    assert_eq!(column(&kept["eventNotificationRules"], "name"), ["some-rule"]);
    assert_eq!(text(&kept["bucketId"]), id);
}

#[tokio::test]
async fn a_minute_later_a_version_is_where_its_rule_sends_it_or_has_failed() {
    let (sim, account) = Account::open().await;
    let (source, target) = (account.bucket("source-bucket").await, account.bucket("target-bucket").await);
    let rule = json!([{"replicationRuleName": "all", "destinationBucketId": target, "fileNamePrefix": "",
        "includeExistingFiles": true, "isEnabled": true, "priority": 1}]);
    let sides = |source: Value, destination: Value| json!({"asReplicationSource": source, "asReplicationDestination": destination});
    let update = async |id: &str, sides: Value| {
        account.granted("b2_update_bucket", json!({"bucketId": id, "replicationConfiguration": sides})).await
    };
    let statuses = |name: &str| column(&Value::from(sim.b2().versions(name)), "replicationStatus");
    account.upload(&source, "before", b"0").await;
    let as_source = json!({"sourceApplicationKeyId": "some-key", "replicationRules": rule});
    update(&source, sides(as_source, Value::Null)).await;
    account.upload(&source, "nowhere", b"1").await;
    assert_eq!(statuses("source-bucket"), ["PENDING", "PENDING"]);
    sim.clock().advance(std::time::Duration::from_mins(1));
    assert_eq!(statuses("source-bucket"), ["FAILED", "FAILED"]);
    update(&target, sides(Value::Null, json!({"sourceToDestinationKeyMapping": {"some-key": "other-key"}})))
        .await;
    account.upload(&source, "there", b"2").await;
    sim.clock().advance(std::time::Duration::from_mins(1));
    assert_eq!(statuses("source-bucket"), ["FAILED", "FAILED", "COMPLETED"]);
    assert_eq!(statuses("target-bucket"), ["REPLICA"]);
    assert_eq!(sim.b2().read("target-bucket", "there").unwrap(), b"2");
    let none = update(&source, sides(Value::Null, Value::Null)).await;
    assert!(none["replicationConfiguration"]["value"].is_null());
}
