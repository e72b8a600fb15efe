//! Login: the parsed answer, and refused logins and tokens.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use b2_client::buckets::ListBuckets;
use b2_client::{Account, ApplicationKey, Capability, Client, Config, ErrorKind, KeyId, TestMode};
use futures_util::future::join_all;
use serde_json::json;
use wiremock::matchers::{header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::scripted::{self, KEY, client, log_in, on, once, refusal, requests, server};

async fn account(allowed: serde_json::Value) -> Arc<Account> {
    let server = MockServer::start().await;
    log_in(&server, &allowed).await;
    client(&server).account().await.unwrap()
}

#[tokio::test]
async fn the_login_is_basic_and_every_call_carries_its_token_alone() {
    let server = server().await;
    on(&server, "b2_list_buckets", scripted::ok(&json!({"buckets": []}))).await;
    client(&server).buckets().list(&ListBuckets::new()).await.unwrap();
    let login = &requests(&server, "b2_authorize_account").await[0];
    assert_eq!(login.headers["authorization"], "Basic a2V5MTpLMDAwMHNlY3JldDAwMDBrZXk=");
    let call = &requests(&server, "b2_list_buckets").await[0];
    assert_eq!(call.headers["authorization"], "token1");
    assert!(call.headers["user-agent"].to_str().unwrap().starts_with("b2-client/"));
}

#[tokio::test]
async fn gotcha_02_the_scope_of_version_4_is_read_where_it_stands() {
    let account = account(json!({
        "buckets": [{"id": "b1", "name": "bucket-one"}, {"id": "b2", "name": null}],
        "capabilities": ["listBuckets", "fromTheFuture"], "namePrefix": "a/",
    }))
    .await;
    assert_eq!(account.id.as_str(), "acc1");
    assert_eq!(account.capabilities, [Capability::ListBuckets, Capability::Unknown("fromTheFuture".into())]);
    let buckets = account.allowed_buckets.as_ref().unwrap();
    assert_eq!((buckets[0].id.as_str(), buckets[1].name.clone()), ("b1", None));
    assert_eq!(buckets[0].name, Some("bucket-one".parse().unwrap()));
    assert_eq!(account.name_prefix.as_deref(), Some("a/"));
    assert_eq!((account.minimum_part_size, account.recommended_part_size), (5_000_000, 100_000_000));
    assert!(account.api_url.starts_with("http://127.0.0.1:") && !account.api_url.ends_with('/'));
    assert_eq!(account.download_url, account.api_url);
}

#[tokio::test]
async fn gotcha_03_no_buckets_means_the_whole_account() {
    let account = account(json!({"buckets": null, "capabilities": ["listFiles"], "namePrefix": null})).await;
    assert_eq!(account.allowed_buckets, None);
}

#[tokio::test]
async fn the_scope_of_version_3_is_read_as_well() {
    let server = MockServer::start().await;
    let mut answer = scripted::authorized(&server.uri(), &json!(null));
    let api = &mut answer["apiInfo"]["storageApi"];
    api["capabilities"] = json!(["readFiles"]);
    api["bucketId"] = json!("b7");
    api["bucketName"] = json!("bucket-seven");
    on(&server, "b2_authorize_account", scripted::ok(&answer)).await;
    let account = client(&server).account().await.unwrap();
    assert!(account.can(&Capability::ReadFiles));
    assert_eq!(account.allowed_buckets.as_ref().unwrap()[0].id.as_str(), "b7");
}

#[tokio::test]
async fn gotcha_07_s401_expired_auth_token_under_many_calls_causes_one_login() {
    let server = MockServer::start().await;
    let allowed = json!({"buckets": null, "capabilities": scripted::EVERYTHING, "namePrefix": null});
    let mut renewed = scripted::authorized(&server.uri(), &allowed);
    renewed["authorizationToken"] = json!("token2");
    once(&server, "b2_authorize_account", scripted::ok(&scripted::authorized(&server.uri(), &allowed))).await;
    on(&server, "b2_authorize_account", scripted::ok(&renewed)).await;
    Mock::given(path("/b2api/v4/b2_list_buckets"))
        .and(header("authorization", "token1"))
        .respond_with(refusal(401, "expired_auth_token", "expired"))
        .mount(&server)
        .await;
    on(&server, "b2_list_buckets", scripted::ok(&json!({"buckets": []}))).await;
    let client = client(&server);
    client.account().await.unwrap();
    let request = ListBuckets::new();
    let all = join_all((0..32).map(|_| async { client.buckets().list(&request).await })).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(requests(&server, "b2_authorize_account").await.len(), 2);
}

#[tokio::test]
async fn s401_bad_auth_token_is_final_after_one_renewal() {
    let server = server().await;
    on(&server, "b2_list_buckets", refusal(401, "bad_auth_token", "no")).await;
    let error = client(&server).buckets().list(&ListBuckets::new()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CredentialsRejected);
    assert_eq!(requests(&server, "b2_authorize_account").await.len(), 2);
    assert_eq!(requests(&server, "b2_list_buckets").await.len(), 2);
}

#[tokio::test]
async fn a_refused_key_says_so_and_shows_no_secret() {
    let server = MockServer::start().await;
    on(&server, "b2_authorize_account", refusal(401, "unauthorized", "no such key")).await;
    let client = client(&server);
    let error = client.account().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CredentialsRejected);
    assert_eq!((error.status(), error.service_code()), (Some(401), Some("unauthorized")));
    let source = std::error::Error::source(&error).unwrap();
    let text = format!("{error} {error:?} {source} {source:?} {client:?}");
    assert!(!text.contains(KEY) && !text.contains("a2V5MTpL"), "{text}");
}

