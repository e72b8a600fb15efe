//! Expired sessions.

use futures_util::future::join_all;
use http_core::ErrorKind;
use wiremock::matchers::{any, header};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::shop::{buy, read, shop};

async fn accepting(token: &str) -> MockServer {
    let server = MockServer::start().await;
    let seven = ResponseTemplate::new(200).set_body_json(7);
    Mock::given(header("authorization", token)).respond_with(seven).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    server
}

#[tokio::test]
async fn an_expired_session_is_renewed_once_for_everybody() {
    let server = accepting("t2").await;
    let client = shop(&server.uri());
    let all = join_all((0..64).map(|_| client.send::<u32>(read()))).await;
    assert!(all.into_iter().all(|answer| answer.unwrap() == 7));
    assert_eq!(client.session().await.unwrap(), "t2");
}

#[tokio::test]
async fn a_call_that_must_happen_once_is_repeated_after_a_renewal_since_it_was_turned_away() {
    let server = accepting("t2").await;
    assert_eq!(shop(&server.uri()).send::<u32>(buy()).await.unwrap(), 7);
}

#[tokio::test]
async fn a_refusal_after_the_renewal_is_final() {
    let server = accepting("t9").await;
    let client = shop(&server.uri());
    let error = client.send::<u32>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::CredentialsRejected, 2));
    assert_eq!(client.session().await.unwrap(), "t2");
}
