//! What each typed operation sends: verb, path, query and body, one row for each. Passwords have tests of their own beside these.

use std::future::Future;
use std::pin::Pin;

use futures_util::TryStreamExt as _;
use itglue_client::{
    Attachable, Client, ConfigurationFilter, ConfigurationId, ConfigurationTypeId, ContactId,
    CreateConfiguration, CreatePassword, DocumentId, Embedding, Error, ErrorKind, FlexibleAssetId,
    FlexibleAssetTypeId, LocationId, OrganizationId, PasswordCategoryId, PasswordFilter, PasswordId,
    PasswordValue, PasswordVersionId, RmmDevice, UpdateConfiguration, UpdatePassword,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, Request};

use crate::{account, answer, attachment, configuration, flexible_asset, named, organization, page, record};

type Sent = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// What was asked of a server that answers everything with `body`.
async fn requests(body: &Value, call: impl FnOnce(Client) -> Sent) -> Vec<Request> {
    let (server, client) = account().await;
    Mock::given(any()).respond_with(answer(200, body)).mount(&server).await;
    call(client).await.unwrap();
    server.received_requests().await.unwrap()
}

/// A request as one line, and its body.
fn line(request: &Request) -> (String, Value) {
    let query: Vec<String> =
        request.url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let body = serde_json::from_slice(&request.body).unwrap_or_default();
    (format!("{} {}{query}", request.method, request.url.path()), body)
}

/// One call, what it is answered with, and what it sends.
macro_rules! sends {
    ($($name:ident, $answered:expr, |$client:ident| $call:expr => $line:expr, $body:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            let answered: Value = $answered;
            let sent = requests(&answered, |$client| Box::pin(async move { $call.map(drop) })).await;
            let (line, body) = line(&sent[0]);
            let expected: Value = $body;
            assert_eq!((line.as_str(), &body), ($line, &expected));
            let content = sent[0].headers.get("content-type").map(|value| value.to_str().unwrap());
            assert_eq!(content, (!body.is_null()).then_some("application/vnd.api+json"));
            assert_eq!((sent.len(), sent[0].headers["x-api-key"].to_str().unwrap()), (1, crate::KEY));
        }
    )+};
}

const NONE: Value = Value::Null;
const FIVE: OrganizationId = OrganizationId::new(5);
const HUGE: u64 = 9_007_199_254_740_993;

fn empty() -> Value {
    json!({ "data": [], "meta": { "next-page": null, "total-count": 0 } })
}

fn of(data: Value) -> Value {
    Value::Object([("data".to_owned(), data)].into_iter().collect())
}

fn sent(kind: &str, attributes: Value) -> Value {
    let mut data = json!({ "type": kind });
    data["attributes"] = attributes;
    of(data)
}

fn device() -> Value {
    of(configuration("9", json!({})))
}

