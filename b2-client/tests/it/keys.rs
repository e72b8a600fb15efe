//! Application keys on the wire.

use std::time::Duration;

use b2_client::keys::{CreateKey, KeyCompat};
use b2_client::{BucketId, Capability, ErrorKind, KeyId, KeyName};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, ResponseTemplate};

use crate::scripted::{asked, client, ok, on, once, refusal, requests, server};

fn key(id: &str) -> Value {
    json!({
        "accountId": "acc1", "applicationKeyId": id, "keyName": "box-one", "capabilities": ["listFiles"],
        "expirationTimestamp": null, "bucketIds": ["b1"], "namePrefix": null, "options": ["s3"],
    })
}

fn request() -> CreateKey {
    CreateKey::new(KeyName::new("box-one").unwrap(), [Capability::ListFiles, Capability::WriteFiles])
        .in_bucket(BucketId::new("b1"))
}

#[tokio::test]
async fn create_returns_the_secret_apart_from_the_key() {
    let server = server().await;
    let mut made = key("k9");
    made["applicationKey"] = json!("K0secret");
    on(&server, "b2_create_key", ok(&made)).await;
    let request = request().name_prefix("a/").valid_for(Duration::from_mins(1));
    let new = client(&server).keys().create(&request).await.unwrap();
    assert_eq!((new.key.id.as_str(), new.secret.expose()), ("k9", "K0secret"));
    assert!(new.key.is_restricted_to(&BucketId::new("b1")));
    assert!(!format!("{new:?}").contains("K0secret"));
    assert_eq!(
        asked(&server, "b2_create_key").await,
        [json!({
            "accountId": "acc1", "keyName": "box-one", "capabilities": ["listFiles", "writeFiles"], "bucketIds": ["b1"],
            "namePrefix": "a/", "validDurationInSeconds": 60,
        })]
    );
}

#[tokio::test]
async fn gotcha_01_a_key_for_older_programs_is_made_through_version_3() {
    let server = server().await;
    let mut made = key("k9");
    made["applicationKey"] = json!("K0secret");
    made.as_object_mut().unwrap().remove("bucketIds");
    made["bucketId"] = json!("b1");
    Mock::given(path("/b2api/v3/b2_create_key")).respond_with(ok(&made)).mount(&server).await;
    let new = client(&server).keys().create(&request().compat(KeyCompat::V3SingleBucket)).await.unwrap();
    assert_eq!(new.key.bucket_ids, Some(vec![BucketId::new("b1")]));
    assert_eq!(
        asked(&server, "/b2api/v3/b2_create_key").await,
        [json!({
            "accountId": "acc1", "keyName": "box-one", "capabilities": ["listFiles", "writeFiles"], "bucketId": "b1",
        })]
    );
}

#[tokio::test]
async fn a_lost_answer_to_a_creation_is_an_unknown_outcome_and_is_not_repeated() {
    for lost in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(503),
        ResponseTemplate::new(502).set_body_string("<p>"),
    ] {
        let server = server().await;
        on(&server, "b2_create_key", lost).await;
        let error = client(&server).keys().create(&request()).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (&ErrorKind::OutcomeUnknown, false));
        assert_eq!(requests(&server, "b2_create_key").await.len(), 1);
    }
}

#[tokio::test]
async fn a_creation_that_was_turned_away_is_made_again() {
    let server = server().await;
    once(
        &server,
        "b2_create_key",
        refusal(429, "too_many_requests", "wait").insert_header("retry-after", "0"),
    )
    .await;
    once(&server, "b2_create_key", refusal(401, "expired_auth_token", "expired")).await;
    let mut made = key("k9");
    made["applicationKey"] = json!("K0secret");
    on(&server, "b2_create_key", ok(&made)).await;
    client(&server).keys().create(&request()).await.unwrap();
    assert_eq!(requests(&server, "b2_create_key").await.len(), 3);
}

#[tokio::test]
async fn a_secret_of_the_wrong_form_shows_in_no_error() {
    let server = server().await;
    let mut made = key("k9");
    made["applicationKey"] = json!({"odd": "K0secret"});
    on(&server, "b2_create_key", ok(&made)).await;
    let error = client(&server).keys().create(&request()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotUnderstood);
    let text = format!("{error} {error:?} {}", std::error::Error::source(&error).unwrap());
    assert!(!text.contains("K0secret"), "{text}");
}

