//! E8: no secret of NinjaOne is in anything that is logged at TRACE or shown, also where NinjaOne repeats what it was sent.

use std::fmt::Write as _;
use std::time::Duration;

use ninja_client::{
    AuthorizationCode, Client, ClientId, ClientSecret, CodeVerifier, Config, Grant, RefreshToken, Region,
};
use serde_json::json;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{Log, logging_to};
use crate::ninja_fleet::every;

/// Each is sent, or comes back, at least once.
const SECRETS: [&str; 10] = [
    "client-secret-of-the-application",
    "access-token-of-the-session",
    "refresh-token-that-was-kept",
    "refresh-token-that-came-back",
    "code-of-the-log-in",
    "verifier-of-the-log-in",
    "a-header-value",
    "a-script-parameter",
    "hook.example/in",
    "https://app.example/x",
];

fn grants() -> [Grant; 3] {
    let [secret, _, kept, _, code, verifier, ..] = SECRETS.map(str::to_owned);
    let id = || ClientId::new("app-1");
    let secret = || ClientSecret::new(secret.clone());
    [
        Grant::ClientCredentials { id: id(), secret: secret() },
        Grant::RefreshToken { id: id(), secret: Some(secret()), token: RefreshToken::new(kept) },
        Grant::AuthorizationCode {
            id: id(),
            secret: None,
            code: AuthorizationCode::new(code),
            verifier: CodeVerifier::new(verifier),
            redirect_uri: "http://127.0.0.1:1/back".to_owned(),
        },
    ]
}

/// Refuses, and repeats everything that it was sent.
fn echo(request: &Request) -> ResponseTemplate {
    let body = String::from_utf8_lossy(&request.body).into_owned();
    let said = format!("{:?} {body}", request.headers);
    ResponseTemplate::new(503).set_body_json(json!({ "resultCode": "FAILURE", "errorMessage": said }))
}

async fn server(grants_tokens: bool, echoes: bool) -> MockServer {
    let server = MockServer::start().await;
    if grants_tokens {
        let token = json!({ "access_token": SECRETS[1], "refresh_token": SECRETS[3], "expires_in": 3600 });
        let ask = Mock::given(method("POST")).and(path("/ws/oauth/token"));
        ask.respond_with(ResponseTemplate::new(200).set_body_json(token)).mount(&server).await;
    }
    if echoes {
        Mock::given(any()).respond_with(echo).mount(&server).await;
    }
    server
}

fn client(grant: Grant, server: &MockServer) -> Client {
    let config = Config::of(Region::Us, grant).base_url(server.uri()).attempts(2);
    Client::new(config.backoff(Duration::ZERO, Duration::ZERO)).unwrap()
}

#[tokio::test]
async fn e8_no_secret_of_ninjaone_is_logged_or_shown() {
    let log = Log::default();
    let guard = logging_to(&log);
    let mut shown = String::new();
    for grants_tokens in [true, false] {
        let server = server(grants_tokens, true).await;
        for grant in grants() {
            let _ = write!(shown, "{grant:?}");
            let client = client(grant, &server);
            let error = client.devices().search("nas").await.unwrap_err();
            let _ = write!(shown, "{error} {error:?} {client:?} {:?}", client.refresh_token());
        }
    }
    for echoes in [true, false] {
        let server = server(true, echoes).await;
        let [grant, ..] = grants();
        let client = client(grant, &server);
        for row in every::all() {
            let answers =
                Mock::given(method(format!("{:?}", row.operation.method()).to_uppercase().as_str()));
            let answers = answers.and(path(row.path));
            if !echoes {
                answers
                    .respond_with(ResponseTemplate::new(200).set_body_json(&row.reply))
                    .mount(&server)
                    .await;
            }
            let _ = write!(shown, "{:?}", (row.send)(client.clone(), every::Ids::default()).await);
        }
    }
    drop(guard);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("search_devices"), "the log is there");
    assert!(shown.contains("FAILURE") && shown.contains("Link {"), "refusals and links were shown");
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is shown");
        assert!(!logged.contains(secret), "{secret} is logged");
    }
}
