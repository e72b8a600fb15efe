//! A client reports each wait before it begins: what is waited for, which attempt, until when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use b2_client::buckets::{CreateBucket, Visibility};
use b2_client::files::{Download, ListFiles};
use b2_client::{BucketName, Client, Config, FileId};
use futures_util::TryStreamExt as _;
use http_core::Wait;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::{MockServer, ResponseTemplate};

use crate::calls::{by_both, call, instead, working};
use crate::scripted::{authorized, config, file, ok, on, once, refusal};

/// The waits that a client reported.
#[derive(Clone, Default)]
struct Observed(Arc<Mutex<Vec<Wait>>>);

impl Observed {
    fn client(&self, config: Config) -> Client {
        let observed = Arc::clone(&self.0);
        Client::new(config.on_wait(move |wait| observed.lock().unwrap().push(wait.clone()))).unwrap()
    }

    fn taken(&self) -> Vec<Wait> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// The only wait.
    fn one(&self) -> Wait {
        let mut all = self.taken();
        assert_eq!(all.len(), 1, "{all:?}");
        all.swap_remove(0)
    }
}

/// Checks what every wait must say.
fn says(wait: &Wait, operation: &str, attempts: u32, subject: &str, why: &str) {
    assert_eq!((wait.service, wait.operation, wait.attempt), ("b2", operation, 2), "{wait}");
    assert_eq!(wait.attempts, Some(attempts), "{wait}");
    assert!(wait.subject.as_ref().is_some_and(|named| named.contains(subject)), "{wait}");
    assert!(wait.why.contains(why), "{wait}");
    assert!(wait.pause <= Duration::from_millis(2), "{wait}");
    assert!(wait.given_up_in > wait.pause, "{wait}");
}

const IN_BUCKET: &str = r#"file "big" in bucket bucket-one (id b1)"#;
const STARTED: &str = r#"file "big" (id f1) in bucket bucket-one (id b1)"#;

/// Each loop of a transfer: one failure, one wait.
#[tokio::test]
async fn x7_each_loop_of_a_transfer_reports_its_waits() {
    for (operation, subject) in [
        ("b2_get_upload_url", IN_BUCKET),
        ("b2_upload_file", IN_BUCKET),
        ("b2_get_upload_part_url", STARTED),
        ("b2_upload_part", STARTED),
        ("b2_copy_part", STARTED),
        ("b2_finish_large_file", STARTED),
        ("b2_download_file_by_id", "file with id f1"),
        ("b2_download_file_by_name", IN_BUCKET),
    ] {
        for (status, code) in [(503, "service_unavailable"), (429, "too_many_requests")] {
            let server = working().await;
            instead(&server, operation, 1, refusal(status, code, "wait a little")).await;
            let observed = Observed::default();
            call(&observed.client(config(&server)), operation, &by_both()).await.unwrap();
            says(&observed.one(), operation, 6, subject, code);
        }
    }
}

/// What http-core cannot know is the reason for a new upload URL: a token that is not accepted, and damage on the way.
#[tokio::test]
async fn x7_an_upload_reports_each_attempt_whatever_the_reason() {
    let server = working().await;
    let answers = [
        (401, "expired_auth_token", "expired_auth_token"),
        (400, "bad_request", "Sha1 did not match data received"),
        (503, "service_unavailable", "busy"),
        (429, "too_many_requests", "slow down"),
        (408, "request_timeout", "too slow"),
    ];
    for (status, code, message) in answers {
        instead(&server, "b2_upload_file", 1, refusal(status, code, message)).await;
    }
    let observed = Observed::default();
    call(&observed.client(config(&server)), "b2_upload_file", &by_both()).await.unwrap();
    let all = observed.taken();
    let said: Vec<_> = all.iter().map(|wait| (wait.attempt, wait.why.clone())).collect();
    assert_eq!(said.len(), answers.len(), "{said:?}");
    for ((attempt, why), (number, (status, _, message))) in said.iter().zip((2..).zip(answers)) {
        assert_eq!(*attempt, number);
        assert!(why.contains(&status.to_string()) && why.contains(message), "{why}");
    }
    // Another URL replaces the first wait.
    assert_eq!(all[0].pause, Duration::ZERO);
}

/// The last attempt is followed by no wait, and what cannot succeed by none at all.
#[tokio::test]
async fn x7_nothing_is_reported_when_nothing_is_waited_for() {
    let server = working().await;
    instead(&server, "b2_upload_file", u64::MAX, refusal(503, "service_unavailable", "busy")).await;
    let observed = Observed::default();
    let error =
        call(&observed.client(config(&server).attempts(3)), "b2_upload_file", &by_both()).await.unwrap_err();
    let attempts: Vec<_> = observed.taken().iter().map(|wait| wait.attempt).collect();
    assert_eq!((attempts, error.attempts()), (vec![2, 3], 3));
    let server = working().await;
    instead(&server, "b2_upload_file", u64::MAX, refusal(403, "storage_cap_exceeded", "full")).await;
    call(&observed.client(config(&server)), "b2_upload_file", &by_both()).await.unwrap_err();
    call(&observed.client(config(&working().await)), "b2_upload_file", &by_both()).await.unwrap();
    assert!(observed.taken().is_empty());
}

