//! Files: uploads, listings, downloads, copies.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Account, answer, column, sha1, text};

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("there-and-back").await;
    let url = account.upload_url(&id).await;
    let data = vec![5; 300_000];
    let request = account.upload_to(&url, "dir/%D0%9F%20a%2Bb+c%25.bin", &data);
    let request =
        request.header("x-bz-info-Color", "deep%20blue").header("x-bz-info-b2-cache-control", "no-store");
    let (status, file) = answer(request.send().await.unwrap()).await;
    assert_eq!(status, 200, "{file}");
    assert_eq!(file["fileName"], "dir/П a+b c%.bin");
    assert_eq!(file["fileInfo"]["color"], "deep blue");
    assert_eq!((&file["action"], &file["contentSha1"]), (&json!("upload"), &json!(sha1(&data))));
    let response = account.download("/file/there-and-back/dir/%D0%9F%20a%2Bb%20c%25.bin").await;
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-bz-file-name"), "dir/%D0%9F%20a%2Bb%20c%25.bin");
    assert_eq!(header("x-bz-file-id"), text(&file["fileId"]));
    assert_eq!(header("x-bz-content-sha1"), sha1(&data));
    assert_eq!(header("x-bz-info-color"), "deep%20blue");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(response.bytes().await.unwrap(), data);
    let info = account.granted("b2_get_file_info", json!({"fileId": file["fileId"]})).await;
    assert_eq!(info, file);
}

#[tokio::test]
async fn an_upload_needs_its_headers_and_the_right_checksum() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("checked-uploads").await;
    let url = account.upload_url(&id).await;
    let send = async |name: &str, checksum: Option<&str>, body: &[u8]| {
        let mut request = account.http.post(text(&url["uploadUrl"])).body(body.to_vec());
        request = request.header("authorization", text(&url["authorizationToken"]));
        request = request.header("x-bz-file-name", name).header("content-type", "b2/x-auto");
        if let Some(checksum) = checksum {
            request = request.header("x-bz-content-sha1", checksum);
        }
        answer(request.send().await.unwrap()).await
    };
    for name in ["/a", "a//b", "a%0Ab", ""] {
        assert_eq!(send(name, Some(&sha1(b"x")), b"x").await.0, 400, "{name}");
    }
    assert_eq!(send("a", None, b"x").await.0, 400);
    assert_eq!(send("a", Some("junk"), b"x").await.0, 400);
    let (status, wrong) = send("a", Some(&sha1(b"y")), b"x").await;
    assert_eq!((status, &wrong["message"]), (400, &json!("Sha1 did not match data received")));
    let at_end = [b"hello".as_slice(), sha1(b"hello").as_bytes()].concat();
    let (_, file) = send("end.txt", Some("hex_digits_at_end"), &at_end).await;
    assert_eq!((&file["contentSha1"], &file["contentLength"]), (&json!(sha1(b"hello")), &json!(5)));
    assert_eq!(file["contentType"], "text/plain");
    let (_, file) = send("b", Some("do_not_verify"), b"x").await;
    assert_eq!(file["contentSha1"], format!("unverified:{}", sha1(b"x")));
}

#[tokio::test]
async fn names_are_listed_in_byte_order_by_pages() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("listed-names").await;
    let names = ["a", "a/b", "a/c/d", "a0", "\u{e9}", "\u{ffff}", "\u{10000}"];
    for name in names.iter().rev() {
        let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        account.upload(&id, &encoded, b"x").await;
    }
    let mut seen = Vec::new();
    let mut start = Value::Null;
    loop {
        let request = json!({"bucketId": id, "maxFileCount": 2, "startFileName": start});
        let page = account.granted("b2_list_file_names", request).await;
        assert!(page.get("nextFileId").is_none());
        seen.extend(column(&page["files"], "fileName"));
        start = page["nextFileName"].clone();
        if start.is_null() {
            break;
        }
    }
    assert_eq!(seen, names);
    let folders = json!({"bucketId": id, "delimiter": "/", "maxFileCount": 2});
    let page = account.granted("b2_list_file_names", folders).await;
    assert_eq!(column(&page["files"], "fileName"), ["a", "a/"]);
    assert_eq!(column(&page["files"], "action"), ["upload", "folder"]);
    assert_eq!(page["nextFileName"], "a0");
    let inside = json!({"bucketId": id, "prefix": "a/", "delimiter": "/"});
    let page = account.granted("b2_list_file_names", inside).await;
    assert_eq!(column(&page["files"], "fileName"), ["a/b", "a/c/"]);
}

