//! A bucket by its name, by its id or by both: the same request goes over the wire, and a name is looked up once.

use b2_client::buckets::{Bucket, CreateBucket, Visibility};
use b2_client::files::{Download, ListFiles, UploadFile};
use b2_client::{BucketName, BucketRef, Client, Config, ErrorKind, FileName, operations};
use futures_util::{StreamExt as _, TryStreamExt as _, future::join_all};
use serde_json::{Value, json};
use wiremock::matchers::{body_string_contains, path_regex};
use wiremock::{Mock, MockServer};

use crate::calls::{by_both, by_id, by_name, call, instead, working};
use crate::scripted::{asked, bucket, client, config, file, log_in, ok, on, refusal, requests};

/// How the requests of an operation name the bucket. Those that do not have the file's or the key's id only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Names {
    /// By its id, in this member.
    Id(&'static str),
    /// By the name that it will have.
    NewName,
    /// By what the caller gave.
    Either,
    /// By its name, in the path.
    Path,
    Nothing,
}

fn names(operation: &str) -> Names {
    match operation {
        "b2_update_bucket"
        | "b2_delete_bucket"
        | "b2_list_file_names"
        | "b2_list_file_versions"
        | "b2_list_unfinished_large_files"
        | "b2_hide_file"
        | "b2_get_bucket_notification_rules"
        | "b2_set_bucket_notification_rules"
        | "b2_get_download_authorization"
        | "b2_get_upload_url"
        | "b2_start_large_file" => Names::Id("bucketId"),
        "b2_create_key" => Names::Id("bucketIds"),
        "b2_copy_file" => Names::Id("destinationBucketId"),
        "b2_create_bucket" => Names::NewName,
        "b2_list_buckets" => Names::Either,
        "b2_download_file_by_name" => Names::Path,
        "b2_authorize_account"
        | "b2_list_keys"
        | "b2_delete_key"
        | "b2_list_parts"
        | "b2_get_file_info"
        | "b2_download_file_by_id"
        | "b2_delete_file_version"
        | "b2_update_file_retention"
        | "b2_update_file_legal_hold"
        | "b2_get_upload_part_url"
        | "b2_upload_file"
        | "b2_upload_part"
        | "b2_copy_part"
        | "b2_finish_large_file"
        | "b2_cancel_large_file" => Names::Nothing,
        unknown => unreachable!("operation {unknown} has no row"),
    }
}

/// Every operation whose requests name the bucket by its id, and the member.
fn by_id_on_the_wire() -> impl Iterator<Item = (&'static str, &'static str)> {
    operations::READS.iter().chain(operations::WRITES).filter_map(|operation| match names(operation) {
        Names::Id(member) => Some((*operation, member)),
        _ => None,
    })
}

fn id_in(request: &Value, member: &str) -> String {
    let id = &request[member];
    id.as_str().or_else(|| id[0].as_str()).unwrap_or_else(|| unreachable!("{request}")).to_owned()
}

/// The bucket ids that the requests of an operation name, in order.
async fn ids(server: &MockServer, operation: &str, member: &str) -> Vec<String> {
    asked(server, operation).await.iter().map(|request| id_in(request, member)).collect()
}

async fn lookups(server: &MockServer) -> usize {
    requests(server, "b2_list_buckets").await.len()
}

#[tokio::test]
async fn every_operation_takes_the_name_and_the_id_alike() {
    assert_eq!(by_id_on_the_wire().count(), 13);
    for (operation, member) in by_id_on_the_wire() {
        for (named, expected) in [(by_id(), 0), (by_both(), 0), (by_name(), 1)] {
            let server = working().await;
            let client = client(&server);
            for _ in 0..2 {
                call(&client, operation, &named).await.unwrap_or_else(|error| unreachable!("{error:?}"));
            }
            let ids = ids(&server, operation, member).await;
            assert!(!ids.is_empty() && ids.iter().all(|id| id == "b1"), "{operation} on {named}: {ids:?}");
            // Whoever deletes a bucket forgets its id.
            let expected = if operation == "b2_delete_bucket" { expected * 2 } else { expected };
            assert_eq!(lookups(&server).await, expected, "{operation} on {named}");
        }
    }
    for (named, member) in [(by_id(), "bucketId"), (by_both(), "bucketId"), (by_name(), "bucketName")] {
        let server = working().await;
        call(&client(&server), "b2_list_buckets", &named).await.unwrap();
        let expected = if member == "bucketId" { "b1" } else { "bucket-one" };
        assert_eq!(asked(&server, "b2_list_buckets").await, [json!({"accountId": "acc1", member: expected})]);
    }
}

