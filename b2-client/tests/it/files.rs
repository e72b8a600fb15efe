//! Files and versions on the wire: listings, hiding, deleting, locking.

use std::time::Duration;

use b2_client::files::{
    Action, Entry, FileRetention, Governance, HideOutcome, LegalHold, ListFiles, Sha1, Source,
};
use b2_client::{BucketId, ErrorKind, FileId, FileName, Readable, UnixMillis};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::json;
use wiremock::{MockServer, ResponseTemplate};

use crate::scripted::{asked, client, file, log_in, ok, on, once, refusal, requests, server};

fn bucket() -> BucketId {
    BucketId::new("b1")
}

fn name() -> FileName {
    FileName::new("a b/ü+%.txt").unwrap()
}

fn id() -> FileId {
    FileId::new("4_z1")
}

#[tokio::test]
async fn names_are_listed_page_by_page_with_the_cursor_verbatim() {
    let server = server().await;
    once(&server, "b2_list_file_names", ok(&json!({"files": [file("f1", "p/a")], "nextFileName": "p/b "})))
        .await;
    once(&server, "b2_list_file_names", ok(&json!({"files": [], "nextFileName": "p/c"}))).await;
    on(&server, "b2_list_file_names", ok(&json!({"files": [file("f3", "p/c")], "nextFileName": null}))).await;
    let request = ListFiles::new(bucket()).prefix("p/");
    let all: Vec<_> = client(&server).files().list_names(&request).try_collect().await.unwrap();
    assert_eq!(all.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["p/a", "p/c"]);
    assert_eq!(
        asked(&server, "b2_list_file_names").await,
        [
            json!({"bucketId": "b1", "prefix": "p/", "maxFileCount": 1000}),
            json!({"bucketId": "b1", "prefix": "p/", "maxFileCount": 1000, "startFileName": "p/b "}),
            json!({"bucketId": "b1", "prefix": "p/", "maxFileCount": 1000, "startFileName": "p/c"}),
        ]
    );
}

/// Every cursor is a new one, and leads to nothing, or to what was listed before.
#[tokio::test]
async fn x7_a_listing_that_brings_nothing_new_ends() {
    for rows in [json!([]), json!([file("f1", "a"), file("f2", "b")])] {
        let server = server().await;
        let number = std::sync::atomic::AtomicU32::new(0);
        let respond = move |_: &wiremock::Request| {
            let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            ok(&json!({"files": rows, "nextFileName": format!("n{number:06}")}))
        };
        wiremock::Mock::given(wiremock::matchers::path_regex("b2_list_file_names$"))
            .respond_with(respond)
            .mount(&server)
            .await;
        let request = ListFiles::new(bucket());
        let all: Result<Vec<_>, _> = client(&server).files().list_names(&request).try_collect().await;
        let error = all.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::NotUnderstood);
        assert!(error.to_string().contains("1000 pages in a row"), "{error}");
    }
}

#[tokio::test]
async fn versions_are_listed_with_both_cursors_and_every_kind_of_row() {
    let server = server().await;
    let hide = json!({"accountId": "acc1", "bucketId": "b1", "fileId": "f2", "fileName": "a", "action": "hide",
        "contentLength": 0, "contentType": "application/x-bz-hide-marker", "contentSha1": null, "contentMd5": null,
        "fileInfo": {}, "uploadTimestamp": 5});
    let folder = json!({"accountId": "acc1", "bucketId": "b1", "fileId": null, "fileName": "d/", "action": "folder",
        "contentLength": 0, "contentType": null, "contentSha1": null, "fileInfo": null, "uploadTimestamp": 0});
    let first = json!({"files": [hide, file("f1", "a")], "nextFileName": "b", "nextFileId": "f9"});
    once(&server, "b2_list_file_versions", ok(&first)).await;
    let last = json!({"files": [folder], "nextFileName": null, "nextFileId": null});
    on(&server, "b2_list_file_versions", ok(&last)).await;
    let request = ListFiles::new(bucket());
    let all: Vec<_> =
        client(&server).files().list_versions_with_delimiter(&request, "/").try_collect().await.unwrap();
    let [Entry::File(marker), Entry::File(upload), Entry::Folder(start)] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!((&marker.action, &marker.retention), (&Action::Hide, &Readable::NotAuthorized));
    assert_eq!((&upload.action, upload.id.as_str(), start.as_str()), (&Action::Upload, "f1", "d/"));
    let locked = FileRetention::compliance(UnixMillis::new(1_801_209_600_000));
    assert_eq!(upload.retention, Readable::Known(locked));
    assert_eq!(upload.legal_hold, Readable::NotAuthorized);
    assert_eq!(upload.source_modified(), Some(UnixMillis::new(1_700_000_000_000)));
    assert_eq!(
        asked(&server, "b2_list_file_versions").await[1],
        json!({"bucketId": "b1", "delimiter": "/", "maxFileCount": 1000, "startFileName": "b", "startFileId": "f9"})
    );
}

