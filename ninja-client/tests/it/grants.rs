//! By which right tokens are asked for, when they are renewed, and what refusals say to do.

use std::time::Duration;

use ninja_client::{
    AccessToken, Client, ClientId, Config, ErrorKind, Grant, Login, OrganizationId, RefreshToken, Region,
    TokenScope,
};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{SECRET, asked, config, ok, token, token_request};

const LOCATIONS: &str = "/v2/organization/2/locations";

async fn list(client: &Client) -> Result<(), ninja_client::Error> {
    client.locations().list(OrganizationId::new(2)).await.map(drop)
}

fn token_asked(form: String) -> wiremock::MockBuilder {
    Mock::given(method("POST")).and(path("/ws/oauth/token")).and(body_string(form))
}

#[tokio::test]
async fn scopes_are_asked_for_by_name_where_they_are_named() {
    let server = MockServer::start().await;
    let form = format!(
        "grant_type=client_credentials&client_id=app-1&client_secret={SECRET}&scope=monitoring+management"
    );
    token_asked(form).respond_with(token("token-1")).expect(1).mount(&server).await;
    asked("GET", LOCATIONS).respond_with(ok(&json!([]))).mount(&server).await;
    let scopes = [TokenScope::Monitoring, TokenScope::Management];
    list(&Client::new(config(&server.uri()).scopes(&scopes)).unwrap()).await.unwrap();
}

