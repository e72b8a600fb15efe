//! Buckets on the wire.

use std::collections::BTreeMap;

use b2_client::buckets::{
    CorsRule, CreateBucket, DefaultRetention, Encryption, LifecycleRule, ListBuckets, Period, Replication,
    ReplicationRule, ReplicationSource, UpdateBucket, Visibility,
};
use b2_client::{BucketId, BucketName, Capability, ErrorKind, KeyId, Readable, Revision};
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use crate::scripted::{asked, bucket, client, log_in, ok, on, once, refusal, requests, server};

fn name() -> BucketName {
    BucketName::new("bucket-one").unwrap()
}

#[tokio::test]
async fn create_sends_exactly_what_was_asked_for() {
    let server = server().await;
    on(&server, "b2_create_bucket", ok(&bucket())).await;
    let request = CreateBucket::new(name(), Visibility::Private)
        .object_lock()
        .encryption(Encryption::SseB2)
        .lifecycle_rules([LifecycleRule::new("").days_from_hiding_to_deleting(30)])
        .bucket_info(BTreeMap::from([("made-by".to_owned(), "me".to_owned())]));
    let made = client(&server).buckets().create(&request).await.unwrap();
    assert_eq!(
        asked(&server, "b2_create_bucket").await,
        [json!({
            "accountId": "acc1", "bucketName": "bucket-one", "bucketType": "allPrivate", "fileLockEnabled": true,
            "bucketInfo": {"made-by": "me"},
            "lifecycleRules": [{
                "fileNamePrefix": "", "daysFromHidingToDeleting": 30, "daysFromUploadingToHiding": null,
            }],
            "defaultServerSideEncryption": {"mode": "SSE-B2", "algorithm": "AES256"},
        })]
    );
    assert_eq!(
        (made.id.as_str(), made.revision, made.options),
        ("b1", Revision::new(2), vec!["s3".to_owned()])
    );
    assert_eq!(made.default_encryption, Readable::Known(Encryption::SseB2));
    let lock = made.file_lock.known().unwrap();
    assert_eq!((lock.enabled, lock.default_retention.clone()), (true, None));
    assert_eq!(made.replication, Readable::NotAuthorized);
}

#[tokio::test]
async fn a_plain_bucket_sends_only_the_required_fields() {
    let server = server().await;
    on(&server, "b2_create_bucket", ok(&bucket())).await;
    client(&server).buckets().create(&CreateBucket::new(name(), Visibility::Public)).await.unwrap();
    let expected = json!({"accountId": "acc1", "bucketName": "bucket-one", "bucketType": "allPublic"});
    assert_eq!(asked(&server, "b2_create_bucket").await, [expected]);
}

#[tokio::test]
async fn gotcha_04_retention_comes_by_update_under_the_revision_read() {
    let server = server().await;
    let mut locked = bucket();
    locked["fileLockConfiguration"]["value"]["defaultRetention"] =
        json!({"mode": "compliance", "period": {"duration": 14, "unit": "days"}});
    on(&server, "b2_update_bucket", ok(&locked)).await;
    let fortnight = DefaultRetention::compliance(Period::Days(14));
    let request = UpdateBucket::new(BucketId::new("b1"))
        .if_revision(Revision::new(2))
        .default_retention(fortnight.clone());
    let updated = client(&server).buckets().update(&request).await.unwrap();
    assert_eq!(
        asked(&server, "b2_update_bucket").await,
        [json!({
            "accountId": "acc1", "bucketId": "b1", "ifRevisionIs": 2,
            "defaultRetention": {"mode": "compliance", "period": {"duration": 14, "unit": "days"}},
        })]
    );
    assert_eq!(updated.file_lock.known().unwrap().default_retention, Some(fortnight));
}

