//! A read-only client sends the operations declared as reads and no other. The rows are walked by the crate's own list of
//! operations, so that a new one without a row fails the test.

use futures_util::TryStreamExt as _;
use ninja_client::{
    Client, DeviceId, Error, ErrorKind, FieldName, FieldPatch, LocationId, OrganizationId, Scope, operations,
};
use serde_json::json;
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::{config, ok, token, token_request};

/// A call that sends the operation.
async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    let (organization, location, device) = (OrganizationId::new(2), LocationId::new(4), DeviceId::new(10));
    let patch = FieldPatch::new().text(&FieldName::new("guid")?, "x");
    match operation {
        "request_token" | "list_organizations" => {
            client.organizations().list().try_collect::<Vec<_>>().await.map(drop)
        }
        "list_organizations_detailed" => {
            client.organizations().list_detailed().try_collect::<Vec<_>>().await.map(drop)
        }
        "get_organization" => client.organizations().get(organization).await.map(drop),
        "get_organization_custom_fields" => {
            client.organizations().custom_fields(organization).await.map(drop)
        }
        "set_organization_custom_fields" => {
            client.organizations().set_custom_fields(organization, &patch).await
        }
        "list_locations" => client.locations().list(organization).await.map(drop),
        "get_location_custom_fields" => {
            client.locations().custom_fields(organization, location).await.map(drop)
        }
        "set_location_custom_fields" => {
            client.locations().set_custom_fields(organization, location, &patch).await
        }
        "list_devices" => client.devices().list(organization).try_collect::<Vec<_>>().await.map(drop),
        "list_devices_detailed" => {
            client.devices().list_detailed(organization).try_collect::<Vec<_>>().await.map(drop)
        }
        "get_device" => client.devices().get(device).await.map(drop),
        "search_devices" => client.devices().search("x").await.map(drop),
        "get_device_custom_fields" => client.devices().custom_fields(device).await.map(drop),
        "set_device_custom_fields" => client.devices().set_custom_fields(device, &patch).await,
        "report_custom_fields" => {
            let fields = [FieldName::new("guid")?];
            let report = client.custom_fields().report(&[Scope::Device], &fields);
            report.try_collect::<Vec<_>>().await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    token_request().respond_with(token("token-1")).mount(&server).await;
    let device =
        json!({ "id": 10, "organizationId": 2, "locationId": 4, "nodeClass": "NMS_SERVER", "name": "x" });
    for (at, answer) in [
        ("/v2/organization/2", json!({ "id": 2, "name": "A" })),
        ("/v2/organization/2/locations", json!([])),
        ("/v2/organizations", json!([])),
        ("/v2/organizations-detailed", json!([])),
        ("/v2/devices", json!([])),
        ("/v2/devices-detailed", json!([])),
        ("/v2/device/10", device),
        ("/v2/devices/search", json!({ "query": "x", "devices": [] })),
        ("/v2/queries/scoped-custom-fields", json!({ "results": [] })),
    ] {
        Mock::given(method("GET")).and(path(at)).respond_with(ok(&answer)).mount(&server).await;
    }
    let fields = || path_regex("/custom-fields$");
    Mock::given(method("GET")).and(fields()).respond_with(ok(&json!({}))).mount(&server).await;
    Mock::given(method("PATCH")).and(fields()).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    server
}

async fn sent(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn a_read_only_client_sends_every_read_and_nothing_else() {
    for operation in operations::READS {
        let server = server().await;
        let client = Client::new(config(&server.uri()).read_only()).unwrap();
        call(&client, operation).await.unwrap_or_else(|error| unreachable!("{operation}: {error}"));
        assert!(sent(&server).await > 1, "{operation}: the token, and the call itself");
    }
    for operation in operations::WRITES {
        let server = server().await;
        let client = Client::new(config(&server.uri()).read_only()).unwrap();
        let error = call(&client, operation).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::ReadOnly, *operation));
        assert!(!error.is_retryable() && error.to_string().contains("read-only"), "{error}");
        assert_eq!(sent(&server).await, 0, "{operation}");
        // The same call reaches the server with full access: the row is a row of this operation.
        call(&Client::new(config(&server.uri())).unwrap(), operation).await.unwrap();
        assert_eq!(sent(&server).await, 2, "{operation}");
    }
}