#[tokio::test]
async fn a_download_by_name_takes_the_name_and_the_id_alike() {
    for (named, expected) in [(by_id(), 1), (by_both(), 0), (by_name(), 0)] {
        let server = working().await;
        let client = client(&server);
        for _ in 0..2 {
            call(&client, "b2_download_file_by_name", &named).await.unwrap();
        }
        assert_eq!(requests(&server, "/file/bucket-one/big").await.len(), 2);
        assert_eq!(lookups(&server).await, expected, "{named}");
    }
}

/// The service does not know the id that the name had; now it has another.
#[tokio::test]
async fn a_stale_id_is_looked_up_once_more_and_the_call_made_again() {
    for (operation, member) in by_id_on_the_wire() {
        let server = working().await;
        let client = client(&server);
        client.buckets().get(by_name()).await.unwrap();
        created_again(&server, operation).await;
        call(&client, operation, &by_name())
            .await
            .unwrap_or_else(|error| unreachable!("{operation}: {error}"));
        assert_eq!(ids(&server, operation, member).await, ["b1", "b9"], "{operation}");
        assert_eq!(lookups(&server).await, 2, "{operation}");
        // The new id is remembered.
        call(&client, operation, &by_name()).await.unwrap();
        assert_eq!(ids(&server, operation, member).await.last().unwrap(), "b9", "{operation}");
        assert_eq!(
            lookups(&server).await,
            if operation == "b2_delete_bucket" { 3 } else { 2 },
            "{operation}"
        );
    }
}

/// The operation refuses `b1`, and the name belongs to `b9`.
async fn created_again(server: &MockServer, operation: &str) {
    Mock::given(path_regex(format!("/{operation}$")))
        .and(body_string_contains("b1"))
        .respond_with(refusal(400, "bad_bucket_id", "Bucket b1 does not exist"))
        .with_priority(1)
        .mount(server)
        .await;
    instead(server, "b2_list_buckets", u64::MAX, ok(&json!({"buckets": [another()]}))).await;
}

fn another() -> Value {
    let mut another = bucket();
    another["bucketId"] = json!("b9");
    another
}

#[tokio::test]
async fn an_id_that_is_not_stale_or_was_given_is_final() {
    for (operation, member) in by_id_on_the_wire() {
        for (given, seen_before, lookups_expected) in
            [(by_id(), true, 1), (by_both(), true, 1), (by_name(), true, 2), (by_name(), false, 1)]
        {
            let server = working().await;
            let client = client(&server);
            if seen_before {
                client.buckets().get(by_name()).await.unwrap();
            }
            instead(&server, operation, u64::MAX, refusal(400, "bad_bucket_id", "Bucket b1 does not exist"))
                .await;
            let error = call(&client, operation, &given).await.unwrap_err();
            assert!(error.is_not_found(), "{operation}: {error}");
            assert_eq!(error.operation(), operation);
            assert_eq!(ids(&server, operation, member).await, ["b1"], "{operation} on {given}");
            assert_eq!(lookups(&server).await, lookups_expected, "{operation} on {given}");
        }
    }
}

#[tokio::test]
async fn a_name_that_is_gone_is_not_found_and_a_missing_file_is_no_missing_bucket() {
    let server = working().await;
    let client = client(&server);
    client.buckets().get(by_name()).await.unwrap();
    instead(&server, "b2_hide_file", 1, refusal(400, "no_such_file", "File not present: big")).await;
    let error = call(&client, "b2_hide_file", &by_name()).await.unwrap_err();
    assert_eq!((error.is_not_found(), lookups(&server).await), (true, 1), "{error}");
    instead(&server, "b2_hide_file", 1, refusal(400, "bad_bucket_id", "Bucket b1 does not exist")).await;
    instead(&server, "b2_list_buckets", u64::MAX, ok(&json!({"buckets": []}))).await;
    let error = call(&client, "b2_hide_file", &by_name()).await.unwrap_err();
    assert!(error.is_not_found() && error.to_string().contains("no such bucket"), "{error}");
    assert!(error.to_string().starts_with("b2_hide_file on bucket bucket-one"), "{error}");
    assert_eq!(requests(&server, "b2_hide_file").await.len(), 2);
}

