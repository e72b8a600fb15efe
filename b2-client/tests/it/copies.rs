//! Copies, download tokens, deletion of all versions, notification rules.

use std::collections::BTreeMap;
use std::time::Duration;

use b2_client::buckets::Encryption;
use b2_client::files::{CopyFile, FileRetention, Governance, HeaderOverrides, LegalHold, ShareFiles};
use b2_client::notifications::{CustomHeader, EventType, SetNotificationRule, SigningSecret};
use b2_client::{BucketId, BucketName, ErrorKind, FileId, FileName, UnixMillis};
use serde_json::json;

use crate::scripted::{asked, client, file, ok, on, once, refusal, server};

const SUM: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";

fn name() -> FileName {
    FileName::new("copy").unwrap()
}

/// A version that is too large for one copy.
fn big() -> serde_json::Value {
    let mut big = file("f1", "source");
    big["contentLength"] = json!(250_000_000_u64);
    big["contentSha1"] = json!("none");
    big["fileInfo"] = json!({"large_file_sha1": SUM});
    big
}

/// The answer to the copy of a part.
fn part(request: &wiremock::Request) -> wiremock::ResponseTemplate {
    let sent: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    ok(&json!({"fileId": "big1", "partNumber": sent["partNumber"], "contentLength": 1, "contentSha1": SUM,
        "uploadTimestamp": 1}))
}

#[tokio::test]
async fn gotcha_20_a_copy_names_the_destinations_encryption() {
    let server = server().await;
    let mut copied = file("f2", "copy");
    copied["action"] = json!("copy");
    on(&server, "b2_copy_file", ok(&copied)).await;
    let client = client(&server);
    client.files().copy(&CopyFile::new(FileId::new("f1"), name())).await.unwrap();
    let request = CopyFile::new(FileId::new("f1"), name())
        .into_bucket(BucketId::new("b2"))
        .range(1..=9)
        .replace_metadata("text/plain", BTreeMap::from([("k".to_owned(), "v".to_owned())]))
        .retention(FileRetention::governance(UnixMillis::new(7)))
        .legal_hold(LegalHold::Off)
        .encryption(Encryption::SseB2);
    client.files().copy(&request).await.unwrap();
    assert_eq!(
        asked(&server, "b2_copy_file").await,
        [
            json!({"sourceFileId": "f1", "fileName": "copy"}),
            json!({
                "sourceFileId": "f1", "fileName": "copy", "destinationBucketId": "b2", "range": "bytes=1-9",
                "metadataDirective": "REPLACE", "contentType": "text/plain", "fileInfo": {"k": "v"},
                "fileRetention": {"mode": "governance", "retainUntilTimestamp": 7}, "legalHold": "off",
                "destinationServerSideEncryption": {"mode": "SSE-B2", "algorithm": "AES256"},
            }),
        ]
    );
}

#[tokio::test]
async fn gotcha_13_s400_source_too_large_is_copied_in_parts() {
    let server = server().await;
    on(&server, "b2_copy_file", refusal(400, "source_too_large", "too large")).await;
    on(&server, "b2_get_file_info", ok(&big())).await;
    on(&server, "b2_start_large_file", ok(&file("big1", "copy"))).await;
    on(&server, "b2_copy_part", part).await;
    on(&server, "b2_finish_large_file", ok(&file("big1", "copy"))).await;
    client(&server).files().copy(&CopyFile::new(FileId::new("f1"), name())).await.unwrap();
    let started = &asked(&server, "b2_start_large_file").await[0];
    assert_eq!(started["fileInfo"], json!({"large_file_sha1": "a9993e364706816aba3e25717850c26c9cd0d89d"}));
    assert_eq!(started["contentType"], "text/plain");
    let mut ranges: Vec<_> = asked(&server, "b2_copy_part").await;
    ranges.sort_by_key(|part| part["partNumber"].as_u64());
    assert_eq!(
        ranges.last().unwrap(),
        &json!({"sourceFileId": "f1", "largeFileId": "big1", "partNumber": 3, "range": "bytes=200000000-249999999"})
    );
    assert_eq!(ranges[0]["range"], "bytes=0-99999999");
}

#[tokio::test]
async fn a_copy_whose_answer_is_lost_is_made_once_and_says_where_to_look() {
    let server = server().await;
    once(
        &server,
        "b2_copy_file",
        refusal(429, "too_many_requests", "wait").insert_header("retry-after", "0"),
    )
    .await;
    on(&server, "b2_copy_file", refusal(503, "service_unavailable", "busy")).await;
    let error = client(&server).files().copy(&CopyFile::new(FileId::new("f1"), name())).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
    assert!(error.to_string().contains("the list of this name's versions"), "{error}");
    let asked = asked(&server, "b2_copy_file").await.len();
    assert_eq!(asked, 2, "what was turned away is asked again, what was lost is not");
}

