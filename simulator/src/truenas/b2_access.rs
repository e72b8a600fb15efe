//! Backblaze B2 as the appliance's rclone 1.70 uses it: API version 1, one bucket, whole files.

use std::fmt;

use axum::http::{Request, header};
use bytes::Bytes;
use data_encoding::BASE64;
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use tokio::net::TcpStream;
use url::Url;

/// The appliance's user agent, by which B2 and the transcript distinguish its traffic from a client's.
const USER_AGENT: &str = "rclone/v1.70.2";

/// Why B2 or the way to it said no, as rclone words it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct B2Error(pub(super) String);

impl fmt::Display for B2Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An authorised key.
#[derive(Debug)]
pub(super) struct B2Access {
    api: Url,
    downloads: Url,
    account: String,
    token: String,
    /// The bucket that the key is restricted to.
    allowed_bucket: Option<String>,
}

/// A file in a bucket, as a listing has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) size: u64,
    /// When the source was last changed, in milliseconds since the epoch.
    pub(super) changed: Option<i64>,
}

/// Where uploads to one bucket go.
#[derive(Debug)]
pub(super) struct UploadPlace {
    url: Url,
    token: String,
}

impl B2Access {
    /// Authorises a key with API version 1, which refuses bucket keys made by version 4.
    pub(super) async fn authorize(url: &str, key_id: &str, key: &str) -> Result<Self, B2Error> {
        let wrong = || B2Error("failed to authorize account: bad endpoint".to_owned());
        let address = Url::parse(url).and_then(|url| url.join("/b2api/v1/b2_authorize_account"));
        let basic = format!("Basic {}", BASE64.encode(format!("{key_id}:{key}").as_bytes()));
        let request =
            Request::get(address.map_err(|_| wrong())?.as_str()).header(header::AUTHORIZATION, basic);
        let said = send(request, Bytes::new()).await;
        let said =
            said.map_err(|e| B2Error(format!("failed to authorize account: failed to authenticate: {e}")))?;
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            api: Url::parse(&text("apiUrl")).map_err(|_| wrong())?,
            downloads: Url::parse(&text("downloadUrl")).map_err(|_| wrong())?,
            account: text("accountId"),
            token: text("authorizationToken"),
            allowed_bucket: said["allowed"]["bucketId"].as_str().map(str::to_owned),
        })
    }

    /// Finds a bucket's id.
    pub(super) async fn bucket(&self, name: &str) -> Result<String, B2Error> {
        let buckets = self.buckets().await?;
        let hit = buckets.iter().find(|bucket| bucket["bucketName"] == name);
        let id = hit.and_then(|bucket| bucket["bucketId"].as_str()).map(str::to_owned);
        id.ok_or_else(|| B2Error(format!("bucket \"{name}\" not found")))
    }

    /// Lists the buckets that the key may see.
    pub(super) async fn buckets(&self) -> Result<Vec<Value>, B2Error> {
        let mut body = json!({"accountId": self.account});
        if let Some(bucket) = &self.allowed_bucket {
            body["bucketId"] = bucket.as_str().into();
        }
        let said = self.call("b2_list_buckets", &body).await?;
        Ok(said["buckets"].as_array().cloned().unwrap_or_default())
    }

    /// Lists the newest versions of all files below a prefix.
    pub(super) async fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Stored>, B2Error> {
        let mut found = Vec::new();
        let mut next = Value::Null;
        loop {
            let mut body = json!({"bucketId": bucket, "maxFileCount": 1000, "prefix": prefix});
            if !next.is_null() {
                body["startFileName"] = next;
            }
            let said = self.call("b2_list_file_names", &body).await?;
            found.extend(said["files"].as_array().into_iter().flatten().map(stored));
            next = said["nextFileName"].clone();
            if next.is_null() {
                return Ok(found);
            }
        }
    }

    /// Hides a file: its older versions stay.
    pub(super) async fn hide(&self, bucket: &str, name: &str) -> Result<(), B2Error> {
        self.call("b2_hide_file", &json!({"bucketId": bucket, "fileName": name})).await.map(drop)
    }

    pub(super) async fn upload_place(&self, bucket: &str) -> Result<UploadPlace, B2Error> {
        let said = self.call("b2_get_upload_url", &json!({"bucketId": bucket})).await?;
        let text = |name: &str| said[name].as_str().unwrap_or_default();
        let url = Url::parse(text("uploadUrl")).map_err(|e| B2Error(format!("bad upload URL: {e}")))?;
        Ok(UploadPlace { url, token: text("authorizationToken").to_owned() })
    }

    /// Fetches a file's newest version whole.
    pub(super) async fn download(&self, bucket: &str, name: &str) -> Result<Vec<u8>, B2Error> {
        let url = self.downloads.join(&format!("/file/{bucket}/{}", encoded(name)));
        let url = url.map_err(|e| B2Error(format!("bad download URL: {e}")))?;
        let request = Request::get(url.as_str()).header(header::AUTHORIZATION, &self.token);
        Ok(fetch(request, Bytes::new()).await?.to_vec())
    }

    async fn call(&self, operation: &str, body: &Value) -> Result<Value, B2Error> {
        let path = format!("/b2api/v1/{operation}");
        let url = self.api.join(&path).map_err(|e| B2Error(format!("bad API URL: {e}")))?;
        let request = Request::post(url.as_str()).header(header::AUTHORIZATION, &self.token);
        send(request, body.to_string().into()).await
    }
}

