//! Listings of unfinished large files and their parts, and the upload URLs of parts.

use b2_client::files::Source;
use b2_client::{BucketId, FileId};
use futures_util::TryStreamExt as _;
use serde_json::json;

use crate::scripted::{self, asked, client, file, ok, on, once};
use crate::uploads;

#[tokio::test]
async fn unfinished_files_are_asked_for_from_where_the_last_page_ended() {
    let server = scripted::server().await;
    let operation = "b2_list_unfinished_large_files";
    let begun = |id: &str| {
        let mut begun = file(id, "logs/large");
        begun["action"] = json!("start");
        begun
    };
    once(&server, operation, ok(&json!({"files": [begun("u1")], "nextFileId": "u2"}))).await;
    once(&server, operation, ok(&json!({"files": [], "nextFileId": "u3"}))).await;
    on(&server, operation, ok(&json!({"files": [begun("u3")], "nextFileId": null}))).await;
    let client = client(&server);
    let listed = client.files().list_unfinished(BucketId::new("b1"), "logs/").map_ok(|file| file.id);
    let listed: Vec<_> = listed.try_collect().await.unwrap();
    assert_eq!(listed, [FileId::new("u1"), FileId::new("u3")]);
    let page = |start: Option<&str>| {
        let mut page = json!({"bucketId": "b1", "namePrefix": "logs/", "maxFileCount": 100});
        if let Some(start) = start {
            page["startFileId"] = json!(start);
        }
        page
    };
    assert_eq!(asked(&server, operation).await, [page(None), page(Some("u2")), page(Some("u3"))]);
}

#[tokio::test]
async fn parts_are_asked_for_from_where_the_last_page_ended() {
    let server = scripted::server().await;
    let part = |number: u32| {
        json!({"fileId": "big1", "partNumber": number, "contentLength": 3,
            "contentSha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
            "contentMd5": "900150983cd24fb0d6963f7d28e17f72", "uploadTimestamp": 5,
            "serverSideEncryption": {"mode": null, "algorithm": null}})
    };
    once(&server, "b2_list_parts", ok(&json!({"parts": [part(1)], "nextPartNumber": 2}))).await;
    on(&server, "b2_list_parts", ok(&json!({"parts": [part(2)], "nextPartNumber": null}))).await;
    let client = client(&server);
    let parts: Vec<_> = client.files().list_parts(&FileId::new("big1")).try_collect().await.unwrap();
    assert_eq!(parts.iter().map(|part| part.part_number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(parts[0].content_md5.as_deref(), Some("900150983cd24fb0d6963f7d28e17f72"));
    assert_eq!(
        asked(&server, "b2_list_parts").await,
        [
            json!({"fileId": "big1", "maxPartCount": 1000}),
            json!({"fileId": "big1", "maxPartCount": 1000, "startPartNumber": 2}),
        ]
    );
}

#[tokio::test]
async fn the_url_for_parts_is_asked_for_by_the_large_files_id() {
    let server = uploads::server().await;
    uploads::takes_parts(&server).await;
    let request = uploads::request().parallel(1.try_into().unwrap());
    client(&server).files().upload(&request, Source::bytes(vec![7; 25])).await.unwrap();
    assert_eq!(
        asked(&server, "b2_get_upload_part_url").await,
        [json!({"fileId": "big1"})],
        "one URL, used again"
    );
    assert_eq!(uploads::uploads(&server, "part").await.len(), 3);
}