#[tokio::test]
async fn a_part_that_went_missing_is_copied_again() {
    let server = server().await;
    on(&server, "b2_copy_file", refusal(400, "source_too_large", "too large")).await;
    on(&server, "b2_get_file_info", ok(&big())).await;
    on(&server, "b2_start_large_file", ok(&file("big1", "copy"))).await;
    on(&server, "b2_copy_part", part).await;
    let listed = [1, 3].map(
        |number| json!({"fileId": "big1", "partNumber": number, "contentLength": 1, "contentSha1": SUM}),
    );
    on(&server, "b2_list_parts", ok(&json!({"parts": listed, "nextPartNumber": null}))).await;
    once(&server, "b2_finish_large_file", refusal(400, "missing_part", "Part number 2")).await;
    on(&server, "b2_finish_large_file", ok(&file("big1", "copy"))).await;
    client(&server).files().copy(&CopyFile::new(FileId::new("f1"), name())).await.unwrap();
    let copied = asked(&server, "b2_copy_part").await;
    assert_eq!((copied.len(), &copied[3]["partNumber"]), (4, &json!(2)));
}

#[tokio::test]
async fn a_copy_in_parts_notes_only_a_checksum_that_fits_and_is_its_own() {
    let mut full = big();
    full["contentSha1"] = json!(SUM);
    full["fileInfo"] =
        (0..10).map(|n| (format!("k{n}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    let copy = CopyFile::new(FileId::new("f1"), name());
    for (source, request) in [(full, copy.clone()), (big(), copy.range(0..=249_999_998))] {
        let server = server().await;
        on(&server, "b2_copy_file", refusal(400, "source_too_large", "too large")).await;
        on(&server, "b2_get_file_info", ok(&source)).await;
        on(&server, "b2_start_large_file", ok(&file("big1", "copy"))).await;
        on(&server, "b2_copy_part", part).await;
        on(&server, "b2_finish_large_file", ok(&file("big1", "copy"))).await;
        client(&server).files().copy(&request).await.unwrap();
        let started = &asked(&server, "b2_start_large_file").await[0];
        assert!(started["fileInfo"].get("large_file_sha1").is_none(), "{started}");
    }
}

#[tokio::test]
async fn what_the_service_would_refuse_to_note_on_a_copy_is_refused_before_the_wire() {
    let server = server().await;
    let eleven: BTreeMap<_, _> = (0..11).map(|n| (format!("k{n}"), "v".to_owned())).collect();
    let copy = || CopyFile::new(FileId::new("f1"), name());
    let long = BTreeMap::from([("k".to_owned(), "x".repeat(2048))]);
    for bad in [
        copy().replace_metadata("text/plain", eleven),
        copy().replace_metadata("text/plain", long).legal_hold(LegalHold::On),
        copy().encryption(Encryption::SseC),
    ] {
        let error = client(&server).files().copy(&bad).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(asked(&server, "b2_copy_file").await.is_empty());
}

#[tokio::test]
async fn a_permission_to_download_is_a_secret_with_an_address() {
    let server = server().await;
    let answer = json!({"bucketId": "b1", "fileNamePrefix": "p/", "authorizationToken": "3_tok=en+"});
    on(&server, "b2_get_download_authorization", ok(&answer)).await;
    let client = client(&server);
    let request = ShareFiles::new(BucketId::new("b1"), "p/", Duration::from_mins(1))
        .overrides(HeaderOverrides::new().content_type("text/plain"));
    let token = client.files().share(&request).await.unwrap();
    assert_eq!(format!("{token:?}"), "DownloadToken");
    let bucket = BucketName::new("bucket-one").unwrap();
    let url = token.expose_url(&bucket, &FileName::new("p/a b").unwrap());
    let query = "Authorization=3_tok%3Den%2B&b2ContentType=text%2Fplain";
    assert_eq!(url, format!("{}/file/bucket-one/p/a%20b?{query}", server.uri()));
    assert_eq!(
        asked(&server, "b2_get_download_authorization").await,
        [
            json!({"bucketId": "b1", "fileNamePrefix": "p/", "validDurationInSeconds": 60, "b2ContentType": "text/plain"})
        ]
    );
    for seconds in [0, 604_801] {
        let request = ShareFiles::new(BucketId::new("b1"), "p/", Duration::from_secs(seconds));
        assert_eq!(*client.files().share(&request).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}

#[tokio::test]
async fn gotcha_14_all_versions_go_with_the_newest_last() {
    let server = server().await;
    let listed = json!({"files": [file("new", "copy"), file("old", "copy"), file("x", "copy-of-copy")],
        "nextFileName": null, "nextFileId": null});
    on(&server, "b2_list_file_versions", ok(&listed)).await;
    on(&server, "b2_delete_file_version", ok(&json!({"fileId": "f", "fileName": "copy"}))).await;
    let count = client(&server)
        .files()
        .delete_all_versions(BucketId::new("b1"), &name(), Governance::Respect)
        .await
        .unwrap();
    let deleted: Vec<_> =
        asked(&server, "b2_delete_file_version").await.iter().map(|sent| sent["fileId"].clone()).collect();
    assert_eq!((count, deleted), (2, vec![json!("old"), json!("new")]));
}

#[tokio::test]
async fn notification_rules_are_read_and_replaced() {
    let server = server().await;
    let rule = json!({"name": "rule-one", "eventTypes": ["b2:ObjectCreated:*", "b2:New:*"], "isEnabled": true,
        "isSuspended": true, "suspensionReason": "dead", "objectNamePrefix": "p/", "maxEventsPerBatch": 5,
        "targetConfiguration": {"targetType": "webhook", "url": "https://h.example/x", "hmacSha256SigningSecret": "s"}});
    let answer = json!({"bucketId": "b1", "eventNotificationRules": [rule]});
    on(&server, "b2_get_bucket_notification_rules", ok(&answer)).await;
    on(&server, "b2_set_bucket_notification_rules", ok(&answer)).await;
    let client = client(&server);
    let id = BucketId::new("b1");
    let read = client.buckets().notification_rules(&id).await.unwrap();
    assert_eq!(read[0].event_types, [EventType::ObjectCreated, EventType::Unknown("b2:New:*".into())]);
    assert_eq!(read[0].suspension_reason.as_deref(), Some("dead"));
    let secret = SigningSecret::new("0123456789abcdef0123456789abcdef");
    let rule = || {
        SetNotificationRule::new("rule-one", [EventType::ObjectDeleted], "https://h.example/x")
            .object_name_prefix("p/")
            .max_events_per_batch(5)
    };
    client.buckets().set_notification_rules(&id, &[rule().signing_secret(secret)]).await.unwrap();
    client.buckets().set_notification_rules(&id, &[]).await.unwrap();
    assert_eq!(
        asked(&server, "b2_set_bucket_notification_rules").await,
        [
            json!({"bucketId": "b1", "eventNotificationRules": [{
                "name": "rule-one", "eventTypes": ["b2:ObjectDeleted:*"], "isEnabled": true, "objectNamePrefix": "p/",
                "maxEventsPerBatch": 5, "targetConfiguration": {"targetType": "webhook", "url": "https://h.example/x",
                    "hmacSha256SigningSecret": "0123456789abcdef0123456789abcdef"},
            }]}),
            json!({"bucketId": "b1", "eventNotificationRules": []}),
        ]
    );
    let headers = (0..11).map(|number| CustomHeader::new(format!("x-{number}"), "v"));
    for bad in [
        rule().signing_secret(SigningSecret::new("short")),
        rule().max_events_per_batch(51),
        headers.fold(rule(), SetNotificationRule::custom_header),
    ] {
        let error = client.buckets().set_notification_rules(&id, &[bad]).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
    }
    assert_eq!(asked(&server, "b2_get_bucket_notification_rules").await, [json!({"bucketId": "b1"})]);
}

#[tokio::test]
async fn a_rule_that_is_read_changed_and_written_keeps_its_secret_and_its_headers() {
    let server = server().await;
    let mut rule = json!({"name": "rule-one", "eventTypes": ["b2:ObjectCreated:*", "b2:New:*"], "isEnabled": false,
        "objectNamePrefix": "p/", "maxEventsPerBatch": 5, "targetConfiguration": {"targetType": "webhook",
        "url": "https://h.example/x", "hmacSha256SigningSecret": "0123456789abcdef0123456789abcdef",
        "customHeaders": [{"name": "authorization", "value": "Bearer hush"}, {"name": "x-tag", "value": "1"}]}});
    let answer = |rule: &serde_json::Value| ok(&json!({"bucketId": "b1", "eventNotificationRules": [rule]}));
    on(&server, "b2_get_bucket_notification_rules", answer(&rule)).await;
    on(&server, "b2_set_bucket_notification_rules", answer(&rule)).await;
    let client = client(&server);
    let id = BucketId::new("b1");
    let mut read = client.buckets().notification_rules(&id).await.unwrap();
    let shown = format!("{read:?}");
    assert!(!shown.contains("0123456789abcdef") && !shown.contains("hush"), "{shown}");
    assert!(shown.contains("SigningSecret") && shown.contains("CustomHeader(\"authorization\")"), "{shown}");
    let change =
        SetNotificationRule::from(read.remove(0)).enabled().custom_header(CustomHeader::new("X-Tag", "2"));
    client.buckets().set_notification_rules(&id, &[change]).await.unwrap();
    rule["isEnabled"] = json!(true);
    rule["targetConfiguration"]["customHeaders"][1] = json!({"name": "X-Tag", "value": "2"});
    assert_eq!(
        asked(&server, "b2_set_bucket_notification_rules").await,
        [json!({"bucketId": "b1", "eventNotificationRules": [rule]})]
    );
}
