//! Every operation by a call that sends it, and a server that answers each of them.

use std::time::Duration;

use b2_client::buckets::{Bucket, CreateBucket, ListBuckets, UpdateBucket, Visibility};
use b2_client::files::{
    CopyFile, Download, FileRetention, Governance, LegalHold, ListFiles, Sha1, ShareFiles, UploadFile,
};
use b2_client::keys::CreateKey;
use b2_client::notifications::{EventType, SetNotificationRule};
use b2_client::{
    BucketId, BucketName, BucketRef, Capability, Client, Error, FileId, FileName, KeyId, KeyName, UnixMillis,
};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use wiremock::matchers::path_regex;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::scripted::{bucket, file, ok, on, refusal, server};

/// The bucket of the scripted server by its name, by its id, and by both.
pub(crate) fn by_name() -> BucketRef {
    BucketName::new("bucket-one").unwrap().into()
}

pub(crate) fn by_id() -> BucketRef {
    BucketId::new("b1").into()
}

pub(crate) fn by_both() -> BucketRef {
    serde_json::from_value::<Bucket>(bucket()).unwrap().into()
}

/// A call that sends the operation, or that would send it if what comes before it were not refused already.
pub(crate) async fn call(client: &Client, operation: &str, bucket: &BucketRef) -> Result<(), Error> {
    let (id, name) = (FileId::new("f1"), FileName::new("big").unwrap());
    let (keys, files) = (client.keys(), client.files());
    match operation {
        "b2_authorize_account" => client.account().await.map(drop),
        "b2_list_keys" => keys.list().try_collect::<Vec<_>>().await.map(drop),
        "b2_create_key" => {
            let request = CreateKey::new(KeyName::new("key-one").unwrap(), [Capability::ListBuckets]);
            keys.create(&request.in_bucket(bucket)).await.map(drop)
        }
        "b2_delete_key" => keys.delete(&KeyId::new("k1")).await,
        "b2_list_parts" => files.list_parts(&id).try_collect::<Vec<_>>().await.map(drop),
        "b2_get_file_info" => files.get(&id).await.map(drop),
        "b2_delete_file_version" => files.delete_version(&name, &id, Governance::Respect).await,
        "b2_update_file_retention" => {
            let until = FileRetention::compliance(UnixMillis::new(1));
            files.update_retention(&name, &id, &until, Governance::Respect).await.map(drop)
        }
        "b2_update_file_legal_hold" => files.update_legal_hold(&name, &id, &LegalHold::On).await.map(drop),
        "b2_download_file_by_id" => files.download(&Download::by_id(id)).await.map(drop),
        "b2_cancel_large_file" => files.cancel_large_file(&id).await,
        on_bucket if on_bucket.contains("bucket") => call_buckets(client, operation, bucket).await,
        _ => call_files(client, operation, bucket).await,
    }
}

