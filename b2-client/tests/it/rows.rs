//! No row fails its page, whatever one of its members is; and no member is misread.

use b2_client::buckets::ListBuckets;
use b2_client::files::{Action, Entry, FileRetention, ListFiles, ReplicationStatus};
use b2_client::{BucketId, ErrorKind, FileId, Readable};
use futures_util::StreamExt as _;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::scripted::{bucket, client, file, ok, on, server};

/// A listing: its operation, where its rows stand, a good row, and the members that a row is nothing without.
struct Listing {
    operation: &'static str,
    rows: &'static str,
    row: fn(&str) -> Value,
    needed: &'static [&'static str],
}

const FILE: &[&str] = &["fileId", "fileName", "contentLength", "uploadTimestamp"];

const LISTINGS: [Listing; 4] = [
    Listing { operation: "b2_list_file_versions", rows: "files", row: |id| file(id, "x"), needed: FILE },
    Listing { operation: "b2_list_file_names", rows: "files", row: |id| file(id, "x"), needed: FILE },
    Listing { operation: "b2_list_unfinished_large_files", rows: "files", row: unfinished, needed: FILE },
    Listing {
        operation: "b2_list_parts",
        rows: "parts",
        row: part,
        needed: &["fileId", "partNumber", "contentLength", "contentSha1"],
    },
];

fn unfinished(id: &str) -> Value {
    let mut row = file(id, "x");
    row["action"] = json!("start");
    row
}

fn part(id: &str) -> Value {
    json!({"fileId": id, "partNumber": 1, "contentLength": 3, "contentMd5": null, "uploadTimestamp": 5,
        "contentSha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
        "serverSideEncryption": {"mode": "SSE-C", "algorithm": "AES256", "customerKeyMd5": "x"}})
}

/// The ids of the rows that were read, in order, and how many were not.
async fn listed(listing: &Listing, rows: &[Value]) -> (Vec<String>, usize) {
    let server = server().await;
    let page = json!({listing.rows: rows, "nextFileName": null, "nextFileId": null, "nextPartNumber": null});
    on(&server, listing.operation, ok(&page)).await;
    let (client, bucket) = (client(&server), BucketId::new("b1"));
    let files = client.files();
    let ids: Vec<Result<String, b2_client::Error>> = match listing.operation {
        "b2_list_file_names" => {
            let entries = files.list_names_with_delimiter(&ListFiles::new(bucket), "/");
            let id = |entry| match entry {
                Entry::File(version) => version.id.as_str().to_owned(),
                Entry::Folder(name) => name,
            };
            entries.map(|entry| entry.map(id)).collect().await
        }
        "b2_list_file_versions" => {
            let versions = files.list_versions(&ListFiles::new(bucket));
            versions.map(|version| version.map(|version| version.id.as_str().to_owned())).collect().await
        }
        "b2_list_unfinished_large_files" => {
            let versions = files.list_unfinished(&bucket, "");
            versions.map(|version| version.map(|version| version.id.as_str().to_owned())).collect().await
        }
        _ => {
            let parts = files.list_parts(&FileId::new("f"));
            parts.map(|part| part.map(|part| part.file_id.as_str().to_owned())).collect().await
        }
    };
    let mut failed = 0;
    let mut read = Vec::new();
    for id in ids {
        match id {
            Ok(id) => read.push(id),
            Err(error) => {
                assert_eq!((error.kind(), error.operation()), (&ErrorKind::NotUnderstood, listing.operation));
                failed += 1;
            }
        }
    }
    (read, failed)
}

/// What a member may turn out to be.
fn odd() -> impl Strategy<Value = Option<Value>> {
    select(vec![
        None,
        Some(json!(null)),
        Some(json!(true)),
        Some(json!(-1)),
        Some(json!(1.5)),
        Some(json!("")),
        Some(json!("brand new")),
        Some(json!([])),
        Some(json!([{"a": 1}])),
        Some(json!({})),
        Some(json!({"mode": "brand-new"})),
        Some(json!({"isClientAuthorizedToRead": true, "value": 7})),
        Some(json!({"isClientAuthorizedToRead": 7})),
    ])
}

