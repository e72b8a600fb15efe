//! Brings the UUIDs of organisations from NinjaOne into HaloPSA: into the client that an organisation is linked to, else into the one client of
//! exactly the same name. What is ambiguous or contradicts is reported and left as it is: a client that may be another organisation's as well,
//! a UUID that another client holds, a field that holds another one.
//!
//! `cargo run -p dtc-examples --example guid_sync` runs it against simulations, which it prepares with one case of each kind. It only says what
//! it would write, unless `--write` is given. With `NINJA_URL`, `NINJA_CLIENT_ID`, `NINJA_CLIENT_SECRET`, `HALO_URL`, `HALO_CLIENT_ID` and
//! `HALO_CLIENT_SECRET` it runs against real tenants; `HALO_TENANT` where the host wants one, and `LINK_FIELD` for the custom field of NinjaOne's
//! organisations that holds the number of the client in HaloPSA, if there is one.

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::env;
use std::error::Error;
use std::fmt;

use dtc_naming::{OrgUuid, UuidVersions};
use futures_util::TryStreamExt as _;
use halo_client::{Customer, CustomerId, FieldPatch};
use ninja_client::{Organization, OrganizationId};
use simulator::Simulator;
use simulator::halo::{CLIENT_GUID_FIELD, Kind};
use simulator::ninja::Entity;

type Done<T> = Result<T, Box<dyn Error>>;

/// The custom field of organisations in NinjaOne that holds the UUID.
const UUID_FIELD: &str = "dtcOrgGuid";

/// Where both services are, and how their records are linked.
struct Services {
    ninja: ninja_client::Client,
    halo: halo_client::Client,
    link_field: Option<String>,
}

/// What NinjaOne says of an organisation.
struct Known {
    organization: Organization,
    /// Its UUID, or why it has none that can be used.
    uuid: Result<OrgUuid, String>,
    link: Option<String>,
}

/// What is to be done about an organisation.
enum Decision {
    Write(CustomerId, OrgUuid),
    Same,
    /// For a person to decide.
    Left(String),
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(client, uuid) => write!(f, "{uuid} goes to client {client}"),
            Self::Same => f.write_str("its UUID is there already"),
            Self::Left(why) => write!(f, "left as it is: {why}"),
        }
    }
}

#[tokio::main]
async fn main() -> Done<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let write = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--write"] => true,
        _ => return Err(format!("{arguments:?}: there is only --write").into()),
    };
    if env::var_os("NINJA_URL").is_some() {
        return sync(&real_services()?, write).await;
    }
    let simulated = prepared().await?;
    sync(&simulated_services(&simulated)?, write).await?;
    simulated.stop().await;
    Ok(())
}

async fn sync(services: &Services, write: bool) -> Done<()> {
    let organizations = read_organizations(services).await?;
    let clients = read_clients(services).await?;
    let field = halo_client::FieldName::new(CLIENT_GUID_FIELD)?;
    let (mut written, mut failed) = (0, 0);
    for row in &organizations {
        let decision = decide(row, &organizations, &clients, &field);
        println!("{:<28} {decision}", row.organization.name);
        let Decision::Write(client, uuid) = decision else { continue };
        // One that fails keeps no other from being written.
        match if write { fill(services, client, &field, uuid).await } else { Ok(()) } {
            Ok(()) => written += 1,
            Err(error) => {
                failed += 1;
                println!("{:<28} not written: {error}", row.organization.name);
            }
        }
    }
    println!("{written} {}", if write { "written" } else { "to be written; nothing was, without --write" });
    if failed > 0 { Err(format!("{failed} not written").into()) } else { Ok(()) }
}

/// Fills the field of a client, if it is still empty. It is read back by the API client, which says so when HaloPSA drops it.
async fn fill(
    services: &Services,
    client: CustomerId,
    field: &halo_client::FieldName,
    uuid: OrgUuid,
) -> Done<()> {
    if let Some(held) = services.halo.customers().get(client).await?.custom_fields.text(field) {
        return Err(format!("client {client} holds {held} by now").into());
    }
    services.halo.customers().update(client, &FieldPatch::new().text(field, uuid.to_string())).await?;
    Ok(())
}

/// Every organisation, with its UUID and its link.
async fn read_organizations(services: &Services) -> Done<Vec<Known>> {
    let field = ninja_client::FieldName::new(UUID_FIELD)?;
    let link = services.link_field.as_deref().map(ninja_client::FieldName::new).transpose()?;
    let all: Vec<Organization> = services.ninja.organizations().list().try_collect().await?;
    let mut known = Vec::new();
    for organization in all {
        let fields = services.ninja.organizations().custom_fields(organization.id).await?;
        let text = |name| fields.get(name).map(ToString::to_string).filter(|text| !text.is_empty());
        let uuid =
            text(&field).ok_or_else(|| format!("it has no {UUID_FIELD}")).and_then(|text| usable(&text));
        known.push(Known { organization, uuid, link: link.as_ref().and_then(text) });
    }
    Ok(known)
}