sends! {
    list_organizations, empty(),
        |client| client.organizations().list().try_collect::<Vec<_>>().await
        => "GET /organizations?page[size]=500&page[number]=1", NONE;
    organizations_of_a_psa_company, empty(),
        |client| client.organizations().of_psa_company("31", "autotask").await
        => "GET /organizations?filter[psa_id]=31&filter[psa_integration_type]=autotask&page[size]=500&page[number]=1", NONE;
    get_organization, of(organization("5", "Five")),
        |client| client.organizations().get(FIVE).await => "GET /organizations/5", NONE;
    organization_with_rmm_companies, of(organization("5", "Five")),
        |client| client.organizations().with_rmm_companies(FIVE).await
        => "GET /organizations/5?include=rmm_companies", NONE;
    list_configurations, empty(),
        |client| {
            let filter = ConfigurationFilter::new().organization(FIVE).name("nas").name("nas 2").serial_number("S1")
                .mac_address("aa").asset_tag("T").archived(false).device(RmmDevice::ninja_one(412));
            client.configurations().list(&filter).try_collect::<Vec<_>>().await
        }
        => "GET /configurations?filter[name]=nas 2&filter[serial_number]=S1&filter[mac_address]=aa&filter[asset_tag]=T\
            &filter[organization_id]=5&filter[archived]=false&filter[rmm_id]=412&filter[rmm_integration_type]=ninja-rmm\
            &page[size]=500&page[number]=1", NONE;
    get_configuration, of(configuration("9007199254740993", json!({}))),
        |client| client.configurations().get(ConfigurationId::new(HUGE)).await
        => "GET /configurations/9007199254740993", NONE;
    list_configuration_types, empty(),
        |client| client.configurations().types().await
        => "GET /configuration_types?page[size]=500&page[number]=1", NONE;
    create_configuration, device(),
        |client| {
            let further = UpdateConfiguration::new().serial_number("S1").mac_address("00:11:22:33:44:55")
                .hostname("h").asset_tag("T").primary_ip("192.0.2.7").notes("n").location(LocationId::new(8));
            let request = CreateConfiguration::new(FIVE, ConfigurationTypeId::new(HUGE), "nas").with(further);
            client.configurations().create(&request).await
        }
        => "POST /configurations", sent("configurations", json!({ "organization-id": 5, "configuration-type-id": HUGE,
            "name": "nas", "serial-number": "S1", "mac-address": "00:11:22:33:44:55", "hostname": "h", "asset-tag": "T",
            "primary-ip": "192.0.2.7", "notes": "n", "location-id": 8 }));
    update_configuration, device(),
        |client| client.configurations().update(ConfigurationId::new(9), &UpdateConfiguration::new().name("n").archive()).await
        => "PATCH /configurations/9", sent("configurations", json!({ "name": "n", "archived": true }));
    list_password_categories, empty(),
        |client| client.password_categories().list().await
        => "GET /password_categories?page[size]=500&page[number]=1", NONE;
    list_passwords, empty(),
        |client| {
            let filter = PasswordFilter::new().name("N").id(PasswordId::new(HUGE)).category(PasswordCategoryId::new(12))
                .url("u").embedded_in("nas").archived(true).archived(false);
            client.passwords().list_matching(FIVE, &filter).try_collect::<Vec<_>>().await
        }
        => "GET /passwords?filter[organization_id]=5&filter[name]=N&filter[id]=9007199254740993\
            &filter[password_category_id]=12&filter[url]=u&filter[cached_resource_name]=nas&filter[archived]=false\
            &page[size]=500&page[number]=1", NONE;
    get_password, record("9", json!({})),
        |client| client.passwords().get(PasswordId::new(9)).await => "GET /passwords/9?show_password=false", NONE;
    get_password_of_an_organisation, record("9", json!({})),
        |client| client.passwords().get_in(FIVE, PasswordId::new(9)).await
        => "GET /organizations/5/relationships/passwords/9?show_password=false", NONE;
    reveal_password_of_an_organisation, record("9", json!({ "password": "v" })),
        |client| client.passwords().reveal_in(FIVE, PasswordId::new(9)).await
        => "GET /organizations/5/relationships/passwords/9?show_password=true", NONE;
    list_password_versions, record("9", json!({})),
        |client| client.passwords().versions(PasswordId::new(9)).await
        => "GET /passwords/9?show_password=false&include=recent_versions", NONE;
    reveal_password_version, record("9", json!({ "password": "v" })),
        |client| client.passwords().reveal_version(PasswordId::new(9), PasswordVersionId::new(HUGE)).await
        => "GET /passwords/9?show_password=true&version_id=9007199254740993", NONE;
    create_password, record("9", json!({})),
        |client| {
            let request = CreatePassword::new(FIVE, "N").embedded_in(Embedding::FlexibleAsset(FlexibleAssetId::new(HUGE))).restricted(true);
            client.passwords().create(&request, &PasswordValue::new("v")).await
        }
        => "POST /passwords?show_password=false", sent("passwords", json!({ "organization-id": 5, "name": "N",
            "password": "v", "restricted": true, "resource-id": HUGE, "resource-type": "Flexible Asset" }));
    create_nested_password, record("9", json!({})),
        |client| client.passwords().create_nested(&CreatePassword::new(FIVE, "N"), &PasswordValue::new("v")).await
        => "POST /organizations/5/relationships/passwords?show_password=false",
        sent("passwords", json!({ "name": "N", "password": "v" }));
    archive_password, record("9", json!({})),
        |client| client.passwords().archive(PasswordId::new(9)).await
        => "PATCH /passwords/9?show_password=false", sent("passwords", json!({ "archived": true }));
    update_password, record("9", json!({})),
        |client| client.passwords().update(PasswordId::new(9), &UpdatePassword::new().restore().url("u").restricted(false)
            .category(PasswordCategoryId::new(12))).await
        => "PATCH /passwords/9?show_password=false",
        sent("passwords", json!({ "archived": false, "url": "u", "restricted": false, "password-category-id": 12 }));
    replace_password_value, record("9", json!({})),
        |client| client.passwords().replace_value(PasswordId::new(9), &UpdatePassword::new(), &PasswordValue::new("v")).await
        => "PATCH /passwords/9?show_password=false", sent("passwords", json!({ "password": "v" }));
    list_locations, empty(),
        |client| client.locations().list(FIVE).try_collect::<Vec<_>>().await
        => "GET /locations?filter[organization_id]=5&page[size]=500&page[number]=1", NONE;
    get_location, of(named("locations", "9")),
        |client| client.locations().get(LocationId::new(9)).await => "GET /locations/9", NONE;
    list_contacts, empty(),
        |client| client.contacts().list(FIVE).try_collect::<Vec<_>>().await
        => "GET /contacts?filter[organization_id]=5&page[size]=500&page[number]=1", NONE;
    get_contact, of(named("contacts", "9")),
        |client| client.contacts().get(ContactId::new(9)).await => "GET /contacts/9", NONE;
    get_document, of(named("documents", "9")),
        |client| client.documents().get(DocumentId::new(9)).await => "GET /documents/9", NONE;
    list_flexible_asset_types, empty(),
        |client| client.flexible_assets().types().await
        => "GET /flexible_asset_types?page[size]=500&page[number]=1", NONE;
    list_flexible_asset_fields, empty(),
        |client| client.flexible_assets().fields(FlexibleAssetTypeId::new(3)).await
        => "GET /flexible_asset_types/3/relationships/flexible_asset_fields?page[size]=500&page[number]=1", NONE;
    list_flexible_assets, empty(),
        |client| client.flexible_assets().list(FlexibleAssetTypeId::new(3), Some(FIVE)).try_collect::<Vec<_>>().await
        => "GET /flexible_assets?filter[flexible-asset-type-id]=3&filter[organization-id]=5&page[size]=500&page[number]=1", NONE;
    get_flexible_asset, of(flexible_asset("9", json!({}))),
        |client| client.flexible_assets().get(FlexibleAssetId::new(9)).await => "GET /flexible_assets/9", NONE;
    create_flexible_asset, of(flexible_asset("9", json!({}))),
        |client| {
            let traits = json!({ "a": "b" });
            client.flexible_assets().create(FIVE, FlexibleAssetTypeId::new(3), traits.as_object().unwrap()).await
        }
        => "POST /flexible_assets", sent("flexible-assets", json!({ "organization-id": 5, "flexible-asset-type-id": 3,
            "traits": { "a": "b" } }));
    list_attachments, device(),
        |client| client.attachments().list(Attachable::Configuration(ConfigurationId::new(9))).await
        => "GET /configurations/9?include=attachments", NONE;
    list_attachments_of_a_password, record("9", json!({})),
        |client| client.attachments().list(Attachable::Password(PasswordId::new(9))).await
        => "GET /passwords/9?include=attachments&show_password=false", NONE;
    create_attachment, of(attachment("1")),
        |client| client.attachments().create(Attachable::FlexibleAsset(FlexibleAssetId::new(9)), "a.txt", b"\x00\xffa").await
        => "POST /flexible_assets/9/relationships/attachments",
        sent("attachments", json!({ "attachment": { "content": "AP9h", "file_name": "a.txt" } }));
}

