//! One wrong request per rule: what the service refuses, it refuses here too.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Account, answer, sha1, text};

async fn bad(account: &Account, operation: &str, request: Value) {
    let shown = format!("{operation} {request}");
    assert_eq!(account.refused(operation, request).await, (400, "bad_request".to_owned()), "{shown}");
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_bucket_is_given_what_buckets_have() {
    let (_sim, account) = Account::open().await;
    let id = account.locked_bucket("strict-bucket", json!({"mode": null})).await;
    let cors = |field: &str, value: Value| {
        let mut rule = json!({"corsRuleName": "some-rule", "allowedOrigins": ["https://example.com"],
            "allowedOperations": ["s3_get"], "maxAgeSeconds": 1});
        rule[field] = value;
        json!({"bucketId": id, "corsRules": [rule]})
    };
    account.granted("b2_update_bucket", cors("allowedHeaders", json!(["range"]))).await;
    let update = |field: &str, value: Value| json!({"bucketId": id, field: value});
    let days =
        |duration: Value| json!({"mode": "compliance", "period": {"duration": duration, "unit": "days"}});
    for request in [
        cors("allowedOperations", json!(["b2_eat_file"])),
        cors("allowedHeaders", json!("range")),
        cors("exposeHeaders", json!([1])),
        cors("maxAgeSeconds", json!(86_401)),
        cors("corsRuleName", json!("short")),
        update("bucketType", json!("snapshot")),
        update("bucketInfo", json!({"a": 1})),
        update("bucketInfo", json!({"a b": "1"})),
        update("defaultServerSideEncryption", json!({})),
        update("defaultServerSideEncryption", json!({"mode": "SSE-C", "algorithm": "AES256"})),
        update("defaultServerSideEncryption", json!({"mode": "SSE-B2"})),
        update("defaultRetention", json!({"period": {"duration": 1, "unit": "days"}})),
        update("defaultServerSideEncryption", json!({"mode": "none"})),
        update("defaultRetention", json!({"mode": "compliance"})),
        update("defaultRetention", json!({"mode": "firm", "period": {"duration": 1, "unit": "days"}})),
        update("defaultRetention", days(json!(0))),
        update("defaultRetention", days(json!("14"))),
        update("fileLockEnabled", json!("true")),
        update("ifRevisionIs", json!("2")),
        update("lifecycleRules", json!([{"fileNamePrefix": "", "daysFromHidingToDeleting": 0}])),
        update("lifecycleRules", json!([{"fileNamePrefix": ""}])),
        update("lifecycleRules", json!([{"daysFromHidingToDeleting": 1}])),
        update("revision", json!(3)),
    ] {
        bad(&account, "b2_update_bucket", request).await;
    }
    for kinds in [json!(["everything"]), json!(["all", "allPrivate"]), json!("all")] {
        bad(&account, "b2_list_buckets", json!({"bucketTypes": kinds})).await;
    }
}

#[tokio::test]
async fn a_key_is_shorter_lived_than_a_thousand_days() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("bucket-of-keys").await;
    let key = |field: &str, value: Value| {
        let mut request = json!({"keyName": "k", "capabilities": ["listFiles"]});
        request[field] = value;
        request
    };
    account.granted("b2_create_key", key("validDurationInSeconds", json!(86_399_999))).await;
    for request in [
        key("validDurationInSeconds", json!(86_400_000)),
        key("validDurationInSeconds", json!(0)),
        key("validDurationInSeconds", json!(1.5)),
        key("keyName", json!("under_score")),
        key("keyName", json!("k".repeat(101))),
        key("capabilities", json!([])),
        key("capabilities", json!(["readEverything"])),
        key("bucketId", json!(id)),
        key("bucketIds", json!([])),
        key("bucketIds", json!(id)),
        key("namePrefix", json!("a/")),
        json!({"keyName": "k", "capabilities": ["writeBuckets"], "bucketIds": [id]}),
        json!({"keyName": "k", "capabilities": ["deleteBuckets"], "bucketIds": [id]}),
        json!({"keyName": "k", "capabilities": ["writeKeys"], "bucketIds": [id]}),
    ] {
        bad(&account, "b2_create_key", request).await;
    }
    let refusal = account.refused("b2_create_key", key("bucketIds", json!(["0123"]))).await;
    assert_eq!(refusal, (400, "bad_bucket_id".to_owned()));
}

