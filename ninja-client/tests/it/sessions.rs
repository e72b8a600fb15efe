//! Tokens, refusals, and what is tried again.

use std::error::Error as _;

use ninja_client::{Client, DeviceId, ErrorKind, OrganizationId};
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{SECRET, asked, config, failure, ok, tenant, token, token_request};

fn organization() -> OrganizationId {
    OrganizationId::new(2)
}

fn page() -> ResponseTemplate {
    let html = "<!DOCTYPE html><html><title>Too many requests</title></html>";
    ResponseTemplate::new(200).set_body_raw(html, "text/html")
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let server = MockServer::start().await;
    token_request().respond_with(token("token-1")).up_to_n_times(1).expect(1).mount(&server).await;
    token_request().respond_with(token("token-2")).expect(1).mount(&server).await;
    let list = || Mock::given(method("GET")).and(path("/v2/organization/2/locations"));
    let expired = json!({ "error": "not_authenticated", "error_description": "d", "error_code": 10 });
    list()
        .and(header("authorization", "Bearer token-1"))
        .respond_with(ResponseTemplate::new(401).set_body_json(expired))
        .expect(1)
        .mount(&server)
        .await;
    list()
        .and(header("authorization", "Bearer token-2"))
        .respond_with(ok(&json!([])))
        .expect(2)
        .mount(&server)
        .await;
    let client = Client::new(config(&server.uri())).unwrap();
    for _ in 0..2 {
        assert_eq!(client.locations().list(organization()).await.unwrap(), []);
    }
}

#[tokio::test]
async fn gotcha_03_an_unknown_application_names_the_region() {
    let server = MockServer::start().await;
    let body = json!({ "resultCode": "Client app not exist", "incidentId": "incident-7" });
    token_request().respond_with(ResponseTemplate::new(404).set_body_json(body)).mount(&server).await;
    let client = Client::new(config(&server.uri())).unwrap();
    let error = client.organizations().get(organization()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CredentialsRejected);
    let text = error.to_string();
    assert!(
        text.contains("app-1") && text.contains("region") && text.contains("Client app not exist"),
        "{text}"
    );
}

#[tokio::test]
async fn another_token_path_can_be_configured() {
    let server = MockServer::start().await;
    let token_at = Mock::given(method("POST")).and(path("/oauth/token"));
    token_at.respond_with(token("token-1")).expect(1).mount(&server).await;
    asked("GET", "/v2/organization/2/locations").respond_with(ok(&json!([]))).mount(&server).await;
    let client = Client::new(config(&server.uri()).token_path("/oauth/token")).unwrap();
    client.locations().list(organization()).await.unwrap();
}

#[tokio::test]
async fn gotcha_05_a_page_of_html_is_waited_out() {
    let (server, client) = tenant().await;
    let list = || asked("GET", "/v2/organization/2/locations");
    list().respond_with(page()).up_to_n_times(2).mount(&server).await;
    list().respond_with(ok(&json!([]))).up_to_n_times(1).mount(&server).await;
    list().respond_with(page()).mount(&server).await;
    client.locations().list(organization()).await.unwrap();
    let error = client.locations().list(organization()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unreachable, true));
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    for (status, kind) in [
        (400, ErrorKind::Rejected),
        (401, ErrorKind::CredentialsRejected),
        (403, ErrorKind::Unauthorized),
        (404, ErrorKind::NotFound),
        (418, ErrorKind::Unclassified),
        (429, ErrorKind::RateLimited),
        (503, ErrorKind::Unreachable),
    ] {
        let (server, client) = tenant().await;
        asked("GET", "/v2/device/9").respond_with(failure(status, "why")).mount(&server).await;
        let error = client.devices().get(DeviceId::new(9)).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        assert!(error.to_string().contains("why"), "{error}");
    }
}

/// E8: neither the secret nor a token stands in what an error says.
#[tokio::test]
async fn e8_an_error_holds_no_secret() {
    let server = MockServer::start().await;
    token_request().respond_with(failure(400, "bad")).up_to_n_times(1).mount(&server).await;
    token_request().respond_with(token("token-1")).mount(&server).await;
    asked("GET", "/v2/device/9").respond_with(failure(400, "bad")).mount(&server).await;
    let client = Client::new(config(&server.uri())).unwrap();
    for _ in 0..2 {
        let error = client.devices().get(DeviceId::new(9)).await.unwrap_err();
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        for text in [error.to_string(), format!("{error:?}"), cause, format!("{client:?}")] {
            assert!(!text.contains(SECRET) && !text.contains("token-1"), "{text}");
        }
    }
}
