//! What the service has changed, and the words that its clients parse.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::b2::Unencrypted;
use simulator::{Fault, Simulator};

use super::{Account, answer, authorize, client, text};

fn sse_b2() -> Value {
    json!({"mode": "SSE-B2", "algorithm": "AES256"})
}

async fn message(account: &Account, operation: &str, request: Value) -> (u16, String, String) {
    let (status, refusal) = account.call(operation, request).await;
    (status, text(&refusal["code"]), text(&refusal["message"]))
}

fn said(status: u16, code: &str, message: &str) -> (u16, String, String) {
    (status, code.to_owned(), message.to_owned())
}

/// A file of more than 5 GB, of one small file many times over.
async fn giant(account: &Account, bucket_id: &str) -> Value {
    let source = account.upload(bucket_id, "piece", &vec![0; 50_000_000]).await;
    let start = json!({"bucketId": bucket_id, "fileName": "giant", "contentType": "text/plain"});
    let large = account.granted("b2_start_large_file", start).await["fileId"].clone();
    for number in 1..=101 {
        let copy = json!({"sourceFileId": source["fileId"], "largeFileId": large, "partNumber": number});
        account.granted("b2_copy_part", copy).await;
    }
    let sums = vec![source["contentSha1"].clone(); 101];
    account.granted("b2_finish_large_file", json!({"fileId": large, "partSha1Array": sums})).await
}

