//! Uploads on the wire: in one request and in parts, with and without faults.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use b2_client::buckets::Encryption;
use b2_client::files::{FileRetention, LegalHold, Sha1, Source, UploadFile};
use b2_client::{BucketId, ErrorKind, FileName, UnixMillis};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use wiremock::matchers::{header_exists, path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::scripted::{self, asked, client, file, ok, on, once, refusal, requests};

pub(crate) fn request() -> UploadFile {
    UploadFile::new(BucketId::new("b1"), FileName::new("a b/ü+.txt").unwrap())
}

/// A server whose account has parts of ten bytes, and that issues a new upload URL each time.
pub(crate) async fn server() -> MockServer {
    let server = MockServer::start().await;
    let allowed = json!({"buckets": null, "capabilities": scripted::EVERYTHING, "namePrefix": null});
    let mut login = scripted::authorized(&server.uri(), &allowed);
    login["apiInfo"]["storageApi"]["recommendedPartSize"] = json!(10);
    login["apiInfo"]["storageApi"]["absoluteMinimumPartSize"] = json!(5);
    on(&server, "b2_authorize_account", ok(&login)).await;
    for (operation, upload) in
        [("b2_get_upload_url", "b2_upload_file"), ("b2_get_upload_part_url", "b2_upload_part")]
    {
        let (uri, count) = (server.uri(), Arc::new(AtomicU32::new(0)));
        let hand_out = move |_: &Request| {
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            let url = format!("{uri}/{upload}/{number}");
            ok(
                &json!({"bucketId": "b1", "fileId": "big1", "uploadUrl": url, "authorizationToken": format!("up{number}")}),
            )
        };
        on(&server, operation, hand_out).await;
    }
    server
}

/// Accepts every upload in one request.
pub(crate) async fn takes_files(server: &MockServer) {
    Mock::given(path_regex("^/b2_upload_file/"))
        .respond_with(ok(&file("f1", "a b/ü+.txt")))
        .mount(server)
        .await;
}

/// Accepts every part with a correct checksum, and has a large file.
pub(crate) async fn takes_parts(server: &MockServer) {
    let mut started = file("big1", "a b/ü+.txt");
    started["action"] = json!("start");
    on(server, "b2_start_large_file", ok(&started)).await;
    on(server, "b2_finish_large_file", ok(&file("big1", "a b/ü+.txt"))).await;
    on(
        server,
        "b2_cancel_large_file",
        ok(&json!({"fileId": "big1", "accountId": "acc1", "bucketId": "b1", "fileName": "x"})),
    )
    .await;
    Mock::given(path_regex("^/b2_upload_part/")).respond_with(part).mount(server).await;
}

fn part(request: &Request) -> ResponseTemplate {
    let text = |name: &str| request.headers[name].to_str().unwrap().to_owned();
    let sum = Sha1::of(&request.body).to_hex();
    if text("x-bz-content-sha1") != sum || text("content-length") != request.body.len().to_string() {
        return refusal(400, "bad_request", "Sha1 did not match data received");
    }
    ok(&json!({"fileId": "big1", "partNumber": text("x-bz-part-number").parse::<u32>().unwrap(),
        "contentLength": request.body.len(), "contentSha1": sum, "contentMd5": null, "uploadTimestamp": 5}))
}

pub(crate) async fn uploads(server: &MockServer, kind: &str) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter().filter(|request| request.url.path().starts_with(&format!("/b2_upload_{kind}/"))).collect()
}

