//! Answers of every kind, and what follows from them.

use futures_util::StreamExt as _;
use http_core::{Call, ErrorKind, Idempotency, Method, Operation};
use wiremock::matchers::{any, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::shop::{buy, policy, put, read, shop, shop_with};

async fn answering(answers: &[ResponseTemplate]) -> MockServer {
    let server = MockServer::start().await;
    for (index, answer) in answers.iter().enumerate() {
        let mock = Mock::given(any()).respond_with(answer.clone());
        let last = index + 1 == answers.len();
        (if last { mock } else { mock.up_to_n_times(1) }).mount(&server).await;
    }
    server
}

async fn count(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

fn seven() -> ResponseTemplate {
    status(200).set_body_json(7)
}

#[tokio::test]
async fn passing_failures_are_tried_again_for_what_may_be_repeated() {
    for code in [408, 429, 500, 502, 503, 504] {
        let server = answering(&[status(code), seven()]).await;
        assert_eq!(shop(&server.uri()).send::<u32>(put()).await.unwrap(), 7, "{code}");
    }
}

#[tokio::test]
async fn only_a_call_that_was_turned_away_is_repeated_when_it_must_happen_once() {
    let server = answering(&[status(429), seven()]).await;
    assert_eq!(shop(&server.uri()).send::<u32>(buy()).await.unwrap(), 7);
    for code in [408, 500, 502, 503, 504] {
        let server = answering(&[status(code), seven()]).await;
        let error = shop(&server.uri()).send::<u32>(buy()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{code}");
        assert_eq!(error.refusal().unwrap().status, code);
        assert_eq!(count(&server).await, 1);
    }
}

#[tokio::test]
async fn refusals_are_final() {
    let kinds = [
        (400, ErrorKind::Rejected),
        (403, ErrorKind::Unauthorized),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Rejected),
        (418, ErrorKind::Unclassified),
        (422, ErrorKind::Rejected),
    ];
    for (code, kind) in kinds {
        let server = answering(&[status(code), seven()]).await;
        let error = shop(&server.uri()).send::<u32>(read()).await.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (kind, false));
        assert_eq!(error.to_string(), format!("shop list_shelves on shop 1 was refused: {code}"));
    }
}

#[tokio::test]
async fn a_wait_that_the_service_asks_for_is_kept_unless_it_ends_behind_the_deadline() {
    let server = answering(&[status(503).insert_header("retry-after", "0"), seven()]).await;
    assert_eq!(shop(&server.uri()).send::<u32>(read()).await.unwrap(), 7);
    let server = answering(&[status(503).insert_header("retry-after", "11"), seven()]).await;
    let error = shop(&server.uri()).send::<u32>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Unreachable, 1, true));
    assert_eq!(error.retry_after().unwrap().as_secs(), 11);
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let elsewhere = answering(&[seven()]).await;
    for code in [301, 302, 303, 307, 308] {
        let server = answering(&[status(code).insert_header("location", elsewhere.uri().as_str())]).await;
        let error = shop(&server.uri()).send::<u32>(read()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotUnderstood);
        assert!(error.to_string().contains(&format!("redirects to {}", elsewhere.uri())), "{error}");
    }
    assert_eq!(count(&elsewhere).await, 0);
}

#[tokio::test]
async fn an_answer_that_is_not_as_promised_names_the_place_and_no_value() {
    let server = answering(&[status(200).set_body_string(r#"["hunter2"]"#)]).await;
    let error = shop(&server.uri()).send::<Vec<u32>>(read()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
    let text = format!("{error} {error:?}");
    assert!(text.contains("[0]: expected a whole number") && !text.contains("hunter2"), "{text}");
}

#[tokio::test]
async fn an_answer_beyond_the_bound_is_not_read_to_its_end() {
    let server = answering(&[status(200).set_body_bytes(vec![b' '; 17 * 1024 * 1024])]).await;
    let error = shop(&server.uri()).send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotUnderstood, 1));
}

#[tokio::test]
async fn a_compressed_body_arrives_as_it_was_sent() {
    let squeezed = status(200).set_body_bytes([0x1f, 0x8b, 8, 0]).insert_header("content-encoding", "gzip");
    let server = answering(&[squeezed]).await;
    let response = shop(&server.uri()).send_raw(read()).await.unwrap();
    let pieces: Vec<_> = response.into_stream().collect().await;
    assert_eq!(pieces[0].as_ref().unwrap()[..], [0x1f, 0x8b, 8, 0]);
}

fn login(idempotency: Idempotency) -> Operation {
    Operation::new("login", idempotency)
}

#[tokio::test]
async fn e8_no_secret_stands_in_an_error() {
    let server = answering(&[status(400)]).await;
    let url = server.uri();
    let secret = "hunter2hunter2";
    let call = Call::new(login(Idempotency::NonIdempotent), Method::Post, format!("login?token={secret}"))
        .query("password", secret)
        .secret_header("x-secret", secret)
        .form(&[("client_secret", secret)]);
    let error = shop(&url).send::<()>(call).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(secret));
    drop(server);
    let target = format!("http://127.0.0.1:9/?token={secret}");
    let lost = Call::new(login(Idempotency::Read), Method::Get, target);
    let error = shop_with(&url, policy().attempts(1), std::time::Duration::from_secs(1));
    let error = error.send::<()>(lost).await.unwrap_err();
    let mut text = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text} {cause} {cause:?}");
        source = cause.source();
    }
    assert!(!text.contains(secret), "{text}");
}

#[tokio::test]
async fn an_accepted_empty_answer_reads_as_nothing() {
    let server = MockServer::start().await;
    Mock::given(method("PUT")).respond_with(status(204)).mount(&server).await;
    shop(&server.uri()).send::<()>(put()).await.unwrap();
}