#[tokio::test]
async fn requests_that_the_service_refuses_as_a_whole_are_refused_before_the_wire() {
    let server = server().await;
    let client = client(&server);
    let name = || KeyName::new("box-one").unwrap();
    let two = request().in_bucket(BucketId::new("b2")).compat(KeyCompat::V3SingleBucket);
    for bad in [
        CreateKey::new(name(), []),
        CreateKey::new(name(), [Capability::WriteBuckets]).in_bucket(BucketId::new("b1")),
        CreateKey::new(name(), [Capability::DeleteBuckets]).in_bucket(BucketId::new("b1")),
        CreateKey::new(name(), [Capability::ListFiles]).name_prefix("a/"),
        request().valid_for(Duration::ZERO),
        request().valid_for(Duration::from_hours(24_000)),
        two,
    ] {
        let error = client.keys().create(&bad).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest, "{bad:?}");
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn k2a_a_listing_reads_versions_4_and_3_in_one_session_and_returns_each_key_once() {
    let server = server().await;
    let mut old = key("k3");
    old.as_object_mut().unwrap().remove("bucketIds");
    old["bucketId"] = json!("b1");
    once(&server, "b2_list_keys", ok(&json!({"keys": [key("k1")], "nextApplicationKeyId": "k2"}))).await;
    on(&server, "b2_list_keys", ok(&json!({"keys": [key("k2")], "nextApplicationKeyId": null}))).await;
    Mock::given(path("/b2api/v3/b2_list_keys"))
        .respond_with(ok(&json!({"keys": [key("k1"), old], "nextApplicationKeyId": null})))
        .mount(&server)
        .await;
    let keys: Vec<_> = client(&server).keys().list().try_collect().await.unwrap();
    let ids: Vec<_> = keys.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["k1", "k2", "k3"]);
    assert_eq!(keys[2].bucket_ids, Some(vec![BucketId::new("b1")]));
    assert_eq!(
        asked(&server, "/b2api/v4/b2_list_keys").await,
        [
            json!({"accountId": "acc1", "maxKeyCount": 1000}),
            json!({"accountId": "acc1", "maxKeyCount": 1000, "startApplicationKeyId": "k2"}),
        ]
    );
    let v3 = [json!({"accountId": "acc1", "maxKeyCount": 1000})];
    assert_eq!(asked(&server, "/b2api/v3/b2_list_keys").await, v3);
    let logins = requests(&server, "b2_authorize_account").await;
    assert_eq!(logins.len(), 1, "version 3 needs no session of its own");
    for listing in requests(&server, "b2_list_keys").await {
        assert_eq!(listing.headers["authorization"], "token1");
    }
}

#[tokio::test]
async fn a_listing_of_keys_ends_after_an_error_of_either_version() {
    for refused in ["v4", "v3"] {
        let server = server().await;
        for version in ["v4", "v3"] {
            let keys = ok(&json!({"keys": [key("k1")], "nextApplicationKeyId": null}));
            let answer = if version == refused { refusal(401, "unauthorized", "no") } else { keys };
            let path = path(format!("/b2api/{version}/b2_list_keys"));
            Mock::given(path).respond_with(answer).mount(&server).await;
        }
        let listed: Vec<_> = client(&server).keys().list().collect().await;
        let last = listed.last().unwrap().as_ref().unwrap_err();
        assert!(matches!(last.kind(), ErrorKind::Unauthorized { .. }), "{last:?}");
        assert_eq!(listed.len(), if refused == "v4" { 1 } else { 2 });
    }
}

#[tokio::test]
async fn a_key_that_an_earlier_attempt_deleted_counts_and_an_unknown_one_does_not() {
    let server = server().await;
    once(&server, "b2_delete_key", ResponseTemplate::new(500)).await;
    on(&server, "b2_delete_key", refusal(400, "bad_request", "no such key")).await;
    let client = client(&server);
    client.keys().delete(&KeyId::new("k1")).await.unwrap();
    assert!(client.keys().delete(&KeyId::new("k1")).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn delete_sends_the_id_alone() {
    let server = server().await;
    on(&server, "b2_delete_key", ok(&key("k1"))).await;
    client(&server).keys().delete(&KeyId::new("k1")).await.unwrap();
    assert_eq!(asked(&server, "b2_delete_key").await, [json!({"applicationKeyId": "k1"})]);
}
