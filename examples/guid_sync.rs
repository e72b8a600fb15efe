//! Brings the UUIDs of organisations from NinjaOne into HaloPSA: into the client that an organisation is linked to, else into the one client of
//! exactly the same name. What is ambiguous or contradicts is reported and left as it is.
//!
//! `cargo run -p dtc-examples --example guid_sync` runs it against simulations, which it prepares with one case of each kind. It only says what
//! it would write, unless `--write` is given. With `NINJA_URL`, `NINJA_CLIENT_ID`, `NINJA_CLIENT_SECRET`, `HALO_URL`, `HALO_CLIENT_ID` and
//! `HALO_CLIENT_SECRET` it runs against real tenants; `HALO_TENANT` where the host wants one, and `LINK_FIELD` for the custom field of NinjaOne's
//! organisations that holds the number of the client in HaloPSA, if there is one.

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt;

use dtc_naming::OrgUuid;
use futures_util::TryStreamExt as _;
use halo_client::{Customer, CustomerId};
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
struct Wanted {
    organization: Organization,
    uuid: OrgUuid,
    link: Option<String>,
}

/// What is to be done about an organisation.
enum Decision {
    Write(CustomerId),
    Same,
    /// For a person to decide.
    Left(String),
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(client) => write!(f, "goes to client {client}"),
            Self::Same => f.write_str("is there already"),
            Self::Left(why) => write!(f, "left as it is: {why}"),
        }
    }
}

#[tokio::main]
async fn main() -> Done<()> {
    let write = env::args().skip(1).any(|argument| argument == "--write");
    let simulated = match env::var_os("NINJA_URL") {
        Some(_) => None,
        None => Some(prepared().await?),
    };
    let services = match &simulated {
        Some(simulated) => simulated_services(simulated)?,
        None => real_services()?,
    };
    sync(&services, write).await?;
    if let Some(simulated) = simulated {
        simulated.stop().await;
    }
    Ok(())
}

async fn sync(services: &Services, write: bool) -> Done<()> {
    let (wanted, unusable) = read_uuids(services).await?;
    for (name, why) in unusable {
        println!("{name:<28} {why}");
    }
    let clients: Vec<Customer> = services.halo.customers().list().try_collect().await?;
    let field = halo_client::FieldName::new(CLIENT_GUID_FIELD)?;
    let mut decisions = Vec::new();
    for row in &wanted {
        decisions.push(decide(services, &wanted, row, &clients, &field).await?);
    }
    leave_what_meets(&mut decisions);
    let mut written = 0;
    for (row, decision) in wanted.iter().zip(decisions) {
        println!("{:<28} {} {decision}", row.organization.name, row.uuid);
        if let Decision::Write(client) = decision {
            written += 1;
            if write {
                // Read back by the client, which says so when HaloPSA drops it.
                let patch = halo_client::FieldPatch::new().text(&field, row.uuid.to_string());
                services.halo.customers().update(client, &patch).await?;
            }
        }
    }
    let how = if write { "written" } else { "to be written; nothing was, without --write" };
    println!("{written} {how}");
    Ok(())
}

/// Two organisations whose UUIDs would go to one client are left as they are, both.
fn leave_what_meets(decisions: &mut [Decision]) {
    let client = |decision: &Decision| match decision {
        Decision::Write(client) => Some(*client),
        _ => None,
    };
    let all: Vec<CustomerId> = decisions.iter().filter_map(client).collect();
    for decision in decisions {
        let Some(client) = client(decision) else { continue };
        if all.iter().filter(|other| **other == client).count() > 1 {
            *decision =
                Decision::Left(format!("another organisation's UUID would go to client {client} as well"));
        }
    }
}

/// Every organisation's UUID; and the organisations that have none, or none that can be used.
async fn read_uuids(services: &Services) -> Done<(Vec<Wanted>, Vec<(String, String)>)> {
    let field = ninja_client::FieldName::new(UUID_FIELD)?;
    let link = services.link_field.as_deref().map(ninja_client::FieldName::new).transpose()?;
    let organizations: Vec<Organization> = services.ninja.organizations().list().try_collect().await?;
    let (mut wanted, mut unusable) = (Vec::new(), Vec::new());
    for organization in organizations {
        let fields = services.ninja.organizations().custom_fields(organization.id).await?;
        let link = link.as_ref().and_then(|name| Some(fields.get(name)?.to_string()));
        match fields.get(&field).map(|value| value.to_string().parse::<OrgUuid>()) {
            Some(Ok(uuid)) => wanted.push(Wanted { organization, uuid, link }),
            Some(Err(error)) => {
                unusable.push((organization.name, format!("its {UUID_FIELD} is none: {error}")));
            }
            None => unusable.push((organization.name, format!("has no {UUID_FIELD}"))),
        }
    }
    Ok((wanted, unusable))
}

