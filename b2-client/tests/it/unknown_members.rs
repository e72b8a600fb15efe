//! What the service replaces as a whole is sent back with the members that this crate does not know.

use b2_client::buckets::{Bucket, UpdateBucket};
use b2_client::notifications::SetNotificationRule;
use b2_client::{BucketId, ErrorKind};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::scripted::{asked, bucket, client, ok, on, server};

/// A bucket with every setting that is replaced as a whole.
fn full() -> Value {
    let mut full = bucket();
    full["bucketInfo"] = json!({"made-by": "others", "dtc-lease": "1"});
    full["lifecycleRules"] = json!([
        {"fileNamePrefix": "", "daysFromHidingToDeleting": 30, "daysFromUploadingToHiding": null,
            "daysFromStartingToCancelingUnfinishedLargeFiles": 7},
        {"fileNamePrefix": "tmp/", "daysFromHidingToDeleting": null, "daysFromUploadingToHiding": 1},
    ]);
    full["corsRules"] = json!([{"corsRuleName": "web-page", "allowedOrigins": ["https://x.example"],
        "allowedOperations": ["s3_get"], "allowedHeaders": null, "exposeHeaders": ["x"], "maxAgeSeconds": 3600}]);
    full["replicationConfiguration"] = json!({"isClientAuthorizedToRead": true, "value": {
        "asReplicationSource": {"sourceApplicationKeyId": "k1", "replicationRules": [{
            "replicationRuleName": "copy-all", "destinationBucketId": "b9", "fileNamePrefix": "",
            "includeExistingFiles": false, "isEnabled": true, "priority": 1}]},
        "asReplicationDestination": {"sourceToDestinationKeyMapping": {"k2": "k3"}}}});
    full
}

fn rules() -> Value {
    json!([{"name": "rule-one", "eventTypes": ["b2:ObjectCreated:*"], "isEnabled": true, "objectNamePrefix": "",
        "maxEventsPerBatch": 1, "targetConfiguration": {"targetType": "webhook", "url": "https://h.example/",
        "hmacSha256SigningSecret": "0123456789abcdefghij0123456789ab",
        "customHeaders": [{"name": "authorization", "value": "Bearer hush"}]}}])
}

/// Adds members to every object, but not to maps whose members are data.
fn grown(value: &Value, extra: &Map<String, Value>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| grown(item, extra)).collect(),
        Value::Object(members) => {
            let data = ["sourceToDestinationKeyMapping", "bucketInfo"];
            let kept = members.iter().map(|(name, value)| {
                let value = if data.contains(&name.as_str()) { value.clone() } else { grown(value, extra) };
                (name.clone(), value)
            });
            kept.chain(extra.clone()).collect()
        }
        other => other.clone(),
    }
}

/// Without members that are null: the service reads null as absent.
fn said(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(said).collect(),
        Value::Object(members) => {
            let said_members = members.iter().filter(|(_, value)| !value.is_null());
            said_members.map(|(name, value)| (name.clone(), said(value))).collect()
        }
        other => other.clone(),
    }
}

fn extra() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z ü]{0,8}".prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..3)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    });
    prop::collection::btree_map("new[A-Z][a-z]{0,6}", value, 0..4)
        .prop_map(|members| members.into_iter().collect())
}