/// A1: traits are read, sent back whole with the changes, and read again; tags go back as the ids that they were written as.
#[tokio::test]
async fn merged_traits_keep_those_that_are_not_named() {
    let (server, client) = account().await;
    let held = json!({ "kept": "k", "changed": "old", "tag": { "type": "Configurations", "values": [{ "id": HUGE, "name": "nas" }] } });
    let mut after = held.clone();
    after["changed"] = json!("new");
    let asset = |traits: &Value| of(flexible_asset("9", traits.clone()));
    let asked = |verb| crate::asked(verb, "/flexible_assets/9");
    asked("GET").respond_with(answer(200, &asset(&held))).up_to_n_times(1).mount(&server).await;
    asked("GET").respond_with(answer(200, &asset(&after))).mount(&server).await;
    asked("PATCH").respond_with(answer(200, &asset(&after))).mount(&server).await;
    let assets = client.flexible_assets();
    let changes = json!({ "changed": "new" });
    assets.merge_traits(FlexibleAssetId::new(9), changes.as_object().unwrap()).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let traits = json!({ "kept": "k", "changed": "new", "tag": [HUGE] });
    assert_eq!(
        line(&requests[1]),
        ("PATCH /flexible_assets/9".to_owned(), sent("flexible-assets", json!({ "traits": traits })))
    );
    // The same again changes nothing and sends nothing.
    assets.merge_traits(FlexibleAssetId::new(9), changes.as_object().unwrap()).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_trait_that_cannot_be_sent_back_is_not_lost() {
    let (server, client) = account().await;
    let held = json!({ "unknown": { "secret": true }, "a": "b" });
    let shown = answer(200, &of(flexible_asset("9", held)));
    crate::asked("GET", "/flexible_assets/9").respond_with(shown).mount(&server).await;
    let changes = json!({ "a": "c" });
    let (assets, id) = (client.flexible_assets(), FlexibleAssetId::new(9));
    let error = assets.merge_traits(id, changes.as_object().unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("\"unknown\""), "{error}");
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_stands_beside_a_resource_is_read() {
    let (server, client) = account().await;
    let with = |data: Value, included: Value| answer(200, &json!({ "data": data, "included": included }));
    let company = json!({ "id": "7", "type": "rmm-companies", "attributes": { "name": "Five Ltd", "rmm-integration-type": "ninja-rmm", "x": 1 } });
    let other = json!({ "id": "8", "type": "something-else" });
    let shown = with(organization("5", "Five"), json!([company, other]));
    crate::asked("GET", "/organizations/5").respond_with(shown).mount(&server).await;
    let (_, companies) = client.organizations().with_rmm_companies(FIVE).await.unwrap();
    assert_eq!((companies.len(), companies[0].name.as_deref()), (1, Some("Five Ltd")));
    assert_eq!(
        (companies[0].integration.as_deref(), &companies[0].attributes["x"]),
        (Some("ninja-rmm"), &json!(1))
    );

    let versions = json!([{ "id": HUGE.to_string(), "type": "versions", "attributes": { "created-at": "2026-01-01" } }, { "id": 4, "type": "versions" }]);
    let shown = with(record("9", json!({}))["data"].clone(), versions);
    crate::asked("GET", "/passwords/9").respond_with(shown).mount(&server).await;
    let versions = client.passwords().versions(PasswordId::new(9)).await.unwrap();
    let seen: Vec<_> = versions.iter().map(|it| (it.id.get(), it.created_at.as_deref())).collect();
    assert_eq!(seen, [(HUGE, Some("2026-01-01")), (4, None)]);

    let shown = with(configuration("9", json!({})), json!([attachment("1")]));
    crate::asked("GET", "/configurations/9").respond_with(shown).mount(&server).await;
    let files = client.attachments().list(Attachable::Configuration(ConfigurationId::new(9))).await.unwrap();
    assert_eq!((files[0].file_name.as_deref(), files[0].size), (Some("a.txt"), Some(1)));
}

#[tokio::test]
async fn what_breaks_a_documented_limit_is_not_sent() {
    let (server, client) = account().await;
    crate::asked("GET", "/x").respond_with(page(&[], None)).mount(&server).await;
    let long = UpdateConfiguration::new().mac_address("0".repeat(18));
    let error = client.configurations().update(ConfigurationId::new(9), &long).await.unwrap_err();
    assert!(error.to_string().contains("17 characters"), "{error}");
    let request = CreateConfiguration::new(FIVE, ConfigurationTypeId::new(1), "n").with(long);
    assert_eq!(client.configurations().create(&request).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    let at = Attachable::Configuration(ConfigurationId::new(9));
    let large = vec![0; itglue_client::LARGEST_ATTACHMENT + 1];
    for (name, content) in [("a", large.as_slice()), ("", b"x"), ("../a", b"x")] {
        let error = client.attachments().create(at, name, content).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{name}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
