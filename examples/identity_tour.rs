//! Who the client is, where its secrets are kept, and where the work is recorded: NinjaOne, IT Glue and HaloPSA, each by its own client, on
//! simulations.
//!
//! `cargo run -p dtc-examples --example identity_tour`

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::error::Error;

use futures_util::TryStreamExt as _;
use halo_client::{NoteOutcome, Noted, PrivateNote, TicketId};
use itglue_client::{CreatePassword, PasswordValue, RecordIdentity};
use simulator::{Fault, Simulator};

type Done<T> = Result<T, Box<dyn Error>>;

const CLIENT: &str = "Harbour Dental Group";

#[tokio::main]
async fn main() -> Done<()> {
    let services = Simulator::builder().seed(7).start().await?;
    let uuid = identity(&services).await?;
    let page = vault(&services, &uuid).await?;
    ticket(&services, &uuid, &page).await?;
    services.stop().await;
    Ok(())
}

/// NinjaOne says who the client is. Names are not unique: none, or several of one name, are a person's to decide.
async fn identity(services: &Simulator) -> Done<String> {
    use ninja_client::{Client, ClientId, ClientSecret, Config, FieldName, Region};
    let at = &services.addresses().ninja;
    let config =
        Config::new(Region::Us, ClientId::new(&at.client_id), ClientSecret::new(at.client_secret.as_str()));
    let ninja = Client::new(config.base_url(&at.url).read_only())?;
    let found = ninja.organizations().find(CLIENT).await?;
    let [client] = found.as_slice() else { return Err("not exactly one client of this name".into()) };
    let fields = ninja.organizations().custom_fields(client.id).await?;
    let uuid = fields.get(&FieldName::new("dtcOrgGuid")?).ok_or("it has no UUID")?.to_string();
    println!("NinjaOne  {} is {uuid}", client.name);
    for site in ninja.locations().list(client.id).await? {
        println!("          {}", site.name);
    }
    let devices: Vec<_> = ninja.devices().list(client.id).try_collect().await?;
    println!("          {} devices", devices.len());
    Ok(uuid)
}

/// IT Glue keeps the secret. A list never shows a value; the record by itself does, and is read back.
async fn vault(services: &Simulator, uuid: &str) -> Done<String> {
    use itglue_client::{ApiKey, Client, Config};
    let at = &services.addresses().itglue;
    let vault = Client::new(Config::new(ApiKey::new(at.api_key.as_str())).base_url(&at.url))?;
    let found = vault.organizations().find(CLIENT).await?;
    let [client] = found.as_slice() else { return Err("not exactly one client of this name".into()) };
    let request = CreatePassword::new(client.id, "Front desk printer").username("admin").notes(uuid);
    let value = PasswordValue::new("correct horse battery staple");
    // Known by a line of its notes, it is made once, whatever else has its label; a second time there is nothing to do.
    let printer = RecordIdentity::new([("Serial Number", "VNB3K12345")])?;
    let (changed, mut page) = (request.clone().username("reception"), None);
    for request in [&request, &request, &changed] {
        let stored = vault.passwords().upsert_with_proof(&printer, request, &value).await?;
        println!("IT Glue   {} is stored, and reads back equal: {:?}", stored.record.name, stored.outcome);
        page = stored.record.page;
    }
    Ok(page.unwrap_or_default())
}

/// HaloPSA records that it is done: once, even where the answer to the note is lost, and hidden from the customer.
async fn ticket(services: &Simulator, uuid: &str, page: &str) -> Done<()> {
    use halo_client::{ApplicationId, Client, ClientSecret, Config};
    let at = &services.addresses().halo;
    let config =
        Config::new(&at.url, ApplicationId::new(&at.client_id), ClientSecret::new(at.client_secret.as_str()));
    let halo = Client::new(config)?;
    let ticket = halo.tickets().get(TicketId::new(at.ticket.unsigned_abs())).await?;
    println!("HaloPSA   ticket {} for {:?}", ticket.id, ticket.customer_name.unwrap_or_default());
    let outcomes = halo.outcomes().of(ticket.id).await?;
    let outcome = outcomes.iter().find(|it| it.name == "Internal Note").ok_or("no notes may be written")?;
    let marker = format!("[printer of {uuid}]");
    let note = PrivateNote::new(ticket.id, NoteOutcome::Id(outcome.id), format!("{marker}\nKept at {page}"));
    services.faults().on("halo", "add_actions").after_effect(Fault::DropConnection);
    for _ in 0..2 {
        match halo.actions().add_once(&note, &marker).await? {
            Noted::Added(action) => {
                println!("          the answer was lost; looked for, and there as {:?}", action.id);
            }
            Noted::AlreadyThere(action) => println!("          there already as {:?}", action.id),
            _ => {}
        }
    }
    let notes = services.halo().notes(at.ticket);
    println!("          {} note, hidden from the customer: {}", notes.len(), notes[0].is_private);
    Ok(())
}
