//! Progress reports of transfers.

use std::io::Write as _;

use b2_client::files::{Download, FileVersion, Progress, SavedFile, Source};
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

/// The last reported number of transferred bytes, and the total.
fn last_transferred<T>(reported: &[Progress<T>]) -> Option<(u64, Option<u64>)> {
    reported.iter().rev().find_map(|progress| match progress {
        Progress::Transferred { bytes, total } => Some((*bytes, *total)),
        _ => None,
    })
}

#[tokio::test]
async fn a_small_upload_reports_its_bytes_and_its_version() {
    let server = server().await;
    takes_files(&server).await;
    let reported = all(client(&server).files().upload_with_progress(&request(), Source::bytes("abc"))).await;
    let [Progress::Transferred { bytes: 3, total: Some(3) }, Progress::Done(FileVersion { .. })] =
        reported.as_slice()
    else {
        panic!("{reported:?}");
    };
}

#[tokio::test]
async fn a_large_upload_reports_its_hashing_its_id_its_bytes_and_its_version_in_this_order() {
    let server = server().await;
    takes_parts(&server).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&[7; 45]).unwrap();
    let b2 = client(&server);
    let reported = all(b2.files().upload_with_progress(&request(), Source::path(file.path()))).await;
    let order = reported.iter().map(|progress| match progress {
        Progress::Hashed { total: 45, .. } => 0,
        Progress::LargeFile { id, already_stored: 0 } if id.as_str() == "big1" => 1,
        Progress::Transferred { total: Some(45), .. } => 2,
        Progress::Done(_) => 3,
        other => panic!("{other:?}"),
    });
    let order: Vec<_> = order.collect();
    assert!(order.is_sorted() && [0, 1, 2, 3].iter().all(|kind| order.contains(kind)), "{order:?}");
    assert_eq!(last_transferred(&reported), Some((45, Some(45))));
}

#[tokio::test]
async fn a_part_that_is_sent_again_counts_once() {
    let server = server().await;
    let refused = Mock::given(path_regex("^/b2_upload_part/")).respond_with(refusal(
        503,
        "service_unavailable",
        "busy",
    ));
    refused.up_to_n_times(3).with_priority(1).mount(&server).await;
    takes_parts(&server).await;
    let reported =
        all(client(&server).files().upload_with_progress(&request(), Source::bytes(vec![7; 45]))).await;
    assert_eq!(last_transferred(&reported), Some((45, Some(45))));
}

#[tokio::test]
async fn a_stream_reports_its_bytes_without_a_total() {
    let server = server().await;
    takes_parts(&server).await;
    let pieces = stream::iter((0..9).map(|_| Ok(Bytes::from_static(b"12345"))));
    let reported =
        all(client(&server).files().upload_with_progress(&request(), Source::stream(pieces))).await;
    assert_eq!(last_transferred(&reported), Some((45, None)));
    assert!(matches!(reported.last(), Some(Progress::Done(_))));
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
    let mut reported = std::pin::pin!(b2.files().upload_with_progress(&upload, Source::bytes("abc")));
    let error = reported.try_next().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CapExceeded);
    assert_eq!(reported.try_next().await.unwrap(), None, "it is over");
}

#[tokio::test]
async fn a_download_reports_its_bytes_and_in_ranges_also_its_hashing() {
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
        let reported = all(b2.files().save_with_progress(&download, &path)).await;
        assert_eq!(last_transferred(&reported), Some((length, Some(length))));
        let hashed = reported.contains(&Progress::Hashed { bytes: length, total: length });
        assert_eq!(hashed, parallel > 1);
        let Some(Progress::Done(SavedFile { verified: true, .. })) = reported.last() else {
            panic!("{reported:?}")
        };
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
        let mut reported = std::pin::pin!(b2.files().save_with_progress(&download, &path));
        assert!(matches!(reported.try_next().await.unwrap(), Some(Progress::Transferred { .. })));
    }
    assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside it");
}