/// A deletion whose answer was lost has deleted the bucket that was meant. One that got its name since is not deleted.
#[tokio::test]
async fn a_deletion_with_a_lost_answer_does_not_delete_a_namesake() {
    let server = working().await;
    let client = client(&server);
    client.buckets().get(by_name()).await.unwrap();
    instead(&server, "b2_delete_bucket", 1, refusal(503, "service_unavailable", "busy")).await;
    instead(&server, "b2_delete_bucket", 1, refusal(400, "bad_bucket_id", "gone")).await;
    instead(&server, "b2_list_buckets", u64::MAX, ok(&json!({"buckets": [another()]}))).await;
    client.buckets().delete(by_name()).await.unwrap();
    assert_eq!(ids(&server, "b2_delete_bucket", "bucketId").await, ["b1", "b1"]);
}

#[tokio::test]
async fn many_callers_and_clones_cause_one_lookup_whatever_the_case_of_the_name() {
    let server = working().await;
    let client = client(&server);
    let upper = BucketRef::from(BucketName::new("BUCKET-One").unwrap());
    let all = (0..32).map(|number| {
        let (client, upper) = (client.clone(), upper.clone());
        async move { call(&client, "b2_hide_file", &if number % 2 == 0 { by_name() } else { upper }).await }
    });
    assert!(join_all(all).await.iter().all(Result::is_ok));
    assert_eq!((lookups(&server).await, requests(&server, "b2_hide_file").await.len()), (1, 32));
}

#[tokio::test]
async fn a_bucket_that_was_created_or_listed_needs_no_lookup_and_a_deleted_one_is_forgotten() {
    let server = working().await;
    let client = client(&server);
    let name = BucketName::new("bucket-one").unwrap();
    let made: Bucket = client.buckets().create(&CreateBucket::new(name, Visibility::Private)).await.unwrap();
    call(&client, "b2_hide_file", &by_name()).await.unwrap();
    call(&client, "b2_download_file_by_name", &by_id()).await.unwrap();
    assert_eq!(lookups(&server).await, 0);
    client.buckets().delete(&made.id).await.unwrap();
    call(&client, "b2_hide_file", &by_name()).await.unwrap();
    assert_eq!(lookups(&server).await, 1);
}

/// All pages of a listing are of one bucket, even if its name belongs to another one before the second.
#[tokio::test]
async fn a_listing_stays_in_the_bucket_that_it_began_in() {
    for operation in ["b2_list_file_names", "b2_list_file_versions", "b2_list_unfinished_large_files"] {
        let server = working().await;
        let first = json!({"files": [file("f1", "a")], "nextFileName": "b", "nextFileId": "f2"});
        instead(&server, operation, 1, ok(&first)).await;
        let client = client(&server);
        let list = ListFiles::new(by_name());
        let mut listed = match operation {
            "b2_list_file_names" => client.files().list_names(&list).boxed(),
            "b2_list_file_versions" => client.files().list_versions(&list).boxed(),
            _ => client.files().list_unfinished(by_name(), ""),
        };
        assert!(listed.try_next().await.unwrap().is_some());
        instead(&server, "b2_list_buckets", u64::MAX, ok(&json!({"buckets": [another()]}))).await;
        client.buckets().get(by_name()).await.unwrap();
        assert!(listed.try_next().await.unwrap().is_none());
        assert_eq!(ids(&server, operation, "bucketId").await, ["b1", "b1"], "{operation}");
    }
}

/// A server whose key is restricted to one bucket that stands and one that was deleted.
async fn restricted() -> MockServer {
    let server = MockServer::start().await;
    let allowed = json!({"buckets": [{"id": "b1", "name": "bucket-one"}, {"id": "gone", "name": null}],
        "capabilities": ["listFiles", "readFiles", "writeFiles"], "namePrefix": null});
    log_in(&server, &allowed).await;
    server
}

