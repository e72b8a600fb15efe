// What the example on the crate's front page talks to: a scripted tenant with one ticket. Included by the example.

pub async fn server() -> wiremock::MockServer {
    use serde_json::{Value, json};
    use wiremock::matchers::{body_json, method, path, query_param};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    let server = MockServer::start().await;
    let answer = |body: &Value| ResponseTemplate::new(200).set_body_json(body);
    let get = |at: &str| Mock::given(method("GET")).and(path(at));
    let post = |at: &str| Mock::given(method("POST")).and(path(at));
    let token = json!({ "access_token": "t", "expires_in": 3600, "token_type": "Bearer" });
    post("/auth/token").respond_with(answer(&token)).mount(&server).await;
    let ticket = json!({ "id": 1001, "summary": "Backup of nas-01", "client_id": 5, "client_name": "Harbour Dental Group",
        "hasbeenclosed": false, "customfields": [] });
    get("/api/Tickets/1001").respond_with(answer(&ticket)).mount(&server).await;
    let text = "[backup of nas-01] The first backup is proven.";
    let none = json!({ "record_count": 0, "actions": [] });
    let one = json!({ "record_count": 1, "actions": [{ "id": 1, "ticket_id": 1001, "note": text, "hiddenfromuser": true }] });
    let actions = || get("/api/Actions").and(query_param("ticket_id", "1001"));
    actions().respond_with(answer(&none)).up_to_n_times(1).expect(1).mount(&server).await;
    actions().respond_with(answer(&one)).expect(1).mount(&server).await;
    let wanted = json!([{ "ticket_id": 1001, "outcome_id": 7, "note": text, "hiddenfromuser": true, "sendemail": false }]);
    let added = json!({ "id": 1, "ticket_id": 1001 });
    post("/api/Actions").and(body_json(wanted)).respond_with(answer(&added)).expect(1).mount(&server).await;
    server
}