#[tokio::test]
async fn every_setting_of_an_update_has_its_form() {
    let server = server().await;
    on(&server, "b2_update_bucket", ok(&bucket())).await;
    let rule = ReplicationRule::new("copy-all", BucketId::new("b9")).file_name_prefix("p/").priority(3);
    let source = ReplicationSource::new(KeyId::new("k1"), vec![rule]);
    let cors = CorsRule::new("web-page", ["https://x.example"], ["s3_get"], 3600).allowed_headers(["range"]);
    let request = UpdateBucket::new(BucketId::new("b1"))
        .visibility(Visibility::Private)
        .bucket_info(BTreeMap::new())
        .cors_rules([cors])
        .lifecycle_rules([LifecycleRule::new("x/").days_from_starting_to_canceling_unfinished_large_files(7)])
        .clear_default_retention()
        .reset_encryption()
        .object_lock()
        .replication(Replication::none().source(source).accept(KeyId::new("k2"), KeyId::new("k3")));
    client(&server).buckets().update(&request).await.unwrap();
    let sent = &asked(&server, "b2_update_bucket").await[0];
    assert_eq!(
        *sent,
        json!({
            "accountId": "acc1", "bucketId": "b1", "bucketType": "allPrivate", "bucketInfo": {},
            "corsRules": [{
                "corsRuleName": "web-page", "allowedOrigins": ["https://x.example"], "allowedOperations": ["s3_get"],
                "allowedHeaders": ["range"], "exposeHeaders": null, "maxAgeSeconds": 3600,
            }],
            "lifecycleRules": [{
                "fileNamePrefix": "x/", "daysFromHidingToDeleting": null, "daysFromUploadingToHiding": null,
                "daysFromStartingToCancelingUnfinishedLargeFiles": 7,
            }],
            "defaultRetention": {"mode": null}, "defaultServerSideEncryption": null, "fileLockEnabled": true,
            "replicationConfiguration": {
                "asReplicationSource": {"sourceApplicationKeyId": "k1", "replicationRules": [{
                    "replicationRuleName": "copy-all", "destinationBucketId": "b9", "fileNamePrefix": "p/",
                    "includeExistingFiles": false, "isEnabled": true, "priority": 3,
                }]},
                "asReplicationDestination": {"sourceToDestinationKeyMapping": {"k2": "k3"}},
            },
        })
    );
}

#[tokio::test]
async fn gotcha_19_updating_one_setting_resends_no_other() {
    let server = server().await;
    on(&server, "b2_update_bucket", ok(&bucket())).await;
    client(&server).buckets().update(&UpdateBucket::new(BucketId::new("b1")).cors_rules([])).await.unwrap();
    let expected = json!({"accountId": "acc1", "bucketId": "b1", "corsRules": []});
    assert_eq!(asked(&server, "b2_update_bucket").await, [expected]);
}

