//! No secret appears in traces at the finest level, in errors or in `Debug` output, whether calls succeed or fail.
//!
//! A test binary of its own, because the subscriber is that of the whole process.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

#[path = "../it/scripted.rs"]
#[expect(dead_code, reason = "shared with the tests of the wire, which use all of it")]
mod scripted;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use b2_client::files::{Download, DownloadToken, HeaderOverrides, Source, UploadFile};
use b2_client::keys::CreateKey;
use b2_client::notifications::SetNotificationRule;
use b2_client::{BucketId, BucketName, Capability, Client, CustomerKey, FileId, FileName, KeyName};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use scripted::{KEY, client, file, ok, on, once, refusal, server};

const SIGNING: &str = "0123456789abcdefghij0123456789ab";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// All texts of notification rules with secrets, and of a download token.
async fn rules_and_permissions(server: &MockServer, client: &Client) -> String {
    let rules = json!({"eventNotificationRules": [{"name": "rule-one", "eventTypes": ["b2:ObjectCreated:*"],
        "isEnabled": true, "targetConfiguration": {"targetType": "webhook", "url": "https://h.example/",
        "hmacSha256SigningSecret": SIGNING, "customHeaders": [{"name": "authorization", "value": "Bearer hush"}]}}]});
    on(server, "b2_get_bucket_notification_rules", ok(&rules)).await;
    on(server, "b2_set_bucket_notification_rules", refusal(401, "unauthorized", "not for this account"))
        .await;
    let rules = client.buckets().notification_rules(BucketId::new("b1")).await.unwrap();
    let shown = format!("{rules:?}");
    let rules: Vec<_> = rules.into_iter().map(SetNotificationRule::from).collect();
    let refused = client.buckets().set_notification_rules(BucketId::new("b1"), &rules).await.unwrap_err();
    let token = DownloadToken::new("3_lenttoken", server.uri(), HeaderOverrides::new());
    let shared = Download::by_name(BucketName::new("bucket-one").unwrap(), FileName::new("x").unwrap());
    let lost = client.files().with_token(&token).download(&shared).await.unwrap_err();
    format!("{shown} {rules:?} {refused:?} {token:?} {lost:?}")
}

#[tokio::test]
async fn no_secret_is_written_down_at_any_level() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let server = server().await;
    let made = json!({"accountId": "acc1", "applicationKeyId": "k9", "keyName": "n", "capabilities": ["listFiles"],
        "applicationKey": "K0freshsecret"});
    once(&server, "b2_create_key", refusal(401, "expired_auth_token", "token1 has expired")).await;
    once(
        &server,
        "b2_create_key",
        refusal(429, "too_many_requests", "wait").insert_header("retry-after", "0"),
    )
    .await;
    on(&server, "b2_create_key", ok(&made)).await;
    let handed =
        json!({"uploadUrl": format!("{}/up?cvt=hidden", server.uri()), "authorizationToken": "uploadtoken"});
    on(&server, "b2_get_upload_url", ok(&handed)).await;
    Mock::given(path("/up")).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&server).await;
    Mock::given(path("/up")).respond_with(ok(&file("f1", "x"))).mount(&server).await;
    on(&server, "b2_download_file_by_id", ResponseTemplate::new(500)).await;

    let client = client(&server);
    let key = CustomerKey::new(*b"customerkeycustomerkeycustomerke");
    let create = CreateKey::new(KeyName::new("n").unwrap(), [Capability::ListFiles]);
    let new = client.keys().create(&create).await.unwrap();
    let upload = UploadFile::new(BucketId::new("b1"), FileName::new("x").unwrap());
    client.files().with_customer_key(&key).upload(&upload, Source::bytes("abc")).await.unwrap();
    let error = client
        .files()
        .with_customer_key(&key)
        .download(&Download::by_id(FileId::new("f1")))
        .await
        .unwrap_err();
    let more = rules_and_permissions(&server, &client).await;

    let traced = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let text = format!("{traced} {new:?} {error} {error:?} {client:?} {key:?} {more}");
    assert!(text.contains("trying again") && text.contains("uploading again"), "it was watched");
    let encoded = data_encoding::BASE64.encode(format!("key1:{KEY}").as_bytes());
    for secret in [
        KEY,
        &encoded,
        "K0freshsecret",
        "token1\"",
        "uploadtoken",
        "cvt=hidden",
        key.expose(),
        "customerkey",
        SIGNING,
        "hush",
        "lenttoken",
    ] {
        assert!(!text.contains(secret), "{secret} is written down");
    }
    assert_eq!(scripted::requests(&server, "b2_authorize_account").await.len(), 2);
}
