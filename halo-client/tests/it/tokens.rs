//! Logging in: the form, the tenant, and where the instance says that tokens are issued.

use halo_client::{ApplicationId, Client, ClientSecret, Config, ErrorKind};
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{answer, asked, config, issue, tenant};

async fn statuses(server: &MockServer) {
    asked("GET", "/api/Status").respond_with(answer(&json!([]))).mount(server).await;
}

/// The requests for a token: each with its query and its form.
async fn log_ins(server: &MockServer) -> Vec<(String, String)> {
    let requests = server.received_requests().await.unwrap();
    let tokens = requests.iter().filter(|request| request.url.path().ends_with("/token"));
    let text = |request: &wiremock::Request| {
        let query = request.url.query().unwrap_or_default().to_owned();
        (query, String::from_utf8(request.body.clone()).unwrap())
    };
    tokens.map(text).collect()
}

#[tokio::test]
async fn one_token_serves_every_call_and_a_host_of_one_tenant_is_sent_none() {
    let (server, client) = tenant().await;
    statuses(&server).await;
    let both = futures_util::future::join(client.statuses().list(), client.statuses().list()).await;
    assert!(both.0.is_ok() && both.1.is_ok());
    client.statuses().list().await.unwrap();
    let form = "grant_type=client_credentials&client_id=app&client_secret=not-a-real-secret&scope=all";
    assert_eq!(log_ins(&server).await, [(String::new(), form.to_owned())]);
}

#[tokio::test]
async fn the_tenant_and_the_scopes_are_sent_where_they_are_set() {
    let (server, _) = tenant().await;
    statuses(&server).await;
    let client = Client::new(config(&server).tenant("harbour").scope("read:tickets edit:tickets")).unwrap();
    client.statuses().list().await.unwrap();
    let (query, form) = &log_ins(&server).await[0];
    assert_eq!(query, "tenant=harbour");
    assert!(form.ends_with("&scope=read%3Atickets+edit%3Atickets"), "{form}");
}

#[tokio::test]
async fn tokens_are_asked_for_where_the_instance_says() {
    let server = MockServer::start().await;
    issue(&server, "/elsewhere/token").await;
    statuses(&server).await;
    // Another name of this machine stands for a host that tenants share.
    let shared = server.uri().replace("127.0.0.1", "localhost");
    for (host, tenant) in [(server.uri(), ""), (shared, "tenant=harbour")] {
        let info = json!({ "auth_url": format!("{host}/elsewhere"), "tenant_id": "harbour" });
        let mock = Mock::given(method("GET")).and(path("/api/authinfo")).respond_with(answer(&info));
        let guard = mock.mount_as_scoped(&server).await;
        Client::new(config(&server).discover()).unwrap().statuses().list().await.unwrap();
        assert_eq!(log_ins(&server).await.last().unwrap().0, tenant, "{host}");
        drop(guard);
    }
}

#[tokio::test]
async fn e8_no_secret_goes_over_a_plain_line_that_the_instance_names() {
    let server = MockServer::start().await;
    let info = json!({ "auth_url": "http://192.0.2.1/auth" });
    let mock = Mock::given(method("GET")).and(path("/api/authinfo")).respond_with(answer(&info));
    mock.mount(&server).await;
    let error = Client::new(config(&server).discover()).unwrap().statuses().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood, "{error}");
    assert!(format!("{error:?}").contains("plain http"), "{error:?}");
}

#[tokio::test]
async fn e8_a_refused_log_in_names_the_application_and_shows_no_secret() {
    for status in [400, 401, 403] {
        let server = MockServer::start().await;
        let body = json!({ "error": "invalid_client", "error_description": "hunter2 is no secret of app" });
        let refusal = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(path("/auth/token")).respond_with(refusal).mount(&server).await;
        let config = Config::new(server.uri(), ApplicationId::new("app"), ClientSecret::new("hunter2"));
        let error = Client::new(config).unwrap().statuses().list().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CredentialsRejected, "{error}");
        assert!(error.to_string().contains("application app"), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let (server, client) = tenant().await;
    let expired = ResponseTemplate::new(401);
    asked("GET", "/api/Status").respond_with(expired).up_to_n_times(1).mount(&server).await;
    statuses(&server).await;
    client.statuses().list().await.unwrap();
    assert_eq!(log_ins(&server).await.len(), 2);
    let (server, client) = tenant().await;
    asked("GET", "/api/Status").respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let error = client.statuses().list().await.unwrap_err();
    assert_eq!((error.kind(), log_ins(&server).await.len()), (ErrorKind::CredentialsRejected, 2));
}
