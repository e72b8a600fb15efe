//! A read-only client sends the operations declared as reads and no other. The rows are walked by the crate's own list of
//! operations, so that a new one without a row fails the test.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use itglue_client::{
    ApiKey, Attachable, Client, Config, ConfigurationId, ConfigurationTypeId, ContactId, CreateConfiguration,
    CreatePassword, DocumentId, Error, ErrorKind, FlexibleAssetId, FlexibleAssetTypeId, LocationId,
    OrganizationId, PasswordId, PasswordValue, PasswordVersionId, RecordIdentity, RmmDevice,
    UpdateConfiguration, UpdatePassword, operations,
};
use serde_json::{Map, json};
use wiremock::MockServer;

use crate::{answer, asked, attachment, configuration, flexible_asset, named, organization, page, record};

const NINE: ConfigurationId = ConfigurationId::new(9);

/// A call that sends the operation.
async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    let (id, value, five) = (PasswordId::new(9), PasswordValue::new("v"), OrganizationId::new(5));
    match operation {
        "list_passwords" => client.passwords().list(five).try_collect::<Vec<_>>().await.map(drop),
        "get_password" => client.passwords().get(id).await.map(drop),
        "reveal_password" => client.passwords().reveal(id).await.map(drop),
        "list_password_versions" => client.passwords().versions(id).await.map(drop),
        "reveal_password_version" => {
            client.passwords().reveal_version(id, PasswordVersionId::new(3)).await.map(drop)
        }
        "create_password" => {
            client.passwords().create(&CreatePassword::new(five, "N"), &value).await.map(drop)
        }
        "update_password" => client.passwords().update(id, &UpdatePassword::new().notes("n")).await.map(drop),
        "replace_password_value" => {
            client.passwords().replace_value(id, &UpdatePassword::new(), &value).await.map(drop)
        }
        other => call_of_another_kind(client, other).await,
    }
}

async fn call_of_another_kind(client: &Client, operation: &str) -> Result<(), Error> {
    let five = OrganizationId::new(5);
    let (asset_type, asset) = (FlexibleAssetTypeId::new(3), FlexibleAssetId::new(9));
    let assets = client.flexible_assets();
    match operation {
        "list_organizations" => client.organizations().find("A").await.map(drop),
        "get_organization" => client.organizations().get(five).await.map(drop),
        "list_configurations" => client.configurations().of_device(&RmmDevice::ninja_one(7)).await.map(drop),
        "get_configuration" => client.configurations().get(NINE).await.map(drop),
        "list_configuration_types" => client.configurations().types().await.map(drop),
        "create_configuration" => {
            let request = CreateConfiguration::new(five, ConfigurationTypeId::new(4), "N");
            client.configurations().create(&request).await.map(drop)
        }
        "update_configuration" => {
            client.configurations().update(NINE, &UpdateConfiguration::new().notes("n")).await.map(drop)
        }
        "list_password_categories" => client.password_categories().list().await.map(drop),
        "list_locations" => client.locations().list(five).try_collect::<Vec<_>>().await.map(drop),
        "get_location" => client.locations().get(LocationId::new(9)).await.map(drop),
        "list_contacts" => client.contacts().list(five).try_collect::<Vec<_>>().await.map(drop),
        "get_contact" => client.contacts().get(ContactId::new(9)).await.map(drop),
        "get_document" => client.documents().get(DocumentId::new(9)).await.map(drop),
        "list_flexible_asset_types" => assets.types().await.map(drop),
        "list_flexible_asset_fields" => assets.fields(asset_type).await.map(drop),
        "list_flexible_assets" => assets.list(asset_type, None).try_collect::<Vec<_>>().await.map(drop),
        "get_flexible_asset" => assets.get(asset).await.map(drop),
        "create_flexible_asset" => assets.create(five, asset_type, &Map::new()).await.map(drop),
        "merge_traits" => {
            let changes = json!({ "a": "new" });
            assets.merge_traits(asset, changes.as_object().unwrap()).await.map(drop)
        }
        "list_attachments" => client.attachments().list(Attachable::Configuration(NINE)).await.map(drop),
        "create_attachment" => {
            client.attachments().create(Attachable::Configuration(NINE), "a.txt", b"a").await.map(drop)
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    for list in [
        "/organizations",
        "/configurations",
        "/configuration_types",
        "/password_categories",
        "/passwords",
        "/locations",
        "/contacts",
        "/flexible_asset_types",
        "/flexible_asset_types/3/relationships/flexible_asset_fields",
        "/flexible_assets",
    ] {
        asked("GET", list).respond_with(page(&[], None)).mount(&server).await;
    }
    let nine = record("9", json!({ "password": "v" }));
    let (device, asset) = (configuration("9", json!({})), flexible_asset("9", json!({ "a": "old" })));
    let renewed = flexible_asset("9", json!({ "a": "new" }));
    asked("GET", "/flexible_assets/9")
        .respond_with(answer(200, &json!({ "data": &asset })))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    for (verb, at, body) in [
        ("GET", "/organizations/5", json!({ "data": organization("5", "Five") })),
        ("GET", "/passwords/9", nine.clone()),
        ("PATCH", "/passwords/9", nine.clone()),
        ("POST", "/passwords", nine),
        ("GET", "/configurations/9", json!({ "data": &device })),
        ("PATCH", "/configurations/9", json!({ "data": &device })),
        ("POST", "/configurations", json!({ "data": device })),
        ("POST", "/configurations/9/relationships/attachments", json!({ "data": attachment("1") })),
        ("GET", "/locations/9", json!({ "data": named("locations", "9") })),
        ("GET", "/contacts/9", json!({ "data": named("contacts", "9") })),
        ("GET", "/documents/9", json!({ "data": named("documents", "9") })),
        ("GET", "/flexible_assets/9", json!({ "data": &renewed })),
        ("PATCH", "/flexible_assets/9", json!({ "data": renewed })),
        ("POST", "/flexible_assets", json!({ "data": asset })),
    ] {
        asked(verb, at).respond_with(answer(200, &body)).mount(&server).await;
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
        let requests = if *operation == "merge_traits" { 3 } else { 1 };
        assert_eq!(sent(&server).await, requests, "{operation}");
    }
}

/// What begins with reads and may end in a write is refused as a whole.
#[tokio::test]
async fn a_read_only_client_stores_no_secret_with_proof() {
    let server = server().await;
    let client = Client::new(config(&server).read_only()).unwrap();
    let identity = RecordIdentity::new([("A", "b")]).unwrap();
    let request = CreatePassword::new(OrganizationId::new(5), "N");
    let error = client
        .passwords()
        .upsert_with_proof(&identity, &request, &PasswordValue::new("v"))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), sent(&server).await), (ErrorKind::ReadOnly, 0));
}
