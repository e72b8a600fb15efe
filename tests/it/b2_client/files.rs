//! Files: uploads, downloads, copies, download tokens.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use b2_client::buckets::ListBuckets;
use b2_client::files::{
    Action, CopyFile, Download, DownloadToken, HeaderOverrides, Sha1, ShareFiles, Source, UploadFile,
};
use b2_client::{Client, Config, ErrorKind};

use super::{World, file, id};

/// What makes a file's name hard to write in a header, in a URL and in JSON.
const ODD: &str = "a b/ü+%41&=?#;'(1)~.txt";

#[tokio::test]
async fn b2_get_upload_url_and_b2_upload_file_store_a_small_file() {
    let (world, bucket) = World::with_bucket().await;
    let request =
        UploadFile::new(bucket.id.clone(), file(ODD)).content_type("text/plain").info("note", "ü + %");
    let version = world.client.files().upload(&request, Source::bytes("content")).await.unwrap();
    assert_eq!((version.name.as_str(), version.whole_sha1()), (ODD, Some(Sha1::of(b"content"))));
    assert_eq!((version.content_type.as_deref(), &*version.info["note"]), (Some("text/plain"), "ü + %"));
    assert_eq!(world.sim.b2().read("some-bucket", ODD).unwrap(), b"content");
    world.upload(&bucket, "second", b"x").await;
    assert_eq!((world.granted("b2_get_upload_url"), world.granted("b2_upload_file")), (1, 2));
}

#[tokio::test]
async fn b2_get_file_info_knows_what_was_noted() {
    let (world, bucket) = World::with_bucket().await;
    let version = world.upload(&bucket, "file", b"content").await;
    assert_eq!(world.client.files().get(&id(&version)).await.unwrap(), version);
    world
        .sim
        .b2()
        .call(
            "b2_delete_file_version",
            serde_json::json!({"fileName": "file", "fileId": id(&version)
        .as_str()}),
        )
        .unwrap();
    assert!(world.client.files().get(&id(&version)).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn b2_download_file_by_id_and_b2_download_file_by_name_fetch_the_same() {
    let (world, bucket) = World::with_bucket().await;
    let version = world.upload(&bucket, ODD, b"content").await;
    let files = world.client.files();
    for download in [Download::by_id(id(&version)), Download::by_name(bucket.name.clone(), file(ODD))] {
        assert_eq!(files.head(&download).await.unwrap().content_length, 7);
        let whole = files.download(&download).await.unwrap();
        assert!(whole.is_verified());
        assert_eq!(whole.bytes().await.unwrap(), "content");
        let middle = files.download(&download.range(1..=3)).await.unwrap();
        assert_eq!(middle.bytes().await.unwrap(), "ont");
    }
    let beyond = files.download(&Download::by_id(id(&version)).range(7..=9)).await.unwrap_err();
    assert_eq!(*beyond.kind(), ErrorKind::RangeNotSatisfiable);
}

/// What a browser is answered at an address.
fn browse(address: &str) -> String {
    let (host, path) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut there = TcpStream::connect(host).unwrap();
    write!(there, "GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    there.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn b2_get_download_authorization_lends_a_prefix() {
    let (world, bucket) = World::with_bucket().await;
    world.upload(&bucket, "shared/file", b"content").await;
    world.upload(&bucket, "mine", b"secret").await;
    let shown = HeaderOverrides::new()
        .content_disposition("attachment; filename=\"a b.txt\"")
        .content_type("text/plain");
    let request =
        ShareFiles::new(bucket.id.clone(), "shared/", Duration::from_mins(1)).overrides(shown.clone());
    let token = world.client.files().share(&request).await.unwrap();
    let address = token.expose_url(&bucket.name, &file("shared/file"));
    let fetched = tokio::task::spawn_blocking(move || browse(&address)).await.unwrap();
    assert!(fetched.starts_with("HTTP/1.1 200") && fetched.ends_with("content"), "{fetched}");
    assert!(fetched.contains("content-disposition: attachment; filename=\"a b.txt\""), "{fetched}");

    let anonymous = Client::new(Config::anonymous(token.download_url())).unwrap();
    let given = DownloadToken::new(token.expose(), token.download_url(), shown);
    let by_name = |name| Download::by_name(bucket.name.clone(), file(name));
    let logins = world.granted("b2_authorize_account");
    let content = anonymous.files().with_token(&given).download(&by_name("shared/file")).await.unwrap();
    assert_eq!(content.head().content_type.as_deref(), Some("text/plain"));
    assert_eq!(content.bytes().await.unwrap(), "content");
    for refused in [
        anonymous.files().download(&by_name("shared/file")).await.unwrap_err(),
        anonymous.files().with_token(&given).download(&by_name("mine")).await.unwrap_err(),
        world.client.files().with_token(&given).download(&by_name("mine")).await.unwrap_err(),
    ] {
        assert!(matches!(refused.kind(), ErrorKind::Unauthorized { .. }), "{refused:?}");
    }
    assert_eq!(world.granted("b2_authorize_account"), logins, "nobody logs in, nor once more");
    assert_eq!(*anonymous.account().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    let unsent = anonymous.buckets().list(&ListBuckets::new()).await.unwrap_err();
    assert_eq!((unsent.kind(), unsent.attempts()), (&ErrorKind::InvalidRequest, 0));

    let too_long = ShareFiles::new(bucket.id.clone(), "", Duration::from_hours(24 * 8));
    let refused = world.client.files().share(&too_long).await.unwrap_err();
    assert_eq!(*refused.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn b2_copy_file_copies_all_or_a_range_and_renews_what_is_noted() {
    let (world, bucket) = World::with_bucket().await;
    let source = id(&world.upload(&bucket, "file", b"0123456789").await);
    let files = world.client.files();
    let whole = files.copy(&CopyFile::new(source.clone(), file("whole"))).await.unwrap();
    assert_eq!((&whole.action, whole.whole_sha1()), (&Action::Copy, Some(Sha1::of(b"0123456789"))));
    let note = BTreeMap::from([("made".to_owned(), "anew".to_owned())]);
    let part = CopyFile::new(source, file("part")).range(2..=5).replace_metadata("text/plain", note.clone());
    assert_eq!(files.copy(&part.into_bucket(bucket.id.clone())).await.unwrap().info, note);
    assert_eq!(world.sim.b2().read("some-bucket", "part").unwrap(), b"2345");
}
