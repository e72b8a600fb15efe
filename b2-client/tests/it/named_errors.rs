//! Errors say what was attempted, on which file and bucket, and at which address.

use std::path::Path;

use b2_client::buckets::{LifecycleRule, UpdateBucket};
use b2_client::files::{CopyFile, Download, ListFiles, ShareFiles, Source, UploadFile};
use b2_client::{BucketRef, Client, Error, ErrorKind, FileId, FileName, operations};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _, stream};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::calls::{by_both, by_id, by_name, call, instead, working};
use crate::scripted::{client, config, file, ok, refusal};

const BUCKET: &str = "bucket bucket-one (id b1)";
const IN_BUCKET: &str = r#"file "big" in bucket bucket-one (id b1)"#;
const STARTED: &str = r#"file "big" (id f1) in bucket bucket-one (id b1)"#;

/// What the error of an operation names when the caller knows the bucket's name and id.
fn named(operation: &str) -> &'static str {
    match operation {
        "b2_authorize_account" => "key key1",
        "b2_list_keys" => "account acc1",
        "b2_create_key" => "key key-one for bucket bucket-one (id b1)",
        "b2_delete_key" => "key k1",
        "b2_create_bucket" => "bucket bucket-one",
        "b2_list_buckets"
        | "b2_update_bucket"
        | "b2_delete_bucket"
        | "b2_get_bucket_notification_rules"
        | "b2_set_bucket_notification_rules"
        | "b2_list_file_names"
        | "b2_list_file_versions"
        | "b2_list_unfinished_large_files"
        | "b2_get_download_authorization" => BUCKET,
        "b2_hide_file"
        | "b2_get_upload_url"
        | "b2_upload_file"
        | "b2_start_large_file"
        | "b2_download_file_by_name"
        | "b2_copy_file" => IN_BUCKET,
        "b2_finish_large_file" => STARTED,
        // The parts are sent at the same time, so that either may fail first.
        "b2_get_upload_part_url" | "b2_upload_part" | "b2_copy_part" => {
            r#" of file "big" (id f1) in bucket bucket-one (id b1)"#
        }
        // Their requests have the id of the file only, or its name and id.
        "b2_list_parts" | "b2_get_file_info" | "b2_cancel_large_file" | "b2_download_file_by_id" => {
            "file with id f1"
        }
        "b2_delete_file_version" | "b2_update_file_retention" | "b2_update_file_legal_hold" => {
            r#"file "big" (id f1)"#
        }
        unknown => unreachable!("operation {unknown} has no row"),
    }
}

/// What else the same error may name: only what the caller gave, where the request has no use for the other.
fn shorter(operation: &str, bucket: &BucketRef) -> String {
    let whole = named(operation);
    let given = bucket.to_string();
    let keeps_it =
        matches!(operation, "b2_list_buckets" | "b2_download_file_by_name") || bucket.name().is_none();
    if keeps_it { whole.replace(BUCKET, &given) } else { whole.to_owned() }
}

async fn refused(operation: &str, bucket: &BucketRef, answer: ResponseTemplate) -> (Error, String) {
    let server = working().await;
    instead(&server, operation, u64::MAX, answer).await;
    let client = Client::new(config(&server).attempts(1)).unwrap();
    let error =
        call(&client, operation, bucket).await.map_or_else(|error| error, |()| unreachable!("{operation}"));
    (error, server.uri())
}

#[tokio::test]
async fn x6_every_error_names_operation_file_bucket_and_address() {
    for operation in operations::READS.iter().chain(operations::WRITES) {
        for bucket in [by_both(), by_name(), by_id()] {
            let refusals = [
                refusal(400, "bad_request", "no"),
                refusal(503, "service_unavailable", "busy"),
                refusal(403, "access_denied", "no"),
                ResponseTemplate::new(502).set_body_string("<html>"),
            ];
            for answer in refusals {
                let (error, address) = refused(operation, &bucket, answer).await;
                let said = error.to_string();
                assert!(said.starts_with(&format!("{operation} on ")), "{said}");
                assert!(
                    said.contains(&shorter(operation, &bucket)),
                    "{said}\n{}",
                    shorter(operation, &bucket)
                );
                assert!(said.contains(&format!(" at {address}: ")), "{said}");
                assert_eq!(error.operation(), *operation);
            }
        }
    }
}

