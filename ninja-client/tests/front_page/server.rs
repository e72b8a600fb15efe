// What the example on the crate's front page talks to: a scripted tenant with one organisation. Included by the example.

pub async fn server() -> wiremock::MockServer {
    use serde_json::{Value, json};
    use wiremock::matchers::{body_json, method, path, query_param, query_param_is_missing};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    let server = MockServer::start().await;
    let json = |answer: &Value| ResponseTemplate::new(200).set_body_json(answer);
    let token = json!({ "access_token": "t", "token_type": "Bearer", "expires_in": 3600 });
    Mock::given(path("/ws/oauth/token")).respond_with(json(&token)).mount(&server).await;
    let first = json!([{ "id": 2, "name": "Harbour Dental Group" }]);
    let organizations = || Mock::given(method("GET")).and(path("/v2/organizations"));
    organizations().and(query_param_is_missing("after")).respond_with(json(&first)).mount(&server).await;
    organizations().and(query_param("after", "2")).respond_with(json(&json!([]))).mount(&server).await;
    for (at, answer) in [
        ("/v2/organization/2/locations", json!([{ "id": 4, "name": "Main Office" }])),
        ("/v2/organization/2/location/4/custom-fields", json!({ "siteGuid": "a1b2" })),
    ] {
        Mock::given(method("GET")).and(path(at)).respond_with(json(&answer)).mount(&server).await;
    }
    Mock::given(method("PATCH"))
        .and(path("/v2/organization/2/custom-fields"))
        .and(body_json(json!({ "siteContact": "Ada" })))
        .respond_with(ResponseTemplate::new(204))
        .expect(1)
        .mount(&server)
        .await;
    server
}