/// A UUID of an accepted version.
fn usable(text: &str) -> Result<OrgUuid, String> {
    let uuid = text.parse::<OrgUuid>().and_then(|uuid| uuid.accept(&UuidVersions::default()).map(|_| uuid));
    uuid.map_err(|error| format!("its {UUID_FIELD} cannot be used: {error}"))
}

/// Every client with its custom fields, which no list shows: one request for each.
async fn read_clients(services: &Services) -> Done<Vec<Customer>> {
    let mut clients: Vec<Customer> = services.halo.customers().list().try_collect().await?;
    for client in &mut clients {
        *client = services.halo.customers().get(client.id).await?;
    }
    Ok(clients)
}

/// The clients that an organisation may be: the one that it is linked to, else those of exactly its name.
fn candidates(row: &Known, clients: &[Customer]) -> Vec<CustomerId> {
    let is_it = |client: &&Customer| match &row.link {
        Some(link) => client.id.to_string() == *link,
        None => client.name.as_deref() == Some(row.organization.name.as_str()),
    };
    clients.iter().filter(is_it).map(|client| client.id).collect()
}

fn decide(row: &Known, all: &[Known], clients: &[Customer], field: &halo_client::FieldName) -> Decision {
    let uuid = match &row.uuid {
        Ok(uuid) => *uuid,
        Err(why) => return Decision::Left(why.clone()),
    };
    let others = |same: &dyn Fn(&Known) -> bool| {
        let ids = all.iter().filter(|other| same(other)).map(|other| other.organization.id);
        ids.filter(|id| *id != row.organization.id).collect::<Vec<OrganizationId>>()
    };
    let same_uuid = others(&|other| other.uuid == Ok(uuid));
    if !same_uuid.is_empty() {
        return Decision::Left(format!("the organisations {same_uuid:?} have the same UUID"));
    }
    let possible = candidates(row, clients);
    let [client] = possible[..] else {
        return Decision::Left(match (&row.link, possible.len()) {
            (Some(link), _) => format!("HaloPSA has no client {link}, to which it is linked"),
            (None, 0) => "HaloPSA has no client of this name".to_owned(),
            (None, several) => format!("HaloPSA has {several} clients of this name: {possible:?}"),
        });
    };
    // An organisation without a UUID may be the client's, too.
    let rivals = others(&|other| candidates(other, clients).contains(&client));
    if !rivals.is_empty() {
        return Decision::Left(format!(
            "client {client} may be that of the organisations {rivals:?} as well"
        ));
    }
    let held = |shown: &Customer| shown.custom_fields.text(field).map(str::to_owned);
    let holds_it = |shown: &&Customer| held(shown).is_some_and(|text| text.parse() == Ok(uuid));
    if let Some(other) = clients.iter().find(|shown| shown.id != client && holds_it(shown)) {
        return Decision::Left(format!("client {} holds its UUID", other.id));
    }
    match clients.iter().find(|shown| shown.id == client).and_then(held) {
        None => Decision::Write(client, uuid),
        Some(text) if text.parse() == Ok(uuid) => Decision::Same,
        Some(text) => Decision::Left(format!("client {client} holds {text}")),
    }
}

/// A variable of the environment, named where it is missing.
fn variable(name: &str) -> Done<String> {
    env::var(name).map_err(|error| format!("{name}: {error}").into())
}

fn real_services() -> Done<Services> {
    let id = halo_client::ApplicationId::new(variable("HALO_CLIENT_ID")?);
    let secret = halo_client::ClientSecret::new(variable("HALO_CLIENT_SECRET")?);
    let halo = halo_client::Config::new(variable("HALO_URL")?, id, secret);
    let halo = env::var("HALO_TENANT").into_iter().fold(halo, halo_client::Config::tenant);
    let ninja =
        ninja(&variable("NINJA_URL")?, &variable("NINJA_CLIENT_ID")?, variable("NINJA_CLIENT_SECRET")?)?;
    Ok(Services { ninja, halo: halo_client::Client::new(halo)?, link_field: env::var("LINK_FIELD").ok() })
}

/// Nothing is written to NinjaOne: its client is read-only.
fn ninja(url: &str, id: &str, secret: String) -> Done<ninja_client::Client> {
    use ninja_client::{ClientId, ClientSecret, Config, Region};
    let config = Config::new(Region::Us, ClientId::new(id), ClientSecret::new(secret));
    Ok(ninja_client::Client::new(config.base_url(url).read_only())?)
}

