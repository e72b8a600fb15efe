//! Several accounts behind one address: what one key reaches, and what all accounts share.

use serde_json::json;
use simulator::{Fault, Simulator, b2};

use super::{Account, answer, authorize, text};

/// Two accounts, and the owner of each.
async fn two() -> (Simulator, Account, Account) {
    let builder = crate::simulation()
        .b2_account("ours", b2::Settings::default())
        .b2_account("theirs", b2::Settings::default());
    let (sim, ours) = Account::open_with(builder).await;
    let theirs = sim.addresses().b2_account("theirs").unwrap().clone();
    let theirs = Account::authorized(&theirs.url, &theirs.key_id, &theirs.application_key).await;
    (sim, ours, theirs)
}

#[tokio::test]
async fn the_key_decides_the_account() {
    let (sim, ours, theirs) = two().await;
    assert_eq!(ours.url, theirs.url);
    assert_ne!(ours.id, theirs.id);
    assert_eq!(ours.id, sim.b2_account("ours").unwrap().account_id());
    let at = sim.addresses();
    // One account's key id with the other's key is nobody's.
    let mixed =
        authorize(&ours.url, 4, &at.b2.key_id, &at.b2_account("theirs").unwrap().application_key).await;
    assert_eq!((mixed.0, &mixed.1["code"]), (401, &json!("unauthorized")));
    let made = theirs.bucket("their-bucket").await;
    let key = theirs.key(4, &made, &["listBuckets", "listFiles"]).await;
    assert_eq!(theirs.holding(&key).await.id, theirs.id);
}

#[tokio::test]
async fn a_key_reaches_nothing_of_another_account() {
    let (sim, ours, theirs) = two().await;
    let bucket = theirs.bucket("their-bucket").await;
    let file = text(&theirs.upload(&bucket, "secret.txt", b"secret").await["fileId"]);
    assert_eq!(ours.granted("b2_list_buckets", json!({})).await["buckets"], json!([]));
    let asked = json!({"accountId": theirs.id, "bucketName": "their-bucket"});
    let listed = ours.request(4, "b2_list_buckets", &asked).send().await.unwrap();
    assert_eq!(answer(listed).await.0, 400);
    for (operation, request) in [
        ("b2_update_bucket", json!({"bucketId": bucket, "bucketType": "allPublic"})),
        ("b2_delete_bucket", json!({"bucketId": bucket})),
        ("b2_get_upload_url", json!({"bucketId": bucket})),
        ("b2_list_file_names", json!({"bucketId": bucket})),
        ("b2_get_file_info", json!({"fileId": file})),
        ("b2_hide_file", json!({"bucketId": bucket, "fileName": "secret.txt"})),
        ("b2_delete_file_version", json!({"fileId": file, "fileName": "secret.txt"})),
        ("b2_copy_file", json!({"sourceFileId": file, "fileName": "copy.txt"})),
        ("b2_create_key", json!({"keyName": "k", "capabilities": ["readFiles"], "bucketIds": [bucket]})),
        ("b2_delete_key", json!({"applicationKeyId": sim.addresses().b2_account("theirs").unwrap().key_id})),
    ] {
        let (status, _) = ours.refused(operation, request).await;
        assert!((400..500).contains(&status), "{operation}: {status}");
    }
    let (by_name, by_id) = (
        "/file/their-bucket/secret.txt".to_owned(),
        format!("/b2api/v4/b2_download_file_by_id?fileId={file}"),
    );
    for path in [&by_name, &by_id] {
        assert_eq!(ours.download(path).await.status(), 401, "{path}");
        assert_eq!(theirs.download(path).await.text().await.unwrap(), "secret", "{path}");
    }
    // Their public files are everybody's, whatever token is shown.
    theirs.granted("b2_update_bucket", json!({"bucketId": bucket, "bucketType": "allPublic"})).await;
    for path in [&by_name, &by_id] {
        assert_eq!(ours.download(path).await.text().await.unwrap(), "secret", "{path}");
    }
    assert_eq!(sim.b2_account("ours").unwrap().buckets().len(), 0);
    assert_eq!(sim.b2_account("theirs").unwrap().versions("their-bucket").len(), 1);
}

#[tokio::test]
async fn a_bucket_name_is_taken_for_every_account() {
    let (sim, ours, theirs) = two().await;
    let request = |name: &str| json!({"bucketName": name, "bucketType": "allPrivate"});
    let bucket = theirs.bucket("one-of-a-kind").await;
    for name in ["one-of-a-kind", "One-Of-A-Kind"] {
        let refused = ours.refused("b2_create_bucket", request(name)).await;
        assert_eq!(refused, (400, "duplicate_bucket_name".to_owned()));
    }
    theirs.granted("b2_delete_bucket", json!({"bucketId": bucket})).await;
    ours.bucket("one-of-a-kind").await;
    // A bucket that the account has no room for takes no name.
    sim.b2_account("theirs").unwrap().limit_buckets(0);
    assert_eq!(theirs.refused("b2_create_bucket", request("free-name")).await.1, "too_many_buckets");
    ours.bucket("free-name").await;
}

#[tokio::test]
async fn faults_and_lines_name_the_account() {
    let (sim, ours, theirs) = two().await;
    let mark = sim.transcript().mark();
    sim.faults().on("b2", "b2_list_buckets").at("theirs").before_effect(Fault::ExpireToken);
    assert_eq!(theirs.refused("b2_list_buckets", json!({})).await.1, "expired_auth_token");
    ours.granted("b2_list_buckets", json!({})).await;
    authorize(&ours.url, 4, "005000000000000000000000", "wrong").await;
    let lines = sim.transcript().since(mark);
    let instances: Vec<Option<&str>> = lines.iter().map(|line| line.instance.as_deref()).collect();
    assert_eq!(instances, [Some("theirs"), Some("ours"), None]);
}