const MEMBERS: [&str; 20] = [
    "accountId",
    "action",
    "bucketId",
    "contentLength",
    "contentMd5",
    "contentSha1",
    "contentType",
    "fileId",
    "fileInfo",
    "fileName",
    "fileRetention",
    "legalHold",
    "partNumber",
    "replicationStatus",
    "serverSideEncryption",
    "uploadTimestamp",
    "size",
    "brandNew",
    "options",
    "customerKeyMd5",
];

fn set(row: &mut Value, member: &str, value: Option<Value>) {
    match (row.as_object_mut().unwrap(), value) {
        (row, Some(value)) => drop(row.insert(member.to_owned(), value)),
        (row, None) => drop(row.remove(member)),
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_member_of_a_row_fails_the_page(listing in 0..LISTINGS.len(), member in select(MEMBERS.to_vec()), value in odd()) {
        let listing = &LISTINGS[listing];
        let mut rows = vec![(listing.row)("first"), (listing.row)("odd"), (listing.row)("last")];
        set(&mut rows[1], member, value.clone());
        let (read, failed) = block_on(listed(listing, &rows));
        prop_assert_eq!(read.len() + failed, 3, "a row is read or named, never dropped");
        prop_assert_eq!((read.first().map(String::as_str), read.last().map(String::as_str)), (Some("first"), Some("last")));
        if !listing.needed.contains(&member) {
            prop_assert_eq!(failed, 0, "{} = {:?}", member, value);
        }
    }

    #[test]
    fn no_member_of_a_bucket_fails_the_list(member in select(vec!["accountId", "bucketId", "bucketName", "bucketType", "bucketInfo",
        "corsRules", "lifecycleRules", "options", "revision", "defaultServerSideEncryption", "fileLockConfiguration",
        "replicationConfiguration", "brandNew"]), value in odd())
    {
        block_on(async {
            let server = server().await;
            let mut strange = bucket();
            set(&mut strange, member, value.clone());
            on(&server, "b2_list_buckets", ok(&json!({"buckets": [strange, bucket()]}))).await;
            let found = client(&server).buckets().list(&ListBuckets::new()).await.unwrap();
            assert_eq!((found.len(), found[1].id.as_str()), (2, "b1"), "{member} = {value:?}");
            let none_of_three = value.as_ref().is_some_and(|value| !value.is_array() && !value.is_object() && !value.is_null());
            if none_of_three && ["bucketInfo", "corsRules", "lifecycleRules", "options"].contains(&member) {
                assert_eq!(found[0].unread, [member], "{value:?} is not silently nothing");
            }
        });
    }

    /// A key that is not understood is an error in its place, by each of the two versions that list it, and hides none of the others.
    #[test]
    fn no_member_of_a_key_fails_the_list(member in select(vec!["applicationKeyId", "keyName", "capabilities", "accountId", "bucketIds",
        "bucketId", "namePrefix", "expirationTimestamp", "options", "brandNew"]), value in odd())
    {
        block_on(async {
            let server = server().await;
            let key = |id: &str| json!({"accountId": "a", "applicationKeyId": id, "keyName": "k", "capabilities": ["listFiles"],
                "expirationTimestamp": 5, "bucketIds": ["b1"], "namePrefix": "p", "options": ["s3"]});
            let mut strange = key("odd");
            set(&mut strange, member, value.clone());
            let page = json!({"keys": [key("first"), strange, key("last")], "nextApplicationKeyId": null});
            for version in ["v4", "v3"] {
                let listing = wiremock::matchers::path(format!("/b2api/{version}/b2_list_keys"));
                wiremock::Mock::given(listing).respond_with(ok(&page)).mount(&server).await;
            }
            let listed: Vec<_> = client(&server).keys().list().collect().await;
            let read: Vec<&str> = listed.iter().flatten().map(|key| key.id.as_str()).collect();
            let failed: Vec<_> = listed.iter().filter_map(|key| key.as_ref().err()).collect();
            assert_eq!((read.first(), read.last()), (Some(&"first"), Some(&"last")), "{member} = {value:?}");
            assert!(failed.iter().all(|error| *error.kind() == ErrorKind::NotUnderstood), "{failed:?}");
            let expected = if read.len() == 3 { 0 } else { 2 };
            assert_eq!((failed.len(), read.len() + expected / 2), (expected, 3), "{member} = {value:?}");
        });
    }

    /// What restricts a key is read or is an error: a key that seemed unrestricted would seem to be able to do everything.
    #[test]
    fn a_key_is_never_misread_as_less_restricted(member in select(vec!["bucketIds", "bucketId", "namePrefix", "expirationTimestamp",
        "capabilities", "accountId", "keyName", "options", "brandNew"]), value in odd())
    {
        let restricting = ["bucketIds", "bucketId", "namePrefix", "expirationTimestamp", "capabilities"].contains(&member);
        let mut key = json!({"accountId": "a", "applicationKeyId": "k1", "keyName": "k", "capabilities": ["listFiles"],
            "expirationTimestamp": 5, "bucketIds": ["b1"], "namePrefix": "p", "options": ["s3"]});
        set(&mut key, member, value.clone());
        match serde_json::from_value::<b2_client::keys::Key>(key) {
            Ok(read) => {
                let whole = value.as_ref().is_none_or(Value::is_null);
                prop_assert!(member != "bucketIds" || whole || read.bucket_ids.is_some());
                prop_assert!(member != "namePrefix" || whole || read.name_prefix.is_some());
                prop_assert!(member != "expirationTimestamp" || whole || read.expires.is_some());
            }
            Err(_) => prop_assert!(restricting, "{} = {:?}", member, value),
        }
    }
}

#[tokio::test]
async fn a_retention_is_read_in_every_form_it_comes_in() {
    let until = json!({"mode": "compliance", "retainUntilTimestamp": 1_801_209_600_000_i64});
    let text = json!({"mode": "compliance", "retainUntilTimestamp": "1801209600000"});
    let wrapped = |value: &Value| json!({"isClientAuthorizedToRead": true, "value": value});
    let kept = Readable::Known(FileRetention::compliance(b2_client::UnixMillis::new(1_801_209_600_000)));
    for (retention, expected) in [
        (wrapped(&until), kept.clone()),
        (wrapped(&text), kept.clone()),
        (until, kept.clone()),
        (text, kept),
        (json!(null), Readable::NotAuthorized),
        (wrapped(&json!({"mode": null, "retainUntilTimestamp": null})), Readable::Known(FileRetention::None)),
        (wrapped(&json!({"mode": "compliance", "retainUntilTimestamp": null})), Readable::NotUnderstood),
        (json!({}), Readable::NotUnderstood),
    ] {
        let mut row = file("f1", "x");
        row["fileRetention"] = retention.clone();
        let version: b2_client::files::FileVersion = serde_json::from_value(row).unwrap();
        assert_eq!(version.retention, expected, "{retention}");
    }
}

#[test]
fn a_replication_status_is_read_in_either_case() {
    for (text, expected) in [
        ("PENDING", ReplicationStatus::Pending),
        ("pending", ReplicationStatus::Pending),
        ("completed", ReplicationStatus::Completed),
        ("Failed", ReplicationStatus::Failed),
        ("replica", ReplicationStatus::Replica),
        ("Later", ReplicationStatus::Unknown("Later".to_owned())),
    ] {
        let mut row = file("f1", "x");
        row["replicationStatus"] = json!(text);
        let version: b2_client::files::FileVersion = serde_json::from_value(row).unwrap();
        assert_eq!(version.replication_status, Some(expected), "{text}");
    }
}

#[test]
fn a_hide_marker_may_lack_nearly_everything() {
    let marker = json!({"fileId": "h1", "fileName": "x", "action": "hide", "uploadTimestamp": "5", "contentLength": null,
        "contentSha1": null, "fileRetention": null, "legalHold": null, "serverSideEncryption": null, "fileInfo": null});
    let version: b2_client::files::FileVersion = serde_json::from_value(marker).unwrap();
    assert_eq!((version.action, version.content_length, version.uploaded.get()), (Action::Hide, 0, 5));
    assert_eq!((version.retention, version.legal_hold), (Readable::NotAuthorized, Readable::NotAuthorized));
}