async fn decide(
    services: &Services,
    all: &[Wanted],
    row: &Wanted,
    clients: &[Customer],
    field: &halo_client::FieldName,
) -> Done<Decision> {
    let others = |same: &dyn Fn(&Wanted) -> bool| {
        let ids = all.iter().filter(|other| same(other)).map(|other| other.organization.id);
        ids.filter(|id| *id != row.organization.id).collect::<Vec<OrganizationId>>()
    };
    let same_uuid = others(&|other| other.uuid == row.uuid);
    if !same_uuid.is_empty() {
        return Ok(Decision::Left(format!("the organisations {same_uuid:?} have the same UUID")));
    }
    let candidates: Vec<CustomerId> = match &row.link {
        Some(link) => clients.iter().map(|client| client.id).filter(|id| id.to_string() == *link).collect(),
        None if !others(&|other| other.organization.name == row.organization.name).is_empty() => {
            return Ok(Decision::Left("another organisation has the same name".to_owned()));
        }
        None => {
            let named = |client: &&Customer| client.name.as_deref() == Some(row.organization.name.as_str());
            clients.iter().filter(named).map(|client| client.id).collect()
        }
    };
    let [client] = candidates.as_slice() else {
        let why = match (&row.link, candidates.len()) {
            (Some(link), _) => format!("HaloPSA has no client {link}, to which it is linked"),
            (None, 0) => "HaloPSA has no client of this name".to_owned(),
            (None, several) => format!("HaloPSA has {several} clients of this name: {candidates:?}"),
        };
        return Ok(Decision::Left(why));
    };
    let client = services.halo.customers().get(*client).await?;
    Ok(match client.custom_fields.text(field) {
        None => Decision::Write(client.id),
        Some(text) if text.parse() == Ok(row.uuid) => Decision::Same,
        Some(text) => Decision::Left(format!("client {} holds {text}", client.id)),
    })
}

fn real_services() -> Done<Services> {
    let id = halo_client::ApplicationId::new(env::var("HALO_CLIENT_ID")?);
    let secret = halo_client::ClientSecret::new(env::var("HALO_CLIENT_SECRET")?);
    let halo = halo_client::Config::new(env::var("HALO_URL")?, id, secret);
    let halo = env::var("HALO_TENANT").into_iter().fold(halo, halo_client::Config::tenant);
    let ninja =
        ninja(&env::var("NINJA_URL")?, &env::var("NINJA_CLIENT_ID")?, env::var("NINJA_CLIENT_SECRET")?)?;
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

/// Simulations with one case of each kind.
async fn prepared() -> Done<Simulator> {
    let simulated = Simulator::builder().seed(7).start().await?;
    let (ninja, halo) = (simulated.ninja(), simulated.halo());
    let uuids = BTreeMap::from([
        ("Linked by number", "5e8b0c7a-93c1-4b7e-8f02-7d5a1c3e9b64"),
        ("Linked elsewhere", "4d7a9b6f-82b0-4a6d-9ef1-6c490b2d8a53"),
        ("Of two clients", "6f9c1d8b-a4d2-4c8f-9a13-8e6b2d4fac75"),
        ("Only in NinjaOne", "7a0d2e9c-b5e3-4d90-8b24-9f7c3e50bd86"),
        ("Contradicted", "8b1e3fad-c6f4-4ea1-9c35-a08d4f61ce97"),
        ("Without a UUID", ""),
    ]);
    for (name, uuid) in uuids {
        let organization = Entity::Organization(ninja.add_organization(name));
        if !uuid.is_empty() {
            ninja.set_field(organization, UUID_FIELD, uuid);
        }
        match name {
            "Linked by number" => {
                let client = halo.add_client("Under another name");
                ninja.set_field(organization, SIMULATED_LINK_FIELD, client.to_string());
            }
            // By mistake, to the client of another organisation.
            "Linked elsewhere" => {
                ninja.set_field(organization, SIMULATED_LINK_FIELD, halo.client_id().to_string());
            }
            "Of two clients" => {
                halo.add_client(name);
                halo.add_client(name);
            }
            "Contradicted" => {
                let client = halo.add_client(name);
                halo.set_field(
                    Kind::Client,
                    client,
                    CLIENT_GUID_FIELD,
                    "9c2f40be-d705-4fb2-8d46-b19e5072dfa8",
                );
            }
            _ => {}
        }
    }
    Ok(simulated)
}
