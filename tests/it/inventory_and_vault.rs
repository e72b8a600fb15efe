//! The NinjaOne and IT Glue clients against simulations that were written without them.

use futures_util::TryStreamExt as _;
use itglue_client::{
    ApiKey, CreatePassword, ErrorKind as VaultErrorKind, Notes, Password, PasswordValue, RmmDevice,
    UpdatePassword,
};
use ninja_client::{
    ApprovalStatus, ClientId, ClientSecret, Device, DeviceDetail, DeviceId, Entity, FieldName, FieldPatch,
    FieldValue, Region, Scope,
};
use simulator::itglue::{ListNotes, PasswordAccess};
use simulator::ninja::NewDevice;
use simulator::truenas::{ApplianceSize, Release};
use simulator::{DEFAULT_ID, Fault, Simulator, ninja as console};

const CLIENT: &str = "Harbour Dental Group";

async fn simulation() -> Simulator {
    let small = simulator::truenas::Settings { size: ApplianceSize::Tiny, ..Default::default() };
    Simulator::builder().seed(11).truenas(DEFAULT_ID, Release::Scale25_10, small).start().await.unwrap()
}

fn ninja(sim: &Simulator) -> ninja_client::Client {
    let at = &sim.addresses().ninja;
    let (id, secret) = (ClientId::new(&at.client_id), ClientSecret::new(&at.client_secret));
    ninja_client::Client::new(ninja_client::Config::new(Region::Us, id, secret).base_url(&at.url)).unwrap()
}

fn vault(sim: &Simulator) -> itglue_client::Client {
    let at = &sim.addresses().itglue;
    let config = itglue_client::Config::new(ApiKey::new(&at.api_key)).base_url(&at.url);
    itglue_client::Client::new(config).unwrap()
}

#[tokio::test]
async fn i9_every_device_of_a_client_is_found_on_many_pages_pending_ones_too() {
    let sim = simulation().await;
    sim.ninja().limit_page_size(2);
    let ninja = ninja(&sim);
    let found = ninja.organizations().find(CLIENT).await.unwrap();
    assert_eq!(found.len(), 1);
    let client = found[0].id;
    let sites = ninja.locations().list(client).await.unwrap();
    assert_eq!(sites[0].id.get(), sim.ninja().location_id());
    let waiting = NewDevice::new(client.get(), sites[0].id.get(), "box").pending().ip_addresses(["10.0.0.9"]);
    let id = DeviceId::new(sim.ninja().add_device(waiting));

    let detailed: Vec<DeviceDetail> = ninja.devices().list_detailed(client).try_collect().await.unwrap();
    let plain: Vec<Device> = ninja.devices().list(client).try_collect().await.unwrap();
    assert_eq!(plain, detailed.iter().map(|it| it.device.clone()).collect::<Vec<_>>());
    assert_eq!(plain.len(), 4);
    assert_eq!((plain[3].id, &plain[3].approval_status), (id, &ApprovalStatus::Pending));
    assert_eq!(ninja.devices().get(id).await.unwrap(), detailed[3]);
    assert_eq!(ninja.devices().search("box").await.unwrap(), []);
    sim.ninja().approve_device(id.get());
    assert_eq!(ninja.devices().search("10.0.0.9").await.unwrap()[0].id, id);
}

#[tokio::test]
async fn i8_who_holds_a_guid_is_found_and_a_token_that_expires_is_renewed() {
    let sim = simulation().await;
    let ninja = ninja(&sim);
    let (client, site) = (sim.ninja().organization_id(), sim.ninja().location_id());
    let id = DeviceId::new(sim.ninja().add_device(NewDevice::new(client, site, "box")));
    let field = FieldName::new("deviceGuid").unwrap();
    assert_eq!(ninja.devices().custom_fields(id).await.unwrap().get(&field), None);
    sim.ninja().expire_tokens();
    let guid = "3f2b8c1d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
    ninja.devices().set_custom_fields(id, &FieldPatch::new().text(&field, guid)).await.unwrap();
    assert_eq!(sim.ninja().field(console::Entity::Device(id.get()), "deviceGuid").unwrap(), guid);

    let report = ninja.custom_fields().report(&[Scope::Device], std::slice::from_ref(&field));
    let rows: Vec<_> = report.try_collect().await.unwrap();
    let holds = |row: &&ninja_client::EntityFields| {
        row.fields.get(&field).and_then(FieldValue::as_text) == Some(guid)
    };
    let holders: Vec<_> = rows.iter().filter(holds).map(|row| row.entity.clone()).collect();
    assert_eq!((rows.len(), holders), (2, vec![Entity::Device(id)]));

    let unknown = FieldPatch::new().text(&FieldName::new("noSuchField").unwrap(), "x");
    let error = ninja.devices().set_custom_fields(id, &unknown).await.unwrap_err();
    assert_eq!(error.kind(), ninja_client::ErrorKind::Rejected);
}