impl UploadPlace {
    /// Uploads a whole file with the time its source was changed.
    pub(super) async fn upload(&self, name: &str, changed: i64, body: Vec<u8>) -> Result<(), B2Error> {
        let checksum = data_encoding::HEXLOWER.encode(&Sha1::digest(&body));
        let request = Request::post(self.url.as_str())
            .header(header::AUTHORIZATION, &self.token)
            .header("X-Bz-File-Name", encoded(name))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            // An empty body goes without a length by itself, and B2 wants one.
            .header(header::CONTENT_LENGTH, body.len())
            .header("X-Bz-Content-Sha1", checksum)
            .header("X-Bz-Info-src_last_modified_millis", changed);
        send(request, body.into()).await.map(drop)
    }
}

fn stored(file: &Value) -> Stored {
    let millis = file["fileInfo"]["src_last_modified_millis"].as_str();
    Stored {
        name: file["fileName"].as_str().unwrap_or_default().to_owned(),
        size: file["contentLength"].as_u64().or(file["size"].as_u64()).unwrap_or_default(),
        changed: millis.and_then(|text| text.parse().ok()),
    }
}

/// Percent-encodes a file name for a header; slashes stay.
fn encoded(name: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(name, KEPT).to_string()
}

/// Sends one request over a connection of its own.
async fn send(request: axum::http::request::Builder, body: Bytes) -> Result<Value, B2Error> {
    let bytes = fetch(request, body).await?;
    Ok(serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// Sends one request and gives what was answered, unless it is an error.
async fn fetch(request: axum::http::request::Builder, body: Bytes) -> Result<Bytes, B2Error> {
    let broken = |e: &dyn fmt::Display| B2Error(format!("request failed: {e}"));
    let built =
        request.header(header::USER_AGENT, USER_AGENT).body(Full::new(body)).map_err(|e| broken(&e))?;
    let (mut parts, body) = built.into_parts();
    let host = parts.uri.authority().map(ToString::to_string).unwrap_or_default();
    if let Ok(value) = host.parse() {
        parts.headers.insert(header::HOST, value);
    }
    let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
    parts.uri = path.parse().map_err(|e| broken(&e))?;
    let stream = TcpStream::connect(&host).await.map_err(|e| B2Error(format!("dial tcp {host}: {e}")))?;
    let _ = stream.set_nodelay(true);
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|e| broken(&e))?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(Request::from_parts(parts, body)).await.map_err(|e| broken(&e))?;
    let status = answer.status();
    let bytes = answer.into_body().collect().await.map_err(|e| broken(&e))?.to_bytes();
    connection.abort();
    if status.is_success() {
        return Ok(bytes);
    }
    let said: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let text = |name: &str| said[name].as_str().unwrap_or("unknown").to_owned();
    Err(B2Error(format!("{} ({} {})", text("message"), status.as_u16(), text("code"))))
}