#[tokio::test]
async fn a_token_is_good_at_the_url_it_came_with() {
    let (_sim, account) = Account::open().await;
    let (one, other) = (account.bucket("one-bucket").await, account.bucket("other-bucket").await);
    let (own, foreign) = (account.upload_url(&one).await, account.upload_url(&other).await);
    let mixed = json!({"uploadUrl": foreign["uploadUrl"], "authorizationToken": own["authorizationToken"]});
    assert_eq!(status(account.upload_to(&mixed, "a", b"1")).await, 401);
    let start = json!({"bucketId": one, "fileName": "l", "contentType": "text/plain"});
    let large = account.granted("b2_start_large_file", start).await;
    let part = account.granted("b2_get_upload_part_url", json!({"fileId": large["fileId"]})).await;
    let mixed = json!({"uploadUrl": own["uploadUrl"], "authorizationToken": part["authorizationToken"]});
    assert_eq!(status(account.upload_to(&mixed, "a", b"1")).await, 401);
    assert_eq!(status(account.upload_to(&own, "a", b"1")).await, 200);
}

#[tokio::test]
async fn each_path_has_its_verbs() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("bucket-of-verbs").await;
    let url = text(&account.upload_url(&id).await["uploadUrl"]);
    for (method, url) in [
        (Method::PUT, format!("{}/b2api/v4/b2_authorize_account", account.url)),
        (Method::GET, url),
        (Method::PUT, format!("{}/b2api/v4/b2_create_bucket", account.url)),
        (Method::DELETE, format!("{}/b2api/v4/b2_hide_file", account.url)),
        (Method::POST, format!("{}/file/bucket-of-verbs/a", account.url)),
    ] {
        let request = account.http.request(method, &url).header("authorization", &account.token);
        let (status, refusal) = answer(request.send().await.unwrap()).await;
        assert_eq!((status, &refusal["code"]), (405, &json!("method_not_allowed")), "{url}");
    }
}

#[tokio::test]
async fn an_upload_describes_itself_in_the_services_own_headers() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("described-uploads").await;
    let url = account.upload_url(&id).await;
    for (name, value) in [
        ("content-disposition", "attachment"),
        ("content-encoding", "gzip"),
        ("expires", "0"),
        ("x-bz-info-b2-owner", "me"),
        ("x-bz-server-side-encryption", "none"),
        ("x-bz-file-legal-hold", "yes"),
        ("x-bz-file-retention-mode", "compliance"),
    ] {
        assert_eq!(status(account.upload_to(&url, "a", b"1").header(name, value)).await, 400, "{name}");
    }
    let start = |field: &str, value: Value| {
        let mut request = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain"});
        request[field] = value;
        request
    };
    for request in [
        start("fileInfo", json!({"b2-owner": "me"})),
        start("fileInfo", json!({"a": 1})),
        start("fileName", json!("/l")),
        start("serverSideEncryption", json!("SSE-B2")),
        start("fileRetention", json!({})),
        start("customUploadTimestamp", json!(5)),
        start("size", json!(5)),
    ] {
        bad(&account, "b2_start_large_file", request).await;
    }
}

