//! Transfers that tell how far they are.

use std::io::Write as _;

use b2_client::files::{Download, FileVersion, Progress, Saved, Source};
use b2_client::{BucketName, Error, ErrorKind, FileId, FileName};
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _, stream};
use wiremock::Mock;
use wiremock::matchers::path_regex;

use crate::saves::{content, serving};
use crate::scripted::{client, refusal};
use crate::uploads::{request, server, takes_files, takes_parts};

async fn all<T>(transfer: impl Stream<Item = Result<Progress<T>, Error>>) -> Vec<Progress<T>> {
    transfer.try_collect().await.unwrap()
}

/// The last number told of the bytes moved, and of how many.
fn moved<T>(told: &[Progress<T>]) -> Option<(u64, Option<u64>)> {
    told.iter().rev().find_map(|progress| match progress {
        Progress::Moved { bytes, of } => Some((*bytes, *of)),
        _ => None,
    })
}

#[tokio::test]
async fn a_small_upload_tells_its_bytes_and_its_version() {
    let server = server().await;
    takes_files(&server).await;
    let told = all(client(&server).files().upload_with_progress(&request(), Source::bytes("abc"))).await;
    let [Progress::Moved { bytes: 3, of: Some(3) }, Progress::Done(FileVersion { .. })] = told.as_slice()
    else {
        panic!("{told:?}");
    };
}

#[tokio::test]
async fn a_large_upload_tells_its_hashing_its_id_its_bytes_and_its_version_in_this_order() {
    let server = server().await;
    takes_parts(&server).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&[7; 45]).unwrap();
    let b2 = client(&server);
    let told = all(b2.files().upload_with_progress(&request(), Source::path(file.path()))).await;
    let order = told.iter().map(|progress| match progress {
        Progress::Hashed { of: 45, .. } => 0,
        Progress::LargeFile { id, there: 0 } if id.as_str() == "big1" => 1,
        Progress::Moved { of: Some(45), .. } => 2,
        Progress::Done(_) => 3,
        other => panic!("{other:?}"),
    });
    let order: Vec<_> = order.collect();
    assert!(order.is_sorted() && [0, 1, 2, 3].iter().all(|kind| order.contains(kind)), "{order:?}");
    assert_eq!(moved(&told), Some((45, Some(45))));
}

#[tokio::test]
async fn a_part_that_is_sent_again_counts_once() {
    let server = server().await;
    let storm = Mock::given(path_regex("^/b2_upload_part/")).respond_with(refusal(
        503,
        "service_unavailable",
        "busy",
    ));
    storm.up_to_n_times(3).with_priority(1).mount(&server).await;
    takes_parts(&server).await;
    let told =
        all(client(&server).files().upload_with_progress(&request(), Source::bytes(vec![7; 45]))).await;
    assert_eq!(moved(&told), Some((45, Some(45))));
}

#[tokio::test]
async fn a_stream_tells_its_bytes_without_a_total() {
    let server = server().await;
    takes_parts(&server).await;
    let pieces = stream::iter((0..9).map(|_| Ok(Bytes::from_static(b"12345"))));
    let told = all(client(&server).files().upload_with_progress(&request(), Source::stream(pieces))).await;
    assert_eq!(moved(&told), Some((45, None)));
    assert!(matches!(told.last(), Some(Progress::Done(_))));
}

#[tokio::test]
async fn a_transfer_that_fails_ends_in_its_error() {
    let server = server().await;
    Mock::given(path_regex("^/b2_upload_file/"))
        .respond_with(refusal(403, "cap_exceeded", "no"))
        .mount(&server)
        .await;
    let b2 = client(&server);
    let upload = request();
    let mut told = std::pin::pin!(b2.files().upload_with_progress(&upload, Source::bytes("abc")));
    let error = told.try_next().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CapExceeded);
    assert_eq!(told.try_next().await.unwrap(), None, "it is over");
}

#[tokio::test]
async fn a_download_tells_its_bytes_and_in_ranges_its_hashing_too() {
    let content = content();
    let length = content.len() as u64;
    let server = serving(content.clone(), b2_client::files::Sha1::of(&content)).await;
    let folder = tempfile::tempdir().unwrap();
    let b2 = client(&server);
    for parallel in [1, 3] {
        let by_name =
            Download::by_name(BucketName::new("bucket-one").unwrap(), FileName::new("big").unwrap());
        let download = by_name.parallel(parallel.try_into().unwrap());
        let path = folder.path().join("saved");
        let told = all(b2.files().save_with_progress(&download, &path)).await;
        assert_eq!(moved(&told), Some((length, Some(length))));
        let hashed = told.contains(&Progress::Hashed { bytes: length, of: length });
        assert_eq!(hashed, parallel > 1);
        let Some(Progress::Done(Saved { verified: true, .. })) = told.last() else { panic!("{told:?}") };
    }
}

#[tokio::test]
async fn a_dropped_download_leaves_the_path_as_it_was() {
    let content = content();
    let server = serving(content.clone(), b2_client::files::Sha1::of(&content)).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kept");
    std::fs::write(&path, b"what was there").unwrap();
    let b2 = client(&server);
    let download = Download::by_id(FileId::new("4_z1"));
    {
        let mut told = std::pin::pin!(b2.files().save_with_progress(&download, &path));
        assert!(matches!(told.try_next().await.unwrap(), Some(Progress::Moved { .. })));
    }
    assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
}
