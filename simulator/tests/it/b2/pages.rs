//! Pages that are shorter than they might be.

use serde_json::{Value, json};
use simulator::DEFAULT_ID;
use simulator::b2::Settings;

use super::{Account, column};

/// Follows a cursor to its end; returns the values of one field, and how many pages were empty.
async fn followed(
    account: &Account,
    operation: &str,
    mut request: Value,
    (rows, field): (&str, &str),
    cursor: &[(&str, &str)],
) -> (Vec<String>, usize) {
    let (mut all, mut empty) = (Vec::new(), 0);
    loop {
        let page = account.granted(operation, request.clone()).await;
        let got = column(&page[rows], field);
        empty += usize::from(got.is_empty());
        all.extend(got);
        if page[cursor[0].0].is_null() {
            return (all, empty);
        }
        let before = request.clone();
        for (next, start) in cursor {
            request[*start] = page[*next].clone();
        }
        assert_ne!(request, before, "a page leads on");
    }
}

#[tokio::test]
async fn only_null_ends_a_listing_where_pages_are_cut_short() {
    let (sim, account) =
        Account::open_with(crate::simulation().b2_account(DEFAULT_ID, Settings::default().short_pages()))
            .await;
    let id = account.bucket("short-pages").await;
    let mut names: Vec<String> = (0..60).map(|number| format!("{number:02}")).collect();
    for name in &names {
        sim.b2().put("short-pages", name, b"x").unwrap();
    }
    let files = json!({"bucketId": id, "maxFileCount": 1000});
    let by_name = [("nextFileName", "startFileName")];
    let (listed, empty) =
        followed(&account, "b2_list_file_names", files.clone(), ("files", "fileName"), &by_name).await;
    assert_eq!(listed, names);
    assert!(empty > 0, "some page is empty and has a cursor");
    let by_version = [("nextFileName", "startFileName"), ("nextFileId", "startFileId")];
    let (listed, _) =
        followed(&account, "b2_list_file_versions", files, ("files", "fileName"), &by_version).await;
    assert_eq!(listed, names);
    assert_eq!(sim.b2().versions("short-pages").len(), 60, "the handle sees all");
    for name in &names {
        let start = json!({"bucketId": id, "fileName": name, "contentType": "b2/x-auto"});
        account.granted("b2_start_large_file", start).await;
    }
    let (started, _) = followed(
        &account,
        "b2_list_unfinished_large_files",
        json!({"bucketId": id}),
        ("files", "fileName"),
        &[("nextFileId", "startFileId")],
    )
    .await;
    assert_eq!(started, names);
    names = vec!["owner".to_owned()];
    for _ in 0..10 {
        account.key(4, &id, &["listFiles"]).await;
        names.push("some-key".to_owned());
    }
    let cursor = [("nextApplicationKeyId", "startApplicationKeyId")];
    let (keys, _) =
        followed(&account, "b2_list_keys", json!({"accountId": account.id}), ("keys", "keyName"), &cursor)
            .await;
    assert_eq!(keys, names);
    assert_eq!(sim.b2().keys().len(), names.len());
}