#[tokio::test]
async fn gotcha_16_a_restricted_key_knows_its_buckets_and_asks_for_no_other() {
    let server = restricted().await;
    on(&server, "b2_hide_file", ok(&file("f2", "big"))).await;
    let client = client(&server);
    call(&client, "b2_hide_file", &by_name()).await.unwrap();
    assert_eq!(ids(&server, "b2_hide_file", "bucketId").await, ["b1"]);
    let foreign = BucketRef::from(BucketName::new("bucket-two").unwrap());
    let error = call(&client, "b2_hide_file", &foreign).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![] });
    let said = "b2_hide_file on bucket bucket-two: the key is restricted to bucket bucket-one (id b1)";
    assert_eq!(error.to_string(), said);
    let gone = b2_client::BucketId::new("gone");
    let error = call(&client, "b2_download_file_by_name", &gone.into()).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = call(&client, "b2_download_file_by_name", &b2_client::BucketId::new("b2").into()).await;
    assert_eq!(*error.unwrap_err().kind(), ErrorKind::Unauthorized { missing: vec![] });
    assert_eq!((lookups(&server).await, requests(&server, "b2_hide_file").await.len()), (0, 1));
}

#[tokio::test]
async fn a_key_that_may_not_list_buckets_gets_the_other_way_named() {
    let server = MockServer::start().await;
    log_in(&server, &json!({"buckets": null, "capabilities": ["writeFiles"], "namePrefix": null})).await;
    on(&server, "b2_list_buckets", refusal(401, "unauthorized", "unauthorized")).await;
    on(&server, "b2_hide_file", ok(&file("f2", "big"))).await;
    let client = client(&server);
    let error = call(&client, "b2_hide_file", &by_name()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![b2_client::Capability::ListBuckets] });
    assert!(error.to_string().contains("it lacks listBuckets; name the bucket by its id"), "{error}");
    call(&client, "b2_hide_file", &by_id()).await.unwrap();
    let anonymous = Client::new(Config::anonymous(server.uri())).unwrap();
    let error = call(&anonymous, "b2_download_file_by_name", &by_id()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("name the bucket by its name"), "{error}");
}

#[tokio::test]
async fn a_read_only_client_refuses_a_write_before_the_lookup() {
    for (operation, _) in by_id_on_the_wire().filter(|(operation, _)| operations::WRITES.contains(operation))
    {
        let server = working().await;
        let client = Client::new(config(&server).read_only()).unwrap();
        let error = call(&client, operation, &by_name()).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::ReadOnly, "{operation}: {error}");
        assert!(error.to_string().contains("bucket-one"), "{error}");
        assert_eq!(lookups(&server).await, 0, "{operation}");
    }
}

/// Several buckets of one key, named in different ways; and none, which must not become a key for the whole account by mistake.
#[tokio::test]
async fn a_key_is_restricted_to_each_bucket_that_it_was_asked_for() {
    use b2_client::keys::CreateKey;
    let server = working().await;
    let name = b2_client::KeyName::new("key-one").unwrap();
    let request = CreateKey::new(name, [b2_client::Capability::ListFiles]);
    let both = request.clone().in_bucket(by_name()).in_bucket(b2_client::BucketId::new("b7"));
    client(&server).keys().create(&both).await.unwrap();
    assert_eq!(asked(&server, "b2_create_key").await[0]["bucketIds"], json!(["b1", "b7"]));
    instead(&server, "b2_list_buckets", u64::MAX, ok(&json!({"buckets": []}))).await;
    let error = client(&server).keys().create(&both).await.unwrap_err();
    assert!(error.is_not_found() && error.to_string().contains("bucket-one"), "{error}");
    assert_eq!(asked(&server, "b2_create_key").await.len(), 1);
}

/// Requests are data: what they name their bucket by stands in them.
#[test]
fn a_request_says_how_it_names_its_bucket() {
    let named = |bucket: BucketRef| serde_json::to_value(ListFiles::new(bucket)).unwrap();
    assert_eq!(named(by_name()), json!({"bucketName": "bucket-one", "maxFileCount": 1000}));
    assert_eq!(named(by_both()), json!({"bucketId": "b1", "maxFileCount": 1000}));
    let copy = b2_client::files::CopyFile::new(b2_client::FileId::new("f1"), FileName::new("x").unwrap());
    let copy = |bucket: BucketRef| serde_json::to_value(copy.clone().into_bucket(bucket)).unwrap();
    assert_eq!(copy(by_id())["destinationBucketId"], "b1");
    assert_eq!(copy(by_name())["destinationBucketName"], "bucket-one");
    assert_eq!(BucketRef::from(&by_both()), by_both());
    assert_ne!(
        UploadFile::new(by_id(), FileName::new("x").unwrap()),
        UploadFile::new(by_name(), FileName::new("x").unwrap())
    );
    let _ = Download::by_name(by_id(), FileName::new("x").unwrap());
}