#[tokio::test]
async fn a_count_of_zero_is_the_default() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("counted-from-zero").await;
    for number in 0..101 {
        account.granted("b2_create_key", json!({"keyName": "k", "capabilities": ["listFiles"]})).await;
        let start = json!({"bucketId": id, "fileName": format!("{number:03}"), "contentType": "text/plain"});
        account.granted("b2_start_large_file", start).await;
    }
    let large = account
        .granted("b2_start_large_file", json!({"bucketId": id, "fileName": "l", "contentType": "text/plain"}))
        .await["fileId"]
        .clone();
    let source = account.upload(&id, "part", b"1").await;
    for number in 1..=101 {
        let copy = json!({"sourceFileId": source["fileId"], "largeFileId": large, "partNumber": number});
        account.granted("b2_copy_part", copy).await;
    }
    for (operation, request, count, rows) in [
        ("b2_list_file_versions", json!({"bucketId": id}), "maxFileCount", "files"),
        ("b2_list_unfinished_large_files", json!({"bucketId": id}), "maxFileCount", "files"),
        ("b2_list_keys", json!({}), "maxKeyCount", "keys"),
        ("b2_list_parts", json!({"fileId": large}), "maxPartCount", "parts"),
    ] {
        let mut zero = request.clone();
        zero[count] = json!(0);
        let (zero, default) =
            (account.granted(operation, zero).await, account.granted(operation, request.clone()).await);
        assert_eq!(zero, default, "{operation}");
        assert_eq!(zero[rows].as_array().unwrap().len(), 100, "{operation}");
        let mut negative = request;
        negative[count] = json!(-1);
        assert_eq!(
            account.refused(operation, negative).await,
            (400, "bad_request".to_owned()),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn every_new_bucket_encrypts_and_none_is_refused() {
    let (sim, account) = Account::open().await;
    let create = |number: u8, encryption: Option<Value>| {
        let mut request = json!({"bucketName": format!("fresh-bucket-{number}"), "bucketType": "allPrivate"});
        if let Some(encryption) = encryption {
            request["defaultServerSideEncryption"] = encryption;
        }
        request
    };
    let none = json!({"mode": "none"});
    for (number, stated) in [(1, None), (2, Some(Value::Null)), (3, Some(sse_b2()))] {
        let made = account.granted("b2_create_bucket", create(number, stated)).await;
        assert_eq!(made["defaultServerSideEncryption"]["value"], sse_b2());
    }
    let bad = (400, "bad_request".to_owned());
    assert_eq!(account.refused("b2_create_bucket", create(4, Some(none.clone()))).await, bad);
    let bucket = sim.b2().bucket("fresh-bucket-1").unwrap();
    let update = |encryption: &Value| json!({"bucketId": bucket["bucketId"], "defaultServerSideEncryption": encryption});
    assert_eq!(account.refused("b2_update_bucket", update(&none)).await, bad);
    let file = account.upload(&text(&bucket["bucketId"]), "x", b"1").await;
    assert_eq!(file["serverSideEncryption"], sse_b2());
    for operation in ["b2_start_large_file", "b2_copy_file"] {
        let request = json!({"bucketId": bucket["bucketId"], "fileName": "y", "contentType": "text/plain", "serverSideEncryption": none});
        let copy =
            json!({"sourceFileId": file["fileId"], "fileName": "y", "destinationServerSideEncryption": none});
        let request = if operation == "b2_copy_file" { copy } else { request };
        assert_eq!(account.refused(operation, request).await, bad, "{operation}");
    }
}

#[tokio::test]
async fn a_bucket_of_before_reads_back_unencrypted_until_null_resets_it() {
    let (sim, account) = Account::open().await;
    for (spelling, read) in [
        (Unencrypted::Null, json!({"mode": null, "algorithm": null})),
        (Unencrypted::None, json!({"mode": "none"})),
    ] {
        let name = format!("older-{}", format!("{spelling:?}").to_lowercase());
        let id = account.bucket(&name).await;
        assert!(sim.b2().set_unencrypted(&name, spelling) && !sim.b2().set_unencrypted("no-such", spelling));
        let request = json!({"bucketId": id});
        let shown = &account.granted("b2_list_buckets", request).await["buckets"][0];
        assert_eq!(shown["defaultServerSideEncryption"]["value"], read);
        let file = account.upload(&id, "x", b"1").await;
        assert_eq!(file["serverSideEncryption"], json!({"mode": null, "algorithm": null}));
        let untouched = account.granted("b2_update_bucket", json!({"bucketId": id, "bucketInfo": {}})).await;
        assert_eq!(untouched["defaultServerSideEncryption"]["value"], read);
        let reset = json!({"bucketId": id, "defaultServerSideEncryption": null});
        let reset = account.granted("b2_update_bucket", reset).await;
        assert_eq!(reset["defaultServerSideEncryption"]["value"], sse_b2());
    }
}

#[tokio::test]
async fn what_may_not_be_changed_about_a_lock_is_403() {
    let (_sim, account) = Account::open().await;
    let days = json!({"mode": "governance", "period": {"duration": 14, "unit": "days"}});
    let id = account.locked_bucket("denied-changes", days).await;
    let file = account.upload(&id, "x", b"1").await;
    let until = file["fileRetention"]["value"]["retainUntilTimestamp"].as_i64().unwrap();
    let named = |field: &str, value: Value| json!({"fileName": "x", "fileId": file["fileId"], field: value});
    let retain =
        |until: i64| named("fileRetention", json!({"mode": "governance", "retainUntilTimestamp": until}));
    let denied = said(403, "access_denied", "Access Denied");
    assert_eq!(message(&account, "b2_update_file_retention", retain(until - 1)).await, denied);
    let weak = account.holding(&account.key(4, &id, &["deleteFiles"]).await).await;
    assert_eq!(message(&weak, "b2_update_file_retention", retain(until + 1)).await, denied);
    assert_eq!(message(&weak, "b2_update_file_legal_hold", named("legalHold", json!("on"))).await, denied);
    let may_retain = account.holding(&account.key(4, &id, &["writeFileRetentions"]).await).await;
    let mut forced = retain(until - 1);
    forced["bypassGovernance"] = json!(true);
    assert_eq!(message(&may_retain, "b2_update_file_retention", forced).await, denied);
    let delete = json!({"fileName": "x", "fileId": file["fileId"]});
    assert_eq!(
        message(&account, "b2_delete_file_version", delete).await,
        said(401, "access_denied", "Access Denied")
    );
}

#[tokio::test]
async fn a_retention_that_has_ended_is_refused_by_its_own_code() {
    let (sim, account) = Account::open().await;
    let id = account.locked_bucket("ended-retentions", json!({"mode": null})).await;
    let file = account.upload(&id, "x", b"1").await;
    let now = sim.clock().now().as_millisecond();
    let past = json!({"mode": "compliance", "retainUntilTimestamp": now - 1});
    let code = (400, "retain_until_timestamp_must_be_in_future".to_owned());
    let start = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain", "fileRetention": past});
    let copy = json!({"sourceFileId": file["fileId"], "fileName": "y", "fileRetention": past});
    let update = json!({"fileName": "x", "fileId": file["fileId"], "fileRetention": past});
    for (operation, request) in
        [("b2_start_large_file", start), ("b2_copy_file", copy), ("b2_update_file_retention", update)]
    {
        assert_eq!(account.refused(operation, request).await, code, "{operation}");
    }
    let url = account.upload_url(&id).await;
    let upload = account.upload_to(&url, "z", b"1").header("x-bz-file-retention-mode", "compliance");
    let upload = upload.header("x-bz-file-retention-retain-until-timestamp", (now - 1).to_string());
    let (status, refusal) = answer(upload.send().await.unwrap()).await;
    assert_eq!((status, text(&refusal["code"])), code);
}

#[tokio::test]
async fn an_empty_default_retention_clears_it() {
    let (_sim, account) = Account::open().await;
    let days = json!({"mode": "governance", "period": {"duration": 1, "unit": "days"}});
    for (number, clear) in [(1, json!({})), (2, json!({"mode": null}))] {
        let id = account.locked_bucket(&format!("cleared-{number}"), days.clone()).await;
        let cleared =
            account.granted("b2_update_bucket", json!({"bucketId": id, "defaultRetention": clear})).await;
        let read = &cleared["fileLockConfiguration"]["value"]["defaultRetention"];
        assert_eq!(*read, json!({"mode": null, "period": null}));
    }
}

#[tokio::test]
async fn clients_find_the_words_that_they_parse() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("bucket-of-words").await;
    let giant = giant(&account, &id).await;
    let copy = json!({"sourceFileId": giant["fileId"], "fileName": "copy"});
    let expected = said(400, "source_too_large", "Copy source too big: 5050000000");
    assert_eq!(message(&account, "b2_copy_file", copy).await, expected);
    let lock = json!({"bucketId": id, "defaultRetention": {"mode": "governance", "period": {"duration": 1, "unit": "days"}}});
    let unlocked = said(400, "bucket_missing_file_lock", "The bucket is not file lock enabled");
    assert_eq!(message(&account, "b2_update_bucket", lock).await, unlocked);
    let hold = json!({"fileName": "giant", "fileId": giant["fileId"], "legalHold": "on"});
    assert_eq!(message(&account, "b2_update_file_legal_hold", hold).await, unlocked);
    let absent = json!({"bucketId": "0123456789abcdef01234567"});
    let expected = said(400, "bad_bucket_id", "Bucket 0123456789abcdef01234567 does not exist");
    assert_eq!(message(&account, "b2_get_upload_url", absent).await, expected);
    let weak = account.holding(&account.key(4, &id, &["readFiles"]).await).await;
    let unauthorized = said(401, "unauthorized", "unauthorized");
    assert_eq!(message(&weak, "b2_list_file_names", json!({"bucketId": id})).await, unauthorized);
    let (status, refusal) = answer(account.download("/file/no-such-bucket/x").await).await;
    assert_eq!((status, text(&refusal["message"])), (404, "Bucket no-such-bucket does not exist".to_owned()));
    let (info, url) = ("x".repeat(2048), account.upload_url(&id).await);
    let (status, refusal) =
        answer(account.upload_to(&url, "x", b"1").header("x-bz-info-long", info).send().await.unwrap()).await;
    assert_eq!((status, text(&refusal["code"])), (400, "metadata_exceeded".to_owned()));
}

#[tokio::test]
async fn a_busy_upload_url_names_its_token() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("busy-urls").await;
    let url = account.upload_url(&id).await;
    let hour = std::time::Duration::from_hours(1);
    sim.faults().on("b2", "b2_upload_file").after_effect(Fault::Stall(hour));
    let given_up = tokio::spawn(account.upload_to(&url, "x", b"1").send());
    while sim.transcript().lines().last().unwrap().operation != "b2_upload_file" {
        tokio::task::yield_now().await;
    }
    given_up.abort();
    let refused = loop {
        let (status, refusal) = answer(account.upload_to(&url, "x", b"2").send().await.unwrap()).await;
        if status != 200 {
            break refusal;
        }
    };
    let expected = format!("more than one upload using auth token {}", text(&url["authorizationToken"]));
    assert_eq!((&refused["code"], &refused["message"]), (&json!("auth_token_limit"), &json!(expected)));
}