fn on_disk(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

#[tokio::test]
async fn bytes_go_in_one_piece_with_every_property_as_a_header() {
    let server = server().await;
    takes_files(&server).await;
    let request = request()
        .content_type("text/plain")
        .info("Note", "ü +")
        .info("b2-cache-control", "max-age=5")
        .source_modified(UnixMillis::new(17))
        .encryption(Encryption::SseB2)
        .retention(FileRetention::compliance(UnixMillis::new(99)))
        .legal_hold(LegalHold::On)
        .custom_upload_timestamp(UnixMillis::new(5));
    client(&server).files().upload(&request, Source::bytes("abc")).await.unwrap();
    let sent = &uploads(&server, "file").await[0];
    assert_eq!(sent.body, b"abc");
    for (name, value) in [
        ("authorization", "up1"),
        ("x-bz-file-name", "a%20b/%C3%BC%2B.txt"),
        ("content-type", "text/plain"),
        ("content-length", "3"),
        ("x-bz-content-sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("x-bz-info-note", "%C3%BC%20%2B"),
        ("x-bz-info-b2-cache-control", "max-age=5"),
        ("x-bz-info-src_last_modified_millis", "17"),
        ("x-bz-server-side-encryption", "AES256"),
        ("x-bz-file-retention-mode", "compliance"),
        ("x-bz-file-retention-retain-until-timestamp", "99"),
        ("x-bz-file-legal-hold", "on"),
        ("x-bz-custom-upload-timestamp", "5"),
    ] {
        assert_eq!(sent.headers[name], value, "{name}");
    }
    assert_eq!(asked(&server, "b2_get_upload_url").await, [json!({"bucketId": "b1"})]);
}

#[tokio::test]
async fn a_file_on_disk_is_read_once_and_its_checksum_follows_it() {
    let server = server().await;
    takes_files(&server).await;
    let source = on_disk(b"abc");
    client(&server).files().upload(&request(), Source::path(source.path())).await.unwrap();
    let sent = &uploads(&server, "file").await[0];
    assert_eq!(sent.body, b"abca9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(
        (&sent.headers["x-bz-content-sha1"], &sent.headers["content-length"]),
        (&"hex_digits_at_end".parse().unwrap(), &"43".parse().unwrap())
    );
    assert_eq!(sent.headers["content-type"], "b2/x-auto");
}

#[tokio::test]
async fn an_empty_source_is_an_empty_file() {
    let server = server().await;
    takes_files(&server).await;
    let client = client(&server);
    let empty = on_disk(b"");
    for source in [Source::bytes(""), Source::path(empty.path()), Source::stream(stream::empty())] {
        client.files().upload(&request(), source).await.unwrap();
    }
    let bodies: Vec<_> = uploads(&server, "file").await.into_iter().map(|sent| sent.body).collect();
    assert_eq!(bodies, [&b""[..], b"da39a3ee5e6b4b0d3255bfef95601890afd80709", b""]);
}

#[tokio::test]
async fn more_than_one_part_goes_in_parts_with_the_checksum_of_the_whole() {
    let content = Bytes::from_static(b"0123456789abcdefghijKLMNO");
    let disk = on_disk(&content);
    for source in [Source::bytes(content.clone()), Source::path(disk.path())] {
        let server = server().await;
        takes_parts(&server).await;
        client(&server).files().upload(&request().encryption(Encryption::SseB2), source).await.unwrap();
        assert_eq!(
            asked(&server, "b2_start_large_file").await,
            [json!({
                "bucketId": "b1", "fileName": "a b/ü+.txt", "contentType": "b2/x-auto",
                "fileInfo": {"large_file_sha1": Sha1::of(&content).to_hex()},
                "serverSideEncryption": {"mode": "SSE-B2", "algorithm": "AES256"},
            })]
        );
        let mut parts: Vec<_> = uploads(&server, "part").await;
        parts.sort_by_key(|part| part.headers["x-bz-part-number"].to_str().unwrap().to_owned());
        let bodies: Vec<&[u8]> = parts.iter().map(|part| &part.body[..]).collect();
        assert_eq!(bodies, [&b"0123456789"[..], b"abcdefghij", b"KLMNO"]);
        assert!(
            parts.iter().all(|part| !part.headers.contains_key("x-bz-server-side-encryption")),
            "gotcha 21"
        );
        let sums: Vec<_> = bodies.iter().map(|body| Sha1::of(body).to_hex()).collect();
        let finish = json!({"fileId": "big1", "partSha1Array": sums});
        assert_eq!(asked(&server, "b2_finish_large_file").await, [finish]);
    }
}

#[tokio::test]
async fn gotcha_21_a_part_carries_no_encryption_header() {
    let server = server().await;
    takes_parts(&server).await;
    Mock::given(path_regex("^/b2_upload_part/"))
        .and(header_exists("x-bz-server-side-encryption"))
        .respond_with(refusal(400, "bad_request", "no"))
        .with_priority(1)
        .mount(&server)
        .await;
    let request = request().encryption(Encryption::SseB2);
    client(&server).files().upload(&request, Source::bytes(vec![7; 25])).await.unwrap();
}

#[tokio::test]
async fn gotcha_12_exactly_one_part_goes_in_one_piece_and_exactly_two_in_two() {
    let server = server().await;
    takes_files(&server).await;
    takes_parts(&server).await;
    let client = client(&server);
    for length in [10, 20] {
        let pieces = vec![Ok(Bytes::from(vec![7; length]))];
        client.files().upload(&request(), Source::bytes(vec![7; length])).await.unwrap();
        client.files().upload(&request(), Source::stream(stream::iter(pieces))).await.unwrap();
    }
    assert_eq!((uploads(&server, "file").await.len(), uploads(&server, "part").await.len()), (2, 4));
}

#[tokio::test]
async fn a_stream_of_unknown_length_goes_in_parts_without_a_checksum_of_the_whole() {
    let server = server().await;
    takes_parts(&server).await;
    let pieces: Vec<_> = (0..9).map(|n| Ok(Bytes::from(vec![n; 3]))).collect();
    let source = Source::stream(stream::iter(pieces));
    client(&server).files().upload(&request().parallel(NonZeroUsize::new(2).unwrap()), source).await.unwrap();
    assert!(asked(&server, "b2_start_large_file").await[0].get("fileInfo").is_none());
    let mut lengths: Vec<_> = uploads(&server, "part").await.iter().map(|part| part.body.len()).collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [7, 10, 10]);
}

/// After this failure of the first attempt, an upload uses another URL, and the next upload uses that URL again.
async fn costs_its_url(status: u16, code: &str, message: &str) {
    let server = server().await;
    let failure = refusal(status, code, message);
    Mock::given(path("/b2_upload_file/1")).respond_with(failure).mount(&server).await;
    takes_files(&server).await;
    let client = client(&server);
    client.files().upload(&request(), Source::bytes("abc")).await.unwrap();
    client.files().upload(&request(), Source::bytes("abc")).await.unwrap();
    let sent = uploads(&server, "file").await;
    let urls: Vec<_> = sent.iter().map(|sent| sent.url.path().to_owned()).collect();
    assert_eq!(urls, ["/b2_upload_file/1", "/b2_upload_file/2", "/b2_upload_file/2"]);
    let logins = requests(&server, "b2_authorize_account").await.len();
    assert_eq!(logins, 1, "an upload's 401 is no expired session");
}

macro_rules! gotcha_06 {
    ($($name:ident: $status:literal $code:literal $message:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            costs_its_url($status, $code, $message).await;
        }
    )*};
}

