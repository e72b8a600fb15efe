//! Downloads on the wire: paths, ranges, checksums, response headers.

use b2_client::buckets::Encryption;
use b2_client::files::{ContentSha1, Download, FileRetention, LegalHold};
use b2_client::{BucketName, ErrorKind, FileId, FileName, Readable, UnixMillis};
use serde_json::json;
use wiremock::matchers::{header, method, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::scripted::{authorized, client, refusal, requests, server};

const ABC: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";

fn by_id() -> Download {
    Download::by_id(FileId::new("4_z1"))
}

fn by_name(name: &str) -> Download {
    Download::by_name(BucketName::new("bucket-one").unwrap(), FileName::new(name).unwrap())
}

async fn serving(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(query_param("fileId", "4_z1")).respond_with(answer).mount(server).await;
}

fn abc() -> ResponseTemplate {
    ResponseTemplate::new(200)
        .set_body_bytes(b"abc")
        .insert_header("x-bz-content-sha1", ABC)
        .insert_header("x-bz-file-id", "4_z1")
        .insert_header("x-bz-file-name", "a+b%2Bc/%C3%BC")
        .insert_header("x-bz-upload-timestamp", "1800000000000")
        .insert_header("x-bz-info-src_last_modified_millis", "17")
        .insert_header("x-bz-info-note", "%C3%BC%20x")
        .insert_header("x-bz-server-side-encryption", "AES256")
        .insert_header("x-bz-file-retention-mode", "compliance")
        .insert_header("x-bz-file-retention-retain-until-timestamp", "1801209600000")
        .insert_header("x-bz-client-unauthorized-to-read", "X-Bz-File-Legal-Hold")
}

/// A download ends where its announced length does: one that announces none, or goes on behind it, is not what the service sends.
#[tokio::test]
async fn x7_a_download_without_end_is_not_followed() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4096]).await;
            let head = "HTTP/1.1 200 OK\r\nx-bz-file-id: 4_z1\r\ntransfer-encoding: chunked\r\n\r\n";
            let _ = socket.write_all(head.as_bytes()).await;
            while socket.write_all(b"10\r\n                \r\n").await.is_ok() {}
        }
    });
    let server = MockServer::start().await;
    let allowed = json!({"buckets": null, "capabilities": ["readFiles"], "namePrefix": null});
    let mut login = authorized(&server.uri(), &allowed);
    login["apiInfo"]["storageApi"]["apiUrl"] = json!(url);
    login["apiInfo"]["storageApi"]["downloadUrl"] = json!(url);
    let answer = ResponseTemplate::new(200).set_body_json(login);
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    let content = client(&server).files().download(&by_id()).await.unwrap();
    let error = content.bytes().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotUnderstood);
    assert!(error.to_string().contains("more content came than was announced"), "{error}");
}

#[tokio::test]
async fn a_whole_file_comes_with_its_head_and_is_verified() {
    let server = server().await;
    serving(&server, abc()).await;
    let content = client(&server).files().download(&by_id()).await.unwrap();
    let head = content.head().clone();
    assert_eq!((head.id.unwrap().as_str(), head.name.unwrap().as_str()), ("4_z1", "a b+c/ü"));
    assert_eq!((head.content_length, head.uploaded), (3, Some(UnixMillis::new(1_800_000_000_000))));
    assert_eq!((head.info["note"].as_str(), head.info["src_last_modified_millis"].as_str()), ("ü x", "17"));
    assert_eq!(head.encryption, Encryption::SseB2);
    let locked = FileRetention::compliance(UnixMillis::new(1_801_209_600_000));
    assert_eq!(head.retention, Readable::Known(locked));
    assert_eq!(head.legal_hold, Readable::<LegalHold>::NotAuthorized);
    assert!(content.is_verified());
    assert_eq!(&content.bytes().await.unwrap()[..], b"abc");
    let request = &requests(&server, "b2_download_file_by_id").await[0];
    assert_eq!(
        (request.url.path(), request.url.query()),
        ("/b2api/v4/b2_download_file_by_id", Some("fileId=4_z1"))
    );
    assert_eq!(request.headers["authorization"], "token1");
    assert!(!request.headers.contains_key("accept-encoding"), "what was stored is what comes");
}

