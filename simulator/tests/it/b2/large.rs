//! Large files.

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use simulator::DEFAULT_ID;
use simulator::b2::Settings;

use super::{Account, answer, column, sha1, text};

/// An account whose parts may be small, with a bucket and a large file that was started.
async fn started() -> (simulator::Simulator, Account, String, String) {
    let builder = crate::simulation().b2_account(DEFAULT_ID, Settings::default().part_sizes(1000, 2000));
    let (sim, account) = Account::open_with(builder).await;
    let bucket_id = account.bucket("large-files").await;
    let request = json!({"bucketId": bucket_id, "fileName": "large", "contentType": "text/plain", "fileInfo": {"a": "b"}});
    let file = account.granted("b2_start_large_file", request).await;
    assert_eq!((&file["action"], &file["contentSha1"]), (&json!("start"), &json!("none")));
    (sim, account, bucket_id, text(&file["fileId"]))
}

impl Account {
    async fn part_url(&self, file_id: &str) -> Value {
        self.granted("b2_get_upload_part_url", json!({"fileId": file_id})).await
    }

    fn part(&self, url: &Value, number: u32, data: &[u8]) -> RequestBuilder {
        self.http
            .post(text(&url["uploadUrl"]))
            .header("authorization", text(&url["authorizationToken"]))
            .header("x-bz-part-number", number)
            .header("x-bz-content-sha1", sha1(data))
            .body(data.to_vec())
    }
}

#[tokio::test]
async fn parts_make_a_file_in_their_order() {
    let (_sim, account, bucket_id, file_id) = started().await;
    let url = account.part_url(&file_id).await;
    let parts = [vec![1; 2000], vec![2; 1500], vec![3; 10]];
    for number in [3, 1, 2] {
        let request = account.part(&url, number, &parts[number as usize - 1]);
        let (status, part) = answer(request.send().await.unwrap()).await;
        assert_eq!((status, &part["partNumber"]), (200, &json!(number)));
    }
    let listed = account.granted("b2_list_parts", json!({"fileId": file_id, "maxPartCount": 2})).await;
    assert_eq!(column(&listed["parts"], "contentSha1"), [sha1(&parts[0]), sha1(&parts[1])]);
    assert_eq!(listed["nextPartNumber"], 3);
    let names = account.granted("b2_list_file_names", json!({"bucketId": bucket_id})).await;
    assert_eq!(names["files"], json!([]));
    let versions = account.granted("b2_list_file_versions", json!({"bucketId": bucket_id})).await;
    assert_eq!(column(&versions["files"], "action"), ["start"]);
    let sums: Vec<_> = parts.iter().map(|part| sha1(part)).collect();
    let finish = json!({"fileId": file_id, "partSha1Array": sums});
    let file = account.granted("b2_finish_large_file", finish.clone()).await;
    assert_eq!((&file["contentLength"], &file["contentSha1"]), (&json!(3510), &json!("none")));
    let body = account.download("/file/large-files/large").await.bytes().await.unwrap();
    assert_eq!(body, parts.concat());
    let (_, again) = account.call("b2_finish_large_file", finish).await;
    assert!(text(&again["message"]).contains("No active upload"));
}

