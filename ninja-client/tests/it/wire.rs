//! Every typed operation on the wire: method, path, query, headers and body.

use std::collections::BTreeSet;

use ninja_client::{ApiOperation, operations};
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request};

use crate::every::{self, Ids, Row};
use crate::{config, ok, token, token_request};

async fn sent(row: &Row) -> Vec<Request> {
    let server = MockServer::start().await;
    token_request().respond_with(token("token-1")).mount(&server).await;
    Mock::given(any()).respond_with(ok(&row.reply)).mount(&server).await;
    let client = ninja_client::Client::new(config(&server.uri())).unwrap();
    let name = row.operation.name();
    (row.send)(client, Ids::default()).await.unwrap_or_else(|error| unreachable!("{name}: {error}"));
    let requests = server.received_requests().await.unwrap();
    requests.into_iter().filter(|request| request.url.path() != "/ws/oauth/token").collect()
}

#[tokio::test]
async fn every_typed_operation_has_its_wire_form() {
    for row in every::all() {
        let name = row.operation.name();
        let requests = sent(&row).await;
        let [request] = requests.as_slice() else { unreachable!("{name}: {} requests", requests.len()) };
        let method = format!("{:?}", row.operation.method()).to_uppercase();
        assert_eq!(request.method.as_str(), method, "{name}");
        assert_eq!(request.url.path(), row.path, "{name}");
        assert_eq!(request.url.query().unwrap_or_default(), row.query, "{name}");
        let header = |key: &str| request.headers.get(key).map(|value| value.to_str().unwrap());
        assert_eq!(header("authorization"), Some("Bearer token-1"), "{name}");
        let body = if request.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&request.body).unwrap()
        };
        assert_eq!(body, row.body, "{name}");
        assert_eq!(header("accept"), Some("application/json, */*;q=0.5"), "{name}");
        let json = (!body.is_null()).then_some("application/json");
        assert_eq!(header("content-type"), json, "{name}");
    }
}

#[test]
fn no_operation_is_declared_or_called_twice() {
    let names: BTreeSet<&str> = operations::all().map(ApiOperation::name).collect();
    let wires: BTreeSet<_> = operations::all().map(|it| (format!("{:?}", it.method()), it.path())).collect();
    assert_eq!((names.len(), wires.len(), operations::all().count()), (310, 310, 310));
    let typed: BTreeSet<&str> = every::all().iter().map(|row| row.operation.name()).collect();
    assert_eq!((typed.len(), every::all().len()), (145, 145));
}