/// An answer that is not understood names the same. Downloads have no JSON to misread.
#[tokio::test]
async fn x6_an_answer_that_is_not_understood_is_named_too() {
    for operation in operations::READS.iter().chain(operations::WRITES) {
        let answer = ResponseTemplate::new(200).set_body_string("no JSON");
        let (error, address) = refused(operation, &by_both(), answer).await;
        let said = error.to_string();
        assert_eq!(*error.kind(), ErrorKind::NotUnderstood, "{said}");
        assert!(said.starts_with(operation) && said.contains(named(operation)), "{said}");
        assert!(said.contains(&format!(" at {address}: ")), "{said}");
    }
}

type Row<'a> = (&'static str, ErrorKind, BoxFuture<'a, Result<(), Error>>);

/// Failures that come from the caller's side or from what was transferred.
fn rows<'a>(client: &'a Client, folder: &'a Path) -> Vec<Row<'a>> {
    let (files, name) = (client.files(), FileName::new("big").unwrap());
    let upload = UploadFile::new(by_both(), name.clone());
    let up = move |request: UploadFile, source: Source| {
        async move { files.upload(&request, source).await.map(drop) }.boxed()
    };
    let broken = |before: usize| {
        let first = Ok(vec![0; before].into());
        Source::stream(stream::iter([first, Err(std::io::Error::other("the disk is broken"))]))
    };
    let (by_name, save) =
        (Download::by_name(by_both(), name.clone()), folder.join("no such folder").join("file"));
    let copy = CopyFile::new(FileId::new("f1"), name).into_bucket(by_both());
    vec![
        (IN_BUCKET, ErrorKind::SourceFailed, up(upload.clone(), Source::path(folder.join("absent")))),
        (IN_BUCKET, ErrorKind::SourceFailed, up(upload.clone(), folder.into())),
        (IN_BUCKET, ErrorKind::SourceFailed, up(upload.clone(), broken(3))),
        (IN_BUCKET, ErrorKind::SourceFailed, up(upload.clone().part_size(5_000_000), broken(5_000_001))),
        (IN_BUCKET, ErrorKind::InvalidRequest, up(upload.clone().part_size(1), b"abc".into())),
        (IN_BUCKET, ErrorKind::InvalidRequest, up(upload.info("n".repeat(51), ""), b"abc".into())),
        (STARTED, ErrorKind::DestinationFailed, {
            async move { files.save(&by_name, save).await.map(drop) }.boxed()
        }),
        (IN_BUCKET, ErrorKind::InvalidRequest, {
            let copy = copy.replace_metadata("text/plain", [("n".repeat(51), String::new())].into());
            async move { files.copy(&copy).await.map(drop) }.boxed()
        }),
        (BUCKET, ErrorKind::InvalidRequest, {
            let share = ShareFiles::new(by_both(), "", std::time::Duration::ZERO);
            async move { files.share(&share).await.map(drop) }.boxed()
        }),
        (BUCKET, ErrorKind::InvalidRequest, {
            let update = UpdateBucket::new(by_both()).lifecycle_rules([LifecycleRule::new("")]);
            async move { client.buckets().update(&update).await.map(drop) }.boxed()
        }),
    ]
}

#[tokio::test]
async fn x6_failures_of_sources_destinations_and_requests_name_file_and_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let server = working().await;
    let client = client(&server);
    for (number, (named, kind, called)) in rows(&client, folder.path()).into_iter().enumerate() {
        let error = called.await.unwrap_err();
        assert_eq!(*error.kind(), kind, "{number}: {error}");
        assert!(error.to_string().contains(named), "{number}: {error}");
    }
}

