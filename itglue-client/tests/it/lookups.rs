//! Organisations, configurations and categories.

use itglue_client::{ConfigurationId, ErrorKind, OrganizationId, RmmDevice};
use serde_json::json;
use wiremock::matchers::query_param;

use crate::{account, answer, asked, organization, page};

#[tokio::test]
async fn e6_an_organisation_is_found_by_its_exact_name_on_every_page() {
    let (server, client) = account().await;
    let page_of = |number: &str| {
        asked("GET", "/organizations")
            .and(query_param("filter[name]", "Harbour & Sons"))
            .and(query_param("page[size]", "500"))
            .and(query_param("page[number]", number))
    };
    let first = [organization("4107000000000113", "Harbour & Sons"), organization("2", "harbour & sons")];
    page_of("1").respond_with(page(&first, Some(2))).expect(1).mount(&server).await;
    page_of("2")
        .respond_with(page(&[organization("3", "Harbour & Sons")], None))
        .expect(1)
        .mount(&server)
        .await;
    let found = client.organizations().find("Harbour & Sons").await.unwrap();
    let ids: Vec<u64> = found.iter().map(|it| it.id.get()).collect();
    assert_eq!(ids, [4_107_000_000_000_113, 3], "both are returned, for a person to decide");
}

#[tokio::test]
async fn a_name_that_a_filter_would_take_apart_is_looked_for_among_all() {
    let (server, client) = account().await;
    asked("GET", "/organizations")
        .respond_with(page(&[organization("5", "Smith, Ltd")], None))
        .mount(&server)
        .await;
    assert_eq!(client.organizations().find("Smith, Ltd").await.unwrap().len(), 1);
    let requests = server.received_requests().await.unwrap();
    assert!(!requests[0].url.query().unwrap().contains("filter"));
}

#[tokio::test]
async fn an_organisation_is_read_by_its_id() {
    let (server, client) = account().await;
    let body = json!({ "data": organization("5", "Five") });
    asked("GET", "/organizations/5").respond_with(answer(200, &body)).mount(&server).await;
    assert_eq!(client.organizations().get(OrganizationId::new(5)).await.unwrap().name, "Five");
}

#[tokio::test]
async fn e1a_a_configuration_is_found_by_its_ninjaone_device() {
    let (server, client) = account().await;
    let row = json!({ "id": "77", "type": "configurations", "attributes": {
        "organization-id": 5, "name": "truenas", "archived": null,
        "resource-url": "https://example.itglue.com/5/configurations/77" } });
    asked("GET", "/configurations")
        .and(query_param("filter[rmm_id]", "412"))
        .and(query_param("filter[rmm_integration_type]", "ninja-rmm"))
        .respond_with(page(&[row], None))
        .mount(&server)
        .await;
    let found = client.configurations().of_device(&RmmDevice::ninja_one(412)).await.unwrap();
    assert_eq!((found[0].id, found[0].organization_id), (ConfigurationId::new(77), OrganizationId::new(5)));
    assert!(!found[0].archived);
}

#[tokio::test]
async fn categories_are_listed() {
    let (server, client) = account().await;
    let row =
        json!({ "id": "12", "type": "password-categories", "attributes": { "name": "Backup Credentials" } });
    asked("GET", "/password_categories").respond_with(page(&[row], None)).mount(&server).await;
    let categories = client.password_categories().list().await.unwrap();
    assert_eq!((categories[0].id.get(), categories[0].name.as_str()), (12, "Backup Credentials"));
}

#[tokio::test]
async fn pages_that_go_round_in_a_circle_end_as_an_error() {
    let (server, client) = account().await;
    asked("GET", "/password_categories").respond_with(page(&[], Some(2))).mount(&server).await;
    let error = client.password_categories().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
}
