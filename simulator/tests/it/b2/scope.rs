//! No operation without its capability, none outside the key's bucket or prefix.

use serde_json::{Value, json};

use super::{Account, answer, text};

/// Each operation with what it needs and a request that lacks nothing else.
fn operations(bucket_id: &str, file_id: &str) -> Vec<(&'static str, &'static str, Value)> {
    let bucket = || json!({"bucketId": bucket_id});
    let file = || json!({"fileId": file_id});
    let with = |mut base: Value, more: Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    let named = |more: Value| with(json!({"fileId": file_id, "fileName": "a/x"}), more);
    let copy = || json!({"sourceFileId": file_id, "fileName": "a/y"});
    let part = json!({"sourceFileId": file_id, "largeFileId": file_id, "partNumber": 1});
    let share = with(bucket(), json!({"fileNamePrefix": "a/", "validDurationInSeconds": 60}));
    let start = with(bucket(), json!({"fileName": "a/l", "contentType": "text/plain"}));
    vec![
        ("b2_get_upload_url", "writeFiles", bucket()),
        ("b2_start_large_file", "writeFiles", start),
        ("b2_get_upload_part_url", "writeFiles", file()),
        ("b2_list_parts", "writeFiles", file()),
        ("b2_finish_large_file", "writeFiles", with(file(), json!({"partSha1Array": []}))),
        ("b2_cancel_large_file", "writeFiles", file()),
        ("b2_copy_part", "readFiles", part.clone()),
        ("b2_copy_part", "writeFiles", part),
        ("b2_copy_file", "readFiles", copy()),
        ("b2_copy_file", "writeFiles", copy()),
        ("b2_hide_file", "writeFiles", with(bucket(), json!({"fileName": "a/x"}))),
        ("b2_list_unfinished_large_files", "listFiles", with(bucket(), json!({"namePrefix": "a/"}))),
        ("b2_list_file_names", "listFiles", with(bucket(), json!({"prefix": "a/"}))),
        ("b2_list_file_versions", "listFiles", with(bucket(), json!({"prefix": "a/"}))),
        ("b2_get_file_info", "readFiles", file()),
        ("b2_download_file_by_id", "readFiles", file()),
        ("b2_get_download_authorization", "shareFiles", share),
        ("b2_delete_file_version", "deleteFiles", named(json!({}))),
        ("b2_update_file_retention", "writeFileRetentions", named(json!({"fileRetention": {"mode": null}}))),
        ("b2_update_file_legal_hold", "writeFileLegalHolds", named(json!({"legalHold": "on"}))),
        ("b2_get_bucket_notification_rules", "readBucketNotifications", bucket()),
        (
            "b2_set_bucket_notification_rules",
            "writeBucketNotifications",
            with(bucket(), json!({"eventNotificationRules": []})),
        ),
    ]
}

/// What only a key for the whole account can do.
fn account_operations(bucket_id: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("b2_create_bucket", "writeBuckets", json!({"bucketName": "new-bucket", "bucketType": "allPrivate"})),
        ("b2_update_bucket", "writeBuckets", json!({"bucketId": bucket_id})),
        ("b2_delete_bucket", "deleteBuckets", json!({"bucketId": bucket_id})),
        ("b2_list_buckets", "listBuckets", json!({})),
        ("b2_create_key", "writeKeys", json!({"keyName": "k", "capabilities": ["listFiles"]})),
        ("b2_list_keys", "listKeys", json!({})),
        ("b2_delete_key", "deleteKeys", json!({"applicationKeyId": "x"})),
    ]
}

async fn capabilities(account: &Account) -> Vec<String> {
    let keys = account.granted("b2_list_keys", json!({})).await;
    keys["keys"][0]["capabilities"].as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn each_operation_needs_its_capability() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("needs-capability").await;
    let file = text(&account.upload(&id, "a/x", b"1").await["fileId"]);
    let all = capabilities(&account).await;
    for (operation, capability, request) in [operations(&id, &file), account_operations(&id)].concat() {
        let others: Vec<_> = all.iter().filter(|other| *other != capability).collect();
        let key = account.granted("b2_create_key", json!({"keyName": "k", "capabilities": others})).await;
        let holder = account.holding(&key).await;
        let refusal = holder.refused(operation, request).await;
        let locks = ["b2_update_file_retention", "b2_update_file_legal_hold"].contains(&operation);
        let expected = if locks { (403, "access_denied") } else { (401, "unauthorized") };
        assert_eq!(refusal, (expected.0, expected.1.to_owned()), "{operation} without {capability}");
    }
}

