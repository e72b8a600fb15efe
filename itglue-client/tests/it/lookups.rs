//! Organisations, configurations and categories.

use futures_util::TryStreamExt as _;
use itglue_client::{
    ConfigurationFilter, ConfigurationId, ContactId, DocumentId, ErrorKind, FlexibleAssetId, LocationId,
    OrganizationId, PasswordFilter, PasswordId, PasswordValue, PasswordVersionId, RmmDevice,
    UpdateConfiguration, UpdatePassword,
};
use serde_json::json;
use wiremock::matchers::query_param;

use crate::{account, answer, asked, flexible_asset, named, organization, page, record};

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

/// Of every filter that takes a text: one with a comma would look for its parts, and find other records.
#[tokio::test]
async fn no_filter_is_sent_that_would_be_taken_apart() {
    let (server, client) = account().await;
    for list in ["/configurations", "/passwords"] {
        asked("GET", list).respond_with(page(&[], None)).mount(&server).await;
    }
    let text = "a,b";
    let devices = ConfigurationFilter::new().name("before").name(text);
    let devices = devices.serial_number(text).mac_address(text).asset_tag(text);
    let passwords = PasswordFilter::new().name(text).url(text).embedded_in(text);
    client.configurations().list(&devices).try_collect::<Vec<_>>().await.unwrap();
    client
        .passwords()
        .list_matching(OrganizationId::new(5), &passwords)
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    for request in server.received_requests().await.unwrap() {
        let filters = request.url.query_pairs().filter(|(name, _)| name.starts_with("filter["));
        let names: Vec<String> = filters.map(|(name, _)| name.into_owned()).collect();
        let expected: &[&str] =
            if request.url.path() == "/passwords" { &["filter[organization_id]"] } else { &[] };
        assert_eq!(names, expected);
    }
}

/// E6: a server, or a cache before it, that answers with another record than the one that was asked for.
#[tokio::test]
async fn e6_another_record_than_the_one_that_was_asked_for_is_not_taken() {
    let (server, client) = account().await;
    let eight = |kind: &str| json!({ "data": named(kind, "8") });
    let password = record("8", json!({ "password": "another's" }));
    for (verb, at, body) in [
        ("GET", "/organizations/9", eight("organizations")),
        ("GET", "/configurations/9", eight("configurations")),
        ("PATCH", "/configurations/9", eight("configurations")),
        ("GET", "/locations/9", eight("locations")),
        ("GET", "/contacts/9", eight("contacts")),
        ("GET", "/documents/9", eight("documents")),
        ("GET", "/flexible_assets/9", json!({ "data": flexible_asset("8", json!({})) })),
        ("GET", "/passwords/9", password.clone()),
        ("PATCH", "/passwords/9", password.clone()),
        ("GET", "/organizations/5/relationships/passwords/9", password),
    ] {
        asked(verb, at).respond_with(answer(200, &body)).mount(&server).await;
    }
    let (five, nine, device) = (OrganizationId::new(5), PasswordId::new(9), ConfigurationId::new(9));
    let (organization, passwords) = (OrganizationId::new(9), client.passwords());
    let seen = [
        client.organizations().get(organization).await.err(),
        client.organizations().with_rmm_companies(organization).await.err(),
        client.configurations().get(device).await.err(),
        client.configurations().update(device, &UpdateConfiguration::new()).await.err(),
        client.locations().get(LocationId::new(9)).await.err(),
        client.contacts().get(ContactId::new(9)).await.err(),
        client.documents().get(DocumentId::new(9)).await.err(),
        client.flexible_assets().get(FlexibleAssetId::new(9)).await.err(),
        client.flexible_assets().merge_traits(FlexibleAssetId::new(9), &serde_json::Map::new()).await.err(),
        passwords.get(nine).await.err(),
        passwords.get_in(five, nine).await.err(),
        passwords.reveal(nine).await.err(),
        passwords.reveal_in(five, nine).await.err(),
        passwords.reveal_version(nine, PasswordVersionId::new(1)).await.err(),
        passwords.update(nine, &UpdatePassword::new().notes("n")).await.err(),
        passwords.replace_value(nine, &UpdatePassword::new(), &PasswordValue::new("v")).await.err(),
    ];
    for (number, error) in seen.into_iter().enumerate() {
        let error = error.unwrap_or_else(|| panic!("no. {number} is taken for the other"));
        assert_eq!((error.kind(), error.subject()), (ErrorKind::NotUnderstood, Some("9")), "no. {number}");
        assert!(error.to_string().contains("shows 8 in its place"), "{error}");
    }
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
