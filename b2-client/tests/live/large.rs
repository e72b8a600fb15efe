//! Large files: in parts, from every source; dropped, resumed and cancelled.

use std::path::Path;
use std::pin::pin;

use b2_client::buckets::Bucket;
use b2_client::files::{Download, Progress, Sha1, Source, UploadFile};
use b2_client::{Client, ErrorKind, FileId};
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::files::{id, name, noise};

pub(crate) async fn large_files_go_in_parts(client: &Client, bucket: &Bucket) {
    let files = client.files();
    let part = client.account().await.unwrap().minimum_part_size;
    let content = noise(usize::try_from(part).unwrap() * 2 + 12_345);
    let request = UploadFile::new(bucket.id.clone(), name("large/bytes")).part_size(part);
    let whole = files.upload(&request, Source::bytes(content.clone())).await.unwrap();
    assert_eq!(whole.whole_sha1(), Some(Sha1::of(&content)));
    let pieces: Vec<_> = content.chunks(100_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let request = UploadFile::new(bucket.id.clone(), name("large/stream")).part_size(part);
    let streamed = files.upload(&request, Source::stream(stream::iter(pieces))).await.unwrap();
    assert_eq!((streamed.content_length, streamed.whole_sha1()), (whole.content_length, None));
    for (version, verified) in [(&whole, true), (&streamed, false)] {
        let download = files.download(&Download::by_id(id(version))).await.unwrap();
        assert_eq!(download.is_verified(), verified);
        assert!(download.bytes().await.unwrap() == content, "what comes down is what went up");
    }
    let path = std::env::temp_dir().join(format!("b2-client-live-large-{}", std::process::id()));
    let saved =
        files.save(&Download::by_id(id(&whole)).parallel(2.try_into().unwrap()), &path).await.unwrap();
    assert!(saved.verified && std::fs::read(&path).unwrap() == content, "what is saved is what went up");
    let request = UploadFile::new(bucket.id.clone(), name("large/from-disk")).part_size(part).resume();
    let again = files.upload(&request, Source::path(&path)).await.unwrap();
    assert_eq!(again.whole_sha1(), whole.whole_sha1());
    std::fs::remove_file(&path).unwrap();
    let left: Vec<_> = files.list_unfinished(&bucket.id, "").try_collect().await.unwrap();
    assert!(left.is_empty());
    eprintln!("large files: {} bytes up in parts and down, from memory and from a stream", content.len());
}

/// Starts an upload in parts and drops it as soon as one part is stored.
async fn dropped_midway(client: &Client, request: &UploadFile, path: &Path) -> FileId {
    let mut events = pin!(client.files().upload_with_progress(request, Source::path(path)));
    let mut begun = None;
    while let Some(event) = events.try_next().await.unwrap() {
        if let Progress::LargeFile { id, .. } = event {
            begun = Some(id);
        } else if let (Progress::Transferred { .. }, Some(id)) = (event, &begun)
            && pin!(client.files().list_parts(id)).next().await.is_some()
        {
            return id.clone();
        }
    }
    panic!("it was done before it could be dropped");
}

pub(crate) async fn unfinished_files_are_resumed_or_cancelled(client: &Client, bucket: &Bucket) {
    let files = client.files();
    let part = client.account().await.unwrap().minimum_part_size;
    let content = noise(usize::try_from(part).unwrap() * 4);
    let path = std::env::temp_dir().join(format!("b2-client-live-unfinished-{}", std::process::id()));
    std::fs::write(&path, &content).unwrap();
    let request = UploadFile::new(bucket.id.clone(), name("large/resumed"))
        .part_size(part)
        .parallel(1.try_into().unwrap());
    let begun = dropped_midway(client, &request, &path).await;
    let unfinished = async || -> Vec<FileId> {
        files.list_unfinished(&bucket.id, "large/").map_ok(|file| file.id).try_collect().await.unwrap()
    };
    assert_eq!(unfinished().await, std::slice::from_ref(&begun));
    let parts: Vec<_> = files.list_parts(&begun).try_collect().await.unwrap();
    assert_eq!((parts[0].part_number, parts[0].content_length), (1, part));
    assert_eq!(parts[0].sha1, Sha1::of(&content[..usize::try_from(part).unwrap()]));
    let resuming = request.clone().resume();
    let events: Vec<_> =
        files.upload_with_progress(&resuming, Source::path(&path)).try_collect().await.unwrap();
    let kept = |event: &&Progress<_>| matches!(event, Progress::LargeFile { id, already_stored } if *id == begun && *already_stored >= part);
    assert_eq!(events.iter().filter(kept).count(), 1, "its part is not sent again");
    assert!(unfinished().await.is_empty());
    let whole = files.download(&Download::by_id(begun)).await.unwrap();
    assert!(whole.is_verified() && whole.bytes().await.unwrap() == content, "two halves make the file");
    let given_up = dropped_midway(client, &request, &path).await;
    std::fs::remove_file(&path).unwrap();
    files.cancel_large_file(&given_up).await.unwrap();
    let twice = files.cancel_large_file(&given_up).await.unwrap_err();
    assert_eq!((twice.kind(), twice.status()), (&ErrorKind::LargeFileGone, Some(400)));
    assert!(unfinished().await.is_empty());
    eprintln!("unfinished files: one gone on with after {} of 4 parts, one given up", parts.len());
}
