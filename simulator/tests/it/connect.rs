//! The simulated 1Password Connect server, spoken to in plain JSON.

use serde_json::{Value, json};
use simulator::connect::{DEFAULT_VAULT, Filters, Item, Settings};
use simulator::{Fault, Simulator};

use crate::seeded;

/// What a GET with this token is answered: status and document.
async fn get(sim: &Simulator, token: &str, path: &str) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v1/{path}", sim.addresses().connect.url);
    let answer = http.get(url).header("authorization", format!("Bearer {token}")).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn filtered(path: &str, filter: &str) -> String {
    let query: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
    format!("{path}?{query}")
}

#[tokio::test]
async fn an_item_is_found_by_name_and_shows_its_fields_by_itself_only() {
    let sim = seeded().start().await.unwrap();
    let token = sim.addresses().connect.token.clone();
    let item = Item::new("Backblaze B2").tag("b2").field("key id", "0051").field_in("test", "key id", "0052");
    let id = sim.connect().file(&item.empty_field("note"));
    let (status, vaults) =
        get(&sim, &token, &filtered("vaults", &format!("name eq \"{DEFAULT_VAULT}\""))).await;
    let vault = sim.connect().vault_id();
    assert_eq!((status, vaults.as_array().map(Vec::len), &vaults[0]["id"]), (200, Some(1), &json!(vault)));
    for filter in ["title eq \"Backblaze B2\"", "tag eq \"b2\""] {
        let (status, items) = get(&sim, &token, &filtered(&format!("vaults/{vault}/items"), filter)).await;
        assert_eq!((status, items.as_array().map(Vec::len), &items[0]["id"]), (200, Some(1), &json!(id)));
        assert_eq!((&items[0]["fields"], &items[0]["sections"]), (&Value::Null, &Value::Null));
    }
    let (status, whole) = get(&sim, &token, &format!("vaults/{vault}/items/{id}")).await;
    let fields = whole["fields"].as_array().unwrap();
    assert_eq!((status, fields.len(), whole["vault"]["id"].as_str()), (200, 3, Some(vault)));
    assert_eq!((&fields[0]["value"], &fields[0]["section"]), (&json!("0051"), &Value::Null));
    assert_eq!(
        (&fields[1]["value"], &fields[1]["section"]["id"]),
        (&json!("0052"), &whole["sections"][0]["id"])
    );
    assert_eq!(fields[2].get("value"), None);
    assert!(sim.connect().set_value(&id, "note", "there") && !sim.connect().set_value(&id, "other", "x"));
    sim.connect().archive(&id);
    let (_, whole) = get(&sim, &token, &format!("vaults/{vault}/items/{id}")).await;
    assert_eq!((&whole["fields"][2]["value"], &whole["state"]), (&json!("there"), &json!("ARCHIVED")));
    assert_eq!(sim.connect().field_id(&id, "note").as_deref(), whole["fields"][2]["id"].as_str());
}

/// Missing and forbidden are told apart, as nowhere else at 1Password.
#[tokio::test]
async fn each_refusal_has_its_status() {
    let sim = seeded().start().await.unwrap();
    let (connect, token) = (sim.connect(), sim.addresses().connect.token.clone());
    let theirs = connect.add_vault("Theirs");
    let item = connect.add_item(&theirs, &Item::login("Mail", "them", "secret")).unwrap();
    let ours = connect.vault_id().to_owned();
    let nowhere = "a".repeat(26);
    for (path, status) in [
        (format!("vaults/{theirs}"), 403),
        (format!("vaults/{theirs}/items"), 403),
        (format!("vaults/{theirs}/items/{item}"), 403),
        (format!("vaults/{ours}/items/{item}"), 404),
        (format!("vaults/{nowhere}/items"), 404),
        ("vaults/Theirs".to_owned(), 400),
        ("vaults?filter=Theirs".to_owned(), 400),
        ("vaults?limit=1".to_owned(), 400),
        (filtered("vaults", "title eq \"Theirs\""), 400),
        (filtered(&format!("vaults/{ours}/items/{item}"), "title eq \"Mail\""), 400),
        ("items".to_owned(), 404),
    ] {
        let (found, body) = get(&sim, &token, &path).await;
        assert_eq!((found, &body["status"]), (status, &json!(status)), "{path}");
        assert!(body["message"].is_string(), "{path}: {body}");
    }
    let (_, vaults) = get(&sim, &token, "vaults").await;
    assert_eq!(vaults.as_array().map(Vec::len), Some(1), "another's vault is shown");
    let both = connect.add_token(&[ours, theirs.clone()]);
    assert_eq!(get(&sim, &both, &format!("vaults/{theirs}/items/{item}")).await.0, 200);
    connect.revoke_token(&both);
    for wrong in [both.as_str(), "", "connect-simulated-of-nobody"] {
        assert_eq!(get(&sim, wrong, "vaults").await.0, 401);
    }
}

#[tokio::test]
async fn filters_compare_as_the_settings_say_and_faults_strike_by_name() {
    let builder = seeded().connect_server("exact", Settings::default());
    let sim =
        builder.connect_server("loose", Settings::default().filters(Filters::IgnoringCase)).start().await;
    let sim = sim.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let count = async |id: &str| {
        let at = sim.addresses().connect_server(id).unwrap();
        let filter = filtered("vaults", &format!("name eq \"{}\"", DEFAULT_VAULT.to_uppercase()));
        let request = http.get(format!("{}/v1/{filter}", at.url)).bearer_auth(&at.token);
        request.send().await.unwrap().json::<Value>().await.unwrap().as_array().map(Vec::len)
    };
    assert_eq!((count("exact").await, count("loose").await), (Some(0), Some(1)));
    let token = sim.addresses().connect.token.clone();
    sim.faults().on("connect", "list_vaults").at("exact").before_effect(Fault::refuse(500, "", "broken"));
    assert_eq!(get(&sim, &token, "vaults").await, (500, json!({"status": 500, "message": "broken"})));
    sim.faults().on("connect", "list_vaults").before_effect(Fault::ExpireToken);
    assert_eq!(get(&sim, &token, "vaults").await.0, 401);
    assert_eq!(get(&sim, &token, "vaults").await.0, 401);
}
