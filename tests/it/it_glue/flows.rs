//! Each resource, as it is read and written by the client and kept by the service.

use futures_util::TryStreamExt as _;
use itglue_client::{
    Attachable, Configuration, ConfigurationFilter, ConfigurationId, ConfigurationTypeId, Contact, ContactId,
    CreateConfiguration, CreatePassword, DocumentId, Embedding, ErrorKind, FlexibleAsset, FlexibleAssetId,
    FlexibleAssetTypeId, Location, LocationId, OrganizationId, Password, PasswordFilter, PasswordId,
    PasswordValue, RmmDevice, UpdateConfiguration, UpdatePassword,
};
use serde_json::{Map, Value, json};
use simulator::itglue;

use super::{Desk, SECRET};

#[tokio::test]
async fn e6_two_organisations_with_one_name_are_both_found() {
    let desk = Desk::open().await;
    let organizations = desk.client.organizations();
    let ids = ["Twin", "TWIN", "Twin", "Twin, Ltd"].map(|name| desk.itglue().add_organization(name));
    let found: Vec<u64> = organizations.find("Twin").await.unwrap().iter().map(|it| it.id.get()).collect();
    assert_eq!(found, [ids[0], ids[2]], "letter case makes a difference to us and none to the filter");
    let found = organizations.find("Twin, Ltd").await.unwrap();
    assert_eq!((found.len(), found[0].id.get()), (1, ids[3]));
    assert_eq!(organizations.find("twin").await.unwrap(), []);
    let all: Vec<_> = organizations.list().try_collect().await.unwrap();
    assert_eq!(all.len(), 7);
}

#[tokio::test]
async fn e6_an_organisation_is_found_by_its_psa_and_shows_its_companies() {
    let desk = Desk::open().await;
    let id = desk.organization();
    desk.itglue().link_psa(id.get(), "autotask", "31");
    desk.itglue().link_rmm_company(id.get(), "Harbour Dental");
    let organizations = desk.client.organizations();
    let found = organizations.of_psa_company("31", "autotask").await.unwrap();
    assert_eq!((found.len(), found[0].id, found[0].psa_integration.as_deref()), (1, id, Some("enabled")));
    assert_eq!(organizations.of_psa_company("31", "manage").await.unwrap(), []);
    let (organization, companies) = organizations.with_rmm_companies(id).await.unwrap();
    assert_eq!((organization.id, companies.len()), (id, 1));
    assert_eq!(companies[0].name.as_deref(), Some("Harbour Dental"));
    assert_eq!(companies[0].integration.as_deref(), Some("ninja-rmm"));
}