#[tokio::test]
async fn gotcha_17_a_key_restricted_to_a_prefix_lists_below_it() {
    let server = MockServer::start().await;
    log_in(&server, &json!({"buckets": null, "capabilities": ["listFiles"], "namePrefix": "mine/"})).await;
    let none = json!({"files": [], "nextFileName": null, "nextFileId": null});
    for operation in ["b2_list_file_names", "b2_list_file_versions", "b2_list_unfinished_large_files"] {
        on(&server, operation, ok(&none)).await;
    }
    let client = client(&server);
    let files = client.files();
    let request = ListFiles::new(bucket());
    files.list_names(&request).try_collect::<Vec<_>>().await.unwrap();
    files.list_versions(&request.prefix("mine/deeper/")).try_collect::<Vec<_>>().await.unwrap();
    files.list_unfinished(bucket(), "").try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(asked(&server, "b2_list_file_names").await[0]["prefix"], "mine/");
    assert_eq!(asked(&server, "b2_list_file_versions").await[0]["prefix"], "mine/deeper/");
    assert_eq!(asked(&server, "b2_list_unfinished_large_files").await[0]["namePrefix"], "mine/");
}

#[tokio::test]
async fn gotcha_26_deleting_a_locked_file_fails_at_once_with_its_own_kind() {
    let server = server().await;
    let listed = json!({"files": [file("f1", name().as_str())], "nextFileName": null, "nextFileId": null});
    on(&server, "b2_list_file_versions", ok(&listed)).await;
    on(&server, "b2_delete_file_version", refusal(401, "access_denied", "locked")).await;
    let client = client(&server);
    let error = client.files().delete_all_versions(&bucket(), &name(), Governance::Bypass).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (&ErrorKind::Locked, 1, false));
}

#[test]
fn a_time_after_another_is_counted_to_the_millisecond_and_never_overflows() {
    let uploaded = UnixMillis::new(1_800_000_000_000);
    assert_eq!(uploaded.saturating_add(Duration::from_hours(14 * 24)), UnixMillis::new(1_801_209_600_000));
    assert_eq!(uploaded.saturating_add(Duration::MAX), UnixMillis::new(i64::MAX));
}

#[tokio::test]
async fn a_listing_that_goes_in_circles_ends_in_an_error() {
    let server = server().await;
    on(&server, "b2_list_file_names", ok(&json!({"files": [], "nextFileName": "p"}))).await;
    let all: Vec<_> = client(&server).files().list_names(&ListFiles::new(bucket())).collect().await;
    assert_eq!(all.len(), 1);
    assert_eq!(*all[0].as_ref().unwrap_err().kind(), ErrorKind::NotUnderstood);
}

#[tokio::test]
async fn gotcha_27_names_in_json_are_plain() {
    let server = server().await;
    let mut marker = file("f9", name().as_str());
    marker["action"] = json!("hide");
    on(&server, "b2_hide_file", ok(&marker)).await;
    let hidden = client(&server).files().hide(&bucket(), &name()).await.unwrap();
    assert!(matches!(hidden, HideOutcome::Hidden(marker) if marker.name == name()));
    assert_eq!(asked(&server, "b2_hide_file").await, [json!({"bucketId": "b1", "fileName": "a b/ü+%.txt"})]);
}

