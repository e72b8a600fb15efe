//! A read-only client sends every operation that is declared a read, and none of the others.

use ninja_client::{ApiOperation, Client, Error, ErrorKind, operations};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer};

use crate::every::{self, Ids};
use crate::{config, ok, token, token_request};

/// Any operation, by the way that every one of them can go.
async fn call(client: &Client, operation: ApiOperation) -> Result<Value, Error> {
    let places = operation.path().matches('{').count();
    (0..places).fold(client.call(operation), |ask, _| ask.at("1")).json(&json!({})).send().await
}

async fn sent(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    token_request().respond_with(token("token-1")).mount(&server).await;
    Mock::given(any()).respond_with(ok(&json!({}))).mount(&server).await;
    server
}

#[tokio::test]
async fn a_read_only_client_sends_every_read_and_nothing_else() {
    let server = server().await;
    let client = Client::new(config(&server.uri()).read_only()).unwrap();
    let mut sent_so_far = 1;
    for operation in operations::all() {
        let answer = call(&client, operation).await;
        if operation.is_read() {
            assert_eq!(answer.unwrap(), json!({}), "{}", operation.name());
            sent_so_far += 1;
            assert_eq!(sent(&server).await, sent_so_far, "{}", operation.name());
        } else {
            let error = answer.unwrap_err();
            assert_eq!((error.kind(), error.operation()), (ErrorKind::ReadOnly, operation.name()));
            assert!(!error.is_retryable() && error.to_string().contains("read-only"), "{error}");
        }
    }
    assert_eq!(sent(&server).await, sent_so_far, "nothing else was sent");
}

#[tokio::test]
async fn a_method_is_refused_as_its_operation_is() {
    let server = server().await;
    let client = Client::new(config(&server.uri()).read_only()).unwrap();
    for row in every::all().into_iter().filter(|row| !row.operation.is_read()) {
        let error = (row.send)(client.clone(), Ids::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::ReadOnly, row.operation.name()));
    }
    assert_eq!(sent(&server).await, 0);
}

#[test]
fn what_hands_out_a_right_is_no_read() {
    for operation in operations::all() {
        let rights = ["signed-urls", "/installer/", "dashboard-url"];
        if rights.iter().any(|right| operation.path().contains(right)) {
            assert!(!operation.is_read(), "{}", operation.name());
        }
    }
}