#[tokio::test]
async fn gotcha_01_s400_not_currently_supported_is_explained() {
    let server = MockServer::start().await;
    let message = "This request is not currently supported on API version number 4";
    on(&server, "b2_authorize_account", refusal(400, "bad_request", message)).await;
    let error = client(&server).account().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::KeyTooNew);
}

#[tokio::test]
async fn urls_outside_the_realm_get_no_token() {
    for field in ["apiUrl", "downloadUrl"] {
        let server = MockServer::start().await;
        let mut answer = scripted::authorized(&server.uri(), &json!({"capabilities": []}));
        answer["apiInfo"]["storageApi"][field] = json!("https://api.evil.example");
        on(&server, "b2_authorize_account", scripted::ok(&answer)).await;
        let error = client(&server).account().await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::NotUnderstood, "{field}");
    }
}

#[test]
fn plain_http_to_another_machine_is_refused_before_connecting() {
    for realm in ["http://api.backblazeb2.com", "http://10.0.0.1", "ftp://x.example", "nonsense"] {
        let config = Config::new(KeyId::new("k"), ApplicationKey::new("s")).realm(realm);
        let error = Client::new(config).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::InvalidRequest, "{realm}");
    }
}

#[tokio::test]
async fn gotcha_09_html_from_a_gateway_is_retried_and_never_parsed() {
    let server = server().await;
    once(&server, "b2_list_buckets", ResponseTemplate::new(502).set_body_string("<html>bad gateway</html>"))
        .await;
    on(&server, "b2_list_buckets", scripted::ok(&json!({"buckets": []}))).await;
    client(&server).buckets().list(&ListBuckets::new()).await.unwrap();
    assert_eq!(requests(&server, "b2_list_buckets").await.len(), 2);
}

#[tokio::test]
async fn gotcha_08_junk_in_retry_after_does_not_hurt() {
    for junk in ["soon", "-1", "1e3", "Fri, 99 Nov 2026 10:00:00 GMT"] {
        let server = server().await;
        let busy = refusal(429, "too_many_requests", "slow down").insert_header("retry-after", junk);
        once(&server, "b2_list_buckets", busy).await;
        on(&server, "b2_list_buckets", scripted::ok(&json!({"buckets": []}))).await;
        client(&server).buckets().list(&ListBuckets::new()).await.unwrap();
    }
}

#[tokio::test]
async fn s429_a_wait_beyond_the_deadline_ends_the_call_at_once() {
    let server = server().await;
    let busy = refusal(429, "too_many_requests", "slow down").insert_header("retry-after", "3600");
    on(&server, "b2_list_buckets", busy).await;
    let error = client(&server).buckets().list(&ListBuckets::new()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after().unwrap().as_secs(), 3600);
    assert_eq!(requests(&server, "b2_list_buckets").await.len(), 1);
}

#[tokio::test]
async fn gotcha_28_the_services_clock_is_read_from_its_latest_answer() {
    let server = MockServer::start().await;
    let login = scripted::authorized(&server.uri(), &json!({"buckets": null, "capabilities": []}));
    let date = |answer: ResponseTemplate, text: &str| answer.insert_header("date", text);
    on(&server, "b2_authorize_account", date(scripted::ok(&login), "Thu, 14 Jan 2027 08:00:00 GMT")).await;
    let none = date(scripted::ok(&json!({"buckets": []})), "Fri, 15 Jan 2027 08:00:00 GMT");
    on(&server, "b2_list_buckets", none).await;
    let client = client(&server);
    let at = async |seconds: u64| {
        let reported = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let now = SystemTime::from(client.service_time().await.unwrap());
        assert!(now >= reported && now < reported + Duration::from_mins(1), "{now:?}");
    };
    at(1_799_913_600).await;
    client.buckets().list(&ListBuckets::new()).await.unwrap();
    at(1_800_000_000).await;
    assert_eq!(requests(&server, "b2_authorize_account").await.len(), 1);
}

#[tokio::test]
async fn in_a_test_mode_every_call_says_so() {
    let server = server().await;
    on(&server, "b2_list_buckets", scripted::ok(&json!({"buckets": []}))).await;
    let key = ApplicationKey::new(KEY);
    let config =
        Config::new(KeyId::new("key1"), key).realm(server.uri()).test_mode(TestMode::ForceCapExceeded);
    Client::new(config).unwrap().buckets().list(&ListBuckets::new()).await.unwrap();
    assert_eq!(requests(&server, "b2_list_buckets").await[0].headers["x-bz-test-mode"], "force_cap_exceeded");
}
