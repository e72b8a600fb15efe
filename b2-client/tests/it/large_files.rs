//! Large files on the wire: resumed, finished, repaired; and the memory that a stream takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use b2_client::buckets::Encryption;
use b2_client::files::{Sha1, Source, UploadFile};
use b2_client::{CustomerKey, Error, ErrorKind};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use wiremock::matchers::{path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::scripted::{asked, client, file, ok, on, once, refusal};
use crate::uploads::{request, server, takes_parts, uploads};

fn content() -> Bytes {
    (0..25).collect()
}

/// An unfinished file that an upload of [`content`] could have started.
fn unfinished(id: &str) -> Value {
    let mut found = file(id, "a b/ü+.txt");
    found["action"] = json!("start");
    found["contentSha1"] = json!("none");
    found["fileInfo"] = json!({"large_file_sha1": Sha1::of(&content()).to_hex()});
    found
}

fn part(number: u32, content: &[u8]) -> Value {
    json!({"fileId": "x", "partNumber": number, "contentLength": content.len(), "contentSha1": Sha1::of(content).to_hex()})
}

/// The bucket holds these unfinished files with these parts.
async fn left(server: &MockServer, files: &[(Value, Vec<Value>)]) {
    let listed: Vec<_> = files.iter().map(|(file, _)| file.clone()).collect();
    on(server, "b2_list_unfinished_large_files", ok(&json!({"files": listed, "nextFileId": null}))).await;
    let parts: Vec<_> = files.iter().map(|(file, parts)| (file["fileId"].clone(), parts.clone())).collect();
    on(server, "b2_list_parts", move |request: &Request| {
        let asked: Value = serde_json::from_slice(&request.body).unwrap();
        let found = parts.iter().find(|(id, _)| *id == asked["fileId"]).unwrap();
        ok(&json!({"parts": found.1, "nextPartNumber": null}))
    })
    .await;
}

async fn resume(server: &MockServer, request: UploadFile) -> Result<(), Error> {
    client(server).files().upload(&request.resume(), Source::bytes(content())).await.map(|_| ())
}

/// The numbers of the parts that were sent.
async fn sent(server: &MockServer) -> Vec<String> {
    let sent = uploads(server, "part").await;
    let mut numbers: Vec<_> =
        sent.iter().map(|part| part.headers["x-bz-part-number"].to_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers
}

#[tokio::test]
async fn a_file_in_parts_of_another_size_is_not_gone_on_with_and_not_touched() {
    let fives: Vec<_> = (1..).zip(content().chunks(5)).map(|(number, five)| part(number, five)).collect();
    for parts in [fives.clone(), fives[..2].to_vec()] {
        let server = server().await;
        left(&server, &[(unfinished("old"), parts)]).await;
        takes_parts(&server).await;
        resume(&server, request()).await.unwrap();
        assert_eq!(sent(&server).await, ["1", "2", "3"]);
        assert_eq!(asked(&server, "b2_start_large_file").await.len(), 1);
        assert_eq!(asked(&server, "b2_finish_large_file").await[0]["fileId"], "big1");
        assert!(asked(&server, "b2_cancel_large_file").await.is_empty());
    }
}

#[tokio::test]
async fn of_several_files_the_one_whose_parts_are_all_good_and_most_is_gone_on_with() {
    let server = server().await;
    let good: Vec<_> = (1..).zip(content().chunks(10)).map(|(number, ten)| part(number, ten)).collect();
    let bad = vec![good[0].clone(), good[1].clone(), part(3, b"bad")];
    left(
        &server,
        &[
            (unfinished("empty"), vec![]),
            (unfinished("bad"), bad),
            (unfinished("best"), good[..2].to_vec()),
            (unfinished("less"), good[..1].to_vec()),
        ],
    )
    .await;
    takes_parts(&server).await;
    resume(&server, request()).await.unwrap();
    assert_eq!(sent(&server).await, ["3"]);
    assert_eq!(asked(&server, "b2_finish_large_file").await[0]["fileId"], "best");
}

#[tokio::test]
async fn a_file_under_a_customers_key_is_gone_on_with_under_a_customers_key_alone() {
    let (key, mut sealed) = (CustomerKey::new([7; 32]), unfinished("sealed"));
    sealed["serverSideEncryption"] = json!({"mode": "SSE-C", "algorithm": "AES256"});
    for (key, expected) in [(Some(&key), "sealed"), (None, "plain")] {
        let server = server().await;
        let one = vec![part(1, &content()[..10])];
        left(
            &server,
            &[
                (unfinished("plain"), one.clone()),
                (sealed.clone(), [&one[..], &[part(2, &content()[10..20])]].concat()),
            ],
        )
        .await;
        takes_parts(&server).await;
        let client = client(&server);
        let files = key.map_or(client.files(), |key| client.files().with_customer_key(key));
        files.upload(&request().resume(), Source::bytes(content())).await.unwrap();
        assert_eq!(asked(&server, "b2_finish_large_file").await[0]["fileId"], expected);
    }
    let (server, wanted) = (server().await, request().encryption(Encryption::SseB2));
    left(&server, &[(sealed, vec![])]).await;
    takes_parts(&server).await;
    resume(&server, wanted).await.unwrap();
    assert_eq!(asked(&server, "b2_start_large_file").await.len(), 1);
}

#[tokio::test]
async fn a_resumed_upload_that_fails_leaves_the_file_and_names_it() {
    let server = server().await;
    left(&server, &[(unfinished("old"), vec![part(1, &content()[..10])])]).await;
    Mock::given(path_regex("^/b2_upload_part/"))
        .respond_with(refusal(403, "storage_cap_exceeded", "full"))
        .mount(&server)
        .await;
    takes_parts(&server).await;
    let error = resume(&server, request()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CapExceeded);
    assert!(error.to_string().contains("unfinished large file old that was resumed is left"), "{error}");
    assert!(asked(&server, "b2_cancel_large_file").await.is_empty());
}

/// A part that the service lacks, or has with another checksum, is sent again, and the file is finished once more.
async fn is_mended(code: &str, has: &[Value]) {
    let server = server().await;
    once(&server, "b2_finish_large_file", refusal(400, code, "part 2")).await;
    left(&server, &[(unfinished("big1"), has.to_vec())]).await;
    takes_parts(&server).await;
    client(&server).files().upload(&request(), Source::bytes(content())).await.unwrap();
    assert_eq!(sent(&server).await, ["1", "2", "2", "3"]);
    let finished = asked(&server, "b2_finish_large_file").await;
    assert_eq!((finished.len(), &finished[0]), (2, &finished[1]));
    assert!(asked(&server, "b2_cancel_large_file").await.is_empty());
}

#[tokio::test]
async fn s400_missing_part_at_the_end_is_sent_again() {
    is_mended("missing_part", &[part(1, &content()[..10]), part(3, &content()[20..])]).await;
}

#[tokio::test]
async fn s400_part_sha1_mismatch_at_the_end_is_sent_again() {
    let has = [part(1, &content()[..10]), part(2, b"something else"), part(3, &content()[20..])];
    is_mended("part_sha1_mismatch", &has).await;
}

#[tokio::test]
async fn s400_missing_part_twice_is_final_and_cancelled() {
    let server = server().await;
    on(&server, "b2_finish_large_file", refusal(400, "missing_part", "part 2")).await;
    left(&server, &[(unfinished("big1"), vec![])]).await;
    takes_parts(&server).await;
    let error = client(&server).files().upload(&request(), Source::bytes(content())).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::ChecksumMismatch);
    assert_eq!(asked(&server, "b2_finish_large_file").await.len(), 2);
    assert_eq!(asked(&server, "b2_cancel_large_file").await.len(), 1);
}

#[tokio::test]
async fn a_lost_finish_under_a_key_that_may_not_list_is_settled_by_the_files_id_or_stays_what_it_was() {
    for (look, kind) in [
        (ok(&file("big1", "a b/ü+.txt")), None),
        (refusal(401, "unauthorized", "no"), Some(ErrorKind::LargeFileGone)),
    ] {
        let server = server().await;
        once(&server, "b2_finish_large_file", ResponseTemplate::new(503)).await;
        once(&server, "b2_finish_large_file", refusal(400, "bad_request", "No active upload for: big1"))
            .await;
        on(&server, "b2_list_file_versions", refusal(401, "unauthorized", "no")).await;
        on(&server, "b2_get_file_info", look).await;
        takes_parts(&server).await;
        let done = client(&server).files().upload(&request(), Source::bytes(content())).await;
        assert_eq!(done.err().map(|error| error.kind().clone()), kind);
        assert_eq!(asked(&server, "b2_get_file_info").await, [json!({"fileId": "big1"})]);
    }
}

#[tokio::test]
async fn the_checksum_of_the_whole_is_left_out_where_the_info_has_no_room_for_it() {
    let ten = (0..10).fold(request(), |request, n| request.info(format!("k{n}"), "v"));
    let long = request().info("k", "x".repeat(6_950));
    let locked = request().info("k", "x".repeat(2_000)).in_locked_bucket();
    for full in [ten, long, locked] {
        let server = server().await;
        takes_parts(&server).await;
        client(&server).files().upload(&full, Source::bytes(content())).await.unwrap();
        let started = asked(&server, "b2_start_large_file").await;
        assert!(started[0]["fileInfo"].get("large_file_sha1").is_none());
    }
}

#[tokio::test]
async fn a_stream_holds_as_many_parts_as_are_under_way_and_one_piece() {
    let server = server().await;
    let (yielded, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (seen, ahead) = (Arc::clone(&yielded), Arc::clone(&most));
    Mock::given(path("/b2api/v4/b2_start_large_file"))
        .respond_with(move |_: &Request| {
            ahead.store(seen.load(Ordering::SeqCst), Ordering::SeqCst);
            ok(&unfinished("big1"))
        })
        .with_priority(1)
        .mount(&server)
        .await;
    takes_parts(&server).await;
    let pieces = stream::iter(0..10).map(move |n| {
        yielded.fetch_add(1, Ordering::SeqCst);
        Ok(Bytes::from(vec![n; 5]))
    });
    let one = request().parallel(1.try_into().unwrap());
    client(&server).files().upload(&one, Source::stream(pieces)).await.unwrap();
    assert_eq!(most.load(Ordering::SeqCst), 3, "a part is two pieces");
}