#[tokio::test]
async fn each_refusal_of_a_token_says_what_to_do() {
    for (status, body, kind, words) in [
        (404, json!({ "resultCode": "Client app not exist" }), ErrorKind::CredentialsRejected, "the region"),
        (404, json!({ "resultCode": "FAILURE" }), ErrorKind::CredentialsRejected, "token path"),
        (400, json!({ "error": "invalid_scope" }), ErrorKind::ScopeNotGranted, "ask for fewer"),
        (401, json!({ "error": "invalid_client" }), ErrorKind::CredentialsRejected, "id and secret"),
        (400, json!({ "error": "invalid_grant" }), ErrorKind::CredentialsRejected, "log in again"),
    ] {
        let server = MockServer::start().await;
        token_request().respond_with(ResponseTemplate::new(status).set_body_json(body)).mount(&server).await;
        let error = list(&Client::new(config(&server.uri())).unwrap()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        assert!(error.to_string().contains(words), "{error}");
    }
    for (code, words) in
        [("missing_header", "takes the header away"), ("invalid_header", "changes the header")]
    {
        let (server, client) = crate::tenant().await;
        let body = json!({ "error": code, "error_code": 2 });
        asked("GET", LOCATIONS)
            .respond_with(ResponseTemplate::new(400).set_body_json(body))
            .mount(&server)
            .await;
        let error = list(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::CredentialsRejected, 1));
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// A token that lives no time at all is due at once, so each call asks for one before it is sent; no clock is waited on.
#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let server = MockServer::start().await;
    let short = |value: &str| ok(&json!({ "access_token": value, "expires_in": 0 }));
    token_request().respond_with(short("token-1")).up_to_n_times(1).mount(&server).await;
    token_request().respond_with(token("token-2")).expect(1).mount(&server).await;
    let renewed =
        Mock::given(method("GET")).and(path(LOCATIONS)).and(header("authorization", "Bearer token-2"));
    renewed.respond_with(ok(&json!([]))).expect(2).mount(&server).await;
    let client = Client::new(config(&server.uri())).unwrap();
    list(&client).await.unwrap();
    list(&client).await.unwrap();
}

#[tokio::test]
async fn where_renewing_early_fails_the_token_is_used_while_it_lasts() {
    let server = MockServer::start().await;
    let short = ok(&json!({ "access_token": "token-1", "expires_in": 0 }));
    token_request().respond_with(short).up_to_n_times(1).mount(&server).await;
    token_request().respond_with(ResponseTemplate::new(403)).mount(&server).await;
    asked("GET", LOCATIONS).respond_with(ok(&json!([]))).expect(1).mount(&server).await;
    list(&Client::new(config(&server.uri())).unwrap()).await.unwrap();
}

#[tokio::test]
async fn each_refresh_token_is_good_for_the_next_token() {
    let server = MockServer::start().await;
    let refreshed = |access: &str, refresh: &str| {
        ok(&json!({ "access_token": access, "refresh_token": refresh, "expires_in": 3600 }))
    };
    let form = |token: &str| format!("grant_type=refresh_token&refresh_token={token}&client_id=app-1");
    token_asked(form("refresh-1"))
        .respond_with(refreshed("token-1", "refresh-2"))
        .expect(1)
        .mount(&server)
        .await;
    token_asked(form("refresh-2"))
        .respond_with(refreshed("token-2", "refresh-3"))
        .expect(1)
        .mount(&server)
        .await;
    let get =
        |bearer: &str| Mock::given(method("GET")).and(path(LOCATIONS)).and(header("authorization", bearer));
    get("Bearer token-1").respond_with(ResponseTemplate::new(401)).expect(1).mount(&server).await;
    get("Bearer token-2").respond_with(ok(&json!([]))).expect(1).mount(&server).await;
    let token = RefreshToken::new("refresh-1".to_owned());
    let grant = Grant::RefreshToken { id: ClientId::new("app-1"), secret: None, token };
    let config = Config::of(Region::Us, grant).base_url(server.uri());
    let client = Client::new(config).unwrap();
    assert!(client.refresh_token().is_none());
    list(&client).await.unwrap();
    assert_eq!(client.refresh_token().unwrap().expose(), "refresh-3");
}

#[tokio::test]
async fn a_token_of_somebody_elses_is_used_until_it_is_refused() {
    let server = MockServer::start().await;
    let get = Mock::given(method("GET")).and(path(LOCATIONS)).and(header("authorization", "Bearer theirs"));
    get.respond_with(ResponseTemplate::new(401)).expect(2).mount(&server).await;
    let grant = Grant::AccessToken(AccessToken::new("theirs".to_owned()));
    let client = Client::new(Config::of(Region::Us, grant).base_url(server.uri())).unwrap();
    assert_eq!(list(&client).await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
}

/// What a browser gets at this target of the log-in's port.
async fn browse(login: &str, target: &str) -> String {
    let host = login.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn begun() -> (Login, String) {
    let id = ClientId::new("app-1");
    let scopes = [TokenScope::Monitoring, TokenScope::OfflineAccess];
    let login = Login::begin(Region::Eu.base_url(), id, None, &scopes, (0, "/callback")).await.unwrap();
    let state = login.url().split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    (login, state.replace("%5F", "_").replace("%2D", "-"))
}

#[tokio::test]
async fn a_log_in_ends_with_its_own_state_only() {
    let (login, state) = begun().await;
    assert!(
        login
            .url()
            .starts_with("https://eu.ninjarmm.com/ws/oauth/authorize?response_type=code&client_id=app%2D1&")
    );
    assert!(
        login.url().contains("scope=monitoring%20offline%5Faccess")
            && login.url().ends_with("&code_challenge_method=S256")
    );
    let at = login.redirect_uri().to_owned();
    let visits = async {
        let mut answers = Vec::new();
        for target in [
            "/favicon.ico".to_owned(),
            "/callback?code=evil&state=other".to_owned(),
            "/elsewhere?code=evil&state=x".to_owned(),
            format!("/callback?code=the%2Fcode&state={state}"),
        ] {
            answers.push(browse(&at, &target).await);
        }
        answers
    };
    let (grant, answers) = tokio::join!(login.wait(Duration::from_mins(1)), visits);
    let Grant::AuthorizationCode { code, redirect_uri, verifier, .. } = grant.unwrap() else {
        panic!("a code")
    };
    assert_eq!((code.expose(), redirect_uri), ("the/code", at));
    assert_eq!(verifier.expose().len(), 43);
    let statuses: Vec<&str> = answers.iter().map(|it| it.split(' ').nth(1).unwrap()).collect();
    assert_eq!(statuses, ["404", "404", "404", "200"]);
}

#[tokio::test]
async fn a_log_in_that_is_refused_says_so() {
    let (login, state) = begun().await;
    let (at, target) =
        (login.redirect_uri().to_owned(), format!("/callback?error=access_denied&state={state}"));
    let (grant, _) = tokio::join!(login.wait(Duration::from_mins(1)), browse(&at, &target));
    assert!(grant.unwrap_err().to_string().contains("access_denied"));
    let (login, _) = begun().await;
    let error = login.wait(Duration::ZERO).await.unwrap_err();
    assert!(error.to_string().contains("nobody has logged in"), "{error}");
}

/// A token is renewed early by how long it lives, never by what time it is here or there; how long it lives may be said in any way.
#[tokio::test]
async fn a_lifetime_in_an_odd_form_fails_no_token() {
    let forms =
        [json!("3600"), json!(3600.5), json!(-1), json!(1e300), json!(null), json!("soon"), json!({})];
    for life in forms {
        let server = MockServer::start().await;
        let granted = ok(&json!({ "access_token": "token-1", "expires_in": life }));
        token_request().respond_with(granted).expect(1).mount(&server).await;
        asked("GET", LOCATIONS).respond_with(ok(&json!([]))).expect(2).mount(&server).await;
        let client = Client::new(config(&server.uri())).unwrap();
        list(&client).await.unwrap();
        list(&client).await.unwrap();
    }
}

/// Browsers open connections ahead, on which nothing comes.
#[tokio::test]
async fn a_silent_connection_keeps_no_log_in_waiting() {
    let (login, state) = begun().await;
    let at = login.redirect_uri().to_owned();
    let host = at.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let silent = TcpStream::connect(host).await.unwrap();
    let target = format!("/callback?code=code&state={state}");
    // Less than one connection may be silent.
    let (grant, _) = tokio::join!(login.wait(Duration::from_secs(8)), browse(&at, &target));
    assert!(grant.is_ok());
    drop(silent);
}

#[tokio::test]
async fn a_redirect_without_a_path_is_met_by_the_root() {
    let id = || ClientId::new("app-1");
    let login = Login::begin(Region::Eu.base_url(), id(), None, &[], (0, "")).await.unwrap();
    assert!(!login.url().contains("scope"), "an empty scope is not asked for: {}", login.url());
    let state = login.url().split("state=").nth(1).unwrap().split('&').next().unwrap();
    let (at, target) = (login.redirect_uri().to_owned(), format!("/?code=code&state={state}"));
    let target = target.replace("%5F", "_").replace("%2D", "-");
    let (grant, _) = tokio::join!(login.wait(Duration::from_mins(1)), browse(&at, &target));
    assert!(grant.is_ok());
    for (base_url, path) in [
        ("app.ninjarmm.com", "/back"),
        ("http://app.ninjarmm.com", "/back"),
        ("https://app.ninjarmm.com", "back"),
        ("https://app.ninjarmm.com", "/back?x=1"),
    ] {
        let error = Login::begin(base_url, id(), None, &[], (0, path)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{base_url} {path}");
    }
}
