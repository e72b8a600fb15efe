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
    let record = |id: &str, name: &str, value: Option<&str>| {
        let attributes = json!({ "organization-id": 5, "name": name, "username": "admin", "archived": false,
            "notes": "Serial Number: VNB3K12345", "resource-url": "https://example.itglue.com/5/passwords/9", "password": value });
        json!({ "id": id, "type": "passwords", "attributes": attributes })
    };
    let ours = |value| record("9", "Front desk printer", value);
    let before = json!([record("8", "Back office printer", None)]);
    let after = json!([record("8", "Back office printer", None), ours(None)]);
    let get = |at: &str| Mock::given(method("GET")).and(path(at));
    get("/organizations").respond_with(answer(200, &list(json!([organization])))).mount(&server).await;
    // It is listed, looked for, created, and looked for again.
    get("/passwords").respond_with(answer(200, &list(before))).up_to_n_times(2).mount(&server).await;
    get("/passwords").respond_with(answer(200, &list(after))).mount(&server).await;
    let asked = json!({ "data": { "attributes": { "password": "correct horse battery staple", "notes": "Serial Number: VNB3K12345" } } });
    Mock::given(method("POST"))
        .and(path("/passwords"))
        .and(body_partial_json(asked))
        .respond_with(answer(201, &json!({ "data": ours(None) })))
        .mount(&server)
        .await;
    let revealed = json!({ "data": ours(Some("correct horse battery staple")) });
    get("/passwords/9").respond_with(answer(200, &revealed)).mount(&server).await;
    server
}