#[tokio::test]
async fn versions_are_listed_newest_first_with_an_exact_cursor() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("many-versions").await;
    let mut ids = Vec::new();
    for data in [b"1", b"2", b"3"] {
        ids.push(text(&account.upload(&id, "x", data).await["fileId"]));
    }
    account.granted("b2_hide_file", json!({"bucketId": id, "fileName": "x"})).await;
    let all = account.granted("b2_list_file_versions", json!({"bucketId": id})).await;
    assert_eq!(column(&all["files"], "action"), ["hide", "upload", "upload", "upload"]);
    ids.reverse();
    assert_eq!(column(&all["files"], "fileId")[1..], ids);
    assert!(all["files"][0]["contentSha1"].is_null());
    let page = account.granted("b2_list_file_versions", json!({"bucketId": id, "maxFileCount": 2})).await;
    assert_eq!((&page["nextFileName"], &page["nextFileId"]), (&json!("x"), &json!(ids[1])));
    let next = json!({"bucketId": id, "startFileName": "x", "startFileId": page["nextFileId"]});
    let rest = account.granted("b2_list_file_versions", next).await;
    assert_eq!(column(&rest["files"], "fileId"), ids[1..]);
    let names = account.granted("b2_list_file_names", json!({"bucketId": id})).await;
    assert_eq!(names["files"], json!([]));
    let orphan = json!({"bucketId": id, "startFileId": ids[0]});
    assert_eq!(account.refused("b2_list_file_versions", orphan).await.0, 400);
}

#[tokio::test]
async fn hiding_and_deleting_say_what_is_already_so() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("hide-and-seek").await;
    let hide = json!({"bucketId": id, "fileName": "x"});
    assert_eq!(account.refused("b2_hide_file", hide.clone()).await, (400, "no_such_file".to_owned()));
    let file = account.upload(&id, "x", b"1").await;
    account.granted("b2_hide_file", hide.clone()).await;
    assert_eq!(account.refused("b2_hide_file", hide).await, (400, "already_hidden".to_owned()));
    assert_eq!(account.download("/file/hide-and-seek/x").await.status(), 404);
    let delete = json!({"fileName": "x", "fileId": file["fileId"]});
    let elsewhere = json!({"fileName": "y", "fileId": file["fileId"]});
    assert_eq!(account.refused("b2_delete_file_version", elsewhere).await.1, "file_not_present");
    account.granted("b2_delete_file_version", delete.clone()).await;
    let again = account.refused("b2_delete_file_version", delete).await;
    assert_eq!(again, (400, "file_not_present".to_owned()));
    let info = json!({"fileId": file["fileId"]});
    assert_eq!(account.refused("b2_get_file_info", info).await, (404, "not_found".to_owned()));
}

#[tokio::test]
async fn ranges_are_single_and_must_be_inside() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("with-ranges").await;
    account.upload(&id, "x", b"0123456789").await;
    account.upload(&id, "empty", b"").await;
    let get = async |path: &str, range: &str| {
        let request = account.http.get(format!("{}/file/with-ranges/{path}", account.url));
        request.header("authorization", &account.token).header("range", range).send().await.unwrap()
    };
    for (range, content_range, expected) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-2", "bytes 8-9/10", "89"),
        ("bytes=8-99", "bytes 8-9/10", "89"),
    ] {
        let response = get("x", range).await;
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(response.headers()["content-range"], content_range);
        assert_eq!(response.text().await.unwrap(), expected);
    }
    let (status, refusal) = answer(get("x", "bytes=10-").await).await;
    assert_eq!((status, &refusal["code"]), (416, &json!("range_not_satisfiable")));
    assert_eq!(get("empty", "bytes=0-0").await.status(), 416);
}