fn rewritten(found: &Bucket) -> Option<UpdateBucket> {
    let update = UpdateBucket::new(found.id.clone())
        .bucket_info(found.info.clone())
        .lifecycle_rules(found.lifecycle_rules.clone())
        .cors_rules(found.cors_rules.clone());
    Some(update.replication(found.replication.known()?.clone()))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_bucket_has_is_sent_back_whole(extra in extra()) {
        block_on(async {
            let server = server().await;
            let mut read = full();
            for setting in ["lifecycleRules", "corsRules"] {
                read[setting] = grown(&read[setting], &extra);
            }
            let value = &mut read["replicationConfiguration"]["value"];
            *value = grown(value, &extra);
            on(&server, "b2_list_buckets", ok(&json!({"buckets": [read]}))).await;
            on(&server, "b2_update_bucket", ok(&read)).await;
            client(&server).buckets().modify(BucketId::new("b1"), rewritten).await.unwrap();
            let sent = &asked(&server, "b2_update_bucket").await[0];
            for setting in ["lifecycleRules", "corsRules", "bucketInfo"] {
                assert_eq!(said(&sent[setting]), said(&read[setting]), "{setting}");
            }
            assert_eq!(said(&sent["replicationConfiguration"]), said(&read["replicationConfiguration"]["value"]));
        });
    }

    #[test]
    fn notification_rules_are_sent_back_whole(extra in extra()) {
        block_on(async {
            let server = server().await;
            let mut read = grown(&rules(), &extra);
            read[0]["isSuspended"] = json!(false);
            read[0]["suspensionReason"] = json!("");
            let answer = json!({"bucketId": "b1", "eventNotificationRules": read});
            on(&server, "b2_get_bucket_notification_rules", ok(&answer)).await;
            on(&server, "b2_set_bucket_notification_rules", ok(&answer)).await;
            let (client, id) = (client(&server), BucketId::new("b1"));
            let rules = client.buckets().notification_rules(&id).await.unwrap();
            let rules: Vec<_> = rules.into_iter().map(SetNotificationRule::from).collect();
            client.buckets().set_notification_rules(&id, &rules).await.unwrap();
            let sent = &asked(&server, "b2_set_bucket_notification_rules").await[0]["eventNotificationRules"];
            // The service's own reports are not sent.
            let mut expected = read;
            for report in ["isSuspended", "suspensionReason"] {
                expected[0].as_object_mut().unwrap().remove(report);
            }
            assert_eq!(said(sent), said(&expected));
        });
    }
}

#[tokio::test]
async fn the_days_to_cancel_unfinished_files_are_not_lost() {
    let server = server().await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [full()]}))).await;
    on(&server, "b2_update_bucket", ok(&full())).await;
    let change = |found: &Bucket| {
        let mut rules = found.lifecycle_rules.clone();
        rules[0].days_from_hiding_to_deleting = Some(14);
        Some(UpdateBucket::new(found.id.clone()).lifecycle_rules(rules))
    };
    client(&server).buckets().modify(BucketId::new("b1"), change).await.unwrap();
    let sent = &asked(&server, "b2_update_bucket").await[0]["lifecycleRules"][0];
    assert_eq!(sent["daysFromStartingToCancelingUnfinishedLargeFiles"], 7);
    assert_eq!(sent["daysFromHidingToDeleting"], 14);
}

#[tokio::test]
async fn what_could_not_be_read_is_not_replaced() {
    for (setting, odd) in [
        ("lifecycleRules", json!([{"fileNamePrefix": "", "daysFromHidingToDeleting": "thirty"}])),
        ("lifecycleRules", json!("none")),
        ("corsRules", json!([{"corsRuleName": 5}])),
        ("bucketInfo", json!({"a": {"b": 1}})),
    ] {
        let server = server().await;
        let mut strange = full();
        strange[setting] = odd.clone();
        on(&server, "b2_list_buckets", ok(&json!({"buckets": [strange]}))).await;
        on(&server, "b2_update_bucket", ok(&bucket())).await;
        let client = client(&server);
        let error = client.buckets().modify(BucketId::new("b1"), rewritten).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::NotUnderstood, "{setting} {odd}");
        assert!(error.to_string().contains(setting), "{error}");
        let elsewhere = |found: &Bucket| Some(UpdateBucket::new(found.id.clone()).object_lock());
        client.buckets().modify(BucketId::new("b1"), elsewhere).await.unwrap();
        let sent = asked(&server, "b2_update_bucket").await;
        assert!(sent.len() == 1 && sent[0].get(setting).is_none(), "what is not replaced is no obstacle");
    }
}

#[test]
fn what_is_not_known_is_shown_by_its_name_only() {
    let rules: Vec<b2_client::notifications::NotificationRule> =
        serde_json::from_value(grown(&rules(), json!({"newSecret": "hush-hush"}).as_object().unwrap()))
            .unwrap();
    let read = format!("{rules:?}");
    let rules: Vec<_> = rules.into_iter().map(SetNotificationRule::from).collect();
    let shown = format!("{read} {rules:?}");
    assert!(shown.contains("newSecret") && !shown.contains("hush"), "{shown}");
}
