//! Passwords.

use futures_util::TryStreamExt as _;
use itglue_client::{
    ConfigurationId, CreatePassword, ErrorKind, Notes, OrganizationId, Password, PasswordCategoryId,
    PasswordId, PasswordValue, UpdatePassword,
};
use serde_json::json;
use wiremock::matchers::{body_json, header, query_param};

use crate::{account, answer, asked, page, password, record};

const ORGANIZATION: u64 = 4_107_000_000_000_113;
const SECRET: &str = "p&ss <\"w\u{f6}rd\">\\";

#[tokio::test]
async fn e5_notes_in_a_list_differ_from_notes_it_does_not_carry() {
    let (server, client) = account().await;
    let rows = [
        password("1", json!({ "notes": "Device GUID: x" })),
        password("2", json!({ "notes": null })),
        password("3", json!({})),
        password("5", json!({ "notes": "" })),
        password("4", json!({ "organization-id": 99, "notes": "another client's" })),
    ];
    asked("GET", "/passwords")
        .and(query_param("filter[organization_id]", ORGANIZATION.to_string()))
        .respond_with(page(&rows, None))
        .mount(&server)
        .await;
    let list = client.passwords().list(OrganizationId::new(ORGANIZATION));
    let found: Vec<Password> = list.try_collect().await.unwrap();
    let notes: Vec<&Notes> = found.iter().map(|it| &it.notes).collect();
    // Empty notes of a row may be notes that the list leaves out; of a record by itself they are empty.
    let not_listed = &Notes::NotListed;
    assert_eq!(notes, [&Notes::Text("Device GUID: x".into()), not_listed, not_listed, not_listed]);
    let shown = answer(200, &record("2", json!({ "notes": null })));
    asked("GET", "/passwords/2").respond_with(shown).mount(&server).await;
    let shown = client.passwords().get(PasswordId::new(2)).await.unwrap();
    assert_eq!(shown.notes, Notes::Text(String::new()));
    assert_eq!(found[0].page.as_deref(), Some("https://example.itglue.com/4107000000000113/passwords/7"));
}

#[tokio::test]
async fn e2_a_value_is_read_back_and_its_absence_is_explained() {
    let (server, client) = account().await;
    for (id, more) in [
        ("1", json!({ "password": SECRET, "notes": "n" })),
        ("2", json!({ "notes": "n" })),
        ("3", json!({ "password": null })),
    ] {
        asked("GET", &format!("/passwords/{id}"))
            .and(query_param("show_password", "true"))
            .respond_with(answer(200, &record(id, more)))
            .mount(&server)
            .await;
    }
    let reveal = async |id| client.passwords().reveal(PasswordId::new(id)).await;
    let revealed = reveal(1).await.unwrap();
    assert_eq!(revealed.value.expose(), SECRET);
    assert_eq!(revealed.record.notes.text(), Some("n"));
    assert!(!format!("{revealed:?}").contains("p&ss"), "{revealed:?}");
    let withheld = reveal(2).await.unwrap_err();
    assert_eq!(withheld.kind(), ErrorKind::Unauthorized);
    assert!(withheld.to_string().contains("Password Access"), "{withheld}");
    assert_eq!(reveal(3).await.unwrap_err().kind(), ErrorKind::NoValue);
}

#[tokio::test]
async fn e1a_a_create_sends_the_whole_record_once() {
    let (server, client) = account().await;
    let sent = json!({ "data": { "type": "passwords", "attributes": {
        "organization-id": ORGANIZATION, "name": "TrueNAS Cloud Backup — Main Office", "password": SECRET,
        "username": "key id", "url": "https://nas.example", "notes": "A: b\nC: d", "password-category-id": 12,
        "resource-id": 77, "resource-type": "Configuration",
    } } });
    let made =
        record("9", json!({ "notes": "A: b\nC: d", "resource-id": 77, "resource-type": "Configuration" }));
    asked("POST", "/passwords")
        .and(header("content-type", "application/vnd.api+json"))
        .and(query_param("show_password", "false"))
        .and(body_json(sent))
        .respond_with(answer(201, &made))
        .expect(1)
        .mount(&server)
        .await;
    let request =
        CreatePassword::new(OrganizationId::new(ORGANIZATION), "TrueNAS Cloud Backup — Main Office")
            .username("key id")
            .url("https://nas.example")
            .notes("A: b\nC: d")
            .category(PasswordCategoryId::new(12))
            .embedded_in(ConfigurationId::new(77));
    let made = client.passwords().create(&request, &PasswordValue::new(SECRET)).await.unwrap();
    assert_eq!((made.id, made.configuration_id), (PasswordId::new(9), Some(ConfigurationId::new(77))));
}

#[tokio::test]
async fn a_general_password_sends_only_what_it_has() {
    let (server, client) = account().await;
    let attributes = json!({ "organization-id": 5, "name": "N", "password": "v" });
    asked("POST", "/passwords")
        .and(body_json(json!({ "data": { "type": "passwords", "attributes": attributes } })))
        .respond_with(answer(201, &record("9", json!({}))))
        .mount(&server)
        .await;
    let request = CreatePassword::new(OrganizationId::new(5), "N");
    client.passwords().create(&request, &PasswordValue::new("v")).await.unwrap();
}

#[tokio::test]
async fn an_update_sends_only_what_changes() {
    let (server, client) = account().await;
    let patches = [
        json!({ "notes": "A: c" }),
        json!({ "username": "next key", "password": SECRET }),
        json!({ "name": "Other", "archived": true }),
    ];
    for attributes in &patches {
        asked("PATCH", "/passwords/9")
            .and(header("content-type", "application/vnd.api+json"))
            .and(query_param("show_password", "false"))
            .and(body_json(json!({ "data": { "type": "passwords", "attributes": attributes } })))
            .respond_with(answer(200, &record("9", json!({}))))
            .expect(1)
            .mount(&server)
            .await;
    }
    let (passwords, id) = (client.passwords(), PasswordId::new(9));
    passwords.update(id, &UpdatePassword::new().notes("A: c")).await.unwrap();
    let renamed = UpdatePassword::new().username("next key");
    passwords.replace_value(id, &renamed, &PasswordValue::new(SECRET)).await.unwrap();
    passwords.update(id, &UpdatePassword::new().name("Other").archive()).await.unwrap();
}

#[tokio::test]
async fn a_record_is_read_without_its_value() {
    let (server, client) = account().await;
    asked("GET", "/passwords/9")
        .and(query_param("show_password", "false"))
        .respond_with(answer(
            200,
            &record("9", json!({ "notes": "n", "resource-id": 3, "resource-type": "Contact" })),
        ))
        .mount(&server)
        .await;
    let found = client.passwords().get(PasswordId::new(9)).await.unwrap();
    assert_eq!((found.notes.text(), found.configuration_id), (Some("n"), None));
}