#[tokio::test]
async fn a_part_is_verified_and_encrypted_as_its_file_is() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("bucket-of-parts").await;
    let source = account.upload(&id, "source", b"1").await;
    let key = data_encoding::BASE64.encode(&[7; 32]);
    let digest = md5_of(&[7; 32]);
    let customer =
        json!({"mode": "SSE-C", "algorithm": "AES256", "customerKey": key, "customerKeyMd5": digest});
    let start = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain", "serverSideEncryption": customer});
    let large = account.granted("b2_start_large_file", start).await["fileId"].clone();
    let copy = json!({"sourceFileId": source["fileId"], "largeFileId": large, "partNumber": 1});
    bad(&account, "b2_copy_part", copy.clone()).await;
    let mut fitting = copy;
    fitting["destinationServerSideEncryption"] = customer;
    account.granted("b2_copy_part", fitting).await;

    let start = json!({"bucketId": id, "fileName": "plain", "contentType": "text/plain"});
    let plain = account.granted("b2_start_large_file", start).await["fileId"].clone();
    let url = account.granted("b2_get_upload_part_url", json!({"fileId": plain})).await;
    let part = |promise: &str, number: &str| {
        let request = account.http.post(text(&url["uploadUrl"])).body(b"1".to_vec());
        let request = request.header("authorization", text(&url["authorizationToken"]));
        request.header("x-bz-content-sha1", promise).header("x-bz-part-number", number)
    };
    assert_eq!(status(part("do_not_verify", "1")).await, 400);
    assert_eq!(status(part(&sha1(b"1"), "0")).await, 400);
    assert_eq!(status(part(&sha1(b"1"), "10001")).await, 400);
    assert_eq!(status(part(&sha1(b"1"), "1").header("x-bz-server-side-encryption", "AES256")).await, 400);
    assert_eq!(status(part(&sha1(b"1"), "1")).await, 200);
}

fn md5_of(bytes: &[u8]) -> String {
    use md5::Digest as _;
    data_encoding::BASE64.encode(&md5::Md5::digest(bytes))
}

#[tokio::test]
async fn unfinished_files_are_paged_past_one_that_is_gone() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("unfinished-pages").await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let start = json!({"bucketId": id, "fileName": name, "contentType": "text/plain"});
        ids.push(account.granted("b2_start_large_file", start).await["fileId"].clone());
        sim.clock().advance(std::time::Duration::from_secs(1));
    }
    let page = json!({"bucketId": id, "maxFileCount": 1});
    let next = account.granted("b2_list_unfinished_large_files", page).await["nextFileId"].clone();
    assert_eq!(next, ids[1]);
    account.granted("b2_cancel_large_file", json!({"fileId": next})).await;
    let rest = json!({"bucketId": id, "startFileId": next});
    let rest = account.granted("b2_list_unfinished_large_files", rest).await;
    assert_eq!(rest["files"].as_array().unwrap().len(), 1);
    assert_eq!(rest["files"][0]["fileId"], ids[2]);
}

#[tokio::test]
async fn a_download_by_id_knows_its_fields() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("download-fields").await;
    let file = account.upload(&id, "a", b"1").await["fileId"].clone();
    bad(&account, "b2_download_file_by_id", json!({"fileId": file, "range": "bytes=0-0"})).await;
    bad(&account, "b2_download_file_by_id", json!({})).await;
    assert_eq!(status(account.request(4, "b2_download_file_by_id", &json!({"fileId": file}))).await, 200);
}

#[tokio::test]
async fn names_in_a_files_info_obey_one_rule_in_headers_and_in_json() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("named-info").await;
    let url = account.upload_url(&id).await;
    let long = "n".repeat(51);
    for (name, expected) in
        [("a.b", 200), ("Odd!#$%&'*+-.^_`|~", 200), (&*"n".repeat(50), 200), (&*long, 400)]
    {
        let header = format!("x-bz-info-{name}");
        let upload = account.upload_to(&url, "small", b"1").header(header, "v");
        assert_eq!(status(upload).await, expected, "{name} in a header");
        let mut info = json!({});
        info[name] = json!("v");
        let start = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain", "fileInfo": info});
        let (answered, file) = account.call("b2_start_large_file", start).await;
        assert_eq!(answered, expected, "{name} in JSON");
        assert!(answered != 200 || file["fileInfo"][name.to_ascii_lowercase()] == "v", "{file}");
    }
    for name in ["", "a b", "\u{e9}", "a/b", "a:b", "a\"b"] {
        let mut info = json!({});
        info[name] = json!("v");
        let start = json!({"bucketId": id, "fileName": "l", "contentType": "text/plain", "fileInfo": info});
        bad(&account, "b2_start_large_file", start).await;
    }
}