#[tokio::test]
async fn settings_that_the_service_refuses_are_refused_before_the_wire() {
    let server = server().await;
    let client = client(&server);
    let update = || UpdateBucket::new(BucketId::new("b1"));
    for bad in [
        update().default_retention(DefaultRetention::governance(Period::Days(0))),
        update().default_retention(DefaultRetention::governance(Period::Days(3001))),
        update().lifecycle_rules([LifecycleRule::new("")]),
        update().encryption(Encryption::SseC),
        update().bucket_info(BTreeMap::from([("a b".to_owned(), String::new())])),
        update().bucket_info((0..11).map(|n| (format!("k{n}"), String::new())).collect()),
    ] {
        let error = client.buckets().update(&bad).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest, "{bad:?}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn get_by_name_filters_on_the_wire() {
    let server = server().await;
    once(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": []}))).await;
    let client = client(&server);
    assert_eq!(client.buckets().get(&name()).await.unwrap().unwrap().name, name());
    assert_eq!(client.buckets().get(&name()).await.unwrap(), None);
    let expected = json!({"accountId": "acc1", "bucketName": "bucket-one"});
    assert_eq!(asked(&server, "b2_list_buckets").await, [expected.clone(), expected]);
}

#[tokio::test]
async fn gotcha_16_a_restricted_key_asks_for_its_own_buckets_only() {
    let server = MockServer::start().await;
    let allowed = json!({"buckets": [{"id": "b1", "name": "bucket-one"}, {"id": "gone", "name": null}],
        "capabilities": ["listBuckets"], "namePrefix": null});
    log_in(&server, &allowed).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
    assert_eq!(client(&server).buckets().list(&ListBuckets::new()).await.unwrap().len(), 1);
    assert_eq!(asked(&server, "b2_list_buckets").await, [json!({"accountId": "acc1", "bucketId": "b1"})]);
}

#[tokio::test]
async fn s400_duplicate_bucket_name_is_name_taken() {
    let server = server().await;
    on(&server, "b2_create_bucket", refusal(400, "duplicate_bucket_name", "Bucket name is already in use."))
        .await;
    let error =
        client(&server).buckets().create(&CreateBucket::new(name(), Visibility::Private)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NameTaken);
    let said = format!("b2_create_bucket on bucket bucket-one at {}: the bucket name is taken", server.uri());
    assert!(error.to_string().starts_with(&said), "{error}");
    assert!(requests(&server, "b2_list_buckets").await.is_empty(), "a first refusal is believed");
}

#[tokio::test]
async fn a_bucket_that_a_lost_answer_had_made_is_found_and_returned() {
    let server = server().await;
    once(&server, "b2_create_bucket", ResponseTemplate::new(503)).await;
    on(&server, "b2_create_bucket", refusal(400, "duplicate_bucket_name", "in use")).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
    let client = client(&server);
    let ours = CreateBucket::new(name(), Visibility::Private).object_lock().encryption(Encryption::SseB2);
    assert_eq!(client.buckets().create(&ours).await.unwrap().id.as_str(), "b1");
}

#[tokio::test]
async fn gotcha_23_a_bucket_made_a_moment_ago_is_looked_for_more_than_once() {
    let server = server().await;
    once(&server, "b2_create_bucket", ResponseTemplate::new(503)).await;
    on(&server, "b2_create_bucket", refusal(400, "duplicate_bucket_name", "in use")).await;
    once(&server, "b2_list_buckets", ok(&json!({"buckets": []}))).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
    let ours = CreateBucket::new(name(), Visibility::Private).object_lock().encryption(Encryption::SseB2);
    client(&server).buckets().create(&ours).await.unwrap();
    assert_eq!(requests(&server, "b2_list_buckets").await.len(), 2);
}

#[tokio::test]
async fn gotcha_18_requests_carry_the_accounts_id_and_not_the_keys() {
    let server = server().await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": []}))).await;
    client(&server).buckets().list(&ListBuckets::new()).await.unwrap();
    assert_eq!(asked(&server, "b2_list_buckets").await, [json!({"accountId": "acc1"})]);
}

#[tokio::test]
async fn a_bucket_that_is_not_as_asked_is_not_taken_for_ours() {
    let server = server().await;
    once(&server, "b2_create_bucket", ResponseTemplate::new(503)).await;
    on(&server, "b2_create_bucket", refusal(400, "duplicate_bucket_name", "in use")).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
    let unlocked = CreateBucket::new(name(), Visibility::Private).encryption(Encryption::SseB2);
    let error = client(&server).buckets().create(&unlocked).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NameTaken);
}

#[tokio::test]
async fn s409_conflict_is_revision_conflict_and_modify_reads_again() {
    let server = server().await;
    let mut newer = bucket();
    newer["revision"] = json!(3);
    once(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [newer]}))).await;
    once(&server, "b2_update_bucket", refusal(409, "conflict", "revision")).await;
    on(&server, "b2_update_bucket", ok(&bucket())).await;
    let id = BucketId::new("b1");
    let client = client(&server);
    client
        .buckets()
        .modify(&id, |bucket| Some(UpdateBucket::new(bucket.id.clone()).object_lock()))
        .await
        .unwrap();
    let revisions: Vec<_> =
        asked(&server, "b2_update_bucket").await.iter().map(|sent| sent["ifRevisionIs"].clone()).collect();
    assert_eq!(revisions, [json!(2), json!(3)]);
    client.buckets().modify(&id, |_| None).await.unwrap();
    assert_eq!(requests(&server, "b2_update_bucket").await.len(), 2, "nothing to change is not sent");
}