gotcha_06! {
    gotcha_06_s503_service_unavailable_costs_the_url: 503 "service_unavailable" "busy";
    gotcha_06_s500_internal_error_costs_the_url: 500 "internal_error" "oh";
    gotcha_06_s408_request_timeout_costs_the_url: 408 "request_timeout" "slow";
    gotcha_06_s401_expired_auth_token_costs_the_url: 401 "expired_auth_token" "old";
    gotcha_06_s401_bad_auth_token_costs_the_url: 401 "bad_auth_token" "bad";
    gotcha_06_s400_auth_token_limit_costs_the_url: 400 "auth_token_limit" "two at once";
    gotcha_06_s400_bad_request_two_at_once_costs_the_url: 400 "bad_request" "more than one upload using auth token";
    gotcha_06_s400_sha1_did_not_match_costs_the_url: 400 "bad_request" "Sha1 did not match data received";
}

#[tokio::test]
async fn s429_leaves_the_upload_url_good() {
    let server = server().await;
    let busy = refusal(429, "too_many_requests", "wait").insert_header("retry-after", "0");
    Mock::given(path("/b2_upload_file/1")).respond_with(busy).up_to_n_times(1).mount(&server).await;
    takes_files(&server).await;
    client(&server).files().upload(&request(), Source::bytes("abc")).await.unwrap();
    assert_eq!(requests(&server, "b2_get_upload_url").await.len(), 1);
    assert_eq!(requests(&server, "b2_upload_file/1").await.len(), 2);
}

#[tokio::test]
async fn refusals_of_uploads_are_final() {
    for (status, code, kind) in [
        (403, "storage_cap_exceeded", ErrorKind::CapExceeded),
        (403, "access_denied", ErrorKind::AccessDenied),
        (400, "bad_request", ErrorKind::InvalidRequest),
    ] {
        let server = server().await;
        Mock::given(path_regex("^/b2_upload_file/"))
            .respond_with(refusal(status, code, "m"))
            .mount(&server)
            .await;
        let error = client(&server).files().upload(&request(), Source::bytes("abc")).await.unwrap_err();
        assert_eq!((error.kind(), uploads(&server, "file").await.len()), (&kind, 1), "{code}");
    }
}