#[tokio::test]
async fn a_file_that_does_not_fit_its_checksum_ends_in_an_error() {
    let server = server().await;
    serving(&server, abc().set_body_bytes(b"abX")).await;
    let error = client(&server).files().download(&by_id()).await.unwrap().bytes().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::ChecksumMismatch);
}

#[tokio::test]
async fn gotcha_11_a_large_file_is_verified_by_what_its_uploader_noted_else_not_at_all() {
    let server = MockServer::start().await;
    crate::scripted::log_in(&server, &serde_json::json!({"capabilities": []})).await;
    let plain =
        || ResponseTemplate::new(200).set_body_bytes(b"abc").insert_header("x-bz-content-sha1", "none");
    let noted = plain().insert_header("x-bz-info-large_file_sha1", ABC);
    Mock::given(query_param("fileId", "noted")).respond_with(noted).mount(&server).await;
    Mock::given(query_param("fileId", "plain")).respond_with(plain()).mount(&server).await;
    let client = client(&server);
    for (id, verified) in [("noted", true), ("plain", false)] {
        let content = client.files().download(&Download::by_id(FileId::new(id))).await.unwrap();
        assert_eq!((content.is_verified(), content.head().sha1), (verified, ContentSha1::None), "{id}");
        assert_eq!(&content.bytes().await.unwrap()[..], b"abc");
    }
}

#[tokio::test]
async fn gotcha_24_a_name_in_the_path_is_escaped() {
    let server = server().await;
    Mock::given(method("GET")).respond_with(abc()).mount(&server).await;
    client(&server).files().download(&by_name("a b+c/ü%?#&=.txt")).await.unwrap().bytes().await.unwrap();
    let all = server.received_requests().await.unwrap();
    let path = all.last().unwrap().url.path();
    assert_eq!(path, "/file/bucket-one/a%20b%2Bc/%C3%BC%25%3F%23%26=.txt");
}

#[tokio::test]
async fn a_name_that_no_url_can_carry_is_refused_before_the_wire() {
    let server = server().await;
    let error = client(&server).files().download(&by_name("a/../b")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
    assert!(requests(&server, "/b").await.is_empty());
}

#[tokio::test]
async fn a_range_is_asked_for_and_not_compared_with_the_checksum_of_the_whole() {
    let server = server().await;
    let part = ResponseTemplate::new(206)
        .set_body_bytes(b"bc")
        .insert_header("x-bz-content-sha1", ABC)
        .insert_header("content-range", "bytes 1-2/3");
    Mock::given(header("range", "bytes=1-2")).respond_with(part).mount(&server).await;
    let content = client(&server).files().download(&by_id().range(1..=2)).await.unwrap();
    assert_eq!(content.head().content_range.as_deref(), Some("bytes 1-2/3"));
    assert!(!content.is_verified());
    assert_eq!(&content.bytes().await.unwrap()[..], b"bc");
}

#[tokio::test]
async fn s416_an_empty_file_has_no_range() {
    let server = server().await;
    serving(&server, refusal(416, "range_not_satisfiable", "no")).await;
    let error = client(&server).files().download(&by_id().range(0..=0)).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::RangeNotSatisfiable);
}

#[tokio::test]
async fn refusals_of_downloads_have_their_kinds() {
    for (status, code, kind) in [
        (404, "not_found", ErrorKind::NotFound),
        (403, "download_cap_exceeded", ErrorKind::CapExceeded),
        (403, "access_denied", ErrorKind::AccessDenied),
        (401, "unauthorized", ErrorKind::Unauthorized { missing: vec![] }),
    ] {
        let server = server().await;
        serving(&server, refusal(status, code, "m")).await;
        assert_eq!(*client(&server).files().download(&by_id()).await.unwrap_err().kind(), kind, "{code}");
    }
}

#[tokio::test]
async fn head_asks_without_fetching() {
    let server = server().await;
    Mock::given(method("HEAD")).respond_with(abc()).mount(&server).await;
    let head = client(&server).files().head(&by_id()).await.unwrap();
    assert_eq!(head.whole_sha1().unwrap().to_hex(), ABC);
}
