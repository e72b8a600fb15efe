//! What goes over the wire, exactly.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod budgets;
mod lookups;
mod passwords;
mod read_only;
mod refusals;
mod rows;
mod wire;

use std::time::Duration;

use itglue_client::{ApiKey, Client, Config};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockBuilder, MockServer, ResponseTemplate};

const KEY: &str = "ITG.not-a-real-key";

/// A server, and a client of it that does not wait between attempts.
async fn account() -> (MockServer, Client) {
    let server = MockServer::start().await;
    let config = Config::new(ApiKey::new(KEY))
        .base_url(server.uri())
        .attempts(3)
        .backoff(Duration::ZERO, Duration::ZERO)
        .rate_limit_backoff(Duration::ZERO);
    (server, Client::new(config).unwrap())
}

/// A request with the key, of this verb, to this path.
fn asked(verb: &str, to: &str) -> MockBuilder {
    Mock::given(method(verb)).and(path(to)).and(header("x-api-key", KEY))
}

fn answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/vnd.api+json")
}

/// A page of a list; without `next` the last.
fn page(rows: &[Value], next: Option<u32>) -> ResponseTemplate {
    answer(200, &json!({ "data": rows, "meta": { "current-page": 1, "next-page": next }, "links": {} }))
}

fn organization(id: &str, name: &str) -> Value {
    json!({ "id": id, "type": "organizations", "attributes": { "name": name, "alert": null } })
}

/// A password's row with all that a test does not speak of.
fn password(id: &str, more: Value) -> Value {
    let mut attributes = json!({
        "organization-id": 4_107_000_000_000_113_u64, "organization-name": "Harbour Dental Group",
        "resource-url": "https://example.itglue.com/4107000000000113/passwords/7", "restricted": false,
        "name": "Label", "username": "user", "url": null, "resource-id": null, "resource-type": null,
        "password-category-id": 12, "archived": false, "updated-by": "someone",
    });
    let Value::Object(more) = more else { panic!("attributes are a map") };
    attributes.as_object_mut().unwrap().extend(more);
    json!({ "id": id, "type": "passwords", "attributes": attributes })
}

fn record(id: &str, more: Value) -> Value {
    json!({ "data": password(id, more) })
}

fn configuration(id: &str, more: Value) -> Value {
    let mut attributes = json!({
        "organization-id": 5, "organization-name": "Five", "name": "nas", "hostname": "nas", "archived": false,
        "serial-number": null, "mac-address": null, "configuration-type-name": "Managed Network NAS",
    });
    let Value::Object(more) = more else { panic!("attributes are a map") };
    attributes.as_object_mut().unwrap().extend(more);
    json!({ "id": id, "type": "configurations", "attributes": attributes })
}

fn flexible_asset(id: &str, traits: Value) -> Value {
    let mut attributes = json!({ "organization-id": 5, "flexible-asset-type-id": 3, "name": "A" });
    attributes["traits"] = traits;
    json!({ "id": id, "type": "flexible-assets", "attributes": attributes })
}

fn attachment(id: &str) -> Value {
    json!({ "id": id, "type": "attachments", "attributes": { "attachment-file-name": "a.txt", "attachment-file-size": 1 } })
}

/// A resource of an organisation that has a name and little else.
fn named(kind: &str, id: &str) -> Value {
    json!({ "id": id, "type": kind, "attributes": { "organization-id": 5, "name": "N" } })
}
