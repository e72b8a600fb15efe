//! What a refusal becomes, and what is tried again.

use std::error::Error as _;

use itglue_client::{
    ApiKey, Client, Config, CreatePassword, Error, ErrorKind, OrganizationId, PasswordId, PasswordValue,
    UpdatePassword,
};
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use crate::{account, answer, asked, organization, page, record};

const SECRET: &str = "hunter2-hunter2";

fn refusal(status: u16, detail: &str) -> ResponseTemplate {
    let error = json!({ "status": status, "title": "Refused", "detail": detail,
        "source": { "pointer": "/data/attributes/password" } });
    answer(status, &json!({ "errors": [error] }))
}

async fn create(client: &Client) -> Result<itglue_client::Password, Error> {
    let request = CreatePassword::new(OrganizationId::new(5), "N");
    client.passwords().create(&request, &PasswordValue::new(SECRET)).await
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn x3_a_create_whose_answer_is_lost_is_not_sent_again() {
    let pages: [ResponseTemplate; 3] = [
        ResponseTemplate::new(504),
        ResponseTemplate::new(201).set_body_string("<html>"),
        answer(201, &json!({ "data": Value::Null })),
    ];
    for answered in pages {
        let (server, client) = account().await;
        asked("POST", "/passwords").respond_with(answered).mount(&server).await;
        assert_eq!(create(&client).await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
        assert_eq!(requests(&server).await, 1);
    }
}

#[tokio::test]
async fn a_create_that_was_turned_away_at_the_limit_is_sent_again() {
    let (server, client) = account().await;
    asked("POST", "/passwords")
        .respond_with(ResponseTemplate::new(429))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    asked("POST", "/passwords").respond_with(answer(201, &record("9", json!({})))).mount(&server).await;
    create(&client).await.unwrap();
    assert_eq!(requests(&server).await, 2);
}

#[tokio::test]
async fn reads_and_updates_are_tried_again() {
    let (server, client) = account().await;
    for (verb, to) in [("GET", "/organizations"), ("PATCH", "/passwords/9")] {
        asked(verb, to).respond_with(ResponseTemplate::new(503)).up_to_n_times(2).mount(&server).await;
    }
    asked("GET", "/organizations").respond_with(page(&[organization("1", "A")], None)).mount(&server).await;
    asked("PATCH", "/passwords/9").respond_with(answer(200, &record("9", json!({})))).mount(&server).await;
    assert_eq!(client.organizations().find("A").await.unwrap().len(), 1);
    client.passwords().update(PasswordId::new(9), &UpdatePassword::new().notes("n")).await.unwrap();
    assert_eq!(requests(&server).await, 6);
}

#[tokio::test]
async fn each_refusal_has_its_kind() {
    for (status, kind) in [
        (400, ErrorKind::Rejected),
        (401, ErrorKind::NotFound),
        (403, ErrorKind::CredentialsRejected),
        (404, ErrorKind::NotFound),
        (415, ErrorKind::Rejected),
        (418, ErrorKind::Unclassified),
        (422, ErrorKind::Rejected),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Unreachable),
    ] {
        let (server, client) = account().await;
        asked("GET", "/passwords/9").respond_with(refusal(status, "why")).mount(&server).await;
        let error = client.passwords().get(PasswordId::new(9)).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        let text = error.to_string();
        assert!(text.contains("password 9") && text.contains("why [password]"), "{text}");
        assert_eq!(error.is_retryable(), matches!(status, 429 | 500));
    }
}

/// E8: neither the key nor a value stands in what an error says, even where IT Glue quotes it.
#[tokio::test]
async fn e8_an_error_holds_no_secret() {
    let (server, client) = account().await;
    asked("POST", "/passwords").respond_with(refusal(422, SECRET)).mount(&server).await;
    let error = create(&client).await.unwrap_err();
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    for text in [error.to_string(), format!("{error:?}"), cause, format!("{client:?}")] {
        assert!(!text.contains("hunter2") && !text.contains(crate::KEY), "{text}");
    }
}

#[tokio::test]
async fn an_account_that_cannot_be_reached_differs_from_one_that_refuses() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let config = Config::new(ApiKey::new("k")).base_url(format!("http://{closed}")).attempts(1);
    let client = Client::new(config).unwrap();
    let error = client.passwords().get(PasswordId::new(9)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unreachable, true));
    let plain = Client::new(Config::new(ApiKey::new("k")).base_url("http://itglue.example"));
    assert_eq!(plain.unwrap_err().kind(), ErrorKind::InvalidRequest);
}

/// What to do stands in the words of each refusal that people meet.
#[tokio::test]
async fn x6_a_dead_key_a_wrong_pair_a_page_and_a_redirect_differ() {
    let page = ResponseTemplate::new(200).set_body_raw("<!DOCTYPE html><title>Log in</title>", "text/html");
    let redirect =
        ResponseTemplate::new(301).insert_header("location", "https://app.itglue.com/login?token=x");
    let blocked = ResponseTemplate::new(403).set_body_raw("<html>Attention Required!</html>", "text/html");
    for (answered, kind, words) in [
        (refusal(403, "no"), ErrorKind::CredentialsRejected, "90 days"),
        (refusal(401, "no"), ErrorKind::NotFound, "not of the organisation that the request names"),
        (answer(200, &record("9", json!({}))), ErrorKind::Unauthorized, "tick Password Access"),
        (page, ErrorKind::NotUnderstood, "look whether the base URL"),
        (blocked, ErrorKind::NotUnderstood, "firewall or proxy"),
        (redirect, ErrorKind::NotUnderstood, "https://app.itglue.com/login, and redirects are not followed"),
        (refusal(422, "is too short"), ErrorKind::Rejected, "is too short [password]"),
    ] {
        let (server, client) = account().await;
        asked("GET", "/passwords/9").respond_with(answered).mount(&server).await;
        let error = client.passwords().reveal(PasswordId::new(9)).await.unwrap_err();
        assert_eq!((error.kind(), requests(&server).await), (kind, 1), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// Nothing is followed and nothing is sent twice where a write is redirected or answered by a page.
#[tokio::test]
async fn x3_a_create_that_is_redirected_is_not_followed() {
    for answered in [
        ResponseTemplate::new(301).insert_header("location", "/passwords"),
        ResponseTemplate::new(200).set_body_raw("<html>", "text/html"),
    ] {
        let (server, client) = account().await;
        asked("POST", "/passwords").respond_with(answered).mount(&server).await;
        assert_eq!(create(&client).await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
        assert_eq!(requests(&server).await, 1);
    }
}
