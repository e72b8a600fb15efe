//! Authorising, keys and their two worlds.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Account, authorize, text};

fn secret(key: &Value) -> (String, String) {
    (text(&key["applicationKeyId"]), text(&key["applicationKey"]))
}

#[tokio::test]
async fn authorising_has_four_shapes() {
    let (sim, account) = Account::open().await;
    let bucket_id = account.bucket("four-shapes").await;
    let (id, key) = secret(&account.key(3, &bucket_id, &["listBuckets", "readFiles"]).await);
    let b2 = &sim.addresses().b2;
    for version in [1, 2] {
        let (_, flat) = authorize(&b2.url, version, &id, &key).await;
        assert_eq!(flat["apiUrl"], b2.url);
        assert_eq!(flat["allowed"]["bucketId"], bucket_id);
        assert_eq!(flat["allowed"]["bucketName"], "four-shapes");
        assert_eq!(flat["absoluteMinimumPartSize"], 5_000_000);
    }
    let (_, third) = authorize(&b2.url, 3, &id, &key).await;
    let storage = &third["apiInfo"]["storageApi"];
    assert_eq!((&storage["bucketId"], &storage["bucketName"]), (&json!(bucket_id), &json!("four-shapes")));
    assert_eq!(storage["capabilities"], json!(["listBuckets", "readFiles"]));
    let (_, fourth) = authorize(&b2.url, 4, &id, &key).await;
    let storage = &fourth["apiInfo"]["storageApi"];
    assert!(storage.get("bucketId").is_none());
    assert_eq!(storage["allowed"]["buckets"], json!([{"id": bucket_id, "name": "four-shapes"}]));
    assert_eq!(storage["downloadUrl"], b2.url);
    let (_, owner) = authorize(&b2.url, 4, &b2.key_id, &b2.application_key).await;
    assert!(owner["apiInfo"]["storageApi"]["allowed"]["buckets"].is_null());
    assert_ne!(owner["accountId"], json!(b2.key_id));
}

#[tokio::test]
async fn a_restricted_key_of_version_4_is_unknown_to_older_ones() {
    let (sim, account) = Account::open().await;
    let bucket_id = account.bucket("two-worlds").await;
    let url = &sim.addresses().b2.url;
    let (old_id, old) = secret(&account.key(3, &bucket_id, &["listFiles"]).await);
    let (new_id, new) = secret(&account.key(4, &bucket_id, &["listFiles"]).await);
    for version in 1..=3 {
        assert_eq!(authorize(url, version, &old_id, &old).await.0, 200);
        let (status, refusal) = authorize(url, version, &new_id, &new).await;
        assert_eq!((status, &refusal["code"]), (400, &json!("bad_request")));
        let wording = format!("This request is not currently supported on API version number {version}");
        assert_eq!(refusal["message"], wording);
    }
    assert_eq!(authorize(url, 4, &old_id, &old).await.0, 200);
    assert_eq!(authorize(url, 4, &new_id, &new).await.0, 200);
    assert_eq!(authorize(url, 4, &new_id, &old).await.0, 401);
}

#[tokio::test]
async fn a_key_shows_its_secret_once_and_has_the_shape_of_a_key() {
    let (sim, account) = Account::open().await;
    let bucket_id = account.bucket("key-shapes").await;
    let key = account.key(4, &bucket_id, &["listFiles"]).await;
    let (id, secret) = secret(&key);
    assert_eq!(id.len(), 25);
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(secret.len(), 31);
    assert!(secret.starts_with("K005"));
    assert_eq!(key["bucketIds"], json!([bucket_id]));
    let listed = account.granted("b2_list_keys", json!({})).await;
    let row = listed["keys"].as_array().unwrap().iter().find(|row| row["applicationKeyId"] == id).unwrap();
    assert!(row.get("applicationKey").is_none());
    let (_, old) = account.call_version(3, "b2_list_keys", json!({})).await;
    assert_eq!(old["keys"][1]["bucketId"], bucket_id);
    account.granted("b2_delete_key", json!({"applicationKeyId": id})).await;
    assert_eq!(authorize(&sim.addresses().b2.url, 4, &id, &secret).await.0, 401);
    let gone = account.refused("b2_delete_key", json!({"applicationKeyId": id})).await;
    assert_eq!(gone.0, 400);
}