#[tokio::test]
async fn what_is_unset_reads_as_null() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("unset-settings").await;
    let read =
        async || account.granted("b2_list_buckets", json!({"bucketId": id})).await["buckets"][0].clone();
    assert_eq!(
        read().await["replicationConfiguration"],
        json!({"isClientAuthorizedToRead": true, "value": null})
    );
    let none = json!({"asReplicationSource": null, "asReplicationDestination": null});
    account.granted("b2_update_bucket", json!({"bucketId": id, "replicationConfiguration": none})).await;
    assert_eq!(read().await["replicationConfiguration"]["value"], Value::Null);
    let rule = json!({"name": "some-rule", "eventTypes": ["b2:ObjectCreated:*"], "isEnabled": true, "objectNamePrefix": "",
        "targetConfiguration": {"targetType": "webhook", "url": "https://example.com/hook"}});
    let request = json!({"bucketId": id, "eventNotificationRules": [rule]});
    let set = account.granted("b2_set_bucket_notification_rules", request).await;
    let target = json!({"targetType": "webhook", "url": "https://example.com/hook",
        "hmacSha256SigningSecret": null, "customHeaders": null});
    assert_eq!(set["eventNotificationRules"][0]["targetConfiguration"], target);
    let again = json!({"bucketId": id, "eventNotificationRules": set["eventNotificationRules"]});
    assert_eq!(
        account.granted("b2_set_bucket_notification_rules", again).await,
        set,
        "what was read is taken back"
    );
}

