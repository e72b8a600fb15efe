//! Files with a customer's key: every request that needs the key contains it, and no text does.

use std::io::Write as _;

use b2_client::buckets::Encryption;
use b2_client::files::{CopyFile, Download, Source, UploadFile};
use b2_client::{BucketId, CustomerKey, ErrorKind, FileId, FileName};
use futures_util::stream;
use serde_json::json;
use wiremock::matchers::{header, method, path_regex};
use wiremock::{Mock, ResponseTemplate};

use crate::scripted::{asked, client, file, ok, on, refusal, server};

const KEY: &str = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
const SUM: &str = "UhbdzFjo2t5SVgded/ZC2g==";

fn key() -> CustomerKey {
    CustomerKey::new([b'A'; 32])
}

#[tokio::test]
async fn gotcha_20_the_key_is_whole_on_the_wire_and_in_no_text() {
    let server = server().await;
    on(&server, "b2_copy_file", ok(&file("f2", "copy"))).await;
    let client = client(&server);
    let key = key();
    let name = FileName::new("copy").unwrap();
    let same = CopyFile::new(FileId::new("f1"), name.clone());
    client.files().with_customer_key(&key).copy(&same).await.unwrap();
    let opened = CopyFile::new(FileId::new("f1"), name).encryption(Encryption::SseB2);
    client.files().with_customer_key(&key).copy(&opened).await.unwrap();
    let wire = json!({"mode": "SSE-C", "algorithm": "AES256", "customerKey": KEY, "customerKeyMd5": SUM});
    let sent = asked(&server, "b2_copy_file").await;
    assert_eq!(
        (&sent[0]["sourceServerSideEncryption"], &sent[0]["destinationServerSideEncryption"]),
        (&wire, &wire)
    );
    assert_eq!(sent[1]["destinationServerSideEncryption"], json!({"mode": "SSE-B2", "algorithm": "AES256"}));
    assert_eq!(format!("{key:?}"), "CustomerKey");
}

#[tokio::test]
async fn a_copy_can_have_another_key_than_its_source() {
    let server = server().await;
    on(&server, "b2_copy_file", ok(&file("f2", "copy"))).await;
    let (client, old, new) = (client(&server), key(), CustomerKey::new([b'B'; 32]));
    let copy = CopyFile::new(FileId::new("f1"), FileName::new("copy").unwrap());
    let files = client.files();
    files.with_customer_key(&new).copy_with_source_key(None, &copy).await.unwrap();
    files.copy_with_source_key(Some(&old), &copy).await.unwrap();
    files.with_customer_key(&new).copy_with_source_key(Some(&old), &copy).await.unwrap();
    files.copy_with_source_key(Some(&old), &copy.clone().encryption(Encryption::SseB2)).await.unwrap();
    let sent = asked(&server, "b2_copy_file").await;
    let keys: Vec<_> = sent
        .iter()
        .map(|sent| {
            ["source", "destination"].map(|side| {
                let encryption = &sent[format!("{side}ServerSideEncryption")];
                encryption["customerKey"].as_str().or(encryption["mode"].as_str()).map(str::to_owned)
            })
        })
        .collect();
    let [old, new] = [Some(KEY.to_owned()), Some(new.expose().to_owned())];
    let expected =
        [[None, new.clone()], [old.clone(), None], [old.clone(), new], [old, Some("SSE-B2".to_owned())]];
    assert_eq!(keys, expected);
    let key = key();
    let both = files
        .with_customer_key(&key)
        .copy_with_source_key(None, &copy.encryption(Encryption::SseB2))
        .await
        .unwrap_err();
    assert_eq!(*both.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn uploads_and_downloads_carry_the_key() {
    let server = server().await;
    let upload = json!({"uploadUrl": format!("{}/up", server.uri()), "authorizationToken": "up1"});
    on(&server, "b2_get_upload_url", ok(&upload)).await;
    for verb in ["POST", "GET", "HEAD"] {
        let content = ResponseTemplate::new(200).insert_header("x-bz-file-id", "f1");
        let answer = if verb == "POST" { ok(&file("f1", "x")) } else { content };
        Mock::given(method(verb))
            .and(path_regex("/up|/b2_download_file_by_id"))
            .and(header("x-bz-server-side-encryption-customer-algorithm", "AES256"))
            .and(header("x-bz-server-side-encryption-customer-key", KEY))
            .and(header("x-bz-server-side-encryption-customer-key-md5", SUM))
            .respond_with(answer)
            .mount(&server)
            .await;
    }
    let (client, key) = (client(&server), key());
    let files = client.files().with_customer_key(&key);
    let request = UploadFile::new(BucketId::new("b1"), FileName::new("x").unwrap());
    let mut on_disk = tempfile::NamedTempFile::new().unwrap();
    on_disk.write_all(b"abc").unwrap();
    let stream = stream::iter([Ok("abc".into())]);
    for source in [Source::bytes("abc"), Source::path(on_disk.path()), Source::stream(stream)] {
        files.upload(&request, source).await.unwrap();
    }
    files.download(&Download::by_id(FileId::new("f1"))).await.unwrap();
    files.head(&Download::by_id(FileId::new("f1"))).await.unwrap();
    let both =
        files.upload(&request.clone().encryption(Encryption::SseB2), Source::bytes("abc")).await.unwrap_err();
    let none =
        client.files().upload(&request.encryption(Encryption::SseC), Source::bytes("abc")).await.unwrap_err();
    assert_eq!((both.kind(), none.kind()), (&ErrorKind::InvalidRequest, &ErrorKind::InvalidRequest));
}

#[tokio::test]
async fn large_files_carry_the_key_at_their_start() {
    let server = server().await;
    on(&server, "b2_start_large_file", refusal(403, "access_denied", "no")).await;
    let (client, key) = (client(&server), key());
    let request = UploadFile::new(BucketId::new("b1"), FileName::new("x").unwrap()).part_size(5_000_000);
    let error = client
        .files()
        .with_customer_key(&key)
        .upload(&request, Source::bytes(vec![0; 5_000_001]))
        .await
        .unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::AccessDenied);
    assert_eq!(
        asked(&server, "b2_start_large_file").await[0]["serverSideEncryption"],
        json!({"mode": "SSE-C", "algorithm": "AES256", "customerKey": KEY, "customerKeyMd5": SUM})
    );
}

#[test]
fn a_key_of_the_wrong_length_is_refused_and_not_repeated() {
    assert_eq!(CustomerKey::from_base64(KEY).unwrap().expose(), KEY);
    for wrong in ["", "QUFB", "not base64 at all", &format!("{KEY}{KEY}")] {
        let error = CustomerKey::from_base64(wrong).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
        assert!(wrong.is_empty() || !error.to_string().contains(wrong));
    }
}