#[tokio::test]
async fn finishing_is_refused_until_every_part_is_right() {
    let (_sim, account, _, file_id) = started().await;
    let url = account.part_url(&file_id).await;
    let send = async |number: u32, data: &[u8]| {
        account.part(&url, number, data).send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(0, b"x").await, 400);
    assert_eq!(send(10_001, b"x").await, 400);
    let (first, last) = (vec![1; 1000], vec![2; 10]);
    assert_eq!(send(1, &last).await, 200);
    let finish = async |sums: &[String]| {
        account.refused("b2_finish_large_file", json!({"fileId": file_id, "partSha1Array": sums})).await.1
    };
    assert_eq!(finish(&[sha1(&last)]).await, "bad_request");
    assert_eq!(finish(&[sha1(&last), sha1(&last)]).await, "missing_part");
    assert_eq!(send(2, &last).await, 200);
    assert_eq!(finish(&[sha1(&first), sha1(&last)]).await, "part_sha1_mismatch");
    assert_eq!(finish(&[sha1(&last), sha1(&last)]).await, "bad_request");
    assert_eq!(send(1, &first).await, 200);
    let sums = json!({"fileId": file_id, "partSha1Array": [sha1(&first), sha1(&last)]});
    account.granted("b2_finish_large_file", sums).await;
    let encrypted = account.part(&url, 3, &last).header("x-bz-server-side-encryption", "AES256");
    assert_eq!(encrypted.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn unfinished_files_are_listed_oldest_first_and_cancelled() {
    let (_sim, account, bucket_id, first) = started().await;
    let mut ids = vec![first];
    for name in ["b", "a"] {
        let request = json!({"bucketId": bucket_id, "fileName": name, "contentType": "b2/x-auto"});
        ids.push(text(&account.granted("b2_start_large_file", request).await["fileId"]));
    }
    let page = json!({"bucketId": bucket_id, "maxFileCount": 2});
    let listed = account.granted("b2_list_unfinished_large_files", page).await;
    assert_eq!(column(&listed["files"], "fileId"), ids[..2]);
    assert_eq!(listed["nextFileId"], ids[2]);
    let too_many = json!({"bucketId": bucket_id, "maxFileCount": 101});
    assert_eq!(account.refused("b2_list_unfinished_large_files", too_many).await.0, 400);
    let cancelled = account.granted("b2_cancel_large_file", json!({"fileId": ids[1]})).await;
    assert_eq!((&cancelled["fileName"], &cancelled["bucketId"]), (&json!("b"), &json!(bucket_id)));
    assert_eq!(account.refused("b2_cancel_large_file", json!({"fileId": ids[1]})).await.0, 400);
    let rest = json!({"bucketId": bucket_id, "startFileId": ids[2], "namePrefix": "a"});
    let listed = account.granted("b2_list_unfinished_large_files", rest).await;
    assert_eq!(column(&listed["files"], "fileId"), ids[2..]);
}

#[tokio::test]
async fn parts_can_be_copied() {
    let (_sim, account, bucket_id, file_id) = started().await;
    let data: Vec<u8> = (0..3000_u32).map(|i| i.to_le_bytes()[0]).collect();
    let source = account.upload(&bucket_id, "source", &data).await;
    let mut sums = Vec::new();
    for (number, range) in [(1, "bytes=0-1499"), (2, "bytes=1500-2999")] {
        let request = json!({"sourceFileId": source["fileId"], "largeFileId": file_id, "partNumber": number, "range": range});
        sums.push(text(&account.granted("b2_copy_part", request).await["contentSha1"]));
    }
    account.granted("b2_finish_large_file", json!({"fileId": file_id, "partSha1Array": sums})).await;
    assert_eq!(account.download("/file/large-files/large").await.bytes().await.unwrap(), data);
}

#[tokio::test]
async fn small_files_and_parts_have_an_md5_and_large_files_have_none() {
    let (_sim, account, bucket_id, file_id) = started().await;
    let (of_abc, of_nothing) = ("900150983cd24fb0d6963f7d28e17f72", "d41d8cd98f00b204e9800998ecf8427e");
    let small = account.upload(&bucket_id, "small", b"abc").await;
    let empty = account.upload(&bucket_id, "empty", b"").await;
    assert_eq!((&small["contentMd5"], &empty["contentMd5"]), (&json!(of_abc), &json!(of_nothing)));
    let copy = json!({"sourceFileId": small["fileId"], "fileName": "copy"});
    assert_eq!(account.granted("b2_copy_file", copy).await["contentMd5"], of_abc);
    let url = account.part_url(&file_id).await;
    let first = vec![0; 2000];
    answer(account.part(&url, 1, &first).send().await.unwrap()).await;
    let (_, part) = answer(account.part(&url, 2, b"abc").send().await.unwrap()).await;
    assert_eq!(part["contentMd5"], of_abc);
    let listed = account.granted("b2_list_parts", json!({"fileId": file_id})).await;
    assert_eq!(listed["parts"][1]["contentMd5"], of_abc);
    let finish = json!({"fileId": file_id, "partSha1Array": [sha1(&first), sha1(b"abc")]});
    let large = account.granted("b2_finish_large_file", finish).await;
    assert_eq!((&large["contentMd5"], &large["contentSha1"]), (&Value::Null, &json!("none")));
    let range = json!({"sourceFileId": file_id, "fileName": "tail", "range": "bytes=2000-2002"});
    assert_eq!(account.granted("b2_copy_file", range).await["contentMd5"], of_abc);
    let hidden = account.granted("b2_hide_file", json!({"bucketId": bucket_id, "fileName": "tail"})).await;
    assert_eq!(hidden["contentMd5"], Value::Null);
}

#[tokio::test]
async fn an_account_without_md5_is_given_none() {
    let builder = crate::simulation().b2_account(DEFAULT_ID, Settings::default().without_md5());
    let (_sim, account) = Account::open_with(builder).await;
    let id = account.bucket("without-md5").await;
    let file = account.upload(&id, "a", b"abc").await;
    assert_eq!((&file["contentMd5"], text(&file["contentSha1"])), (&Value::Null, sha1(b"abc")));
}