#[tokio::test]
async fn an_answer_names_a_customer_key_by_its_md5() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("keys-by-md5").await;
    let digest = data_encoding::BASE64.encode(&<md5::Md5 as md5::Digest>::digest([7; 32]));
    let key = data_encoding::BASE64.encode(&[7; 32]);
    let shown = json!({"mode": "SSE-C", "algorithm": "AES256", "customerKeyMd5": digest});
    let mut customer = shown.clone();
    customer["customerKey"] = json!(key);
    let start = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain", "serverSideEncryption": customer});
    let large = account.granted("b2_start_large_file", start).await;
    assert_eq!(large["serverSideEncryption"], shown);
    let source = account.upload(&id, "x", b"1").await;
    let copy = json!({"sourceFileId": source["fileId"], "largeFileId": large["fileId"], "partNumber": 1,
        "destinationServerSideEncryption": customer});
    assert_eq!(account.granted("b2_copy_part", copy).await["serverSideEncryption"], shown);
}

#[tokio::test]
async fn a_copy_may_state_the_default_encryption_of_its_source() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("stated-sources").await;
    let file = account.upload(&id, "x", b"1").await;
    let copy =
        json!({"sourceFileId": file["fileId"], "fileName": "y", "sourceServerSideEncryption": sse_b2()});
    account.granted("b2_copy_file", copy).await;
    let start = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain"});
    let large = account.granted("b2_start_large_file", start).await["fileId"].clone();
    let part = |file: &Value| json!({"sourceFileId": file["fileId"], "largeFileId": large, "partNumber": 1, "sourceServerSideEncryption": sse_b2()});
    account.granted("b2_copy_part", part(&file)).await;
    assert!(sim.b2().set_unencrypted("stated-sources", Unencrypted::None));
    let older = account.upload(&id, "older", b"1").await;
    assert_eq!(account.refused("b2_copy_part", part(&older)).await.0, 400, "it is not what the source has");
}

