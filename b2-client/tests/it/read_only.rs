//! A read-only client sends the operations declared as reads and no other. The rows are walked by the crate's own list of
//! operations, so that a new one without a row fails the test.

use std::path::Path;

use b2_client::buckets::{Bucket, DefaultRetention, Period, Replication, UpdateBucket, Visibility};
use b2_client::files::{CopyFile, Download, Governance, ListFiles, Source, UploadFile};
use b2_client::keys::{CreateKey, KeyCompat};
use b2_client::{
    BucketId, Capability, Client, CustomerKey, Error, ErrorKind, FileId, FileName, KeyName, operations,
};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use wiremock::matchers::{path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::calls::{by_both, by_id, by_name, call};
use crate::scripted::{bucket, config, file, ok, on, server};

/// Answers every read; of the rest, nothing: whatever is asked of it stays on record.
async fn reading() -> MockServer {
    let server = server().await;
    let answers: [(&str, Value); 7] = [
        ("b2_list_buckets", json!({ "buckets": [bucket()] })),
        ("b2_list_file_names", json!({ "files": [], "nextFileName": null })),
        ("b2_list_file_versions", json!({ "files": [], "nextFileName": null, "nextFileId": null })),
        ("b2_list_unfinished_large_files", json!({ "files": [], "nextFileId": null })),
        ("b2_list_parts", json!({ "parts": [], "nextPartNumber": null })),
        ("b2_get_file_info", file("f1", "big")),
        ("b2_get_bucket_notification_rules", json!({ "bucketId": "b1", "eventNotificationRules": [] })),
    ];
    for (operation, answer) in answers {
        on(&server, operation, ok(&answer)).await;
    }
    let keys = json!({ "keys": [], "nextApplicationKeyId": null });
    Mock::given(path_regex("/b2_list_keys$")).respond_with(ok(&keys)).mount(&server).await;
    let content = || ResponseTemplate::new(200).set_body_bytes(b"abc").insert_header("x-bz-file-id", "f1");
    on(&server, "b2_download_file_by_id", content()).await;
    Mock::given(path("/file/bucket-one/big")).respond_with(content()).mount(&server).await;
    server
}

/// The operations that were asked of the server, logging in left out.
async fn asked(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let names = requests.iter().map(|request| match request.url.path() {
        "/file/bucket-one/big" => "b2_download_file_by_name".to_owned(),
        path => path.rsplit('/').next().unwrap_or_default().to_owned(),
    });
    names.filter(|name| name != "b2_authorize_account").collect()
}

#[tokio::test]
async fn a_read_only_client_sends_every_read_and_nothing_else() {
    for operation in operations::READS {
        let server = reading().await;
        let client = Client::new(config(&server).read_only()).unwrap();
        call(&client, operation, &by_both())
            .await
            .unwrap_or_else(|error| unreachable!("{operation}: {error}"));
        let asked = asked(&server).await;
        let login_only = *operation == "b2_authorize_account" && asked.is_empty();
        assert!(login_only || asked.iter().all(|name| name == operation) && !asked.is_empty(), "{asked:?}");
    }
    for operation in operations::WRITES {
        let server = reading().await;
        let client = Client::new(config(&server).read_only()).unwrap();
        let error = call(&client, operation, &by_both()).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::ReadOnly, "{operation}: {error}");
        assert!(operations::WRITES.contains(&error.operation()), "{error}");
        assert!(!error.is_retryable() && error.to_string().contains("read-only"), "{error}");
        assert_eq!(asked(&server).await, [] as [&str; 0], "{operation}");
        // With full access the same call does reach the server, which refuses it here.
        let full = Client::new(config(&server).attempts(1)).unwrap();
        call(&full, operation, &by_both()).await.unwrap_err();
        let sent = asked(&server).await;
        assert!(sent.iter().any(|name| operations::WRITES.contains(&name.as_str())), "{operation}: {sent:?}");
    }
}

/// Lists one version, which a deletion of all versions then deletes.
async fn has_one_version(server: &MockServer) {
    let version = json!({ "files": [file("f1", "big")], "nextFileName": null, "nextFileId": null });
    let listing = Mock::given(path("/b2api/v4/b2_list_file_versions")).respond_with(ok(&version));
    listing.with_priority(1).mount(server).await;
}

/// A call of one public method, with a name for the message of a failure.
type Method<'a> = (&'static str, BoxFuture<'a, Result<(), Error>>);