#[tokio::test]
async fn gotcha_15_s400_already_hidden_is_fine_and_hiding_nothing_is_not() {
    let server = server().await;
    once(&server, "b2_hide_file", refusal(400, "already_hidden", "hidden")).await;
    on(&server, "b2_hide_file", refusal(400, "no_such_file", "none")).await;
    let client = client(&server);
    assert_eq!(client.files().hide(&bucket(), &name()).await.unwrap(), HideOutcome::AlreadyHidden);
    assert!(client.files().hide(&bucket(), &name()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn gotcha_15_s400_file_not_present_counts_when_replayed_only() {
    let server = server().await;
    let client = client(&server);
    once(&server, "b2_delete_file_version", ResponseTemplate::new(503)).await;
    on(&server, "b2_delete_file_version", refusal(400, "file_not_present", "gone")).await;
    client.files().delete_version(&name(), &id(), Governance::Respect).await.unwrap();
    let again = client.files().delete_version(&name(), &id(), Governance::Respect).await.unwrap_err();
    assert!(again.is_not_found());
}

#[tokio::test]
async fn gotcha_25_governance_gives_way_to_the_flag_only() {
    let server = server().await;
    on(&server, "b2_delete_file_version", ok(&json!({"fileId": "4_z1", "fileName": "x"}))).await;
    let files = client(&server);
    files.files().delete_version(&name(), &id(), Governance::Respect).await.unwrap();
    files.files().delete_version(&name(), &id(), Governance::Bypass).await.unwrap();
    let plain = json!({"fileName": "a b/ü+%.txt", "fileId": "4_z1"});
    let mut forced = plain.clone();
    forced["bypassGovernance"] = json!(true);
    assert_eq!(asked(&server, "b2_delete_file_version").await, [plain, forced]);
}

#[tokio::test]
async fn s401_a_locked_version_is_locked_and_causes_no_login() {
    for code in ["access_denied", "unauthorized"] {
        let server = server().await;
        on(&server, "b2_delete_file_version", refusal(401, code, "locked")).await;
        let error =
            client(&server).files().delete_version(&name(), &id(), Governance::Respect).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::Locked, "{code}");
        assert_eq!(requests(&server, "b2_authorize_account").await.len(), 1);
        assert_eq!(requests(&server, "b2_delete_file_version").await.len(), 1);
    }
}

#[tokio::test]
async fn retention_and_hold_are_set_as_asked() {
    let server = server().await;
    let until = json!({"mode": "governance", "retainUntilTimestamp": 9});
    let answer = json!({"fileName": "x", "fileId": "4_z1", "fileRetention": until});
    on(&server, "b2_update_file_retention", ok(&answer)).await;
    on(
        &server,
        "b2_update_file_legal_hold",
        ok(&json!({"fileName": "x", "fileId": "4_z1", "legalHold": "on"})),
    )
    .await;
    let client = client(&server);
    let wanted = FileRetention::governance(UnixMillis::new(9));
    let set = client.files().update_retention(&name(), &id(), &wanted, Governance::Bypass).await.unwrap();
    assert_eq!(set, wanted);
    let none = FileRetention::None;
    client.files().update_retention(&name(), &id(), &none, Governance::Respect).await.unwrap();
    assert_eq!(
        client.files().update_legal_hold(&name(), &id(), &LegalHold::On).await.unwrap(),
        LegalHold::On
    );
    let base = json!({"fileName": "a b/ü+%.txt", "fileId": "4_z1"});
    let with = |more: serde_json::Value| {
        let mut all = base.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    assert_eq!(
        asked(&server, "b2_update_file_retention").await,
        [
            with(json!({"fileRetention": until, "bypassGovernance": true})),
            with(json!({"fileRetention": {"mode": null, "retainUntilTimestamp": null}})),
        ]
    );
    assert_eq!(asked(&server, "b2_update_file_legal_hold").await, [with(json!({"legalHold": "on"}))]);
}

#[tokio::test]
async fn gotcha_22_unknown_values_are_kept() {
    let server = server().await;
    let mut odd = file("f1", "x");
    odd["action"] = json!("teleport");
    odd["contentSha1"] = json!("none");
    odd["contentMd5"] = json!(null);
    odd["replicationStatus"] = json!("PENDING");
    odd["fileInfo"] = json!({"large_file_sha1": "a9993e364706816aba3e25717850c26c9cd0d89d"});
    on(&server, "b2_get_file_info", ok(&odd)).await;
    let read = client(&server).files().get(&id()).await.unwrap();
    assert_eq!(read.action, Action::Unknown("teleport".into()));
    assert_eq!(read.whole_sha1().unwrap().to_hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_eq!(asked(&server, "b2_get_file_info").await, [json!({"fileId": "4_z1"})]);
}

#[tokio::test]
async fn s404_not_found_is_not_found() {
    let server = server().await;
    on(&server, "b2_get_file_info", refusal(404, "not_found", "file_state_none")).await;
    assert!(client(&server).files().get(&id()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn replication_is_counted_by_how_far_it_is() {
    let server = server().await;
    let states =
        ["PENDING", "COMPLETED", "COMPLETED", "FAILED", "REPLICA", "LATER"].map(|state| json!(state));
    let mut rows: Vec<_> = states
        .into_iter()
        .chain([json!(null)])
        .map(|state| {
            let mut row = file("f", "x");
            row["replicationStatus"] = state;
            row
        })
        .collect();
    let mut marker = file("h", "x");
    marker["action"] = json!("hide");
    rows.push(marker);
    on(
        &server,
        "b2_list_file_versions",
        ok(&json!({"files": rows, "nextFileName": null, "nextFileId": null})),
    )
    .await;
    let request = ListFiles::new(BucketId::new("b1"));
    let counts = client(&server).files().count_replication(&request).await.unwrap();
    let statuses =
        [counts.pending, counts.completed, counts.failed, counts.replica, counts.unknown, counts.unmatched];
    assert_eq!(statuses, [1, 2, 1, 1, 1, 1]);
}

#[tokio::test]
async fn a_part_has_both_checksums() {
    let server = server().await;
    let part = json!({"fileId": "4_z1", "partNumber": 1, "contentLength": 3, "uploadTimestamp": 5,
        "contentSha1": "a9993e364706816aba3e25717850c26c9cd0d89d", "contentMd5": "900150983cd24fb0d6963f7d28e17f72"});
    on(&server, "b2_list_parts", ok(&json!({"parts": [part], "nextPartNumber": null}))).await;
    let parts: Vec<_> = client(&server).files().list_parts(&id()).try_collect().await.unwrap();
    assert_eq!(parts[0].sha1, Sha1::of(b"abc"));
    assert_eq!(parts[0].content_md5.as_deref(), Some("900150983cd24fb0d6963f7d28e17f72"));
}

#[tokio::test]
async fn no_retention_leaves_the_buckets_default_in_one_piece_and_in_parts() {
    let server = crate::uploads::server().await;
    crate::uploads::takes_files(&server).await;
    crate::uploads::takes_parts(&server).await;
    let request = crate::uploads::request().retention(FileRetention::None);
    for content in ["one", "in several parts"] {
        client(&server).files().upload(&request, Source::bytes(content)).await.unwrap();
    }
    assert_eq!(asked(&server, "b2_start_large_file").await[0].get("fileRetention"), None);
    let whole = requests(&server, "b2_upload_file/1").await;
    assert!(whole[0].headers.keys().all(|name| !name.as_str().contains("retention")));
}

#[test]
fn what_the_wire_names_can_be_shown_as_the_wire_names_it() {
    use b2_client::notifications::EventType;
    let shown = [
        UnixMillis::new(-5).to_string(),
        LegalHold::Unknown("later".into()).to_string(),
        EventType::ObjectCreated.to_string(),
        EventType::Unknown("b2:New:*".into()).to_string(),
    ];
    assert_eq!(shown, ["-5", "later", "b2:ObjectCreated:*", "b2:New:*"]);
    let error = b2_client::Error::from(FileName::new("").unwrap_err());
    assert_eq!(error.operation(), "file name");
}