#[tokio::test]
async fn keys_are_listed_by_pages() {
    let (_sim, account) = Account::open().await;
    for _ in 0..4 {
        account.granted("b2_create_key", json!({"keyName": "k", "capabilities": ["listFiles"]})).await;
    }
    let mut ids = Vec::new();
    let mut start = Value::Null;
    loop {
        let request = json!({"maxKeyCount": 2, "startApplicationKeyId": start});
        let page = account.granted("b2_list_keys", request).await;
        ids.extend(super::column(&page["keys"], "applicationKeyId"));
        start = page["nextApplicationKeyId"].clone();
        if start.is_null() {
            break;
        }
    }
    assert_eq!(ids.len(), 5);
    assert!(ids.is_sorted());
}

#[tokio::test]
async fn what_a_restricted_key_must_not_hold_is_refused_whole() {
    let (_sim, account) = Account::open().await;
    let bucket_id = account.bucket("no-writing").await;
    for capability in ["writeBuckets", "deleteBuckets", "writeKeys"] {
        let request =
            json!({"keyName": "k", "capabilities": ["listFiles", capability], "bucketIds": [bucket_id]});
        assert_eq!(account.refused("b2_create_key", request).await, (400, "bad_request".to_owned()));
    }
    let unknown = json!({"keyName": "k", "capabilities": ["flyFiles"]});
    assert_eq!(account.refused("b2_create_key", unknown).await.0, 400);
    let old_field = json!({"keyName": "k", "capabilities": ["listFiles"], "bucketId": bucket_id});
    assert_eq!(account.refused("b2_create_key", old_field).await.0, 400);
}

#[tokio::test]
async fn a_key_reaches_no_further_than_its_capabilities_bucket_and_prefix() {
    let (_sim, account) = Account::open().await;
    let (own, other) = (account.bucket("own-bucket").await, account.bucket("other-bucket").await);
    account.upload(&own, "a/1", b"1").await;
    account.upload(&own, "b/1", b"2").await;
    let request = json!({"keyName": "k", "capabilities": ["listBuckets", "listFiles", "readFiles"],
        "bucketIds": [own], "namePrefix": "a/"});
    let holder = account.holding(&account.granted("b2_create_key", request).await).await;
    let unauthorized = (401, "unauthorized".to_owned());
    for request in [json!({}), json!({"bucketName": "other-bucket"}), json!({"bucketId": other})] {
        assert_eq!(holder.refused("b2_list_buckets", request).await, unauthorized);
    }
    let named = holder.granted("b2_list_buckets", json!({"bucketName": "own-bucket"})).await;
    let bucket = &named["buckets"][0];
    assert_eq!(bucket["fileLockConfiguration"]["isClientAuthorizedToRead"], false);
    assert!(bucket["fileLockConfiguration"]["value"].is_null());
    assert_eq!(holder.refused("b2_get_upload_url", json!({"bucketId": own})).await, unauthorized);
    let wide = json!({"bucketId": own});
    assert_eq!(holder.refused("b2_list_file_names", wide.clone()).await, unauthorized);
    let (_, silent) = holder.call_version(1, "b2_list_file_names", wide).await;
    assert_eq!(super::column(&silent["files"], "fileName"), ["a/1"]);
    assert_eq!(
        holder.granted("b2_list_file_names", json!({"bucketId": own, "prefix": "a/"})).await["files"][0]["fileName"],
        "a/1"
    );
    assert_eq!(holder.download("/file/own-bucket/b/1").await.status(), 401);
    assert_eq!(holder.download("/file/own-bucket/a/1").await.status(), 200);
}

#[tokio::test]
async fn keys_and_tokens_expire_by_the_simulated_clock() {
    let (sim, account) = Account::open().await;
    let request = json!({"keyName": "k", "capabilities": ["listKeys"], "validDurationInSeconds": 100_000});
    let key = account.granted("b2_create_key", request).await;
    let holder = account.holding(&key).await;
    assert_eq!(holder.call("b2_list_keys", json!({})).await.0, 200);
    sim.clock().advance(Duration::from_secs(86_401));
    assert_eq!(holder.refused("b2_list_keys", json!({})).await, (401, "expired_auth_token".to_owned()));
    let holder = account.holding(&key).await;
    sim.clock().advance(Duration::from_secs(20_000));
    assert_eq!(holder.refused("b2_list_keys", json!({})).await.0, 401);
    let (id, secret) = secret(&key);
    assert_eq!(authorize(&sim.addresses().b2.url, 4, &id, &secret).await.0, 401);
}