/// Every public method that writes, with each kind of source and each request that takes another path through the crate.
fn writing_methods<'a>(client: &'a Client, path: &'a Path) -> Vec<Method<'a>> {
    let (buckets, files) = (client.buckets(), client.files());
    let (bucket, id, name) = (BucketId::new("b1"), FileId::new("f1"), FileName::new("big").unwrap());
    let small = UploadFile::new(bucket.clone(), name.clone());
    let large = small.clone().part_size(5_000_000);
    let stream = |length: usize| Source::stream(stream::iter([Ok(vec![0; length].into())]));
    let update = UpdateBucket::new(bucket.clone());
    let upload = move |request: UploadFile, source: Source| {
        async move { files.upload(&request, source).await.map(drop) }.boxed()
    };
    let progress = move |request: UploadFile, source: Source| {
        let run = async move {
            files.upload_with_progress(&request, source).try_collect::<Vec<_>>().await.map(drop)
        };
        run.boxed()
    };
    let set = move |update: UpdateBucket| async move { buckets.update(&update).await.map(drop) }.boxed();
    let copy = CopyFile::new(id.clone(), name.clone());
    let (from, to) = (bucket.clone(), bucket.clone());
    vec![
        ("upload of bytes", upload(small.clone(), Source::bytes("abc"))),
        ("upload of a path", upload(small.clone(), Source::path(path))),
        ("upload of a stream", upload(small.clone(), stream(3))),
        ("upload of a reader", upload(small.clone(), Source::reader(&b"abc"[..]))),
        ("upload of bytes in parts", upload(large.clone(), Source::bytes(vec![0; 5_000_001]))),
        ("upload of a stream in parts", upload(large.clone(), stream(5_000_001))),
        ("resumed upload", upload(large.clone().resume(), Source::bytes(vec![0; 5_000_001]))),
        ("upload with progress", progress(small.clone(), Source::bytes("abc"))),
        ("upload in parts with progress", progress(large, Source::bytes(vec![0; 5_000_001]))),
        ("copy of a range", {
            let copy = copy.clone().range(0..=1);
            async move { files.copy(&copy).await.map(drop) }.boxed()
        }),
        ("copy with a source key", {
            async move { files.copy_with_source_key(Some(&CustomerKey::new([7; 32])), &copy).await.map(drop) }
                .boxed()
        }),
        (
            "update of retention",
            set(update.clone().default_retention(DefaultRetention::compliance(Period::Days(1)))),
        ),
        ("update of replication", set(update.clone().replication(Replication::none()))),
        ("update of lifecycle rules", set(update.clone().lifecycle_rules([]))),
        ("modification of a bucket", {
            let change = move |_: &Bucket| Some(update.clone().visibility(Visibility::Public));
            async move { buckets.modify(&from, change).await.map(drop) }.boxed()
        }),
        ("deletion of all versions", {
            let name = FileName::new("big").unwrap();
            async move { files.delete_all_versions(&to, &name, Governance::Bypass).await.map(drop) }.boxed()
        }),
        ("key for older programs", {
            let request = CreateKey::new(KeyName::new("key-one").unwrap(), [Capability::ListBuckets]);
            let request = request.compat(KeyCompat::V3SingleBucket);
            async move { client.keys().create(&request).await.map(drop) }.boxed()
        }),
    ]
}

/// Every public method that reads and is not the only one of its operation.
fn reading_methods<'a>(client: &'a Client, path: &'a Path) -> Vec<Method<'a>> {
    let (buckets, files) = (client.buckets(), client.files());
    let id = FileId::new("f1");
    let list = ListFiles::new(by_id());
    let (names, versions, counted) = (list.clone(), list.clone(), list);
    let (saved, followed, looked) =
        (Download::by_id(id.clone()), Download::by_id(id.clone()), Download::by_id(id));
    vec![
        ("time of the service", async move { client.service_time().await.map(drop) }.boxed()),
        ("bucket by name", async move { buckets.get(by_name()).await.map(drop) }.boxed()),
        ("bucket by id", async move { buckets.get(by_id()).await.map(drop) }.boxed()),
        ("names with a delimiter", {
            async move { files.list_names_with_delimiter(&names, "/").try_collect::<Vec<_>>().await.map(drop) }.boxed()
        }),
        ("versions with a delimiter", {
            let run = async move {
                files.list_versions_with_delimiter(&versions, "/").try_collect::<Vec<_>>().await.map(drop)
            };
            run.boxed()
        }),
        ("states of replication", async move { files.count_replication(&counted).await.map(drop) }.boxed()),
        ("head of a file", async move { files.head(&looked).await.map(drop) }.boxed()),
        ("save of a file", async move { files.save(&saved, path).await.map(drop) }.boxed()),
        ("save with progress", {
            async move { files.save_with_progress(&followed, path).try_collect::<Vec<_>>().await.map(drop) }
                .boxed()
        }),
    ]
}

#[tokio::test]
async fn no_public_method_of_a_read_only_client_sends_a_mutating_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, b"abc").unwrap();
    let server = reading().await;
    has_one_version(&server).await;
    let client = Client::new(config(&server).read_only()).unwrap();
    for (method, called) in writing_methods(&client, &path) {
        let error = called.await.map_or_else(|error| error, |()| unreachable!("{method} succeeded"));
        assert_eq!(*error.kind(), ErrorKind::ReadOnly, "{method}: {error}");
    }
    for (method, called) in reading_methods(&client, &path) {
        called.await.unwrap_or_else(|error| unreachable!("{method}: {error:?}"));
    }
    for sent in asked(&server).await {
        assert!(operations::READS.contains(&sent.as_str()), "{sent} was sent");
    }
    // A client with full access does send a mutating request for each of them, which the server refuses here.
    for number in 0..writing_methods(&client, &path).len() {
        let server = reading().await;
        has_one_version(&server).await;
        let full = Client::new(config(&server).attempts(1)).unwrap();
        let (method, called) = writing_methods(&full, &path).swap_remove(number);
        called.await.unwrap_err();
        let sent = asked(&server).await;
        assert!(sent.iter().any(|name| operations::WRITES.contains(&name.as_str())), "{method}: {sent:?}");
    }
}