#[tokio::test]
async fn an_id_downloads_its_version_by_every_verb() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("by-their-ids").await;
    let first = account.upload(&id, "x", b"first").await;
    account.upload(&id, "x", b"second").await;
    let query = format!("/b2api/v4/b2_download_file_by_id?fileId={}", text(&first["fileId"]));
    assert_eq!(account.download(&query).await.text().await.unwrap(), "first");
    let head = account.http.head(format!("{}{query}", account.url)).header("authorization", &account.token);
    let head = head.send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "5");
    assert!(head.bytes().await.unwrap().is_empty());
    let posted = account.request(2, "b2_download_file_by_id", &json!({"fileId": first["fileId"]}));
    assert_eq!(posted.send().await.unwrap().text().await.unwrap(), "first");
    assert_eq!(account.download("/b2api/v4/b2_download_file_by_id?fileId=junk").await.status(), 400);
    assert_eq!(account.http.put(format!("{}{query}", account.url)).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_download_token_opens_its_prefix_only() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("shared-files").await;
    account.upload(&id, "a/x", b"1").await;
    account.upload(&id, "b/x", b"2").await;
    let request = json!({"bucketId": id, "fileNamePrefix": "a/", "validDurationInSeconds": 60,
        "b2ContentDisposition": "inline"});
    let token = text(&account.granted("b2_get_download_authorization", request).await["authorizationToken"]);
    let get = async |path: &str, query: &str| {
        let url = format!("{}/file/shared-files/{path}?{query}", account.url);
        account.http.get(url).send().await.unwrap()
    };
    assert_eq!(get("a/x", "").await.status(), 401);
    let query = format!("Authorization={token}&b2ContentDisposition=inline");
    let shared = get("a/x", &query).await;
    assert_eq!(shared.headers()["content-disposition"], "inline");
    assert_eq!(shared.text().await.unwrap(), "1");
    assert_eq!(get("b/x", &query).await.status(), 401);
    assert_eq!(get("a/x", &format!("Authorization={token}")).await.status(), 401);
    let long = json!({"bucketId": id, "fileNamePrefix": "", "validDurationInSeconds": 604_801});
    assert_eq!(account.refused("b2_get_download_authorization", long).await.0, 400);
}

#[tokio::test]
async fn a_copy_takes_or_replaces_what_is_known_of_its_source() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("with-copies").await;
    let source = account.upload(&id, "source", b"0123456789").await;
    let copy = |more: Value| {
        let mut request = json!({"sourceFileId": source["fileId"], "fileName": "copy"});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    let whole = account.granted("b2_copy_file", copy(json!({}))).await;
    assert_eq!((&whole["action"], &whole["contentSha1"]), (&json!("copy"), &source["contentSha1"]));
    let part = account.granted("b2_copy_file", copy(json!({"range": "bytes=2-3"}))).await;
    assert_eq!((&part["contentLength"], &part["contentSha1"]), (&json!(2), &json!(sha1(b"23"))));
    let replaced = json!({"metadataDirective": "REPLACE", "contentType": "text/x", "fileInfo": {"a": "b"}});
    let replaced = account.granted("b2_copy_file", copy(replaced)).await;
    assert_eq!((&replaced["contentType"], &replaced["fileInfo"]), (&json!("text/x"), &json!({"a": "b"})));
    for bad in [
        json!({"fileInfo": {"a": "b"}}),
        json!({"metadataDirective": "REPLACE"}),
        json!({"serverSideEncryption": {"mode": "SSE-B2", "algorithm": "AES256"}}),
        json!({"destinationServerSideEncryption": {"mode": ""}}),
    ] {
        assert_eq!(account.refused("b2_copy_file", copy(bad)).await.0, 400);
    }
    assert_eq!(account.refused("b2_copy_file", copy(json!({"range": "bytes=10-12"}))).await.0, 416);
    let listed = account.granted("b2_list_file_versions", json!({"bucketId": id, "prefix": "copy"})).await;
    assert_eq!(column(&listed["files"], "action"), ["upload"; 3]);
}

#[tokio::test]
async fn a_customer_key_must_be_shown_again() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("customer-keys").await;
    let key = |byte: u8| {
        let raw = [byte; 32];
        let digest = <md5::Md5 as md5::Digest>::digest(raw);
        (data_encoding::BASE64.encode(&raw), data_encoding::BASE64.encode(&digest))
    };
    let start = "x-bz-server-side-encryption-customer";
    let with = |request: reqwest::RequestBuilder, (key, md5): (String, String)| {
        let request = request.header(format!("{start}-algorithm"), "AES256");
        request.header(format!("{start}-key"), key).header(format!("{start}-key-md5"), md5)
    };
    let url = account.upload_url(&id).await;
    let wrong = with(account.upload_to(&url, "x", b"1"), (key(1).0, key(2).1));
    assert_eq!(wrong.send().await.unwrap().status(), 400);
    let (status, file) = answer(with(account.upload_to(&url, "x", b"1"), key(1)).send().await.unwrap()).await;
    assert_eq!((status, &file["serverSideEncryption"]["mode"]), (200, &json!("SSE-C")));
    let get = || {
        let request = account.http.get(format!("{}/file/customer-keys/x", account.url));
        request.header("authorization", &account.token)
    };
    let (status, refusal) = answer(get().send().await.unwrap()).await;
    assert_eq!((status, &refusal["code"]), (400, &json!("bad_request")));
    // Clients decide by these words.
    let words = "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.";
    assert_eq!(refusal["message"], words);
    assert_eq!(with(get(), key(2)).send().await.unwrap().status(), 403);
    assert_eq!(with(get(), key(1)).send().await.unwrap().text().await.unwrap(), "1");
}