#[tokio::test]
async fn x6_a_damaged_download_names_what_the_request_and_the_answer_say() {
    let damaged = ResponseTemplate::new(200)
        .set_body_bytes(b"abX")
        .insert_header("x-bz-content-sha1", "a9993e364706816aba3e25717850c26c9cd0d89d")
        .insert_header("x-bz-file-id", "f1")
        .insert_header("x-bz-file-name", "big");
    let name = FileName::new("big").unwrap();
    for (operation, download, named) in [
        ("b2_download_file_by_id", Download::by_id(FileId::new("f1")), r#"file "big" (id f1): "#),
        (
            "b2_download_file_by_name",
            Download::by_name(by_both(), name),
            r#"file "big" (id f1) in bucket bucket-one (id b1): "#,
        ),
    ] {
        let server = working().await;
        instead(&server, operation, u64::MAX, damaged.clone()).await;
        let error = client(&server).files().download(&download).await.unwrap().bytes().await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::ChecksumMismatch);
        assert!(error.to_string().starts_with(&format!("{operation} on {named}")), "{error}");
    }
}

#[tokio::test]
async fn x6_a_bad_row_and_an_endless_listing_name_the_bucket() {
    let mut odd = file("f1", "odd");
    odd["uploadTimestamp"] = json!("yesterday");
    let same = json!({"files": [], "nextFileName": "again", "nextFileId": "f1"});
    for operation in ["b2_list_file_names", "b2_list_file_versions", "b2_list_unfinished_large_files"] {
        let server = working().await;
        instead(&server, operation, 1, ok(&json!({"files": [odd]}))).await;
        instead(&server, operation, u64::MAX, ok(&same)).await;
        let client = client(&server);
        for why in [r#"of file "odd""#, "never end"] {
            let list = ListFiles::new(by_both());
            let error = match operation {
                "b2_list_file_names" => client.files().list_names(&list).try_collect::<Vec<_>>().await,
                "b2_list_file_versions" => client.files().list_versions(&list).try_collect::<Vec<_>>().await,
                _ => client.files().list_unfinished(by_both(), "").try_collect::<Vec<_>>().await,
            };
            let error = error.unwrap_err();
            assert!(error.to_string().starts_with(&format!("{operation} on {BUCKET}: ")), "{error}");
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}

#[tokio::test]
async fn x6_endless_listings_of_parts_and_keys_are_named() {
    let server = working().await;
    instead(&server, "b2_list_parts", u64::MAX, ok(&json!({"parts": [], "nextPartNumber": 7}))).await;
    instead(&server, "b2_list_keys", u64::MAX, ok(&json!({"keys": [], "nextApplicationKeyId": "k"}))).await;
    for (operation, named) in
        [("b2_list_parts", "file with id f1"), ("b2_list_keys", "the keys of the account")]
    {
        let error = call(&client(&server), operation, &by_both()).await.unwrap_err();
        assert!(error.to_string().starts_with(&format!("{operation} on {named}: ")), "{error}");
    }
}

/// Hostile text in what a server reports does not reach the terminal.
#[tokio::test]
async fn x6_what_an_error_names_is_printable() {
    let server = working().await;
    let mut hostile = crate::scripted::bucket();
    hostile["bucketName"] = json!("bucket\u{1b}[2J\u{202e}one");
    let bucket: b2_client::buckets::Bucket = serde_json::from_value(hostile).unwrap();
    instead(&server, "b2_hide_file", u64::MAX, refusal(400, "bad_request", "no")).await;
    let error = call(&client(&server), "b2_hide_file", &bucket.into()).await.unwrap_err();
    assert!(!error.to_string().contains(['\u{1b}', '\u{202e}']), "{error}");
}