#[tokio::test]
async fn info_that_sets_a_header_is_not_repeated() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("not-repeated").await;
    let url = account.upload_url(&id).await;
    let upload = account.upload_to(&url, "x", b"1").header("x-bz-info-b2-cache-control", "max-age=1");
    let upload = upload.header("x-bz-info-b2-content-language", "de").header("x-bz-info-note", "kept");
    assert_eq!(upload.send().await.unwrap().status(), 200);
    let headers = account.download("/file/not-repeated/x").await.headers().clone();
    for (name, value) in
        [("cache-control", "max-age=1"), ("content-language", "de"), ("x-bz-info-note", "kept")]
    {
        assert_eq!(headers[name], value, "{name}");
    }
    assert!(headers.keys().all(|name| !name.as_str().starts_with("x-bz-info-b2-")), "{headers:?}");
}

#[tokio::test]
async fn every_operation_takes_get() {
    let (_sim, account) = Account::open().await;
    let get = async |operation: &str, query: &str| {
        let url = format!("{}/b2api/v4/{operation}?accountId={}&{query}", account.url, account.id);
        answer(account.http.get(url).header("authorization", &account.token).send().await.unwrap()).await
    };
    let (status, made) = get("b2_create_bucket", "bucketName=made-by-get&bucketType=allPrivate").await;
    assert_eq!((status, &made["bucketName"]), (200, &json!("made-by-get")), "{made}");
    let (status, _) = get("b2_delete_bucket", &format!("bucketId={}", text(&made["bucketId"]))).await;
    assert_eq!(status, 200);
    for method in [Method::PUT, Method::DELETE, Method::HEAD] {
        let url = format!("{}/b2api/v4/b2_list_keys", account.url);
        let request = client().request(method.clone(), url).header("authorization", &account.token);
        assert_eq!(request.send().await.unwrap().status(), 405, "{method}");
    }
}

#[tokio::test]
async fn some_tokens_of_the_test_mode_expire_early_and_some_do_not() {
    let sim: Simulator = crate::simulation().start().await.unwrap();
    let b2 = sim.addresses().b2.clone();
    let mut early = Vec::new();
    for _ in 0..20 {
        let url = format!("{}/b2api/v4/b2_authorize_account", b2.url);
        let login = client().get(url).basic_auth(&b2.key_id, Some(&b2.application_key));
        let login = login.header("x-bz-test-mode", "expire_some_account_authorization_tokens");
        let (_, authorized) = answer(login.send().await.unwrap()).await;
        let account = Account {
            http: client(),
            url: b2.url.clone(),
            token: text(&authorized["authorizationToken"]),
            id: text(&authorized["accountId"]),
        };
        let mut statuses = Vec::new();
        for _ in 0..5 {
            statuses.push(account.call("b2_list_keys", json!({})).await.0);
        }
        assert_eq!(statuses[0], 200, "none is dead from the start");
        early.push(statuses.contains(&401));
    }
    assert!(early.contains(&true) && early.contains(&false), "{early:?}");
    assert_eq!(authorize(&b2.url, 4, &b2.key_id, &b2.application_key).await.0, 200);
}
