// What the example on the crate's front page talks to: a scripted account with one organisation. Included by the example.

pub async fn server() -> wiremock::MockServer {
    use serde_json::{Value, json};
    use wiremock::matchers::{body_partial_json, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    let server = MockServer::start().await;
    let answer = |status: u16, body: &Value| {
        ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/vnd.api+json")
    };
    let list = |rows: Value| json!({ "data": rows, "meta": { "current-page": 1, "next-page": null }, "links": {} });
    let organization = json!({ "id": "5", "type": "organizations", "attributes": { "name": "Harbour Dental Group" } });
    let attributes = |name: &str, value: Option<&str>| {
        json!({ "organization-id": 5, "name": name, "username": "admin", "notes": "second floor", "archived": false,
            "resource-url": "https://example.itglue.com/5/passwords/9", "password": value })
    };
    let record = |value| {
        json!({ "data": { "id": "9", "type": "passwords", "attributes": attributes("Front desk printer", value) } })
    };
    let other = json!([{ "id": "8", "type": "passwords", "attributes": attributes("Back office printer", None) }]);
    for (at, rows) in [("/organizations", json!([organization])), ("/passwords", other)] {
        Mock::given(method("GET")).and(path(at)).respond_with(answer(200, &list(rows))).mount(&server).await;
    }
    let asked = json!({ "data": { "attributes": { "password": "correct horse battery staple" } } });
    Mock::given(method("POST"))
        .and(path("/passwords"))
        .and(body_partial_json(asked))
        .respond_with(answer(201, &record(None)))
        .mount(&server)
        .await;
    let revealed = record(Some("correct horse battery staple"));
    Mock::given(method("GET")).and(path("/passwords/9")).respond_with(answer(200, &revealed)).mount(&server).await;
    server
}