#[tokio::test]
async fn gotcha_05_one_url_serves_one_upload_at_a_time() {
    let server = server().await;
    takes_files(&server).await;
    let client = client(&server);
    client.account().await.unwrap();
    let request = request();
    let upload = || async { client.files().upload(&request, Source::bytes("abc")).await.unwrap() };
    // Each of them asks for its URL when it is polled first, before any of them has one to give back.
    tokio::join!(upload(), upload(), upload());
    assert_eq!(requests(&server, "b2_get_upload_url").await.len(), 3);
    tokio::join!(upload(), upload(), upload());
    assert_eq!(requests(&server, "b2_get_upload_url").await.len(), 3, "idle URLs are used again");
}

#[tokio::test]
async fn gotcha_05_a_dropped_upload_does_not_give_its_url_back() {
    let server = server().await;
    let unanswered = ok(&file("f1", "x")).set_delay(std::time::Duration::from_hours(1));
    Mock::given(path("/b2_upload_file/1")).respond_with(unanswered).mount(&server).await;
    takes_files(&server).await;
    let client = client(&server);
    let request = request();
    let files = client.files();
    let arrived = async {
        while requests(&server, "b2_upload_file/1").await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        uploaded = files.upload(&request, Source::bytes("abc")) => panic!("nothing answered {uploaded:?}"),
        () = arrived => {}
    }
    files.upload(&request, Source::bytes("abc")).await.unwrap();
    assert_eq!(requests(&server, "b2_upload_file/2").await.len(), 1);
}

#[tokio::test]
async fn an_upload_url_outside_the_realm_gets_no_token() {
    let server = scripted::server().await;
    let stranger =
        json!({"bucketId": "b1", "uploadUrl": "https://evil.example/x", "authorizationToken": "up1"});
    on(&server, "b2_get_upload_url", ok(&stranger)).await;
    let error = client(&server).files().upload(&request(), Source::bytes("abc")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotUnderstood);
}

#[tokio::test]
async fn a_large_upload_that_fails_is_cancelled() {
    let server = server().await;
    Mock::given(path_regex("^/b2_upload_part/"))
        .respond_with(refusal(403, "storage_cap_exceeded", "full"))
        .mount(&server)
        .await;
    takes_parts(&server).await;
    let error = client(&server).files().upload(&request(), Source::bytes(vec![7; 25])).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CapExceeded);
    assert_eq!(asked(&server, "b2_cancel_large_file").await, [json!({"fileId": "big1"})]);
}

#[tokio::test]
async fn a_large_upload_that_cannot_be_cancelled_is_reported() {
    let server = server().await;
    on(&server, "b2_cancel_large_file", refusal(403, "transaction_cap_exceeded", "no")).await;
    Mock::given(path_regex("^/b2_upload_part/"))
        .respond_with(refusal(403, "storage_cap_exceeded", "full"))
        .mount(&server)
        .await;
    takes_parts(&server).await;
    let error = client(&server).files().upload(&request(), Source::bytes(vec![7; 25])).await.unwrap_err();
    assert!(error.to_string().contains("unfinished large file big1 is left behind"), "{error}");
}

#[tokio::test]
async fn s400_no_active_upload_after_a_lost_finish_is_settled_by_looking() {
    let server = server().await;
    once(&server, "b2_finish_large_file", ResponseTemplate::new(503)).await;
    once(&server, "b2_finish_large_file", refusal(400, "bad_request", "No active upload for: big1")).await;
    let versions = json!({"files": [file("big1", "a b/ü+.txt")], "nextFileName": null, "nextFileId": null});
    on(&server, "b2_list_file_versions", ok(&versions)).await;
    takes_parts(&server).await;
    let done = client(&server).files().upload(&request(), Source::bytes(vec![7; 25])).await.unwrap();
    assert_eq!(done.id.as_str(), "big1");
    assert!(asked(&server, "b2_cancel_large_file").await.is_empty());
}