#[tokio::test]
async fn s401_unauthorized_names_the_missing_capability() {
    let server = MockServer::start().await;
    log_in(&server, &json!({"buckets": null, "capabilities": ["listBuckets"], "namePrefix": null})).await;
    on(&server, "b2_create_bucket", refusal(401, "unauthorized", "")).await;
    let error =
        client(&server).buckets().create(&CreateBucket::new(name(), Visibility::Private)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![Capability::WriteBuckets] });
    assert!(error.to_string().contains("it lacks writeBuckets"), "{error}");
    assert_eq!(
        requests(&server, "b2_authorize_account").await.len(),
        1,
        "a missing capability is no expired token"
    );
}

#[tokio::test]
async fn an_update_whose_answer_was_lost_is_settled_by_looking() {
    let server = server().await;
    let mut locked = bucket();
    locked["revision"] = json!(3);
    locked["fileLockConfiguration"]["value"]["defaultRetention"] =
        json!({"mode": "compliance", "period": {"duration": 14, "unit": "days"}});
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [locked]}))).await;
    let client = client(&server);
    for (days, settled) in [(14, true), (15, false)] {
        once(&server, "b2_update_bucket", ResponseTemplate::new(502)).await;
        once(&server, "b2_update_bucket", refusal(409, "conflict", "revision")).await;
        let request = UpdateBucket::new(BucketId::new("b1"))
            .if_revision(Revision::new(2))
            .default_retention(DefaultRetention::compliance(Period::Days(days)));
        let updated = client.buckets().update(&request).await;
        assert_eq!(updated.as_ref().ok().map(|bucket| bucket.revision.get()), settled.then_some(3));
        if let Err(error) = updated {
            assert_eq!(*error.kind(), ErrorKind::RevisionConflict);
        }
    }
}

#[tokio::test]
async fn delete_counts_a_bucket_that_an_earlier_attempt_deleted() {
    let server = server().await;
    once(&server, "b2_delete_bucket", ResponseTemplate::new(500)).await;
    once(&server, "b2_delete_bucket", refusal(400, "bad_bucket_id", "gone")).await;
    let client = client(&server);
    client.buckets().delete(BucketId::new("b1")).await.unwrap();
    let expected = json!({"accountId": "acc1", "bucketId": "b1"});
    assert_eq!(asked(&server, "b2_delete_bucket").await, [expected.clone(), expected]);
    on(&server, "b2_delete_bucket", refusal(400, "bad_bucket_id", "gone")).await;
    assert!(client.buckets().delete(BucketId::new("b1")).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn gotcha_22_old_shapes_and_hidden_settings_are_read() {
    let server = server().await;
    let mut old = bucket();
    old["bucketType"] = json!("shared");
    old["defaultServerSideEncryption"] = json!({"isClientAuthorizedToRead": false});
    old["fileLockConfiguration"] = json!({"isClientAuthorizedToRead": true, "value": null});
    for empty in ["bucketInfo", "corsRules", "lifecycleRules", "options"] {
        old[empty] = json!(null);
    }
    let mut newer = bucket();
    newer["fileLockConfiguration"]["value"]["defaultRetention"] =
        json!({"mode": "compliance", "period": {"duration": 2, "unit": "weeks"}});
    old.as_object_mut().unwrap().remove("replicationConfiguration");
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [old, newer]}))).await;
    let client = client(&server);
    let listed = client.buckets().list(&ListBuckets::new().any_visibility()).await.unwrap();
    let period = Period::Unknown { duration: 2, unit: "weeks".to_owned() };
    assert_eq!(
        listed[1].file_lock.known().unwrap().default_retention,
        Some(DefaultRetention::compliance(period.clone()))
    );
    assert_eq!(serde_json::to_value(period).unwrap(), json!({"duration": 2, "unit": "weeks"}));
    let some =
        ListBuckets::new().visibility(Visibility::Public).visibility(Visibility::Unknown("shared".into()));
    client.buckets().list(&some).await.unwrap();
    assert_eq!(listed[0].visibility, Visibility::Unknown("shared".into()));
    assert_eq!(listed[0].default_encryption, Readable::NotAuthorized);
    assert!(!listed[0].file_lock.known().unwrap().enabled);
    assert_eq!(listed[0].replication, Readable::NotAuthorized);
    assert_eq!(
        asked(&server, "b2_list_buckets").await,
        [
            json!({"accountId": "acc1", "bucketTypes": ["all"]}),
            json!({"accountId": "acc1", "bucketTypes": ["allPublic", "shared"]}),
        ]
    );
}

