//! B2 over its socket.

mod account;
mod accounts;
mod buckets;
mod faults;
mod files;
mod invariants;
mod large;
mod lock;
mod pages;
mod scope;
mod strict;
mod today;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use simulator::Simulator;

/// An authorised account: whoever holds one of its keys.
struct Account {
    http: reqwest::Client,
    url: String,
    token: String,
    id: String,
}

impl Account {
    /// A simulation, and its owner.
    async fn open() -> (Simulator, Self) {
        Self::open_with(crate::simulation()).await
    }

    async fn open_with(builder: simulator::Builder) -> (Simulator, Self) {
        let sim = builder.start().await.unwrap();
        let b2 = sim.addresses().b2.clone();
        let account = Self::authorized(&b2.url, &b2.key_id, &b2.application_key).await;
        (sim, account)
    }

    async fn authorized(url: &str, key_id: &str, key: &str) -> Self {
        let (status, answer) = authorize(url, 4, key_id, key).await;
        assert_eq!(status, 200, "{answer}");
        Self {
            http: client(),
            url: url.to_owned(),
            token: text(&answer["authorizationToken"]),
            id: text(&answer["accountId"]),
        }
    }

    /// The holder of a key that was just made.
    async fn holding(&self, key: &Value) -> Self {
        let (id, secret) = (text(&key["applicationKeyId"]), text(&key["applicationKey"]));
        Self::authorized(&self.url, &id, &secret).await
    }

    fn request(&self, version: u8, operation: &str, body: &Value) -> RequestBuilder {
        let url = format!("{}/b2api/v{version}/{operation}", self.url);
        self.http.post(url).header("authorization", &self.token).json(body)
    }

    /// Calls an operation of version 4; `accountId` is filled in where it belongs.
    async fn call(&self, operation: &str, body: Value) -> (u16, Value) {
        self.call_version(4, operation, body).await
    }

    async fn call_version(&self, version: u8, operation: &str, mut body: Value) -> (u16, Value) {
        let about_account =
            ["create_bucket", "update_bucket", "delete_bucket", "list_buckets", "_key", "list_keys"];
        if about_account.iter().any(|end| operation.ends_with(end)) && operation != "b2_delete_key" {
            body["accountId"] = json!(self.id);
        }
        answer(self.request(version, operation, &body).send().await.unwrap()).await
    }

    /// Calls an operation that must be granted.
    async fn granted(&self, operation: &str, body: Value) -> Value {
        let (status, answer) = self.call(operation, body).await;
        assert_eq!(status, 200, "{operation}: {answer}");
        answer
    }

    /// Calls an operation that must be refused, and returns status and code.
    async fn refused(&self, operation: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.call(operation, body).await;
        assert_ne!(status, 200, "{operation}: {answer}");
        assert_eq!(answer["status"], status);
        assert!(answer["message"].is_string());
        (status, text(&answer["code"]))
    }

    async fn bucket(&self, name: &str) -> String {
        let request = json!({"bucketName": name, "bucketType": "allPrivate"});
        text(&self.granted("b2_create_bucket", request).await["bucketId"])
    }

    async fn locked_bucket(&self, name: &str, retention: Value) -> String {
        let request = json!({"bucketName": name, "bucketType": "allPrivate", "fileLockEnabled": true});
        let id = text(&self.granted("b2_create_bucket", request).await["bucketId"]);
        self.granted("b2_update_bucket", json!({"bucketId": id, "defaultRetention": retention})).await;
        id
    }

    /// A key for a bucket, made through a version of the interface.
    async fn key(&self, version: u8, bucket_id: &str, capabilities: &[&str]) -> Value {
        let mut request = json!({"keyName": "some-key", "capabilities": capabilities});
        if version >= 4 {
            request["bucketIds"] = json!([bucket_id]);
        } else {
            request["bucketId"] = json!(bucket_id);
        }
        let (status, key) = self.call_version(version, "b2_create_key", request).await;
        assert_eq!(status, 200, "{key}");
        key
    }

    async fn upload_url(&self, bucket_id: &str) -> Value {
        self.granted("b2_get_upload_url", json!({"bucketId": bucket_id})).await
    }

    /// Uploads a file and returns it.
    async fn upload(&self, bucket_id: &str, name: &str, data: &[u8]) -> Value {
        let url = self.upload_url(bucket_id).await;
        let (status, file) = answer(self.upload_to(&url, name, data).send().await.unwrap()).await;
        assert_eq!(status, 200, "{file}");
        file
    }

    fn upload_to(&self, url: &Value, name: &str, data: &[u8]) -> RequestBuilder {
        self.http
            .post(text(&url["uploadUrl"]))
            .header("authorization", text(&url["authorizationToken"]))
            .header("x-bz-file-name", name)
            .header("content-type", "application/octet-stream")
            .header("x-bz-content-sha1", sha1(data))
            .header("content-length", data.len())
            .body(data.to_vec())
    }

    async fn download(&self, path: &str) -> Response {
        let request = self.http.get(format!("{}{path}", self.url));
        request.header("authorization", &self.token).send().await.unwrap()
    }
}

async fn authorize(url: &str, version: u8, key_id: &str, key: &str) -> (u16, Value) {
    let url = format!("{url}/b2api/v{version}/b2_authorize_account");
    answer(client().get(url).basic_auth(key_id, Some(key)).send().await.unwrap()).await
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn sha1(data: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha1::digest(data))
}

/// The values of one field of each row.
fn column(rows: &Value, field: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[field].as_str().unwrap_or("-").to_owned()).collect()
}