async fn call_buckets(client: &Client, operation: &str, bucket: &BucketRef) -> Result<(), Error> {
    let buckets = client.buckets();
    match operation {
        "b2_list_buckets" => buckets.list(&ListBuckets::new().bucket(bucket)).await.map(drop),
        "b2_create_bucket" => {
            let name = BucketName::new("bucket-one").unwrap();
            buckets.create(&CreateBucket::new(name, Visibility::Private)).await.map(drop)
        }
        "b2_update_bucket" => {
            buckets.update(&UpdateBucket::new(bucket).visibility(Visibility::Private)).await.map(drop)
        }
        "b2_delete_bucket" => buckets.delete(bucket).await,
        "b2_get_bucket_notification_rules" => buckets.notification_rules(bucket).await.map(drop),
        "b2_set_bucket_notification_rules" => {
            let rule = SetNotificationRule::new("rule-one", [EventType::ObjectCreated], "https://h.example");
            buckets.set_notification_rules(bucket, &[rule]).await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row"),
    }
}

async fn call_files(client: &Client, operation: &str, bucket: &BucketRef) -> Result<(), Error> {
    let (files, name) = (client.files(), FileName::new("big").unwrap());
    let upload = UploadFile::new(bucket, name.clone());
    match operation {
        "b2_list_file_names" => {
            files.list_names(&ListFiles::new(bucket)).try_collect::<Vec<_>>().await.map(drop)
        }
        "b2_list_file_versions" => {
            files.list_versions(&ListFiles::new(bucket)).try_collect::<Vec<_>>().await.map(drop)
        }
        "b2_list_unfinished_large_files" => {
            files.list_unfinished(bucket, "").try_collect::<Vec<_>>().await.map(drop)
        }
        "b2_hide_file" => files.hide(bucket, &name).await.map(drop),
        "b2_download_file_by_name" => files.download(&Download::by_name(bucket, name)).await.map(drop),
        "b2_get_download_authorization" => {
            files.share(&ShareFiles::new(bucket, "", Duration::from_mins(1))).await.map(drop)
        }
        "b2_get_upload_url" | "b2_upload_file" => files.upload(&upload, b"abc").await.map(drop),
        "b2_start_large_file" | "b2_get_upload_part_url" | "b2_upload_part" | "b2_finish_large_file" => {
            files.upload(&upload.part_size(5_000_000), vec![0; 5_000_001]).await.map(drop)
        }
        "b2_copy_file" | "b2_copy_part" => {
            files.copy(&CopyFile::new(FileId::new("f1"), name).into_bucket(bucket)).await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row"),
    }
}

fn part(number: u64, length: usize) -> Value {
    let sum = Sha1::of(&vec![0; length]).to_hex();
    json!({ "fileId": "f1", "partNumber": number, "contentLength": length, "contentSha1": sum })
}

/// A server that answers every operation.
pub(crate) async fn working() -> MockServer {
    let server = server().await;
    let listing = json!({ "files": [], "nextFileName": null, "nextFileId": null });
    let key =
        json!({ "applicationKeyId": "k1", "keyName": "key-one", "capabilities": [], "applicationKey": "s" });
    let answers: [(&str, Value); 22] = [
        ("b2_list_buckets", json!({ "buckets": [bucket()] })),
        ("b2_create_bucket", bucket()),
        ("b2_update_bucket", bucket()),
        ("b2_delete_bucket", bucket()),
        ("b2_delete_key", key.clone()),
        ("b2_create_key", key),
        ("b2_list_file_names", listing.clone()),
        ("b2_list_file_versions", listing.clone()),
        ("b2_list_unfinished_large_files", listing),
        ("b2_list_parts", json!({ "parts": [], "nextPartNumber": null })),
        ("b2_get_file_info", file("f1", "big")),
        ("b2_hide_file", file("f2", "big")),
        ("b2_delete_file_version", json!({ "fileId": "f1", "fileName": "big" })),
        (
            "b2_update_file_retention",
            json!({ "fileRetention": {"mode": "none", "retainUntilTimestamp": null} }),
        ),
        ("b2_update_file_legal_hold", json!({ "legalHold": "on" })),
        ("b2_get_bucket_notification_rules", json!({ "bucketId": "b1", "eventNotificationRules": [] })),
        ("b2_set_bucket_notification_rules", json!({ "bucketId": "b1", "eventNotificationRules": [] })),
        ("b2_get_download_authorization", json!({ "authorizationToken": "down1" })),
        ("b2_start_large_file", file("f1", "big")),
        ("b2_finish_large_file", file("f1", "big")),
        ("b2_cancel_large_file", json!({ "fileId": "f1" })),
        ("b2_copy_file", file("f2", "big")),
    ];
    for (operation, answer) in answers {
        on(&server, operation, ok(&answer)).await;
    }
    let keys = json!({ "keys": [], "nextApplicationKeyId": null });
    Mock::given(path_regex("/b2_list_keys$")).respond_with(ok(&keys)).mount(&server).await;
    let content = ResponseTemplate::new(200).set_body_bytes(b"abc").insert_header("x-bz-file-id", "f1");
    Mock::given(path_regex("/b2_download_file_by_id$|/file/bucket-one/big$"))
        .respond_with(content)
        .mount(&server)
        .await;
    transfers(&server).await;
    server
}

/// Answers uploads and copies of parts.
async fn transfers(server: &MockServer) {
    for (operation, upload) in
        [("b2_get_upload_url", "b2_upload_file"), ("b2_get_upload_part_url", "b2_upload_part")]
    {
        let url = format!("{}/up/{upload}", server.uri());
        on(server, operation, ok(&json!({ "uploadUrl": url, "authorizationToken": "up1" }))).await;
    }
    Mock::given(path_regex("^/up/b2_upload_file$")).respond_with(ok(&file("f1", "big"))).mount(server).await;
    let uploaded = |request: &Request| {
        let number = request.headers["x-bz-part-number"].to_str().unwrap().parse().unwrap();
        ok(&part(number, request.body.len()))
    };
    Mock::given(path_regex("^/up/b2_upload_part$")).respond_with(uploaded).mount(server).await;
    let copied = |request: &Request| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        ok(&part(asked["partNumber"].as_u64().unwrap(), 3))
    };
    on(server, "b2_copy_part", copied).await;
}

/// Answers an operation in another way than the server did before, at most `times` times.
pub(crate) async fn instead(server: &MockServer, operation: &str, times: u64, answer: ResponseTemplate) {
    if operation == "b2_copy_part" {
        let too_large = refusal(400, "source_too_large", "Copy source too big");
        on_top(server, "/b2_copy_file$", u64::MAX, too_large).await;
    }
    let place = if operation == "b2_download_file_by_name" { "file/bucket-one/big" } else { operation };
    on_top(server, &format!("/{place}$"), times, answer).await;
}

async fn on_top(server: &MockServer, path: &str, times: u64, answer: ResponseTemplate) {
    Mock::given(path_regex(path))
        .respond_with(answer)
        .up_to_n_times(times)
        .with_priority(1)
        .mount(server)
        .await;
}