#[tokio::test]
async fn rules_for_web_pages_that_the_service_refuses_are_not_sent() {
    let server = server().await;
    let rule = |name: &str, seconds| CorsRule::new(name, ["*"], ["b2_upload_file"], seconds);
    for bad in [vec![rule("a-rule", 1); 101], vec![rule("short", 1)], vec![rule("a-rule", 86_401)]] {
        let update = UpdateBucket::new(BucketId::new("b1")).cors_rules(bad.clone());
        let error = client(&server).buckets().update(&update).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (&ErrorKind::InvalidRequest, 0));
        let create = CreateBucket::new(name(), Visibility::Private).cors_rules(bad);
        let error = client(&server).buckets().create(&create).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (&ErrorKind::InvalidRequest, 0));
    }
}

#[tokio::test]
async fn none_is_never_sent_and_null_resets() {
    let server = server().await;
    on(&server, "b2_update_bucket", ok(&bucket())).await;
    on(&server, "b2_create_bucket", ok(&bucket())).await;
    let buckets = client(&server);
    let buckets = buckets.buckets();
    let update = || UpdateBucket::new(BucketId::new("b1"));
    let refused = buckets.update(&update().encryption(Encryption::None)).await.unwrap_err();
    assert_eq!((refused.kind(), refused.attempts()), (&ErrorKind::InvalidRequest, 0));
    let create = CreateBucket::new(name(), Visibility::Private).encryption(Encryption::None);
    assert_eq!(*buckets.create(&create).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    buckets.update(&update().reset_encryption()).await.unwrap();
    buckets.create(&CreateBucket::new(name(), Visibility::Private)).await.unwrap();
    let sent = &asked(&server, "b2_update_bucket").await;
    assert_eq!(*sent, [json!({"accountId": "acc1", "bucketId": "b1", "defaultServerSideEncryption": null})]);
    assert!(asked(&server, "b2_create_bucket").await[0].get("defaultServerSideEncryption").is_none());
}

/// The answer to the reset was lost: the bucket shows whether it happened.
#[tokio::test]
async fn a_reset_whose_answer_was_lost_is_settled_by_looking() {
    for (mode, settled) in [(json!("SSE-B2"), true), (json!(null), false), (json!("none"), false)] {
        let server = server().await;
        let mut now = bucket();
        now["defaultServerSideEncryption"]["value"] = json!({"mode": mode});
        on(&server, "b2_list_buckets", ok(&json!({"buckets": [now]}))).await;
        once(&server, "b2_update_bucket", ResponseTemplate::new(502)).await;
        on(&server, "b2_update_bucket", refusal(409, "conflict", "revision")).await;
        let update = UpdateBucket::new(BucketId::new("b1")).if_revision(Revision::new(1)).reset_encryption();
        assert_eq!(client(&server).buckets().update(&update).await.is_ok(), settled, "{mode}");
    }
}

#[tokio::test]
async fn s401_the_capabilities_that_a_setting_requires_are_named() {
    let server = MockServer::start().await;
    log_in(&server, &json!({"buckets": null, "capabilities": ["writeBuckets"], "namePrefix": null})).await;
    on(&server, "b2_update_bucket", refusal(401, "unauthorized", "unauthorized")).await;
    let update = || UpdateBucket::new(BucketId::new("b1"));
    for (request, missing) in [
        (update().object_lock(), Capability::WriteBucketRetentions),
        (update().clear_default_retention(), Capability::WriteBucketRetentions),
        (update().reset_encryption(), Capability::WriteBucketEncryption),
        (update().replication(Replication::none()), Capability::WriteBucketReplications),
    ] {
        let error = client(&server).buckets().update(&request).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![missing] });
    }
}