fn simulated_services(simulated: &Simulator) -> Done<Services> {
    let at = simulated.addresses();
    let id = halo_client::ApplicationId::new(&at.halo.client_id);
    let secret = halo_client::ClientSecret::new(at.halo.client_secret.as_str());
    let halo = halo_client::Client::new(halo_client::Config::new(&at.halo.url, id, secret))?;
    let ninja = ninja(&at.ninja.url, &at.ninja.client_id, at.ninja.client_secret.clone())?;
    Ok(Services { ninja, halo, link_field: Some(SIMULATED_LINK_FIELD.to_owned()) })
}

/// The simulated NinjaOne has no field for a link; one that takes any text stands for it.
const SIMULATED_LINK_FIELD: &str = "siteContact";

/// What the two organisations of one name have as a UUID: one of them has none, and may be the client all the same.
const OF_TWO_ORGANIZATIONS: [&str; 2] = ["3c6f8a5e-71a9-4f5c-8de0-5b38fa1c7942", ""];

/// Simulations with one case of each kind.
async fn prepared() -> Done<Simulator> {
    let simulated = Simulator::builder().seed(7).start().await?;
    let (ninja, halo) = (simulated.ninja(), simulated.halo());
    let add = |name: &str, uuid: &str| {
        let organization = Entity::Organization(ninja.add_organization(name));
        if !uuid.is_empty() {
            ninja.set_field(organization, UUID_FIELD, uuid);
        }
        organization
    };
    let linked = add("Linked by number", "5e8b0c7a-93c1-4b7e-8f02-7d5a1c3e9b64");
    ninja.set_field(linked, SIMULATED_LINK_FIELD, halo.add_client("Under another name").to_string());
    // By mistake, to the client of another organisation.
    let elsewhere = add("Linked elsewhere", "4d7a9b6f-82b0-4a6d-9ef1-6c490b2d8a53");
    ninja.set_field(elsewhere, SIMULATED_LINK_FIELD, halo.client_id().to_string());
    add("Of two clients", "6f9c1d8b-a4d2-4c8f-9a13-8e6b2d4fac75");
    for name in
        ["Of two clients", "Of two clients", "Of two organisations", "Without a UUID", "Of an old version"]
    {
        halo.add_client(name);
    }
    for uuid in OF_TWO_ORGANIZATIONS {
        add("Of two organisations", uuid);
    }
    add("Only in NinjaOne", "7a0d2e9c-b5e3-4d90-8b24-9f7c3e50bd86");
    add("Contradicted", "8b1e3fad-c6f4-4ea1-9c35-a08d4f61ce97");
    add("Held by another", "2b5e794d-6098-4e4b-9cdf-4a27e90b6831");
    for (name, held) in [
        ("Contradicted", "9c2f40be-d705-4fb2-8d46-b19e5072dfa8"),
        ("Held by another, renamed", "2B5E794D-6098-4E4B-9CDF-4A27E90B6831"),
        ("Held by another", ""),
    ] {
        halo.set_field(Kind::Client, halo.add_client(name), CLIENT_GUID_FIELD, held);
    }
    add("Without a UUID", "");
    add("Of an old version", "1d4f683c-5f87-1d3a-8bce-391fd8fa5720");
    add("Of one name", "af3051cf-e816-4ac3-9e57-c2af6183e0b9");
    halo.add_client("Of one name");
    Ok(simulated)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the link, and by the name; two of them are there in every simulation.
    const ONES_FOR_CERTAIN: [&str; 4] =
        ["Quarry Street Veterinary", "Harbour Dental Laboratory", "Under another name", "Of one name"];

    /// What every client of HaloPSA holds, by its name.
    async fn held(services: &Services) -> Vec<(String, String)> {
        let field = halo_client::FieldName::new(CLIENT_GUID_FIELD).unwrap();
        let clients = read_clients(services).await.unwrap();
        let filled = clients.iter().filter_map(|client| Some((client, client.custom_fields.text(&field)?)));
        filled.map(|(client, text)| (client.name.clone().unwrap_or_default(), text.to_owned())).collect()
    }

    #[tokio::test]
    async fn e6_only_what_is_one_clients_for_certain_is_written_and_nothing_when_dry() {
        let simulated = prepared().await.unwrap();
        let services = simulated_services(&simulated).unwrap();
        let before = held(&services).await;
        sync(&services, false).await.unwrap();
        assert_eq!(held(&services).await, before);
        assert!(simulated.transcript().writes().is_empty());
        for _ in 0..2 {
            sync(&services, true).await.unwrap();
            let now = held(&services).await;
            let new: Vec<_> =
                now.iter().filter(|row| !before.contains(row)).map(|(name, _)| name.as_str()).collect();
            assert_eq!(new, ONES_FOR_CERTAIN);
            assert_eq!(now.len(), before.len() + ONES_FOR_CERTAIN.len(), "{now:?}");
        }
        let writes = simulated.transcript().writes().len();
        assert_eq!(writes, ONES_FOR_CERTAIN.len(), "what is there is not written again");
    }
}
