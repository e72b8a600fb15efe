//! A server with scripted answers that records the requests.

use std::time::Duration;

use b2_client::{ApplicationKey, Client, Config, KeyId};
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

pub(crate) const KEY: &str = "K0000secret0000key";

/// A server that accepts the login of an unrestricted key with every capability.
pub(crate) async fn server() -> MockServer {
    let server = MockServer::start().await;
    log_in(&server, &json!({"buckets": null, "capabilities": EVERYTHING, "namePrefix": null})).await;
    server
}

pub(crate) const EVERYTHING: [&str; 19] = [
    "listKeys",
    "writeKeys",
    "deleteKeys",
    "listBuckets",
    "writeBuckets",
    "deleteBuckets",
    "listFiles",
    "readFiles",
    "writeFiles",
    "deleteFiles",
    "shareFiles",
    "writeFileRetentions",
    "writeFileLegalHolds",
    "bypassGovernance",
    "writeBucketEncryption",
    "writeBucketRetentions",
    "writeBucketReplications",
    "readBucketNotifications",
    "writeBucketNotifications",
];

pub(crate) async fn log_in(server: &MockServer, allowed: &Value) {
    Mock::given(path("/b2api/v4/b2_authorize_account"))
        .and(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_json(authorized(&server.uri(), allowed)))
        .with_priority(2)
        .mount(server)
        .await;
}

pub(crate) fn authorized(url: &str, allowed: &Value) -> Value {
    json!({
        "accountId": "acc1", "authorizationToken": "token1", "applicationKeyExpirationTimestamp": null,
        "apiInfo": {"storageApi": {
            "apiUrl": url, "downloadUrl": url, "s3ApiUrl": "https://s3.example", "infoType": "storageApi",
            "absoluteMinimumPartSize": 5_000_000, "recommendedPartSize": 100_000_000, "allowed": allowed,
        }, "groupsApi": {"capabilities": []}},
    })
}

/// A client of the server with a short backoff.
pub(crate) fn client(server: &MockServer) -> Client {
    Client::new(config(server)).unwrap()
}

pub(crate) fn config(server: &MockServer) -> Config {
    Config::new(KeyId::new("key1"), ApplicationKey::new(KEY))
        .realm(server.uri())
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .deadline(Duration::from_secs(20))
}

/// Answers an operation.
pub(crate) async fn on(server: &MockServer, operation: &str, answer: impl Respond + 'static) {
    Mock::given(path(format!("/b2api/v4/{operation}"))).respond_with(answer).mount(server).await;
}

/// Answers an operation once; the next request gets the next answer.
pub(crate) async fn once(server: &MockServer, operation: &str, answer: ResponseTemplate) {
    Mock::given(path(format!("/b2api/v4/{operation}")))
        .respond_with(answer)
        .up_to_n_times(1)
        .mount(server)
        .await;
}

pub(crate) fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// A refusal in the service's form.
pub(crate) fn refusal(status: u16, code: &str, message: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"status": status, "code": code, "message": message}))
}

/// The requests of one operation, as JSON, in order.
pub(crate) async fn asked(server: &MockServer, operation: &str) -> Vec<Value> {
    let all = requests(server, operation).await;
    all.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

/// The requests whose path ends in this, in order.
pub(crate) async fn requests(server: &MockServer, operation: &str) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.url.path().ends_with(operation)).collect()
}

/// A bucket as version 4 writes it.
pub(crate) fn bucket() -> Value {
    json!({
        "accountId": "acc1", "bucketId": "b1", "bucketName": "bucket-one", "bucketType": "allPrivate", "bucketInfo": {},
        "corsRules": [], "lifecycleRules": [], "options": ["s3"], "revision": 2,
        "defaultServerSideEncryption": {"isClientAuthorizedToRead": true, "value": {"mode": "SSE-B2", "algorithm": "AES256"}},
        "fileLockConfiguration": {"isClientAuthorizedToRead": true,
            "value": {"isFileLockEnabled": true, "defaultRetention": {"mode": null, "period": null}}},
        "replicationConfiguration": {"isClientAuthorizedToRead": false, "value": null},
        "grownLater": 1,
    })
}

/// A version of a file.
pub(crate) fn file(id: &str, name: &str) -> Value {
    json!({
        "accountId": "acc1", "bucketId": "b1", "fileId": id, "fileName": name, "action": "upload", "contentLength": 3,
        "contentType": "text/plain", "contentSha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
        "contentMd5": "900150983cd24fb0d6963f7d28e17f72", "fileInfo": {"src_last_modified_millis": "1700000000000"},
        "uploadTimestamp": 1_800_000_000_000_i64, "serverSideEncryption": {"mode": "SSE-B2", "algorithm": "AES256"},
        "fileRetention": {"isClientAuthorizedToRead": true,
            "value": {"mode": "compliance", "retainUntilTimestamp": 1_801_209_600_000_i64}},
        "legalHold": {"isClientAuthorizedToRead": false, "value": null}, "replicationStatus": null,
    })
}