#[tokio::test]
async fn x7_every_page_of_a_listing_reports_its_waits() {
    let server = working().await;
    let page = json!({"files": [file("f1", "a")], "nextFileName": "b", "nextFileId": "f2"});
    instead(&server, "b2_list_file_versions", 1, ok(&page)).await;
    instead(&server, "b2_list_file_versions", 1, refusal(503, "service_unavailable", "busy")).await;
    let observed = Observed::default();
    let client = observed.client(config(&server));
    let listed: Vec<_> =
        client.files().list_versions(&ListFiles::new(by_both())).try_collect().await.unwrap();
    assert_eq!(listed.len(), 1);
    says(&observed.one(), "b2_list_file_versions", 6, "bucket bucket-one (id b1)", "service_unavailable");
    for (operation, subject) in [
        ("b2_list_file_names", "bucket bucket-one (id b1)"),
        ("b2_list_unfinished_large_files", "bucket bucket-one (id b1)"),
        ("b2_list_parts", "file with id f1"),
        ("b2_list_keys", "account acc1"),
        ("b2_list_buckets", "bucket bucket-one (id b1)"),
    ] {
        instead(&server, operation, 1, refusal(503, "service_unavailable", "busy")).await;
        call(&client, operation, &by_both()).await.unwrap();
        says(&observed.one(), operation, 6, subject, "service_unavailable");
    }
}

/// A renewal itself waits for nothing. If logging in has to be repeated, that is reported.
#[tokio::test]
async fn x7_the_renewal_of_a_token_reports_its_waits() {
    let server = working().await;
    let observed = Observed::default();
    let client = observed.client(config(&server));
    client.account().await.unwrap();
    let expired = || refusal(401, "expired_auth_token", "expired");
    instead(&server, "b2_hide_file", 1, expired()).await;
    call(&client, "b2_hide_file", &by_both()).await.unwrap();
    assert!(observed.taken().is_empty());
    let busy = MockServer::start().await;
    let allowed = json!({"buckets": null, "capabilities": [], "namePrefix": null});
    once(&busy, "b2_authorize_account", ok(&authorized(&busy.uri(), &allowed))).await;
    once(&busy, "b2_authorize_account", refusal(503, "service_unavailable", "busy")).await;
    log_in_last(&busy).await;
    once(&busy, "b2_hide_file", expired()).await;
    on(&busy, "b2_hide_file", ok(&file("f2", "big"))).await;
    call(&observed.client(config(&busy)), "b2_hide_file", &by_both()).await.unwrap();
    says(&observed.one(), "b2_authorize_account", 6, "key key1", "service_unavailable");
}

async fn log_in_last(server: &MockServer) {
    let allowed = json!({"buckets": null, "capabilities": [], "namePrefix": null});
    on(server, "b2_authorize_account", ok(&authorized(&server.uri(), &allowed))).await;
}

#[tokio::test]
async fn x7_a_bucket_that_is_not_visible_yet_is_waited_for_aloud() {
    let server = working().await;
    instead(&server, "b2_create_bucket", 1, ResponseTemplate::new(503)).await;
    instead(&server, "b2_create_bucket", 1, refusal(400, "duplicate_bucket_name", "in use")).await;
    instead(&server, "b2_list_buckets", 1, ok(&json!({"buckets": []}))).await;
    let observed = Observed::default();
    let client = observed.client(config(&server));
    let request = CreateBucket::new(BucketName::new("bucket-one").unwrap(), Visibility::Private);
    client.buckets().create(&request.object_lock()).await.unwrap();
    let all = observed.taken();
    assert_eq!(all.len(), 2, "{all:?}");
    says(&all[0], "b2_create_bucket", 6, "bucket bucket-one", "503");
    says(&all[1], "b2_list_buckets", 4, "bucket bucket-one", "not visible yet");
    // Looking four times waits three times.
    let empty = working().await;
    instead(&empty, "b2_list_buckets", u64::MAX, ok(&json!({"buckets": []}))).await;
    let error = observed.client(config(&empty)).buckets().modify(by_both(), |_| None).await.unwrap_err();
    assert!(error.is_not_found() && error.to_string().contains(&by_both().to_string()), "{error}");
    let attempts: Vec<_> = observed.taken().iter().map(|wait| (wait.attempt, wait.attempts)).collect();
    assert_eq!(attempts, [(2, Some(4)), (3, Some(4)), (4, Some(4))]);
}

/// Sends one byte of three on each connection, then closes it.
async fn breaks_off() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let length = socket.read(&mut asked).await.unwrap_or_default();
            let asked = String::from_utf8_lossy(&asked[..length]).to_lowercase();
            let from: usize = asked
                .split_once("range: bytes=")
                .and_then(|(_, range)| range.split_once('-'))
                .map_or(0, |(from, _)| from.parse().unwrap());
            let head = format!(
                "HTTP/1.1 200 OK\r\nx-bz-file-id: f1\r\nx-bz-file-name: big\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                3 - from
            );
            let answer = [head.as_bytes(), &b"abc"[from..=from]].concat();
            let _ = socket.write_all(&answer).await;
        }
    });
    url
}

#[tokio::test]
async fn x7_a_download_that_is_resumed_reports_each_wait() {
    let url = breaks_off().await;
    let server = MockServer::start().await;
    let mut login =
        authorized(&server.uri(), &json!({"buckets": null, "capabilities": [], "namePrefix": null}));
    login["apiInfo"]["storageApi"]["downloadUrl"] = json!(url);
    on(&server, "b2_authorize_account", ok(&login)).await;
    let observed = Observed::default();
    let client = observed.client(config(&server));
    let content = client.files().download(&Download::by_id(FileId::new("f1"))).await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), "abc");
    let all = observed.taken();
    assert_eq!(all.len(), 2, "one for each byte that did not come: {all:?}");
    for wait in &all {
        says(wait, "b2_download_file_by_id", 6, r#"file "big" (id f1)"#, "connection broke");
    }
}
