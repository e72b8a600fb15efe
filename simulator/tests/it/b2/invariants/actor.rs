//! Who walks: the holders of keys that may do more and less.

use serde_json::{Value, json};
use simulator::Simulator;

use super::super::{Account, answer, sha1, text};

/// The capabilities that a key for a bucket can have, but for the bypass.
const FILES: [&str; 9] = [
    "listBuckets",
    "listFiles",
    "readFiles",
    "writeFiles",
    "deleteFiles",
    "readFileRetentions",
    "writeFileRetentions",
    "readFileLegalHolds",
    "writeFileLegalHolds",
];

/// The holder of one key.
pub(super) struct Actor {
    pub(super) account: Account,
    key: (String, String),
    pub(super) bypasses: bool,
    pub(super) prefix: Option<&'static str>,
    elsewhere: bool,
}

/// The owner, and keys with and without the bypass: of the account, of the bucket, of a prefix in it, and of another bucket.
pub(super) async fn all(sim: &Simulator, owner: Account, bucket: &str) -> Vec<Actor> {
    let other = owner.bucket("another-bucket").await;
    let mut actors = Vec::new();
    for (bucket, prefix, bypasses) in [
        (None, None, false),
        (Some(bucket), None, true),
        (Some(bucket), None, false),
        (Some(bucket), Some("a/"), true),
        (Some(&*other), None, true),
    ] {
        let mut capabilities = FILES.to_vec();
        capabilities.extend(bypasses.then_some("bypassGovernance"));
        let bucket_ids = bucket.map(|id| [id]);
        let request = json!({"keyName": "walker", "capabilities": capabilities, "bucketIds": bucket_ids, "namePrefix": prefix});
        let made = owner.granted("b2_create_key", request).await;
        let account = owner.holding(&made).await;
        let key = (text(&made["applicationKeyId"]), text(&made["applicationKey"]));
        actors.push(Actor { account, key, bypasses, prefix, elsewhere: bucket == Some(&*other) });
    }
    let b2 = &sim.addresses().b2;
    let key = (b2.key_id.clone(), b2.application_key.clone());
    actors.push(Actor { account: owner, key, bypasses: true, prefix: None, elsewhere: false });
    actors
}

/// Tokens end after a day.
pub(super) async fn sign_in_again(actors: &mut [Actor]) {
    for actor in actors {
        actor.account = Account::authorized(&actor.account.url, &actor.key.0, &actor.key.1).await;
    }
}

impl Actor {
    /// Calls an operation; nothing where it is refused, which is part of the walk.
    pub(super) async fn call(&self, operation: &str, request: Value) -> Option<Value> {
        self.expected(operation, self.account.call(operation, request).await)
    }

    fn expected(&self, operation: &str, (status, answer): (u16, Value)) -> Option<Value> {
        assert!([200, 400, 401, 403, 404, 416].contains(&status), "{operation}: {answer}");
        assert!(status != 200 || !self.elsewhere, "{operation} of a key for another bucket: {answer}");
        (status == 200).then_some(answer)
    }

    pub(super) async fn upload(&self, bucket: &str, name: &str, bytes: &[u8]) -> Option<Value> {
        let url = self.call("b2_get_upload_url", json!({"bucketId": bucket})).await?;
        let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let sent = self.account.upload_to(&url, &encoded, bytes).send().await.unwrap();
        self.expected("b2_upload_file", answer(sent).await)
    }

    pub(super) async fn upload_part(&self, file_id: &str, number: u64, bytes: &[u8]) -> Option<Value> {
        let url = self.call("b2_get_upload_part_url", json!({"fileId": file_id})).await?;
        let request = self
            .account
            .http
            .post(text(&url["uploadUrl"]))
            .header("authorization", text(&url["authorizationToken"]))
            .header("x-bz-part-number", number)
            .header("x-bz-content-sha1", sha1(bytes))
            .body(bytes.to_vec());
        self.expected("b2_upload_part", answer(request.send().await.unwrap()).await)
    }
}
