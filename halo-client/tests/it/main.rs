//! What goes over the wire, exactly. HaloPSA publishes no schema: these tests stand on public clients and reports alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod budgets;
mod lists;
mod notes;
mod read_only;
mod refusals;
mod tokens;
mod wire;

use std::time::Duration;

use halo_client::{ApplicationId, Client, ClientSecret, Config};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate};

const SECRET: &str = "not-a-real-secret";
const TOKEN: &str = "not-a-real-token";

fn config(server: &MockServer) -> Config {
    Config::new(server.uri(), ApplicationId::new("app"), ClientSecret::new(SECRET))
        .attempts(3)
        .backoff(Duration::ZERO, Duration::ZERO)
        .rate_limit_backoff(Duration::ZERO)
}

/// A server that issues a token, and a client of it that does not wait between attempts.
async fn tenant() -> (MockServer, Client) {
    let server = MockServer::start().await;
    issue(&server, "/auth/token").await;
    let client = Client::new(config(&server)).unwrap();
    (server, client)
}

async fn issue(server: &MockServer, at: &str) {
    let token = json!({ "access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600, "scope": "all" });
    Mock::given(method("POST")).and(path(at)).respond_with(answer(&token)).mount(server).await;
}

/// A request with the token, of this verb, to this path.
fn asked(verb: &str, to: &str) -> MockBuilder {
    let bearer = format!("Bearer {TOKEN}");
    Mock::given(method(verb)).and(path(to)).and(header("authorization", bearer.as_str()))
}

fn answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// The requests for anything but a token.
async fn calls(server: &MockServer) -> Vec<wiremock::Request> {
    let mut requests = server.received_requests().await.unwrap();
    requests.retain(|request| !request.url.path().ends_with("/token"));
    requests
}

fn action(id: u64, note: &str) -> Value {
    json!({ "id": id, "ticket_id": 1001, "note": note, "hiddenfromuser": true, "outcome": "Internal Note",
        "who": "Integrator Agent", "actiondatecreated": "2026-11-01T09:00:00.000", "actiontypeid": 3 })
}

fn actions(rows: &[Value]) -> Value {
    json!({ "record_count": rows.len(), "ticket_id": 1001, "actions": rows })
}
