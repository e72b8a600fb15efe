//! A read-only client sends the operations declared as reads and no other. The rows are walked by the crate's own list of
//! operations, so that a new one without a row fails the test.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use itglue_client::{
    ApiKey, Client, Config, CreatePassword, Error, ErrorKind, OrganizationId, PasswordId, PasswordValue,
    RmmDevice, UpdatePassword, operations,
};
use serde_json::json;
use wiremock::MockServer;

use crate::{answer, asked, organization, page, record};

/// A call that sends the operation.
async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    let (id, value) = (PasswordId::new(9), PasswordValue::new("v"));
    match operation {
        "list_organizations" => client.organizations().find("A").await.map(drop),
        "get_organization" => client.organizations().get(OrganizationId::new(5)).await.map(drop),
        "list_configurations" => client.configurations().of_device(&RmmDevice::ninja_one(7)).await.map(drop),
        "list_password_categories" => client.password_categories().list().await.map(drop),
        "list_passwords" => {
            let list = client.passwords().list(OrganizationId::new(5));
            list.try_collect::<Vec<_>>().await.map(drop)
        }
        "get_password" => client.passwords().get(id).await.map(drop),
        "reveal_password" => client.passwords().reveal(id).await.map(drop),
        "create_password" => {
            let request = CreatePassword::new(OrganizationId::new(5), "N");
            client.passwords().create(&request, &value).await.map(drop)
        }
        "update_password" => client.passwords().update(id, &UpdatePassword::new().notes("n")).await.map(drop),
        "replace_password_value" => {
            client.passwords().replace_value(id, &UpdatePassword::new(), &value).await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    for list in ["/organizations", "/configurations", "/password_categories", "/passwords"] {
        asked("GET", list).respond_with(page(&[], None)).mount(&server).await;
    }
    let five = json!({ "data": organization("5", "Five") });
    asked("GET", "/organizations/5").respond_with(answer(200, &five)).mount(&server).await;
    let nine = record("9", json!({ "password": "v" }));
    for (verb, at) in [("GET", "/passwords/9"), ("PATCH", "/passwords/9"), ("POST", "/passwords")] {
        asked(verb, at).respond_with(answer(200, &nine)).mount(&server).await;
    }
    server
}

fn config(server: &MockServer) -> Config {
    let config = Config::new(ApiKey::new(crate::KEY)).base_url(server.uri());
    config.attempts(3).backoff(Duration::ZERO, Duration::ZERO)
}

async fn sent(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn a_read_only_client_sends_every_read_and_nothing_else() {
    for operation in operations::READS {
        let server = server().await;
        let client = Client::new(config(&server).read_only()).unwrap();
        call(&client, operation).await.unwrap_or_else(|error| unreachable!("{operation}: {error}"));
        assert_eq!(sent(&server).await, 1, "{operation}");
    }
    for operation in operations::WRITES {
        let server = server().await;
        let client = Client::new(config(&server).read_only()).unwrap();
        let error = call(&client, operation).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::ReadOnly, *operation));
        assert!(!error.is_retryable() && error.to_string().contains("read-only"), "{error}");
        assert_eq!(sent(&server).await, 0, "{operation}");
        // The same call reaches the server with full access: the row is a row of this operation.
        call(&Client::new(config(&server)).unwrap(), operation).await.unwrap();
        assert_eq!(sent(&server).await, 1, "{operation}");
    }
}