#[tokio::test]
async fn a_configuration_is_made_found_by_each_of_its_marks_and_changed() {
    let desk = Desk::open().await;
    let kind = ConfigurationTypeId::new(desk.itglue().add_configuration_type("Managed Server"));
    let configurations = desk.client.configurations();
    let types = configurations.types().await.unwrap();
    assert_eq!((types[0].id, types[0].name.as_str()), (kind, "Managed Server"));
    let further =
        UpdateConfiguration::new().serial_number("S1").mac_address("00:11:22:33:44:55").asset_tag("T1");
    let request = CreateConfiguration::new(desk.organization(), kind, "nas-1").with(further);
    let made = configurations.create(&request).await.unwrap();
    assert_eq!(made.configuration_type_name.as_deref(), Some("Managed Server"));
    let synced = ConfigurationId::new(desk.itglue().sync_device(412, "nas-1"));
    let filter = || ConfigurationFilter::new().organization(desk.organization());
    for (filter, expected) in [
        (filter().serial_number("S1"), vec![made.id]),
        (filter().mac_address("00:11:22:33:44:55"), vec![made.id]),
        (filter().asset_tag("T1"), vec![made.id]),
        (filter().name("NAS-1"), vec![made.id, synced]),
        (filter().name("nas-1").device(RmmDevice::ninja_one(412)), vec![synced]),
        (filter().device(RmmDevice::ninja_one(413)), vec![]),
    ] {
        let found: Vec<Configuration> = configurations.list(&filter).try_collect().await.unwrap();
        let ids: Vec<_> = found.iter().map(|it| it.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
    let changed =
        configurations.update(made.id, &UpdateConfiguration::new().hostname("h").archive()).await.unwrap();
    assert_eq!((changed.archived, changed.serial_number.as_deref()), (true, Some("S1")));
    assert_eq!(configurations.get(made.id).await.unwrap(), changed);
    let live: Vec<_> = configurations.list(&filter().archived(false)).try_collect().await.unwrap();
    assert!(live.iter().all(|it| it.id != made.id));
}

#[tokio::test]
async fn what_the_service_refuses_of_a_configuration_names_the_attribute() {
    let desk = Desk::open().await;
    let configurations = desk.client.configurations();
    let unknown = ConfigurationTypeId::new(7);
    let refused =
        |request: CreateConfiguration| async move { configurations.create(&request).await.unwrap_err() };
    let kind = refused(CreateConfiguration::new(desk.organization(), unknown, "n")).await;
    assert!(
        kind.kind() == ErrorKind::Rejected && kind.to_string().contains("configuration-type-id"),
        "{kind}"
    );
    let elsewhere = refused(CreateConfiguration::new(OrganizationId::new(7), unknown, "n")).await;
    assert!(elsewhere.to_string().contains("Valid organization_id is required"), "{elsewhere}");
    assert_eq!(configurations.get(ConfigurationId::new(7)).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn e2_lists_show_no_value_and_a_record_below_another_organisation_is_not_there() {
    let desk = Desk::open().await;
    let passwords = desk.client.passwords();
    let value = PasswordValue::new(SECRET);
    let request = desk.request().notes("n");
    let made = passwords.create_nested(&request, &value).await.unwrap();
    assert_eq!(made.organization_id, desk.organization());
    let twin = passwords.create(&request, &value).await.unwrap();
    let filter = PasswordFilter::new().name("truenas cloud backup — main office").archived(false);
    let found: Vec<Password> =
        passwords.list_matching(desk.organization(), &filter).try_collect().await.unwrap();
    assert_eq!(
        found.iter().map(|it| it.id).collect::<Vec<_>>(),
        [made.id, twin.id],
        "two records of one name"
    );
    let revealed = passwords.reveal_in(desk.organization(), made.id).await.unwrap();
    assert_eq!(revealed.value.expose(), SECRET);
    let other = OrganizationId::new(desk.itglue().add_organization("Other"));
    let error = passwords.reveal_in(other, made.id).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(401)));
    assert!(error.to_string().contains("not of the organisation"), "{error}");
    assert_eq!(passwords.get_in(other, PasswordId::new(7)).await.unwrap_err().status(), Some(404));
}

#[tokio::test]
async fn each_change_of_a_password_keeps_a_version() {
    let desk = Desk::open().await;
    let passwords = desk.client.passwords();
    let made = passwords.create(&desk.request(), &PasswordValue::new("one")).await.unwrap();
    passwords.replace_value(made.id, &UpdatePassword::new(), &PasswordValue::new("two")).await.unwrap();
    passwords.update(made.id, &UpdatePassword::new().notes("n")).await.unwrap();
    assert!(passwords.archive(made.id).await.unwrap().archived);
    assert!(!passwords.update(made.id, &UpdatePassword::new().restore()).await.unwrap().archived);
    let versions = passwords.versions(made.id).await.unwrap();
    assert_eq!(versions.len(), 4);
    assert!(versions.iter().all(|it| it.created_at.is_some()));
    let oldest = passwords.reveal_version(made.id, versions[3].id).await.unwrap();
    assert_eq!(oldest.value.expose(), "one");
    let missing = passwords.reveal_version(made.id, itglue_client::PasswordVersionId::new(7)).await;
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_password_is_embedded_in_whatever_can_hold_one() {
    let desk = Desk::open().await;
    let (itglue, organization) = (desk.itglue(), desk.organization().get());
    let kind = itglue.add_asset_type("Backup", &[("Site", "Text", true)]);
    let places = [
        Embedding::Configuration(ConfigurationId::new(itglue.sync_device(7, "nas"))),
        Embedding::Contact(ContactId::new(itglue.add_contact(organization, "A", "B", "a@b.example"))),
        Embedding::Document(DocumentId::new(itglue.add_document(organization, "Runbook"))),
        Embedding::Location(LocationId::new(itglue.add_location(organization, "Main"))),
        Embedding::FlexibleAsset(FlexibleAssetId::new(itglue.add_asset(
            kind,
            organization,
            &json!({ "site": "x" }),
        ))),
    ];
    for place in places {
        let request = CreatePassword::new(desk.organization(), "N").embedded_in(place);
        let made = desk.client.passwords().create(&request, &PasswordValue::new("v")).await.unwrap();
        assert_eq!(made.embedded_in, Some(place));
    }
}

#[tokio::test]
async fn locations_contacts_and_documents_are_read() {
    let desk = Desk::open().await;
    let (itglue, organization) = (desk.itglue(), desk.organization());
    let location = LocationId::new(itglue.add_location(organization.get(), "Main Office"));
    let contact = ContactId::new(itglue.add_contact(organization.get(), "Ada", "Byron", "ada@example.com"));
    let document = DocumentId::new(itglue.add_document(organization.get(), "Runbook"));
    let other = itglue.add_organization("Other");
    itglue.add_location(other, "Elsewhere");
    itglue.add_contact(other, "E", "F", "e@f.example");

    let locations: Vec<Location> = desk.client.locations().list(organization).try_collect().await.unwrap();
    assert_eq!((locations.len(), locations[0].id, locations[0].primary), (1, location, true));
    assert_eq!(desk.client.locations().get(location).await.unwrap(), locations[0]);
    let contacts: Vec<Contact> = desk.client.contacts().list(organization).try_collect().await.unwrap();
    assert_eq!((contacts.len(), contacts[0].emails[0].value.as_str()), (1, "ada@example.com"));
    assert_eq!(desk.client.contacts().get(contact).await.unwrap(), contacts[0]);
    assert_eq!(desk.client.documents().get(document).await.unwrap().name, "Runbook");
    let missing = desk.client.documents().get(DocumentId::new(7)).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}

fn map(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

#[tokio::test]
async fn a_flexible_assets_traits_are_merged_and_never_wiped() {
    let desk = Desk::open().await;
    let device = desk.itglue().sync_device(7, "nas");
    let fields = [("Site", "Text", true), ("Bucket Name", "Text", false), ("Devices", "Tag", false)];
    let kind = FlexibleAssetTypeId::new(desk.itglue().add_asset_type("Backup", &fields));
    let assets = desk.client.flexible_assets();
    assert_eq!(assets.types().await.unwrap()[0].id, kind);
    let keys: Vec<String> = assets.fields(kind).await.unwrap().into_iter().map(|it| it.name_key).collect();
    assert_eq!(keys, ["site", "bucket-name", "devices"]);

    let traits = json!({ "site": "Main", "bucket-name": "b", "devices": [device] });
    let made = assets.create(desk.organization(), kind, map(&traits)).await.unwrap();
    let merged = assets.merge_traits(made.id, map(&json!({ "bucket-name": "c" }))).await.unwrap();
    assert_eq!((&merged.traits["site"], &merged.traits["bucket-name"]), (&json!("Main"), &json!("c")));
    assert_eq!(merged.traits["devices"]["values"][0]["id"], json!(device));
    assert_eq!(merged.name.as_deref(), Some("Main"));
    // The same again is not sent, and a trait is emptied by null.
    assets.merge_traits(made.id, map(&json!({ "bucket-name": "c", "devices": [device] }))).await.unwrap();
    assert_eq!(desk.count("update_flexible_asset"), 1);
    let emptied = assets.merge_traits(made.id, map(&json!({ "bucket-name": null }))).await.unwrap();
    assert_eq!((&emptied.traits["bucket-name"], &emptied.traits["site"]), (&Value::Null, &json!("Main")));

    let listed: Vec<FlexibleAsset> =
        assets.list(kind, Some(desk.organization())).try_collect().await.unwrap();
    assert_eq!(listed, [emptied]);
    let refused = assets.merge_traits(made.id, map(&json!({ "no-field": 1 }))).await.unwrap_err();
    assert!(refused.kind() == ErrorKind::Rejected && refused.to_string().contains("no-field"), "{refused}");
    assert_eq!(desk.itglue().traits(made.id.get()).unwrap()["site"], json!("Main"));
}

#[tokio::test]
async fn files_are_attached_and_listed() {
    let desk = Desk::open().await;
    let device = ConfigurationId::new(desk.itglue().sync_device(7, "nas"));
    let made = desk.client.passwords().create(&desk.request(), &PasswordValue::new("v")).await.unwrap();
    let content: Vec<u8> = (0..=255).collect();
    for at in [Attachable::Configuration(device), Attachable::Password(made.id)] {
        let attached = desk.client.attachments().create(at, "keys.json", &content).await.unwrap();
        let listed = desk.client.attachments().list(at).await.unwrap();
        assert_eq!(listed, [attached]);
        assert_eq!((listed[0].file_name.as_deref(), listed[0].size), (Some("keys.json"), Some(256)));
    }
    let files: Vec<itglue::File> = desk.itglue().files();
    assert!(files.iter().all(|file| file.content == content));
    let nowhere = Attachable::Contact(ContactId::new(7));
    let error = desk.client.attachments().create(nowhere, "a", b"a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}