#[tokio::test]
async fn e1a_a_record_is_filed_on_its_device_and_reads_back_equal() {
    let sim = simulation().await;
    let vault = vault(&sim);
    let client = vault.organizations().find(CLIENT).await.unwrap()[0].id;
    let categories = vault.password_categories().list().await.unwrap();
    let category = categories.iter().find(|it| it.name == "Backup Credentials").unwrap().id;
    sim.itglue().sync_device(77, "nas01");
    let configurations = vault.configurations().of_device(&RmmDevice::ninja_one(77)).await.unwrap();
    let value: String = (33..=126).map(char::from).collect();

    let draft = CreatePassword::new(client, "TrueNAS Cloud Backup — Main Office")
        .username("key id")
        .notes("Device GUID: a\nBucket Name: b")
        .category(category)
        .embedded_in(configurations[0].id);
    let made = vault.passwords().create(&draft, &PasswordValue::new(value.as_str())).await.unwrap();
    let back = vault.passwords().reveal(made.id).await.unwrap();
    assert_eq!(back.value.expose(), value);
    assert_eq!(back.record, made);
    assert_eq!((made.category_id, made.configuration_id), (Some(category), Some(configurations[0].id)));

    vault.passwords().update(made.id, &UpdatePassword::new().notes("Device GUID: a")).await.unwrap();
    let next = UpdatePassword::new().username("next key");
    vault.passwords().replace_value(made.id, &next, &PasswordValue::new("next")).await.unwrap();
    let stored = sim.itglue().record(made.id.get()).unwrap();
    let stands =
        (stored.username.as_str(), stored.value.as_str(), stored.notes.as_str(), stored.versions.len());
    assert_eq!(stands, ("next key", "next", "Device GUID: a", 2));
}

#[tokio::test]
async fn e5_a_list_of_either_habit_leads_to_the_notes() {
    let sim = simulation().await;
    let vault = vault(&sim);
    let client = vault.organizations().find(CLIENT).await.unwrap()[0].id;
    let id = sim.itglue().add_record(client.get(), "Ours", "user", "value", "Device GUID: a");
    for habit in [ListNotes::Absent, ListNotes::Shown, ListNotes::Null] {
        sim.itglue().list_notes(habit);
        let records: Vec<Password> = vault.passwords().list(client).try_collect().await.unwrap();
        let listed = records.iter().find(|it| it.id.get() == id).unwrap();
        assert_eq!(listed.notes == Notes::NotListed, habit != ListNotes::Shown);
        assert_eq!(vault.passwords().get(listed.id).await.unwrap().notes.text(), Some("Device GUID: a"));
    }
}

#[tokio::test]
async fn e2_an_answer_that_is_lost_or_a_value_that_is_withheld_is_said_to_be() {
    let sim = simulation().await;
    let vault = vault(&sim);
    let client = vault.organizations().find(CLIENT).await.unwrap()[0].id;
    let (draft, value) = (CreatePassword::new(client, "Ours"), PasswordValue::new("value"));
    let before = sim.itglue().client_records().len();
    sim.faults().on("itglue", "create_password").after_effect(Fault::DropConnection);
    let lost = vault.passwords().create(&draft, &value).await.unwrap_err();
    assert_eq!(lost.kind(), VaultErrorKind::OutcomeUnknown);
    let records = sim.itglue().client_records();
    assert_eq!(records.len(), before + 1, "it happened, and only once");

    sim.itglue().password_access(PasswordAccess::Withheld);
    let id = itglue_client::PasswordId::new(records[before].id);
    assert_eq!(vault.passwords().reveal(id).await.unwrap_err().kind(), VaultErrorKind::Unauthorized);
    sim.itglue().revoke_key();
    assert_eq!(vault.passwords().get(id).await.unwrap_err().kind(), VaultErrorKind::CredentialsRejected);
}