#[tokio::test]
async fn each_operation_stays_in_the_keys_bucket_and_prefix() {
    let (_sim, account) = Account::open().await;
    let (own, other) = (account.bucket("own-bucket").await, account.bucket("other-bucket").await);
    let file = text(&account.upload(&other, "a/x", b"1").await["fileId"]);
    let all = capabilities(&account).await;
    let account_only = ["listKeys", "writeKeys", "deleteKeys", "writeBuckets", "deleteBuckets"];
    let allowed: Vec<_> = all.iter().filter(|one| !account_only.contains(&one.as_str())).collect();
    let request = json!({"keyName": "k", "capabilities": allowed, "bucketIds": [own]});
    let holder = account.holding(&account.granted("b2_create_key", request).await).await;
    let request = json!({"keyName": "k", "capabilities": allowed, "bucketIds": [other], "namePrefix": "b/"});
    let prefixed = account.holding(&account.granted("b2_create_key", request).await).await;
    let whole_bucket =
        ["b2_get_upload_url", "b2_get_bucket_notification_rules", "b2_set_bucket_notification_rules"];
    for (operation, _, request) in operations(&other, &file) {
        let refusal = holder.refused(operation, request.clone()).await;
        assert_eq!(refusal, (401, "unauthorized".to_owned()), "{operation} in another bucket");
        if !whole_bucket.contains(&operation) {
            let refusal = prefixed.refused(operation, request).await;
            assert_eq!(refusal, (401, "unauthorized".to_owned()), "{operation} under another prefix");
        }
    }
    let url = prefixed.upload_url(&other).await;
    assert_eq!(prefixed.upload_to(&url, "a/y", b"1").send().await.unwrap().status(), 401);
    assert_eq!(prefixed.upload_to(&url, "b/y", b"1").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_is_public_is_downloaded_with_any_key_and_with_none() {
    let (_sim, account) = Account::open().await;
    let request = json!({"bucketName": "for-everybody", "bucketType": "allPublic"});
    let public = text(&account.granted("b2_create_bucket", request).await["bucketId"]);
    let private = account.bucket("for-the-owner").await;
    let (shown, kept) = (account.upload(&public, "a", b"x").await, account.upload(&private, "a", b"x").await);
    let by_id = |file: &Value| format!("/b2api/v4/b2_download_file_by_id?fileId={}", text(&file["fileId"]));
    let weak = account.holding(&account.key(4, &public, &["listFiles"]).await).await;
    let stranger = account.holding(&account.key(4, &private, &["readFiles"]).await).await;
    for path in ["/file/for-everybody/a".to_owned(), by_id(&shown)] {
        let without = account.http.get(format!("{}{path}", account.url)).send().await.unwrap();
        assert_eq!(without.status(), 200);
        for holder in [&weak, &stranger] {
            assert_eq!(holder.download(&path).await.status(), 200, "{path}");
        }
        let forged = account.http.get(format!("{}{path}", account.url)).header("authorization", "forged");
        assert_eq!(
            forged.send().await.unwrap().status(),
            401,
            "a token that is none is refused all the same"
        );
        let separator = if path.contains('?') { '&' } else { '?' };
        let overridden = format!("{path}{separator}b2ContentType=text/html");
        assert_eq!(weak.download(&overridden).await.status(), 401, "only a reader overrides headers");
    }
    for path in ["/file/for-the-owner/a".to_owned(), by_id(&kept)] {
        assert_eq!(weak.download(&path).await.status(), 401, "{path}");
    }
    assert_eq!(weak.download("/file/for-everybody/b").await.status(), 404);
}

#[tokio::test]
async fn upload_urls_go_with_the_key_that_took_them() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("short-lived").await;
    let key = account.key(4, &id, &["writeFiles"]).await;
    let url = account.holding(&key).await.upload_url(&id).await;
    assert_eq!(account.upload_to(&url, "a", b"x").send().await.unwrap().status(), 200);
    account.granted("b2_delete_key", json!({"applicationKeyId": key["applicationKeyId"]})).await;
    let (status, refusal) = answer(account.upload_to(&url, "a", b"x").send().await.unwrap()).await;
    assert_eq!((status, text(&refusal["code"])), (401, "bad_auth_token".to_owned()));
    let request = json!({"keyName": "k", "capabilities": ["writeFiles"], "validDurationInSeconds": 1000});
    let brief = account.granted("b2_create_key", request).await;
    let url = account.holding(&brief).await.upload_url(&id).await;
    sim.clock().advance(std::time::Duration::from_secs(1001));
    let (status, refusal) = answer(account.upload_to(&url, "a", b"x").send().await.unwrap()).await;
    assert_eq!((status, text(&refusal["code"])), (401, "expired_auth_token".to_owned()));
}
