//! What people have at hand is given to an upload as it is.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use b2_client::ErrorKind;
use b2_client::files::{Sha1, Source, UploadFile};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use wiremock::{MockServer, ResponseTemplate};

use crate::scripted::{asked, client};
use crate::uploads::{request, server, takes_files, takes_parts, uploads};

const CONTENT: &[u8; 25] = b"twenty-five bytes of text";

/// The content, in each form that an upload takes, with a name for the message of a failure.
fn forms(path: &Path, content: &'static [u8; 25]) -> Vec<(&'static str, Source)> {
    let owned: PathBuf = path.to_owned();
    vec![
        ("an array", content.into()),
        ("a slice", content.as_slice().into()),
        ("a Vec", content.to_vec().into()),
        ("Bytes", Bytes::from_static(content).into()),
        ("a path", path.into()),
        ("a borrowed PathBuf", (&owned).into()),
        ("a PathBuf", owned.into()),
        ("a file", File::open(path).unwrap().into()),
        ("text as bytes", Source::bytes("twenty-five bytes of text")),
        ("text as a path", Source::path(path.to_str().unwrap())),
    ]
}

fn on_disk() -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(CONTENT).unwrap();
    file
}

/// A large file is sent in parts of ten bytes by the scripted server, so that each form is cut in the same places.
#[tokio::test]
async fn every_form_is_uploaded_whole_in_one_request_and_in_parts() {
    let disk = on_disk();
    for (number, (form, _)) in forms(disk.path(), CONTENT).into_iter().enumerate() {
        let source = || forms(disk.path(), CONTENT).swap_remove(number).1;
        let small = server().await;
        takes_files(&small).await;
        let whole = request().part_size(25);
        client(&small).files().upload(&whole, source()).await.unwrap();
        assert!(uploads(&small, "file").await[0].body.starts_with(CONTENT), "{form}");
        let large = server().await;
        takes_parts(&large).await;
        client(&large).files().upload(&request(), source()).await.unwrap();
        let mut parts: Vec<_> = uploads(&large, "part").await;
        parts.sort_by_key(|part| part.headers["x-bz-part-number"].to_str().unwrap().to_owned());
        let sent: Vec<Vec<u8>> = parts.into_iter().map(|part| part.body).collect();
        assert_eq!(sent, CONTENT.chunks(10).map(<[u8]>::to_vec).collect::<Vec<_>>(), "{form}");
        let started = &asked(&large, "b2_start_large_file").await[0];
        assert_eq!(started["fileInfo"]["large_file_sha1"], Sha1::of(CONTENT).to_hex(), "{form}");
    }
}

/// What is given is converted by the call itself, with progress or without.
#[tokio::test]
async fn an_upload_takes_the_forms_without_a_source_being_named() {
    let server = server().await;
    takes_files(&server).await;
    let (client, disk) = (client(&server), on_disk());
    let (files, request) = (client.files(), request().part_size(25));
    files.upload(&request, b"abc").await.unwrap();
    files.upload(&request, vec![1, 2, 3]).await.unwrap();
    files.upload(&request, disk.path()).await.unwrap();
    files.upload(&request, disk.reopen().unwrap()).await.unwrap();
    files.upload_with_progress(&request, disk.path()).try_collect::<Vec<_>>().await.unwrap();
    files.upload_with_progress(&request, b"abc").try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(uploads(&server, "file").await.len(), 6);
}

/// An open file is read from its beginning, wherever it stands, and keeps no path: it may have none any more.
#[tokio::test]
async fn an_open_file_is_uploaded_whole_wherever_it_stands_and_without_its_path() {
    for position in [SeekFrom::Start(0), SeekFrom::Start(7), SeekFrom::End(0), SeekFrom::End(100)] {
        let server = server().await;
        takes_parts(&server).await;
        let disk = on_disk();
        let mut file = disk.reopen().unwrap();
        file.seek(position).unwrap();
        drop(disk);
        let parallel = request().parallel(NonZeroUsize::new(3).unwrap());
        client(&server).files().upload(&parallel, file).await.unwrap();
        let started = &asked(&server, "b2_start_large_file").await[0];
        assert_eq!(started["fileInfo"]["large_file_sha1"], Sha1::of(CONTENT).to_hex(), "{position:?}");
    }
}

#[tokio::test]
async fn a_part_of_an_open_file_that_fails_is_sent_again() {
    let server = server().await;
    crate::calls::instead(&server, "b2_upload_part/1", 1, ResponseTemplate::new(503)).await;
    takes_parts(&server).await;
    let mut parts = failing_once(&server, on_disk().reopen().unwrap()).await;
    parts.sort();
    parts.dedup();
    let mut expected: Vec<_> = CONTENT.chunks(10).map(<[u8]>::to_vec).collect();
    expected.sort();
    assert_eq!(parts, expected);
}

async fn failing_once(server: &MockServer, file: File) -> Vec<Vec<u8>> {
    client(server).files().upload(&request(), file).await.unwrap();
    let sent = uploads(server, "part").await;
    assert_eq!(sent.len(), 4, "three parts, one of them twice");
    sent.into_iter().map(|part| part.body).collect()
}

/// The file shares its position with whoever else has it open. On Windows reading moves it, which the documentation says.
#[cfg(unix)]
#[tokio::test]
async fn reading_leaves_the_position_of_an_open_file_alone() {
    let server = server().await;
    takes_parts(&server).await;
    let disk = on_disk();
    let mut file = disk.reopen().unwrap();
    file.seek(SeekFrom::Start(12)).unwrap();
    client(&server).files().upload(&request(), file.try_clone().unwrap()).await.unwrap();
    let mut rest = String::new();
    file.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.as_bytes(), &CONTENT[12..]);
}

#[tokio::test]
async fn an_open_file_that_is_modified_or_is_no_regular_file_fails() {
    let server = server().await;
    takes_files(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let (client, request) = (client(&server), request().part_size(1_000_000));
    #[cfg(unix)]
    {
        let error = client.files().upload(&request, File::open(folder.path()).unwrap()).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::SourceFailed);
        assert!(error.to_string().contains("not a regular file"), "{error}");
    }
    let path = folder.path().join("grows");
    std::fs::write(&path, CONTENT).unwrap();
    let shorter = File::options().write(true).open(&path).unwrap();
    let error = shortened(&client, &request, File::open(&path).unwrap(), &shorter).await;
    assert_eq!(*error.kind(), ErrorKind::SourceFailed);
}

/// Shortens the file as soon as an upload of it has begun.
async fn shortened(
    client: &b2_client::Client,
    request: &UploadFile,
    file: File,
    other: &File,
) -> b2_client::Error {
    use b2_client::files::Progress;
    let mut upload = std::pin::pin!(client.files().upload_with_progress(request, file));
    loop {
        match upload.try_next().await {
            Ok(Some(Progress::Done(_)) | None) => unreachable!("the file is shorter than it was"),
            Ok(Some(_)) => other.set_len(3).unwrap(),
            Err(error) => return error,
        }
    }
}

#[test]
fn debug_shows_where_the_content_is_and_not_the_content() {
    let disk = on_disk();
    for (form, source) in forms(disk.path(), CONTENT) {
        let shown = format!("{source:?}");
        assert!(!shown.contains("twenty-five"), "{form}: {shown}");
        assert!(shown.starts_with("Source("), "{form}: {shown}");
    }
}
