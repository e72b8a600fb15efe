//! What goes over the wire, exactly.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on should stop, and one that is skipped should say so"
)]

mod budgets;
mod custom_fields;
mod grants;
mod inventory;
mod mock;
mod read_only;
mod sessions;
mod specification;
mod wire;

#[path = "../every/mod.rs"]
mod every;

use std::time::Duration;

use ninja_client::{Client, ClientId, ClientSecret, Config, Region};
use serde_json::{Value, json};
use wiremock::matchers::{body_string, header, method, path};
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate};

const SECRET: &str = "not-a-real-secret";

fn config(url: &str) -> Config {
    Config::new(Region::Us, ClientId::new("app-1"), ClientSecret::new(SECRET))
        .base_url(url)
        .attempts(3)
        .backoff(Duration::ZERO, Duration::ZERO)
}

/// The one request for a token that the tenant grants.
fn token_request() -> MockBuilder {
    let form = format!("grant_type=client_credentials&client_id=app-1&client_secret={SECRET}");
    Mock::given(method("POST"))
        .and(path("/ws/oauth/token"))
        .and(header("content-type", "application/x-www-form-urlencoded"))
        .and(body_string(form))
}

fn token(value: &str) -> ResponseTemplate {
    ok(&json!({ "access_token": value, "token_type": "Bearer", "expires_in": 3600, "scope": "monitoring" }))
}

/// A tenant that grants tokens, and a client of it that does not wait between attempts.
async fn tenant() -> (MockServer, Client) {
    let server = MockServer::start().await;
    token_request().respond_with(token("token-1")).mount(&server).await;
    let client = Client::new(config(&server.uri())).unwrap();
    (server, client)
}

/// A request with the token, of this verb, to this path.
fn asked(verb: &str, to: &str) -> MockBuilder {
    Mock::given(method(verb)).and(path(to)).and(header("authorization", "Bearer token-1"))
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn failure(status: u16, message: &str) -> ResponseTemplate {
    let body = json!({ "resultCode": "FAILURE", "errorMessage": message, "incidentId": "incident-7" });
    ResponseTemplate::new(status).set_body_json(body)
}

/// The query strings of what was asked of a path, as they stood on the wire.
async fn queries(server: &MockServer, of: &str) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let of = requests.iter().filter(|request| request.url.path() == of);
    of.map(|request| request.url.query().unwrap_or_default().to_owned()).collect()
}