#[tokio::test]
async fn resume_goes_on_with_the_parts_that_are_good() {
    let content: Bytes = (0..25).collect();
    let server = server().await;
    let mut unfinished = file("big1", "a b/ü+.txt");
    unfinished["action"] = json!("start");
    unfinished["contentSha1"] = json!("none");
    unfinished["fileInfo"] = json!({"large_file_sha1": Sha1::of(&content).to_hex()});
    let mut other = unfinished.clone();
    other["fileId"] = json!("other");
    other["fileInfo"] = json!({});
    on(
        &server,
        "b2_list_unfinished_large_files",
        ok(&json!({"files": [other, unfinished], "nextFileId": null})),
    )
    .await;
    let have = |number: u32, length: usize, sum: Sha1| json!({"fileId": "big1", "partNumber": number, "contentLength": length, "contentSha1": sum.to_hex()});
    let good = have(1, 10, Sha1::of(&content[..10]));
    let bad = have(2, 10, Sha1::of(b"something else"));
    on(&server, "b2_list_parts", ok(&json!({"parts": [good, bad], "nextPartNumber": null}))).await;
    takes_parts(&server).await;
    client(&server).files().upload(&request().resume(), Source::bytes(content.clone())).await.unwrap();
    let mut numbers: Vec<Value> = uploads(&server, "part")
        .await
        .iter()
        .map(|sent| json!(sent.headers["x-bz-part-number"].to_str().unwrap()))
        .collect();
    numbers.sort_by_key(ToString::to_string);
    assert_eq!(numbers, [json!("2"), json!("3")]);
    assert!(asked(&server, "b2_start_large_file").await.is_empty());
    assert_eq!(
        asked(&server, "b2_list_unfinished_large_files").await,
        [json!({"bucketId": "b1", "namePrefix": "a b/ü+.txt", "maxFileCount": 100})]
    );
    assert_eq!(asked(&server, "b2_list_parts").await, [json!({"fileId": "big1", "maxPartCount": 1000})]);
    assert_eq!(asked(&server, "b2_finish_large_file").await[0]["partSha1Array"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn gotcha_10_a_part_that_is_sent_again_is_whole_again() {
    let server = server().await;
    Mock::given(path("/b2_upload_part/1"))
        .respond_with(refusal(503, "service_unavailable", "busy"))
        .mount(&server)
        .await;
    takes_parts(&server).await;
    let disk = on_disk(&[7; 25]);
    client(&server).files().upload(&request(), Source::path(disk.path())).await.unwrap();
    let pieces = vec![Ok(Bytes::from(vec![9; 25]))];
    client(&server).files().upload(&request(), Source::stream(stream::iter(pieces))).await.unwrap();
}

#[tokio::test]
async fn a_source_that_fails_says_so_and_is_not_tried_again() {
    let server = server().await;
    takes_files(&server).await;
    takes_parts(&server).await;
    let files = client(&server);
    let missing = files.files().upload(&request(), Source::path("/nowhere/at/all")).await.unwrap_err();
    let pieces = vec![Ok(Bytes::from(vec![9; 25])), Err(std::io::Error::other("disk on fire"))];
    let broken = files.files().upload(&request(), Source::stream(stream::iter(pieces))).await.unwrap_err();
    assert_eq!((missing.kind(), broken.kind()), (&ErrorKind::SourceFailed, &ErrorKind::SourceFailed));
    assert!(std::error::Error::source(&broken).unwrap().to_string().contains("disk on fire"));
    assert_eq!(asked(&server, "b2_cancel_large_file").await.len(), 1);
}

#[tokio::test]
async fn a_source_that_shrinks_or_changes_while_it_is_sent_is_not_called_good() {
    let server = server().await;
    let disk = Arc::new(on_disk(b"abcdefg"));
    let shrinking = Arc::clone(&disk);
    Mock::given(path("/b2api/v4/b2_get_upload_url"))
        .respond_with(move |request: &Request| {
            shrinking.as_file().set_len(3).unwrap();
            let url = format!("http://{}/b2_upload_file/1", request.headers["host"].to_str().unwrap());
            ok(&json!({"bucketId": "b1", "uploadUrl": url, "authorizationToken": "up1"}))
        })
        .with_priority(1)
        .mount(&server)
        .await;
    takes_files(&server).await;
    let error = client(&server).files().upload(&request(), Source::path(disk.path())).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::SourceFailed);
}

#[tokio::test]
async fn what_the_service_would_refuse_is_refused_before_the_wire() {
    let server = server().await;
    let client = client(&server);
    let long = "x".repeat(2040);
    let many = (0..11).fold(request(), |request, n| request.info(format!("k{n}"), "v"));
    for bad in [
        request().info("two words", "v"),
        request().info("x".repeat(51), "v"),
        request().info("k", long).retention(FileRetention::compliance(UnixMillis::new(1))),
        request().info("k", "x".repeat(7000)),
        request().info("k", "x".repeat(2040)).in_locked_bucket(),
        request().info("b2-of-our-own", "v"),
        many,
    ] {
        let error = client.files().upload(&bad, Source::bytes("abc")).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
    }
    let small = client.files().upload(&request().part_size(4), Source::bytes("abc")).await.unwrap_err();
    assert_eq!(*small.kind(), ErrorKind::InvalidRequest);
    assert!(uploads(&server, "file").await.is_empty());
}
