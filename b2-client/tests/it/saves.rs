//! Downloads to a path, and downloads that break on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use b2_client::files::{Download, Sha1};
use b2_client::{BucketName, ErrorKind, FileId, FileName};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::scripted::{self, client, server};

const LENGTH: usize = 20 * 1024 * 1024;

pub(crate) fn content() -> Vec<u8> {
    (0..LENGTH).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect()
}

fn by_name() -> Download {
    Download::by_name(BucketName::new("bucket-one").unwrap(), FileName::new("big").unwrap())
}

/// Serves `content`, whole or in ranges, with a checksum.
pub(crate) async fn serving(content: Vec<u8>, sum: Sha1) -> MockServer {
    let server = server().await;
    let length = content.len();
    let head = move |answer: ResponseTemplate| {
        answer.insert_header("x-bz-file-id", "4_z1").insert_header("x-bz-content-sha1", sum.to_hex())
    };
    let get = move |request: &Request| {
        let Some(range) = request.headers.get("range") else {
            return head(ResponseTemplate::new(200).set_body_bytes(content.clone()));
        };
        let (start, end) = range.to_str().unwrap().strip_prefix("bytes=").unwrap().split_once('-').unwrap();
        let range = start.parse().unwrap()..=end.parse().unwrap();
        head(ResponseTemplate::new(206).set_body_bytes(&content[range]))
    };
    Mock::given(method("GET")).respond_with(get).mount(&server).await;
    let answer = head(ResponseTemplate::new(200)).insert_header("content-length", length.to_string());
    Mock::given(method("HEAD")).respond_with(answer).mount(&server).await;
    server
}

#[tokio::test]
async fn a_file_is_saved_whole_or_in_ranges_of_one_version() {
    let content = content();
    let server = serving(content.clone(), Sha1::of(&content)).await;
    let folder = tempfile::tempdir().unwrap();
    for (name, parallel) in [("one", 1), ("three", 3)] {
        let path = folder.path().join(name);
        std::fs::write(&path, b"what was there").unwrap();
        let download = by_name().parallel(parallel.try_into().unwrap());
        let saved = client(&server).files().save(&download, &path).await.unwrap();
        assert!(saved.verified);
        assert!(std::fs::read(&path).unwrap() == content, "{name}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside them");
    let ranges = scripted::requests(&server, "b2_download_file_by_id").await;
    assert!(ranges.iter().all(|request| request.url.query() == Some("fileId=4_z1")));
    assert_eq!(ranges.len(), 3);
}

#[tokio::test]
async fn a_file_with_a_wrong_checksum_does_not_replace_the_existing_file() {
    let server = serving(content(), Sha1::of(b"something else")).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    std::fs::write(&path, b"what was there").unwrap();
    for parallel in [1, 2] {
        let download = by_name().parallel(parallel.try_into().unwrap());
        let error = client(&server).files().save(&download, &path).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::ChecksumMismatch);
        assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
    }
}

#[tokio::test]
async fn a_destination_that_cannot_be_written_says_so() {
    let server = serving(b"abc".to_vec(), Sha1::of(b"abc")).await;
    let folder = tempfile::tempdir().unwrap();
    let error =
        client(&server).files().save(&by_name(), folder.path().join("no/such/place")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::DestinationFailed);
}

/// A server whose downloads break after `each` bytes, and that counts them.
async fn breaking(content: &'static [u8], each: usize) -> (MockServer, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8192];
            let read = socket.read(&mut request).await.unwrap();
            let text = String::from_utf8_lossy(&request[..read]).to_lowercase();
            let start: usize = text
                .split_once("range: bytes=")
                .map_or(0, |(_, rest)| rest.split('-').next().unwrap().parse().unwrap());
            counted.fetch_add(1, Ordering::Relaxed);
            let head = format!(
                "HTTP/1.1 200 OK\r\nx-bz-file-id: 4_z1\r\nx-bz-content-sha1: {}\r\ncontent-length: {}\r\n\r\n",
                Sha1::of(content),
                content.len() - start
            );
            socket.write_all(head.as_bytes()).await.unwrap();
            socket.write_all(&content[start..content.len().min(start + each)]).await.unwrap();
            socket.shutdown().await.ok();
        }
    });
    let server = MockServer::start().await;
    let mut login = scripted::authorized(&server.uri(), &json!({"buckets": null, "capabilities": []}));
    login["apiInfo"]["storageApi"]["downloadUrl"] = json!(url);
    scripted::on(&server, "b2_authorize_account", scripted::ok(&login)).await;
    (server, count)
}

#[tokio::test]
async fn a_download_that_breaks_goes_on_where_it_broke_and_is_verified_as_a_whole() {
    let (server, count) = breaking(b"0123456789abcdefghij", 3).await;
    let content = client(&server).files().download(&by_name()).await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), "0123456789abcdefghij");
    assert_eq!(count.load(Ordering::Relaxed), 7);
}

#[tokio::test]
async fn a_range_that_breaks_goes_on_within_the_range() {
    let (server, _) = breaking(b"0123456789", 2).await;
    let tail = Download::by_id(FileId::new("4_z1")).range(5..=9);
    let content = client(&server).files().download(&tail).await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), "56789");
}

#[tokio::test]
async fn a_download_without_progress_is_given_up() {
    let (server, count) = breaking(b"0123456789", 0).await;
    let content = client(&server).files().download(&by_name()).await.unwrap();
    let error = content.bytes().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unreachable);
    assert_eq!(count.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn a_download_can_be_written_to_any_writer_and_reports_its_error() {
    let server = serving(b"0123456789".to_vec(), Sha1::of(b"0123456789")).await;
    let client = client(&server);
    let mut all = Vec::new();
    let content = client.files().download(&by_name()).await.unwrap();
    assert_eq!(content.write_to(&mut all).await.unwrap(), 10);
    assert_eq!(all, b"0123456789");
    let content = client.files().download(&by_name()).await.unwrap();
    let error = content.write_to(&mut std::io::Cursor::new(&mut [0_u8; 4][..])).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::DestinationFailed);
}

#[tokio::test]
async fn a_name_as_long_as_the_service_allows_is_saved_and_what_others_left_is_left() {
    let server = serving(b"abc".to_vec(), Sha1::of(b"abc")).await;
    let folder = tempfile::tempdir().unwrap();
    let others = folder.path().join(format!(".x.{}-0.part", std::process::id()));
    std::fs::write(&others, b"another program's").unwrap();
    let (long, empty) = ("n".repeat(250), folder.path().join("x"));
    for path in [folder.path().join(&long), empty] {
        client(&server).files().save(&by_name(), &path).await.unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"abc");
    }
    assert_eq!(std::fs::read(&others).unwrap(), b"another program's");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 3, "nothing else is left");
}
